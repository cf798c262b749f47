"""Simulated annealing, by which a plan gets better that is too large to be proven the best."""

import numpy as np
from hypothesis import given

from assessment.engine.scheduling.annealing import anneal
from assessment.engine.scheduling.network import Network
from assessment.engine.scheduling.schedule import find_cost, is_sound, place_by_priority
from assessment.engine.scheduling.solver import _join_ends, solve
from tests.conftest import at_most
from tests.networks import decided_networks, networks

STEPS = 200


@at_most(40)
@given(networks())
def test_what_it_finds_is_allowed_and_no_worse(network: Network) -> None:
    joined = _join_ends(network)
    first = place_by_priority(joined)
    late, finish = find_cost(joined, first)

    found = anneal(joined, first, late, STEPS)

    assert is_sound(joined, found)
    assert find_cost(joined, found)[0] <= late
    assert find_cost(joined, found)[1] <= finish
    assert np.array_equal(anneal(joined, first, late, STEPS), found)


@at_most(40)
@given(decided_networks())
def test_what_people_fixed_stays_where_it_is(network: Network) -> None:
    joined = _join_ends(network)
    first = place_by_priority(joined)
    if not is_sound(joined, first):
        return

    assert is_sound(joined, anneal(joined, first, find_cost(joined, first)[0], STEPS))


@at_most(20)
@given(networks(6))
def test_it_is_never_better_than_the_best(network: Network) -> None:
    joined, best = _join_ends(network), solve(network)
    first = place_by_priority(joined)
    late, finish = find_cost(network, best.starts)

    found = find_cost(joined, anneal(joined, first, find_cost(joined, first)[0], STEPS))

    assert found >= (late, finish)
