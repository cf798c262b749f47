"""How our workbooks look: one set of cell formats and one page set-up for all of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from textwrap import wrap
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

_A4, _A3 = 9, 8
# So many characters across A4 still print at 8 points in LibreOffice, which draws columns wider than Excel;
# and what each column takes beside its characters.
_MOST_ACROSS_A4, _BETWEEN = 154, 0.85
_TITLE_SIZE, _SECTION_SIZE, _SIZE = 20, 14, 11
_STYLES: dict[str, dict[str, object]] = {
    "title": {"font_size": _TITLE_SIZE, "bold": True, "valign": "vcenter", "text_wrap": True},
    "subtitle": {"font_color": INK_SOFT, "text_wrap": True},
    "upright": {
        "bold": True,
        "bg_color": ACCENT,
        "font_color": PAPER,
        "border": 1,
        "rotation": 90,
        "align": "center",
        "valign": "vcenter",
    },
    "section": {
        "font_size": _SECTION_SIZE,
        "bold": True,
        "valign": "vcenter",
        "font_color": ACCENT,
        "text_wrap": True,
    },
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
    """The cell formats of one workbook, made when first asked for, and what the foot of its pages says."""

    def __init__(self, book: Workbook, of: str = "") -> None:
        self._book = book
        self.of = of
        self._made: dict[str, Format] = {}

    def __getitem__(self, name: str) -> Format:
        if name not in self._made:
            base = {
                "font_name": FONT,
                "font_size": _SIZE,
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


def set_up_page(sheet: Worksheet, widths: Iterable[float] = (), *, first_rows: int = 0, of: str = "") -> None:
    """Print landscape, one page wide, with the frozen first rows and of what it is on every page.

    On A4, or on A3 where columns of these widths would print under 8 points on A4.
    """
    sheet.set_landscape()
    across = sum(width + _BETWEEN for width in widths)
    sheet.set_paper(_A3 if across > _MOST_ACROSS_A4 else _A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    # LibreOffice makes a footer as much smaller as the sheet: of these, 8 points are left.
    told = f"{of.replace('&', '&&')} · " if of else ""
    sheet.set_footer(f"&L&11{told}&A&R&11bladzijde &P van &N", {"scale_with_doc": False})
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
    lines = max(_count_lines(text, width) for text, width in columns)
    return min(lines * LINE_HEIGHT + 5, _HIGHEST_ROW)


def heading_height(columns: Iterable[tuple[str, float]]) -> float:
    """The height of a row of headings, of which the arrow of a filter hides no word."""
    return row_height(*((name, max(width - _ARROW, 1)) for name, width in columns))


def _count_lines(text: str, width: float) -> int:
    """How many lines a text takes, of which whole words go to a next one."""
    return sum(max(1, len(wrap(line, max(int(width), 1)))) for line in text.split("\n"))


def set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    """Give the first columns these widths, in characters."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def write_title(sheet: Worksheet, styles: Styles, title: str, subtitle: str, widths: Iterable[float]) -> None:
    """Write the title of a sheet with a quiet text under it, as wide as these columns.

    A text that ran out of them would be printed too, and make everything smaller.
    """
    across = list(widths)
    write_across(sheet, 0, title, styles["title"], across)
    write_across(sheet, 1, subtitle, styles["subtitle"], across)


def write_across(sheet: Worksheet, row: int, text: str, style: Format, widths: Sequence[float]) -> None:
    """Write a text over the whole width of columns, in a row that is as high as it needs."""
    larger = style.font_size / _SIZE
    sheet.merge_range(row, 0, row, len(widths) - 1, "", style)
    put(sheet, row, 0, text, style)
    sheet.set_row(row, min(row_height((text, sum(widths) / larger)) * larger, _HIGHEST_ROW))


def write_table(
    sheet: Worksheet, styles: Styles, row: int, table: "pd.DataFrame", widths: Mapping[str, float]
) -> int:
    """Write a frame under its headings, each row as high as its texts need; gives the first row after it."""
    for column, heading in enumerate(widths):
        put(sheet, row, column, heading, styles["heading"])
    sheet.set_row(row, heading_height(widths.items()))
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
    set_up_page(sheet, widths.values(), first_rows=4, of=styles.of)
    write_title(sheet, styles, *titles, widths.values())
    end = write_table(sheet, styles, 3, table, widths)
    sheet.autofilter(3, 0, max(end - 1, 3), len(widths) - 1)


def hide(sheet: Worksheet, rows: Iterable[Sequence[str | float]]) -> None:
    """Fill a sheet that no user sees: what a file says of itself."""
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    sheet.very_hidden()
    sheet.protect()
