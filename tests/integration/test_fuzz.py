"""A good workbook, changed at random thousands of times: never a crash, a lost row or a wrong answer."""

import random
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from assessment.engine.validation import Checked, check_rows
from assessment.errors import NotAWorkbookError, UnreadableFileError, UnsafeFileError
from assessment.model.questionnaire import Questionnaire
from assessment.model.receipt import RowClass
from assessment.model.scale import Perspective
from assessment.model.sheets import FilledQuestionnaire, Part
from assessment.model.wording import fold
from assessment.readers.isolation import Pending
from assessment.readers.workbook import read_workbook
from assessment.service.installation import Installation
from tests.odd_files import unzip, zipped
from tests.reading import write_form

pytestmark = pytest.mark.sqlite  # what is read, not where it is kept

REFUSED = (NotAWorkbookError, UnsafeFileError, UnreadableFileError)
TEXTS = (
    *(
        "",
        " ",
        "ja",
        "Nee",
        "a",
        "b)",
        "Weet ik niet",
        "weet  ik niet",
        "=1+1",
        "#N/A",
        "#REF!",
        "3",
        "ja, deels",
    ),
    *(
        "LOS-1.1",
        "los-1.1",
        "POS-99.9",
        "POS-1",
        "Nr.",
        "Antwoord",
        "house_id",
        "\u2014",
        "🙂",
        "x" * 4000,
        "\n\t",
    ),
)
THINGS = (*TEXTS, 0, 1, 3.5, -1e300, True, None)
SHARES = pytest.mark.parametrize("cases", [400, pytest.param(5000, marks=pytest.mark.slow)])

Fuzz = Callable[[random.Random, bytes], bytes]


@pytest.fixture(scope="module")
def asked(opened: Installation) -> Questionnaire:
    return opened.questionnaire_of(opened.register().round["2026-najaar"])


@pytest.fixture(scope="module")
def filled(opened: Installation, asked: Questionnaire) -> bytes:
    """A questionnaire in which every question has an answer."""
    book = load_workbook(BytesIO(write_form(opened, "klaverlo", "2026-najaar", Perspective.HOUSE)))
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_col=6):
            if row[0].value in asked.question:
                options = asked.question[str(row[0].value)].options
                row[3].value = options[0].text if options else "De eigen woorden van het huis"
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def check(content: bytes, asked: Questionnaire) -> tuple[FilledQuestionnaire, Checked] | None:
    try:
        found = read_workbook(content, "proef.xlsx")
    except REFUSED:
        return None
    return found, check_rows(found.rows, asked)


def assert_nothing_is_lost_or_wrong(
    found: FilledQuestionnaire, checked: Checked, asked: Questionnaire
) -> None:
    """Every row in one class; every answer says what its own row says; what is gone is told."""
    assert [outcome.row for outcome in checked.outcomes] == list(found.rows)
    places = [(row.sheet, row.number) for row in found.rows]
    assert len(set(places)) == len(places)
    by_key = {
        outcome.row.key: outcome.row
        for outcome in checked.outcomes
        if outcome.row.part is Part.QUESTIONS and outcome.row_class in {*ANSWERED, RowClass.NOT_UNDERSTOOD}
    }
    for answer in checked.answers:
        if answer.option_id is None:
            continue
        given = fold(by_key[answer.question_id].texts["answer"])
        text = fold(dict(asked.question[answer.question_id].lettered)[answer.option_id].text)
        assert given in {text, answer.option_id, f"{answer.option_id} {text}"}
    told = {issue.facts.get("key") for issue in checked.issues} | {
        key.strip() for issue in checked.issues for key in issue.facts.get("keys", "").split(",")
    }
    missing = set(asked.question) - {answer.question_id for answer in checked.answers} - told
    shown_in_part = any("…" in issue.facts.get("keys", "") for issue in checked.issues)
    assert shown_in_part or not missing


ANSWERED = {RowClass.READ, RowClass.UNKNOWN, RowClass.NOT_APPLICABLE}


@SHARES
@pytest.mark.filterwarnings("ignore:Cell")
def test_changed_cells_never_give_a_wrong_answer(filled: bytes, asked: Questionnaire, cases: int) -> None:
    dice = random.Random(11)  # noqa: S311 - places to change, not secrets
    for _ in range(max(1, cases // 10)):
        book = load_workbook(BytesIO(filled))
        for _ in range(dice.randrange(1, 30)):
            change_cell(dice, book)
        result = check(saved(book), asked)
        assert result is not None
        assert_nothing_is_lost_or_wrong(*result, asked)
        assert_every_answer_stands_in_its_cell(result[1], book)


def assert_every_answer_stands_in_its_cell(checked: Checked, book: Workbook) -> None:
    """Look with another reader than ours."""
    for outcome in checked.outcomes:
        if outcome.row.part is Part.QUESTIONS and outcome.row_class in ANSWERED:
            sheet = book[outcome.row.sheet]
            assert str(sheet[outcome.row.cell("key")].value).strip().upper() == outcome.row.key
            assert str(sheet[outcome.row.cell("answer")].value).strip() == outcome.row.texts["answer"]


def change_cell(dice: random.Random, book: Workbook) -> None:
    sheet = dice.choice(book.worksheets)
    row, column = dice.randrange(1, 60), dice.randrange(1, 9)
    match dice.randrange(12):
        case 0:
            sheet.insert_rows(row)
        case 1:
            sheet.delete_rows(row)
        case 2:
            sheet.title = f"{sheet.title[:20]} {dice.randrange(99)}"
        case 3:
            sheet.insert_cols(column)
        case 4:
            sheet.sheet_state = dice.choice(["hidden", "visible", "veryHidden"])
        case _:
            cell = sheet.cell(row, column)
            if type(cell).__name__ == "Cell":
                cell.value = dice.choice(THINGS)


def change_bytes(dice: random.Random, content: bytes) -> bytes:
    """Overwrite, cut out or repeat some bytes of the file as a whole."""
    changed = bytearray(content)
    for _ in range(dice.randrange(1, 6)):
        place, length = dice.randrange(len(changed)), dice.randrange(1, 40)
        match dice.randrange(3):
            case 0:
                changed[place : place + length] = dice.randbytes(length)
            case 1:
                del changed[place : place + length]
            case _:
                changed[place:place] = changed[place : place + length]
    return bytes(changed)


def change_parts(dice: random.Random, content: bytes) -> bytes:
    """Drop, double, swap or damage parts of the archive."""
    parts = unzip(content)
    for _ in range(dice.randrange(1, 4)):
        name, other = dice.choice(list(parts)), dice.choice(list(parts))
        match dice.randrange(5):
            case 0:
                del parts[name]
            case 1:
                parts[name] = change_bytes(dice, parts[name] or b"x")
            case 2:
                parts[other] = parts[name]
            case 3:
                parts[name] = parts[name][: dice.randrange(len(parts[name]) + 1)]
            case _:
                parts[f"{name}{dice.randrange(9)}"] = parts[name]
    return zipped(parts)


MARKUP = (
    *(b't="s"', b't="e"', b't="b"', b'r="D', b"<v>", b"</v>", b"<c ", b"<row ", b"</row>", b"<f>", b"&lt;"),
    *(b"=", b'"', b"<", b"/>", b"xml"),
)


def change_markup(dice: random.Random, content: bytes) -> bytes:
    """Exchange pieces of the XML of a part: types, references, tags."""
    parts = unzip(content)
    name = dice.choice([name for name in parts if name.endswith(".xml")])
    for _ in range(dice.randrange(1, 6)):
        old, new = dice.choice(MARKUP), dice.choice(MARKUP)
        parts[name] = parts[name].replace(old, new, dice.randrange(1, 4))
    return zipped(parts)


@SHARES
@pytest.mark.parametrize("change", [change_bytes, change_parts, change_markup])
def test_a_damaged_file_is_refused_or_read_and_never_breaks_the_reader(
    opened: Installation, filled: bytes, change: Fuzz, cases: int
) -> None:
    """In processes of their own, as every file of others is read."""
    dice = random.Random(12)  # noqa: S311
    odd = [change(dice, filled) for _ in range(cases)]

    pending = [opened.reader_pool.submit("proef.xlsx", read_workbook, each, "proef.xlsx") for each in odd]

    told = [tell(each) for each in pending]
    assert {each for each in told if not each.startswith(("proef.xlsx: ", "gelezen"))} == set()
    assert len(told) == cases


def tell(pending: Pending[FilledQuestionnaire]) -> str:
    try:
        return f"gelezen: {len(pending.result().rows)} rijen"
    except REFUSED as refusal:
        return str(refusal)
