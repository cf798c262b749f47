"""A norm of which every measure was dropped is open wherever a plan is shown: nowhere does it look met."""

import json
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.round_scores import Which
from tests.conftest import Run
from tests.pages import make_page, texts
from tests.reading import reading

pytestmark = pytest.mark.sqlite

HOUSE, NORM = "veenrijk", "KAD-5"
WHY = "Hier is dit jaar geen geld voor."
CELL = f"blijft open, maatregel vervallen: {WHY}"

Read = Callable[[str], dict[str, list[dict[str, object]]]]


@pytest.fixture
def dropped(on_pages: Installation, on_demo: Run) -> list[str]:
    """The measures of the norm, all dropped by the command of the same name."""
    asked = reading(on_pages).find_scores(Which(None, Perspective.RECORD, HOUSE)).questionnaire
    assert asked.criterion[NORM].kind.is_norm
    measure_ids = [measure.measure_id for measure in asked.criterion[NORM].measures]
    for measure_id in measure_ids:
        done = on_demo("plan", "set", "--house", HOUSE, "--measure", measure_id, "--drop", WHY)
        assert done.returncode == 0, done.stderr
    return measure_ids


@pytest.fixture
def read(on_demo: Run) -> Read:
    def read(command: str) -> dict[str, list[dict[str, object]]]:
        printed = on_demo(command, "--house", HOUSE, "--format", "json")
        assert printed.returncode == 0, printed.stderr
        found: dict[str, list[dict[str, object]]] = json.loads(printed.stdout)
        return found

    return read


def test_machines_are_told_of_it_with_its_reason_and_of_no_date(dropped: list[str], read: Read) -> None:
    roadmap, forecast = read("roadmap"), read("forecast")

    for told in (roadmap, forecast):
        steps = [each for each in told["steps"] if each["what"] == "open"]
        assert {(each["criterion_id"], each["about"], each["why"]) for each in steps} == {
            (NORM, measure_id, WHY) for measure_id in dropped
        }
    assert NORM not in {each["criterion_id"] for each in roadmap["criteria"]}
    subjects = {str(each["subject"]) for each in [*roadmap["dates"], *forecast["estimates"]]}
    assert not subjects & {NORM, "by_framework"}


def test_the_page_and_its_plan_file_say_that_it_stays_open(
    dropped: list[str], on_demo: Run, tmp_path: Path
) -> None:
    shown = make_page("routekaart")
    shown.session_state["huis"] = HOUSE
    shown.run()
    on_demo("plan", "--house", HOUSE, "-o", tmp_path)

    assert not shown.exception
    told = texts(shown)
    for measure_id in dropped:
        assert f"Blijft open: maatregel {measure_id}" in told
    assert WHY in told
    (file,) = tmp_path.glob("*.xlsx")
    rows = [
        [str(cell) for cell in row if cell is not None]
        for sheet in openpyxl.load_workbook(file)
        for row in sheet.iter_rows(values_only=True)
    ]
    assert any(CELL in row and any(NORM in cell for cell in row) for row in rows)


def test_the_plan_on_paper_lists_it_as_dropped_and_open_and_the_calendar_cancels_it(
    dropped: list[str], on_demo: Run, tmp_path: Path
) -> None:
    done = on_demo("plan", "--house", HOUSE, "--format", "pdf,docx,ics", "-o", tmp_path)

    assert done.returncode == 0, done.stderr
    for printed in (read_pdf(tmp_path), read_docx(tmp_path)):
        told = printed.partition("vervallen: wat daarbij hoort, blijft open")[2]
        assert all(measure_id in told for measure_id in dropped)
        assert WHY in told
        assert "Alle harde normen voldoen" not in printed
    (calendar,) = tmp_path.glob("*.ics")
    events = calendar.read_text(encoding="utf-8").split("BEGIN:VEVENT")
    own = [each for each in events if any(measure_id in each for measure_id in dropped)]
    assert len(own) == len(dropped)
    assert all("STATUS:CANCELLED" in each for each in own)


def read_pdf(folder: Path) -> str:
    (file,) = folder.glob("*.pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())


def read_docx(folder: Path) -> str:
    (file,) = folder.glob("*.docx")
    body = docx.Document(str(file)).element.body
    return " ".join("".join(node.itertext()) for node in body.iter(qn("w:p")))
