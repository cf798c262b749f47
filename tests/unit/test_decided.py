"""People are over the planner: what they decided holds in every plan, or they hear why it cannot."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.roadmap.contradictions import (
    Contradiction,
    Hole,
    HoleKind,
    Wish,
    find_contradiction,
    find_holes,
    find_smallest,
)
from assessment.engine.roadmap.plan import Plan, _schedule, find_finishes, plan_quarters
from assessment.engine.roadmap.problem import Problem, build_problem
from assessment.engine.scheduling.network import Network
from assessment.engine.scheduling.solver import Solution, solve
from assessment.engine.scoring import list_scores, score_criteria, score_measures
from assessment.model.decisions import Agreed, Decisions, PlanLine, Progress
from assessment.model.frames import RESOURCES
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor, Mark
from tests import builders
from tests.conftest import at_most
from tests.plans import tell_reasons

BEGIN = Quarter(2027, 1)
TODAY = date(2026, 11, 22)


def line(measure_id: str, **decided: object) -> PlanLine:
    return PlanLine.model_validate({"house_id": "h0", "measure_id": measure_id} | decided)


def decisions(*lines: PlanLine, today: date = TODAY, agreed: tuple[Agreed, ...] = ()) -> Decisions:
    return Decisions(lines=lines, agreed=agreed, now=Quarter.of(today))


def resources(capacity: int = 9) -> pd.DataFrame:
    rows = [("h0", actor.value, actor.value, capacity) for actor in Actor]
    return RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))


def work(asked: Questionnaire) -> pd.DataFrame:
    choices = builders.choices([[Mark.NOT_YET] * len(asked.questions)])
    scores = score_criteria(choices, builders.deviations(), asked)
    return list_work(
        find_gaps(list_scores(scores, asked), asked.rules), score_measures(choices, asked), asked
    )


def problem(asked: Questionnaire, decided: Decisions, capacity: int = 9) -> Problem:
    return build_problem(work(asked), resources(capacity), BEGIN, asked, decided)


def plan(asked: Questionnaire, decided: Decisions, capacity: int = 9) -> Plan:
    return plan_quarters(problem(asked, decided, capacity))


def contradict(asked: Questionnaire, decided: Decisions, capacity: int = 9) -> Contradiction | None:
    return find_contradiction(problem(asked, decided, capacity))


def chain() -> Questionnaire:
    """POS-1 in two steps of one quarter, and POS-2 after it: the house takes over, then the police stops."""
    measures = [
        builders.measure("POS-2.M1", title="Het huis neemt over", quarters=2),
        builders.measure("POS-2.M2", title="De politie stopt", actor="basisteam", lets_go_after="POS-2.M1"),
    ]
    first = [
        builders.measure("POS-1.M1"),
        builders.measure("POS-1.M2", needs_first=["POS-1.M1"]),
    ]
    return builders.questionnaire(
        builders.criterion("POS-1", quarters=2, measures=first),
        builders.criterion("POS-2", quarters=3, measures=measures, needs_first=["POS-1"]),
    )


def firsts(planned: Plan) -> dict[str, int]:
    return dict(zip(planned.roadmap["measure_id"], planned.roadmap["first"], strict=True))


def reasons(planned: Plan) -> dict[str, str]:
    return tell_reasons(planned)


def test_a_pinned_measure_starts_in_its_quarter_and_says_so() -> None:
    planned = plan(chain(), decisions(line("POS-1.M2", pinned="2027-K4")))

    assert firsts(planned) == {"POS-1.M1": 0, "POS-1.M2": 3, "POS-2.M1": 4, "POS-2.M2": 6}
    assert reasons(planned)["POS-1.M2"] == "vastgezet"


def test_another_duration_is_taken_over() -> None:
    planned = plan(chain(), decisions(line("POS-1.M1", quarters=5)))

    assert firsts(planned)["POS-1.M2"] == 5


def test_work_that_has_begun_stays_where_it_is_and_lasts_until_now_at_least() -> None:
    late = decisions(line("POS-1.M1", started="2027-02-01"), today=date(2027, 12, 1))

    planned = plan(chain(), late)

    assert firsts(planned) == {"POS-1.M1": 0, "POS-1.M2": 4, "POS-2.M1": 5, "POS-2.M2": 7}
    assert reasons(planned)["POS-1.M1"] == "bezig sinds 2027-K1"
    assert planned.roadmap["status"].tolist()[0] == "busy"


def test_what_is_done_frees_what_waits_for_it() -> None:
    done = decisions(line("POS-1.M2", done="2026-11-01"))

    planned = plan(chain(), done)

    assert firsts(planned) == {"POS-1.M1": 0, "POS-1.M2": -1, "POS-2.M1": 0, "POS-2.M2": 2}
    assert reasons(planned)["POS-1.M2"] == "gereed in 2026-K4"


def test_work_that_began_may_take_more_than_the_capacity() -> None:
    both = [line("POS-1.M1", started="2026-11-01"), line("POS-1.M2", started="2026-11-02")]

    assert contradict(chain(), decisions(*both), capacity=1) is None
    assert firsts(plan(chain(), decisions(*both), capacity=1))["POS-1.M2"] == -1


def test_what_was_dropped_leaves_the_plan_with_its_reason_and_keeps_the_order_of_the_rest() -> None:
    asked = builders.questionnaire(
        builders.criterion(
            "POS-1",
            quarters=3,
            measures=[
                builders.measure("POS-1.M1"),
                builders.measure("POS-1.M2", needs_first=["POS-1.M1"]),
                builders.measure("POS-1.M3", needs_first=["POS-1.M2"]),
            ],
        )
    )

    planned = plan(asked, decisions(line("POS-1.M2", dropped="Is hier al zo.")))

    assert firsts(planned) == {"POS-1.M1": 0, "POS-1.M3": 1}
    assert planned.problem.dropped.to_dict("records") == [
        {
            "house_id": "h0",
            "criterion_id": "POS-1",
            "measure_id": "POS-1.M2",
            "actor": "Veiligheidshuis",
            "why": "Is hier al zo.",
        }
    ]


def test_a_criterion_of_which_a_measure_was_dropped_is_not_promised() -> None:
    planned = plan(chain(), decisions(line("POS-1.M1", dropped="Wij doen dit niet.")))

    assert find_finishes(planned.roadmap, planned.problem.dropped)["criterion_id"].tolist() == ["POS-2"]


def test_a_criterion_that_was_dropped_whole_holds_nothing_up() -> None:
    both = [line("POS-1.M1", dropped="Nee."), line("POS-1.M2", dropped="Nee.")]

    assert firsts(plan(chain(), decisions(*both))) == {"POS-2.M1": 0, "POS-2.M2": 2}


def test_what_has_not_begun_is_never_planned_in_the_past() -> None:
    planned = plan(chain(), decisions(today=date(2027, 8, 1)))

    assert firsts(planned)["POS-1.M1"] == 2
    assert reasons(planned)["POS-1.M1"] == "kan meteen"


def test_a_pin_that_went_by_without_a_beginning_no_longer_holds() -> None:
    planned = plan(chain(), decisions(line("POS-1.M1", pinned="2027-K1"), today=date(2027, 8, 1)))

    assert firsts(planned)["POS-1.M1"] == 2
    assert reasons(planned)["POS-1.M1"] == "was vastgezet op 2027-K1 maar is niet begonnen"


def test_a_plan_that_was_agreed_on_is_kept_where_nothing_better_can_be() -> None:
    asked = builders.questionnaire(builders.criterion("POS-1"), builders.criterion("POS-2"))
    swapped = (
        Agreed("h0", "POS-1.M1", BEGIN + 1, BEGIN + 1),
        Agreed("h0", "POS-2.M1", BEGIN, BEGIN),
    )

    planned = plan(asked, decisions(agreed=swapped), capacity=1)

    assert firsts(planned) == {"POS-1.M1": 1, "POS-2.M1": 0}


def test_a_pin_before_what_it_needs_is_named_with_the_first_quarter_that_can_be() -> None:
    found = contradict(chain(), decisions(line("POS-2.M2", pinned="2027-K2"), line("POS-1.M1", quarters=2)))

    assert found is not None
    assert found.wishes == (Wish("h0", "POS-2.M2", "pinned"),)
    assert found.earliest == {("h0", "POS-2.M2"): BEGIN + 4}
    assert not found.by_capacity


def test_a_duration_that_pushes_past_a_pin_is_named_with_that_pin() -> None:
    wishes = [line("POS-1.M1", quarters=6), line("POS-2.M2", pinned="2028-K1"), line("POS-1.M2", quarters=1)]

    found = contradict(chain(), decisions(*wishes))

    assert found is not None
    assert set(found.wishes) == {Wish("h0", "POS-1.M1", "quarters"), Wish("h0", "POS-2.M2", "pinned")}


def test_more_pins_than_there_is_capacity_are_told_as_such() -> None:
    asked = builders.questionnaire(*(builders.criterion(f"POS-{n}") for n in range(1, 5)))
    pins = [line(f"POS-{n}.M1", pinned="2027-K2") for n in range(1, 4)]

    found = contradict(asked, decisions(*pins, line("POS-4.M1", pinned="2027-K3")), capacity=2)

    assert found is not None
    assert found.by_capacity
    assert {wish.measure_id for wish in found.wishes} == {"POS-1.M1", "POS-2.M1", "POS-3.M1"}


@given(st.sets(st.frozensets(st.integers(0, 6), min_size=1, max_size=3), min_size=1, max_size=4))
def test_no_smaller_set_contradicts_itself(impossible: set[frozenset[int]]) -> None:
    def is_possible(items: object) -> bool:
        return not any(each <= frozenset(items) for each in impossible)  # type: ignore[call-overload]

    found = find_smallest(range(7), is_possible)

    assert not is_possible(found)
    assert len(found) == min(map(len, impossible))
    assert all(is_possible(some) for some in combinations(found, len(found) - 1))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([line("POS-2.M1", dropped="Geen geld.")], HoleKind.DROPPED),
        ([line("POS-2.M2", started="2026-11-01")], HoleKind.NOT_TAKEN),
        ([line("POS-2.M2", done="2026-11-01")], HoleKind.NOT_TAKEN),
        (
            [line("POS-2.M1", done="2026-11-05"), line("POS-2.M2", started="2026-11-01")],
            HoleKind.TOO_EARLY,
        ),
    ],
)
def test_the_police_never_stops_before_the_house_has_taken_over(
    lines: list[PlanLine], kind: HoleKind
) -> None:
    assert find_holes(problem(chain(), decisions(*lines))) == (Hole("h0", "POS-2.M2", "POS-2.M1", kind),)


@pytest.mark.parametrize(
    "lines",
    [
        [line("POS-2.M1", dropped="Nee."), line("POS-2.M2", dropped="Nee.")],
        [line("POS-2.M1", done="2026-11-05"), line("POS-2.M2", started="2026-11-06")],
        [line("POS-2.M2", dropped="De politie blijft het doen.")],
    ],
)
def test_a_hand_over_without_a_hole_is_no_hole(lines: list[PlanLine]) -> None:
    assert find_holes(problem(chain(), decisions(*lines))) == ()


def some_line(draw: st.DrawFn, measure_id: str) -> PlanLine:
    """Any sound decision about a measure: planned, busy, done or dropped, as may come of months of work."""
    days = st.dates(date(2026, 6, 1), date(2027, 6, 30))
    match draw(st.sampled_from([*Progress, None])):
        case Progress.DONE:
            return line(measure_id, done=draw(days))
        case Progress.BUSY:
            return line(measure_id, started=draw(days))
        case Progress.DROPPED:
            return line(measure_id, dropped="Zo besloten.")
        case Progress.PLANNED:
            pin = BEGIN + draw(st.integers(1, 10))
            return line(measure_id, pinned=pin, quarters=draw(st.none() | st.integers(1, 4)))
        case _:
            return line(measure_id)


@st.composite
def some_decisions(draw: st.DrawFn) -> Decisions:
    ids = draw(st.sets(st.sampled_from(["POS-1.M1", "POS-1.M2", "POS-2.M1", "POS-2.M2"])))
    lines = tuple(some_line(draw, measure_id) for measure_id in sorted(ids))
    return Decisions(lines=lines, now=Quarter.of(date(2027, 6, 30)))


def holds(each: PlanLine, row: Mapping[Hashable, int] | None) -> bool:
    """Whether a row of a plan is what was decided about it."""
    if row is None or each.dropped:
        return row is None and bool(each.dropped)
    if each.done:
        return bool(row["last"] == Quarter.of(each.done) - BEGIN)
    if each.started:
        return bool(row["first"] == Quarter.of(each.started) - BEGIN and row["last"] >= 1)
    return each.pinned is None or bool(row["first"] == each.pinned - BEGIN)


@given(some_decisions(), st.integers(1, 3))
@at_most(40)
def test_what_people_decided_holds_in_every_plan_or_is_refused(decided: Decisions, capacity: int) -> None:
    asked = chain()
    if find_holes(problem(asked, decided)) or contradict(asked, decided, capacity) is not None:
        return

    planned = plan(asked, decided, capacity)

    rows = {row["measure_id"]: row for row in planned.roadmap.to_dict("records")}
    lines = {each.measure_id: each for each in decided.lines}
    assert {*rows, *planned.problem.dropped["measure_id"]} == set(asked.measure)
    for measure_id, each in lines.items():
        assert holds(each, rows.get(measure_id))
    if "POS-2.M2" in rows:
        stops, takes = rows["POS-2.M2"], rows["POS-2.M1"]
        assert stops["first"] >= takes["last"] + (stops["status"] == "planned")


@given(some_decisions())
@at_most(20)
def test_a_plan_adopted_progressed_and_replanned_keeps_what_is_done(decided: Decisions) -> None:
    asked = chain()
    first_plan = plan(asked, decisions())
    agreed = tuple(
        Agreed("h0", row["measure_id"], BEGIN + row["first"], BEGIN + row["last"])
        for row in first_plan.roadmap.to_dict("records")
    )
    begun = tuple(each for each in decided.lines if each.progress is not Progress.PLANNED)
    facts = replace(decided, lines=begun, agreed=agreed)
    if find_holes(problem(asked, facts)):
        return

    again = plan(asked, facts).roadmap.set_index("measure_id")

    for each in facts.lines:
        if each.done:
            assert again["status"][each.measure_id] == "done"
            assert again["last"][each.measure_id] == Quarter.of(each.done) - BEGIN
    assert np.all(again["first"][again["status"] == "planned"] >= 1)


def test_only_what_shares_capacity_with_a_change_is_scheduled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = chain()
    houses = ("h0", "h1")
    rows = [(house, actor.value, f"{actor} {house}", 7) for house in houses for actor in Actor]
    apart = RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))
    every = pd.concat([work(asked).assign(house_id=house) for house in houses], ignore_index=True)
    scheduled: list[Network] = []

    def count(network: Network) -> Solution:
        scheduled.append(network)
        return solve(network)

    monkeypatch.setattr("assessment.engine.roadmap.plan.solve", count)
    _schedule.cache_clear()
    before = plan_quarters(build_problem(every, apart, BEGIN, asked))
    assert len(scheduled) == 1  # what both houses have to do is the same

    decided = decisions(line("POS-1.M2", pinned="2027-K4"))
    after = plan_quarters(build_problem(every, apart, BEGIN, asked, decided))

    assert len(scheduled) == 2
    own = after.roadmap["house_id"] == "h1"
    pd.testing.assert_frame_equal(after.roadmap[own], before.roadmap[own])
    assert set(after.roadmap.loc[~own & (after.roadmap["measure_id"] == "POS-1.M2"), "first"]) == {3}
