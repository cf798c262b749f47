"""The improvement plan of a house as a workbook: summary, overview, plan with a Gantt, gaps, sources."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from io import BytesIO

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from assessment.figures.palette import ACCENT, PAPER, VERDICT_PAINT
from assessment.model.document import Part
from assessment.model.frames import Subject
from assessment.model.scale import Verdict
from assessment.model.sheets import BASE_SHEET, PROGRESS_SHEET
from assessment.tables.forecasts import describe_beyond, describe_when, find_when
from assessment.tables.formats import NOTHING, format_counted, format_day
from assessment.tables.frameworks import list_citations, list_named_sources, name_sources
from assessment.tables.house_plan import DEVIATING, HousePlan, list_deviations, list_hand_overs
from assessment.tables.plan_document import (
    Summary,
    compose_summary,
    describe_adopted,
    describe_beside,
)
from assessment.tables.plan_parts import MOVING, list_first, list_moving
from assessment.tables.plans import (
    NAMED,
    describe_nothing_planned,
    describe_settled,
    list_gaps,
    list_measures,
    list_projection,
    list_settled,
    sort_measures,
)
from assessment.tables.progress import describe_steps, list_steps
from assessment.writers.plan_progress import write_base, write_progress
from assessment.writers.workbook_styles import (
    SAFE_OPTIONS,
    Styles,
    put,
    set_up_page,
    set_widths,
    write_across,
    write_list,
    write_table,
    write_title,
)

_OVERVIEW_WIDTHS = {"Kwartaal": 24, "Volgens het kader": 34, "Harde normen": 44, "Fase": 30}
_PLAN_WIDTHS = {
    "Aan zet": 15,
    "Maatregel": 38,
    "Voor criterium": 24,
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
_GAPS_LEAD = (
    "De criteria waaraan het huis nog niet of niet zeker voldoet. "
    "Ook genoemd: door de norm, zonder maatregel in dit plan."
)
_MOVING_WIDTHS = (24, 11, 16, 14, 24, 12, 22, 23)
_DEVIATING_WIDTHS = (30, 50, 28, 20, 20)
_STEP_WIDTHS = {"Wat": 92, "Voor criterium": 56}
_SETTLED_WIDTHS = {"Nr.": 14, "Maatregel": 90, "Aan zet": 44}
_SOURCE_WIDTHS = {"Bron": 32, "Code": 7, "Wat het is": 74, "Criteria": 35}
_CITATION_WIDTHS = {"Criterium": 32, "Nr.": 8, "Plaats in de bron": 70, "Hoe zeker": 38}


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
        styles, told = Styles(book, _name_pages(plan)), compose_summary(plan)
        _write_summary(book.add_worksheet("Samenvatting"), styles, plan, told)
        _write_overview(book.add_worksheet("Overzicht"), styles, plan, told.explanation)
        if len(plan.measures):
            _write_measures(book.add_worksheet("Plan"), styles, plan)
        write_progress(book.add_worksheet(PROGRESS_SHEET), styles, plan)
        _write_beside(book, styles, plan)
        _write_hand_overs(book, styles, plan, told.hand_overs)
        if len(plan.gaps):
            _write_gaps(book.add_worksheet("Nog te doen"), styles, plan)
        _write_deviations(book, styles, plan, told.deviations)
        _write_sources(book, styles, plan)
        write_base(book.add_worksheet(BASE_SHEET), styles, plan)
    return stream.getvalue()


_LONGEST = 60  # characters of a name at the foot of a page; a program takes 255 in all


def _name_pages(plan: HousePlan) -> str:
    """Of which plan a page is that lies on a table alone."""
    name = f"{plan.texts.title} {plan.house.title[:_LONGEST]}"
    return f"{name} · {plan.round.title[:_LONGEST]} · {format_day(plan.basis.moment)}"


def _write_overview(sheet: Worksheet, styles: Styles, plan: HousePlan, explanation: Sequence[str]) -> None:
    set_widths(sheet, _OVERVIEW_WIDTHS.values())
    set_up_page(sheet, _OVERVIEW_WIDTHS.values(), of=styles.of)
    heading = f"{plan.texts.title} {plan.house.title}"
    write_title(sheet, styles, heading, _describe_basis(plan), _OVERVIEW_WIDTHS.values())
    lines = [plan.texts.invented] * plan.house.invented + [*plan.texts.introduction, plan.texts.estimates]
    lines += explanation
    row = _write_lines(sheet, styles, 2, lines, _OVERVIEW_WIDTHS.values())
    write_across(sheet, row, _describe_projection(plan), styles["section"], [*_OVERVIEW_WIDTHS.values()])
    moving = plan.conformity[plan.conformity["quarter"] <= plan.measures["last"].max()]
    shown = moving if len(plan.measures) else plan.conformity.head(1)
    write_table(sheet, styles, row + 1, list_projection(shown, plan.begin), _OVERVIEW_WIDTHS)


def _describe_projection(plan: HousePlan) -> str:
    """Say of which quarters the overview tells: after those nothing of the plan is left."""
    if plan.measures.empty:
        return "Stand nu"
    return "Stand per kwartaal, als niets tegenzit; daarna is het plan klaar"


def _describe_basis(plan: HousePlan) -> str:
    made = f"gemaakt op {format_day(plan.basis.moment)}"
    return f"Op de antwoorden van {plan.round.title}, {made} · {describe_adopted(plan)}"


def _write_measures(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    ordered, asked = sort_measures(plan.measures), plan.questionnaire
    table = list_measures(ordered, plan.begin, asked, plan.register)
    first = len(_PLAN_WIDTHS)
    widths = [*_PLAN_WIDTHS.values(), *[_QUARTER_WIDTH] * plan.quarters]
    set_widths(sheet, widths)
    set_up_page(sheet, widths, first_rows=4, of=styles.of)
    write_title(sheet, styles, "Plan", _PLAN_LEAD, widths)
    end = write_table(sheet, styles, 3, table, _PLAN_WIDTHS)
    sheet.autofilter(3, 0, max(end - 1, 3), first - 1)
    sheet.set_row(3, _QUARTER_HEIGHT)
    for quarter in range(plan.quarters):
        put(sheet, 3, first + quarter, str(plan.begin + quarter), styles["upright"])
    _draw_bars(sheet, styles, plan, ordered)


def _write_beside(book: Workbook, styles: Styles, plan: HousePlan) -> None:
    """What there is to do beside the measures, and what need not be done, each on a sheet of its own."""
    texts = plan.texts.parts.steps
    if len(plan.steps):
        titles = (describe_steps(plan.steps), texts.lead)
        steps = list_steps(plan.steps, plan.questionnaire)
        write_list(book.add_worksheet(texts.title), styles, titles, steps, _STEP_WIDTHS)
    if len(plan.settled):
        settled = list_settled(plan.settled, plan.questionnaire)
        titles = (describe_settled(plan.settled), "Deze maatregelen staan niet in het plan.")
        write_list(book.add_worksheet("Al geregeld"), styles, titles, settled, _SETTLED_WIDTHS)


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


def _write_gaps(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    asked = plan.questionnaire
    named = [name_sources(asked.criterion[key], asked) for key in plan.gaps["criterion_id"]]
    table = list_gaps(plan)
    verdicts = [Verdict(name) for name in plan.gaps["verdict"]]
    table = table.assign(
        Criterium=list(map("{}\n{}".format, table["Criterium"], table["Soort"])),
        **{"Aan zet": list(map(_join_lines, table["Aan zet"], table[NAMED]))},
        Teken=[verdict.sign for verdict in verdicts],
        Oordeel=[verdict.dutch for verdict in verdicts],
        Bron=named,
    )
    titles = ("Nog te doen", _GAPS_LEAD)
    write_list(sheet, styles, titles, table, _GAP_WIDTHS)
    place = list(_GAP_WIDTHS).index("Teken")
    for row, verdict in enumerate(verdicts, 4):
        put(sheet, row, place, verdict.sign, styles.painted(*VERDICT_PAINT[verdict]))


def _join_lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def _write_hand_overs(book: Workbook, styles: Styles, plan: HousePlan, part: Part) -> None:
    moving = list_moving(plan, list_hand_overs(plan))
    if len(moving):
        widths = dict(zip(MOVING, _MOVING_WIDTHS, strict=True))
        write_list(book.add_worksheet("Overdrachten"), styles, (part.title, part.lead), moving, widths)


def _write_deviations(book: Workbook, styles: Styles, plan: HousePlan, part: Part) -> None:
    agreed = list_deviations(plan)
    if len(agreed):
        widths = dict(zip(DEVIATING, _DEVIATING_WIDTHS, strict=True))
        write_list(book.add_worksheet("Bewust anders"), styles, (part.title, part.lead), agreed, widths)


def _write_sources(book: Workbook, styles: Styles, plan: HousePlan) -> None:
    """Every source in full; and on the next sheet for each criterion where the source says so."""
    asked = plan.questionnaire
    versions = ", ".join(f"{f.title} versie {f.version}" for f in asked.frameworks)
    titles = ("Bronnen", f"Vragenlijst: {versions}. Controlegetal (SHA-256): {asked.sha256}")
    write_list(book.add_worksheet("Bronnen"), styles, titles, list_named_sources(asked), _SOURCE_WIDTHS)
    citations = list_citations(plan.gaps["criterion_id"], asked)
    if len(citations):
        titles = ("Vindplaatsen", "Waar staat het precies?")
        told = citations.columns[citations.astype("bool").any()]
        widths = {name: width for name, width in _CITATION_WIDTHS.items() if name in told}
        write_list(book.add_worksheet("Vindplaatsen"), styles, titles, citations, widths)


def _write_lines(
    sheet: Worksheet, styles: Styles, row: int, lines: Iterable[str], widths: Iterable[float]
) -> int:
    """Write running text over the whole width; gives the first row after it, with one left open."""
    columns = list(widths)
    for place, line in enumerate(lines, row):
        write_across(sheet, place, line, styles["text"], columns)
        row = place + 1
    return row + 1


_ACTIONS, _SUMMARY_WIDTHS = ("Aan zet", "Wat", "Voor norm", "Klaar, als niets tegenzit"), (24, 58, 42, 11)


def _write_summary(sheet: Worksheet, styles: Styles, plan: HousePlan, told: Summary) -> None:
    """Write the sheet, on one page of paper: the finding, and what comes first."""
    set_widths(sheet, _SUMMARY_WIDTHS)
    set_up_page(sheet, _SUMMARY_WIDTHS, of=styles.of)
    sheet.fit_to_pages(1, 1)
    heading = f"{plan.texts.title} {plan.house.title}"
    write_title(sheet, styles, heading, f"Samenvatting. {_describe_basis(plan)}", _SUMMARY_WIDTHS)
    row = _write_lines(sheet, styles, 2, [plan.texts.invented] * plan.house.invented, _SUMMARY_WIDTHS)
    write_across(sheet, row, told.finding.title, styles["section"], _SUMMARY_WIDTHS)
    row = _write_facts(sheet, styles, row + 1, _list_facts(plan, told))
    if lines := _list_remarks(plan):
        row = _write_lines(sheet, styles, row, lines, _SUMMARY_WIDTHS)
    write_across(sheet, row, told.first.title, styles["section"], _SUMMARY_WIDTHS)
    write_across(sheet, row + 1, told.first.lead, styles["subtitle"], _SUMMARY_WIDTHS)
    actions = list_first(plan)
    if len(actions):
        write_table(sheet, styles, row + 2, actions, dict(zip(_ACTIONS, _SUMMARY_WIDTHS, strict=True)))


def _list_remarks(plan: HousePlan) -> list[str]:
    """What belongs to the dates: that they lie after three years, and with whom the house was planned."""
    when = find_when(plan.estimates, Subject.BY_FRAMEWORK, plan.begin)
    told = [describe_beyond(when, plan.begin), describe_beside(plan.basis.beside)]
    return [line for line in told if line]


def _write_facts(sheet: Worksheet, styles: Styles, row: int, facts: Sequence[tuple[str, str]]) -> int:
    """Write facts under each other; gives the first row after them, with one left open."""
    for place, (label, fact) in enumerate(facts, row):
        put(sheet, place, 0, label, styles["plain"])
        put(sheet, place, 1, fact, styles["strong"])
    return row + len(facts) + 1


def _list_facts(plan: HousePlan, told: Summary) -> list[tuple[str, str]]:
    now = list_projection(plan.conformity, plan.begin).iloc[0]
    last = find_when(plan.estimates, Subject.PLAN, plan.begin)
    return [
        ("Nu volgens het kader", now["Volgens het kader"]),
        ("Fase nu", now["Fase"]),
        ("Harde normen nu", now["Harde normen"]),
        ("Alle harde normen", _describe_when(Subject.HARD_NORMS, plan)),
        ("Volgens het kader", _describe_when(Subject.BY_FRAMEWORK, plan)),
        # Said here too: of what there is none, there is no sheet, which would print as an empty page.
        ("Maatregelen", _describe_measures(plan)),
        ("Overdrachten", told.hand_overs.title),
        ("Afspraken", told.deviations.title),
        ("Laatste maatregel klaar", NOTHING if last is None else str(last)),
    ]


def _describe_measures(plan: HousePlan) -> str:
    """How many measures there are; where there are none, why."""
    if plan.measures.empty:
        return describe_nothing_planned(plan.gaps, plan.dropped)
    return format_counted(len(plan.measures), "maatregel")


def _describe_when(subject: Subject, plan: HousePlan) -> str:
    told = describe_when(subject, plan.estimates, plan.conformity, plan.begin)
    return ", ".join(text for text in told if text)
