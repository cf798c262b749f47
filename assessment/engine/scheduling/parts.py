"""Parts of a network: what shares nothing, and what hard goals rest on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from assessment.engine.scheduling.network import Goal, Ints, Network


def find_parts(network: Network) -> list[Ints]:
    """Tasks that have to do with each other, each part in order of number.

    A capacity that has room for all its tasks at once ties nothing together. A fact ties nothing that waits
    for it, unless a goal ends with it: it comes with every part that needs it.
    """
    shared = network.facts.keys() - {task for goal in network.goals for task in goal.last}
    leader = list(range(len(network.durations)))
    for task, tied in _find_ties(network, shared):
        leader[_follow(leader, task)] = _follow(leader, tied)
    leaders = np.array([_follow(leader, task) for task in range(len(leader))], dtype=np.int64)
    parts = (np.flatnonzero(leaders == each) for each in dict.fromkeys(leaders.tolist()))
    return [_take_along(network, part, shared) for part in parts]


def take_part(network: Network, tasks: Ints) -> Network:
    """The network of these tasks and what they draw on, renumbered; with each task come all that it needs."""
    drawn, resource = np.unique(network.resource[tasks], return_inverse=True)
    place = {int(task): number for number, task in enumerate(tasks)}

    def renumber(starts: Mapping[int, int]) -> dict[int, int]:
        return {place[task]: start for task, start in starts.items() if task in place}

    return replace(
        network,
        durations=network.durations[tasks],
        needs=tuple(tuple(place[need] for need in network.needs[task]) for task in tasks),
        resource=resource,
        capacity=network.capacity[drawn],
        goals=tuple(
            Goal(tuple(place[task] for task in goal.last), goal.weight, goal.hard)
            for goal in network.goals
            if goal.last[0] in place
        ),
        fixed=renumber(network.fixed),
        begun=frozenset(renumber(network.facts)),
        agreed=renumber(network.agreed),
    )


def find_behind(network: Network, tasks: Iterable[int]) -> Ints:
    """These tasks and all that they need, in order of number."""
    wanted = set(tasks)
    for task in reversed(network.order):
        if task in wanted:
            wanted.update(network.needs[task])
    return np.array(sorted(wanted), dtype=np.int64)


def keep_hard(network: Network) -> Network:
    """The same tasks with only the hard goals."""
    return replace(network, goals=tuple(goal for goal in network.goals if goal.hard))


def _take_along(network: Network, part: Ints, shared: Collection[int]) -> Ints:
    needed = [need for task in part for need in network.needs[task] if need in shared]
    return np.union1d(part, np.array(needed, dtype=np.int64))


def _find_ties(network: Network, shared: Collection[int]) -> Iterable[tuple[int, int]]:
    for task, needs in enumerate(network.needs):
        yield from ((task, need) for need in needs if need not in shared)
    for goal in network.goals:
        yield from ((goal.last[0], task) for task in goal.last[1:])
    for resource, capacity in enumerate(network.capacity):
        drawing = np.flatnonzero(network.resource == resource)
        if len(drawing) > capacity:
            yield from ((int(drawing[0]), int(task)) for task in drawing[1:])


def _follow(leader: list[int], task: int) -> int:
    while leader[task] != task:
        leader[task] = leader[leader[task]]
        task = leader[task]
    return task
