"""The improvement plan as a calendar: read back line by line and by a library that did not write it."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import vobject
from icalendar import Calendar

from assessment.model.decisions import Agreed, PlanLine
from assessment.model.plan import Quarter
from assessment.model.scale import Actor, Perspective
from assessment.service.installation import Installation
from assessment.service.reports import PlanFile, list_written_kinds
from assessment.service.round_scores import Which
from assessment.tables.formats import format_day
from assessment.tables.house_plan import HousePlan, list_hand_overs
from assessment.tables.progress import format_span
from assessment.writers.calendar import write_calendar
from tests.conftest import NOW, Run
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what is written, not where it is kept

HOUSE = "veenrijk"


@pytest.fixture(scope="module")
def plan(opened: Installation) -> HousePlan:
    queries = reading(opened)
    return queries.find_house_plan(queries.find_roadmap(Which(None, Perspective.RECORD, HOUSE)), HOUSE)


def read_events(content: bytes) -> dict[str, dict[str, str]]:
    """Each event by its id: the value of every property, unfolded and without escapes."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    events: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            plain = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
            events[-1].setdefault(name.partition(";")[0], plain)
    return {event["UID"]: event for event in events}


def decide(plan: HousePlan, measure_id: str, **decided: object) -> HousePlan:
    line = PlanLine(house_id=HOUSE, measure_id=measure_id, **decided)
    return plan._replace(decisions=plan.decisions.with_lines([line]))


def test_there_is_one_event_for_each_deadline_and_each_hand_over(plan: HousePlan) -> None:
    events = read_events(write_calendar(plan))

    assert len(list_hand_overs(plan)) == 1
    keys = [*plan.measures["measure_id"], "LOS-2.M2.overdracht"]
    assert sorted(events) == sorted(f"{HOUSE}.{key}@kaderscan" for key in keys)


def test_a_deadline_is_the_last_day_of_its_quarter_unless_another_was_agreed(plan: HousePlan) -> None:
    row = plan.measures.iloc[0]
    key, last = row["measure_id"], plan.begin + int(row["last"])

    usual = read_events(write_calendar(plan))[f"{HOUSE}.{key}@kaderscan"]
    agreed = read_events(write_calendar(decide(plan, key, due=date(2027, 2, 3))))[f"{HOUSE}.{key}@kaderscan"]

    assert usual["DTSTART"] == f"{last.last_day:%Y%m%d}"
    span = format_span(plan.begin + int(row["first"]), last)
    assert f"Gepland, als niets tegenzit: {span} (" in usual["DESCRIPTION"]
    assert usual["DTEND"] == f"{last.last_day + timedelta(days=1):%Y%m%d}"
    assert agreed["DTSTART"] == "20270203"
    assert "Afgesproken voor 3 februari 2027" in agreed["DESCRIPTION"]


def test_an_event_says_from_which_plan_it_is_and_that_a_date_is_one_if_nothing_goes_wrong(
    plan: HousePlan,
) -> None:
    events = read_events(write_calendar(plan))

    made = f"Verbeterplan van {format_day(plan.basis.moment)}, op de antwoorden van {plan.round.title}."
    assert {event["DESCRIPTION"].splitlines()[-1] for event in events.values()} == {
        f"{made} {plan.texts.invented}"
    }
    assert all("als niets tegenzit" in event["DESCRIPTION"] for event in events.values())


def test_a_newer_file_has_the_same_ids_with_a_higher_version(plan: HousePlan) -> None:
    later = plan._replace(basis=plan.basis._replace(moment=NOW + timedelta(days=1)))

    old, new = read_events(write_calendar(plan)), read_events(write_calendar(later))

    assert old.keys() == new.keys()
    assert all(int(new[key]["SEQUENCE"]) > int(old[key]["SEQUENCE"]) >= 0 for key in old)


def test_what_is_in_the_plan_no_more_is_cancelled(plan: HousePlan) -> None:
    gone = plan.measures["measure_id"].iloc[0]
    agreed = (Agreed(HOUSE, gone, plan.begin, plan.begin + 2),)
    adopted = plan.basis._replace(adopted=SimpleNamespace(agreed=agreed))  # type: ignore[arg-type]
    smaller = plan._replace(measures=plan.measures.iloc[1:], basis=adopted)

    event = read_events(write_calendar(smaller))[f"{HOUSE}.{gone}@kaderscan"]

    assert event["STATUS"] == "CANCELLED"
    assert event["DTSTART"] == f"{(plan.begin + 2).last_day:%Y%m%d}"


def read_by_writer(content: bytes) -> dict[str, tuple[object, ...]]:
    """Each event by its id, as the library that wrote it reads it."""
    return {
        str(event["UID"]): (
            event.start,
            event.end,
            str(event["SUMMARY"]),
            str(event["DESCRIPTION"]),
            str(event["STATUS"]),
            str(event["SEQUENCE"]),
        )
        for event in Calendar.from_ical(content).events
    }


def read_by_another(content: bytes) -> dict[str, tuple[object, ...]]:
    """The same, as vobject reads it."""
    return {
        event.uid.value: (
            event.dtstart.value,
            event.dtend.value,
            event.summary.value,
            event.description.value,
            event.status.value,
            event.sequence.value,
        )
        for event in vobject.readOne(content.decode()).vevent_list
    }


def test_another_library_reads_the_whole_calendar_alike(plan: HousePlan) -> None:
    gone, key = plan.measures["measure_id"].iloc[:2]
    agreed = (Agreed(HOUSE, gone, plan.begin, plan.begin + 2),)
    adopted = plan.basis._replace(adopted=SimpleNamespace(agreed=agreed))  # type: ignore[arg-type]
    odd = decide(
        plan, key, remark="eerst; dan, \\ 👮 שלום " + "lang " * 40, owner="a: b", due=date(2028, 2, 29)
    )
    changed = odd._replace(measures=plan.measures.iloc[1:], basis=adopted)

    for content in map(write_calendar, (plan, changed)):
        known = read_by_writer(content)
        assert read_by_another(content) == known
        assert len(known) == len(plan.measures) + 1
        assert all(isinstance(start, date) for start, *_ in known.values())


def test_an_actor_gets_only_its_own(plan: HousePlan) -> None:
    own = plan.measures[plan.measures["actor"] == Actor.TEAM.value]["measure_id"]

    events = read_events(write_calendar(plan, Actor.TEAM))

    assert {key for key in events if "overdracht" not in key} == {f"{HOUSE}.{key}@kaderscan" for key in own}
    assert f"{HOUSE}.LOS-2.M2.overdracht@kaderscan" in events


def test_what_somebody_wrote_cannot_begin_a_line_of_its_own(plan: HousePlan) -> None:
    key = plan.measures["measure_id"].iloc[0]
    remark = "eerst bellen;\r\nEND:VEVENT\r\nBEGIN:VEVENT, 👮 שלום " + "lang " * 40

    content = write_calendar(decide(plan, key, remark=remark, owner="a, b; c"))

    assert content.split(b"\r\n").count(b"BEGIN:VEVENT") == len(plan.measures) + 1
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    told = read_events(content)[f"{HOUSE}.{key}@kaderscan"]["DESCRIPTION"]
    assert "👮 שלום" in told
    assert "a, b; c" in told


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2028, 2, 29), date(2027, 12, 31)])
def test_a_day_is_within_its_quarter(day: date) -> None:
    quarter = Quarter.of(day)

    assert quarter.first_day <= day <= quarter.last_day
    assert Quarter.of(quarter.first_day) == Quarter.of(quarter.last_day) == quarter


def test_a_command_writes_the_calendar_of_one_actor(
    runner: Run, opened: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", opened.settings.database_url)

    ended = runner("plan", "--house", HOUSE, "--format", "ics", "--actor", "District", "-o", tmp_path)
    refused = runner("plan", "--house", HOUSE, "--format", "ics", "--actor", "wijkagent", "-o", tmp_path)

    assert ended.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [f"verbeterplan_2026-najaar_{HOUSE}_district.ics"]
    assert refused.returncode == 2
    assert "'wijkagent' is niemand" in refused.stderr


def test_where_there_is_nothing_for_a_calendar_none_is_written(plan: HousePlan) -> None:
    idle = plan._replace(measures=plan.measures.head(0), dropped=plan.dropped.head(0))

    assert list_written_kinds(plan, PlanFile) == tuple(PlanFile)
    assert list_written_kinds(idle, PlanFile) == (PlanFile.XLSX, PlanFile.PDF, PlanFile.DOCX)
