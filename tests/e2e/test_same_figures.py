"""A figure is the same on the pages, in the workbook, in the pdf, in Word and in the calendar."""

import re
from html import unescape
from io import BytesIO
from typing import NamedTuple

import docx
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from assessment.model.frames import Subject
from assessment.model.plan import Quarter
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.reports import PlanFile, write_plan_file
from assessment.service.round_scores import Which
from assessment.settings import HOME
from assessment.tables.forecasts import find_when
from assessment.tables.formats import format_phase, split_range
from assessment.tables.house_plan import HousePlan
from assessment.tables.plans import list_gaps
from tests.pages import make_page, texts
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what is told, not where it is kept

# With a wide range, with none, and with an agreed deviation.
HOUSES = ("veenrijk", "klaverlo", "waterwolde")


class Told(NamedTuple):
    """What a reader finds about a plan, in each place; single spaces, and any hyphen as one."""

    page: str
    xlsx: str
    pdf: str
    docx: str


def plainly(text: str) -> str:
    return " ".join(text.replace("\N{NON-BREAKING HYPHEN}", "-").split())


def squeeze(*texts: str) -> str:
    """A pattern for texts without their spaces, which a narrow column breaks anywhere."""
    return re.escape("".join("".join(texts).split()))


def read_page(page: str, house_id: str) -> str:
    asked = make_page(page)
    asked.query_params["huis"] = house_id
    shown = asked.run()
    assert not shown.exception
    return plainly(unescape(re.sub(r"<[^>]+>", " ", texts(shown))))


def read_xlsx(content: bytes) -> str:
    book = load_workbook(BytesIO(content))
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return plainly(" ".join(str(cell) for row in rows for cell in row if cell is not None))


def read_pdf(content: bytes) -> str:
    return plainly(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def read_docx(content: bytes) -> str:
    opened = docx.Document(BytesIO(content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return plainly(" ".join([*(each.text for each in opened.paragraphs), *cells]))


def read_everywhere(plan: HousePlan) -> Told:
    house_id, reports = plan.house.house_id, HOME / "reports"
    return Told(
        page=f"{read_page('mijn_huis', house_id)} {read_page('routekaart', house_id)}",
        xlsx=read_xlsx(write_plan_file(plan, PlanFile.XLSX, reports)),
        pdf=read_pdf(write_plan_file(plan, PlanFile.PDF, reports)),
        docx=read_docx(write_plan_file(plan, PlanFile.DOCX, reports)),
    )


def list_headlines(plan: HousePlan) -> list[str]:
    """The figures with which each of them begins."""
    (total,) = plan.basis.totals.to_dict("records")
    when = find_when(plan.estimates, Subject.BY_FRAMEWORK, plan.begin)
    assert when is not None
    figures = [
        *split_range(total["low"], total["high"]),
        format_phase(total["phase_low"], total["phase_high"]),
    ]
    quarters = [
        str(when.likely),
        f"80 % zeker in {when.at_80}",
        f"niets tegenzit in {when.if_nothing_goes_wrong}",
    ]
    return [plainly(figure) for figure in [*figures, *quarters]]


@pytest.mark.parametrize("house_id", HOUSES)
def test_a_figure_is_the_same_wherever_it_is_read(on_pages: Installation, house_id: str) -> None:
    queries = reading(on_pages)
    plan = queries.find_house_plan(queries.find_roadmap(Which(None, Perspective.RECORD, house_id)), house_id)
    told = read_everywhere(plan)

    for place, text in told._asdict().items():
        assert [figure for figure in list_headlines(plan) if figure not in text] == [], place
    for row in plan.measures.to_dict("records"):
        title = plan.questionnaire.measure[row["measure_id"]].title
        first, last = plan.begin + row["first"], plan.begin + row["last"]
        span = str(first) if first == last else f"{first} t/m {last}"
        assert re.search(rf"{re.escape(title)} .{{0,200}}?{first} {last} {row['days']}", told.page), title
        assert re.search(rf"{re.escape(title)} .{{0,200}}?{first} {last} {row['days']}", told.xlsx), title
        assert f"{title} ({row['criterion_id']}) {span}" in told.docx, title
        assert f"{title} ({row['criterion_id']}) {span}" in told.pdf, title
    for gap in list_gaps(plan).to_dict("records"):
        shape = rf"{squeeze(gap['Nr.'], gap['Criterium'])}.{{0,60}}?{squeeze(gap['Score'])}"
        for text in (told.xlsx, told.pdf, told.docx):  # a page opens one theme at a time
            assert re.search(shape, "".join(text.split())), gap["Nr."]


@pytest.mark.parametrize("house_id", HOUSES)
def test_a_deadline_in_the_calendar_is_the_quarter_of_the_plan(on_pages: Installation, house_id: str) -> None:
    queries = reading(on_pages)
    plan = queries.find_house_plan(queries.find_roadmap(Which(None, Perspective.RECORD, house_id)), house_id)

    written = write_plan_file(plan, PlanFile.ICS, HOME / "reports").decode().replace("\r\n ", "")

    for row in plan.measures.to_dict("records"):
        event = re.search(rf"UID:{house_id}\.{re.escape(row['measure_id'])}@", written)
        assert event is not None
        start = written.rindex("BEGIN:VEVENT", 0, event.start())
        day = re.search(r"DTSTART;VALUE=DATE:(\d{4})(\d{2})", written[start:])
        assert day is not None
        assert Quarter(int(day[1]), (int(day[2]) + 2) // 3) == plan.begin + row["last"]
