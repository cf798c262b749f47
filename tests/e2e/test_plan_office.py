"""A plan in LibreOffice: its workbook changed, saved and loaded back; its document printed whole."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from pypdf import PdfReader

from assessment.model.answers import Answer
from assessment.model.decisions import find_line
from assessment.model.scale import Perspective
from assessment.model.sheets import FIELD_HEADINGS, HEADINGS, PROGRESS_SHEET
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile
from assessment.service.plans.decisions import Edit, change_lines
from assessment.service.plans.workbook import open_plan, take_over
from assessment.service.reports import PlanFile, write_document, write_plan_file
from assessment.service.round_scores import Which, score_round
from assessment.settings import HOME
from assessment.tables.joint_agenda import compose_joint_agenda
from tests.conftest import NOW
from tests.e2e.test_office import fill_in_with_office, save_again_with_office
from tests.reading import reading, write_house_plan

pytestmark = [pytest.mark.office, pytest.mark.sqlite]

HOUSE, TAKES, STOPS = "veenrijk", "LOS-2.M1", "LOS-2.M2"
TODAY = NOW.date()


def find_cell(content: bytes, measure_id: str, field: str) -> str:
    """Where a field of a measure stands, as LibreOffice names it."""
    sheet = load_workbook(BytesIO(content))[PROGRESS_SHEET]
    row = next(row[0].row for row in sheet.iter_rows(min_row=5) if row[0].value == measure_id)
    return f"{PROGRESS_SHEET}.{get_column_letter(HEADINGS.index(FIELD_HEADINGS[field]) + 1)}{row}"


def test_a_plan_that_libreoffice_saved_changes_only_what_somebody_changed(
    demo: Installation, tmp_path: Path
) -> None:
    scores = score_round(demo, None, Perspective.HOUSE, TODAY)
    change_lines(demo, scores, [Edit(HOUSE, TAKES, {"due": date(2028, 3, 1), "owner": "Anna"})], NOW)
    content = write_house_plan(demo, reading(demo).find_roadmap(Which(None, Perspective.HOUSE, HOUSE)), HOUSE)
    source, target = tmp_path / "plan.xlsx", tmp_path / "terug.xlsx"
    source.write_bytes(content)

    written = {
        find_cell(content, TAKES, "status"): "gereed",
        find_cell(content, TAKES, "started"): "1-9-2026",
        find_cell(content, TAKES, "done"): "20-11-2026",
        find_cell(content, STOPS, "begin"): "2028-K1",
        find_cell(content, STOPS, "remark"): "Na de zomer",
    }
    fill_in_with_office(source, target, tmp_path, written)
    loaded = open_plan(demo, NamedFile(target.name, target.read_bytes()), HOUSE, TODAY)
    take_over(demo, loaded, [TAKES, STOPS], NOW)

    decided = reading(demo).find_decisions(scores, [HOUSE])
    taken, stopped = find_line(decided, HOUSE, TAKES), find_line(decided, HOUSE, STOPS)
    assert (loaded.faults, loaded.notes) == ((), ())
    assert {each.wanted.measure_id: set(each.fields) for each in loaded.proposals} == {
        TAKES: {"started", "done"},
        STOPS: {"pinned", "remark"},
    }
    assert (taken.done, taken.due, taken.owner) == (date(2026, 11, 20), date(2028, 3, 1), "Anna")
    assert (str(stopped.pinned), stopped.remark) == ("2028-K1", "Na de zomer")


@pytest.mark.parametrize("house_id", [HOUSE, "terpmark"])
def test_no_row_of_the_document_for_word_is_lost_where_libreoffice_ends_a_page(
    opened: Installation, house_id: str, tmp_path: Path
) -> None:
    queries, source = reading(opened), tmp_path / "plan.docx"
    plan = queries.find_house_plan(queries.find_roadmap(Which(None, Perspective.RECORD, house_id)), house_id)
    source.write_bytes(write_plan_file(plan, PlanFile.DOCX, HOME / "reports"))

    pages = PdfReader(save_again_with_office(source, tmp_path, "pdf")).pages
    printed = squeeze("".join(page.extract_text() for page in pages))

    told = [row.cells[0].text for table in docx.Document(str(source)).tables for row in table.rows]
    assert [text for text in told if squeeze(text) not in printed] == []


@pytest.mark.parametrize("house_id", [HOUSE, "terpmark"])
def test_the_joint_agenda_is_one_page_in_word_whatever_was_answered(
    opened: Installation, house_id: str, tmp_path: Path
) -> None:
    agenda = reading(opened).find_joint_agenda(None, Perspective.RECORD, house_id)
    longest = {
        question.question_id: max(question.lettered, key=lambda each: len(each[1].text))[0]
        for question in agenda.questionnaire.questions
        if question.question_id.startswith("FOR-")
    }
    answers = tuple(Answer(question_id=key, option_id=letter) for key, letter in longest.items())
    assert agenda.submission is not None
    worst = agenda._replace(submission=agenda.submission.model_copy(update={"answers": answers}))
    source = tmp_path / "agenda.docx"
    source.write_bytes(write_document(compose_joint_agenda(worst), PlanFile.DOCX, HOME / "reports"))

    pages = PdfReader(save_again_with_office(source, tmp_path, "pdf")).pages

    assert len(pages) == 1
    assert "mandaat van hun" in pages[0].extract_text()


def squeeze(text: str) -> str:
    """A text without what a line that breaks adds or takes away."""
    return re.sub(r"[\s\u00ad\u2010\u2011-]", "", text)
