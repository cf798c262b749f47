"""Cuts: whole plans keep them, fractional solutions do not."""

import highspy
import numpy as np

from assessment.engine.scheduling.cuts import Cut, Rows
from assessment.engine.scheduling.model import Model, find_windows
from assessment.engine.scheduling.network import Floats, Goal, Network
from assessment.engine.scheduling.relaxation import Limits, Relaxation, open_highs
from assessment.engine.scheduling.schedule import find_cost, place_like
from assessment.model.plan import HORIZON
from tests.networks import Starts, all_plans

TASKS = 25
_NEEDY = 0.6


def test_every_plan_keeps_every_cut_and_the_answer_that_gave_it_breaks_it() -> None:
    found = 0
    for seed in range(20):
        dice = np.random.default_rng(seed)
        network = draw_crowded(dice)
        model = make_model(network)
        model.weigh_finishes()
        answer = solve_relaxation(model)
        plans = [write_plan(model, place_like(network, 9 * dice.random(TASKS))) for _ in range(50)]
        for cut in Rows(model.as_lp()).find_cuts(answer):
            found += 1
            assert measure(cut, answer) > cut.most
            assert all(measure(cut, plan) <= cut.most for plan in plans)
    assert found


def test_three_that_exclude_each_other_in_pairs_are_cut_to_one() -> None:
    pairs = Rows(exclude_in_pairs(3))

    (cut,) = pairs.find_cuts(np.array([0.5, 0.5, 0.5]))

    assert (cut.columns.tolist(), cut.factors.tolist(), cut.most) == ([0, 1, 2], [1, 1, 1], 1)


def test_a_cut_that_was_added_is_not_found_again() -> None:
    pairs = Rows(exclude_in_pairs(3))
    pairs.add(pairs.find_cuts(np.array([0.5, 0.5, 0.5])))

    assert pairs.find_cuts(np.array([1.0, 0.0, 0.0])) == []


def test_tightening_never_goes_below_the_relaxation_nor_above_the_best_plan() -> None:
    network = triangle()
    model = make_model(network)
    model.weigh_finishes()
    relaxation = Relaxation(model)
    solution = relaxation.solve(Limits(model.lowest(), np.ones(model.size)))
    assert solution is not None

    tight = relaxation.tighten(solution, 10)

    best = min(find_cost(network, starts)[1] for starts in all_plans(network, 9))
    assert tight is not None
    assert solution.cost <= tight.cost <= best + 1e-6


def draw_crowded(dice: np.random.Generator) -> Network:
    """Tasks of one or two quarters on three capacities of one, some of them waiting for an earlier one."""
    needs = [(int(dice.integers(task)),) if task and dice.random() < _NEEDY else () for task in range(TASKS)]
    return Network(
        durations=dice.integers(1, 3, TASKS),
        needs=tuple(needs),
        resource=dice.integers(0, 3, TASKS),
        capacity=np.ones(3, dtype=np.int64),
        goals=tuple(Goal((task,), int(dice.integers(1, 4)), hard=False) for task in range(TASKS)),
        horizon=HORIZON,
    )


def make_model(network: Network) -> Model:
    """Its windows reach as far as any plan."""
    return Model(network, find_windows(network, int(network.durations.sum()), in_time=False))


def write_plan(model: Model, starts: Starts) -> Floats:
    """The columns of a plan."""
    return np.array(model.write_solution(starts).col_value)


def solve_relaxation(model: Model) -> Floats:
    """The answer of the LP."""
    highs = open_highs(presolve="off")
    highs.passModel(model.as_lp())
    highs.run()
    return np.array(highs.getSolution().col_value)


def measure(cut: Cut, answer: Floats) -> float:
    """What a cut limits, with a hair for the arithmetic of HiGHS."""
    return float(cut.factors @ answer[cut.columns]) - 1e-6


def exclude_in_pairs(number: int) -> highspy.HighsLp:
    """At most one of each two columns."""
    lp = highspy.HighsLp()
    pairs = [(one, other) for one in range(number) for other in range(one)]
    lp.a_matrix_.start_ = np.arange(0, 2 * len(pairs) + 1, 2)
    lp.a_matrix_.index_ = np.array(pairs).ravel()
    lp.a_matrix_.value_ = np.ones(2 * len(pairs))
    lp.row_upper_ = np.ones(len(pairs))
    return lp


def triangle() -> Network:
    """Six tasks on two capacities of one, each goal waiting for one on the other."""
    return Network(
        durations=np.array([1, 1, 2, 1, 1, 1]),
        needs=((), (), (), (0,), (1, 2), (0, 2)),
        resource=np.array([0, 0, 0, 1, 1, 1]),
        capacity=np.array([1, 1]),
        goals=(Goal((3,), 1, hard=False), Goal((4,), 2, hard=False), Goal((5,), 3, hard=False)),
        horizon=HORIZON,
    )
