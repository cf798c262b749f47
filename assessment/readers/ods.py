"""The cells of an .ods: values, faults and merged cells from one walk over its content.

Source: OpenDocument 1.3 part 3: cells (9.1.4), the types of their values (19.385), white space (6.1.2).
Spreadsheet programs differ in how they write an error: with a type in an extension of LibreOffice,
or as the number 0 or an empty text beside a text such as #NAME?.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import product
from xml.etree.ElementTree import Element  # only the type; the parsing is defusedxml's

from assessment.model.sheets import AttachedKind, CellFault
from assessment.readers.grids import Grid, GridBuilder
from assessment.readers.package import Parts, parse_xml

_CONTENT = "content.xml"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}"
_LINKING = "HYPERLINK("
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_NUMBERS = {"float", "percentage", "currency"}
_ERROR = re.compile(r"#[A-Z][A-Z0-9/_]*[!?]?|Err:\d{3}", re.IGNORECASE)
"""An error as it is shown, in any language: #N/A, #NAAM?, #DEEL/0!, Err:508."""
_SPACES = re.compile(r"[ \t\r\n]+")
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_NOT_OF_THE_TEXT = {f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text"}


def read_ods(parts: Parts) -> list[Grid]:
    """Read the cells of every sheet, hidden ones too.

    Raises:
        ParseError, KeyError: the file is damaged.
        FarCellError: something stands far outside an honest questionnaire.
    """
    tables = parse_xml(parts[_CONTENT]).iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
    return [_read_table(table) for table in tables if table.find(f"{_TABLE}table-source") is None]


def _read_table(table: Element) -> Grid:
    """Read a sheet; one with a source is no sheet but a copy of somebody else's cells."""
    builder, row = GridBuilder(table.get(f"{_TABLE}name", "")), 0
    for line in table.iter(f"{_TABLE}table-row"):
        height, column = _count(line, "number-rows-repeated"), 0
        for cell in line:
            width = _count(cell, "number-columns-repeated")
            _put(builder, cell, range(row, row + height), range(column, column + width))
            column += width
        row += height
    return builder.build()


def _put(builder: GridBuilder, cell: Element, rows: range, columns: range) -> None:
    """Put a cell in each place where it is repeated."""
    value, fault = _read_cell(cell)
    if value != "":
        for row, column in product(rows, columns):
            builder.put(row, column, value, fault)
    for kind, text in _find_attached(cell):
        builder.attach(rows[0], columns[0], kind, text)
    down, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
    if down > 1 or right > 1:
        builder.merge((rows[0], columns[0]), (rows[0] + down - 1, columns[0] + right - 1))


def _find_attached(cell: Element) -> Iterator[tuple[AttachedKind, str]]:
    """The comments at a cell, and where it leads outside the file."""
    for comment in cell.iterfind(f"{_OFFICE}annotation"):
        yield (
            AttachedKind.COMMENT,
            "\n".join("".join(_list_texts(each)) for each in comment.iter(f"{_TEXT}p")),
        )
    targets = [link.get(f"{_LINK}href", "") for link in cell.iterfind(f"{_TEXT}p/{_TEXT}a")]
    formula = cell.get(f"{_TABLE}formula", "")
    yield from ((AttachedKind.LINK, target) for target in targets if not target.startswith("#"))
    if _LINKING in formula:
        yield AttachedKind.LINK, formula


def _count(element: Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return max(int(text), 1) if text.isdecimal() else 1


def _read_cell(cell: Element) -> tuple[object, CellFault | None]:
    """The value of a cell; where it has none that somebody chose or wrote, what it shows and why."""
    paragraphs = cell.findall(f"{_TEXT}p")
    shown = "\n".join("".join(_list_texts(each)).strip() for each in paragraphs)
    kind, computed = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_TABLE}formula") is not None
    if cell.get(_CALC_TYPE) == "error" or (_ERROR.fullmatch(shown) and (computed or kind in _NUMBERS)):
        return shown or "#", CellFault.ERROR
    if computed and kind is None and not paragraphs:  # an outcome that is an empty text has an empty one
        return "=…", CellFault.FORMULA
    return _read_value(cell, kind, shown), None


def _read_value(cell: Element, kind: str | None, shown: str) -> object:
    """What a cell holds, by the type that it says; what does not fit its type is what it shows."""
    with suppress(ValueError):
        match kind:
            case "float" | "percentage" | "currency":
                return float(cell.get(f"{_OFFICE}value", ""))
            case "date":
                return datetime.fromisoformat(cell.get(f"{_OFFICE}date-value", ""))
            case "boolean":
                return cell.get(f"{_OFFICE}boolean-value") == "true"
    return shown or cell.get(f"{_OFFICE}string-value", "")


def _list_texts(element: Element) -> Iterator[str]:
    """The text of a paragraph, piece by piece: runs of white space are one space, others are elements."""
    yield _SPACES.sub(" ", element.text or "")
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c", "1"))
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _NOT_OF_THE_TEXT:
            yield from _list_texts(child)
        yield _SPACES.sub(" ", child.tail or "")
