"""A filled questionnaire in, as rows found by their ids: nothing is judged here, and nothing is left out."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from typing import NamedTuple
from xml.etree.ElementTree import ParseError  # only the fault; the parsing is defusedxml's

from defusedxml import DefusedXmlException
from openpyxl.utils import get_column_letter

from assessment.errors import NotAWorkbookError, UnsafeFileError
from assessment.model.effort import Amount
from assessment.model.formula_sheet import (
    CAPACITY_BASE,
    FORMULA_BASE,
    FormulaBase,
    read_base_amount,
)
from assessment.model.issue import Issue, IssueCode
from assessment.model.sheets import (
    ANSWER_HEADINGS,
    ASIDE,
    HEADINGS,
    IDENTITY_SHEET,
    INTRODUCTION_SHEET,
    KEY_HEADING,
    OPTIONS_SHEET,
    OWN_HEADINGS,
    RECEIPT_TITLE,
    CellFault,
    FileIdentity,
    FilledQuestionnaire,
    Part,
    SheetRow,
)
from assessment.model.wording import fold_id, tidy
from assessment.readers.delimited import BrokenTableError, Line, read_lines
from assessment.readers.grids import (
    FarCellError,
    Grid,
    compare_columns,
    find_columns,
    format_cell,
    refuse_vast,
    square,
)
from assessment.readers.guard import OWN_ENTITIES, FileKind, GuardedFile, distrust, guard_file
from assessment.readers.headings import KEYS, LONGEST, SHAPES, Shape
from assessment.readers.ods import read_ods
from assessment.readers.xlsx import read_xlsx

CSV_SHEET = "csv"
_CSV_HEADINGS = OWN_HEADINGS | {*HEADINGS}
_UNREAD = {
    CellFault.ERROR: "een foutmelding van het rekenblad",
    CellFault.FORMULA: "een formule zonder uitkomst",
}
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
        raise distrust(OWN_ENTITIES, file_name) from error
    except _DAMAGE as error:
        raise NotAWorkbookError(
            f"{file_name}: de werkmap is beschadigd. Open het bestand in Excel of LibreOffice, bewaar het "
            "opnieuw als .xlsx en lever dat in."
        ) from error


def _read_csv(content: bytes, file_name: str) -> Grid:
    try:
        rows = [line.cells for line in read_lines(content, _CSV_HEADINGS)]
    except BrokenTableError as error:
        raise NotAWorkbookError(f"{file_name}: {error} Of lever de vragenlijst in als .xlsx.") from error
    refuse_vast(len(rows), max(map(len, rows), default=0), file_name)
    return Grid(CSV_SHEET, square(rows))


def read_sheet(content: bytes, file_name: str, headings: Collection[str]) -> list[Line]:
    """Read every row of the sheet of a workbook in which the headings stand.

    Raises:
        BrokenTableError: they stand on several sheets, or a cell does not hold what somebody wrote.
        NotAWorkbookError, UnsafeFileError: as `read_spreadsheet`.
    """
    grid = _find_sheet(read_spreadsheet(content, file_name).grids, headings)
    _refuse_unread(grid)
    return [Line(number, [format_cell(value) for value in row]) for number, row in enumerate(grid.rows, 1)]


def _find_sheet(grids: Sequence[Grid], headings: Collection[str]) -> Grid:
    """The one sheet with a row of headings, else the first; one heading alone may be any word."""
    wanted = set(map(tidy, headings))
    found = [grid for grid in grids if any(_count(row, wanted) > 1 for row in grid.rows)]
    if len(found) > 1:
        titles = " en ".join(grid.title for grid in found)
        raise BrokenTableError(f"deze kopjes staan op de bladen {titles}. Bewaar één ervan in een bestand.")
    return [*found, *grids][0]


def _count(row: Iterable[object], wanted: Collection[str]) -> int:
    """How many of the headings that are wanted stand in a row."""
    return len({tidy(format_cell(value)) for value in row} & set(wanted))


def _refuse_unread(grid: Grid) -> None:
    """Refuse a cell of which the value is not what somebody wrote, or stands once for several rows."""
    for address, (fault, _) in grid.faults.items():
        raise BrokenTableError(f"blad {grid.title}, cel {address}: {_UNREAD[fault]}. Vul de cel zelf in.")
    for (top, left), (bottom, _) in grid.merged:
        address = f"{get_column_letter(left + 1)}{top + 1}"
        if bottom > top and grid.show(address):
            raise BrokenTableError(
                f"blad {grid.title}, cel {address}: samengevoegd over meer regels. Maak dat ongedaan en vul "
                "elke regel in."
            )


_OWN_SHEETS = {INTRODUCTION_SHEET, IDENTITY_SHEET, OPTIONS_SHEET}
_NOTHING = ("", None)
# How many cells a row of the hidden sheet fills at most.
_BASE_WIDTH = 6
_IDENTITY_FIELDS = set(FileIdentity._fields)
_ID = re.compile(r"[A-Z]{2,5}-\d{1,2}(\.\d{1,2})?")


class Columns(NamedTuple):
    """Which column holds which field, from 0, as a row with headings says; `others` are not ours.

    `again` has the further columns of a field whose heading stands there more than once, and `doubles` all
    columns of each heading of ours that does.
    """

    shape: Shape
    key: int
    place: Mapping[str, int]
    letters: Mapping[str, str]
    others: tuple[int, ...]
    again: Mapping[str, tuple[int, ...]]
    doubles: Mapping[str, tuple[int, ...]]


def read_workbook(content: bytes, file_name: str) -> FilledQuestionnaire:
    """Read a questionnaire that was filled in.

    Args:
        content: the bytes of an .xlsx, .xlsm, .ods or .csv file.
        file_name: what to call it in a message.

    Raises:
        NotAWorkbookError: it is something else, it is damaged, or it is not one of our questionnaires.
        UnsafeFileError: it is larger, deeper or stranger than an honest questionnaire.
    """
    grids, notices = read_spreadsheet(content, file_name)
    headings = [_find_headings(grid) for grid in grids]
    sheets = list(zip(grids, headings, strict=True))
    rows = tuple(row for sheet in sheets for row in _read_rows(*sheet))
    identity = _read_identity(grids)
    if identity == FileIdentity() and all(row.part in {Part.NOTES, Part.OWN_TEXT} for row in rows):
        raise NotAWorkbookError(
            f"{file_name}: dit is geen vragenlijst van Kaderscan: er is geen blad met de kopjes "
            f"{KEY_HEADING}, {', '.join(ANSWER_HEADINGS.values())}. Download de vragenlijst opnieuw onder "
            "Zelfscan en neem uw antwoorden over."
        )
    doubles = (issue for sheet in sheets for issue in _describe_doubles(*sheet))
    attached = tuple(each for grid in grids for each in grid.attached)
    return FilledQuestionnaire(identity, rows, (*notices, *doubles), attached, _read_base(grids))


def _read_identity(grids: Iterable[Grid]) -> FileIdentity:
    """Find for whom the file was made; the sheet that says so may have any name."""
    facts: dict[str, str] = {}
    for grid in grids:
        for number, row in enumerate(grid.rows, 1):
            if _is_passport_row(row) and f"B{number}" not in grid.faults:
                facts.setdefault(format_cell(row[0]), format_cell(row[1]) if len(row) > 1 else "")
    return FileIdentity(
        house_id=facts.get("house_id", ""),
        round_id=facts.get("round_id", ""),
        perspective=facts.get("perspective", ""),
        frameworks=tuple(facts.get("frameworks", "").split()),
        sha256=facts.get("sha256", ""),
    )


def _read_base(grids: Iterable[Grid]) -> FormulaBase:
    """Find from which versions of formulas the file was made, as the hidden sheet says."""
    versions: dict[str, int] = {}
    capacities: dict[tuple[str, int], tuple[int, Amount | None]] = {}
    for grid in grids:
        for row in grid.rows:
            match [format_cell(value) for value in row[:_BASE_WIDTH]]:
                case [key, formula_id, version, *_] if key == FORMULA_BASE and version.isdecimal():
                    versions[formula_id] = int(version)
                case [key, party, year, version, *amount] if (
                    key == CAPACITY_BASE and year.isdecimal() and version.isdecimal()
                ):
                    capacities[party, int(year)] = int(version), read_base_amount(amount)
    return FormulaBase(versions, capacities)


def _is_passport_row(row: Sequence[object]) -> bool:
    return bool(row) and row[0] in _IDENTITY_FIELDS


def _read_rows(grid: Grid, headings: Mapping[int, Columns]) -> Iterator[SheetRow]:
    """Give every row of a sheet that says something, in the part that it belongs to."""
    own = _is_own(grid)
    merged = _find_merged_cells(grid) if headings else {}
    columns: Columns | None = None
    for number, row in enumerate(grid.rows, 1):
        if number in headings:
            columns = headings[number]
        if own or number in headings or _is_passport_row(row):
            found = SheetRow(grid.title, number, Part.OWN_TEXT, aside=_join(row))
        elif columns is None:
            found = _read_loose_row(grid.title, number, row, above_headings=bool(headings))
        else:
            found = _read_row(grid, number, row, columns, merged)
        if found.key or found.aside or any(found.texts.values()):
            yield found


def _is_own(grid: Grid) -> bool:
    """Whether nothing is asked on a sheet: it is our introduction, a list of ours, or a receipt."""
    return grid.title in _OWN_SHEETS or _is_receipt(grid)


def _find_headings(grid: Grid) -> dict[int, Columns]:
    """Every row with headings, by its number."""
    if _is_own(grid):
        return {}
    found = ((place + 1, _find_columns(grid.rows[place])) for place in _find_key_headings(grid))
    return {number: columns for number, columns in found if columns is not None}


def _find_key_headings(grid: Grid) -> list[int]:
    """The rows, from 0, in which the first heading stands, however it is written."""
    return [
        place
        for place, row in enumerate(grid.rows)
        for value in row
        if isinstance(value, str) and 0 < len(value) <= LONGEST and tidy(value) in KEYS
    ]


def _is_receipt(grid: Grid) -> bool:
    return bool(grid.rows and grid.rows[0]) and grid.rows[0][0] == RECEIPT_TITLE


def _find_columns(row: Sequence[object]) -> Columns | None:
    """Tell which column holds which field, if this is a row with headings."""
    texts = [tidy(value) if isinstance(value, str) else "" for value in row]
    for shape in SHAPES:
        ours, headings = find_columns(texts, shape.ours), shape.fields
        if shape.key in ours and all(heading in ours for heading in headings.values()):
            key, place = ours[shape.key][0], {field: ours[heading][0] for field, heading in headings.items()}
            letters = {f: get_column_letter(column + 1) for f, column in {"key": key, **place}.items()}
            again = {field: ours[heading][1:] for field, heading in headings.items() if ours[heading][1:]}
            doubles = {str(row[each[0]]).strip(): each for each in ours.values() if each[1:]}
            read = {*(each[0] for each in ours.values()), *chain(*again.values())}
            others = tuple(column for column in range(len(row)) if column not in read)
            return Columns(shape, key, place, letters, others, again, doubles)
    return None


def _describe_doubles(grid: Grid, headings: Mapping[int, Columns]) -> Iterator[Issue]:
    """Tell of every heading of ours that stands in more than one column, in which."""
    for number, columns in headings.items():
        for heading, places in columns.doubles.items():
            cells = [f"{get_column_letter(place + 1)}{number}" for place in places]
            facts = {"heading": heading, "cells": " en ".join(cells)}
            yield Issue(IssueCode.DOUBLE_HEADING, grid.title, cells[0], facts)


def _read_row(
    grid: Grid, number: int, row: Sequence[object], columns: Columns, merged: Mapping[tuple[int, int], str]
) -> SheetRow:
    """Read a row under headings."""
    key = _read_key(format_cell(row[columns.key]))
    show = _format_number if columns.shape.part is Part.FORMULAS else format_cell
    texts = {field: show(row[place]) for field, place in columns.place.items()}
    faults: dict[str, CellFault] = {}
    if merged:
        shown = _find_merged(merged, number, columns)
        texts |= shown
        faults |= dict.fromkeys(shown, CellFault.MERGED)
    if columns.again:
        twice = {field: text for field in columns.again if (text := _compare(row, number, field, columns))}
        texts |= twice
        faults |= dict.fromkeys(twice, CellFault.TWICE)
    if grid.faults:
        found = {field: grid.faults.get(f"{columns.letters[field]}{number}") for field in columns.place}
        faults |= {field: fault[0] for field, fault in found.items() if fault is not None}
    letters, aside = _read_beside(row, columns)
    if not key and not aside and not any(texts.values()):
        return SheetRow(grid.title, number, Part.OWN_TEXT, aside=_join(row))
    return SheetRow(
        grid.title, number, columns.shape.part, key, texts, letters, aside, faults, columns.shape.table
    )


def _format_number(value: object) -> str:
    """A cell as text, a number in it as people write one: so a dot that was typed is one of thousands."""
    return format_cell(value).replace(".", ",") if isinstance(value, float) else format_cell(value)


def _compare(row: Sequence[object], number: int, field: str, columns: Columns) -> str:
    """What stands in each column of a field, with its place; empty where that is the same everywhere."""
    places = (columns.place[field], *columns.again[field])
    return compare_columns([format_cell(row[place]) for place in places], places, number)


def _find_merged(merged: Mapping[tuple[int, int], str], number: int, columns: Columns) -> dict[str, str]:
    """The fields of a row that lie in cells merged with a row above, with the text that shows there."""
    return {
        field: merged[number, place] for field, place in columns.place.items() if (number, place) in merged
    }


def _read_beside(row: Sequence[object], columns: Columns) -> tuple[Mapping[str, str], str]:
    """What the house wrote in columns of its own, and the letters of all columns."""
    beside = [place for place in columns.others if row[place] not in _NOTHING]
    if not beside:
        return columns.letters, ""
    letters = {**columns.letters, ASIDE: get_column_letter(beside[0] + 1)}
    return letters, " · ".join(format_cell(row[place]) for place in beside)


def _read_key(text: str) -> str:
    """The id that a cell holds however it was typed; another text as it is."""
    if _ID.fullmatch(text):
        return text
    folded = fold_id(text)
    return folded if _ID.fullmatch(folded) else text


def _read_loose_row(title: str, number: int, row: Sequence[object], *, above_headings: bool) -> SheetRow:
    """A row outside the headings: ours where it is a title, else the house's own.

    A row that begins with the id of a question keeps that id: its sheet has lost its headings.
    """
    key = _read_key(format_cell(row[0])) if row else ""
    ours = above_headings and not any(row[1:])
    part = Part.OWN_TEXT if ours else Part.NOTES
    first = next((place for place, value in enumerate(row) if format_cell(value)), 0)
    letters = {ASIDE: get_column_letter(first + 1)}
    return SheetRow(title, number, part, key if _ID.fullmatch(key) else "", {}, letters, _join(row))


def _find_merged_cells(grid: Grid) -> dict[tuple[int, int], str]:
    """The text that shows in each cell below the first row of cells that are merged over several rows.

    Returns:
        The text by the number of the row, from 1, and of the column, from 0.
    """
    shown = {}
    for (top, left), (bottom, right) in grid.merged:
        below, across = grid.rows[top + 1 : bottom + 1], slice(left, right + 1)
        if not below or not (text := format_cell(next(iter(grid.rows[top][across]), ""))):
            continue
        columns = range(len(grid.rows[top]))[across]
        shown.update(dict.fromkeys(product(range(top + 2, top + 2 + len(below)), columns), text))
    return shown


def _join(row: Sequence[object]) -> str:
    return " · ".join(filter(None, map(format_cell, row)))
