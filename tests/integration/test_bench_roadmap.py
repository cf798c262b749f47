from itertools import islice

from assessment.service.bench.roadmap import KINDS, measure_calibration, measure_roadmap
from assessment.settings import Settings


def test_the_bench_shows_the_planner_beside_the_rule_on_the_same_houses() -> None:
    one, nothing_done = islice(measure_roadmap(Settings()), 2)

    assert (one.plans, one.proven, one.optimality_gap) == (10, 10, 0.0)
    assert (one.ours.late, one.ours.weighted) <= (one.rule.late, one.rule.weighted)
    assert nothing_done.measures == 81
    assert KINDS > 2


def test_the_bench_draws_the_same_houses_every_time() -> None:
    first, again = (next(measure_roadmap(Settings())) for _ in range(2))

    assert first.measures == again.measures
    assert first.ours[:2] == again.ours[:2]


def test_what_is_told_holds_in_other_runs_and_not_a_quarter_before() -> None:
    for each in measure_calibration(Settings()):
        assert each.likely.by_then >= 0.5 > each.likely.before
        assert each.at_80.by_then >= 0.8 > each.at_80.before
