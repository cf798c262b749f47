"""Documents for Word, to go on in: real headings, lists and tables, of which the heads are repeated."""

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from io import BytesIO
from itertools import groupby
from pathlib import Path
from zipfile import ZipFile

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph

from assessment.figures.palette import ACCENT, ACCENT_SOFT, PAPER_SOFT
from assessment.model.document import Answer, Bar, Cell, Curve, Document, Gantt, Part, Table
from assessment.model.wording import show_unseen
from assessment.tables.formats import MONTHS, NBSP, format_day
from assessment.writers.docx_styles import (
    ACTOR,
    CELL,
    DEEP,
    FIGURE,
    HEAD,
    IN_TABLE,
    KIND,
    LIGHT,
    OF_VERDICT,
    QUIET,
    SMALL,
    SMALL_HEAD,
    Look,
    make,
    prepare,
)
from assessment.writers.downloads import write_bundle
from assessment.writers.pdf import draw_picture

_WIDTH = 176  # of the text, in millimetres
_TITLES, _WHEN = 62, 30  # the first columns of a Gantt; its quarters share what is left
_BEFORE, _MANY = 2, 12  # columns before the quarters; so many of those have room for no more than a number
# Never broken. A criterion may be: who searches for "POS-6" finds no other hyphen than that.
_QUARTER, _PERCENTAGE = re.compile(r"(\d{4})-(K[1-4])"), re.compile(r"(?<=\d) %")
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (?=\d{{4}})")
# A range stands on a line of its own: at its dash it would be broken.
_BEFORE_RANGE = re.compile(r" (?=\d+\s% \()")
# What may not stand in XML, beside what steers a screen.
_NO_XML = dict.fromkeys([0xFFFE, 0xFFFF], "\ufffd")
_BESIDE = 57  # a millimetre beside the text of a cell, in twentieths of a point
_JOINED = 4  # so many blocks of the part before stay on the page of a part that is joined to it
_DEEP, _LIGHT = "■", "□"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"  # or a space at an end of a text is lost
_APART = 2  # points below a table; no more, or it alone can fill a page of its own


def write_docx(document: Document, reports: Path) -> bytes:
    """Write a document for Word.

    Args:
        document: what it says.
        reports: the folder with what pictures are drawn by, and the fonts in them.

    Returns:
        The bytes of a .docx file; the same document gives the same bytes.

    Raises:
        FrameworkError: what draws a picture is not sound; the message says where.
    """
    word = docx.Document(BytesIO(prepare(document.in_word)))
    _describe_file(word, document)
    _write_foot(word, document)
    _write_head(word, document)
    body = word.element.body
    for part in document.parts:
        begin = len(body)
        _write_part(word, part, reports)
        if part.joined:
            _keep_together(body[max(begin - _JOINED, 0) : -1])
    for table in word.tables[-1:]:  # or the low line that every table ends with fills an empty page
        _keep_with_next(table._tbl.tr_lst[-1])  # noqa: SLF001 - `rows` is slow
    stream = BytesIO()
    word.save(stream)
    with ZipFile(stream) as written:
        return write_bundle((name, written.read(name)) for name in written.namelist())


def _describe_file(word: WordDocument, document: Document) -> None:
    told = word.core_properties
    told.title, told.author = _plain(document.name)[:255], "Kaderscan"
    told.comments, told.revision, told.last_modified_by = "", 1, "Kaderscan"
    told.created = told.modified = document.moment.replace(tzinfo=None)


def _write_foot(word: WordDocument, document: Document) -> None:
    """What it is of, and the number of the page and of all pages, which Word fills in itself."""
    foot = word.sections[0].footer.paragraphs[0]
    _say(foot, f"{document.name} · {format_day(document.moment)} · bladzijde ", SMALL)
    _add_number(foot, "PAGE")
    _say(foot, " van ", SMALL)
    _add_number(foot, "NUMPAGES")


def _add_number(foot: Paragraph, name: str) -> None:
    field = make("w:fldSimple", instr=name)
    foot._p.append(field)  # noqa: SLF001 - python-docx has no fields
    number = foot.add_run()._r  # noqa: SLF001 - as above
    number.style = SMALL.style_id
    field.append(number)


def _write_head(word: WordDocument, document: Document) -> None:
    _say(_add(word), document.kind, KIND)
    _say(_add(word, "Title"), document.title)
    _say(_add(word), document.of, QUIET)
    if document.notice:
        _say(_add(word), document.notice, SMALL)


def _add(word: WordDocument, style_id: str = "") -> Paragraph:
    """Add a paragraph; the id of its style is set as such, for python-docx walks by all styles to find it."""
    paragraph: Paragraph = word.add_paragraph()
    if style_id:
        paragraph._p.style = style_id  # noqa: SLF001 - as said
    return paragraph


def _say(paragraph: Paragraph, text: str, look: Look | None = None) -> None:
    """Write a text, in this look; built here, for python-docx goes by every character."""
    run = make("w:r")
    if look:
        run.append(make("w:rPr"))
        run[0].append(make("w:rStyle", val=look.style_id))
    for place, line in enumerate(_plain(text).split("\n")):
        if place:
            run.append(make("w:br"))
        run.append(make("w:t"))
        run[-1].text, run[-1].attrib[_SPACE] = line, "preserve"
    paragraph._p.append(run)  # noqa: SLF001 - as said


def _write_part(word: WordDocument, part: Part, reports: Path) -> None:
    _write_heading(word, part)
    if part.answers:
        _write_answers(word, part.answers)
    if part.gantt:
        _write_gantt(word, part.gantt)
    if part.curve:
        _add_picture(word, part.curve, reports)
    for line in part.lines:
        _say(_add(word, "ListBullet"), line)
    for table in part.tables:
        if table.title:
            _say(_add(word, "Heading2"), table.title)
        _write_table(word, table)


def _write_heading(word: WordDocument, part: Part) -> None:
    heading = _add(word, "Heading1")
    _say(heading, part.title)
    if part.first:
        heading.paragraph_format.page_break_before = True
    if part.lead:
        lead = _add(word)
        lead.paragraph_format.keep_with_next = True
        _say(lead, part.lead, QUIET)


def _keep_together(blocks: Iterable[BaseOxmlElement]) -> None:
    """Let no page end between these, but after the last."""
    paragraphs = [each for block in blocks for each in block.iter(qn("w:p"))]
    for each in paragraphs[:-1]:
        each.get_or_add_pPr().get_or_add_keepNext()


def _keep_with_next(row: CT_Row) -> None:
    for each in row.iter(qn("w:p")):
        each.get_or_add_pPr().get_or_add_keepNext()


def _write_answers(word: WordDocument, answers: Iterable[Answer]) -> None:
    """The answers side by side, each under its label."""
    told = list(answers)
    widths = [_WIDTH / len(told)] * len(told)
    table = _add_table(word, "De antwoorden in het kort", [each.label for each in told], widths)
    for cell, answer in zip(_add_row(table), told, strict=True):
        paragraph = cell.paragraphs[0]
        _say(paragraph, answer.figure, FIGURE)
        for line in filter(None, (answer.beside, answer.note)):
            _say(_new_line(paragraph), line, SMALL)
    _end_table(word, table)


def _write_table(word: WordDocument, given: Table) -> None:
    total = sum(given.widths)
    widths = [_WIDTH * width / total for width in given.widths]
    table = _add_table(word, given.told, _name_heads(given), widths)
    _align(_find_cells(table), given.figures)
    if given.tall:
        table.rows[-1].height = Mm(12)
    for cells in given.rows:
        row = _add_row(table)
        for cell, told in zip(row, cells, strict=True):
            _fill(cell, told)
        _align(row, given.figures)
    _end_table(word, table)


def _name_heads(given: Table) -> tuple[str, ...]:
    """The heads; the first says of whom the table is, for Word repeats them on a next page, and no title."""
    first, *others = given.headings
    return (f"{first} · {given.title}" if given.title else first, *others)


def _align(row: Sequence[WordCell], figures: Iterable[int]) -> None:
    """Put figures on the right."""
    for place in figures:
        row[place].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _fill(cell: WordCell, told: Cell) -> None:
    """Write a text, the verdict in its colour, and the quiet line."""
    texts = []
    if told.text:
        texts.append((told.text, CELL))
    if told.verdict is not None:
        said = _BEFORE_RANGE.sub("\n", told.said)
        texts.append((f"{told.verdict.sign} {said}", OF_VERDICT[told.verdict]))
    if told.quiet:
        texts.append((told.quiet, SMALL))
    paragraph = cell.paragraphs[0]
    for place, (text, look) in enumerate(texts):
        _say(_new_line(paragraph) if place else paragraph, text, look)


def _write_gantt(word: WordDocument, gantt: Gantt) -> None:
    """A row for each measure, with a sign and a colour in its quarters."""
    count = len(gantt.quarters)
    rest = (_WIDTH - _TITLES - _WHEN) / count
    headings = ["Maatregel", "Wanneer", *[""] * count]
    table = _add_table(word, gantt.told, headings, [_TITLES, _WHEN, *[rest] * count], SMALL_HEAD)
    _head_quarters(table, gantt.quarters)
    for lane in gantt.lanes:
        first, *_, last = _add_row(table)
        merged = first.merge(last)
        _say(merged.paragraphs[0], lane.title, ACTOR)
        merged.paragraphs[0].paragraph_format.keep_with_next = True
        _shade(merged, PAPER_SOFT)
        for bar in lane.bars:
            _write_bar(_add_row(table), bar)
    _end_table(word, table)


def _add_picture(word: WordDocument, curve: Curve, reports: Path) -> None:
    """A picture as wide as the text, with what it shows in words for who does not see it."""
    shape = word.add_picture(BytesIO(draw_picture(curve, reports)), width=Mm(_WIDTH))
    shape._inline.docPr.set("descr", _plain(curve.told))  # noqa: SLF001 - python-docx knows no such text


def _head_quarters(table: WordTable, quarters: Sequence[str]) -> None:
    """The years above each quarter, in two rows of heads; of many quarters the number alone."""
    years, numbers = _find_cells(table), _add_row(table)
    table._tbl.tr_lst[1].get_or_add_trPr().append(make("w:tblHeader"))  # noqa: SLF001 - as in `_add_table`
    names = [quarter.partition("-") for quarter in quarters]
    for cell, (_, _, number) in zip(numbers[_BEFORE:], names, strict=True):
        _say(cell.paragraphs[0], number[len(quarters) > _MANY :], SMALL_HEAD)
    for year, own in groupby(range(len(names)), key=lambda place: names[place][0]):
        first, *others = own
        merged = years[_BEFORE + first].merge(years[_BEFORE + (others or [first])[-1]])
        _say(merged.paragraphs[0], year if others else f"’{year[2:]}", SMALL_HEAD)
    for place in range(_BEFORE):
        years[place].merge(numbers[place])


def _write_bar(row: Sequence[WordCell], bar: Bar) -> None:
    _fill(row[0], Cell(bar.title, bar.note))
    _fill(row[1], Cell(bar.when, bar.sign))
    for cell in row[2 + bar.first : 3 + bar.last]:
        _shade(cell, ACCENT if bar.deep else ACCENT_SOFT)
        _say(cell.paragraphs[0], _DEEP if bar.deep else _LIGHT, DEEP if bar.deep else LIGHT)


def _add_table(
    word: WordDocument, told: str, headings: Iterable[str], widths: Sequence[float], look: Look = HEAD
) -> WordTable:
    """A table with its heads, which every page repeats, and a text for who does not see it.

    Its last row is an empty one, of which each row that is added is a copy; see `_end_table`.
    """
    table: WordTable = word.add_table(2, len(widths))
    table._tbl.tblStyle_val = "TableGrid"  # noqa: SLF001 - as in `_add`
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx knows no alternative text of a table
    properties.append(_make_borders())
    properties.append(_make_margins())
    properties.append(make("w:tblCaption", val=told))
    properties.append(make("w:tblDescription", val=told))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table._tbl.tr_lst:  # noqa: SLF001 - as above
        _set_up_row(row, widths)
    table._tbl.tr_lst[0].get_or_add_trPr().append(make("w:tblHeader"))  # noqa: SLF001 - as above
    for cell, name in zip(_find_cells(table), headings, strict=True):
        if name:  # or cells that are merged keep the line of each
            _say(cell.paragraphs[0], name, look)
    return table


def _set_up_row(row: CT_Row, widths: Iterable[float]) -> None:
    row.get_or_add_trPr().append(make("w:cantSplit"))
    for cell, width in zip(row.tc_lst, widths, strict=True):
        cell.width = Mm(width)
        cell.p_lst[0].style = IN_TABLE


def _find_cells(table: WordTable, place: int = 0) -> list[WordCell]:
    """The cells of a row."""
    return [WordCell(cell, table) for cell in table._tbl.tr_lst[place].tc_lst]  # noqa: SLF001 - `rows` is slow


def _add_row(table: WordTable) -> list[WordCell]:
    """The cells of a new row; copying an empty one takes a fraction of building it."""
    *_, empty = table._tbl.tr_lst  # noqa: SLF001 - as said
    empty.addprevious(deepcopy(empty))
    return _find_cells(table, -2)


def _end_table(word: WordDocument, table: WordTable) -> None:
    """Take the empty row away; a low line under a table keeps it from growing together with a next one.

    The heads stay with the first row, or LibreOffice can lose every row below heads that end a page; the
    last row stays with the one before it, so that it never stands alone on a page.
    """
    table._tbl.remove(table._tbl.tr_lst[-1])  # noqa: SLF001 - python-docx takes no row away
    rows = table._tbl.tr_lst  # noqa: SLF001 - as above
    for row in (*rows[:2], *rows[-2:-1]):
        _keep_with_next(row)
    apart = word.add_paragraph().paragraph_format
    apart.line_spacing, apart.space_after = Pt(_APART), Pt(0)


def _make_borders() -> BaseOxmlElement:
    """A thin line under each row, and none between columns."""
    borders = make("w:tblBorders")
    for side in ("top", "left", "right", "insideV"):
        borders.append(make(f"w:{side}", val="nil"))
    for side in ("bottom", "insideH"):
        borders.append(make(f"w:{side}", val="single", sz="4", space="0", color="D5DAE1"))
    return borders


def _make_margins() -> BaseOxmlElement:
    """Little room beside a text, so that the longest word of a head stays whole."""
    margins = make("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(make(f"w:{side}", w=str(_BESIDE), type="dxa"))
    return margins


def _shade(cell: WordCell, colour: str) -> None:
    shade = make("w:shd", val="clear", color="auto", fill=colour[1:])
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no fill of a cell


def _new_line(paragraph: Paragraph) -> Paragraph:
    paragraph.add_run().add_break(WD_BREAK.LINE)
    return paragraph


def _plain(text: str) -> str:
    """A text that may stand in XML, in which no quarter, no percentage and no day is broken."""
    whole = _QUARTER.sub("\\1\N{NON-BREAKING HYPHEN}\\2", show_unseen(text).translate(_NO_XML))
    days = _DAY.sub(f"\\1{NBSP}\\2{NBSP}", whole)
    return _PERCENTAGE.sub(f"{NBSP}%", days)
