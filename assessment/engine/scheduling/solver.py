"""The best schedule, exactly where that takes reasonable time, and always with how far it may be off.

What shares nothing is scheduled apart. Each part has three aims, each within what the one before has found:
the fewest hard goals after the horizon, the smallest weighted finish, the fewest tasks elsewhere than agreed.
A model looks at a limited number of periods; when its best leaves a task unstarted, it looks further.
`Model` names the formulation and its sources.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from assessment.engine.scheduling.annealing import anneal
from assessment.engine.scheduling.model import Model, find_windows
from assessment.engine.scheduling.network import Goal, Ints, Network
from assessment.engine.scheduling.parts import find_behind, find_parts, keep_hard, take_part
from assessment.engine.scheduling.relaxation import solve_whole
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
from assessment.engine.scheduling.search import Evaluate, Incumbent, find_best
from assessment.errors import NoPlanError

_EXTRA_PERIODS = 2
"""How many periods beyond the first schedule a model looks."""

_NODES_FOR_LATE = 20
"""How many nodes to look at for the fewest hard goals late: the LP says little of a count, HiGHS more."""


class Solution(NamedTuple):
    """When each task starts (0 is the first period), and how far from the best that may be at most.

    `optimality_gap` is the largest share of hard goals late, or of weighted finish, that may still be gained;
    `moves_gap` that of moved tasks. Where both are 0 the schedule is proven to be the best.
    """

    starts: Ints
    optimality_gap: float
    moves_gap: float = 0.0


def solve(network: Network) -> Solution:
    """Find the best schedule.

    That has the fewest hard goals after the horizon, then the smallest weighted finish, then the fewest tasks
    elsewhere than agreed. The same network gives the same schedule: work is counted, not timed, and every
    task that does not stand where agreed starts as early as the schedule allows.

    Raises:
        NoPlanError: what is fixed leaves no schedule (see `is_feasible`).
        KaderscanError: the solver gave up, which it never should.
    """
    parts = find_parts(network)
    found = [_schedule_part(take_part(network, tasks)) for tasks in parts]
    starts = np.zeros(len(network.durations), dtype=np.int64)
    for tasks, (*_, last) in zip(parts, found, strict=True):
        starts[tasks] = last.starts[: len(tasks)]
    late, finish, moves = (_find_optimality_gap([each[aim] for each in found]) for aim in range(3))
    return Solution(shift_left(keep_agreed(network, starts), starts), max(late, finish), moves)


def is_feasible(network: Network) -> bool:
    """Whether there is a schedule at all: what is fixed can go together, with what it needs in time."""
    try:
        _find_schedule(network)
    except NoPlanError:
        return False
    return True


def _find_optimality_gap(found: list[Incumbent]) -> float:
    """How far from the best this may be at most, as a share of its cost."""
    cost = sum(each.cost for each in found)
    return (cost - sum(each.bound for each in found)) / abs(cost) if cost else 0.0


def _schedule_part(network: Network) -> tuple[Incumbent, Incumbent, Incumbent]:
    """What is found for each aim; the last is the schedule."""
    joined = _join_ends(network)
    free = replace(joined, agreed={})
    first = _find_schedule(free)
    late = _find_fewest_late(free, first)
    finish = _find_smallest_finish(free, [first, late.starts], late.cost)
    return late, finish, _find_fewest_moves(joined, finish.starts, late.cost, finish.cost)


def _find_schedule(network: Network) -> Ints:
    """Some schedule: by the priority rule; where that is too late for a fixed task, what those need first.

    Raises:
        NoPlanError: there is none.
    """
    schedule = place_by_priority(network)
    if is_sound(network, schedule):
        return schedule
    tasks = find_behind(network, network.fixed)
    pinned = replace(take_part(replace(network, goals=()), tasks), agreed={})
    model = Model(pinned, find_windows(pinned, _find_end(pinned), in_time=False))
    started = np.round(np.array(solve_whole(model).getSolution().col_value))
    return place_first(network, tasks, model.read_starts(started).astype(np.int64))


def _find_end(network: Network) -> int:
    """How many periods it takes until the horizon, and until all that is fixed or agreed has ended."""
    placed = (*network.fixed.items(), *network.agreed.items())
    ends = (int(start + network.durations[task]) for task, start in placed)
    return max((network.horizon, *ends))


def _find_fewest_late(network: Network, first: Ints) -> Incumbent:
    """Schedule what hard goals rest on, as if alone; then the rest where room is left."""
    found = Incumbent(first, find_cost(network, first)[0], 0)
    if found.proven:
        return found
    hard_ends = [goal.last[0] for goal in network.goals if goal.hard]
    tasks = find_behind(network, [*hard_ends, *network.fixed])
    hard = keep_hard(take_part(network, tasks))
    model = Model(hard, find_windows(hard, _find_end(hard), in_time=False))
    model.count_late()
    alone = found._replace(starts=first[tasks])
    evaluate = _refuse_unsound(hard, lambda starts: find_cost(hard, starts)[0])
    best = find_best(model, alone, evaluate, _NODES_FOR_LATE)
    return best._replace(starts=place_first(network, tasks, best.starts))


def _find_smallest_finish(network: Network, schedules: list[Ints], most_late: int) -> Incumbent:
    """The smallest weighted finish with no more hard goals late; one of the first schedules is such."""

    def evaluate(starts: Ints) -> int | None:
        late, cost = find_cost(network, starts)
        return cost if late <= most_late else None

    costs = [(cost, schedule) for schedule in schedules if (cost := evaluate(schedule)) is not None]
    cost, first = min(costs, key=lambda each: each[0])

    def make(periods: int) -> Model:
        model = Model(network, find_windows(network, periods, in_time=most_late == 0))
        model.weigh_finishes()
        model.limit_late(most_late)
        return model

    found = Incumbent(first, cost, find_cost(network, earliest_starts(network))[1])
    allowed = _refuse_unsound(network, evaluate)
    found = _look_further(network, found, make, allowed)
    return found if found.proven else _improve(network, found, most_late, allowed)


def _improve(network: Network, found: Incumbent, most_late: int, evaluate: Evaluate) -> Incumbent:
    """Look for a better schedule where proving the best one takes too long; the bound stays what it was."""
    starts = anneal(network, found.starts, most_late)
    cost = evaluate(starts)
    if cost is None or cost >= found.cost:
        return found
    return found._replace(starts=starts, cost=cost, bound=min(found.bound, cost))


def _find_fewest_moves(network: Network, first: Ints, most_late: int, most_finish: int) -> Incumbent:
    """The fewest tasks elsewhere than agreed, with nothing worse."""

    def evaluate(starts: Ints) -> int | None:
        late, finish = find_cost(network, starts)
        return count_moved(network, starts) if late <= most_late and finish <= most_finish else None

    def make(periods: int) -> Model:
        model = Model(network, find_windows(network, periods, in_time=most_late == 0))
        model.count_moves()
        model.limit_late(most_late)
        model.limit_finish(most_finish)
        return model

    found = Incumbent(first, count_moved(network, first), 0)
    return _look_further(network, found, make, _refuse_unsound(network, evaluate))


def _refuse_unsound(network: Network, evaluate: Evaluate) -> Evaluate:
    """Allow no schedule that breaks what is fixed: only then can placing tasks one by one go wrong."""
    if len(network.fixed) == len(network.facts) and not network.agreed:
        return evaluate
    return lambda starts: evaluate(starts) if is_sound(network, starts) else None


def _look_further(
    network: Network, found: Incumbent, make: Callable[[int], Model], evaluate: Evaluate
) -> Incumbent:
    """Search in more and more periods, until what keeps the bound low is not a task left unstarted."""
    if found.proven:
        return found
    periods = max(_find_end(network), int((found.starts + network.durations).max()) + _EXTRA_PERIODS)
    while True:
        found = find_best(make(periods), found, evaluate)
        if found.proven or not found.windowed:
            return found
        periods += network.horizon


def _join_ends(network: Network) -> Network:
    """Give a goal that ends in several tasks one last task, of no time and on no capacity."""
    several = list(dict.fromkeys(goal.last for goal in network.goals if len(goal.last) > 1))
    size = len(network.durations)
    joins = {last: size + place for place, last in enumerate(several)}
    return replace(
        network,
        durations=np.concatenate([network.durations, np.zeros(len(several), dtype=np.int64)]),
        needs=(*network.needs, *several),
        resource=np.concatenate([network.resource, np.full(len(several), len(network.capacity))]),
        capacity=np.append(network.capacity, len(several)),
        goals=tuple(
            Goal((joins[goal.last],), goal.weight, goal.hard) if goal.last in joins else goal
            for goal in network.goals
        ),
    )
