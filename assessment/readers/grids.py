"""The cells of every sheet of a file, whatever its format: .xlsx, .xlsm and .ods, or .csv as one sheet."""

import csv
import warnings
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.cell_range import CellRange
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from assessment.errors import NotAWorkbookError, UnsafeFileError
from assessment.model.sheets import KEY_HEADING
from assessment.readers.cell_faults import FaultsOfSheet, find_cell_faults
from assessment.readers.cell_faults_ods import NOTHING_ODD, find_ods_oddities
from assessment.readers.files import find_separator
from assessment.readers.guard import GuardedFile
from assessment.readers.recognise import FileKind

_PANIC = "PanicException"
CSV_SHEET = "csv"
MAX_ROWS, MAX_COLUMNS = 10_000, 702
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class Grid(NamedTuple):
    """One sheet: its cells, which of them are merged (first and last row and column, from 0), and faults.

    All rows are equally wide.
    """

    title: str
    rows: Sequence[Sequence[object]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    faults: FaultsOfSheet = {}  # noqa: RUF012 - never changed


def read_grids(file: GuardedFile, file_name: str) -> list[Grid]:
    """Read the cells of every sheet, hidden ones too.

    Raises:
        NotAWorkbookError: the parser cannot make sense of it.
        UnsafeFileError: it is longer or wider than an honest questionnaire.
    """
    if file.kind is FileKind.CSV:
        return [_read_csv(file.plain, file_name)]
    try:
        grids = _read_fast(file.plain)
    except CalamineError as error:
        raise NotAWorkbookError(
            f"{file_name}: de werkmap is beschadigd. Open het bestand in Excel of LibreOffice, bewaar het "
            "opnieuw als .xlsx en lever dat in."
        ) from error
    except BaseException as error:  # its own kind of panic is no Exception, and has no name to import
        if type(error).__name__ != _PANIC or file.kind is FileKind.ODS:
            raise
        return _read_slowly(file.plain)
    return _add_oddities(grids, file, file_name)


def _read_fast(content: bytes) -> list[Grid]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    titles = [each.name for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    return [_read_sheet(book.get_sheet_by_name(title)) for title in titles]


def _read_slowly(content: bytes) -> list[Grid]:
    """Read a workbook with one cell on which the fast parser breaks, such as a date in the year 10^300."""
    with warnings.catch_warnings(action="ignore"):  # such a cell is given as an error, as it should be
        book = load_workbook(BytesIO(content), data_only=True)
    return [
        Grid(
            sheet.title,
            list(sheet.iter_rows(values_only=True)),
            tuple(map(_as_range, sheet.merged_cells.ranges)),
        )
        for sheet in book.worksheets
    ]


def _as_range(merged: CellRange) -> tuple[tuple[int, int], tuple[int, int]]:
    return (merged.min_row - 1, merged.min_col - 1), (merged.max_row - 1, merged.max_col - 1)


def _read_sheet(sheet: CalamineSheet) -> Grid:
    return Grid(sheet.name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ())


def _add_oddities(grids: list[Grid], file: GuardedFile, file_name: str) -> list[Grid]:
    """Add what the parser left out: cells that hold an error or a formula without a value."""
    if file.kind is FileKind.ODS:
        found = find_ods_oddities(file.parts)
        oddities = [(grid, found.get(grid.title, NOTHING_ODD)) for grid in grids]
        return [_fill_in(grid._replace(merged=odd.merged), odd.faults, file_name) for grid, odd in oddities]
    faults = find_cell_faults(file.parts)
    return [_fill_in(grid, faults.get(grid.title, {}), file_name) for grid in grids]


def _fill_in(grid: Grid, faults: FaultsOfSheet, file_name: str) -> Grid:
    """Put the text that shows where the parser gave nothing, so that no row gets lost."""
    if not faults:
        return grid
    places = {coordinate_to_tuple(address): shown for address, (_, shown) in faults.items()}
    height, width = (max(each) for each in zip(*places, strict=True))
    _refuse_vast(height, width, file_name)
    rows = _square([*grid.rows, *([()] * (height - len(grid.rows)))], width)
    for (row, column), shown in places.items():
        rows[row - 1][column - 1] = shown
    return grid._replace(rows=rows, faults=faults)


def _square(rows: Sequence[Sequence[object]], width: int = 0) -> list[list[object]]:
    """Rows that are all as wide as the widest, and at least so wide."""
    widest = max(width, *map(len, rows), 0)
    return [[*row, *([""] * (widest - len(row)))] for row in rows]


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
    _refuse_vast(len(rows), max(map(len, rows), default=0), file_name)
    return Grid(CSV_SHEET, _square(rows))


def _refuse_vast(height: int, width: int, file_name: str) -> None:
    """Refuse what would fill the memory once every row is as wide as the widest."""
    if height > MAX_ROWS or width > MAX_COLUMNS:
        raise UnsafeFileError(
            f"{file_name}: meer dan {MAX_ROWS} regels of {MAX_COLUMNS} kolommen. Lever alleen de vragenlijst "
            "zelf in."
        )


def _decode(content: bytes) -> str:
    """The text of a CSV; Excel writes the old Windows letters where it is not told otherwise."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(marked)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
