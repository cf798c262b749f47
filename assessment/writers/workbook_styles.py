"""How our workbooks look: one set of cell formats and one page set-up for all of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assessment.figures.palette import ACCENT, ACCENT_SOFT, INK, INK_SOFT, LINE, PAPER, PAPER_SOFT

if TYPE_CHECKING:  # a process that reads a file has little memory, and loads no frames
    import pandas as pd

FONT = "Arial"
LINE_HEIGHT = 13
# In points; a spreadsheet program draws no row higher than 409.
_HIGHEST_ROW = 400
# No text that anybody typed ever becomes a formula or a link.
SAFE_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_A4 = 9
_STYLES: dict[str, dict[str, object]] = {
    "title": {"font_size": 20, "bold": True, "valign": "vcenter"},
    "subtitle": {"font_color": INK_SOFT},
    "upright": {
        "bold": True,
        "bg_color": ACCENT,
        "font_color": PAPER,
        "border": 1,
        "rotation": 90,
        "align": "center",
        "valign": "vcenter",
    },
    "section": {"font_size": 14, "bold": True, "valign": "vcenter", "font_color": ACCENT},
    "text": {"text_wrap": True},
    "strong": {"bold": True, "font_size": 11},
    "plain": {"font_color": INK_SOFT},
    "quiet": {"text_wrap": True, "font_color": INK_SOFT},
    "notice": {"text_wrap": True, "bold": True, "bg_color": PAPER_SOFT, "border": 1},
    "heading": {
        "bold": True,
        "text_wrap": True,
        "bg_color": ACCENT,
        "font_color": PAPER,
        "border": 1,
        "valign": "vcenter",
    },
    "criterion": {"text_wrap": True, "bg_color": ACCENT_SOFT, "border": 1},
    "cell": {"text_wrap": True, "border": 1},
    "quiet_cell": {"text_wrap": True, "border": 1, "font_color": INK_SOFT},
    "number": {"border": 1, "align": "right", "num_format": "0"},
    "count": {"border": 1, "align": "right", "num_format": "0", "indent": 1},
    # 22 november 2026, whatever the language of the machine.
    "date": {"border": 1, "align": "left", "num_format": "[$-413]d mmmm yyyy"},
    "entry": {"text_wrap": True, "border": 1, "locked": False, "num_format": "@"},
    "number_entry": {"border": 1, "align": "right", "locked": False},
    "date_entry": {"border": 1, "align": "left", "locked": False, "num_format": "dd-mm-yyyy"},
    "empty": {"bg_color": "#FFF9E8", "border": 1},
    "link": {"font_color": ACCENT, "underline": 1, "border": 1},
}


class Styles:
    """The cell formats of one workbook, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def __getitem__(self, name: str) -> Format:
        if name not in self._made:
            base = {
                "font_name": FONT,
                "font_size": 11,
                "font_color": INK,
                "valign": "top",
                "border_color": LINE,
            }
            self._made[name] = self._book.add_format(base | _STYLES[name])
        return self._made[name]

    def painted(self, fill: str, text: str) -> Format:
        """A bordered cell in these colours."""
        name = f"{fill} {text}"
        if name not in self._made:
            _STYLES.setdefault(name, {"bg_color": fill, "font_color": text, "border": 1, "text_wrap": True})
        return self[name]


def set_up_page(sheet: Worksheet, *, first_rows: int = 0) -> None:
    """Print on A4 landscape, one page wide, with the frozen first rows on every page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&8&A&R&8bladzijde &P van &N")
    sheet.hide_gridlines(2)
    if first_rows:
        sheet.freeze_panes(first_rows, 0)
        sheet.repeat_rows(0, first_rows - 1)


def put(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Write a text as text, whatever it begins with; an empty one leaves the cell really empty."""
    if text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)


# What the arrow of a filter takes of a heading, in characters.
_ARROW = 3


def row_height(*columns: tuple[str, float]) -> float:
    """The height in points of a row with wrapped texts, each with its column width in characters."""
    lines = max(sum(max(1, ceil(len(line) / width)) for line in text.split("\n")) for text, width in columns)
    return min(lines * LINE_HEIGHT + 5, _HIGHEST_ROW)


def set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    """Give the first columns these widths, in characters."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def write_title(sheet: Worksheet, styles: Styles, title: str, subtitle: str) -> None:
    """Write the title of a sheet with one quiet line under it."""
    put(sheet, 0, 0, title, styles["title"])
    put(sheet, 1, 0, subtitle, styles["subtitle"])
    sheet.set_row(0, 32)


def write_table(
    sheet: Worksheet, styles: Styles, row: int, table: "pd.DataFrame", widths: Mapping[str, float]
) -> int:
    """Write a frame under its headings, each row as high as its texts need; gives the first row after it."""
    for column, heading in enumerate(widths):
        put(sheet, row, column, heading, styles["heading"])
    sheet.set_row(row, row_height(*((name, max(width - _ARROW, 1)) for name, width in widths.items())))
    for number, record in enumerate(table[list(widths)].itertuples(index=False), row + 1):
        for column, value in enumerate(record):
            if isinstance(value, str):
                put(sheet, number, column, value, styles["cell"])
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, styles["date"])
            else:
                sheet.write_number(number, column, value, styles["count"])
        sheet.set_row(number, row_height(*zip(map(str, record), widths.values(), strict=True)))
    return row + 1 + len(table)


def write_list(
    sheet: Worksheet,
    styles: Styles,
    titles: tuple[str, str],
    table: "pd.DataFrame",
    widths: Mapping[str, float],
) -> None:
    """Write a sheet with one table, to filter: its headings, from row 4, stay in sight and on every page."""
    set_widths(sheet, widths.values())
    set_up_page(sheet, first_rows=4)
    write_title(sheet, styles, *titles)
    end = write_table(sheet, styles, 3, table, widths)
    sheet.autofilter(3, 0, max(end - 1, 3), len(widths) - 1)
