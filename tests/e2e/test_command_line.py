"""The command line as its users run it: in a process of its own, with its own database."""

import csv
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from assessment.readers.framework import read_questionnaire
from assessment.settings import HOME
from tests import reference
from tests.conftest import Run

PUBLISHED = [HOME / "questionnaires" / name / "1.0.yaml" for name in ("politie", "landelijk-kader")]


def test_the_program_itself_ends_with_the_code_and_the_line_of_a_fault(tmp_path: Path) -> None:
    environment = os.environ | {"KADERSCAN_DATABASE_URL": f"sqlite:///{(tmp_path / 'x.sqlite').as_posix()}"}
    command = [sys.executable, "-m", "assessment", "score"]

    ended = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)

    assert ended.returncode == 6
    assert ended.stderr.startswith("Er is nog geen ronde.")


def test_the_way_of_a_house_from_template_to_plan(on_demo: Run, tmp_path: Path) -> None:
    file = tmp_path / "in" / "waterwolde.xlsx"
    assert on_demo("template", "--house", "waterwolde", "--round", "2026-najaar", "-o", file).returncode == 0
    book = load_workbook(file)
    for sheet, cell, answer in (
        ("LOS", "D5", "Ja, voor alle"),
        ("LOS", "D6", "Voor een deel"),
        ("LOS", "D7", "Ja"),
        ("INV", "D5", "Ja, allemaal"),
        ("INV", "D6", "Ja, bij u met naam bekend"),
    ):
        book[sheet][cell] = answer
    book.save(file)

    checked = on_demo("check", file)
    loaded = on_demo("load", file)
    scored = json.loads(on_demo("score", "--house", "waterwolde", "--format", "json").stdout)["houses"][0]
    planned = on_demo("plan", "--house", "waterwolde", "-o", tmp_path / "uit")

    assert "5 van 120 vragen beantwoord" in checked.stdout
    assert "2026-najaar.waterwolde.huis.2: bewaard." in loaded.stdout
    criteria = {each["criterion_id"]: each for each in scored["criteria"]}
    assert (criteria["LOS-1"]["low"], criteria["LOS-1"]["high"], criteria["LOS-1"]["verdict"]) == (
        0.5,
        0.5,
        "partly",
    )
    assert criteria["INV-1"]["verdict"] == "meets"
    assert criteria["LOS-2"] == {"criterion_id": "LOS-2", "low": 0.0, "high": 1.0, "verdict": "undetermined"}
    assert scored["conformity"]["low"] == pytest.approx(1.5 / 26)
    assert scored["completeness"] == {"answered": 5, "applicable": 120}
    assert planned.returncode == 0
    assert [file.name for file in (tmp_path / "uit").iterdir()] == [
        "verbeterplan_2026-najaar_waterwolde.xlsx"
    ]


def test_one_bad_file_never_stops_the_others(on_demo: Run, tmp_path: Path) -> None:
    good = HOME / "data" / "demo" / "2026-najaar" / "2026-najaar_hofduin_huis.xlsx"
    bad = tmp_path / "brief.xlsx"
    bad.write_text("Geachte heer, mevrouw", encoding="utf-8")

    loaded = on_demo("load", bad, good)

    assert loaded.returncode == 3
    assert "brief.xlsx: dit is geen vragenlijst van Kaderscan" in loaded.stderr
    assert "2 bestanden: 1 niet in orde, 1 was al bewaard." in loaded.stderr
    assert "was al bewaard" in loaded.stdout


def test_a_thousand_random_houses_score_as_the_naive_reference(run: Run, tmp_path: Path) -> None:
    asked = read_questionnaire(PUBLISHED)
    dice = np.random.default_rng(1)
    letters = {q.question_id: ["", *(letter for letter, _ in q.lettered)] for q in asked.questions}
    given = {
        f"huis-{n}": {key: str(dice.choice(options)) for key, options in letters.items()} for n in range(1000)
    }
    table = tmp_path / "antwoorden.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["house_id", "question_id", "option_id"])
        writer.writerows([house, key, option] for house, row in given.items() for key, option in row.items())

    scored = run(
        "score",
        *(word for path in PUBLISHED for word in ("--framework", path)),
        "--answers",
        table,
        "--format",
        "json",
    )

    result = json.loads(scored.stdout)
    assert result["framework"]["sha256"] == asked.sha256
    assert [house["house_id"] for house in result["houses"]] == list(given)
    for house in result["houses"]:
        expected = reference.score_house(asked, given[house["house_id"]])
        assert tuple(house["conformity"].values()) == pytest.approx(expected.conformity)
        assert house["hard_norms"] == expected.hard_norms
        assert house["phase"] == expected.phases
        assert house["completeness"] == {"answered": expected.answered, "applicable": expected.applicable}
        assert {c["criterion_id"]: c["verdict"] for c in house["criteria"]} == {
            key: verdict for key, (_, verdict) in expected.criteria.items()
        }
        themes = {t["theme_id"]: (t["low"], t["high"]) for t in house["themes"]}
        assert themes.keys() == expected.themes.keys()
        for theme_id, ends in expected.themes.items():
            assert themes[theme_id] == (pytest.approx(ends) if ends else (None, None))


def test_a_table_is_read_from_parquet_and_with_deviations(run: Run, tmp_path: Path) -> None:
    answers, agreed = tmp_path / "antwoorden.parquet", tmp_path / "anders.csv"
    pd.DataFrame({"house_id": ["x"], "question_id": ["POS-2.1"], "option_id": ["c"]}).to_parquet(answers)
    agreed.write_text(
        "house_id,criterion_id,reason,agreed_by,until\nx,POS-2,afspraak,stuurgroep,2099-12-31\n",
        encoding="utf-8",
    )

    scored = run(
        *("score", "--framework", PUBLISHED[0], "--answers", answers),
        *("--deviations", agreed, "--format", "csv"),
    )

    assert "x,POS-2,1.0,1.0,explained" in scored.stdout


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("x,POS-99.1,a", "regel 2: onbekende vraag 'POS-99.1'."),
        ("x,POS-1.1,z", "regel 2: 'z' is geen keuze bij POS-1.1."),
        ("x,POS-1.1,a\nx,POS-1.1,b", "regel 3: POS-1.1 staat er twee keer voor dit huis."),
        (",POS-1.1,a", "regel 2: house_id is leeg."),
    ],
)
def test_a_table_that_is_not_understood_is_told_by_line(
    run: Run, tmp_path: Path, rows: str, fault: str
) -> None:
    table = tmp_path / "antwoorden.csv"
    table.write_text(f"house_id;question_id;option_id\n{rows.replace(',', ';')}\n", encoding="utf-8")

    refused = run("score", "--framework", PUBLISHED[0], "--answers", table)

    assert refused.returncode == 10
    assert fault in refused.stderr


def test_the_roadmap_as_json_keeps_its_contract(on_demo: Run) -> None:
    result = json.loads(on_demo("roadmap", "--house", "veenrijk", "--format", "json").stdout)

    assert list(result) == [
        *("status", "gap", "start", "horizon", "measures", "criteria", "conformity", "dates", "steps"),
    ]
    assert (result["status"], result["gap"], result["start"], result["horizon"]) == (
        "optimal",
        0.0,
        "2027-K1",
        12,
    )
    assert set(result["measures"][0]) == {
        *("measure_id", "criterion_id", "house_id", "actor", "first", "last", "slack", "status", "why"),
    }
    assert result["conformity"][-1]["low"] == 1.0
    assert {each["finish"] for each in result["criteria"]} <= {each["last"] for each in result["measures"]}


def test_with_capacity_one_the_plan_says_who_it_waits_for(on_demo: Run) -> None:
    narrow = json.loads(
        on_demo(
            "roadmap", "--house", "waterwolde", "--capacity", "politie-eenheid=1", "--format", "json"
        ).stdout
    )

    assert any(
        each["why"].startswith("geen capaciteit bij de politie-eenheid tot") for each in narrow["measures"]
    )


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("score", "--house", "atlantis"), 5, "Huis 'atlantis' staat niet in het register"),
        (("score", "--round", "1999"), 6, "Ronde '1999' bestaat niet. Wel: 2025-najaar"),
        (("score", "--unit", "atlantis"), 13, "Eenheid 'atlantis' bestaat niet. Wel: noord-nederland"),
        (("score", "--framework", "x.yaml"), 2, "Geef --framework en --answers samen"),
        (("score", "--perspective", "politie", "--house", "veenrijk"), 12, "Nog niets ingeleverd"),
        (("roadmap",), 2, "Kies één van --house, --unit of --all."),
        (("roadmap", "--house", "veenrijk", "--capacity", "gemeenten=0"), 11, "ten minste 1"),
        (("roadmap", "--house", "veenrijk", "--capacity", "buren=3"), 11, "Schrijf WIE=N"),
        (("template", "--house", "atlantis", "-o", "x.xlsx"), 5, "Huis 'atlantis'"),
        (("check", "bestaat-niet.xlsx"), 16, "kan het bestand niet lezen"),
        (("framework", "show", "politie/9.9"), 8, "Wel: integrale-veiligheid 1.0"),
        (("scoor",), 2, "Bedoelt u 'score'?"),
        (("template",), 2, "Er ontbreekt een optie '-o' / '--output'"),
    ],
)
def test_a_fault_is_one_dutch_line_with_its_own_exit_code(
    on_demo: Run, words: tuple[str, ...], code: int, message: str
) -> None:
    ended = on_demo(*words)

    assert ended.returncode == code
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_empty_installation_says_how_to_begin(run: Run) -> None:
    ended = run("score")

    assert ended.returncode == 6
    assert "kaderscan demo" in ended.stderr


def test_settings_tell_where_they_come_from(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kaderscan.toml").write_text(f'content_folder = "{HOME.as_posix()}"\n', encoding="utf-8")

    shown = run("settings").stdout

    assert "omgeving (KADERSCAN_DATABASE_URL)" in shown
    assert "kaderscan.toml" in shown


def test_a_setting_that_is_not_known_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kaderscan.toml").write_text('kleur = "rood"\n', encoding="utf-8")

    ended = run("score")

    assert (ended.returncode, "kleur" in ended.stderr) == (15, True)


def test_a_framework_that_is_not_sound_is_told_with_its_place(run: Run, tmp_path: Path) -> None:
    text = PUBLISHED[0].read_text(encoding="utf-8")
    broken = tmp_path / "kapot.yaml"
    broken.write_text(text.replace("kind: hard_norm", "kind: zachte_norm", 1), encoding="utf-8")

    ended = run("framework", "check", broken)

    assert ended.returncode == 8
    assert "POS-1 › kind moet een van deze zijn: 'hard_norm'" in ended.stderr


@pytest.mark.parametrize(
    "words", [("framework", "check"), ("framework", "schema"), ("framework", "show", "politie/1.0")]
)
def test_the_frameworks_can_be_looked_at(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).returncode == 0


@pytest.mark.parametrize(
    "words", [("house", "list"), ("round", "list"), ("compare",), ("compare", "--format", "json")]
)
def test_the_register_and_the_country_can_be_looked_at(on_demo: Run, words: tuple[str, ...]) -> None:
    shown = on_demo(*words)

    assert (shown.returncode, len(shown.stdout) > 200) == (0, True)


def test_real_houses_come_in_and_a_round_opens(run: Run, tmp_path: Path) -> None:
    taken = run("house", "import", HOME / "data" / "houses.csv")
    opened = run(
        *(
            "round",
            "open",
            "2027",
            "--title",
            "voorjaar 2027",
            "--opens",
            "2027-03-01",
            "--closes",
            "2027-05-31",
        ),
        *("--framework", "politie/1.0"),
    )
    written = run("template", "--house", "zeeland", "-o", tmp_path / "zeeland.xlsx")

    assert "32 huizen overgenomen" in taken.stdout
    assert "Ronde 2027 is geopend voor 27 huizen." in opened.stdout
    assert written.returncode == 0
    assert "verzonnen" not in str(
        list(load_workbook(BytesIO((tmp_path / "zeeland.xlsx").read_bytes()))["Inleiding"].values)
    )


def test_every_help_text_is_dutch(run: Run) -> None:
    for words in ((), ("score",), ("framework",), ("template",)):
        shown = run(*words, "--help").stdout
        assert shown.startswith("Gebruik: ")
        assert "Options" not in shown
        assert "Show this" not in shown


"""
"""
