"""The one door to the cells of a file of others: .xlsx, .xlsm and .ods, or .csv as one sheet."""

import csv
from io import StringIO
from typing import NamedTuple
from xml.etree.ElementTree import ParseError  # only the fault; the parsing is defusedxml's

from defusedxml import DefusedXmlException

from assessment.errors import NotAWorkbookError, UnsafeFileError
from assessment.model.issue import Issue
from assessment.model.sheets import KEY_HEADING
from assessment.readers.files import find_separator
from assessment.readers.grids import FarCellError, Grid, refuse_vast, square
from assessment.readers.guard import FileKind, GuardedFile, guard_file
from assessment.readers.ods import read_ods
from assessment.readers.xlsx import read_xlsx

CSV_SHEET = "csv"
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_DAMAGE = (ParseError, KeyError, ValueError, IndexError)


class Spreadsheet(NamedTuple):
    """The sheets of a file, hidden ones too, and what else is in it that was not read."""

    grids: list[Grid]
    notices: tuple[Issue, ...] = ()


def read_spreadsheet(content: bytes, file_name: str) -> Spreadsheet:
    """Read the cells of every sheet.

    Raises:
        NotAWorkbookError: it is something else than we read, or it is damaged.
        UnsafeFileError: it is larger, deeper or stranger than any honest workbook.
    """
    guarded = guard_file(content, file_name)
    if guarded.kind is FileKind.CSV:
        return Spreadsheet([_read_csv(content, file_name)])
    return Spreadsheet(_read_parts(guarded, file_name), guarded.notices)


def _read_parts(guarded: GuardedFile, file_name: str) -> list[Grid]:
    try:
        return (read_ods if guarded.kind is FileKind.ODS else read_xlsx)(guarded.parts)
    except FarCellError as error:
        raise UnsafeFileError(
            f"{file_name}: er staat iets ver buiten de vragenlijst, in {error}. Verwijder daar de rijen en "
            "kolommen en bewaar het bestand opnieuw."
        ) from error
    except DefusedXmlException as error:
        raise UnsafeFileError(
            f"{file_name}: dit bestand is niet te vertrouwen (een deel heeft een eigen documenttype of "
            "entiteiten). Download een nieuwe vragenlijst en neem uw antwoorden over."
        ) from error
    except _DAMAGE as error:
        raise NotAWorkbookError(
            f"{file_name}: de werkmap is beschadigd. Open het bestand in Excel of LibreOffice, bewaar het "
            "opnieuw als .xlsx en lever dat in."
        ) from error


def _read_csv(content: bytes, file_name: str) -> Grid:
    text = _decode(content)
    if "\x00" in text:
        raise NotAWorkbookError(f"{file_name}: dit is geen werkmap en geen tekst. Lever een .xlsx in.")
    headings = next((line for line in text.splitlines() if KEY_HEADING in line), text)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=find_separator(headings)))
    except csv.Error as error:
        raise NotAWorkbookError(
            f"{file_name}: deze tabel is niet te lezen. Bewaar de vragenlijst als .xlsx en lever dat in."
        ) from error
    refuse_vast(len(rows), max(map(len, rows), default=0), file_name)
    return Grid(CSV_SHEET, square(rows))


def _decode(content: bytes) -> str:
    """The text of a CSV; Excel writes the old Windows letters where it is not told otherwise."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(marked)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
