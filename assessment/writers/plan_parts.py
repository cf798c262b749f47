"""What the sheets of a plan share: the plan itself, a title, widths, a table."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from assessment.engine.roadmap.plan import count_quarters
from assessment.model.decisions import Decisions
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.sheets import PlanPassport
from assessment.model.texts import PlanTexts
from assessment.writers.workbook_styles import Styles, put, row_height


class HousePlan(NamedTuple):
    """Everything that stands in the plan of one house.

    `gaps` is GAPS, `measures` is ROADMAP, `finishes` the last quarter per criterion, `conformity`
    HOUSE_SCORES per quarter, `dropped` DROPPED; quarters count from `begin`. The passport says which plan it
    is when it is read back.
    """

    house: House
    round: Round
    questionnaire: Questionnaire
    begin: Quarter
    gaps: pd.DataFrame
    measures: pd.DataFrame
    finishes: pd.DataFrame
    conformity: pd.DataFrame
    texts: PlanTexts
    dropped: pd.DataFrame
    decisions: Decisions
    passport: PlanPassport

    @property
    def quarters(self) -> int:
        """How many quarters to draw: the horizon, or what the plan takes beyond it."""
        return count_quarters(self.measures)


def set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    """Give the first columns these widths, in characters."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def write_title(sheet: Worksheet, styles: Styles, title: str, subtitle: str) -> None:
    """Write the title of a sheet with one quiet line under it."""
    put(sheet, 0, 0, title, styles["title"])
    put(sheet, 1, 0, subtitle, styles["subtitle"])
    sheet.set_row(0, 32)


def write_lines(
    sheet: Worksheet, styles: Styles, row: int, lines: Iterable[str], widths: Iterable[float]
) -> int:
    """Write running text over the whole width; gives the first row after it, with one left open."""
    columns = list(widths)
    for place, line in enumerate(lines, row):
        sheet.merge_range(place, 0, place, len(columns) - 1, "", styles["text"])
        put(sheet, place, 0, line, styles["text"])
        sheet.set_row(place, row_height((line, sum(columns))))
        row = place + 1
    return row + 1


def write_table(
    sheet: Worksheet, styles: Styles, row: int, table: pd.DataFrame, widths: Mapping[str, float]
) -> int:
    """Write a frame under its headings, each row as high as its texts need; gives the first row after it."""
    for column, heading in enumerate(widths):
        put(sheet, row, column, heading, styles["heading"])
    for number, record in enumerate(table[list(widths)].itertuples(index=False), row + 1):
        for column, value in enumerate(record):
            if isinstance(value, str):
                put(sheet, number, column, value, styles["cell"])
            else:
                sheet.write_number(number, column, value, styles["count"])
        sheet.set_row(number, row_height(*zip(map(str, record), widths.values(), strict=True)))
    return row + 1 + len(table)
