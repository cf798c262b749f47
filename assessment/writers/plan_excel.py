"""The improvement plan of a house as a workbook: summary, overview, plan with a Gantt, gaps, sources."""

from datetime import datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from assessment.figures.palette import ACCENT, PAPER, VERDICT_PAINT
from assessment.model.scale import Verdict
from assessment.model.sheets import BASE_SHEET, PROGRESS_SHEET
from assessment.tables.plans import list_gaps, list_measures, list_projection, sort_measures
from assessment.tables.sources import list_citations, list_named_sources, name_sources
from assessment.writers.plan_parts import HousePlan, set_widths, write_lines, write_table, write_title
from assessment.writers.plan_progress import write_base, write_progress
from assessment.writers.plan_summary import write_summary
from assessment.writers.workbook_styles import SAFE_OPTIONS, Styles, put, set_up_page

__all__ = ["HousePlan", "write_plan"]

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
_QUARTER_WIDTH, _QUARTER_HEIGHT = 3.3, 66
_GAP_WIDTHS = {
    "Nr.": 8,
    "Criterium": 28,
    "Teken": 7,
    "Oordeel": 13,
    "Score": 12,
    "Voldoet als": 42,
    "Ruimte": 28,
    "Aan zet": 16,
    "Klaar in": 9,
    "Bron": 24,
}
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
        write_summary(book.add_worksheet("Samenvatting"), styles, plan)
        _write_overview(book.add_worksheet("Overzicht"), styles, plan)
        _write_measures(book.add_worksheet("Plan"), styles, plan)
        write_progress(book.add_worksheet(PROGRESS_SHEET), styles, plan)
        _write_gaps(book.add_worksheet("Nog te doen"), styles, plan)
        _write_sources(book.add_worksheet("Bronnen"), styles, plan)
        write_base(book.add_worksheet(BASE_SHEET), styles, plan)
    return stream.getvalue()


def _write_overview(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    set_widths(sheet, _OVERVIEW_WIDTHS.values())
    set_up_page(sheet)
    write_title(
        sheet, styles, f"{plan.texts.title} {plan.house.title}", f"Op de antwoorden van {plan.round.title}"
    )
    lines = [plan.texts.invented] * plan.house.invented + [*plan.texts.introduction, plan.texts.estimates]
    row = write_lines(sheet, styles, 2, lines, _OVERVIEW_WIDTHS.values())
    write_table(sheet, styles, row, list_projection(plan.conformity, plan.begin), _OVERVIEW_WIDTHS)


def _write_measures(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    ordered = sort_measures(plan.measures)
    table = list_measures(ordered, plan.begin, plan.questionnaire)
    first = len(_PLAN_WIDTHS)
    set_widths(sheet, [*_PLAN_WIDTHS.values(), *[_QUARTER_WIDTH] * plan.quarters])
    set_up_page(sheet, first_rows=4)
    write_title(sheet, styles, "Plan", "Wie aan zet is, wanneer en waarom dan")
    write_table(sheet, styles, 3, table, _PLAN_WIDTHS)
    sheet.set_row(3, _QUARTER_HEIGHT)
    for quarter in range(plan.quarters):
        put(sheet, 3, first + quarter, str(plan.begin + quarter), styles["upright"])
    bar, empty = styles.painted(ACCENT, PAPER), styles["cell"]
    for row, (begins, ends) in enumerate(zip(ordered["first"], ordered["last"], strict=True), 4):
        for quarter in range(plan.quarters):
            put(sheet, row, first + quarter, "", bar if begins <= quarter <= ends else empty)


def _write_gaps(sheet: Worksheet, styles: Styles, plan: HousePlan) -> None:
    asked = plan.questionnaire
    named = [name_sources(asked.criterion[key], asked) for key in plan.gaps["criterion_id"]]
    table = list_gaps(plan.gaps, plan.finishes, plan.begin, asked)
    verdicts = [Verdict(name) for name in plan.gaps["verdict"]]
    table = table.assign(
        Criterium=table["Criterium"] + "\n" + table["Soort"],
        Teken=[verdict.sign for verdict in verdicts],
        Oordeel=[verdict.dutch for verdict in verdicts],
        Bron=named,
    )
    set_widths(sheet, _GAP_WIDTHS.values())
    set_up_page(sheet, first_rows=4)
    write_title(sheet, styles, "Nog te doen", "De criteria waaraan het huis nog niet of niet zeker voldoet")
    write_table(sheet, styles, 3, table, _GAP_WIDTHS)
    place = list(_GAP_WIDTHS).index("Teken")
    for row, verdict in enumerate(verdicts, 4):
        put(sheet, row, place, verdict.sign, styles.painted(*VERDICT_PAINT[verdict]))


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
