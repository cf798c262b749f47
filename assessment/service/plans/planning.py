"""Use case: plan the way of houses to the kader, and what that does to their scores."""

import os
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from assessment.engine.gaps import find_gaps, find_questions, list_work
from assessment.engine.projection import count_phases, count_sure, project_scores
from assessment.engine.roadmap.chain import find_critical_chain, find_hold_ups, find_waits
from assessment.engine.roadmap.contradictions import find_contradiction, find_holes
from assessment.engine.roadmap.plan import (
    Plan,
    Run,
    count_quarters,
    find_finishes,
    find_steps,
    plan_quarters,
)
from assessment.engine.roadmap.problem import Problem, build_problem
from assessment.engine.roadmap.simulation import estimate, simulate
from assessment.engine.totals import score_quarters
from assessment.errors import PlanError
from assessment.model.decisions import NOTHING_DECIDED, Decisions, find_resource
from assessment.model.frames import ALL_HOUSES, RESOURCES
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register
from assessment.model.scale import Actor, Rules
from assessment.service.plans.capacities import find_capacity
from assessment.service.round_scores import RoundScores, select_houses
from assessment.tables.decisions import describe_contradiction, describe_hole, describe_unfit


class Basis(NamedTuple):
    """What a plan is made of, before anything is planned.

    `gaps` is GAPS, `work` WORK, `resources` RESOURCES; `unknown` is UNKNOWNS, what to find out first.

    `capacity` is what is tried of some actors, in the place of what was set; it is in `resources` already.
    """

    scores: RoundScores
    begin: Quarter
    capacity: Mapping[Actor, int]
    gaps: pd.DataFrame
    work: pd.DataFrame
    unknown: pd.DataFrame
    resources: pd.DataFrame

    def decide(self, decisions: Decisions) -> Problem:
        """What there is to plan, with what people decided about it."""
        return build_problem(self.work, self.resources, self.begin, self.scores.questionnaire, decisions)


def prepare_plan(
    scores: RoundScores,
    house_ids: Collection[str],
    capacity: Mapping[Actor, int] | None = None,
    decisions: Decisions = NOTHING_DECIDED,
) -> Basis:
    """Find what houses have to do, with whose capacity, and from when.

    Args:
        scores: of the houses.
        house_ids: the houses to plan, together.
        capacity: of some actors, in every house, in the place of what was set.
        decisions: which capacities were set; any other is the usual one.

    Raises:
        UnknownHouseError, UnknownRoundError, NoAnswersError: as `plan_houses`.
        PlanError: a capacity that nobody has, 0 for one.
    """
    tried = dict(capacity or {})
    _refuse_unfit(tried)
    chosen = select_houses(scores, house_ids)
    asked = chosen.questionnaire
    gaps = find_gaps(chosen.criteria, asked.rules)
    work = list_work(gaps, chosen.measures, asked, decisions.taken)
    unknown = find_questions(work, chosen.unknown)
    return Basis(
        scores=chosen,
        begin=Quarter.of(chosen.round.closes) + 1,
        capacity=tried,
        gaps=gaps,
        work=work,
        unknown=unknown if asked.rules is Rules.TWO else unknown.head(0),
        resources=share_capacity(chosen.houses, tried, asked, decisions),
    )


def refuse_impossible(problem: Problem, register: Register) -> None:
    """Refuse what people decided where no plan can hold it.

    Raises:
        PlanError: a hand-over would leave a hole, or wishes contradict each other; the smallest set of them.
    """
    if not problem.decisions.lines:
        return
    questionnaire = problem.questionnaire
    holes = find_holes(problem)
    if holes:
        raise PlanError("\n".join(describe_hole(hole, questionnaire) for hole in holes))
    found = find_contradiction(problem)
    if found is not None:
        raise PlanError(describe_contradiction(found, problem.decisions, questionnaire, register))


def _refuse_unfit(capacity: Mapping[Actor, int]) -> None:
    if unfit := describe_unfit(capacity.items()):
        raise PlanError(unfit)


def share_capacity(
    houses: Iterable[House],
    capacity: Mapping[Actor, int],
    asked: Questionnaire,
    decisions: Decisions = NOTHING_DECIDED,
) -> pd.DataFrame:
    """RESOURCES of houses: on whose capacity each actor draws (`find_resource`), and how much that is.

    Args:
        houses: the houses.
        capacity: of some actors, in every house, in the place of what was set.
        asked: says by which rules, and who there is.
        decisions: which capacities were set; any other is the usual one.

    Source: questionnaires/roadmap.md, section 2.
    """
    drawn = [
        (house, actor, find_resource(actor, house, asked.rules)) for house in houses for actor in asked.actors
    ]
    rows = [
        (
            house.house_id,
            actor.value,
            str(resource),
            capacity.get(actor, find_capacity(decisions, resource).number),
        )
        for house, actor, resource in drawn
    ]
    return RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))


RUNS, SEED = 2000, 2013
"""How often a plan is played through to estimate its end; the seed keeps an estimate the same."""


@dataclass(frozen=True)
class Roadmap:
    """The plan of houses that share capacity, with its basis; quarters count from `begin`, which is 0."""

    basis: Basis
    plan: Plan

    @property
    def scores(self) -> RoundScores:
        """Where the houses stand."""
        return self.basis.scores

    @property
    def capacity(self) -> Mapping[Actor, int]:
        """What was tried of some actors, in the place of what was set."""
        return self.basis.capacity

    @property
    def gaps(self) -> pd.DataFrame:
        """GAPS."""
        return self.basis.gaps

    @property
    def work(self) -> pd.DataFrame:
        """WORK."""
        return self.basis.work

    @property
    def begin(self) -> Quarter:
        """The first quarter of the plan."""
        return self.plan.problem.begin

    @property
    def measures(self) -> pd.DataFrame:
        """ROADMAP."""
        return self.plan.roadmap

    @property
    def dropped(self) -> pd.DataFrame:
        """DROPPED."""
        return self.plan.problem.dropped

    @property
    def settled(self) -> pd.DataFrame:
        """SETTLED: what need not be done, because the answers say it is."""
        return self.plan.problem.settled

    @property
    def resources(self) -> pd.DataFrame:
        """RESOURCES, with what was tried in it."""
        return self.plan.problem.resources

    @property
    def decisions(self) -> Decisions:
        """What people decided about these houses."""
        return self.plan.problem.decisions

    @property
    def optimality_gap(self) -> float:
        """How far the plan may be from the best at most; 0: it is the best."""
        return self.plan.optimality_gap

    @property
    def status(self) -> str:
        """Whether the plan is proven to be the best there is."""
        return "optimal" if self.optimality_gap == 0 else "feasible"

    @cached_property
    def steps(self) -> pd.DataFrame:
        """STEPS: what to find out, what to judge again, and what stays open."""
        return find_steps(self.plan, self.basis.unknown)

    @cached_property
    def finishes(self) -> pd.DataFrame:
        """The last quarter of each criterion in the plan: house_id, criterion_id, last."""
        return find_finishes(self.measures, self.dropped)

    @cached_property
    def quarters(self) -> int:
        """How many quarters to show: the horizon, or what the plan takes beyond it."""
        return count_quarters(self.measures)

    @cached_property
    def conformity(self) -> pd.DataFrame:
        """PROJECTED_SCORES: the houses at the end of each quarter; -1 is before the plan begins."""
        scores = self.scores
        grids = {
            quarter: project_scores(scores.grid, self._expected, quarter, scores.questionnaire)
            for quarter in range(-1, self.quarters)
        }
        return score_quarters(grids, scores.answered, scores.questionnaire)

    @property
    def _expected(self) -> pd.DataFrame:
        """When each criterion shows as met: what was done before now does so at its next answer, not yet."""
        return self.finishes.assign(last=self.finishes["last"].clip(lower=self.plan.problem.now))

    @cached_property
    def phases(self) -> pd.DataFrame:
        """PHASE_COUNTS: how many houses are in which phase after each quarter."""
        return count_phases(self.conformity)

    @cached_property
    def sure(self) -> pd.DataFrame:
        """SURE_COUNTS: how many houses work by the kader after each quarter, with 80 % probability."""
        return count_sure(self.conformity, self.estimates)

    @cached_property
    def chain(self) -> pd.DataFrame:
        """CHAIN: what leads to the last hard norm."""
        return find_critical_chain(self.plan)

    @cached_property
    def hold_ups(self) -> pd.DataFrame:
        """HOLD_UPS: the criteria that are finished after the horizon, and why."""
        return find_hold_ups(self.plan)

    @cached_property
    def waits(self) -> pd.DataFrame:
        """WAITS: who waits for whom."""
        return find_waits(self.plan)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """ESTIMATES: when what matters is there with 50 % and with 80 % probability."""
        return estimate(self.plan, simulate(self.plan, RUNS, SEED))


def plan_houses(
    scores: RoundScores,
    house_ids: Collection[str],
    capacity: Mapping[Actor, int] | None = None,
    decisions: Decisions = NOTHING_DECIDED,
    run: Run | None = None,
) -> Roadmap:
    """Plan houses from the quarter after their round closes, with the capacity that they share.

    Args:
        scores: of the houses.
        house_ids: the houses to plan, together.
        capacity: how many measures some actors carry at once, tried in the place of what was set.
        decisions: what people decided and which capacities they set; that goes before what would be best.
        run: calls the planner for each part of the houses; several side by side where none is given.

    Raises:
        UnknownHouseError, UnknownRoundError, NoAnswersError: a house cannot be planned.
        PlanError: a capacity below 1, or what people decided cannot go together.
    """
    basis = prepare_plan(scores, house_ids, capacity, decisions)
    problem = basis.decide(decisions.of_houses(basis.scores.grid.house_ids))
    refuse_impossible(problem, scores.register)
    if run is not None:
        return Roadmap(basis, plan_quarters(problem, run))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return Roadmap(basis, plan_quarters(problem, pool.map))


@dataclass(frozen=True)
class Transition:
    """How houses come to the kader; quarters count from `begin`, which is 0.

    `counts` is PHASE_COUNTS, `sure` SURE_COUNTS, `estimates` ESTIMATES of all houses together.
    """

    begin: Quarter
    houses: int
    counts: pd.DataFrame
    sure: pd.DataFrame
    estimates: pd.DataFrame
    questionnaire: Questionnaire


def find_transition(planned: Roadmap) -> Transition:
    """Take out of the plans of houses what everybody may know who sees groups."""
    estimates = planned.estimates
    together = estimates[estimates["house_id"] == ALL_HOUSES].reset_index(drop=True)
    return Transition(
        begin=planned.begin,
        houses=len(planned.scores.houses),
        counts=planned.phases,
        sure=planned.sure,
        estimates=together,
        questionnaire=planned.scores.questionnaire,
    )
