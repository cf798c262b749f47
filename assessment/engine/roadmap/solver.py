"""The best plan, exactly: the model of `model`, over as many quarters as it takes.

Source: questionnaires/roadmap.md, section 2.
"""

from dataclasses import replace

import numpy as np

from assessment.engine.roadmap.model import Model, Solution
from assessment.engine.roadmap.network import Goal, Ints, Network
from assessment.engine.roadmap.schedule import (
    is_sound,
    place_by_priority,
    shift_left,
    weigh_behind,
)
from assessment.errors import NoPlanError
from assessment.model.plan import HORIZON

_EXTRA_QUARTERS = 2


def solve(network: Network) -> Solution:
    """Find the best plan.

    That has the fewest hard norms after the horizon, then the smallest weighted finish, then the fewest tasks
    elsewhere than agreed. Ends, because with as many quarters as all tasks take together there is room to
    start every one of them. The same network gives the same plan: one thread, no time limit, every task as
    early as the plan allows.

    Raises:
        NoPlanError: what is fixed leaves no plan (see `is_feasible`).
        KaderscanError: the solver gave up, which it never should.
    """
    if len(network.quarters) == 0:
        return Solution(network.quarters, 0.0)
    joined = _join_ends(network)
    first_plan = place_by_priority(joined)
    agreed = max((start + joined.quarters[task] for task, start in joined.agreed.items()), default=0)
    quarters = max(HORIZON, agreed, int((first_plan + joined.quarters).max()) + _EXTRA_QUARTERS)
    counts = weigh_behind(joined) > 0
    while True:
        starts, gap = Model(joined, quarters).solve(first_plan)
        if (starts + joined.quarters <= quarters)[counts].all():
            return Solution(_tidy(network, starts[: len(network.quarters)]), gap)
        quarters += HORIZON


def is_feasible(network: Network) -> bool:
    """Whether there is a plan at all: whether what is fixed can go together, with what it needs in time."""
    if len(network.quarters) == 0 or is_sound(network, place_by_priority(network)):
        return True
    quarters = max(int(start + network.quarters[task]) for task, start in network.fixed.items())
    try:
        Model(replace(network, goals=(), agreed={}), quarters).solve()
    except NoPlanError:
        return False
    return True


def _tidy(network: Network, starts: Ints) -> Ints:
    """Every task as early as the plan allows, except what stands where people agreed on."""
    kept = {task: start for task, start in network.agreed.items() if starts[task] == start}
    return shift_left(
        replace(network, fixed={**kept, **network.fixed}, begun=frozenset(network.facts)), starts
    )


def find_cost(network: Network, starts: Ints) -> tuple[int, int]:
    """What a plan costs: hard norms that finish after the horizon, and Σ weight × finish quarter."""
    finishes = [int((starts + network.quarters)[list(goal.last)].max()) for goal in network.goals]
    late = sum(goal.hard and finish > HORIZON for goal, finish in zip(network.goals, finishes, strict=True))
    return late, sum(goal.weight * finish for goal, finish in zip(network.goals, finishes, strict=True))


def count_moved(network: Network, starts: Ints) -> int:
    """How many tasks do not start when people agreed."""
    return sum(int(starts[task]) != start for task, start in network.agreed.items())


def _join_ends(network: Network) -> Network:
    """Give a goal that ends in several tasks one last task, of no time and on nobody's capacity."""
    several = list(dict.fromkeys(goal.last for goal in network.goals if len(goal.last) > 1))
    size = len(network.quarters)
    joins = {last: size + place for place, last in enumerate(several)}
    return replace(
        network,
        quarters=np.concatenate([network.quarters, np.zeros(len(several), dtype=np.int64)]),
        needs=(*network.needs, *several),
        resource=np.concatenate([network.resource, np.full(len(several), len(network.capacity))]),
        capacity=np.append(network.capacity, len(several)),
        goals=tuple(
            Goal((joins[goal.last],), goal.weight, goal.hard) if goal.last in joins else goal
            for goal in network.goals
        ),
    )
