"""The improvement plan of a house as a workbook: summary, overview, plan with a Gantt, gaps, sources.

On one sheet people keep the progress; a hidden one lets that be read back.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from io import BytesIO
from typing import NamedTuple

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from assessment.figures.palette import ACCENT, PAPER, VERDICT_PAINT
from assessment.model.decisions import PlanLine, Progress, find_line
from assessment.model.frames import Subject
from assessment.model.scale import Verdict
from assessment.model.sheets import (
    BASE_KEY,
    BASE_SHEET,
    DAYS,
    FIELD_HEADINGS,
    HEADINGS,
    PROGRESS_SHEET,
    TOLD_HEADINGS,
    describe_line,
)
from assessment.tables.forecasts import describe_when, find_when
from assessment.tables.formats import NOTHING
from assessment.tables.frameworks import list_citations, list_named_sources, name_sources
from assessment.tables.house_plan import HousePlan, list_hand_overs
from assessment.tables.plan_document import compose_deviations, compose_hand_overs, describe_adopted
from assessment.tables.plan_parts import DEVIATING, MOVING, list_deviations, list_moving
from assessment.tables.plans import (
    describe_no_steps,
    describe_nothing_planned,
    describe_settled,
    list_first_steps,
    list_gaps,
    list_measures,
    list_projection,
    list_settled,
    sort_measures,
)
from assessment.tables.progress import describe_steps, list_steps
from assessment.writers.workbook_styles import (
    SAFE_OPTIONS,
    Styles,
    put,
    row_height,
    set_up_page,
    set_widths,
    write_list,
    write_table,
    write_title,
)

_OVERVIEW_WIDTHS = {"Kwartaal": 24, "Volgens het kader": 34, "Harde normen": 44, "Fase": 30}
_PLAN_WIDTHS = {
    "Aan zet": 15,
    "Maatregel": 38,
    "Voor criterium": 26,
    "Begin": 9,
    "Eind": 9,
    "Dagen": 8,
    "Waarom dan": 30,
}
_PLAN_LEAD = (
    "Wie aan zet is, wanneer (als niets tegenzit) en waarom dan. "
    "Een nummer in een balk: de overdracht met dat nummer."
)
_FILLED = "■"
_QUARTER_WIDTH, _QUARTER_HEIGHT = 3.3, 66
_GAP_WIDTHS = {
    "Nr.": 8,
    "Criterium": 28,
    "Teken": 7,
    "Oordeel": 13,
    "Score": 17,
    "Voldoet als": 40,
    "Ruimte": 28,
    "Aan zet": 16,
    "Waarschijnlijk klaar in": 14,
    "Bron": 21,
}
_MOVING_WIDTHS = (32, 11, 18, 16, 36, 14, 18, 36)
_DEVIATING_WIDTHS = (36, 60, 32, 20, 24)
_AS_PLANNED = "Klaar, als niets tegenzit"
_SOURCE_WIDTHS = {"Bron": 34, "Code": 7, "Wat het is": 80, "Criteria": 40}


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
        _write_summary(book.add_worksheet("Samenvatting"), styles, plan)
        _write_overview(book.add_worksheet("Overzicht"), styles, plan)
        _write_measures(book.add_worksheet("Plan"), styles, plan)
        _write_progress(book.add_worksheet(PROGRESS_SHEET), styles, plan)
        _write_hand_overs(book, styles, plan)
        _write_gaps(book.add_worksheet("Nog te doen"), styles, plan)
        _write_deviations(book, styles, plan)
        _write_sources(book.add_worksheet("Bronnen"), styles, plan)
        _write_base(book.add_worksheet(BASE_SHEET), styles, plan)
    return stream.getvalue()


def _write_overview(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    set_widths(sheet, _OVERVIEW_WIDTHS.values())
    set_up_page(sheet)
    write_title(sheet, styles, f"{plan.texts.title} {plan.house.title}", _describe_basis(plan))
    lines = [plan.texts.invented] * plan.house.invented + [*plan.texts.introduction, plan.texts.estimates]
    row = _write_lines(sheet, styles, 2, lines, _OVERVIEW_WIDTHS.values())
    write_table(sheet, styles, row, list_projection(plan.conformity, plan.begin), _OVERVIEW_WIDTHS)


def _describe_basis(plan: HousePlan) -> str:
    return f"Op de antwoorden van {plan.round.title} · {describe_adopted(plan)}"


def _write_measures(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    ordered, asked = sort_measures(plan.measures), plan.questionnaire
    table = list_measures(ordered, plan.begin, asked, plan.register)
    first = len(_PLAN_WIDTHS)
    set_widths(sheet, [*_PLAN_WIDTHS.values(), *[_QUARTER_WIDTH] * plan.quarters])
    set_up_page(sheet, first_rows=4)
    write_title(sheet, styles, "Plan", _find_lead(plan, _PLAN_LEAD))
    write_table(sheet, styles, 3, table, _PLAN_WIDTHS)
    sheet.set_row(3, _QUARTER_HEIGHT)
    for quarter in range(plan.quarters):
        put(sheet, 3, first + quarter, str(plan.begin + quarter), styles["upright"])
    _draw_bars(sheet, styles, plan, ordered)
    row = 5 + len(ordered)
    if len(plan.steps):
        row = _write_below(sheet, styles, row, describe_steps(plan.steps), list_steps(plan.steps, asked))
    if len(plan.settled):
        told = list_settled(plan.settled, asked)[["Aan zet", "Maatregel"]]
        _write_below(sheet, styles, row, describe_settled(plan.settled), told)


def _find_lead(plan: HousePlan, lead: str) -> str:
    """What stands under the title of a sheet of measures; where there are none, why."""
    return lead if len(plan.measures) else describe_nothing_planned(plan.gaps, plan.dropped)


def _draw_bars(sheet: Worksheet, styles: Styles, plan: HousePlan, ordered: pd.DataFrame) -> None:
    """Fill the quarters of each measure, with a sign for who sees no colour, or the number of a hand-over."""
    bar, empty = styles.painted(ACCENT, PAPER), styles["cell"]
    numbers = _number_hand_overs(plan)
    spans = zip(ordered["measure_id"], ordered["first"], ordered["last"], strict=True)
    for row, (measure_id, begins, ends) in enumerate(spans, 4):
        for quarter in range(plan.quarters):
            within = begins <= quarter <= ends
            sign = numbers.get((measure_id, quarter), _FILLED) if within else ""
            put(sheet, row, len(_PLAN_WIDTHS) + quarter, sign, bar if within else empty)


def _number_hand_overs(plan: HousePlan) -> dict[tuple[str, int], str]:
    """In which quarter of which measure each hand-over is done; a task may be taken over for several."""
    numbers: dict[tuple[str, int], str] = {}
    for number, each in enumerate(list_hand_overs(plan), 1):
        for measure, quarter in ((each.takes, each.taken), (each.stops, each.stopped)):
            if quarter is not None:
                key = measure.measure_id, quarter - plan.begin
                numbers[key] = f"{numbers.get(key, '')} {number}".strip()
    return numbers


def _write_below(sheet: Worksheet, styles: Styles, row: int, title: str, table: pd.DataFrame) -> int:
    """Write a table of two columns below a plan; gives the next row to write on."""
    put(sheet, row, 0, title, styles["section"])
    widths = dict(zip(map(str, table), (_PLAN_WIDTHS["Aan zet"], _PLAN_WIDTHS["Maatregel"]), strict=True))
    return write_table(sheet, styles, row + 1, table, widths) + 1


def _write_gaps(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    asked = plan.questionnaire
    named = [name_sources(asked.criterion[key], asked) for key in plan.gaps["criterion_id"]]
    table = list_gaps(plan)
    verdicts = [Verdict(name) for name in plan.gaps["verdict"]]
    table = table.assign(
        Criterium=list(map("{}\n{}".format, table["Criterium"], table["Soort"])),
        Teken=[verdict.sign for verdict in verdicts],
        Oordeel=[verdict.dutch for verdict in verdicts],
        Bron=named,
    )
    lead = "De criteria waaraan het huis nog niet of niet zeker voldoet"
    titles = ("Nog te doen", lead if len(table) else _find_lead(plan, ""))
    write_list(sheet, styles, titles, table, _GAP_WIDTHS)
    place = list(_GAP_WIDTHS).index("Teken")
    for row, verdict in enumerate(verdicts, 4):
        put(sheet, row, place, verdict.sign, styles.painted(*VERDICT_PAINT[verdict]))


def _write_hand_overs(book: Workbook, styles: Styles, plan: HousePlan) -> None:
    moving, part = list_moving(plan, list_hand_overs(plan)), compose_hand_overs(plan)
    if len(moving):
        widths = dict(zip(MOVING, _MOVING_WIDTHS, strict=True))
        write_list(book.add_worksheet("Overdrachten"), styles, (part.title, part.lead), moving, widths)


def _write_deviations(book: Workbook, styles: Styles, plan: HousePlan) -> None:
    agreed, part = list_deviations(plan), compose_deviations(plan)
    if len(agreed):
        widths = dict(zip(DEVIATING, _DEVIATING_WIDTHS, strict=True))
        write_list(book.add_worksheet("Bewust anders"), styles, (part.title, part.lead), agreed, widths)


def _write_sources(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    """Every source in full, and under it for each criterion where the source says so."""
    set_widths(sheet, _SOURCE_WIDTHS.values())
    set_up_page(sheet, first_rows=4)
    asked = plan.questionnaire
    versions = ", ".join(f"{f.title} versie {f.version}" for f in asked.frameworks)
    write_title(sheet, styles, "Bronnen", f"Vragenlijst: {versions}. Controlegetal (SHA-256): {asked.sha256}")
    end = write_table(sheet, styles, 3, list_named_sources(asked), _SOURCE_WIDTHS)
    put(sheet, end + 1, 0, "Waar staat het precies?", styles["section"])
    citations = list_citations(plan.gaps["criterion_id"], asked)
    widths = dict(zip(map(str, citations), _SOURCE_WIDTHS.values(), strict=True))
    write_table(sheet, styles, end + 2, citations, widths)


def _write_lines(
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


_SUMMARY_WIDTHS = (24, 58, 42, 11)
_STEPS = 3


def _write_summary(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    """Write the sheet, on one page of paper."""
    set_widths(sheet, _SUMMARY_WIDTHS)
    set_up_page(sheet)
    sheet.fit_to_pages(1, 1)
    heading = f"{plan.texts.title} {plan.house.title}"
    write_title(sheet, styles, heading, f"Samenvatting. {_describe_basis(plan)}")
    row = _write_lines(sheet, styles, 2, [plan.texts.invented] * plan.house.invented, _SUMMARY_WIDTHS)
    row = _write_standing(sheet, styles, row, plan)
    for title, table, nothing in (
        (f"De eerste {_STEPS} stappen", _list_steps(plan), describe_no_steps(plan.conformity)),
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
    last = find_when(plan.estimates, Subject.PLAN, plan.begin)
    return [
        ("Nu volgens het kader", now["Volgens het kader"]),
        ("Fase nu", now["Fase"]),
        ("Harde normen nu", now["Harde normen"]),
        ("Alle harde normen", _describe_when(Subject.HARD_NORMS, plan)),
        ("Volgens het kader", _describe_when(Subject.BY_FRAMEWORK, plan)),
        # Said here too: of what there is none, there is no sheet, which would print as an empty page.
        ("Overdrachten", compose_hand_overs(plan).title),
        ("Afspraken", compose_deviations(plan).title),
        ("Laatste maatregel klaar", NOTHING if last is None else str(last)),
    ]


def _describe_when(subject: Subject, plan: HousePlan) -> str:
    told = describe_when(subject, plan.estimates, plan.conformity, plan.begin)
    return ", ".join(text for text in told if text)


def _list_steps(plan: HousePlan) -> pd.DataFrame:
    """The hard norms that the plan meets first."""
    return list_first_steps(plan.gaps, plan.measures, plan.estimates, plan.begin, plan.questionnaire).head(
        _STEPS
    )


def _list_beginning(plan: HousePlan) -> pd.DataFrame:
    """The measures of the first quarter, by actor."""
    first = sort_measures(plan.measures[plan.measures["first"] == 0])
    table = list_measures(first, plan.begin, plan.questionnaire, plan.register).rename(
        columns={"Eind": _AS_PLANNED}
    )
    return table[["Aan zet", "Maatregel", "Voor criterium", _AS_PLANNED]]


def _write_rows(sheet: Worksheet, styles: Styles, row: int, table: pd.DataFrame, nothing: str) -> int:
    """Write a table, or a sentence where it is empty; gives the next row to write on."""
    if table.empty:
        put(sheet, row, 0, nothing, styles["plain"])
        return row + 2
    return (
        write_table(sheet, styles, row, table, dict(zip(map(str, table), _SUMMARY_WIDTHS, strict=True))) + 1
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


def _write_progress(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    """Write the sheet: every measure of the plan, then those that were dropped."""
    for column, width in enumerate(_PROGRESS_WIDTHS):
        sheet.set_column(column, column, width)
    set_up_page(sheet, first_rows=_FIRST_ROW)
    write_title(sheet, styles, "Voortgang", _HELP)
    for column, heading in enumerate(HEADINGS):
        put(sheet, _FIRST_ROW - 1, column, heading, styles["heading"])
    rows = _list_rows(plan)
    for number, row in enumerate(rows, _FIRST_ROW):
        _write_row(sheet, styles, number, row, plan)
    status = HEADINGS.index(FIELD_HEADINGS["status"])
    if rows:
        words = [progress.dutch for progress in Progress]
        last = _FIRST_ROW + len(rows) - 1
        sheet.autofilter(_FIRST_ROW - 1, 0, last, len(HEADINGS) - 1)
        sheet.data_validation(_FIRST_ROW, status, last, status, {"validate": "list", "source": words})


def _write_base(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
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
    told = (measure.measure_id, measure.title, measure.actor.value)
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
