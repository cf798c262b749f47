"""What people decided, put on the tasks of a plan: what falls out, how long it takes, what stands fast.

Source: questionnaires/roadmap.md, section 2.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from assessment.engine.roadmap.network import Network
from assessment.engine.roadmap.tasks import link_tasks
from assessment.model.frames import DROPPED, TASKS
from assessment.model.plan import Quarter
from assessment.model.plan_line import Decisions, PlanLine, Progress
from assessment.model.questionnaire import Questionnaire


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
    gone = len(network.quarters)
    needs = [
        needs if task in network.begun or task in network.fixed else (*needs, gone)
        for task, needs in enumerate(network.needs)
    ]
    return replace(
        network,
        quarters=np.append(network.quarters, now),
        needs=(*needs, ()),
        resource=np.append(network.resource, len(network.capacity)),
        capacity=np.append(network.capacity, 1),
        fixed={**network.fixed, gone: 0},
        begun=network.begun | {gone},
    )
