"""What there is to plan: the measures that gaps bring in, what waits for what, and what people decided.

Source: questionnaires/roadmap.md, sections 1, 2 and 4.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from assessment.engine.scheduling.network import Goal, Ints, Network
from assessment.model.decisions import NOTHING_DECIDED, Decisions, PlanLine, Progress
from assessment.model.frames import DROPPED, SETTLED, TASKS
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind

Key = tuple[str, str]
"""A measure of a house: house_id and measure_id."""
Lines = tuple[PlanLine | None, ...]
"""What was decided about each task, in order; None where nothing was."""

_MEASURE_FIELDS = ["measure_id", "actor", "quarters", "days"]


@dataclass(frozen=True)
class Problem:
    """What there is to plan, built once by `build_problem`; all that plans and explains takes it as it is.

    `tasks` is TASKS, with the time that people gave them; `dropped` is DROPPED, `settled` SETTLED. `network`
    numbers the tasks by their row; once the plan has begun, one more task stands for the quarters that are
    gone. `usual` is how many quarters each task takes where nobody decided. `resources` is RESOURCES.
    """

    tasks: pd.DataFrame
    dropped: pd.DataFrame
    settled: pd.DataFrame
    network: Network
    usual: Ints
    resources: pd.DataFrame
    begin: Quarter
    questionnaire: Questionnaire
    decisions: Decisions

    @cached_property
    def number(self) -> Mapping[Key, int]:
        """The task of each measure."""
        return {key: task for task, key in enumerate(_list_keys(self.tasks))}

    @cached_property
    def lines(self) -> Lines:
        """What was decided about each task."""
        return _find_lines(self.tasks, self.decisions)

    @property
    def progress(self) -> list[Progress]:
        """How far each task has come."""
        return [line.progress if line else Progress.PLANNED for line in self.lines]

    @property
    def lapsed(self) -> list[Quarter | None]:
        """The quarter on which each task was pinned, where that has gone by without a beginning."""
        return [
            line.pinned if line and _has_lapsed(line, self.begin + self.now) else None for line in self.lines
        ]

    @property
    def now(self) -> int:
        """How many quarters of the plan are gone; 0 before it begins."""
        return _count_to_now(self.begin, self.decisions)


def build_problem(
    work: pd.DataFrame,
    resources: pd.DataFrame,
    begin: Quarter,
    questionnaire: Questionnaire,
    decisions: Decisions = NOTHING_DECIDED,
) -> Problem:
    """Build what there is to plan.

    Args:
        work: WORK, of one house or more.
        resources: RESOURCES of those houses; every capacity at least 1.
        begin: the first quarter of the plan.
        questionnaire: gives measures and dependencies.
        decisions: what people decided, which goes before what would be best.
    """
    described = _describe_measures(work, questionnaire)
    settled = described["settled"]
    usual = _set_dropped_aside(_list_tasks(described[~settled], resources), decisions)
    quarters = _count_quarters(usual.tasks, begin, decisions)
    kept = usual._replace(tasks=TASKS.conform(usual.tasks.assign(quarters=quarters)))
    return Problem(
        **kept._asdict(),
        settled=SETTLED.conform(described.loc[settled, list(SETTLED.columns)]),
        network=_link(kept, begin, questionnaire, decisions),
        usual=usual.tasks["quarters"].to_numpy(),
        resources=resources,
        begin=begin,
        questionnaire=questionnaire,
        decisions=decisions,
    )


def _describe_measures(work: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """WORK, with who is up for each measure and how long it takes."""
    measures = [measure.model_dump(include={*_MEASURE_FIELDS}) for measure in questionnaire.measure.values()]
    described = pd.DataFrame(measures, columns=_MEASURE_FIELDS)
    return work.merge(described, on="measure_id", validate="many_to_one")


def _list_tasks(work: pd.DataFrame, resources: pd.DataFrame) -> pd.DataFrame:
    """TASKS that are to be planned; what has come halfway takes half the quarters, rounded up."""
    tasks = work.merge(resources, on=["house_id", "actor"], validate="many_to_one")
    halved = (tasks["quarters"] + 1) // 2
    tasks = tasks.assign(quarters=tasks["quarters"].where(~tasks["halfway"], halved))
    return TASKS.conform(tasks[list(TASKS.columns)])


class _Kept(NamedTuple):
    """The tasks that stay in a plan (TASKS), and those that were dropped with their reason (DROPPED)."""

    tasks: pd.DataFrame
    dropped: pd.DataFrame


def _set_dropped_aside(tasks: pd.DataFrame, decisions: Decisions) -> _Kept:
    reasons = [line.dropped if line else "" for line in _find_lines(tasks, decisions)]
    told = tasks.assign(why=reasons)
    gone = told["why"] != ""
    return _Kept(TASKS.conform(tasks[~gone]), DROPPED.conform(told.loc[gone, list(DROPPED.columns)]))


def _count_quarters(tasks: pd.DataFrame, begin: Quarter, decisions: Decisions) -> list[int]:
    """The quarters that people gave each task; what has begun lasts until now at least."""
    now = begin + _count_to_now(begin, decisions)
    return [
        int(usual) if line is None else _count_decided(line, int(usual), now)
        for line, usual in zip(_find_lines(tasks, decisions), tasks["quarters"], strict=True)
    ]


def _count_decided(line: PlanLine, usual: int, now: Quarter) -> int:
    wanted = line.quarters or usual
    if not _has_begun(line):
        return wanted
    if line.done:
        return Quarter.of(line.done) - _find_first(line) + 1
    return max(wanted, now - _find_first(line) + 1)


def _link(kept: _Kept, begin: Quarter, questionnaire: Questionnaire, decisions: Decisions) -> Network:
    """Link tasks, with what people pinned, began or finished standing fast, and what they agreed on kept.

    A pin on a quarter that has gone by without a beginning no longer holds.
    """
    tasks, now = kept.tasks, _count_to_now(begin, decisions)
    decided = [(task, line) for task, line in enumerate(_find_lines(tasks, decisions)) if line]
    begun = {task: _find_first(line) - begin for task, line in decided if _has_begun(line)}
    pins = {task: line.pinned - begin for task, line in decided if line.pinned and task not in begun}
    fixed = {task: first for task, first in pins.items() if first >= now} | begun
    agreed = {(each.house_id, each.measure_id): each.first - begin for each in decisions.agreed}
    wanted = {task: agreed[key] for task, key in enumerate(_list_keys(tasks)) if key in agreed}
    linked = replace(
        _link_needs(kept, questionnaire, frozenset(begun)),
        fixed=fixed,
        begun=frozenset(begun),
        agreed={task: first for task, first in wanted.items() if first >= now and task not in fixed},
    )
    return _wait_until(linked, now) if now > 0 else linked


def _link_needs(kept: _Kept, questionnaire: Questionnaire, begun: frozenset[int]) -> Network:
    """Number the tasks by their row and link them; those that have begun wait for nothing any more."""
    tasks, keys = kept.tasks, _list_keys(kept.tasks)
    links = _Links(keys, _list_keys(kept.dropped), questionnaire)
    needs = tuple(
        () if task in begun else tuple(dict.fromkeys(links.find_needs(*key))) for task, key in enumerate(keys)
    )
    resource, _ = pd.factorize(tasks["resource"])
    return Network(
        durations=tasks["quarters"].to_numpy(),
        needs=needs,
        resource=np.asarray(resource, dtype=np.int64),
        capacity=tasks.drop_duplicates("resource")["capacity"].to_numpy(),
        goals=_find_goals(tasks, needs, questionnaire),
        horizon=HORIZON,
    )


class _Links:
    """Which tasks need which, by their numbers.

    A need of what is not in the plan (it is settled, or was not asked) falls away. What waits for a measure
    that was dropped waits for what that one needed; a criterion that was dropped whole holds nothing up.
    """

    def __init__(self, planned: Sequence[Key], dropped: Iterable[Key], questionnaire: Questionnaire) -> None:
        self.number = {key: task for task, key in enumerate(planned)}
        self.open = {*planned, *dropped}
        self.planned = {(house_id, _criterion_of(measure_id)) for house_id, measure_id in planned}
        self.questionnaire = questionnaire

    def find_needs(self, house_id: str, measure_id: str) -> Iterator[int]:
        """The tasks that a measure of a house needs first, itself in the plan or dropped."""
        for need in self._list_before(house_id, measure_id):
            if (house_id, need) in self.number:
                yield self.number[house_id, need]
            else:
                yield from self.find_needs(house_id, need)

    def _list_before(self, house_id: str, measure_id: str) -> list[str]:
        """What a measure waits for in its criterion; its first ones wait for what the criterion needs."""
        criterion = self.questionnaire.criterion[_criterion_of(measure_id)]
        needs = self.questionnaire.measure[measure_id].needs
        own = [need for need in needs if (house_id, need) in self.open]
        if own or criterion.is_law(self.questionnaire.rules):
            return own
        return [
            end
            for criterion_id in criterion.needs_first
            if (house_id, criterion_id) in self.planned
            for end in self._find_ends(house_id, criterion_id)
        ]

    def _find_ends(self, house_id: str, criterion_id: str) -> list[str]:
        """The measures of a criterion that none of its others wait for, of those that are open."""
        measures = self.questionnaire.criterion[criterion_id].measures
        still = [measure for measure in measures if (house_id, measure.measure_id) in self.open]
        needed = {need for measure in still for need in measure.needs}
        return [measure.measure_id for measure in still if measure.measure_id not in needed]


def _criterion_of(measure_id: str) -> str:
    return measure_id.partition(".")[0]


def _find_goals(
    tasks: pd.DataFrame, needs: Sequence[tuple[int, ...]], questionnaire: Questionnaire
) -> tuple[Goal, ...]:
    """A goal per house and criterion; its last tasks are those that no other task of it waits for."""
    pairs = list(zip(tasks["house_id"], tasks["criterion_id"], strict=True))
    members: dict[tuple[str, str], list[int]] = {}
    for task, pair in enumerate(pairs):
        members.setdefault(pair, []).append(task)
    goals = []
    for (_, criterion_id), own in members.items():
        needed = {need for task in own for need in needs[task]}
        criterion = questionnaire.criterion[criterion_id]
        last = tuple(task for task in own if task not in needed)
        weight = criterion.plan_weight(questionnaire.rules)
        goals.append(Goal(last, weight, criterion.kind is Kind.HARD_NORM))
    return tuple(goals)


def _wait_until(network: Network, now: int) -> Network:
    """Add a task that takes the quarters that are gone, and let all that has not begun wait for it."""
    gone = len(network.durations)
    needs = [needs if task in network.begun else (*needs, gone) for task, needs in enumerate(network.needs)]
    return replace(
        network,
        durations=np.append(network.durations, now),
        needs=(*needs, ()),
        resource=np.append(network.resource, len(network.capacity)),
        capacity=np.append(network.capacity, 1),
        fixed={**network.fixed, gone: 0},
        begun=network.begun | {gone},
    )


def _count_to_now(begin: Quarter, decisions: Decisions) -> int:
    return 0 if decisions.now is None else max(decisions.now - begin, 0)


def _list_keys(tasks: pd.DataFrame) -> list[Key]:
    return list(zip(tasks["house_id"], tasks["measure_id"], strict=True))


def _find_lines(tasks: pd.DataFrame, decisions: Decisions) -> Lines:
    return tuple(map(decisions.line.get, _list_keys(tasks)))


def _has_begun(line: PlanLine) -> bool:
    return line.progress in {Progress.BUSY, Progress.DONE}


def _has_lapsed(line: PlanLine, now: Quarter) -> bool:
    return line.progress is Progress.PLANNED and line.pinned is not None and line.pinned < now


def _find_first(line: PlanLine) -> Quarter:
    """The quarter in which work began; the one in which it was done where nobody wrote that down."""
    day = line.started or line.done
    assert day is not None  # noqa: S101 - what has begun has one of the two
    return Quarter.of(day)
