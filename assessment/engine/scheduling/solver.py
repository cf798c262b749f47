"""The best plan, exactly where that can be done in reasonable time, and always with how far it may be off.

What shares nothing is planned apart. Each part has three aims, each within what the one before has found: the
fewest hard norms after the horizon, the smallest weighted finish, the fewest tasks elsewhere than agreed.
A model looks at a limited number of quarters; when its best leaves a task unstarted, it looks further.

Source: questionnaires/roadmap.md, section 2.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from assessment.engine.scheduling.highs import solve_whole
from assessment.engine.scheduling.model import Model, find_windows
from assessment.engine.scheduling.network import Goal, Ints, Network
from assessment.engine.scheduling.parts import find_behind, find_parts, keep_hard, take_part
from assessment.engine.scheduling.schedule import (
    count_moved,
    earliest_starts,
    find_cost,
    is_sound,
    keep_agreed,
    place_by_priority,
    place_first,
    shift_left,
)
from assessment.engine.scheduling.search import Found, Price, find_best
from assessment.errors import NoPlanError
from assessment.model.plan import HORIZON

_EXTRA_QUARTERS = 2

_ROUNDS_FOR_LATE = 20
"""How many branches to look at for the fewest hard norms late: the LP says little of a count, HiGHS more."""


class Solution(NamedTuple):
    """When each task starts (0 is the first quarter), and how far from the best that may be at most.

    `gap` is the largest share of hard norms late, or of weighted finish, that may still be gained;
    `moves_gap` that of moved tasks. Where both are 0 the plan is proven to be the best.
    """

    starts: Ints
    gap: float
    moves_gap: float = 0.0


def solve(network: Network) -> Solution:
    """Find the best plan.

    That has the fewest hard norms after the horizon, then the smallest weighted finish, then the fewest tasks
    elsewhere than agreed. The same network gives the same plan: work is counted, not timed, and every task
    that does not stand where agreed starts as early as the plan allows.

    Raises:
        NoPlanError: what is fixed leaves no plan (see `is_feasible`).
        KaderscanError: the solver gave up, which it never should.
    """
    parts = find_parts(network)
    plans = [_plan_part(take_part(network, tasks)) for tasks in parts]
    starts = np.zeros(len(network.quarters), dtype=np.int64)
    for tasks, plan in zip(parts, plans, strict=True):
        starts[tasks] = plan[-1].starts[: len(tasks)]
    late, finish, moves = (_find_gap([plan[aim] for plan in plans]) for aim in range(3))
    return Solution(shift_left(keep_agreed(network, starts), starts), max(late, finish), moves)


def is_feasible(network: Network) -> bool:
    """Whether there is a plan at all: whether what is fixed can go together, with what it needs in time."""
    try:
        _find_plan(network)
    except NoPlanError:
        return False
    return True


def _find_gap(found: list[Found]) -> float:
    """How far from the best this may be at most, as a share of its cost."""
    cost = sum(each.cost for each in found)
    return (cost - sum(each.bound for each in found)) / abs(cost) if cost else 0.0


def _plan_part(network: Network) -> tuple[Found, Found, Found]:
    """What is found for each aim; the last is the plan."""
    joined = _join_ends(network)
    free = replace(joined, agreed={})
    first = _find_plan(free)
    late = _find_fewest_late(free, first)
    finish = _find_smallest_finish(free, [first, late.starts], late.cost)
    return late, finish, _find_fewest_moves(joined, finish.starts, late.cost, finish.cost)


def _find_plan(network: Network) -> Ints:
    """Some plan: by the priority rule, or, where that comes too late for a pin, with what pins need first.

    Raises:
        NoPlanError: there is none.
    """
    plan = place_by_priority(network)
    if is_sound(network, plan):
        return plan
    tasks = find_behind(network, network.fixed)
    pinned = replace(take_part(replace(network, goals=()), tasks), agreed={})
    model = Model(pinned, find_windows(pinned, _find_end(pinned), in_time=False))
    started = np.round(np.array(solve_whole(model).getSolution().col_value))
    return place_first(network, tasks, model.read_starts(started).astype(np.int64))


def _find_end(network: Network) -> int:
    """How many quarters it takes until the horizon, and until all that is fixed or agreed has ended."""
    placed = (*network.fixed.items(), *network.agreed.items())
    ends = (int(start + network.quarters[task]) for task, start in placed)
    return max((HORIZON, *ends))


def _find_fewest_late(network: Network, first: Ints) -> Found:
    """Plan what hard norms rest on, as if alone; then the rest where room is left."""
    found = Found(first, find_cost(network, first)[0], 0)
    if found.proven:
        return found
    hard_ends = [goal.last[0] for goal in network.goals if goal.hard]
    tasks = find_behind(network, [*hard_ends, *network.fixed])
    hard = keep_hard(take_part(network, tasks))
    model = Model(hard, find_windows(hard, _find_end(hard), in_time=False))
    model.count_late()
    alone = found._replace(starts=first[tasks])
    price = _price(hard, lambda starts: find_cost(hard, starts)[0])
    best = find_best(model, alone, price, _ROUNDS_FOR_LATE)
    return best._replace(starts=place_first(network, tasks, best.starts))


def _find_smallest_finish(network: Network, plans: list[Ints], most_late: int) -> Found:
    """The smallest weighted finish with no more hard norms late; one of the first plans is such."""

    def reckon(starts: Ints) -> int | None:
        late, cost = find_cost(network, starts)
        return cost if late <= most_late else None

    priced = [(cost, plan) for plan in plans if (cost := reckon(plan)) is not None]
    cost, first = min(priced, key=lambda each: each[0])

    def make(quarters: int) -> Model:
        model = Model(network, find_windows(network, quarters, in_time=most_late == 0))
        model.weigh_finishes()
        model.limit_late(most_late)
        return model

    found = Found(first, cost, find_cost(network, earliest_starts(network))[1])
    return _look_further(network, found, make, _price(network, reckon))


def _find_fewest_moves(network: Network, first: Ints, most_late: int, most_finish: int) -> Found:
    """The fewest tasks elsewhere than agreed, with nothing worse."""

    def reckon(starts: Ints) -> int | None:
        late, finish = find_cost(network, starts)
        return count_moved(network, starts) if late <= most_late and finish <= most_finish else None

    def make(quarters: int) -> Model:
        model = Model(network, find_windows(network, quarters, in_time=most_late == 0))
        model.count_moves()
        model.limit_late(most_late)
        model.limit_finish(most_finish)
        return model

    found = Found(first, count_moved(network, first), 0)
    return _look_further(network, found, make, _price(network, reckon))


def _price(network: Network, reckon: Price) -> Price:
    """Nothing where a plan breaks a pin: only then can placing tasks one by one go wrong."""
    if len(network.fixed) == len(network.facts) and not network.agreed:
        return reckon
    return lambda starts: reckon(starts) if is_sound(network, starts) else None


def _look_further(network: Network, found: Found, make: Callable[[int], Model], price: Price) -> Found:
    """Search in more and more quarters, until what keeps the bound low is not a task left unstarted."""
    if found.proven:
        return found
    quarters = max(_find_end(network), int((found.starts + network.quarters).max()) + _EXTRA_QUARTERS)
    while True:
        found = find_best(make(quarters), found, price)
        if found.proven or not found.beyond:
            return found
        quarters += HORIZON


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
