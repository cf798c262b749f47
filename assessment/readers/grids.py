"""The cells of one sheet, whatever the format of its file, and how far an honest sheet reaches."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

from assessment.errors import UnsafeFileError
from assessment.model.sheets import RECEIPT_REMARK, Attached, AttachedKind, CellFault

MAX_ROWS, MAX_COLUMNS = 10_000, 702

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last row and column, from 0."""
FaultsOfSheet = Mapping[str, tuple[CellFault, str]]
"""The fault and the text shown, by address such as D14."""


class Grid(NamedTuple):
    """One sheet: its cells, which of them are merged, and which hold no value that somebody chose or wrote.

    All rows are equally wide.
    """

    title: str
    rows: Sequence[Sequence[object]]
    merged: Sequence[Range] = ()
    faults: FaultsOfSheet = {}  # noqa: RUF012 - never changed
    attached: Sequence[Attached] = ()

    def attach(self, address: str, kind: AttachedKind, text: str) -> Iterator[Attached]:
        """What is attached to a cell, unless it is a remark of ours, or a link to what shows."""
        said = text.partition(RECEIPT_REMARK)[0] if kind is AttachedKind.COMMENT else text
        if said.strip() and _strip_link(said) != _strip_link(self.show(address)):
            yield Attached(self.title, address, kind, said.strip())

    def show(self, address: str) -> str:
        """What stands in a cell."""
        row, column = coordinate_to_tuple(address)
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        return str(cells[column - 1]) if column <= len(cells) else ""


_LINK_START = re.compile(r"(mailto:|https?://)?(www\.)?", re.IGNORECASE)


def _strip_link(text: str) -> str:
    """The part of an address that people write."""
    return _LINK_START.sub("", text.strip(), count=1).rstrip("/").casefold()


class GridBuilder:
    """A sheet as it is read, cell by cell; places are counted from 0."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._rows: list[list[object]] = []
        self._merged: list[Range] = []
        self._faults: dict[str, tuple[CellFault, str]] = {}
        self._attached: list[tuple[str, AttachedKind, str]] = []

    def put(self, row: int, column: int, value: object, fault: CellFault | None = None) -> None:
        """Put a value in a cell, or the text that shows where there is a fault; an empty cell is no cell.

        Raises:
            FarCellError: it stands further away than in any honest questionnaire.
        """
        if value in ("", None):
            return
        address = f"{get_column_letter(column + 1)}{row + 1}"
        if row >= MAX_ROWS or column >= MAX_COLUMNS:
            raise FarCellError(f"cel {address}")
        self._rows += ([] for _ in range(row + 1 - len(self._rows)))
        cells = self._rows[row]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = value
        if fault is not None:
            self._faults[address] = (fault, str(value))

    def merge(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Merge the cells between two places."""
        self._merged.append((first, last))

    def attach(self, row: int, column: int, kind: AttachedKind, text: str) -> None:
        """Attach something to a cell."""
        self._attached.append((f"{get_column_letter(column + 1)}{row + 1}", kind, text))

    def build(self) -> Grid:
        """The sheet, with all rows equally wide."""
        grid = Grid(self._title, square(self._rows), tuple(self._merged), self._faults)
        return grid._replace(attached=[found for each in self._attached for found in grid.attach(*each)])


class FarCellError(Exception):
    """Something stands further away than in any honest questionnaire; its message is where."""


def square(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Rows that are all as wide as the widest."""
    widest = max(map(len, rows), default=0)
    return [[*row, *([""] * (widest - len(row)))] for row in rows]


def refuse_vast(height: int, width: int, file_name: str) -> None:
    """Refuse what would fill the memory once every row is as wide as the widest.

    Raises:
        UnsafeFileError: it would.
    """
    if height > MAX_ROWS or width > MAX_COLUMNS:
        raise UnsafeFileError(
            f"{file_name}: meer dan {MAX_ROWS} regels of {MAX_COLUMNS} kolommen. Lever alleen de vragenlijst "
            "zelf in."
        )


def format_cell(value: object) -> str:
    """A cell as the text that stands in it; a date as 2027-12-31."""
    if isinstance(value, str):
        return value.strip()
    match value:
        case None:
            return ""
        case bool():
            return "WAAR" if value else "ONWAAR"
        case datetime() | date():
            return value.strftime("%Y-%m-%d")
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def find_columns(texts: Sequence[str], headings: Collection[str]) -> dict[str, tuple[int, ...]]:
    """The columns, from 0, in which each of these headings stands; one that stands nowhere is left out."""
    found: dict[str, tuple[int, ...]] = {}
    for place, text in enumerate(texts):
        if text in headings:
            found[text] = (*found.get(text, ()), place)
    return found


def compare_columns(said: Sequence[str], places: Sequence[int], number: int) -> str:
    """What columns with one heading say in a row, each with its cell; empty where they say the same."""
    if len(set(said)) == 1:
        return ""
    cells = (f"{get_column_letter(place + 1)}{number}" for place in places)
    named = (f"'{text}'" if text else "niets" for text in said)
    return " en ".join(f"{text} in {cell}" for text, cell in zip(named, cells, strict=True))
