"""The sheet of a plan on which people keep the progress, and the hidden one by which it is read back."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import NamedTuple

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from assessment.model.decisions import PlanLine, Progress, find_line
from assessment.model.sheets import (
    BASE_KEY,
    DAYS,
    FIELD_HEADINGS,
    HEADINGS,
    TOLD_HEADINGS,
    describe_line,
)
from assessment.tables.formats import name_actors
from assessment.tables.house_plan import HousePlan
from assessment.tables.plans import sort_measures
from assessment.writers.workbook_styles import (
    Styles,
    heading_height,
    put,
    row_height,
    set_up_page,
    set_widths,
    write_title,
)

_PROGRESS_WIDTHS = (9, 40, 14, 11, 9, 9, 16, 12, 12, 12, 24, 28)
_FIRST_ROW = 4
_HELP = (
    "Vul in wat er is gebeurd, en laad het bestand weer in op de Routekaart. Bezig en gereed vragen een "
    "datum, vervallen een reden. Ander begin: de maatregel staat dan vast."
)


class _Row(NamedTuple):
    """A measure on the sheet: its line, and what stands in each field."""

    line: PlanLine
    texts: Mapping[str, str]


def write_progress(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    """Write the sheet on which progress is kept: every measure of the plan, then those that were dropped."""
    set_widths(sheet, _PROGRESS_WIDTHS)
    set_up_page(sheet, _PROGRESS_WIDTHS, first_rows=_FIRST_ROW, of=styles.of)
    write_title(sheet, styles, "Voortgang", _HELP, _PROGRESS_WIDTHS)
    for column, heading in enumerate(HEADINGS):
        put(sheet, _FIRST_ROW - 1, column, heading, styles["heading"])
    sheet.set_row(_FIRST_ROW - 1, heading_height(zip(HEADINGS, _PROGRESS_WIDTHS, strict=True)))
    rows = _list_rows(plan)
    for number, row in enumerate(rows, _FIRST_ROW):
        _write_row(sheet, styles, number, row, plan)
    status = HEADINGS.index(FIELD_HEADINGS["status"])
    if rows:
        words = [progress.dutch for progress in Progress]
        last = _FIRST_ROW + len(rows) - 1
        sheet.autofilter(_FIRST_ROW - 1, 0, last, len(HEADINGS) - 1)
        sheet.data_validation(_FIRST_ROW, status, last, status, {"validate": "list", "source": words})
    else:
        sheet.hide()  # it would print as an empty page; by it a plan that comes back is known


def write_base(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    """Write for which plan the file is made, and what each row says, on a sheet that nobody sees."""
    sheet.hide()
    identity = plan.identity._asdict()
    for number, (name, value) in enumerate(identity.items()):
        put(sheet, number, 0, name, styles["plain"])
        put(sheet, number, 1, value, styles["plain"])
    for number, (line, texts) in enumerate(_list_rows(plan), len(identity)):
        values = [BASE_KEY, line.measure_id, str(line.version), *texts.values()]
        for column, value in enumerate(values):
            put(sheet, number, column, value, styles["plain"])


def _list_rows(plan: HousePlan) -> list[_Row]:
    house_id = plan.house.house_id
    ordered = sort_measures(plan.measures)
    planned = zip(ordered["measure_id"], ordered["first"], ordered["last"], strict=True)
    lines = [
        (find_line(plan.decisions, house_id, measure_id), plan.begin + int(first), plan.begin + int(last))
        for measure_id, first, last in planned
    ]
    rows = [_Row(line, describe_line(line, first, last)) for line, first, last in lines]
    dropped = [find_line(plan.decisions, house_id, measure_id) for measure_id in plan.dropped["measure_id"]]
    return [*rows, *(_Row(line, describe_line(line, None, None)) for line in dropped)]


def _write_row(sheet: Worksheet, styles: Styles, number: int, row: _Row, plan: HousePlan) -> None:
    measure = plan.questionnaire.measure[row.line.measure_id]
    whose = pd.DataFrame({"actor": [measure.actor.value], "house_id": [plan.house.house_id]})
    told = (measure.measure_id, measure.title, *name_actors(whose, plan.register))
    for column, text in enumerate(told):
        put(sheet, number, column, text, styles["cell"])
    for column, (field, text) in enumerate(row.texts.items(), len(TOLD_HEADINGS) + 1):
        if field in DAYS and text:
            day = datetime.combine(date.fromisoformat(text), time())
            sheet.write_datetime(number, column, day, styles["date_entry"])
        else:
            put(sheet, number, column, text, styles["date_entry" if field in DAYS else "entry"])
    shown = [*told, *row.texts.values()]
    sheet.set_row(number, row_height(*zip(shown, _PROGRESS_WIDTHS, strict=True)))
