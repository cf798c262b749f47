"""The plans of the houses of a unit together as a workbook: how each stands, and who does what."""

from datetime import date, datetime, time
from io import BytesIO
from typing import NamedTuple

import pandas as pd
from xlsxwriter import Workbook

from assessment.writers.workbook_styles import (
    SAFE_OPTIONS,
    Styles,
    write_list,
)

_HOUSES = {
    "Huis": 28,
    "Volgens het kader": 17,
    "Fase": 16,
    "Harde normen": 26,
    "Beantwoord": 14,
    "Waarschijnlijk in": 16,
    "80 % zeker in": 14,
    "Als niets tegenzit in": 14,
}
_READING = (
    "Een percentage is een midden; tussen haakjes staat wat zeker is en wat mogelijk is. Waarschijnlijk en "
    "80 % zeker: met 50 en met 80 % kans werkt het huis dan volgens het kader. K1 is het eerste kwartaal van "
    "een jaar."
)
_WORK = {
    "Aan zet": 26,
    "Huis": 26,
    "Maatregel": 45,
    "Voor criterium": 26,
    "Begin": 10,
    "Eind": 10,
    "Dagen": 8,
    "Status": 12,
}
_MOVING = {
    "Huis": 26,
    "Overdracht": 30,
    "Wie neemt over": 18,
    "Overgenomen": 16,
    "Wie laat los": 16,
    "Losgelaten": 38,
}


class UnitTables(NamedTuple):
    """What stands in the workbook of a unit.

    `houses` is what `list_houses_with_dates` lists, and when each is there if nothing goes wrong; `work` what
    `list_work` lists; `moving` what `list_moving` lists of each house.
    """

    houses: pd.DataFrame
    work: pd.DataFrame
    moving: pd.DataFrame


def write_unit_plan(titles: tuple[str, str], finding: str, tables: UnitTables, created: date) -> bytes:
    """Write the workbook of a unit.

    Args:
        titles: of which unit; on which answers, and of which day.
        finding: how the unit stands, in a sentence.
        tables: what stands on its sheets.
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
        for name, told, table, widths in (
            ("Huizen", f"{finding} {subtitle}. {_READING}", tables.houses, _HOUSES),
            ("Wie doet wat", f"{subtitle}; begin en eind als niets tegenzit", tables.work, _WORK),
            (
                "Overdrachten",
                f"{subtitle}; de politie stopt pas als een ander overneemt",
                tables.moving,
                _MOVING,
            ),
        ):
            heading = (f"{title}: {name.casefold()}", told)
            write_list(book.add_worksheet(name), styles, heading, table, widths)
    return stream.getvalue()
