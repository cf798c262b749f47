"""The receipt: the house's own file back with marks, or a sheet of its own where that cannot be done safely.

What gets lost when a file is opened and saved again is for who calls to find out, before it is given back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assessment.figures.palette import ACCENT, PAPER
from assessment.model.issue import Weight
from assessment.model.sheets import RECEIPT_REMARK, RECEIPT_SHEET, RECEIPT_TITLE
from assessment.writers.workbook_styles import FONT, row_height

_SEPARATE = "Dit is een los ontvangstbewijs. Uw eigen bestand is niet aangepast, omdat {reason}."
NO_XLSX = "het geen .xlsx is"
WOULD_LOSE = "daarin bij het opnieuw bewaren iets verloren kan gaan"
_MARKED = (
    "Dit is uw eigen bestand. Alleen de kleuren, de opmerkingen in de cellen en dit blad zijn erbij gezet."
)
_COLOURS = "Oranje cellen zijn niet begrepen. Blauwe cellen zijn een vraag aan u."
_AUTHOR = "Kaderscan"
_OURS = RECEIPT_REMARK
_MARKS = {
    Weight.FAULT: PatternFill("solid", fgColor="FFD8A8"),
    Weight.ASK: PatternFill("solid", fgColor="D0E4F7"),
}
_UNMARKED = PatternFill()
_COMMENT_WIDTH, _COMMENT_HEIGHT = 340, 130
_WIDTHS = (16, 9, 16, 70, 60)
_HEADING_FILL = PatternFill("solid", fgColor=ACCENT.removeprefix("#"))
_TITLE_HEIGHT = 30


class Mark(NamedTuple):
    """One cell to colour, with the comment that goes with it."""

    sheet: str
    cell: str
    weight: Weight
    text: str


class Block(NamedTuple):
    """A table on the receipt: its title, headings and rows."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


class ReceiptSheet(NamedTuple):
    """All that a receipt says, as texts."""

    lines: Sequence[str]
    blocks: Sequence[Block] = ()
    marks: Sequence[Mark] = ()
    # The sheets of the file that are ours; their formulas are counted anew by any spreadsheet program.
    own_sheets: frozenset[str] = frozenset()


class ReceiptFile(NamedTuple):
    """The bytes of a receipt; `marked` tells that it is the house's own file."""

    content: bytes
    marked: bool


class MarkedFile(NamedTuple):
    """A file with its marks; `cells` (sheet and address) were changed, the sheets `gone` were taken away."""

    content: bytes
    cells: frozenset[tuple[str, str]]
    gone: frozenset[str]


def make_separate_receipt(receipt: ReceiptSheet, reason: str = WOULD_LOSE) -> ReceiptFile:
    """Make a receipt that stands by itself; `reason` says in Dutch why the file is not marked."""
    lines = [_SEPARATE.format(reason=reason)] if receipt.blocks else []
    return ReceiptFile(_write_receipt(_add_lines(receipt, *lines)), marked=False)


def _add_lines(receipt: ReceiptSheet, *lines: str) -> ReceiptSheet:
    return receipt._replace(lines=[*receipt.lines, *lines])


def mark_file(content: bytes, receipt: ReceiptSheet) -> MarkedFile:
    """Mark an .xlsx: colour cells, add comments, and a last sheet with the receipt."""
    book = load_workbook(BytesIO(content), rich_text=True)
    gone = _take_old_receipts_away(book)
    cells = _take_old_marks_away(book)
    for (title, address), marks in _by_cell(receipt.marks).items():
        cell = _find_cell(book[title], address)
        _mark(cell, marks)
        cells.add((title, cell.coordinate))
    sheet = book.create_sheet(RECEIPT_SHEET)
    _write_sheet(sheet, _add_lines(receipt, _MARKED, *([_COLOURS] if receipt.marks else [])))
    book.active = sheet
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    return MarkedFile(_save(book), frozenset(cells), gone)


def _write_receipt(receipt: ReceiptSheet) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one sheet
    sheet.title = RECEIPT_SHEET
    _write_sheet(sheet, receipt)
    return _save(book)


def _save(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _take_old_receipts_away(book: Workbook) -> frozenset[str]:
    """A receipt that comes back repaired starts clean; gives the titles of the sheets that are gone."""
    old = [sheet for sheet in book.worksheets if sheet["A1"].value == RECEIPT_TITLE]
    for sheet in old:
        book.remove(sheet)
    return frozenset(sheet.title for sheet in old)


def _take_old_marks_away(book: Workbook) -> set[tuple[str, str]]:
    """Take our comments and colours away; gives sheet and address of the cells that had them."""
    marked = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None and _OURS in cell.comment.text
    ]
    for cell in marked:
        theirs = cell.comment.text.partition(_OURS)[0].strip() if cell.comment is not None else ""
        cell.comment = Comment(theirs, cell.comment.author) if theirs and cell.comment is not None else None
        cell.fill = _UNMARKED
    for sheet in book.worksheets if marked else ():
        sheet.legacy_drawing = None  # the boxes of the remarks; else it refers to what is no longer there
    return {(cell.parent.title, cell.coordinate) for cell in marked}


def _by_cell(marks: Iterable[Mark]) -> dict[tuple[str, str], list[Mark]]:
    found: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        found[mark.sheet, mark.cell].append(mark)
    return found


def _find_cell(sheet: Worksheet, address: str) -> Cell:
    """The cell at an address; of merged cells the one that shows."""
    merged = next((each for each in sheet.merged_cells.ranges if address in each), None)
    cell = sheet[address] if merged is None else sheet.cell(merged.min_row, merged.min_col)
    assert isinstance(cell, Cell)  # noqa: S101 - one address is one cell
    return cell


def _mark(cell: Cell, marks: Sequence[Mark]) -> None:
    """Colour a cell and say why; a comment that the house wrote there stays above ours."""
    theirs = [cell.comment.text] if cell.comment is not None else []
    author = cell.comment.author if cell.comment is not None else _AUTHOR
    comment = Comment("\n".join([*theirs, *(f"{_OURS}{mark.text}" for mark in marks)]), author)
    comment.width, comment.height = _COMMENT_WIDTH, _COMMENT_HEIGHT
    cell.comment = comment
    cell.fill = _MARKS[marks[0].weight]


def _write_sheet(sheet: Worksheet, receipt: ReceiptSheet) -> None:
    for column, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    _put_row(sheet, 1, [RECEIPT_TITLE], Font(FONT, 18, bold=True))
    sheet.row_dimensions[1].height = _TITLE_HEIGHT
    row = 2
    for line in receipt.lines:
        _put_row(sheet, row, [line], Font(FONT, 11))
        row += 1
    for block in receipt.blocks:
        row = _write_block(sheet, row + 1, block)


def _write_block(sheet: Worksheet, row: int, block: Block) -> int:
    """Write a table and tell the row after it."""
    _put(sheet, row, 1, block.title, Font(FONT, 13, bold=True, color=ACCENT.removeprefix("#")))
    _put_row(sheet, row + 1, block.headings, Font(FONT, 11, bold=True, color=PAPER.removeprefix("#")))
    for column in range(1, len(_WIDTHS) + 1):
        sheet.cell(row + 1, column).fill = _HEADING_FILL
    for offset, texts in enumerate(block.rows, row + 2):
        _put_row(sheet, offset, texts, Font(FONT, 10))
    return row + 2 + len(block.rows)


def _put_row(sheet: Worksheet, row: int, texts: Sequence[str], font: Font) -> None:
    """Write texts side by side, the last one as wide as the sheet, in a row that is high enough for all."""
    last = len(texts)
    widths = [*_WIDTHS[: last - 1], sum(_WIDTHS[last - 1 :])]
    for column, text in enumerate(texts, 1):
        _put(sheet, row, column, text, font)
    if last < len(_WIDTHS):
        sheet.merge_cells(start_row=row, end_row=row, start_column=last, end_column=len(_WIDTHS))
    sheet.row_dimensions[row].height = row_height(*zip(texts, widths, strict=True))


def _put(sheet: Worksheet, row: int, column: int, text: str, font: Font) -> None:
    """Write a text as text, whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=True)
