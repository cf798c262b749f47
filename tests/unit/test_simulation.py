"""Playing a plan through with other durations: what holds whatever the dice say."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engine.roadmap.plan import Plan
from assessment.engine.roadmap.simulation import CHANGES, estimate, simulate
from assessment.figures.quarters import PLANNED, write_estimates
from assessment.model.decisions import Decisions, PlanLine
from assessment.model.frames import ESTIMATES
from assessment.model.plan import Quarter
from assessment.model.scale import Kind
from assessment.tables.forecasts import describe_how_sure, list_estimates
from tests import builders
from tests.conftest import at_most
from tests.plans import BEGIN, chained, made_plans, make, make_nothing

RUNS = 40


def play(made: Plan, changes: tuple[int, ...] = CHANGES, seed: int = 1) -> np.ndarray:
    return simulate(made, RUNS, seed, changes)


@given(made_plans())
@at_most(30)
def test_when_nothing_changes_the_simulation_is_the_plan(made: Plan) -> None:
    assert (play(made, changes=(0,)) == made.roadmap["last"].to_numpy()).all()


@given(made_plans(), st.integers(0, 9))
@at_most(30)
def test_every_run_keeps_order_and_capacity_and_takes_at_least_a_quarter(made: Plan, seed: int) -> None:
    network, ends = made.problem.network, play(made, seed=seed)

    slowest, fastest = network.durations + max(CHANGES), np.maximum(network.durations + min(CHANGES), 1)
    for task, needs in enumerate(network.needs):
        for need in needs:
            assert (ends[:, task] - ends[:, need] >= fastest[task]).all()
    for resource, capacity in enumerate(network.capacity):
        drawn = np.flatnonzero(network.resource == resource)
        for quarter in range(int(ends.max()) + 1):
            surely_busy = (ends[:, drawn] >= quarter) & (ends[:, drawn] - fastest[drawn] < quarter)
            assert (surely_busy.sum(axis=1) <= capacity).all()
    assert (ends >= 0).all()
    assert (ends <= slowest.sum()).all()


@given(made_plans())
@at_most(20)
def test_when_everything_takes_longer_nothing_comes_earlier(made: Plan) -> None:
    assert (play(made, changes=(0, 1, 2)) >= made.roadmap["last"].to_numpy()).all()
    assert (play(made, changes=(-1, 0)) <= made.roadmap["last"].to_numpy()).all()


@given(made_plans())
@at_most(20)
def test_eighty_percent_never_comes_before_fifty(made: Plan) -> None:
    estimates = estimate(made, play(made))

    assert (estimates["likely"] <= estimates["at_80"]).all()
    whole = estimates[estimates["house_id"] == ""].set_index("subject")
    assert whole["at_80"]["plan"] == whole["at_80"].max()
    assert whole["if_nothing_goes_wrong"]["plan"] == made.roadmap["last"].max()


def test_the_same_seed_gives_the_same_runs_and_another_seed_others() -> None:
    made = make(builders.questionnaire(chained("POS-1", 3, 3, 3)))

    assert (play(made, seed=1) == play(made, seed=1)).all()
    assert (play(made, seed=1) != play(made, seed=2)).any()


@pytest.mark.parametrize(("quarters", "shares", "most"), [(1, [4, 1, 1], 1), (3, [1, 3, 1, 1], 3)])
def test_a_measure_takes_as_long_as_planned_half_of_the_time_else_from_one_less_to_two_more(
    quarters: int, shares: list[int], most: int
) -> None:
    """Of one quarter: 1, 2 or 3; of three: 2, 3, 4 or 5."""
    made = make(builders.questionnaire(chained("POS-1", quarters)))

    ends = simulate(made, 4000, 7)

    taken, counts = np.unique(ends[:, 0] + 1, return_counts=True)
    assert set(taken) == {max(quarters + change, 1) for change in CHANGES}
    assert (abs(counts - 4000 * np.array(shares) / 6) < 150).all()
    estimates = estimate(made, ends)
    assert estimates[["likely", "at_80"]].iloc[0].tolist() == [quarters - 1, most]


def test_what_is_done_stays_and_what_has_not_begun_waits_until_now_or_its_pin() -> None:
    """Half a year after the plan began, one measure is done, one is busy and one is pinned."""
    asked = builders.questionnaire(
        *(chained("POS-1", 1), chained("POS-2", 4), chained("POS-3", 1), chained("POS-4", 1)),
    )
    lines = (
        PlanLine(house_id="h0", measure_id="POS-1.M1", started=date(2027, 1, 9), done=date(2027, 2, 9)),
        PlanLine(house_id="h0", measure_id="POS-2.M1", started=date(2027, 1, 9)),
        PlanLine(house_id="h0", measure_id="POS-3.M1", pinned=Quarter(2029, 1)),
    )
    made = make(asked, capacity=9, decisions=Decisions(lines, now=Quarter(2027, 3)))

    ends = simulate(made, RUNS, 1)

    assert set(ends[:, 0]) == {0}
    assert set(ends[:, 1]) == {2, 3, 4, 5}
    assert ends[:, 2].min() == Quarter(2029, 1) - BEGIN
    assert ends[:, 3].min() == 2
    assert set(ends[:, 4]) == {1}
    reasons = [made.reasons[task].why.value for task in range(4)]
    assert reasons == ["begun", "begun", "pinned", "at_once"]


def test_each_criterion_has_an_estimate_of_its_own_and_an_empty_plan_none() -> None:
    made = make(
        builders.questionnaire(chained("POS-1", 2, kind=Kind.HARD_NORM, core=(True,)), chained("POS-2", 5)),
        houses=2,
    )

    estimates = estimate(made, play(made))

    assert estimates["house_id"].unique().tolist() == ["", "h0", "h1"]
    assert estimates[estimates["house_id"] == "h1"]["subject"].tolist() == [
        *("by_framework", "hard_norms", "POS-1", "POS-2", "plan")
    ]
    nothing = make_nothing()
    assert estimate(nothing, play(nothing)).equals(ESTIMATES.empty())


def test_an_estimate_shows_the_plan_beside_its_band_and_the_same_in_a_table() -> None:
    asked = builders.questionnaire(chained("POS-1", 2, kind=Kind.HARD_NORM, core=(True,)))
    rows = [("h0", "POS-1", 2, 4, 1), ("h0", "plan", 2, 13, 1)]
    estimates = ESTIMATES.conform(
        ESTIMATES.empty()
        .reindex(range(2))
        .assign(**dict(zip(ESTIMATES.columns, zip(*rows, strict=True), strict=True)))
    )

    shown = write_estimates(estimates, BEGIN, asked, date(2027, 1, 1))

    assert "--ks-quarters:14" in shown
    assert shown.count(PLANNED) == 2
    assert (
        "POS-1 Titel van POS-1: waarschijnlijk in 2027-K3, 80 % zeker in 2028-K1, als niets tegenzit in"
        in shown
    )
    table = list_estimates(estimates, BEGIN, asked)
    assert table["80 % zeker in"].tolist() == ["2028-K1", "2030-K2"]
    assert describe_how_sure(estimates, BEGIN) == (
        "laatste maatregel klaar waarschijnlijk in 2027-K3, 80 % zeker in 2030-K2, als niets tegenzit in "
        "2027-K2"
    )
