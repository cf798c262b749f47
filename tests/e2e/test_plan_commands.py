"""Steering by a plan from the command line."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.conftest import Ended, Run

pytestmark = pytest.mark.sqlite

TAKES, STOPS = "LOS-2.M1", "LOS-2.M2"
HOUSE = ("--house", "veenrijk")


def plan(run: Run, *words: str) -> dict[str, dict[str, object]]:
    """The measures of the plan of one house by their number."""
    printed = run("roadmap", *HOUSE, "--format", "json", *words)
    assert printed.returncode == 0, printed.stderr
    return {each["measure_id"]: each for each in json.loads(printed.stdout)["measures"]}


def show(run: Run) -> dict[str, dict[str, str]]:
    printed = run("plan", "show", *HOUSE, "--format", "csv")
    return {row["Nr."]: row for row in csv.DictReader(StringIO(printed.stdout))}


def decide(run: Run, measure_id: str, *words: str) -> Ended:
    return run("plan", "set", *HOUSE, "--measure", measure_id, *words)


def test_a_pin_is_tried_without_being_kept(on_demo: Run) -> None:
    tried = plan(on_demo, "--pin", f"{TAKES}=2029-K1", "--capacity", "Veiligheidshuis=4")

    assert (tried[TAKES]["first"], tried[TAKES]["why"]) == ("2029-K1", "vastgezet")
    assert plan(on_demo)[TAKES]["first"] != "2029-K1"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--pin", "LOS-2.M1=ooit"], "--pin 'LOS-2.M1=ooit' klopt niet: 'ooit' is geen kwartaal"),
        (["--pin", "LOS-2.M1=2020-K1"], "vastzetten op 2020-K1 kan niet: dat is voorbij"),
        (["--pin", "ABC-1.M1=2028-K1"], "Maatregel 'ABC-1.M1' staat niet in"),
        (["--pin", "LOS-2.M2=2027-K1"], "Deze wens kan niet: LOS-2.M2"),
        (["--capacity", "district=0"], "Capaciteit moet ten minste 1 zijn: district=0."),
    ],
)
def test_what_cannot_be_tried_is_told_in_one_line(on_demo: Run, words: list[str], told: str) -> None:
    refused = on_demo("roadmap", *HOUSE, *words)

    assert refused.returncode == 11
    assert told in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_measure_is_decided_on_followed_and_done(on_demo: Run) -> None:
    assert "plan 1 vastgesteld" in on_demo("plan", "adopt", *HOUSE).stdout

    changed = decide(on_demo, TAKES, "--pin", "2029-K1", "--owner", "Coördinator")
    later = show(on_demo)[TAKES]
    decide(on_demo, TAKES, "--clear", "pin", "--start", "2026-10-01", "--done", "2026-11-22")
    done = show(on_demo)[TAKES]

    assert "2029-K1" in changed.stdout
    assert later["Wie"] == "Coördinator"
    assert "later dan vastgesteld" in later["Let op"]
    assert (done["Status"], done["Versie"]) == ("✓\N{NO-BREAK SPACE}gereed", "2")
    assert done["Let op"] == "gereed, nog niet opnieuw beoordeeld"
    assert done["Werkelijk"] == "begonnen 1 oktober 2026, gereed 22 november 2026"
    assert plan(on_demo)[TAKES]["status"] == "done"


def test_what_is_dropped_shows_its_reason(on_demo: Run) -> None:
    decide(on_demo, STOPS, "--drop", "De politie blijft dit nog doen.")

    dropped = plan(on_demo)[STOPS]

    assert (dropped["status"], dropped["first"]) == ("dropped", None)
    assert dropped["why"] == "De politie blijft dit nog doen."
    assert "De politie blijft dit nog doen." in on_demo("roadmap", *HOUSE).stdout


def test_who_saw_an_older_version_is_told_both_values(on_demo: Run) -> None:
    decide(on_demo, TAKES, "--owner", "Anna", "--seen", "0")

    refused = decide(on_demo, TAKES, "--owner", "Bert", "--seen", "0")

    assert refused.returncode == 23
    assert "wie: nu 'Anna', van u 'Bert'" in refused.stderr


def test_what_may_be_about_a_citizen_is_stored_only_when_somebody_says_that_it_is_not(on_demo: Run) -> None:
    words = ("--remark", "Bel 06-12345678")

    asked = decide(on_demo, TAKES, *words)
    stored = decide(on_demo, TAKES, *words, "--accept")

    assert (asked.returncode, stored.returncode) == (11, 0)
    assert "lijkt een telefoonnummer" in asked.stderr
    assert "Er is niets bewaard." in asked.stderr
    assert "06-12345678" not in asked.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--pin", "2029-K1", "--clear", "pin"], 2),
        (["--drop", ""], 11),
        (["--pin", "2029"], 11),
        (["--quarters", "40"], 11),
    ],
)
def test_a_decision_that_says_nothing_or_cannot_be_is_refused(
    on_demo: Run, words: list[str], code: int
) -> None:
    assert decide(on_demo, TAKES, *words).returncode == code


def test_plans_are_still_written_as_files(on_demo: Run, tmp_path: Path) -> None:
    assert on_demo("plan", *HOUSE, "-o", tmp_path).returncode == 0
    assert on_demo("plan", *HOUSE).returncode == 2
    assert len(list(tmp_path.glob("*.xlsx"))) == 1


def capacities(run: Run, *words: str) -> dict[str, dict[str, object]]:
    printed = run("plan", "capacity", *words, "--format", "json")
    assert printed.returncode == 0, printed.stderr
    return {each["actor"]: each for each in json.loads(printed.stdout)["capacities"]}


def test_a_capacity_is_set_shown_and_planned_with(on_demo: Run) -> None:
    before = plan(on_demo)

    done = on_demo("plan", "capacity", *HOUSE, "--set", "gemeenten=1", "--set", "Veiligheidshuis=1")

    assert "Veiligheidshuis Veenrijk" in done.stdout
    assert capacities(on_demo, *HOUSE)["gemeenten"] == {
        "actor": "gemeenten",
        "owner_id": "veenrijk",
        "number": 1,
        "usual": 2,
        "version": 1,
    }
    assert plan(on_demo) != before
    assert plan(on_demo, "--capacity", "gemeenten=2", "--capacity", "Veiligheidshuis=3") == before
    assert "Dit stond er al" in on_demo("plan", "capacity", *HOUSE, "--set", "gemeenten=1").stdout


def test_what_houses_share_is_set_for_their_unit(on_demo: Run) -> None:
    unit = ("--unit", "noord-nederland")

    on_demo("plan", "capacity", *unit, "--set", "OM=1")

    assert [*capacities(on_demo, *unit)] == ["politie-eenheid", "OM", "district"]
    assert capacities(on_demo, *HOUSE)["OM"]["number"] == 1
    assert "alle huizen van Eenheid Noord-Nederland" in on_demo("plan", "capacity", *HOUSE).stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--house", "veenrijk", "--set", "OM=1"], 11, "Geef --unit noord-nederland in plaats van --house"),
        (["--unit", "noord-nederland", "--set", "gemeenten=1"], 11, "Geef --house in plaats van --unit"),
        (["--house", "veenrijk", "--set", "gemeenten=0"], 11, "moet ten minste 1 zijn: gemeenten=0."),
        (["--house", "veenrijk", "--set", "buren=3"], 11, "--set 'buren=3' klopt niet. Schrijf WIE=N"),
        (["--house", "veenrijk", "--set", "gemeenten=1", "--seen", "4"], 23, "intussen door iemand anders"),
        (["--house", "nergens"], 5, "staat niet in het register"),
        (["--unit", "nergens"], 13, "Eenheid 'nergens' bestaat niet"),
        ([], 2, "Kies één van --house en --unit."),
        (["--house", "veenrijk", "--seen", "1"], 2, "--seen hoort bij één --set."),
    ],
)
def test_a_capacity_that_cannot_be_set_is_told_in_one_line(
    on_demo: Run, words: list[str], code: int, told: str
) -> None:
    refused = on_demo("plan", "capacity", *words)

    assert told in refused.stderr
    assert (refused.returncode, refused.stderr.count("\n")) == (code, 1)


TRIED = (
    "--capacity",
    "gemeenten=1",
    "--pin",
    "POS-9.M2=2029-K1",
    "--drop",
    "KAD-5.M1",
    "--national",
    "INF-3",
)


def test_a_what_if_is_kept_when_it_is_adopted(on_demo: Run) -> None:
    done = on_demo("whatif", *HOUSE, *TRIED, "--adopt", "--reason", "Dat doen wij al")

    assert done.returncode == 0
    assert "- Capaciteit van de gemeenten (Veiligheidshuis Veenrijk): 2 → 1" in done.stdout
    assert "de planner kiest → vastgezet op 2029-K1" in done.stdout
    assert "(Veiligheidshuis Veenrijk): gepland → vervallen" in done.stdout
    assert "Een landelijke actie (INF-3) wordt niet bewaard" in done.stdout
    kept = plan(on_demo)
    assert (kept["POS-9.M2"]["first"], kept["KAD-5.M1"]["first"]) == ("2029-K1", None)
    assert "INF-3.M1" in kept
    assert capacities(on_demo, *HOUSE)["gemeenten"]["number"] == 1


def test_what_is_adopted_is_told_beside_what_a_machine_reads(on_demo: Run) -> None:
    done = on_demo("whatif", *HOUSE, "--capacity", "gemeenten=1", "--adopt", "--format", "json")

    assert json.loads(done.stdout)["horizon"] == 12
    assert done.stderr.startswith("Overgenomen:\n- Capaciteit van de gemeenten")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([*TRIED, "--adopt"], 11, "Laten vervallen vraagt een reden: KAD-5.M1."),
        (["--national", "INF-3", "--adopt"], 11, "Er is niets om over te nemen"),
        (["--drop", "KAD-5.M1", "--reason", "Dat doen wij al"], 2, "--reason hoort bij --adopt."),
    ],
)
def test_a_what_if_that_cannot_be_adopted_is_told_in_one_line(
    on_demo: Run, words: list[str], code: int, told: str
) -> None:
    refused = on_demo("whatif", *HOUSE, *words)

    assert told in refused.stderr
    assert (refused.returncode, refused.stderr.count("\n")) == (code, 1)
    assert plan(on_demo)["KAD-5.M1"]["first"] is not None


def follow(run: Run) -> dict[str, dict[str, object]]:
    printed = run("plan", "show", *HOUSE, "--format", "json")
    assert printed.returncode == 0, printed.stderr
    followed = json.loads(printed.stdout)
    assert (followed["house_id"], followed["start"], followed["horizon"]) == ("veenrijk", "2027-K1", 12)
    return {"adopted": followed["adopted"], **{each["measure_id"]: each for each in followed["measures"]}}


def test_the_followed_plan_is_there_for_machines(on_demo: Run) -> None:
    before = follow(on_demo)
    assert before["adopted"] is None
    on_demo("plan", "adopt", *HOUSE)
    decide(on_demo, TAKES, "--pin", "2029-K1", "--owner", "Coördinator")
    decide(on_demo, "KAD-5.M1", "--drop", "Dat doen wij al")

    after = follow(on_demo)

    assert after["adopted"]["number"] == 1
    assert after[TAKES] == {
        **before[TAKES],
        "adopted": before[TAKES]["planned"],
        "planned": {"first": "2029-K1", "last": after[TAKES]["planned"]["last"]},
        "pinned": "2029-K1",
        "owner": "Coördinator",
        "version": 1,
        "notes": after[TAKES]["notes"],
    }
    assert "later dan vastgesteld" in after[TAKES]["notes"][0]
    assert [*after[TAKES]] == [
        *("measure_id", "criterion_id", "actor", "status", "adopted", "planned", "version", "pinned"),
        *("quarters", "owner", "due", "started", "done", "dropped", "remark", "taken", "notes"),
    ]
    gone = after["KAD-5.M1"]
    assert (gone["status"], gone["planned"], gone["dropped"]) == ("dropped", None, "Dat doen wij al")
