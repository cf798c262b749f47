"""The plans of the houses of a unit together as a workbook: how each stands, and who does what."""

from datetime import date, datetime, time
from io import BytesIO

import pandas as pd
from xlsxwriter import Workbook

from assessment.writers.workbook_styles import (
    SAFE_OPTIONS,
    Styles,
    write_list,
)

_HOUSES = {
    "Huis": 34,
    "Volgens het kader": 18,
    "Fase": 20,
    "Harde normen": 40,
    "Beantwoord": 14,
    "Waarschijnlijk in": 16,
    "80 % zeker in": 14,
}
_WORK = {
    "Aan zet": 30,
    "Huis": 32,
    "Maatregel": 58,
    "Voor criterium": 11,
    "Begin": 10,
    "Eind": 10,
    "Dagen": 8,
    "Status": 12,
}


def write_unit_plan(
    titles: tuple[str, str], houses: pd.DataFrame, work: pd.DataFrame, created: date
) -> bytes:
    """Write the workbook of a unit.

    Args:
        titles: of which unit; on which answers, and of which day.
        houses: what `list_houses_with_dates` lists.
        work: what `list_work` lists.
        created: what the file says of itself; a day that stays the same, so that the bytes do.

    Returns:
        The bytes of an .xlsx file.
    """
    title, subtitle = titles
    stream = BytesIO()
    with Workbook(stream, SAFE_OPTIONS) as book:
        told_of = {"title": title, "subject": subtitle, "created": datetime.combine(created, time())}
        book.set_properties(told_of)
        styles = Styles(book)
        for name, table, widths in (("Huizen", houses, _HOUSES), ("Wie doet wat", work, _WORK)):
            told = f"{subtitle}; begin en eind als niets tegenzit" if table is work else subtitle
            titles = (f"{title}: {name.casefold()}", told)
            write_list(book.add_worksheet(name), styles, titles, table, widths)
    return stream.getvalue()
