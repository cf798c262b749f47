"""The best plan: the rules that every plan keeps, and that none is better."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessment.engine.scheduling.model import Model, find_windows
from assessment.engine.scheduling.network import Goal, Network
from assessment.engine.scheduling.parts import find_parts
from assessment.engine.scheduling.relaxation import solve_whole
from assessment.engine.scheduling.schedule import (
    count_moved,
    find_cost,
    is_sound,
    place_by_priority,
    shift_left,
    shift_right,
)
from assessment.engine.scheduling.search import Incumbent, find_best
from assessment.engine.scheduling.solver import is_feasible, solve
from assessment.errors import NoPlanError
from assessment.model.plan import HORIZON
from tests.conftest import at_most
from tests.networks import Starts, all_plans, decided_networks, networks


@given(networks())
@at_most(60)
def test_every_plan_keeps_order_and_capacity(network: Network) -> None:
    best = solve(network)

    for starts in (best.starts, place_by_priority(network), shift_right(network, best.starts)):
        assert keeps_the_rules(network, starts)
        assert is_sound(network, starts)
    assert find_cost(network, best.starts) <= find_cost(network, place_by_priority(network))
    assert best.optimality_gap == 0


def keeps_the_rules(network: Network, starts: Starts) -> bool:
    """Soundness once more, task by task and quarter by quarter; for networks without facts."""
    ends = starts + network.durations
    in_order = all(starts[task] >= ends[need] for task, needs in enumerate(network.needs) for need in needs)
    within = all(
        sum((starts <= quarter) & (quarter < ends) & (network.resource == resource)) <= capacity
        for resource, capacity in enumerate(network.capacity)
        for quarter in range(int(ends.max(initial=0)))
    )
    return in_order and within and bool((starts >= 0).all())


@given(networks())
@at_most(30)
def test_the_same_gaps_give_the_same_plan_and_nothing_can_start_earlier(network: Network) -> None:
    starts = solve(network).starts

    assert (solve(network).starts == starts).all()
    assert (shift_left(network, starts) == starts).all()
    assert (shift_right(network, starts) >= starts).all()


@given(networks(most=4))
@at_most(40)
def test_no_plan_is_better_than_the_best(network: Network) -> None:
    best = solve(network).starts
    latest = int((best + network.durations).max()) + 1

    costs = [find_cost(network, starts) for starts in all_plans(network, latest)]

    assert find_cost(network, best) == min(costs)


@given(networks(most=9))
@at_most(30)
def test_the_branch_and_cut_finds_what_plain_highs_finds_on_the_same_model(network: Network) -> None:
    single = replace(network, goals=tuple(goal for goal in network.goals if len(goal.last) == 1))
    model = Model(single, find_windows(single, int(single.durations.sum()), in_time=False))
    model.weigh_finishes()
    first = Incumbent(place_by_priority(single), find_cost(single, place_by_priority(single))[1], 0)

    ours = find_best(model, first, lambda starts: find_cost(single, starts)[1])

    assert ours.proven
    assert ours.cost == round(solve_whole(model).getObjectiveValue())


@given(networks(), st.integers(0, 2))
@at_most(30)
def test_more_capacity_never_makes_the_best_worse(network: Network, which: int) -> None:
    more = network.capacity.copy()
    more[which % len(more)] += 1
    roomier = replace(network, capacity=more)

    assert find_cost(roomier, solve(roomier).starts) <= find_cost(network, solve(network).starts)


@given(decided_networks(most=4))
@at_most(60)
def test_whether_there_is_a_plan_is_what_trying_every_plan_tells(network: Network) -> None:
    latest = max((0, *network.fixed.values())) + int(network.durations.sum())

    assert is_feasible(network) == (next(all_plans(network, latest), None) is not None)


@given(decided_networks(most=4))
@at_most(30)
def test_no_plan_around_what_people_decided_is_better_than_the_best(network: Network) -> None:
    assume(is_feasible(network))

    best = solve(network).starts

    latest = max((int((best + network.durations).max()) + 1, *network.agreed.values()))
    costs = [cost_with_moves(network, starts) for starts in all_plans(network, latest)]
    assert cost_with_moves(network, best) == min(costs)


def cost_with_moves(network: Network, starts: Starts) -> tuple[tuple[int, int], int]:
    return find_cost(network, starts), count_moved(network, starts)


@given(decided_networks())
@at_most(30)
def test_what_is_fixed_stays_where_it_is(network: Network) -> None:
    assume(is_feasible(network))

    best = solve(network).starts

    for starts in (best, shift_right(network, best), shift_left(network, best)):
        assert is_sound(network, starts)
        assert all(starts[task] == start for task, start in network.fixed.items())


@pytest.mark.parametrize("fixed", [{1: 1}, {0: 0, 2: 1}, {1: 3, 2: 1}, {0: 1, 1: 2}])
def test_where_nothing_goes_together_no_plan_is_made_up(fixed: dict[int, int]) -> None:
    with pytest.raises(NoPlanError):
        solve(two_in_a_row(fixed))


def two_in_a_row(
    fixed: Mapping[int, int], begun: frozenset[int] = frozenset(), agreed: Mapping[int, int] | None = None
) -> Network:
    """Task 1 needs task 0; both take two quarters of the one place there is, as does task 2."""
    goals = (Goal((1,), 1, hard=False), Goal((2,), 1, hard=False))
    durations, resource = np.array([2, 2, 2]), np.zeros(3, dtype=np.int64)
    capacity = np.array([1])
    needs = ((), (0,), ())
    return Network(durations, needs, resource, capacity, goals, HORIZON, fixed, begun, agreed or {})


def test_a_pin_before_what_it_needs_leaves_no_plan() -> None:
    assert not is_feasible(two_in_a_row({1: 1}))
    assert is_feasible(two_in_a_row({1: 2}))


def test_two_pins_on_one_place_leave_no_plan() -> None:
    assert not is_feasible(two_in_a_row({0: 0, 2: 1}))


def test_what_a_pin_needs_must_have_room_before_it() -> None:
    assert not is_feasible(two_in_a_row({1: 3, 2: 1}))
    assert is_feasible(two_in_a_row({1: 5, 2: 1}))


def test_work_that_began_waits_for_nothing_and_keeps_its_place() -> None:
    starts = solve(two_in_a_row({1: -1})).starts

    assert starts.tolist() == [3, -1, 1]


def test_work_that_began_may_draw_on_more_than_there_is() -> None:
    starts = solve(two_in_a_row({0: -1, 2: 0}, begun=frozenset({2}))).starts

    assert starts.tolist() == [-1, 2, 0]


def test_done_work_takes_no_place() -> None:
    starts = solve(two_in_a_row({0: -2})).starts

    assert sorted(starts.tolist()) == [-2, 0, 2]


def test_of_plans_that_are_as_good_the_agreed_one_is_kept() -> None:
    goals = tuple(Goal((task,), 1, hard=False) for task in range(3))
    network = Network(
        np.ones(3, dtype=np.int64), ((),) * 3, np.zeros(3, dtype=np.int64), np.array([1]), goals, HORIZON
    )

    starts = solve(replace(network, agreed={0: 2, 1: 1, 2: 0})).starts

    assert starts.tolist() == [2, 1, 0]


def test_a_better_plan_goes_before_what_was_agreed() -> None:
    assert solve(two_in_a_row({}, agreed={0: 7, 1: 9})).starts.tolist() == [2, 4, 0]


def test_what_has_begun_ties_nothing_that_waits_for_it() -> None:
    network = Network(
        durations=np.array([2, 1, 1]),
        needs=((), (0,), (0,)),
        resource=np.array([0, 1, 2]),
        capacity=np.array([1, 1, 1]),
        goals=(Goal((1,), 1, hard=True), Goal((2,), 1, hard=True)),
        horizon=HORIZON,
        fixed={0: 0},
        begun=frozenset({0}),
    )

    assert [part.tolist() for part in find_parts(network)] == [[0], [0, 1], [0, 2]]
    assert solve(network).starts.tolist() == [0, 2, 2]
