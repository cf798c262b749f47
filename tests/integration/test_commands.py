"""What the command line refuses, and what it prints, beyond the way of a user in e2e/."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import click
import pytest

from assessment.cli.main import Announced, commands
from assessment.model.plan import Quarter
from assessment.settings import HOME
from tests.conftest import Run

POLITIE = HOME / "questionnaires" / "politie" / "1.0.yaml"
OPEN = ("round", "open", "2027", "--title", "voorjaar 2027", "--framework", "politie/1.0")
DAYS = ("--opens", "2027-03-01", "--closes", "2027-05-31")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--house", "veenrijk", "--unit", "limburg"), "Kies één van --house en --unit."),
        (("--framework", POLITIE, "--answers", "x.csv", "--house", "x"), "horen --house, --unit en --round"),
        (("--framework", POLITIE, "--answers", "x.csv", "--unit", "x"), "horen --house, --unit en --round"),
        (("--framework", POLITIE, "--answers", "x.csv", "--round", "x"), "horen --house, --unit en --round"),
    ],
)
def test_score_never_ignores_a_choice(on_demo: Run, words: tuple[object, ...], message: str) -> None:
    ended = on_demo("score", *words)

    assert ended.returncode == 2
    assert message in ended.stderr


def test_a_roadmap_names_the_same_quarters_in_csv_as_in_json(on_demo: Run) -> None:
    rows = list(csv.DictReader(StringIO(on_demo("roadmap", "--house", "veenrijk", "--format", "csv").stdout)))
    result = json.loads(on_demo("roadmap", "--house", "veenrijk", "--format", "json").stdout)

    assert [(row["first"], row["last"]) for row in rows] == [
        (each["first"], each["last"]) for each in result["measures"] if each["first"]
    ]
    assert rows


def test_a_roadmap_as_json_never_leaks_a_quarter_before_its_start(on_demo: Run) -> None:
    result = json.loads(on_demo("roadmap", "--all", "--format", "json").stdout)

    told = [each["quarter"] for each in result["conformity"]]
    assert min(told) == result["start"]
    assert min(each["first"] for each in result["measures"] if each["status"] == "planned") == result["start"]
    begun = [each for each in result["measures"] if each["first"] and each["first"] < result["start"]]
    assert {each["status"] for each in begun} == {"done", "busy"}


def test_opening_a_round_tells_which_houses_it_leaves_out_and_why(run: Run) -> None:
    run("house", "import", HOME / "data" / "houses.csv")

    told = run(*OPEN, *DAYS).stdout.splitlines()

    assert told[0] == "Ronde 2027 is geopend voor 27 huizen."
    assert len(told) == 1 + 5
    assert (
        "Veiligheidshuis Alkmaar doet niet mee: het bestond tot en met 31 december 2013 en ging op in "
        "noord-holland-noord." in told
    )


def test_opening_a_round_for_a_house_that_is_yet_to_begin(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "huizen.csv"
    lines = [
        "house_id,title,unit_id,valid_from,valid_to",
        "a,Huis A,limburg,,",
        "b,Huis B,limburg,2028-01-01,",
    ]
    file.write_text("\n".join([*lines, "c,Huis C,limburg,,2020-01-01"]), encoding="utf-8")
    run("house", "import", file)

    told = run(*OPEN, *DAYS).stdout.splitlines()

    assert told == [
        "Ronde 2027 is geopend voor 1 huis.",
        "Huis B doet niet mee: het begint op 1 januari 2028.",
        "Huis C doet niet mee: het bestond tot en met 1 januari 2020.",
    ]


def test_a_round_for_a_house_that_is_named_twice_is_refused(on_demo: Run) -> None:
    ended = on_demo(*OPEN, *DAYS, "--house", "veenrijk", "--house", "terpmark", "--house", "veenrijk")

    assert ended.returncode == 9
    assert "huizen komen dubbel voor: veenrijk" in ended.stderr


def test_a_day_that_is_none_is_told_with_how_to_write_one(run: Run) -> None:
    ended = run(*OPEN, "--opens", "1 maart", "--closes", "2027-05-31")

    assert ended.returncode == 2
    assert "'1 maart' is geen dag; schrijf bijvoorbeeld 1-3-2027" in ended.stderr


def every_command(group: click.Group, *way: str) -> Iterator[tuple[str, ...]]:
    for name, announced in group.commands.items():
        member = announced.load() if isinstance(announced, Announced) else announced
        yield (*way, name)
        if isinstance(member, click.Group):
            yield from every_command(member, *way, name)


@pytest.mark.sqlite
@pytest.mark.parametrize("words", list(every_command(commands)), ids=" ".join)
def test_no_help_text_has_a_word_of_the_library(run: Run, words: tuple[str, ...]) -> None:
    shown = run(*words, "--help").stdout

    for english in ("TEXT", "INTEGER", "RANGE", "%Y", "PATH", "FILENAME", "FILE"):
        assert english not in shown


@pytest.mark.sqlite
def test_the_forecast_tells_of_all_houses_together_and_of_each(on_demo: Run) -> None:
    told = json.loads(on_demo("forecast", "--unit", "noord-nederland", "--format", "json").stdout)

    assert list(told) == ["start", "horizon", "estimates", "phases", "by_framework_at_80", "steps"]
    assert set(told["estimates"][0]) == {*("house_id", "subject", "likely", "at_80", "if_nothing_goes_wrong")}
    assert {each["house_id"] for each in told["estimates"]} == {None, "terpmark", "veenrijk", "waddehorst"}
    assert all(each["likely"] <= each["at_80"] for each in told["estimates"])
    last = [each for each in told["phases"] if each["quarter"] == told["phases"][-1]["quarter"]]
    assert {each["phase"]: each["houses"] for each in last} == {
        "pioneering": 0,
        "transition": 0,
        "by_framework": 3,
    }
    assert "schatting" in on_demo("forecast", "--house", "terpmark").stdout


@pytest.mark.sqlite
def test_what_if_puts_two_plans_side_by_side(on_demo: Run) -> None:
    words = ("whatif", "--unit", "noord-nederland", "--capacity", "politie-eenheid=1")
    told = json.loads(on_demo(*words, "--format", "json").stdout)

    assert list(told) == ["start", "horizon", "late_hard_norms", "ends", "criteria", "makes_room"]
    assert told["ends"][0]["house_id"] is None
    for each in (*told["ends"], *told["criteria"]):
        assert Quarter.parse(each["tried"]) - Quarter.parse(each["present"]) == each["difference"]
    assert max(each["difference"] for each in told["ends"]) > 8
    shown = on_demo(*words).stdout
    assert "kwartalen later" in shown
    assert "te weinig capaciteit bij de politie-eenheid (1 tegelijk)" in shown


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("whatif",), 2, "Kies één van --house, --unit of --all."),
        (("whatif", "--house", "veenrijk", "--national", "XYZ-1"), 11, "Onbekend criterium: XYZ-1."),
        (("whatif", "--house", "veenrijk", "--capacity", "gemeenten=0"), 11, "ten minste 1"),
        (("forecast", "--unit", "atlantis"), 13, "Eenheid 'atlantis' bestaat niet."),
    ],
)
def test_looking_ahead_refuses_in_one_dutch_line(
    on_demo: Run, words: tuple[str, ...], code: int, message: str
) -> None:
    ended = on_demo(*words)

    assert (ended.returncode, message in ended.stderr) == (code, True)
    assert "Traceback" not in ended.stderr
