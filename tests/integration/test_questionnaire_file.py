"""The questionnaire as a real file: written, opened as a spreadsheet program would, read back."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties

from assessment.errors import FrameworkError
from assessment.model.answers import Answer, Deviation
from assessment.model.formula_sheet import FORMULA_SHEET
from assessment.model.receipt import RowClass
from assessment.model.scale import Perspective
from assessment.model.sheets import DEVIATION_SHEET, IDENTITY_SHEET, Form, Part
from assessment.model.texts import QuestionnaireTexts
from assessment.readers.files import read_model
from assessment.readers.workbook import read_workbook
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, check_file
from assessment.settings import HOME
from assessment.writers.questionnaire import write_questionnaire
from tests.conftest import NOW
from tests.reading import write_form

pytestmark = pytest.mark.sqlite  # what is written, not where it is kept


@pytest.fixture
def blank(demo: Installation) -> bytes:
    return write_form(demo, "waterwolde", "2026-najaar", Perspective.HOUSE)


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def test_there_is_a_sheet_per_theme_with_an_introduction_before_them(blank: bytes) -> None:
    visible = [sheet.title for sheet in opened(blank).worksheets if sheet.sheet_state == "visible"]

    themes = ["POS", "LOS", "INV", "AAN", "KAD", "STU", "INF", "FOR"]
    assert visible == ["Inleiding", *themes, DEVIATION_SHEET, FORMULA_SHEET]


def test_only_the_cells_to_write_in_are_unlocked(blank: bytes) -> None:
    book = opened(blank)

    unlocked = {
        cell.coordinate[0]
        for row in book["POS"].iter_rows(min_row=4)
        for cell in row
        if not cell.protection.locked
    }

    assert unlocked == {"D", "E", "F"}
    assert all(sheet.protection.sheet for sheet in book.worksheets)


def test_every_question_has_a_drop_down_with_its_own_options(blank: bytes) -> None:
    book = opened(blank)
    validation = {str(each.sqref): each for each in book["POS"].data_validations.dataValidation}

    name = validation["D5"].formula1
    sheet, area = next(book.defined_names[name].destinations)

    assert len(validation) == 28
    assert [cell.value for (cell,) in book[sheet][area]] == [
        "Ja, als vaste partner met een omschreven rol",
        "Ja, alleen met naam",
        "Nee, of er is geen geldend stuk",
        "Weet ik niet",
    ]


def test_it_prints_on_a4_landscape_one_page_wide_with_frozen_headings(blank: bytes) -> None:
    sheet = opened(blank)["LOS"]

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr == PageSetupProperties(fitToPage=True)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.freeze_panes == "A4"


def test_the_same_form_gives_the_same_bytes(demo: Installation, blank: bytes) -> None:
    assert write_form(demo, "waterwolde", "2026-najaar", Perspective.HOUSE) == blank


def test_it_names_an_invented_house_as_invented(blank: bytes) -> None:
    texts = [cell.value for row in opened(blank)["Inleiding"].iter_rows() for cell in row]

    assert "Dit huis is verzonnen, voor de demo. Het bestaat niet." in texts


def test_an_empty_questionnaire_reads_as_120_empty_answers(demo: Installation, blank: bytes) -> None:
    receipt = check_file(demo, NamedFile("leeg.xlsx", blank), NOW.date())

    assert (receipt.answered, receipt.issues) == ((0, 120, 0, 5), ())
    assert receipt.count(RowClass.EMPTY, parts=[Part.QUESTIONS]) == 120
    assert receipt.count(RowClass.EMPTY, parts=[Part.OPEN_QUESTIONS]) == 5


def test_what_is_written_is_read_back(demo: Installation) -> None:
    register = demo.register()
    asked = register.round["2026-najaar"]
    texts = read_model(HOME / "reports" / "questionnaire.yaml", QuestionnaireTexts, FrameworkError)
    form = Form(register.house["waterwolde"], asked, Perspective.POLICE, demo.questionnaire_of(asked), texts)
    answer = Answer(question_id="LOS-2.1", option_id="b", explanation="=1+1", evidence="@verslag")
    deviation = Deviation(criterion_id="POS-2", reason="-", agreed_by="+31", until="2027-12-31")

    filled = read_workbook(write_questionnaire(form, [answer], [deviation]), "proef.xlsx")

    row = next(row for row in filled.rows if row.key == "LOS-2.1")
    assert row.texts["answer"] == "Eén of twee keer"
    assert (row.texts["explanation"], row.texts["evidence"]) == ("=1+1", "@verslag")
    agreed = next(row for row in filled.rows if (row.part, row.key) == (Part.DEVIATIONS, "POS-2"))
    assert dict(agreed.texts) == {"reason": "-", "agreed_by": "+31", "until": "2027-12-31"}
    assert filled.identity.perspective == "politie"


def test_no_text_ever_becomes_a_formula(demo: Installation) -> None:
    register = demo.register()
    asked = register.round["2026-najaar"]
    texts = read_model(HOME / "reports" / "questionnaire.yaml", QuestionnaireTexts, FrameworkError)
    form = Form(register.house["waterwolde"], asked, Perspective.HOUSE, demo.questionnaire_of(asked), texts)
    dangerous = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
    questions = list(form.questionnaire.question)[: len(dangerous)]
    answers = [
        Answer(question_id=question_id, explanation=text)
        for question_id, text in zip(questions, dangerous, strict=True)
    ]

    book = opened(write_questionnaire(form, answers))

    kinds = {cell.data_type for row in book["POS"].iter_rows(min_row=4) for cell in row if cell.value}
    assert kinds == {"s"}


def test_the_passport_is_hidden_well(blank: bytes) -> None:
    assert opened(blank)[IDENTITY_SHEET].sheet_state == "veryHidden"


def test_the_progress_formulas_carry_their_value(blank: bytes) -> None:
    values = load_workbook(BytesIO(blank), data_only=True)["POS"]["A2"].value

    assert values == "0 van 28 vragen beantwoord"


def test_the_file_is_small(blank: bytes) -> None:
    assert len(blank) < 60_000
    assert ZipFile(BytesIO(blank)).testzip() is None
