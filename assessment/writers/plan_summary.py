"""The first sheet of a plan: one page with where the house stands, when it is there, and who begins."""

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from assessment.tables.plans import (
    list_first_steps,
    list_measures,
    list_projection,
    say_no_steps,
    say_when_done,
    sort_measures,
)
from assessment.tables.shown import NOTHING
from assessment.writers.plan_parts import HousePlan, set_widths, write_lines, write_table, write_title
from assessment.writers.workbook_styles import Styles, put, set_up_page

_WIDTHS = (24, 58, 42, 11)
_STEPS = 3


def write_summary(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    """Write the sheet, on one page of paper."""
    set_widths(sheet, _WIDTHS)
    set_up_page(sheet)
    sheet.fit_to_pages(1, 1)
    heading = f"{plan.texts.title} {plan.house.title}"
    write_title(sheet, styles, heading, f"Samenvatting. Op de antwoorden van {plan.round.title}")
    row = write_lines(sheet, styles, 2, [plan.texts.invented] * plan.house.invented, _WIDTHS)
    row = _write_standing(sheet, styles, row, plan)
    for title, table, nothing in (
        (f"De eerste {_STEPS} stappen", _list_steps(plan), say_no_steps(plan.conformity)),
        (f"Wie doet wat in {plan.begin}", _list_beginning(plan), "In dit kwartaal begint nog niets."),
    ):
        put(sheet, row, 0, title, styles["section"])
        sheet.set_row(row, 24)
        row = _write_rows(sheet, styles, row + 1, table, nothing)


def _write_standing(sheet: Worksheet, styles: Styles, row: int, plan: HousePlan) -> int:
    put(sheet, row, 0, "Waar het huis staat, en wanneer het er is", styles["section"])
    sheet.set_row(row, 24)
    facts = _list_facts(plan)
    for place, (label, fact) in enumerate(facts, row + 1):
        put(sheet, place, 0, label, styles["plain"])
        put(sheet, place, 1, fact, styles["strong"])
    return row + len(facts) + 2


def _list_facts(plan: HousePlan) -> list[tuple[str, str]]:
    now = list_projection(plan.conformity, plan.begin).iloc[0]
    done = say_when_done(plan.conformity, plan.begin)
    last = plan.measures["last"].max() if len(plan.measures) else None
    return [
        ("Nu volgens het kader", now["Volgens het kader"]),
        ("Fase nu", now["Fase"]),
        ("Harde normen nu", now["Harde normen"]),
        ("Alle harde normen in", done.hard_norms),
        ("Volgens het kader in", done.by_framework),
        ("Laatste maatregel in", NOTHING if last is None else str(plan.begin + int(last))),
    ]


def _list_steps(plan: HousePlan) -> pd.DataFrame:
    """The hard norms that the plan meets first."""
    return list_first_steps(plan.gaps, plan.measures, plan.begin, plan.questionnaire).head(_STEPS)


def _list_beginning(plan: HousePlan) -> pd.DataFrame:
    """The measures of the first quarter, by actor."""
    first = sort_measures(plan.measures[plan.measures["first"] == 0])
    table = list_measures(first, plan.begin, plan.questionnaire).rename(columns={"Eind": "Klaar in"})
    return table[["Aan zet", "Maatregel", "Voor criterium", "Klaar in"]]


def _write_rows(sheet: Worksheet, styles: Styles, row: int, table: pd.DataFrame, nothing: str) -> int:
    """Write a table, or a sentence where it is empty; gives the next row to write on."""
    if table.empty:
        put(sheet, row, 0, nothing, styles["plain"])
        return row + 2
    return write_table(sheet, styles, row, table, dict(zip(map(str, table), _WIDTHS, strict=True))) + 1
