"""The joint agenda for the driehoek: one page, what was answered and what formulas hold, and nothing else."""

from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from assessment.model.access import Role
from assessment.model.document import Document
from assessment.model.scale import Perspective
from assessment.service.formulas import FormulaEdit, PartyCapacityEdit, change_formulas, set_party_capacities
from assessment.service.installation import Installation
from assessment.service.register import Asks, open_round
from assessment.service.reports import PlanFile, write_document
from assessment.settings import HOME
from assessment.tables.joint_agenda import JointAgenda, compose_joint_agenda
from tests.conftest import NOW, Run
from tests.integration.test_groups import as_role
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what leaves the store, not where things are kept

OPEN, FIRST = "2026-najaar", "2025-najaar"
WITH_FORMULAS, WITHOUT = "terpmark", "veenrijk"
ADVICE, ANSWERS, FORMULAS, ASK = (
    "Het advies",
    "Het huis antwoordt",
    "De formules laten zien",
    "Vraag voor de tafel",
)


def find_agenda(installation: Installation, house_id: str, round_id: str = OPEN) -> JointAgenda:
    return reading(installation).find_joint_agenda(round_id, Perspective.RECORD, house_id)


def list_column(document: Document, heading: str) -> list[str]:
    """The texts of a column, over all tables."""
    (part,) = document.parts
    return [
        row[table.headings.index(heading)].text
        for table in part.tables
        for row in table.rows
        if heading in table.headings
    ]


def list_answers(document: Document) -> list[str]:
    return [line for cell in list_column(document, ANSWERS) for line in cell.splitlines()]


def test_each_advice_stands_beside_the_answers_the_formulas_and_a_question(opened: Installation) -> None:
    document = compose_joint_agenda(find_agenda(opened, WITH_FORMULAS))
    answers, shown = list_answers(document), list_column(document, FORMULAS)

    assert document.parts[0].title == "Op 28 van 28 vragen is het antwoord bekend; er lopen 4 formules"
    assert len(list_column(document, ADVICE)) == len(list_column(document, ASK)) == 17
    assert len(answers) == 28
    assert "◐ prioriteiten uit een gezamenlijke analyse: deels" in answers
    assert "Vastgesteld: 3 van 4 formules." in shown
    assert any("Meer gevraagd dan er is: 300 uur van Politie." in text for text in shown)
    assert "3 paren raken elkaar of spreken elkaar tegen." in shown


def test_what_is_not_known_stays_so_and_formulas_that_are_not_there_have_no_column(
    opened: Installation,
) -> None:
    document = compose_joint_agenda(find_agenda(opened, WITHOUT))

    assert "? cijfers in de stuurgroep: weet ik niet" in list_answers(document)
    assert document.parts[0].title == "Op 1 van 28 vragen is het antwoord niet bekend; er lopen geen formules"
    assert list_column(document, FORMULAS) == []


def test_a_round_of_an_earlier_version_leaves_out_what_it_did_not_ask(opened: Installation) -> None:
    document = compose_joint_agenda(find_agenda(opened, WITHOUT, FIRST))

    assert 0 < len(list_answers(document)) < 28
    assert "Deze ronde vraagt hier niet naar." in list_answers(document)


def test_a_house_without_answers_has_its_questions_and_its_formulas(demo: Installation) -> None:
    day = date(2026, 11, 20)
    asks = Asks(("politie/1.1", "integrale-veiligheid/1.1"), (WITH_FORMULAS,))
    open_round(demo, ("proef", "Proef"), (day, day), asks, NOW)

    document = compose_joint_agenda(find_agenda(demo, WITH_FORMULAS, "proef"))

    assert document.parts[0].title == "Er is nog niets geantwoord; er lopen 4 formules"
    assert document.of.endswith("nog niets ingeleverd")
    assert {line[:2] for line in list_answers(document)} == {"? "}
    assert "Vastgesteld: 3 van 4 formules." in list_column(document, FORMULAS)


def test_whoever_may_not_see_formulas_is_told_that_they_are_not_shared(opened: Installation) -> None:
    document = compose_joint_agenda(find_agenda(as_role(opened, Role.COUNTRY), WITH_FORMULAS))

    assert document.parts[0].title.endswith("de formules zijn niet met u gedeeld")
    assert list_column(document, FORMULAS) == []


def test_it_is_one_page_with_the_same_texts_whatever_was_written(demo: Installation) -> None:
    long = "Een samenwerkingsverband met een heel erg lange naam van zeven regelingen"
    party = {"name": long, "role": "helpt", "amount": {"number": 9000, "unit": "uur-per-jaar"}}
    edit = FormulaEdit(WITHOUT, "lang", {"title": "Lang", "parties": [party]}, accepted=True)
    change_formulas(demo, [edit], NOW)
    set_party_capacities(demo, [PartyCapacityEdit(WITHOUT, long, 2026, {"number": 1, "unit": "fte"})], NOW)
    document = compose_joint_agenda(find_agenda(demo, WITHOUT))

    pdf, word = (write_document(document, kind, HOME / "reports") for kind in (PlanFile.PDF, PlanFile.DOCX))

    (page,) = PdfReader(BytesIO(pdf)).pages
    printed = " ".join(page.extract_text().split())
    cells = [
        each.text for table in docx.Document(BytesIO(word)).tables for row in table.rows for each in row.cells
    ]
    for text in (*list_column(document, ADVICE), *list_column(document, ASK)):
        assert text in printed
        assert text in cells
    assert "7.128 uur van Een samenwerkingsverband met een heel …" in printed


def test_a_command_writes_it_and_the_trail_tells(
    run: Run, opened: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", opened.settings.database_url)

    ended = run("report", "--house", WITH_FORMULAS, "--driehoek", "--format", "pdf", "-o", tmp_path)
    refused = run("report", "--all", "--driehoek", "-o", tmp_path)

    assert ended.returncode == 0
    assert [each.name for each in tmp_path.iterdir()] == [f"gezamenlijke-agenda_{OPEN}_{WITH_FORMULAS}.pdf"]
    assert refused.returncode == 2
    assert "--driehoek gaat over één huis" in refused.stderr
    assert f"agenda/{WITH_FORMULAS}" in "\n".join(reading(opened).write_trail())
