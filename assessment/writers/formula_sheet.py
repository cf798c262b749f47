"""The sheet of formulas, in a questionnaire or alone: what is known filled in, with room under each table."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from assessment.model.formula import FormulaSet
from assessment.model.formula_sheet import (
    DAYS,
    FORMULA_SHEET,
    SHAPES,
    FormulaTable,
    Value,
    list_base,
    list_options,
    list_sheet_rows,
)
from assessment.model.sheets import IDENTITY_SHEET
from assessment.writers.workbook_styles import (
    SAFE_OPTIONS,
    Styles,
    hide,
    put,
    row_height,
    set_up_page,
    set_widths,
    write_across,
    write_title,
)

# As wide as still prints at 8 points on A3.
_WIDTHS = (12, 22, 14, 18, 14, 15, 25, 16, 16, 15, 11, 12, 12, 8)
_ROOM = 8
_TITLE = "Formules: wie per vraagstuk wat inzet, en wat dat oplevert"
_HOW = (
    "Een formule heeft één regel in de eerste tabel, met een nr. dat u zelf kiest, zoals jeugd-1. Zet dat "
    "nr. voor elke regel in de tabellen eronder. Wat u leeg laat, mag later. Schrijf niets over inwoners of "
    "casussen."
)
Row = Mapping[str, Value | None]


def write_formula_workbook(given: FormulaSet) -> bytes:
    """Write the sheet alone, with what it was written from, to change and load back.

    Returns:
        The bytes of an .xlsx file.
    """
    stream = BytesIO()
    with Workbook(stream, SAFE_OPTIONS) as book:
        write_formula_sheet(book.add_worksheet(FORMULA_SHEET), Styles(book), given)
        hide(book.add_worksheet(IDENTITY_SHEET), [["house_id", given.house_id], *list_base(given)])
    return stream.getvalue()


def write_formula_sheet(sheet: Worksheet, styles: Styles, given: FormulaSet) -> None:
    """Write the tables one under the other, each with room to add."""
    set_widths(sheet, _WIDTHS)
    set_up_page(sheet, _WIDTHS)
    write_title(sheet, styles, _TITLE, _HOW, _WIDTHS[:7])
    rows: dict[FormulaTable, list[Row]] = defaultdict(list)
    for table, row in list_sheet_rows(given):
        rows[table].append(row)
    place = 3
    for table in FormulaTable:
        if table is FormulaTable.READINGS:  # what is before it fills a page
            sheet.set_h_pagebreaks([place])
        place = _write_table(sheet, styles, place, table, rows[table]) + 1
    sheet.protect(options={"format_rows": True, "format_columns": True, "insert_rows": True})


def _write_table(sheet: Worksheet, styles: Styles, place: int, table: FormulaTable, rows: list[Row]) -> int:
    """Write one table with its title and gives the row after it."""
    shape = SHAPES[table]
    headings = (shape.key, *shape.headings.values())
    write_across(sheet, place, shape.title, styles["section"], _WIDTHS[: len(headings)])
    sheet.set_row(place + 1, row_height(*zip(headings, _WIDTHS, strict=False)))
    for column, heading in enumerate(headings):
        put(sheet, place + 1, column, heading, styles["heading"])
    first, last = place + 2, place + 1 + len(rows) + _ROOM
    for number in range(first, last + 1):
        row = rows[number - first] if number - first < len(rows) else {}
        texts = [str(row.get(field) or "") for field in ("key", *shape.headings)]
        sheet.set_row(number, row_height(*zip(texts, _WIDTHS, strict=False)))
        for column, field in enumerate(("key", *shape.headings)):
            _put_value(sheet, styles, (number, column), row.get(field), field)
    for column, field in enumerate(shape.headings, 1):
        if options := list_options(table, field):
            sheet.data_validation(first, column, last, column, _pick_from(options))
    return last + 1


def _put_value(
    sheet: Worksheet, styles: Styles, place: tuple[int, int], value: Value | None, field: str
) -> None:
    match value:
        case date():
            sheet.write_datetime(*place, datetime.combine(value, time()), styles["date_entry"])
        case float() | int():
            sheet.write_number(*place, value, styles["number_entry"])
        case _:
            put(sheet, *place, value or "", styles["date_entry" if field in DAYS else "entry"])


def _pick_from(options: tuple[str, ...]) -> dict[str, object]:
    return {
        "validate": "list",
        "source": list(options),
        "error_title": "Kies uit de lijst",
        "error_message": f"Kies een van deze: {', '.join(options)}.",
    }
