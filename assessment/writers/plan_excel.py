"""The improvement plan of a house as a workbook: overview, plan with a Gantt of cells, gaps, sources."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from io import BytesIO
from typing import NamedTuple

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from assessment.figures.palette import ACCENT, PAPER, VERDICT_PAINT
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.scale import Verdict
from assessment.model.texts import PlanTexts
from assessment.tables.content import list_sources
from assessment.tables.plan import list_gaps, list_measures, list_projection, sort_measures
from assessment.writers.workbook_styles import SAFE_OPTIONS, Styles, put, row_height, set_up_page

_OVERVIEW_WIDTHS = {"Kwartaal": 24, "Volgens het kader": 34, "Harde normen": 30, "Fase": 30}
_PLAN_WIDTHS = {"Aan zet": 16, "Maatregel": 46, "Begin": 9, "Eind": 9, "Dagen": 7, "Waarom dan": 46}
_QUARTER_WIDTH = 4.3
_GAP_WIDTHS = {
    "Nr.": 8,
    "Criterium": 28,
    "Soort": 15,
    "Oordeel": 19,
    "Score": 17,
    "Voldoet als": 44,
    "Ruimte": 34,
    "Aan zet": 19,
    "Klaar in": 10,
    "Bron": 38,
}
_SOURCE_WIDTHS = {"Bron": 9, "Wat het is": 90, "Criteria": 60}


class HousePlan(NamedTuple):
    """Everything that stands in the plan of one house.

    `gaps` is GAPS, `measures` is ROADMAP, `finishes` the last quarter per criterion, `conformity`
    HOUSE_SCORES per quarter; quarters count from `begin`.
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

    @property
    def quarters(self) -> int:
        """How many quarters to draw: the horizon, or what the plan takes beyond it."""
        return max(HORIZON, int(self.measures["last"].max()) + 1 if len(self.measures) else 0)


def write_plan(plan: HousePlan) -> bytes:
    """Write the workbook of a plan.

    Returns:
        The bytes of an .xlsx file; the same plan gives the same bytes.
    """
    stream = BytesIO()
    with Workbook(stream, SAFE_OPTIONS) as book:
        book.set_properties(
            {
                "title": f"{plan.texts.title} {plan.house.title}",
                "subject": plan.round.title,
                "created": datetime.combine(plan.round.opens, time()),
            }
        )
        styles = Styles(book)
        _write_overview(book.add_worksheet("Overzicht"), styles, plan)
        _write_measures(book.add_worksheet("Plan"), styles, plan)
        _write_gaps(book.add_worksheet("Nog te doen"), styles, plan)
        _write_sources(book.add_worksheet("Bronnen"), styles, plan)
    return stream.getvalue()


def _write_overview(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    _set_widths(sheet, _OVERVIEW_WIDTHS.values())
    set_up_page(sheet)
    _write_title(
        sheet, styles, f"{plan.texts.title} {plan.house.title}", f"Op de antwoorden van {plan.round.title}"
    )
    lines = [plan.texts.invented] * plan.house.invented + [*plan.texts.introduction, plan.texts.estimates]
    for row, line in enumerate(lines, 2):
        sheet.merge_range(row, 0, row, len(_OVERVIEW_WIDTHS) - 1, line, styles["text"])
        sheet.set_row(row, row_height((line, sum(_OVERVIEW_WIDTHS.values()))))
    projection = list_projection(plan.conformity, plan.begin)
    _write_table(sheet, styles, len(lines) + 3, projection, _OVERVIEW_WIDTHS)


def _write_measures(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    ordered = sort_measures(plan.measures)
    table = list_measures(ordered, plan.begin, plan.questionnaire)
    first = len(_PLAN_WIDTHS)
    _set_widths(sheet, [*_PLAN_WIDTHS.values(), *[_QUARTER_WIDTH] * plan.quarters])
    set_up_page(sheet, first_rows=4)
    _write_title(sheet, styles, "Plan", "Per maatregel: wie aan zet is, wanneer, en waarom dan")
    _write_table(sheet, styles, 3, table, _PLAN_WIDTHS)
    sheet.set_row(3, 52)
    for quarter in range(plan.quarters):
        put(sheet, 3, first + quarter, str(plan.begin + quarter), styles["upright"])
    bar, empty = styles.painted(ACCENT, PAPER), styles["cell"]
    for row, (begins, ends) in enumerate(zip(ordered["first"], ordered["last"], strict=True), 4):
        for quarter in range(plan.quarters):
            put(sheet, row, first + quarter, "", bar if begins <= quarter <= ends else empty)


def _write_gaps(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    table = list_gaps(plan.gaps, plan.finishes, plan.begin, plan.questionnaire)
    _set_widths(sheet, _GAP_WIDTHS.values())
    set_up_page(sheet, first_rows=4)
    _write_title(sheet, styles, "Nog te doen", "De criteria waaraan het huis nog niet of niet zeker voldoet")
    _write_table(sheet, styles, 3, table, _GAP_WIDTHS)
    place = list(_GAP_WIDTHS).index("Oordeel")
    for row, (shown, verdict) in enumerate(zip(table["Oordeel"], plan.gaps["verdict"], strict=True), 4):
        put(sheet, row, place, shown, styles.painted(*VERDICT_PAINT[Verdict(verdict)]))


def _write_sources(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    _set_widths(sheet, _SOURCE_WIDTHS.values())
    set_up_page(sheet, first_rows=4)
    asked = plan.questionnaire
    versions = ", ".join(f"{f.title} versie {f.version}" for f in asked.frameworks)
    _write_title(
        sheet, styles, "Bronnen", f"Vragenlijst: {versions}. Controlegetal (SHA-256): {asked.sha256}"
    )
    _write_table(sheet, styles, 3, list_sources(asked), _SOURCE_WIDTHS)


def _set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def _write_title(sheet: Worksheet, styles: Styles, title: str, subtitle: str) -> None:
    put(sheet, 0, 0, title, styles["title"])
    put(sheet, 1, 0, subtitle, styles["subtitle"])
    sheet.set_row(0, 32)


def _write_table(
    sheet: Worksheet, styles: Styles, row: int, table: pd.DataFrame, widths: Mapping[str, float]
) -> None:
    """Write a frame under its headings, from this row on, each row as high as its texts need."""
    for column, heading in enumerate(widths):
        put(sheet, row, column, heading, styles["heading"])
    for number, record in enumerate(table[list(widths)].itertuples(index=False), row + 1):
        for column, value in enumerate(record):
            if isinstance(value, str):
                put(sheet, number, column, value, styles["cell"])
            else:
                sheet.write_number(number, column, value, styles["number"])
        sheet.set_row(number, row_height(*zip(map(str, record), widths.values(), strict=True)))
