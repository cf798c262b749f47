"""Placing tasks one by one, each as early as there is room: the serial schedule generation scheme.

Gives the exact solver its first schedule, tidies the one that it finds, and tells how far a task can slip.

Source: Kelley, The critical-path method: resources planning and scheduling (1963); Kolisch, Serial and
parallel resource-constrained project scheduling methods revisited, European Journal of Operational Research
90 (1996).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assessment.engine.scheduling.network import Floats, Ints, Network

_FOR_A_PIN = 1000
"""What a fixed task weighs beside its goals in the priority rule: what it needs goes first."""

_FOR_A_HARD_GOAL = 10
"""How many times heavier a hard goal weighs than another in the priority rule."""


def earliest_starts(network: Network) -> Ints:
    """The first period in which each task could start if no capacity were limited."""
    starts = np.zeros(len(network.durations), dtype=np.int64)
    ends = network.durations.tolist()
    for task in network.order:
        starts[task] = network.fixed.get(task, _find_ready(network, ends, task))
        ends[task] += int(starts[task])
    return starts


def place_by_priority(network: Network) -> Ints:
    """A schedule by a priority rule: of the tasks that may start, first the one with most weight behind it.

    Where tasks are fixed it may come too late for one of them; `is_sound` tells.
    """
    behind = weigh_behind(network)
    order = _ready_order(network, behind)
    return _place(network, order)


def place_first(network: Network, tasks: Ints, starts: Ints) -> Ints:
    """Place these tasks, with which come all that they need, as if alone; then the others where room is left.

    Args:
        network: all tasks.
        tasks: the ones to place first.
        starts: when each of those starts; none will start later.
    """
    first = [int(task) for _, task in sorted(zip(starts, tasks, strict=True))]
    others = [task for task in _ready_order(network, weigh_behind(network)) if task not in set(first)]
    return _place(network, [*first, *others])


def place_like(network: Network, wanted: Floats) -> Ints:
    """Place the tasks in the order of their wanted starts, each as early as there is room.

    What is wanted just when people agreed on stays there.
    """
    kept = keep_agreed(network, wanted)
    rank = np.zeros(len(wanted))
    for task in network.order:
        rank[task] = max((wanted[task], *(rank[need] for need in network.needs[task])))
    place = np.empty(len(wanted), dtype=np.int64)
    place[list(network.order)] = np.arange(len(wanted))
    return _place(kept, np.lexsort((place, rank)).tolist())


def keep_agreed(network: Network, starts: Floats | Ints) -> Network:
    """Fix the tasks that start when people agreed."""
    kept = {task: start for task, start in network.agreed.items() if starts[task] == start}
    return replace(network, fixed={**kept, **network.fixed}, begun=frozenset(network.facts))


def shift_left(network: Network, starts: Ints) -> Ints:
    """Start every task as early as the schedule allows, in its order: never later than it was.

    Source: as `shift_right`.
    """
    return _place(network, sorted(range(len(starts)), key=lambda task: (starts[task], task)))


def shift_right(network: Network, starts: Ints) -> Ints:
    """Start every task as late as possible without moving the last period of the schedule.

    Source: Valls, Ballestín and Quintanilla, Justification and RCPSP, European Journal of Operational
    Research 165 (2005).
    """
    ends = starts + network.durations
    end = int(ends.max(initial=0))
    mirrored = replace(
        network,
        needs=network.needed_by,
        fixed={task: int(end - ends[task]) for task in network.fixed},
        begun=frozenset(network.facts),
    )
    return end - shift_left(mirrored, end - ends) - network.durations


def find_cost(network: Network, starts: Ints) -> tuple[int, int]:
    """What a schedule costs: hard goals that finish after the horizon, and Σ weight × finish."""
    ends = starts + network.durations
    finishes = [int(ends[list(goal.last)].max()) for goal in network.goals]
    late = sum(
        goal.hard and finish > network.horizon for goal, finish in zip(network.goals, finishes, strict=True)
    )
    return late, sum(goal.weight * finish for goal, finish in zip(network.goals, finishes, strict=True))


def count_moved(network: Network, starts: Ints) -> int:
    """How many tasks do not start when people agreed."""
    return sum(int(starts[task]) != start for task, start in network.agreed.items())


def is_sound(network: Network, starts: Ints) -> bool:
    """Whether a schedule keeps order and capacity and moves nothing fixed; facts are always in order."""
    ends = starts + network.durations
    in_place = all(starts[task] == start for task, start in network.fixed.items())
    free = np.array([task for task in range(len(starts)) if task not in network.facts], dtype=np.int64)
    waited = all(starts[task] >= ends[need] for task in free for need in network.needs[task])
    started = bool((starts[free] >= 0).all())
    return in_place and waited and started and _fits(network, starts)


def count_used(network: Network, starts: Mapping[int, int], size: int) -> Ints:
    """How much of each capacity (row) these tasks use in each of so many periods (column)."""
    used = np.zeros((len(network.capacity), size), dtype=np.int64)
    for task, start in starts.items():
        used[network.resource[task], max(start, 0) : max(start + network.durations[task], 0)] += 1
    return used


def find_running(network: Network, starts: Ints, period: int) -> NDArray[np.bool_]:
    """Which tasks run in a period."""
    running: NDArray[np.bool_] = (starts <= period) & (period < starts + network.durations)
    return running


def _fits(network: Network, starts: Ints) -> bool:
    size = int((starts + network.durations).max(initial=0))
    everyone = count_used(network, dict(enumerate(starts)), size)
    facts = count_used(network, network.facts, size)
    return bool((everyone <= np.maximum(network.capacity[:, None], facts)).all())


def weigh_behind(network: Network) -> Ints:
    """The weight of every goal that waits for a task, added up along the links."""
    weight = np.zeros(len(network.durations), dtype=np.int64)
    for goal in network.goals:
        weight[list(goal.last)] += goal.weight * (_FOR_A_HARD_GOAL if goal.hard else 1)
    weight[list(network.fixed)] += _FOR_A_PIN
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
    """Place tasks in this order, each in the first periods where what it needs is done and there is room."""
    starts = np.zeros(len(network.durations), dtype=np.int64)
    starts[list(network.fixed)] = list(network.fixed.values())
    ends: list[int] = (starts + network.durations).tolist()
    durations, resource = network.durations.tolist(), network.resource.tolist()
    room = _Room(network, sum(durations) + max((ends[task] for task in network.fixed), default=0) + 1)
    for task in order:
        if task in network.fixed:
            continue
        start = room.take(resource[task], _find_ready(network, ends, task), durations[task])
        starts[task], ends[task] = start, start + durations[task]
    return starts


class _Room:
    """What of each capacity is taken in each period; `full` has a bit for every period without room."""

    def __init__(self, network: Network, size: int) -> None:
        self.capacity = network.capacity.tolist()
        self.used: list[list[int]] = count_used(network, network.fixed, size).tolist()
        self.full = [
            sum(1 << period for period, used in enumerate(row) if used >= most)
            for row, most in zip(self.used, self.capacity, strict=True)
        ]

    def take(self, row: int, ready: int, length: int) -> int:
        """Take the first so many periods with room, from when the task is ready; return the first of them."""
        taken = 0
        for period in range(length):
            taken |= self.full[row] >> (ready + period)
        start = ready + (~taken & (taken + 1)).bit_length() - 1
        for period in range(start, start + length):
            self.used[row][period] += 1
            if self.used[row][period] >= self.capacity[row]:
                self.full[row] |= 1 << period
        return start


def _find_ready(network: Network, ends: Sequence[int], task: int) -> int:
    """The first period in which what a task needs is done; `ends` is the period after each task."""
    return max((0, *(ends[need] for need in network.needs[task])))
