"""What people decide about a measure: its line, its capacity, and the plan as it was adopted."""

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from assessment.model.decisions import (
    CLOSED,
    FIELD_WORDS,
    NOTHING_DECIDED,
    AdoptedMeasure,
    Agreed,
    Baseline,
    Capacity,
    Decisions,
    PlanLine,
    Progress,
    Resource,
    find_line,
    find_resource,
)
from assessment.model.plan import Quarter
from assessment.model.register import House
from assessment.model.scale import Actor, Rules
from assessment.model.sheets import FIELD_HEADINGS, describe_line

HOUSE = House(house_id="ons", title="Ons huis", unit_id="onze-eenheid")
NEIGHBOUR = House(house_id="buur", title="Buurhuis", unit_id="onze-eenheid")
BEGUN, READY = date(2027, 1, 10), date(2027, 3, 1)


def line(measure_id: str = "POS-1.M1", /, **decided: object) -> PlanLine:
    return PlanLine.model_validate({"house_id": "ons", "measure_id": measure_id} | decided)


@pytest.mark.parametrize(
    ("decided", "progress"),
    [
        ({}, Progress.PLANNED),
        ({"pinned": "2027-K1", "owner": "Wijk"}, Progress.PLANNED),
        ({"started": BEGUN}, Progress.BUSY),
        ({"started": BEGUN, "done": READY}, Progress.DONE),
        ({"done": READY}, Progress.DONE),
        ({"started": BEGUN, "dropped": "Doen wij al"}, Progress.DROPPED),
    ],
)
def test_days_and_a_reason_tell_how_far_a_measure_is(decided: dict[str, object], progress: Progress) -> None:
    assert line(**decided).progress is progress


def test_nothing_is_done_before_it_was_started() -> None:
    assert line(started=BEGUN, done=BEGUN).progress is Progress.DONE
    with pytest.raises(
        ValidationError, match=r"POS-1\.M1: gereed op een dag voor die waarop het is begonnen"
    ):
        line(started=READY, done=BEGUN)


def test_a_measure_is_done_or_dropped_and_not_both() -> None:
    with pytest.raises(ValidationError, match=r"POS-1\.M1: gereed en vervallen gaan niet samen"):
        line(done=READY, dropped="Doen wij al")


def test_a_pinned_quarter_is_written_as_people_write_it_and_read_back() -> None:
    pinned = line(pinned="2027-k3")

    assert pinned.pinned == Quarter(2027, 3)
    assert pinned.model_dump()["pinned"] == "2027-K3"
    assert PlanLine.model_validate(pinned.model_dump()) == pinned


def test_two_lines_differ_in_the_fields_that_people_decide_on_and_not_in_their_version() -> None:
    assert line(owner="Wijk", due=READY).differs_from(line(due=BEGUN)) == ("owner", "due")
    assert line(version=3).differs_from(line(version=4)) == ()


def test_every_field_that_is_decided_on_has_words_for_a_user() -> None:
    assert set(line().decided) == set(FIELD_WORDS)
    assert set(PlanLine.model_fields) - set(FIELD_WORDS) == {"house_id", "measure_id", "version"}


def test_without_texts_a_line_keeps_its_days_and_that_it_was_dropped() -> None:
    closed = line(owner="Wijk", remark="Eerst praten", started=BEGUN, dropped="Doen wij al").without_texts()

    assert closed == line(started=BEGUN, dropped=CLOSED)
    assert line(remark="Eerst praten").without_texts() == line()


@pytest.mark.parametrize("actor", Actor)
def test_houses_of_a_unit_share_the_police_unit_and_the_om_and_by_rules_1_its_districts(actor: Actor) -> None:
    shared = actor in {Actor.UNIT, Actor.DISTRICT, Actor.PROSECUTION}
    own, others = (find_resource(actor, each, Rules.ONE) for each in (HOUSE, NEIGHBOUR))

    assert (own == others) == shared
    assert str(own) == f"{actor.value} {'onze-eenheid' if shared else 'ons'}"
    if actor is not Actor.DISTRICT:
        assert find_resource(actor, HOUSE, Rules.TWO) == own


def test_houses_of_a_district_share_it_and_a_house_without_one_has_its_own() -> None:
    first, second = (each.model_copy(update={"districts": ("noord", "zuid")}) for each in (HOUSE, NEIGHBOUR))

    shared = find_resource(Actor.DISTRICT, first, Rules.TWO)

    assert shared == find_resource(Actor.DISTRICT, second, Rules.TWO) == Resource(Actor.DISTRICT, "noord")
    assert find_resource(Actor.DISTRICT, HOUSE, Rules.TWO) == Resource(Actor.DISTRICT, "ons")
    assert find_resource(Actor.DISTRICT, first, Rules.ONE) == Resource(Actor.DISTRICT, "onze-eenheid")


def test_what_was_not_decided_about_a_measure_is_an_empty_line() -> None:
    known = line(owner="Wijk")
    decided = Decisions(lines=(known,))

    assert find_line(decided, "ons", "POS-1.M1") is known
    assert find_line(decided, "buur", "POS-1.M1") == PlanLine(house_id="buur", measure_id="POS-1.M1")
    assert find_line(NOTHING_DECIDED, "ons", "POS-2.M1") == line("POS-2.M1")


def test_new_lines_and_capacities_take_the_place_of_what_was_decided_about_the_same() -> None:
    kept, old, new = line("POS-2.M1"), line(owner="Wijk"), line(owner="Zorg")
    few, many = (Capacity(actor=Actor.HOUSE, owner_id="ons", number=number) for number in (1, 5))
    decided = Decisions(lines=(old, kept), capacities=(few,))

    changed = decided.with_lines([new]).with_capacities([many])

    assert changed.lines == (new, kept)
    assert changed.capacity == {Resource(Actor.HOUSE, "ons"): many}
    assert decided.lines == (old, kept)


def test_what_others_decided_is_left_out_and_capacities_stay() -> None:
    own, other = line(), line().model_copy(update={"house_id": "buur"})
    agreed = [Agreed(house, "POS-1.M1", Quarter(2027, 1), Quarter(2027, 2)) for house in ("ons", "buur")]
    capacity = Capacity(actor=Actor.UNIT, owner_id="onze-eenheid", number=2)
    decided = Decisions(lines=(own, other), capacities=(capacity,), agreed=tuple(agreed))

    kept = decided.of_houses(["ons"])

    assert (kept.lines, kept.agreed, kept.capacities) == ((own,), (agreed[0],), (capacity,))


def test_without_texts_nothing_of_what_was_decided_can_be_read() -> None:
    decided = Decisions(lines=(line(owner="Wijk"), line("POS-2.M1", dropped="Doen wij al")))

    assert decided.without_texts().lines == (line(), line("POS-2.M1", dropped=CLOSED))


def adopted(measure_id: str, first: str | None, **changes: object) -> AdoptedMeasure:
    dull = {"measure_id": measure_id, "criterion_id": "POS-1", "actor": "basisteam", "why": "kan meteen"}
    status = Progress.DROPPED if first is None else Progress.PLANNED
    return AdoptedMeasure.model_validate(dull | {"first": first, "last": first, "status": status} | changes)


def baseline(*measures: AdoptedMeasure) -> Baseline:
    return Baseline(
        house_id="ons",
        number=2,
        adopted=datetime(2026, 11, 22, 12),  # noqa: DTZ001 - days and hours of the Netherlands
        submission_id="2026-najaar.ons.huis.1",
        frameworks=("proef@1.0",),
        sha256="0" * 64,
        begin=Quarter(2027, 1),
        measures=measures,
    )


def test_only_what_was_in_the_plan_was_agreed_on() -> None:
    plan = baseline(adopted("POS-1.M1", "2027-K2"), adopted("POS-1.M2", None, why="Doen wij al"))

    assert plan.baseline_id == "ons.2"
    assert plan.agreed == (Agreed("ons", "POS-1.M1", Quarter(2027, 2), Quarter(2027, 2)),)


def test_without_texts_an_adopted_plan_keeps_why_the_planner_chose_and_hides_why_people_dropped() -> None:
    plan = baseline(
        adopted("POS-1.M1", "2027-K2", owner="Wijk"), adopted("POS-1.M2", None, why="Doen wij al")
    )

    assert plan.without_texts() == baseline(
        adopted("POS-1.M1", "2027-K2"), adopted("POS-1.M2", None, why=CLOSED)
    )


def test_a_row_of_the_workbook_says_what_was_decided_in_one_line_each() -> None:
    written = describe_line(
        line(started=BEGUN, due=READY, remark="Eerst\n  praten"), Quarter(2027, 1), Quarter(2027, 2)
    )

    assert list(written) == list(FIELD_HEADINGS)
    assert {field: text for field, text in written.items() if text} == {
        "status": "bezig",
        "begin": "2027-K1",
        "end": "2027-K2",
        "due": "2027-03-01",
        "started": "2027-01-10",
        "remark": "Eerst praten",
    }


def test_a_measure_outside_the_plan_has_no_quarters_in_its_row() -> None:
    written = describe_line(line(dropped="Doen wij al"), None, None)

    assert (written["begin"], written["end"], written["dropped"]) == ("", "", "Doen wij al")
