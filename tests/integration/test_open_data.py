"""Open data: tables that say what they hold, and one file from which anybody computes the same digits."""

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest

from assessment.errors import FrameworkError, NotAllowedError
from assessment.model.access import Role
from assessment.model.answers import WITHHELD
from assessment.model.decisions import PlanLine
from assessment.model.exchange import list_frameworks, seal
from assessment.model.framework import Framework
from assessment.model.plan import Quarter
from assessment.model.register import Register
from assessment.model.scale import Perspective
from assessment.readers.framework import list_published, read_questionnaire
from assessment.service.installation import Installation
from assessment.service.reports import DATA_FILES
from assessment.service.round_scores import Which
from assessment.settings import HOME
from assessment.store.plans import put_lines
from assessment.writers.open_data import OpenData, list_dictionary, list_tables
from tests.conftest import Run
from tests.integration.test_groups import as_role
from tests.reading import reading, write_scores

pytestmark = pytest.mark.sqlite  # what leaves the store, not where things are kept
OPEN, CLOSED, FIRST = "2026-najaar", "2026-voorjaar", "2025-najaar"


def find_data(installation: Installation, round_id: str = OPEN, house_id: str | None = None) -> OpenData:
    return reading(installation).find_open_data(Which(round_id, Perspective.RECORD, house_id))


@pytest.fixture(scope="module")
def data(opened: Installation) -> OpenData:
    return find_data(opened)


@pytest.fixture
def file(data: OpenData, tmp_path: Path) -> Path:
    path = tmp_path / "kaderscan.json"
    path.write_bytes(DATA_FILES[".json"](data))
    return path


@pytest.mark.parametrize("round_id", [FIRST, CLOSED, OPEN])
def test_the_file_gives_the_same_digits_where_nothing_is_stored(
    run: Run, opened: Installation, tmp_path: Path, round_id: str
) -> None:
    scores = reading(opened).find_scores(Which(round_id, Perspective.RECORD))
    file = tmp_path / "kaderscan.json"
    file.write_bytes(DATA_FILES[".json"](find_data(opened, round_id)))

    ended = run("score", "--answers", file, "--format", "json")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == write_scores(scores)


def change(path: Path, part: str, act: Callable[[dict[str, Any]], object], *, sealed: bool) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    act(told)
    if sealed:
        told["seals"][part] = seal(told[part])
    path.write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize(
    ("part", "act"),
    [
        ("answers", lambda told: told["answers"]["terpmark"].update({"POS-1.1": "b"})),
        ("results", lambda told: told["results"]["houses"][0]["conformity"].update(low=1.0)),
        ("deviations", lambda told: told["deviations"].clear()),
        ("frameworks", lambda told: told["frameworks"][0].update(title="Een ander kader")),
    ],
)
def test_what_was_changed_after_it_was_made_is_told(
    run: Run, file: Path, part: str, act: Callable[[dict[str, Any]], object]
) -> None:
    change(file, part, act, sealed=False)

    ended = run("score", "--answers", file)

    assert ended.returncode != 0
    assert f"{file}: veranderd nadat het is gemaakt: {part}." in ended.stderr


@pytest.mark.parametrize(
    ("part", "act", "fault"),
    [
        (
            "results",
            lambda told: told["results"]["houses"][0]["conformity"].update(low=1.0),
            "bij deze antwoorden horen andere uitkomsten dan erin staan",
        ),
        (
            "answers",
            lambda told: told["answers"]["terpmark"].update({"POS-99.1": "a"}),
            "vragenlijst en antwoorden passen niet bij elkaar",
        ),
        (
            "answers",
            lambda told: told["answers"]["terpmark"].update({"POS-1.1": "z"}),
            "vragenlijst en antwoorden passen niet bij elkaar",
        ),
        (
            "frameworks",
            lambda told: told["frameworks"][0].pop("themes"),
            "vragenlijst en antwoorden passen niet bij elkaar",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_also_with_a_new_seal(
    run: Run, file: Path, part: str, act: Callable[[dict[str, Any]], object], fault: str
) -> None:
    change(file, part, act, sealed=True)

    ended = run("score", "--answers", file)

    assert ended.returncode != 0
    assert fault in ended.stderr


@pytest.mark.parametrize("content", ["", "[]", '{"answers": {}}', "geen json"])
def test_another_file_is_no_open_data(run: Run, tmp_path: Path, content: str) -> None:
    file = tmp_path / "iets.json"
    file.write_text(content, encoding="utf-8")

    ended = run("score", "--answers", file)

    assert ended.returncode != 0
    assert f"{file}: geen open data van Kaderscan" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_file_that_scores_anew_takes_no_other_rules_or_questions(run: Run, file: Path) -> None:
    asked = run("score", "--answers", file, "--rules", "1")

    assert asked.returncode == 2
    assert "In een .json staat al waarmee is gescoord" in asked.stderr


def test_every_published_framework_is_the_same_after_it_was_written() -> None:
    for path in list_published(HOME / "questionnaires"):
        asked = read_questionnaire([path])

        (told,) = json.loads(json.dumps(list_frameworks(asked)))

        assert Framework.model_validate(told) == asked.frameworks[0]


def test_every_column_is_in_the_dictionary_and_csv_and_parquet_hold_the_same(data: OpenData) -> None:
    tables = list_tables(data)
    with ZipFile(BytesIO(DATA_FILES[".zip"](data))) as bundle:
        words = pd.read_csv(bundle.open("woordenboek.csv"), sep=";")
        csv = {
            name: pd.read_csv(bundle.open(f"csv/{name}.csv"), sep=";", decimal=",", keep_default_na=False)
            for name in tables
        }
        parquet = {name: pd.read_parquet(BytesIO(bundle.read(f"parquet/{name}.parquet"))) for name in tables}

    assert set(zip(words["tabel"], words["kolom"], strict=True)) == {
        (name, column) for name, table in tables.items() for column in table
    }
    assert words[["Nederlands", "English", "soort"]].notna().all(axis=None)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(parquet[name], table, check_dtype=False)
        assert list(csv[name]) == list(table)
        assert len(csv[name]) == len(table), name
        assert len(table) > 0 or name == "uitloop"  # of the demo nothing is as late as that
    shares = pd.to_numeric(csv["criteria"]["low"].astype(str).str.replace(",", "."), errors="coerce")
    pd.testing.assert_series_equal(shares, data.criteria["low"], check_names=False)


def test_the_same_data_give_the_same_bytes(data: OpenData) -> None:
    for write in DATA_FILES.values():
        assert write(data) == write(data)


def test_a_column_without_words_and_words_without_a_column_are_refused(data: OpenData) -> None:
    tables = list_tables(data)
    tables["huizen"] = tables["huizen"].rename(columns={"answered": "gevraagd"})

    with pytest.raises(FrameworkError) as refusal:
        list_dictionary(tables, data.texts)

    assert str(refusal.value) == (
        "open_data.yaml, tables: onbekend: huizen.answered; ontbreekt: huizen.gevraagd."
    )


def test_a_manager_takes_the_own_house_along_and_no_group_that_is_open(opened: Installation) -> None:
    found = find_data(as_role(opened, Role.MANAGER, "veenrijk"))

    assert set(found.exchange.answers) == {"veenrijk"}
    for name, table in list_tables(found).items():
        if "house_id" in table:
            assert set(table["house_id"]) <= {"veenrijk", ""}, name
    assert found.groups.empty
    assert not find_data(as_role(opened, Role.MANAGER, "veenrijk"), CLOSED).groups.empty


def test_every_house_says_whose_version_of_which_day_it_is(opened: Installation, data: OpenData) -> None:
    scores = reading(opened).find_scores(Which(OPEN, Perspective.RECORD))
    told = {row["house_id"]: row for row in list_tables(data)["huizen"].to_dict("records")}

    assert told["terpmark"]["handed_in"] == "2026-11-22"
    assert scores.submissions == {
        house_id: f"{OPEN}.{house_id}.{row['perspective']}.{row['version']}" for house_id, row in told.items()
    }


def list_texts(tables: dict[str, pd.DataFrame], house_id: str) -> list[str]:
    """All that was written freely about a house, table by table."""
    fields = {
        "toelichtingen": ("explanation", "evidence"),
        "afwijkingen": ("reason", "agreed_by"),
        "besluiten": ("owner", "dropped", "remark"),
    }
    return [
        text
        for name, columns in fields.items()
        for column in columns
        for text in tables[name].loc[tables[name]["house_id"] == house_id, column]
        if text
    ]


def test_texts_are_for_who_may_read_those_of_the_house(demo: Installation) -> None:
    """The unit reads what its houses wrote; the country what a house shares, and of others only when."""
    texts = {"owner": "De buurtregisseur", "remark": "Eerst overleggen", "due": date(2027, 3, 1)}
    line = PlanLine(house_id="ijpoort", measure_id="POS-2.M2", pinned=Quarter(2027, 4), quarters=3, **texts)
    with demo.store.writing() as session:
        put_lines(session, [line])
    unit, country = (
        list_tables(find_data(as_role(demo, *role), house_id="ijpoort"))
        for role in ((Role.UNIT, demo.register().house["ijpoort"].unit_id), (Role.COUNTRY,))
    )

    assert {"De buurtregisseur", "Eerst overleggen", "stuurgroep"} <= set(list_texts(unit, "ijpoort"))
    assert set(list_texts(country, "ijpoort")) == {WITHHELD}
    assert country["toelichtingen"].empty
    for tables in (unit, country):
        (agreed,) = tables["afwijkingen"].to_dict("records")
        assert (agreed["criterion_id"], agreed["until"]) == ("KAD-2", "2027-06-30")
        (decided,) = tables["besluiten"].to_dict("records")
        assert (decided["pinned"], decided["quarters"], decided["due"]) == ("2027-K4", "3", "2027-03-01")
        assert (decided["started"], decided["taken"]) == ("", False)


def test_the_inventory_is_for_who_may_see_groups(opened: Installation, data: OpenData) -> None:
    open_to_managers = find_data(as_role(opened, Role.MANAGER, "veenrijk"), CLOSED)
    counted = list_tables(data)["inventarisatie"].groupby("question_id")["houses"].sum()

    assert list_tables(find_data(as_role(opened, Role.MANAGER, "veenrijk")))["inventarisatie"].empty
    assert not list_tables(open_to_managers)["inventarisatie"].empty
    assert set(counted) == {len(data.totals)}


def test_what_is_to_be_done_beside_measures_is_that_of_the_plan(opened: Installation, data: OpenData) -> None:
    steps = reading(opened).find_roadmap(Which(OPEN, Perspective.RECORD)).steps

    pd.testing.assert_frame_equal(list_tables(data)["stappen"], steps)


def test_an_administrator_takes_no_answers_along(opened: Installation) -> None:
    with pytest.raises(NotAllowedError):
        find_data(as_role(opened, Role.ADMINISTRATOR))


def test_a_name_is_never_taken_for_a_formula(opened: Installation, data: OpenData) -> None:
    house = opened.register().house["terpmark"].model_copy(update={"title": "=1+1"})
    houses = [house if each.house_id == "terpmark" else each for each in data.register.houses]
    told = data.register.model_dump(include=set(Register.model_fields)) | {"houses": houses}
    named = data._replace(register=Register.model_validate(told))

    with ZipFile(BytesIO(DATA_FILES[".zip"](named))) as bundle:
        text = bundle.read("csv/huizen.csv").decode("utf-8-sig")

    assert ";=1+1" not in text
    assert "=1+1" in text


def test_a_command_writes_both_and_the_trail_tells(
    run: Run, opened: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", opened.settings.database_url)

    ended = [run("data", "--house", "terpmark", "-o", tmp_path / f"x{end}") for end in DATA_FILES]
    refused = run("data", "-o", tmp_path / "x.txt")

    assert [each.returncode for each in ended] == [0, 0]
    assert refused.returncode == 2
    assert "eindigt op .zip of .json" in refused.stderr
    told = [line for line in reading(opened).write_trail() if f"data/{OPEN} terpmark" in line]
    assert len(told) == 2
