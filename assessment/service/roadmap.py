"""Use case: plan the way of houses to the kader, and what that does to their scores."""

import os
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from assessment.engine.gaps import find_gaps
from assessment.engine.projection import count_phases, project_scores
from assessment.engine.roadmap.chain import find_critical_chain, find_hold_ups, relink
from assessment.engine.roadmap.network import Network
from assessment.engine.roadmap.plan import (
    Planned,
    count_quarters,
    find_finishes,
    join_plans,
    plan_quarters,
    split_houses,
)
from assessment.engine.roadmap.simulation import estimate, simulate
from assessment.engine.totals import score_quarters
from assessment.errors import PlanError
from assessment.model.access import Task, Visitor
from assessment.model.frames import RESOURCES
from assessment.model.plan import Quarter
from assessment.model.register import House
from assessment.model.scale import Actor
from assessment.service.access import require_of
from assessment.service.standing import Standing, select_houses

_RUNS, _SEED = 2000, 2013
"""How often a plan is played through to estimate its end; the seed keeps an estimate the same."""
_SHARED_IN_UNIT = {Actor.UNIT, Actor.DISTRICT, Actor.PROSECUTION}


@dataclass(frozen=True)
class Roadmap:
    """The plan of houses that share capacity; quarters count from `begin`, which is 0.

    `measures` is ROADMAP, `gaps` is GAPS, `gap` how far the plan may be from the best (0: it is the best).
    """

    standing: Standing
    begin: Quarter
    capacity: Mapping[Actor, int]
    gaps: pd.DataFrame
    measures: pd.DataFrame
    gap: float

    @property
    def status(self) -> str:
        """Whether the plan is proven to be the best there is."""
        return "optimal" if self.gap == 0 else "feasible"

    @cached_property
    def finishes(self) -> pd.DataFrame:
        """The last quarter of each criterion in the plan: house_id, criterion_id, last."""
        return find_finishes(self.measures)

    @cached_property
    def quarters(self) -> int:
        """How many quarters to show: the horizon, or what the plan takes beyond it."""
        return count_quarters(self.measures)

    @cached_property
    def conformity(self) -> pd.DataFrame:
        """PROJECTED_SCORES: the houses at the end of each quarter; -1 is before the plan begins."""
        standing = self.standing
        grids = {
            quarter: project_scores(standing.grid, self.finishes, quarter, standing.questionnaire)
            for quarter in range(-1, self.quarters)
        }
        return score_quarters(grids, standing.answered, standing.questionnaire)

    @cached_property
    def phases(self) -> pd.DataFrame:
        """PHASE_COUNTS: how many houses are in which phase after each quarter."""
        return count_phases(self.conformity)

    @cached_property
    def network(self) -> Network:
        """The measures by their row, linked: what waits for what, on whose capacity each draws."""
        resources = share_capacity(self.standing.houses, self.capacity)
        return relink(self.measures, resources, self.standing.questionnaire)

    @cached_property
    def chain(self) -> pd.DataFrame:
        """CHAIN: what leads to the last hard norm."""
        return find_critical_chain(self.measures, self.network)

    @cached_property
    def hold_ups(self) -> pd.DataFrame:
        """HOLD_UPS: the criteria that are finished after the horizon, and why."""
        return find_hold_ups(self.measures, self.network)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """ESTIMATES: when what matters is there with 50 % and with 80 % probability."""
        ends = simulate(self.network, self.measures["first"].to_numpy(), _RUNS, _SEED)
        return estimate(self.measures, ends, self.standing.questionnaire)


def plan_houses(
    standing: Standing, house_ids: Collection[str], capacity: Mapping[Actor, int] | None = None
) -> Roadmap:
    """Plan houses from the quarter after their round closes, with the capacity that they share.

    Args:
        standing: where the houses stand.
        house_ids: the houses to plan, together.
        capacity: how many measures an actor carries at once, where it differs from the default.

    Raises:
        UnknownHouseError, UnknownRoundError, NoAnswersError: a house cannot be planned.
        NotAllowedError: the visitor may not see the plan of a house.
        PlanError: a capacity below 1.
    """
    wanted = {actor: actor.capacity for actor in Actor} | dict(capacity or {})
    _refuse_no_capacity(wanted)
    chosen = select_houses(standing, house_ids)
    require_plan(chosen, chosen.visitor)
    gaps = find_gaps(chosen.criteria)
    begin = Quarter.of(chosen.round.closes) + 1
    planned = _plan_side_by_side(gaps, share_capacity(chosen.houses, wanted), begin, chosen)
    return Roadmap(chosen, begin, wanted, gaps, planned.roadmap, planned.gap)


def _plan_side_by_side(
    gaps: pd.DataFrame, resources: pd.DataFrame, begin: Quarter, standing: Standing
) -> Planned:
    """Plan each group of houses that share capacity by itself, as many at once as there are cores."""

    def plan(house_ids: frozenset[str]) -> Planned:
        own = resources[resources["house_id"].isin(house_ids)]
        return plan_quarters(gaps[gaps["house_id"].isin(house_ids)], own, begin, standing.questionnaire)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        plans = list(pool.map(plan, split_houses(resources)))
    return join_plans(plans, standing.grid.house_ids)


def require_plan(standing: Standing, visitor: Visitor) -> None:
    """Go on only when a visitor may see the plan of each house in a standing.

    Raises:
        NotAllowedError: the visitor may not.
    """
    for house in standing.houses:
        require_of(visitor, Task.SEE_PLAN, house, standing.perspective)


def _refuse_no_capacity(capacity: Mapping[Actor, int]) -> None:
    without = [f"{actor.value}={number}" for actor, number in capacity.items() if number < 1]
    if without:
        raise PlanError(f"Capaciteit moet ten minste 1 zijn: {', '.join(without)}.")


def share_capacity(houses: tuple[House, ...], capacity: Mapping[Actor, int]) -> pd.DataFrame:
    """RESOURCES of houses: on whose capacity each actor draws, by what the register knows.

    It knows the police unit of a house, and neither its district nor its municipalities. So the unit, its
    districts together and the OM have one capacity for all houses of the unit; every other actor has its own
    for each house. Where one municipality serves two houses that is more than it has, and where each
    house has a district of its own it is less.

    Source: questionnaires/roadmap.md, section 2.
    """
    rows = [
        (house.house_id, actor.value, f"{actor.value} {_whose(actor, house)}", capacity[actor])
        for house in houses
        for actor in Actor
    ]
    return RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))


def _whose(actor: Actor, house: House) -> str:
    return house.unit_id if actor in _SHARED_IN_UNIT else house.house_id
