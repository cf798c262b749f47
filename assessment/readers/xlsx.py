"""The cells of an .xlsx: by the fast parser where a sheet is proven to be plain, else by our own reader.

The fast parser gives an empty text for an error and for a formula without a stored value, and an empty answer
would then be a lost answer. So it reads only sheets of which every cell is one that it gives as it is; of any
other sheet values and faults come together, from one walk over its cells.

Source: ECMA-376 part 1, 18.3.1 (cells), 18.4 (shared strings), 18.8 (styles); and its strict variant.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from io import BytesIO
from xml.etree.ElementTree import Element  # only the type; the parsing is defusedxml's
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from openpyxl.utils.escape import unescape
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from assessment.model.sheets import Attached, AttachedKind, CellFault
from assessment.readers.grids import MAX_COLUMNS, MAX_ROWS, Grid, GridBuilder
from assessment.readers.package import (
    Parts,
    Sheet,
    Workbook,
    find_external_targets,
    find_link_id,
    find_relationships,
    parse_xml,
)

_PANIC = "PanicException"
_PLAIN_CELL = re.compile(
    rb'<c r="[A-Z]{1,2}[1-9]\d{0,3}"(?: s="\d+")?(?: t="(?:s|n|b|str|inlineStr)")? ?'
    rb'(?:/>|></c>|><is>|>(?:<f(?: \w+="[^"<>]*")*(?:/>|>[^<]*</f>))?<v(?: xml:space="preserve")?>[^<])'
)
"""A cell that is near, says where it is, is no error, and has a value if it has a formula."""
_CELL = re.compile(rb"<c[\s>]")
_ODD = re.compile(rb":c[\s/>]|<!|\x00")
"""Cells with a prefix, what may hide a cell or bring entities, and UTF-16."""
_OTHER_LETTERS = re.compile(rb"""[^>]*encoding=["'](?!utf-8["']|us-ascii["'])""", re.IGNORECASE)
_LINKING = re.compile(rb"<(?:\w+:)?hyperlink\b|HYPERLINK\(", re.IGNORECASE)
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_IMPOSSIBLE_DATE = "#####"
"""What a spreadsheet program shows for a date before its calendar begins or after it ends."""


def read_xlsx(parts: Parts) -> list[Grid]:
    """Read the cells of every worksheet, hidden ones too.

    Raises:
        ParseError, KeyError, ValueError: the workbook is damaged.
        FarCellError: something stands far outside an honest questionnaire.
    """
    book = Workbook(parts)
    sheets = [sheet for sheet in book.sheets if sheet.kind == "worksheet"]
    texts_are_plain = not any(map(_is_odd, (book.strings, book.styles)))
    plain = [sheet for sheet in sheets if texts_are_plain and is_plain(sheet.content)]
    fast = read_fast(plain, book) if plain else {}
    meanings = Meanings(book)
    grids = [
        fast[sheet.name]._replace(title=sheet.title) if sheet.name in fast else read_cells(sheet, meanings)
        for sheet in sheets
    ]
    return [
        grid._replace(attached=tuple(_find_attached(grid, sheet, parts)))
        for grid, sheet in zip(grids, sheets, strict=True)
    ]


def _find_attached(grid: Grid, sheet: Sheet, parts: Parts) -> Iterator[Attached]:
    """The comments at the cells of a sheet, and where cells lead outside the file."""
    links = find_relationships(parts, sheet.name).values()
    for link in links:
        if link.kind == "comments" and link.target in parts:
            for comment in parse_xml(parts[link.target]).iterfind("{*}commentList/{*}comment"):
                text = "".join(map(_join_runs, comment.iterfind("{*}text")))
                yield from grid.attach(comment.get("ref", "A1"), AttachedKind.COMMENT, text)
    if _LINKING.search(sheet.content) or _is_odd(sheet.content):
        for address, target in _find_links(
            parse_xml(sheet.content), find_external_targets(parts, sheet.name)
        ):
            yield from grid.attach(address, AttachedKind.LINK, target)


def _find_links(root: Element, targets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The cells that lead outside the file, by a link of their own or by a formula, and where to."""
    for link in root.iterfind("{*}hyperlinks/{*}hyperlink"):
        if (target := targets.get(find_link_id(link))) is not None:
            yield _find_first(link.get("ref", "")), target
    for row, column, cell in _walk(root):
        formula = cell.findtext("{*}f") or ""
        if "HYPERLINK(" in formula.upper():
            yield f"{get_column_letter(column + 1)}{row + 1}", formula


def _find_first(cells: str) -> str:
    """The first cell of a range, which may be whole rows or columns; what is no range begins at A1."""
    left = top = None
    with suppress(ValueError):
        left, top, *_ = range_boundaries(cells)
    return f"{get_column_letter(left or 1)}{top or 1}"


def is_plain(sheet: bytes) -> bool:
    """Whether every cell is proven to be one that the fast parser gives as it is."""
    return not _is_odd(sheet) and len(_PLAIN_CELL.findall(sheet)) == len(_CELL.findall(sheet))


def _is_odd(part: bytes) -> bool:
    return _ODD.search(part) is not None or _OTHER_LETTERS.match(part) is not None


def read_fast(sheets: Sequence[Sheet], book: Workbook) -> dict[str, Grid]:
    """Read plain sheets, by the names of their parts; nothing where the parser breaks on one.

    It breaks on a date in the year 10^300 and on ranges that it does not know; our own reader does not.
    """
    try:
        read = CalamineWorkbook.from_filelike(BytesIO(_make_plain_archive(sheets, book)))
        return {sheet.name: _as_grid(read.get_sheet_by_index(place)) for place, sheet in enumerate(sheets)}
    except CalamineError:
        return {}
    except BaseException as error:  # its own kind of panic is no Exception, and has no name to import
        if type(error).__name__ != _PANIC:
            raise
        return {}


def _as_grid(sheet: CalamineSheet) -> Grid:
    return Grid(sheet.name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ())


def _make_plain_archive(sheets: Sequence[Sheet], book: Workbook) -> bytes:
    """A workbook of these sheets and nothing else, not packed, its parts where every parser looks."""
    places = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in places)
    calendar = '<workbookPr date1904="1"/>' if book.from_1904 else ""
    parts: dict[str, bytes | str] = {
        "_rels/.rels": _write_links([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_LINKS}">{calendar}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _write_links(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in places]
        ),
        **{f"xl/worksheets/sheet{n}.xml": sheet.content for n, sheet in zip(places, sheets, strict=True)},
    }
    texts = {"xl/sharedStrings.xml": book.strings, "xl/styles.xml": book.styles}
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, part in (parts | {name: part for name, part in texts.items() if part}).items():
            archive.writestr(ZipInfo(name), part)
    return stream.getvalue()


def _write_links(links: Iterable[tuple[str, str]]) -> str:
    """Relationships with the ids r1, r2, …, each of a kind and to a target."""
    listed = "".join(
        f'<Relationship Id="r{n}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE_LINKS}">{listed}</Relationships>'


class Meanings:
    """What the numbers in cells stand for: a text of the whole workbook, or a day."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._epoch = CALENDAR_MAC_1904 if book.from_1904 else CALENDAR_WINDOWS_1900

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells share."""
        return [_join_runs(each) for each in parse_xml(self._book.strings).iterfind("{*}si")]

    @cached_property
    def _formats(self) -> dict[str, str]:
        """The number format of each style, by the number that cells know it by."""
        if not self._book.styles:
            return {}
        root = parse_xml(self._book.styles)
        own = {
            each.get("numFmtId"): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")
        }
        used = [each.get("numFmtId", "0") for each in root.iterfind("{*}cellXfs/{*}xf")]
        formats = (own.get(number) or BUILTIN_FORMATS.get(int(number), "") for number in used)
        return {str(place): shape for place, shape in enumerate(formats)}

    def read_number(self, text: str, style: str) -> object:
        """A number, or the day or time that its style makes of it."""
        try:
            number = float(text)
        except ValueError:
            return text
        shape = self._formats.get(style, "")
        if not is_date_format(shape):
            return number
        try:
            return from_excel(number, self._epoch, timedelta=is_timedelta_format(shape))
        except (OverflowError, ValueError):
            return _IMPOSSIBLE_DATE


def read_cells(sheet: Sheet, meanings: Meanings) -> Grid:
    """Read every cell once, with its value or its fault; one without an address follows the last one."""
    root, builder = parse_xml(sheet.content), GridBuilder(sheet.title)
    for row, column, cell in _walk(root):
        builder.put(row, column, *_read_cell(cell, meanings))
    for merged in root.iterfind("{*}mergeCells/{*}mergeCell"):
        _merge(builder, merged.get("ref", ""))
    return builder.build()


def _walk(root: Element) -> Iterator[tuple[int, int, Element]]:
    """Every cell of a sheet, with its row and column from 0."""
    row = -1
    for line in root.iterfind("{*}sheetData/{*}row"):
        row, column = int(line.get("r", row + 2)) - 1, -1
        for cell in line.iterfind("{*}c"):
            address = cell.get("r")
            row, column = (row, column + 1) if address is None else _find_place(address)
            yield row, column, cell


def _find_place(address: str) -> tuple[int, int]:
    row, column = coordinate_to_tuple(address)
    return row - 1, column - 1


def _read_cell(cell: Element, meanings: Meanings) -> tuple[object, CellFault | None]:
    """The value of a cell; where it has none that somebody chose or wrote, what it shows and why."""
    kind, stored = cell.get("t", "n"), cell.find("{*}v")
    text = "" if stored is None else stored.text or ""
    if kind == "e":
        return text or "#", CellFault.ERROR
    if cell.find("{*}f") is not None and not text and (kind != "str" or stored is None):
        return "=…", CellFault.FORMULA
    if kind == "inlineStr":
        return "".join(map(_join_runs, cell.iterfind("{*}is"))), None
    return (_read_stored(kind, text, cell.get("s", "0"), meanings) if text else ""), None


def _read_stored(kind: str, text: str, style: str, meanings: Meanings) -> object:
    match kind:
        case "s":
            return meanings.strings[int(text)]
        case "b":
            return text in {"1", "true"}
        case "d":
            with suppress(ValueError):
                return datetime.fromisoformat(text)
            return text
        case "n":
            return meanings.read_number(text, style)
        case _:
            return unescape(text)


def _join_runs(string: Element) -> str:
    """The text of a string, however many formats it has; what tells its pronunciation stands elsewhere."""
    texts = [*string.iterfind("{*}t"), *string.iterfind("{*}r/{*}t")]
    return unescape("".join(text.text or "" for text in texts))


def _merge(builder: GridBuilder, cells: str) -> None:
    """Merge a range, which may be whole rows or columns; what is no range merges nothing."""
    with suppress(ValueError):
        left, top, right, bottom = range_boundaries(cells)
        builder.merge(
            ((top or 1) - 1, (left or 1) - 1), ((bottom or MAX_ROWS) - 1, (right or MAX_COLUMNS) - 1)
        )
