"""The commands on rounds and versions, on the demo."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment.service.installation import Installation
from assessment.settings import HOME
from tests.conftest import Run

ROUND = "2026-najaar"
VEENRIJK = f"{ROUND}.veenrijk.huis.1"
FILE = HOME / "data" / "demo" / ROUND / f"{ROUND}_veenrijk_huis.xlsx"


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is typed at each question of a command."""
    typed: list[str] = []
    monkeypatch.setattr("click.prompt", lambda *_, **__: typed.pop(0))
    yield typed
    assert typed == []


def test_the_board_tells_per_house_by_unit_and_name_how_far_it_is(on_demo: Run) -> None:
    board = on_demo("round", "board")
    limburg = on_demo("round", "board", "--unit", "limburg")

    assert "Ronde najaar 2026. Inleveren kan tot en met 15 december 2026" in board.stdout
    rows = [line.strip() for line in board.stdout.splitlines() if "Veiligheidshuis" in line]
    assert len(rows) == 30
    assert "vastgesteld, 120 van 120" in board.stdout
    assert "antwoorden van de politie; vaststellen" in board.stdout
    assert len([line for line in limburg.stdout.splitlines() if "Veiligheidshuis" in line]) == 3
    assert on_demo("round", "board", "--unit", "nergens").returncode == 13


def test_the_board_is_there_for_machines(on_demo: Run) -> None:
    board = json.loads(on_demo("round", "board", "--format", "json").stdout)

    houses = {house["house_id"]: house for house in board["houses"]}
    assert (board["round_id"], board["closes"], board["closed"]) == (ROUND, "2026-12-15", None)
    assert houses["veenrijk"]["perspectives"]["politie"]["state"] == "not_started"
    assert houses["zandmark"]["joint"]["submission_id"] == f"{ROUND}.zandmark.gezamenlijk.1"
    assert houses["peelakker"]["perspectives"]["huis"]["state"] == "handed_in"
    closed = json.loads(on_demo("round", "board", "--round", "2025-najaar", "--format", "json").stdout)
    assert closed["closed"] == "2025-11-30T17:00:00+01:00"


def test_reminders_are_texts_to_copy(on_demo: Run, tmp_path: Path) -> None:
    one = on_demo("round", "remind", "--house", "veenrijk").stdout
    written = on_demo("round", "remind", "-o", tmp_path / "herinneringen.txt").stdout

    assert one.startswith("Kaderscan najaar 2026: wij wachten nog op Veiligheidshuis Veenrijk\n")
    assert "ontbreekt voor Veiligheidshuis Veenrijk nog: antwoorden van de politie." in one
    assert re.search(r"^Inleveren kan tot en met .*\.$", one, re.MULTILINE)
    assert "(20 herinneringen)" in written
    assert (tmp_path / "herinneringen.txt").read_text(encoding="utf-8").count("Beste collega") == 20
    assert "alles is binnen" in on_demo("round", "remind", "--house", "zandmark").stdout
    closed = on_demo("round", "remind", "--round", "2025-najaar")
    assert (closed.returncode, "is gesloten op 30 november 2025" in closed.stderr) == (24, True)


def test_closing_shows_what_it_freezes_and_asks(on_demo: Run, answering: list[str]) -> None:
    answering += ["nee", "ja"]

    kept = on_demo("round", "close", ROUND)
    closed = on_demo("round", "close", ROUND)

    assert kept.returncode == 130
    assert "Vastgesteld en straks bevroren: 12 van 30 huizen." in kept.stdout
    assert "Veiligheidshuis Veenrijk: antwoorden van de politie; vaststellen." in kept.stdout
    assert "De ronde is nog open." in kept.stdout
    assert f"Ronde {ROUND} is gesloten; 22 versies zijn bevroren." in closed.stdout
    again = on_demo("round", "close", "--yes", ROUND)
    assert (again.returncode, "is gesloten op" in again.stderr) == (24, True)
    loaded = on_demo("load", FILE.with_name(f"{ROUND}_hofduin_huis.xlsx"))
    assert "was al bewaard" in loaded.stdout
    assert on_demo("round", "show", "2025-najaar").stdout.count("30 november 2025") == 3
    reopened = on_demo("round", "reopen", ROUND, "--reason", "Twee huizen waren ziek")
    assert "22 versies zijn vastgesteld zoals ervoor" in reopened.stdout
    assert "Twee huizen waren ziek" in on_demo("round", "show", ROUND).stdout


def test_a_file_for_a_closed_round_is_refused_with_what_to_do(on_demo: Run, tmp_path: Path) -> None:
    on_demo("round", "close", "--yes", ROUND)
    other = tmp_path / "anders.xlsx"
    other.write_bytes(FILE.read_bytes() + b" ")

    loaded = on_demo("load", other)

    assert loaded.returncode == 24
    assert f"anders.xlsx: Ronde '{ROUND}' is gesloten op" in loaded.stderr
    assert f"kaderscan round reopen {ROUND}" in loaded.stderr


def test_the_way_of_a_version(on_demo: Run, tmp_path: Path) -> None:
    listed = on_demo("submission", "list", "--house", "veenrijk").stdout
    adopted = on_demo("submission", "adopt", "--house", "veenrijk").stdout
    refused = on_demo("submission", "withdraw", VEENRIJK, "--reason", "Verkeerd bestand")
    reopened = on_demo("submission", "reopen", VEENRIJK, "--reason", "Er klopt iets niet").stdout
    withdrawn = on_demo("submission", "withdraw", VEENRIJK, "--reason", "Verkeerd bestand").stdout
    shown = on_demo("submission", "show", VEENRIJK).stdout
    exported = on_demo("submission", "export", VEENRIJK, "-o", tmp_path)

    assert f"{VEENRIJK} " in listed
    assert adopted == f"{VEENRIJK} is vastgesteld.\n"
    assert refused.returncode == 24
    assert "Heropen deze versie eerst" in refused.stderr
    assert reopened == f"{VEENRIJK} is weer ingeleverd.\n"
    assert withdrawn == f"{VEENRIJK} is ingetrokken. Er geldt nu geen versie meer.\n"
    assert f"{VEENRIJK}: ingetrokken. Bestand: {FILE.name}" in shown
    assert "Er klopt iets niet" in shown
    assert "Het controlegetal klopt." in exported.stdout
    assert (tmp_path / FILE.name).read_bytes() == FILE.read_bytes()


def test_a_joint_version_is_made_by_choosing(on_demo: Run, demo: Installation) -> None:
    asked = on_demo("submission", "adopt", "--house", "waterwolde")
    keys = [line.partition(":")[0] for line in asked.stderr.splitlines()[:-1]]
    words = ("--choose", f"{keys[0]}=politie", "--rest", "huis")

    adopted = on_demo("submission", "adopt", "--house", "waterwolde", *words)
    compared = on_demo(
        "submission", "compare", f"{ROUND}.waterwolde.huis.1", f"{ROUND}.waterwolde.gezamenlijk.1"
    )

    assert asked.returncode == 24
    assert f"{keys[0]}: kies nog uit huis, politie, a, b" in asked.stderr
    assert adopted.stdout == f"{ROUND}.waterwolde.gezamenlijk.1 is vastgesteld.\n"
    assert keys[0] in compared.stdout
    assert compared.stdout.startswith(
        "Het antwoord is anders bij 1 vraag. Het oordeel verschilt bij 1 criterium."
    )
    assert on_demo("score", "--house", "waterwolde", "--perspective", "gezamenlijk").returncode == 0
    assert demo.register().rounds


def test_a_choice_of_another_shape_is_told(on_demo: Run) -> None:
    ended = on_demo("submission", "adopt", "--house", "waterwolde", "--choose", "LOS-1.1")

    assert ended.returncode == 2
    assert "Schrijf NR=KEUZE, bijvoorbeeld LOS-1.1=huis." in ended.stderr
