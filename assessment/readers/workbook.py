"""A filled questionnaire in, as rows found by their ids: nothing is judged here, and nothing is left out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessment.errors import NotAWorkbookError
from assessment.model.sheet import (
    ANSWER_HEADINGS,
    DEVIATION_HEADINGS,
    DEVIATION_SHEET,
    INTRODUCTION_SHEET,
    KEY_HEADING,
    OPTIONS_SHEET,
    PASSPORT_SHEET,
    FilledQuestionnaire,
    Passport,
    SheetRow,
)

_NOT_ANSWERS = {INTRODUCTION_SHEET, DEVIATION_SHEET, PASSPORT_SHEET, OPTIONS_SHEET}


def read_workbook(content: bytes, file_name: str) -> FilledQuestionnaire:
    """Read a questionnaire that was filled in.

    Args:
        content: the bytes of the file.
        file_name: what to call it in a message.

    Raises:
        NotAWorkbookError: no .xlsx at all, or not one of our questionnaires.
    """
    book = _open(content, file_name)
    sheets = [sheet for sheet in book.worksheets if sheet.title not in _NOT_ANSWERS]
    deviations = [sheet for sheet in book.worksheets if sheet.title == DEVIATION_SHEET]
    return FilledQuestionnaire(
        _read_passport(book, file_name),
        tuple(row for sheet in sheets for row in _read_rows(sheet, ANSWER_HEADINGS)),
        tuple(row for sheet in deviations for row in _read_rows(sheet, DEVIATION_HEADINGS)),
    )


def _open(content: bytes, file_name: str) -> Workbook:
    try:
        return load_workbook(BytesIO(content), data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise NotAWorkbookError(
            f"{file_name}: dit is geen Excel-bestand (.xlsx) dat Kaderscan kan lezen. "
            "Download de vragenlijst opnieuw onder Zelfscan, of bewaar uw bestand als .xlsx."
        ) from error


def _read_passport(book: Workbook, file_name: str) -> Passport:
    if PASSPORT_SHEET not in book.sheetnames:
        raise NotAWorkbookError(
            f"{file_name}: dit is geen vragenlijst van Kaderscan (blad '{PASSPORT_SHEET}' ontbreekt). "
            "Download de vragenlijst opnieuw onder Zelfscan en neem uw antwoorden over."
        )
    rows = book[PASSPORT_SHEET].iter_rows(max_col=2, max_row=20, values_only=True)
    facts = {str(name): _text(value) for name, value in rows}
    return Passport(
        house_id=facts.get("house_id", ""),
        round_id=facts.get("round_id", ""),
        perspective=facts.get("perspective", ""),
        frameworks=tuple(facts.get("frameworks", "").split()),
    )


def _read_rows(sheet: Worksheet, headings: Mapping[str, str]) -> Iterator[SheetRow]:
    """Give every row under the headings that carries an id."""
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    places = next((found for _, row in rows if (found := _find_columns(row, headings))), None)
    if places is None:
        return
    columns = {field: get_column_letter(place + 1) for field, place in places.items()}
    for number, row in rows:
        if key := _text(row[places["key"]]):
            texts = {field: _text(row[place]) for field, place in places.items() if field != "key"}
            yield SheetRow(sheet.title, number, key, texts, columns)


def _find_columns(row: Sequence[object], headings: Mapping[str, str]) -> dict[str, int] | None:
    """Tell which column holds which field, if this is the row with the headings."""
    places = {_text(value): place for place, value in enumerate(row)}
    wanted = {"key": KEY_HEADING, **headings}
    if not all(heading in places for heading in wanted.values()):
        return None
    return {field: places[heading] for field, heading in wanted.items()}


def _text(value: object) -> str:
    """A cell as the text that stands in it; a date as 2027-12-31."""
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.strftime("%Y-%m-%d")
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()
