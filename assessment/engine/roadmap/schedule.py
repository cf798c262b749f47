"""Placing tasks one by one: what a careful planner does by hand.

Gives the exact solver its first plan, tidies the plan that it finds, and tells how far a task can slip.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from assessment.engine.roadmap.tasks import Network

Ints = NDArray[np.int64]


def earliest_starts(network: Network) -> Ints:
    """The first quarter in which each task could start if nobody's capacity were limited."""
    starts = np.zeros(len(network.quarters), dtype=np.int64)
    for task in network.order:
        starts[task] = max((starts[need] + network.quarters[need] for need in network.needs[task]), default=0)
    return starts


def place_by_priority(network: Network) -> Ints:
    """A plan by a priority rule: of the tasks that may start, first the one with most weight behind it."""
    behind = _weight_behind(network)
    order = _ready_order(network, behind)
    return _place(network, order)


def shift_left(network: Network, starts: Ints) -> Ints:
    """Start every task as early as the plan allows, in the order of the plan: never later than it was."""
    return _place(network, sorted(range(len(starts)), key=lambda task: (starts[task], task)))


def shift_right(network: Network, starts: Ints) -> Ints:
    """Start every task as late as possible without moving the last quarter of the plan."""
    end = int((starts + network.quarters).max(initial=0))
    mirrored = Network(network.quarters, network.needed_by, network.resource, network.capacity, network.goals)
    return end - shift_left(mirrored, end - starts - network.quarters) - network.quarters


def _weight_behind(network: Network) -> Ints:
    """The weight of every goal that waits for a task, added up along the links."""
    weight = np.zeros(len(network.quarters), dtype=np.int64)
    for goal in network.goals:
        weight[list(goal.last)] += goal.weight * (10 if goal.hard else 1)
    for task in reversed(network.order):
        weight[task] += sum(weight[waiting] for waiting in network.needed_by[task])
    return weight


def _ready_order(network: Network, behind: Ints) -> list[int]:
    waits_for = [len(needs) for needs in network.needs]
    ready = {task for task, count in enumerate(waits_for) if count == 0}
    order: list[int] = []
    while ready:
        task = max(ready, key=lambda candidate: (behind[candidate], -candidate))
        ready.remove(task)
        order.append(task)
        for waiting in network.needed_by[task]:
            waits_for[waiting] -= 1
            if waits_for[waiting] == 0:
                ready.add(waiting)
    return order


def _place(network: Network, order: Iterable[int]) -> Ints:
    """Place tasks in this order, each in the first quarters where what it needs is done and there is room."""
    starts = np.zeros(len(network.quarters), dtype=np.int64)
    used = np.zeros((len(network.capacity), int(network.quarters.sum()) + 1), dtype=np.int64)
    for task in order:
        start = max((starts[need] + network.quarters[need] for need in network.needs[task]), default=0)
        row, length = network.resource[task], network.quarters[task]
        while (used[row, start : start + length] >= network.capacity[row]).any():
            start += 1
        starts[task] = start
        used[row, start : start + length] += 1
    return starts
