"""Documents for Word, to go on in: real headings, lists and tables, of which the heads are repeated."""

import re
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZipFile

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from assessment.figures.palette import ACCENT, ACCENT_SOFT, INK, INK_SOFT, PAPER_SOFT, VERDICT_PAINT
from assessment.model.document import Answer, Bar, Cell, Document, Gantt, Part, Table
from assessment.model.wording import show_unseen
from assessment.tables.formats import format_day
from assessment.writers.downloads import write_bundle

_WIDTH, _MARGIN = 176, 17  # of the text and beside it, in millimetres
_TITLES, _WHEN = 62, 30  # the first columns of a Gantt; its quarters share what is left
# Never broken. A criterion may be: who searches for "POS-6" finds no other hyphen than that.
_QUARTER, _PERCENTAGE = re.compile(r"(\d{4})-(K[1-4])"), re.compile(r"(?<=\d) %")
# A range stands on a line of its own: at its dash it would be broken.
_BEFORE_RANGE = re.compile(r" (?=\d+\s% \()")
# What may not stand in XML, beside what steers a screen.
_NO_XML = dict.fromkeys([0xFFFE, 0xFFFF], "\ufffd")
_BESIDE = 57  # a millimetre beside the text of a cell, in twentieths of a point
_FONT, _LANGUAGE = "Calibri", "nl-NL"
_SIZES = {"Normal": 10, "Title": 24, "Heading 1": 15, "Heading 2": 12, "List Bullet": 10}
_SMALL = 8.5
_JOINED = 4  # so many blocks of the part before stay on the page of a part that is joined to it
_DEEP, _LIGHT = "■", "□"


def write_docx(document: Document) -> bytes:
    """Write a document for Word.

    Returns:
        The bytes of a .docx file; the same document gives the same bytes.
    """
    word = docx.Document()
    _set_up(word, document)
    _write_head(word, document)
    body = word.element.body
    for part in document.parts:
        begin = len(body)
        _write_part(word, part)
        if part.joined:
            _keep_together(body[max(begin - _JOINED, 0) : -1])
    stream = BytesIO()
    word.save(stream)
    with ZipFile(stream) as written:
        return write_bundle((name, written.read(name)) for name in written.namelist())


def _set_up(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(_MARGIN)
    for name, size in _SIZES.items():
        _set_style(word, name, size)
    running = word.styles["Normal"].paragraph_format
    running.line_spacing, running.space_after = 1, Pt(5)
    word.styles["Heading 1"].paragraph_format.space_before = Pt(12)
    told = word.core_properties
    told.title, told.author, told.language = _plain(document.name)[:255], "Kaderscan", _LANGUAGE
    told.comments, told.revision, told.last_modified_by = "", 1, "Kaderscan"
    told.created = told.modified = document.moment.replace(tzinfo=None)
    foot = section.footer.paragraphs[0]
    _style(
        foot.add_run(_plain(f"{document.name} · {format_day(document.moment)} · bladzijde ")),
        _SMALL,
        INK_SOFT,
    )
    _add_field(foot, "PAGE")


def _set_style(word: WordDocument, name: str, size: float) -> None:
    font = word.styles[name].font
    font.name, font.size, font.color.rgb = _FONT, Pt(size), _colour(INK)
    properties = word.styles[name].element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in [each for each in fonts.attrib if "Theme" in each]:
        del fonts.attrib[theme]
    fonts.set(qn("w:hAnsi"), _FONT)
    properties.append(_make("w:lang", val=_LANGUAGE))


def _add_field(paragraph: Paragraph, code: str) -> None:
    """Put what Word fills in itself, such as the number of the page."""
    run = paragraph.add_run()
    _style(run, _SMALL, INK_SOFT)
    field = _make("w:fldSimple", instr=code)
    field.append(run._r)  # noqa: SLF001 - python-docx has no fields
    paragraph._p.append(field)  # noqa: SLF001 - as above


def _write_head(word: WordDocument, document: Document) -> None:
    _style(word.add_paragraph().add_run(document.kind), 11, ACCENT, bold=True)
    word.add_paragraph(_plain(document.title), style="Title")
    _style(word.add_paragraph().add_run(_plain(document.of)), 10, INK_SOFT)
    if document.notice:
        _style(word.add_paragraph().add_run(_plain(document.notice)), _SMALL, INK_SOFT)


def _write_part(word: WordDocument, part: Part) -> None:
    heading = word.add_heading(_plain(part.title), level=1)
    heading.paragraph_format.page_break_before = part.first
    if part.lead:
        lead = word.add_paragraph()
        lead.paragraph_format.keep_with_next = True
        _style(lead.add_run(_plain(part.lead)), 10, INK_SOFT)
    if part.answers:
        _write_answers(word, part.answers)
    if part.gantt:
        _write_gantt(word, part.gantt)
    for line in part.lines:
        word.add_paragraph(_plain(line), style="List Bullet")
    for table in part.tables:
        if table.title:
            word.add_heading(_plain(table.title), level=2)
        _write_table(word, table)


def _keep_together(blocks: Iterable[BaseOxmlElement]) -> None:
    """Let no page end between these, but after the last."""
    paragraphs = [each for block in blocks for each in block.iter(qn("w:p"))]
    for each in paragraphs[:-1]:
        each.get_or_add_pPr().get_or_add_keepNext()


def _write_answers(word: WordDocument, answers: Iterable[Answer]) -> None:
    """The answers side by side, each under its label."""
    told = list(answers)
    table = _add_table(
        word, "De antwoorden in het kort", [each.label for each in told], 1, [_WIDTH / len(told)] * len(told)
    )
    for cell, answer in zip(table.rows[1].cells, told, strict=True):
        paragraph = cell.paragraphs[0]
        _style(paragraph.add_run(_plain(answer.figure)), 20, INK, bold=True)
        for line in filter(None, (answer.beside, answer.note)):
            _style(_new_line(paragraph).add_run(_plain(line)), _SMALL, INK_SOFT)


def _write_table(word: WordDocument, given: Table) -> None:
    total = sum(given.widths)
    widths = [_WIDTH * width / total for width in given.widths]
    table = _add_table(word, given.told, given.headings, len(given.rows), widths)
    for place in given.figures:
        table.rows[0].cells[place].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for row, cells in zip(table.rows[1:], given.rows, strict=True):
        row.height = Mm(12) if given.tall else None
        for place, (cell, told) in enumerate(zip(row.cells, cells, strict=True)):
            _fill(cell, told)
            if place in given.figures:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _end_table(word)


def _end_table(word: WordDocument) -> None:
    """A low line under a table, without which it would grow together with a next one."""
    apart = word.add_paragraph().paragraph_format
    apart.line_spacing, apart.space_after = Pt(4), Pt(0)


def _fill(cell: WordCell, told: Cell) -> None:
    """Write a text, the verdict in its colour, and the quiet line."""
    paragraph = cell.paragraphs[0]
    runs = []
    if told.text:
        runs.append((told.text, 9.0, INK, ""))
    if told.verdict is not None:
        paint = VERDICT_PAINT[told.verdict]
        said = _BEFORE_RANGE.sub("\n", told.said)
        runs.append((f"{told.verdict.sign} {said}", _SMALL, paint.text, paint.fill))
    if told.quiet:
        runs.append((told.quiet, _SMALL, INK_SOFT, ""))
    for place, (text, size, colour, fill) in enumerate(runs):
        run = (_new_line(paragraph) if place else paragraph).add_run(_plain(text))
        _style(run, size, colour)
        if fill:
            run._r.get_or_add_rPr().append(_make("w:shd", val="clear", color="auto", fill=fill[1:]))  # noqa: SLF001


def _write_gantt(word: WordDocument, gantt: Gantt) -> None:
    """A row for each measure, with a sign and a colour in its quarters."""
    count = len(gantt.quarters)
    rest = (_WIDTH - _TITLES - _WHEN) / count
    headings = ["Maatregel", "Wanneer", *map(_head_quarter, gantt.quarters)]
    rows = sum(1 + len(lane.bars) for lane in gantt.lanes)
    table = _add_table(word, gantt.told, headings, rows, [_TITLES, _WHEN, *[rest] * count], size=7)
    left = iter(table.rows[1:])
    for lane in gantt.lanes:
        cells = next(left).cells
        merged = cells[0].merge(cells[-1])
        _style(merged.paragraphs[0].add_run(lane.title), 9, INK, bold=True)
        merged.paragraphs[0].paragraph_format.keep_with_next = True
        _shade(merged, PAPER_SOFT)
        for bar in lane.bars:
            _write_bar(next(left), bar)
    _end_table(word)


def _head_quarter(quarter: str) -> str:
    year, _, number = quarter.partition("-")
    return f"{number}\n{year[2:]}"


def _write_bar(row: WordRow, bar: Bar) -> None:
    cells = row.cells
    _fill(cells[0], Cell(bar.title, bar.note))
    _fill(cells[1], Cell(bar.when, bar.sign))
    for cell in cells[2 + bar.first : 3 + bar.last]:
        _shade(cell, ACCENT if bar.deep else ACCENT_SOFT)
        sign = cell.paragraphs[0].add_run(_DEEP if bar.deep else _LIGHT)
        _style(sign, 7, "#FFFFFF" if bar.deep else ACCENT)


def _add_table(  # noqa: PLR0913 - what a table is made of
    word: WordDocument,
    told: str,
    headings: Iterable[str],
    rows: int,
    widths: list[float],
    *,
    size: float = _SMALL,
) -> WordTable:
    """A table with its heads, which every page repeats, and a text for who does not see it."""
    names = list(headings)
    table: WordTable = word.add_table(rows + 1, len(names), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx knows no alternative text of a table
    properties.append(_make_borders())
    properties.append(_make_margins())
    properties.append(_make("w:tblCaption", val=told))
    properties.append(_make("w:tblDescription", val=told))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_make("w:cantSplit"))  # noqa: SLF001 - as above
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(_make("w:tblHeader"))  # noqa: SLF001 - as above
    for cell, name in zip(head.cells, names, strict=True):
        _style(cell.paragraphs[0].add_run(_plain(name)), size, INK_SOFT)
    return table


def _make_borders() -> BaseOxmlElement:
    """A thin line under each row, and none between columns."""
    borders = _make("w:tblBorders")
    for side in ("top", "left", "right", "insideV"):
        borders.append(_make(f"w:{side}", val="nil"))
    for side in ("bottom", "insideH"):
        borders.append(_make(f"w:{side}", val="single", sz="4", space="0", color="D5DAE1"))
    return borders


def _make_margins() -> BaseOxmlElement:
    """Little room beside a text, so that the longest word of a head stays whole."""
    margins = _make("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_make(f"w:{side}", w=str(_BESIDE), type="dxa"))
    return margins


def _shade(cell: WordCell, colour: str) -> None:
    shade = _make("w:shd", val="clear", color="auto", fill=colour[1:])
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no fill of a cell


def _style(run: Run, size: float, colour: str, *, bold: bool = False) -> None:
    run.font.size, run.font.color.rgb, run.font.bold = Pt(size), _colour(colour), bold or None


def _new_line(paragraph: Paragraph) -> Paragraph:
    paragraph.add_run().add_break(WD_BREAK.LINE)
    return paragraph


def _colour(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])


def _make(name: str, **attributes: str) -> BaseOxmlElement:
    """An element of Word with its attributes, all of them Word's own."""
    made: BaseOxmlElement = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _plain(text: str) -> str:
    """A text that may stand in XML, in which no quarter and no percentage is broken."""
    whole = _QUARTER.sub("\\1\N{NON-BREAKING HYPHEN}\\2", show_unseen(text).translate(_NO_XML))
    return _PERCENTAGE.sub("\N{NO-BREAK SPACE}%", whole)
