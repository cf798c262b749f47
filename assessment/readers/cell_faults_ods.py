"""Cells of an .ods that the fast parser reads as empty: errors, and cells merged over several rows."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element  # only the type; the parsing is defusedxml's

from defusedxml.ElementTree import fromstring
from openpyxl.utils import get_column_letter

from assessment.model.sheets import CellFault
from assessment.readers.cell_faults import FaultsOfSheet

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last row and column, from 0."""

_CONTENT = "content.xml"
_SUSPECT = re.compile(rb'value-type="error"|number-rows-spanned="(?:[2-9]|\d\d)')
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


class OdsOddities(NamedTuple):
    """What the fast parser does not tell of a sheet."""

    faults: FaultsOfSheet
    merged: tuple[Range, ...]


NOTHING_ODD = OdsOddities({}, ())


class _Cell(NamedTuple):
    row: int
    column: int
    element: Element


def find_ods_oddities(parts: Mapping[str, bytes]) -> dict[str, OdsOddities]:
    """Find errors and merged cells.

    Args:
        parts: the parts of an .ods, by name.

    Returns:
        What was found, by the title of the sheet; only where there is anything to find.
    """
    content = parts.get(_CONTENT, b"")
    if not _SUSPECT.search(content):
        return {}
    tables = fromstring(content).iter(f"{_TABLE}table")
    return {table.get(f"{_TABLE}name", ""): _look_up(table) for table in tables}


def _look_up(table: Element) -> OdsOddities:
    faults: dict[str, tuple[CellFault, str]] = {}
    merged: list[Range] = []
    for cell in _walk(table):
        if cell.element.get(_CALC_TYPE) == "error":
            address = f"{get_column_letter(cell.column + 1)}{cell.row + 1}"
            faults[address] = (CellFault.ERROR, "".join(cell.element.itertext()) or "#")
        rows = _count(cell.element, "number-rows-spanned")
        columns = _count(cell.element, "number-columns-spanned")
        if rows > 1:
            merged.append(((cell.row, cell.column), (cell.row + rows - 1, cell.column + columns - 1)))
    return OdsOddities(faults, tuple(merged))


def _walk(table: Element) -> Iterator[_Cell]:
    """Every cell that is written, with its place; repeated rows and cells count, but are given once."""
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in line:
            yield _Cell(row, column, cell)
            column += _count(cell, "number-columns-repeated")
        row += _count(line, "number-rows-repeated")


def _count(element: Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return int(text) if text.isdigit() else 1
