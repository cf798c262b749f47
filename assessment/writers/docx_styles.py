"""The styles of a document for Word: each way in which something looks is one, for whoever goes on in it."""

from functools import cache
from io import BytesIO
from typing import NamedTuple

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle

from assessment.figures.palette import ACCENT, INK, INK_SOFT, PAPER, VERDICT_PAINT

_FONT, _LANGUAGE = "Calibri", "nl-NL"
_MARGIN = 17  # beside the text, in millimetres
# Above and under what has to stand on one page, in millimetres.
_LOW_MARGIN = 10
_LEAST = 8  # points, of any letter in a document that need not stand on one page
_SIZES = {"Normal": 10, "Title": 24, "Heading 1": 15, "Heading 2": 12, "List Bullet": 10}


class Look(NamedTuple):
    """A style of letters: what Word calls it, its size in points, its colours, whether it is bold."""

    name: str
    size: float
    colour: str
    bold: bool = False
    fill: str = ""

    @property
    def style_id(self) -> str:
        """How what is written in it refers to it."""
        return self.name.replace(" ", "")


KIND = Look("Soort document", 11, ACCENT, bold=True)
QUIET = Look("Toelichting", 10, INK_SOFT)
SMALL = Look("Toelichting klein", 8.5, INK_SOFT)
FIGURE = Look("Groot cijfer", 20, INK, bold=True)
HEAD = Look("Kop van kolom", 8.5, INK_SOFT)
SMALL_HEAD = Look("Kop van kwartaal", 8, INK_SOFT)
CELL = Look("Tekst in tabel", 9, INK)
ACTOR = Look("Wie aan zet is", 9, INK, bold=True)
DEEP = Look("Balk donker", 7, PAPER)
LIGHT = Look("Balk licht", 7, ACCENT)
OF_VERDICT = {
    verdict: Look(f"Oordeel {verdict.dutch}", 8.5, paint.text, fill=paint.fill)
    for verdict, paint in VERDICT_PAINT.items()
}
_LOOKS = (KIND, QUIET, SMALL, FIGURE, HEAD, SMALL_HEAD, CELL, ACTOR, DEEP, LIGHT, *OF_VERDICT.values())
# The style of a paragraph in a table, which has little room under it.
IN_TABLE = "Tabel"


@cache
def prepare(share: float = 1.0) -> bytes:
    """An empty document with its paper, its language and its styles, as a file: making it once is enough.

    Args:
        share: how large its letters are, of what they are in a document that may take several pages.
    """
    word = docx.Document()
    _set_up(word, share)
    if share < 1:
        word.sections[0].top_margin = word.sections[0].bottom_margin = Mm(_LOW_MARGIN)
        word.sections[0].header_distance = word.sections[0].footer_distance = Mm(_LOW_MARGIN / 2)
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def _set_up(word: WordDocument, share: float) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(_MARGIN)
    word.core_properties.language = _LANGUAGE
    for name, size in _SIZES.items():
        _set_style(word, name, size * share)
    running = word.styles["Normal"].paragraph_format
    running.line_spacing, running.space_after = 1, Pt(5 * share)
    word.styles["Heading 1"].paragraph_format.space_before = Pt(12 * share)
    in_table = word.styles.add_style(IN_TABLE, WD_STYLE_TYPE.PARAGRAPH)
    in_table.base_style = word.styles["Normal"]
    in_table.paragraph_format.space_after = Pt(share)
    in_table.font.size = Pt(CELL.size * share)  # or the mark at its end makes the last line of a cell higher
    for look in _LOOKS:
        _add_look(word, look, share)


def _set_style(word: WordDocument, name: str, size: float) -> None:
    style = word.styles[name]
    _set_font(style, size, INK)
    style.font.name = _FONT
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in [each for each in fonts.attrib if "Theme" in each]:
        del fonts.attrib[theme]
    fonts.set(qn("w:hAnsi"), _FONT)
    properties.append(make("w:lang", val=_LANGUAGE))


def _set_font(style: CharacterStyle, size: float, colour: str) -> None:
    style.font.size, style.font.color.rgb = Pt(round(2 * size) / 2), RGBColor.from_string(colour[1:])


def _add_look(word: WordDocument, look: Look, share: float) -> None:
    style = word.styles.add_style(look.name, WD_STYLE_TYPE.CHARACTER)
    _set_font(style, max(look.size, _LEAST) * share, look.colour)
    style.font.bold = look.bold or None
    if look.fill:
        shade = make("w:shd", val="clear", color="auto", fill=look.fill[1:])
        style.element.get_or_add_rPr().append(shade)


def make(name: str, **attributes: str) -> BaseOxmlElement:
    """An element of Word with its attributes, all of them Word's own."""
    made: BaseOxmlElement = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
