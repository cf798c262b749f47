"""A plan that was changed as a workbook in, as rows found by their measure: nothing is judged here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from assessment.errors import NotAWorkbookError
from assessment.model.sheets import (
    BASE_KEY,
    FIELD_HEADINGS,
    HEADINGS,
    IDENTITY_FIELDS,
    BaseRow,
    CellFault,
    FilledPlan,
    PlanIdentity,
    PlanRow,
)
from assessment.model.wording import fold_id, tidy
from assessment.readers.grids import Grid, compare_columns, find_columns
from assessment.readers.workbook import read_spreadsheet

Cells = Sequence[object]
# The column of the first field in the hidden sheet.
_FIRST_FIELD = 3


class _Columns(NamedTuple):
    """Which column holds the measure and each field, from 0; the others hold notes of the house.

    A field has several columns where its heading stands there more than once.
    """

    key: int
    fields: Mapping[str, tuple[int, ...]]
    notes: tuple[int, ...]


def read_plan(content: bytes, file_name: str) -> FilledPlan:
    """Read the plan of a house that came back.

    Args:
        content: the bytes of an .xlsx, .xlsm or .ods file.
        file_name: what to call it in a message.

    Raises:
        NotAWorkbookError: it is something else, it is damaged, or it is not one of our plans.
        UnsafeFileError: it is larger, deeper or stranger than an honest workbook.
    """
    grids, _ = read_spreadsheet(content, file_name)
    sheets = [(grid, *found) for grid in grids if (found := _find_headings(grid)) is not None]
    if not sheets:
        raise NotAWorkbookError(
            f"{file_name}: dit is geen plan van Kaderscan om terug te lezen: er is geen blad met de kopjes "
            f"{', '.join(HEADINGS)}. Download het verbeterplan opnieuw onder Routekaart en neem uw "
            "wijzigingen over."
        )
    return FilledPlan(
        identity=_read_identity(grids),
        base=dict(_read_base(grids)),
        rows=tuple(row for sheet in sheets for row in _read_rows(*sheet)),
        notes=tuple(note for sheet in sheets for note in _read_notes(*sheet)),
    )


def _read_identity(grids: Iterable[Grid]) -> PlanIdentity:
    """Find for which plan the file was made; the sheet that says so may have any name."""
    facts: dict[str, str] = {}
    for grid in grids:
        for row in grid.rows:
            if row and row[0] in IDENTITY_FIELDS:
                facts.setdefault(_text(row, 0), _text(row, 1))
    return PlanIdentity(**facts)


def _read_base(grids: Iterable[Grid]) -> Iterator[tuple[str, BaseRow]]:
    for grid in grids:
        for row in grid.rows:
            version = _text(row, 2)
            if row and row[0] == BASE_KEY and version.isdecimal():
                texts = {field: _text(row, place) for place, field in enumerate(FIELD_HEADINGS, _FIRST_FIELD)}
                yield _text(row, 1), BaseRow(int(version), texts)


def _find_headings(grid: Grid) -> tuple[int, _Columns] | None:
    """The number of the row with our headings, from 0, and which column holds what."""
    wanted = {field: tidy(heading) for field, heading in FIELD_HEADINGS.items()}
    for number, row in enumerate(grid.rows):
        texts = [tidy(value) if isinstance(value, str) else "" for value in row]
        if tidy(HEADINGS[0]) in texts and all(heading in texts for heading in wanted.values()):
            found = find_columns(texts, set(map(tidy, HEADINGS)))
            fields = {field: found[heading] for field, heading in wanted.items()}
            ours = {*(places[0] for places in found.values()), *chain(*fields.values())}
            return number, _Columns(found[tidy(HEADINGS[0])][0], fields, tuple(set(range(len(row))) - ours))
    return None


def _read_rows(grid: Grid, headings: int, columns: _Columns) -> Iterator[PlanRow]:
    letters = {field: get_column_letter(places[0] + 1) for field, places in columns.fields.items()}
    for number, row in enumerate(grid.rows[headings + 1 :], headings + 2):
        measure_id = fold_id(_text(row, columns.key))
        said = {field: [_text(row, place) for place in places] for field, places in columns.fields.items()}
        if measure_id or any(map(any, said.values())):
            twice = dict(_find_twice(said, columns, number))
            texts = {field: texts[0] for field, texts in said.items()} | twice
            cells = {f"{letter}{number}": field for field, letter in letters.items()}
            faults = {cells[cell]: fault for cell, (fault, _) in grid.faults.items() if cell in cells}
            faults |= dict.fromkeys(twice, CellFault.TWICE)
            yield PlanRow(grid.title, number, measure_id, texts, letters, faults)


def _find_twice(
    said: Mapping[str, Sequence[str]], columns: _Columns, number: int
) -> Iterator[tuple[str, str]]:
    """The fields of a row whose heading stands there twice, where the columns say other things."""
    for field, texts in said.items():
        if told := compare_columns(texts, columns.fields[field], number):
            yield field, told


def _read_notes(grid: Grid, headings: int, columns: _Columns) -> Iterator[str]:
    """Where something stands in a column of the house's own, or is attached to a cell."""
    yield from (f"Blad {grid.title}, cel {each.cell}" for each in grid.attached)
    for number, row in enumerate(grid.rows[headings + 1 :], headings + 2):
        for place in columns.notes:
            if _text(row, place):
                yield f"Blad {grid.title}, cel {get_column_letter(place + 1)}{number}"


def _text(row: Cells, place: int) -> str:
    """A cell as the text that stands in it, with single spaces; a day as 2027-12-31."""
    value = row[place] if place < len(row) else None
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.strftime("%Y-%m-%d")
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return " ".join(str(value).split())
