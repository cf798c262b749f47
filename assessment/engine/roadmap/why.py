"""Why each task of a plan starts when it does: the one answer that the plan, its chain and estimate read.

Source: questionnaires/roadmap.md, section 3.
"""

from typing import NamedTuple

import numpy as np

from assessment.engine.roadmap.problem import Problem
from assessment.engine.scheduling.network import Ints, Network
from assessment.engine.scheduling.schedule import find_running
from assessment.model.plan import Why


class Reason(NamedTuple):
    """Why a task starts when it does, and the tasks that end right before it and were in its way."""

    why: Why
    blockers: tuple[int, ...] = ()


def find_reasons(problem: Problem, starts: Ints) -> tuple[Reason, ...]:
    """Find for every measure, in order, why it does not start earlier.

    Args:
        problem: what was planned.
        starts: the plan, every task as early as it allows.
    """
    return tuple(_find_reason(problem, starts, task) for task in range(len(problem.tasks)))


def _find_reason(problem: Problem, starts: Ints, task: int) -> Reason:
    """The first rule that holds, in the order of questionnaires/roadmap.md."""
    network, start = problem.network, starts[task]
    if task in network.fixed:
        return Reason(Why.BEGUN if task in network.begun else Why.PINNED)
    ended = starts + network.durations == start
    needed = tuple(need for need in network.needs[task] if ended[need])
    if start == 0 or any(need >= len(problem.tasks) for need in needed):
        return Reason(Why.AT_ONCE)
    if needed:
        return Reason(Why.WAITS, needed)
    if _is_full(network, starts, task):
        same = ended & (network.resource == network.resource[task])
        return Reason(Why.CAPACITY, tuple(np.flatnonzero(same).tolist()))
    return Reason(Why.AGREED)


def _is_full(network: Network, starts: Ints, task: int) -> bool:
    """Whether others take every place of its actor in the quarter before a task starts."""
    resource = network.resource[task]
    running = find_running(network, starts, starts[task] - 1) & (network.resource == resource)
    return int(running.sum()) >= int(network.capacity[resource])
