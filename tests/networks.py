"""Random networks to plan, and every plan that they allow."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from assessment.engine.scheduling.network import Goal, Network
from assessment.model.plan import HORIZON

Starts = NDArray[np.int64]
Place = tuple[int, int]


@st.composite
def networks(draw: st.DrawFn, most: int = 12) -> Network:
    """Networks of at most so many tasks, in which nobody decided anything."""
    size = draw(st.integers(1, most))
    numbers = list(range(size))
    resources = draw(st.integers(1, 3))
    needs = [
        draw(st.lists(st.sampled_from(numbers[:task]), max_size=2, unique=True)) if task else []
        for task in numbers
    ]
    waited_for = {need for each in needs for need in each}
    ends = [[task] for task in numbers if task not in waited_for]
    ends += (
        draw(st.lists(st.lists(st.sampled_from(numbers), min_size=2, max_size=3, unique=True), max_size=2))
        if size > 2
        else []
    )
    return Network(
        durations=np.array(draw(st.lists(st.integers(1, 3), min_size=size, max_size=size))),
        needs=tuple(tuple(each) for each in needs),
        resource=np.array(draw(st.lists(st.integers(0, resources - 1), min_size=size, max_size=size))),
        capacity=np.array(draw(st.lists(st.integers(1, 2), min_size=resources, max_size=resources))),
        goals=tuple(Goal(tuple(end), draw(st.integers(1, 3)), draw(st.booleans())) for end in ends),
        horizon=HORIZON,
    )


@st.composite
def decided_networks(draw: st.DrawFn, most: int = 7) -> Network:
    """Networks in which people fixed, began and agreed on some tasks; perhaps more than can go together."""
    network = draw(networks(most))
    tasks = st.integers(0, len(network.durations) - 1)
    fixed = draw(st.dictionaries(tasks, st.integers(-2, 5), max_size=3))
    begun = frozenset(task for task in fixed if draw(st.booleans()))
    return replace(
        network, fixed=fixed, begun=begun, agreed=draw(st.dictionaries(tasks, st.integers(0, 6), max_size=4))
    )


def all_plans(network: Network, latest: int) -> Iterator[Starts]:
    """Every plan in which what is not fixed ends by a quarter, by trying every start of every task."""
    facts = Counter(place for task in network.facts for place in _places(network, task, network.fixed[task]))
    yield from _extend(network, latest, facts, ())


def _extend(network: Network, latest: int, used: Counter[Place], starts: tuple[int, ...]) -> Iterator[Starts]:
    task = len(starts)
    if task == len(network.durations):
        yield np.array(starts)
        return
    if task in network.facts:
        yield from _extend(network, latest, used, (*starts, network.fixed[task]))
        return
    first = max((0, *(starts[need] + int(network.durations[need]) for need in network.needs[task])))
    last = latest - int(network.durations[task])
    pinned = network.fixed.get(task)
    for start in range(first, last + 1) if pinned is None else [pinned] if pinned >= first else []:
        places = _places(network, task, start)
        if all(used[place] < network.capacity[place[0]] for place in places):
            yield from _extend(network, latest, used + Counter(places), (*starts, start))


def _places(network: Network, task: int, start: int) -> list[Place]:
    """The capacity and the quarters from 0 on that a task takes."""
    resource = int(network.resource[task])
    return [
        (resource, quarter) for quarter in range(start, start + int(network.durations[task])) if quarter >= 0
    ]
