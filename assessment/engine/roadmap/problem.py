"""What there is to plan: the measures that gaps bring in, what waits for what, and what people decided.

Source: questionnaires/roadmap.md, sections 1, 2 and 4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from assessment.engine.scheduling.network import Goal, Network
from assessment.model.decisions import Decisions, PlanLine, Progress
from assessment.model.frames import DROPPED, TASKS
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind


def list_tasks(gaps: pd.DataFrame, resources: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """List the measures that the gaps bring in, a row per house and measure.

    Args:
        gaps: GAPS.
        resources: RESOURCES.
        questionnaire: gives the measures.

    Returns:
        TASKS; a criterion that has come halfway takes half the quarters, rounded up.
    """
    measures = pd.DataFrame(
        [
            {"criterion_id": criterion.criterion_id, **measure.model_dump(include=_MEASURE_FIELDS)}
            for criterion in questionnaire.criteria
            for measure in criterion.measures
        ]
    )
    tasks = gaps.merge(measures, on="criterion_id", validate="many_to_many").merge(
        resources, on=["house_id", "actor"], validate="many_to_one"
    )
    halved = (tasks["quarters"] + 1) // 2
    tasks = tasks.assign(quarters=tasks["quarters"].where(~tasks["halfway"], halved))
    return TASKS.conform(tasks[list(TASKS.columns)])


def link_tasks(
    tasks: pd.DataFrame, questionnaire: Questionnaire, begun: frozenset[int] = frozenset()
) -> Network:
    """Number the tasks by their row and link them.

    A need of a criterion that is not in the plan (it is settled, or was not asked) falls away. What waits for
    a measure that was dropped waits for what that one needed.

    Args:
        tasks: TASKS.
        questionnaire: gives what needs what.
        begun: the tasks that have begun or are done: they wait for nothing any more.
    """
    keys = list(zip(tasks["house_id"], tasks["measure_id"], strict=True))
    links = _Links({key: place for place, key in enumerate(keys)}, questionnaire)
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


_MEASURE_FIELDS = {"measure_id", "actor", "quarters", "days"}


def _measures_before(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """What each measure needs first, within its criterion and through the criteria that this one needs."""
    before: dict[str, list[str]] = {}
    for criterion in questionnaire.criteria:
        earlier = [questionnaire.criterion.get(key) for key in criterion.needs_first]
        ends = [measure_id for needed in earlier if needed for measure_id in needed.last_measures]
        for measure in criterion.measures:
            before[measure.measure_id] = list(measure.needs) or ends
    return before


class _Links:
    """Which tasks need which, by their numbers."""

    def __init__(self, number: Mapping[tuple[str, str], int], questionnaire: Questionnaire) -> None:
        self.number = number
        self.before = _measures_before(questionnaire)
        self.planned = {(house_id, _criterion_of(measure_id)) for house_id, measure_id in number}

    def find_needs(self, house_id: str, measure_id: str) -> Iterator[int]:
        """The tasks that a measure of a house needs first, itself in the plan or dropped."""
        for need in self.before[measure_id]:
            if (house_id, need) in self.number:
                yield self.number[house_id, need]
            elif (house_id, _criterion_of(need)) in self.planned:
                yield from self.find_needs(house_id, need)


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
        kind = questionnaire.criterion[criterion_id].kind
        last = tuple(task for task in own if task not in needed)
        goals.append(Goal(last, kind.plan_weight, kind is Kind.HARD_NORM))
    return tuple(goals)


class Kept(NamedTuple):
    """The tasks that stay in a plan (TASKS), and those that were dropped with their reason (DROPPED)."""

    tasks: pd.DataFrame
    dropped: pd.DataFrame


def set_dropped_aside(tasks: pd.DataFrame, decisions: Decisions) -> Kept:
    """Take the measures that were dropped out of a plan."""
    reasons = [line.dropped if line else "" for line in _find_lines(tasks, decisions)]
    told = tasks.assign(why=reasons)
    gone = told["why"] != ""
    return Kept(TASKS.conform(tasks[~gone]), DROPPED.conform(told.loc[gone, list(DROPPED.columns)]))


def time_tasks(tasks: pd.DataFrame, begin: Quarter, decisions: Decisions) -> pd.DataFrame:
    """Give tasks the time that people gave them; what has begun lasts until now at least.

    Args:
        tasks: TASKS, with the time of the framework.
        begin: the first quarter of the plan.
        decisions: what people decided.

    Returns:
        TASKS.
    """
    now = count_to_now(begin, decisions)
    quarters = [
        int(usual) if line is None else _count_quarters(line, int(usual), begin, now)
        for line, usual in zip(_find_lines(tasks, decisions), tasks["quarters"], strict=True)
    ]
    return TASKS.conform(tasks.assign(quarters=quarters))


def link_decided(
    tasks: pd.DataFrame, questionnaire: Questionnaire, begin: Quarter, decisions: Decisions
) -> Network:
    """Link tasks, with what people pinned, began or finished standing fast, and what they agreed on kept.

    A pin on a quarter that has gone by without a beginning no longer holds. Once the plan itself has begun,
    one more task stands for the quarters that are gone: whatever has not begun waits for it.

    Args:
        tasks: TASKS, timed.
        questionnaire: gives what needs what.
        begin: the first quarter of the plan.
        decisions: what people decided.
    """
    now = count_to_now(begin, decisions)
    lines = dict(enumerate(_find_lines(tasks, decisions)))
    begun = {task: _first(line) - begin for task, line in lines.items() if line and _has_begun(line)}
    pins = {task: line.pinned - begin for task, line in lines.items() if line and line.pinned}
    pins = {task: first for task, first in pins.items() if first >= now and task not in begun}
    agreed = {(each.house_id, each.measure_id): each.first - begin for each in decisions.agreed}
    keys = enumerate(zip(tasks["house_id"], tasks["measure_id"], strict=True))
    kept = {task: agreed[key] for task, key in keys if key in agreed and task not in {*begun, *pins}}
    linked = replace(
        link_tasks(tasks, questionnaire, frozenset(begun)),
        fixed={**pins, **begun},
        begun=frozenset(begun),
        agreed={task: first for task, first in kept.items() if first >= now},
    )
    return _wait_until(linked, now) if now > 0 else linked


def count_to_now(begin: Quarter, decisions: Decisions) -> int:
    """How many quarters of the plan are gone; none before it begins."""
    return 0 if decisions.now is None else max(decisions.now - begin, 0)


def find_progress(tasks: pd.DataFrame, decisions: Decisions) -> list[str]:
    """How far each task has come, in the words of data (`Progress`)."""
    lines = _find_lines(tasks, decisions)
    return [(line.progress if line else Progress.PLANNED).value for line in lines]


def tell_decisions(tasks: pd.DataFrame, begin: Quarter, decisions: Decisions) -> list[str]:
    """Tell of each task what people decided that says when it is; empty where the planner says so."""
    now = begin + count_to_now(begin, decisions)
    return [_tell(line, now) if line else "" for line in _find_lines(tasks, decisions)]


def _tell(line: PlanLine, now: Quarter) -> str:
    match line.progress:
        case Progress.DONE:
            return f"gereed in {Quarter.of(line.done)}" if line.done else ""
        case Progress.BUSY:
            return f"bezig sinds {_first(line)}"
        case _:
            lapsed = line.pinned is not None and line.pinned < now
            return f"was vastgezet op {line.pinned} maar is niet begonnen" if lapsed else ""


def _find_lines(tasks: pd.DataFrame, decisions: Decisions) -> Iterator[PlanLine | None]:
    return map(decisions.line.get, zip(tasks["house_id"], tasks["measure_id"], strict=True))


def _has_begun(line: PlanLine) -> bool:
    return line.progress in {Progress.BUSY, Progress.DONE}


def _first(line: PlanLine) -> Quarter:
    """The quarter in which it began; the one in which it was done where nobody wrote that down."""
    day = line.started or line.done
    assert day is not None  # noqa: S101 - what has begun has one of the two
    return Quarter.of(day)


def _count_quarters(line: PlanLine, usual: int, begin: Quarter, now: int) -> int:
    wanted = line.quarters or usual
    if not _has_begun(line):
        return wanted
    first = _first(line)
    if line.done:
        return Quarter.of(line.done) - first + 1
    return max(wanted, begin + now - first + 1)


def _wait_until(network: Network, now: int) -> Network:
    """Add a task that takes the quarters that are gone, and let all that has not begun wait for it."""
    gone = len(network.durations)
    needs = [
        needs if task in network.begun or task in network.fixed else (*needs, gone)
        for task, needs in enumerate(network.needs)
    ]
    return replace(
        network,
        durations=np.append(network.durations, now),
        needs=(*needs, ()),
        resource=np.append(network.resource, len(network.capacity)),
        capacity=np.append(network.capacity, 1),
        fixed={**network.fixed, gone: 0},
        begun=network.begun | {gone},
    )
