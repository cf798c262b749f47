"""The cells of one sheet, whatever the format of its file, and how far an honest sheet reaches."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from assessment.errors import UnsafeFileError
from assessment.model.sheets import CellFault

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


class GridBuilder:
    """A sheet as it is read, cell by cell; places are counted from 0."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._rows: list[list[object]] = []
        self._merged: list[Range] = []
        self._faults: dict[str, tuple[CellFault, str]] = {}

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

    def build(self) -> Grid:
        """The sheet, with all rows equally wide."""
        return Grid(self._title, square(self._rows), tuple(self._merged), self._faults)


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
