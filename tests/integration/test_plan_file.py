"""The improvement plan as a real file."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import takewhile
from math import ceil
from textwrap import wrap

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessment.engine.scoring import score_criteria
from assessment.figures.palette import ACCENT
from assessment.model.answers import Deviation
from assessment.model.decisions import Baseline
from assessment.model.document import Part
from assessment.model.frames import DEVIATIONS
from assessment.model.rules import ZONE
from assessment.model.scale import Actor, Perspective
from assessment.model.sheets import EARLIER_HEADING
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap, plan_houses
from assessment.service.round_scores import score_round
from assessment.tables.formats import format_day
from assessment.tables.house_plan import HousePlan, list_deviations, list_hand_overs
from assessment.tables.plan_document import (
    compose_summary,
)
from assessment.writers.formula_sheet import write_formula_workbook
from assessment.writers.plan import write_plan
from tests.conftest import NOW
from tests.reading import reading, write_form, write_house_plan

pytestmark = pytest.mark.sqlite  # what is written, not where it is kept


@pytest.fixture
def planned(demo: Installation) -> Roadmap:
    scores = score_round(demo, None, Perspective.HOUSE, NOW.date())
    return plan_houses(scores, ["veenrijk"])


@pytest.fixture
def book(demo: Installation, planned: Roadmap) -> Workbook:
    return load_workbook(BytesIO(write_house_plan(demo, planned, "veenrijk")))


def column(book: Workbook, sheet: str, heading: str) -> list[object]:
    """The cells under a heading in the fourth row, down to the first empty row."""
    place = [cell.value for cell in book[sheet][4]].index(heading)
    rows = book[sheet].iter_rows(min_row=5, values_only=True)
    return [row[place] for row in takewhile(lambda row: row[0] is not None, rows)]


def test_it_has_a_sheet_for_each_thing_that_people_look_for(book: Workbook) -> None:
    shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]

    assert shown == [
        "Samenvatting",
        "Overzicht",
        "Plan",
        "Voortgang",
        "Naast de maatregelen",
        "Al geregeld",
        "Overdrachten",
        "Nog te doen",
        "Bronnen",
        "Vindplaatsen",
    ]


def test_every_measure_has_coloured_cells_for_its_quarters(book: Workbook, planned: Roadmap) -> None:
    sheet = book["Plan"]
    first = next(cell.column for cell in sheet[4] if cell.value == str(planned.begin))

    coloured = [
        sum(cell.fill.fgColor.rgb == f"FF{ACCENT[1:]}" for cell in row[first - 1 :])
        for row in sheet.iter_rows(min_row=5)
    ]

    lasting = planned.measures["last"] - planned.measures["first"] + 1
    assert sorted(each for each in coloured if each) == sorted(
        lasting
    )  # under them are steps without a quarter


def test_every_gap_is_listed_with_its_verdict_and_source(book: Workbook, planned: Roadmap) -> None:
    rows = list(book["Nog te doen"].iter_rows(min_row=5, values_only=True))

    assert [row[0] for row in rows] == planned.gaps["criterion_id"].tolist()
    assert all(row[2] in {"○", "◐", "?", "·"} and row[-1] for row in rows)


def test_the_summary_is_one_page_with_the_finding_first_and_what_the_document_says_to_begin_with(
    demo: Installation, book: Workbook, planned: Roadmap
) -> None:
    sheet, plan = book["Samenvatting"], find_plan(demo, planned)
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0]]
    first = [str(row[0]) for row in rows]
    begins = compose_summary(plan).first
    actions = rows[first.index(begins.title) + 3 :]

    told = str({row[0]: row[1] for row in rows}["Volgens het kader"])
    assert told.startswith("waarschijnlijk in 20")
    assert told.endswith("als niets tegenzit in 2029-K2")
    assert first[3] == compose_summary(plan).finding.title
    document = [[cell.text or cell.said for cell in row] for row in begins.tables[0].rows]
    shown = [[row[1], row[0], str(row[2]).partition(" ")[2], row[3]] for row in actions]
    assert shown == document != []
    assert sheet.page_setup.fitToHeight in {1, None}  # None is the default of the format: one page


def test_the_plan_names_the_criterion_and_leaves_room_to_agree(book: Workbook, planned: Roadmap) -> None:
    named = [str(cell).split(" ")[0] for cell in column(book, "Plan", "Voor criterium")]

    assert sorted(named) == sorted(planned.measures["criterion_id"])
    assert sorted(map(str, column(book, "Voortgang", "Nr."))) == sorted(planned.measures["measure_id"])
    assert set(column(book, "Voortgang", "Status")) == {"gepland"}
    for heading in ("Wie", "Afspraak voor", "Begonnen op", "Gereed op", "Opmerking"):
        assert set(column(book, "Voortgang", heading)) == {None}


def test_quarter_headings_fit_in_their_row(book: Workbook) -> None:
    assert book["Plan"].row_dimensions[4].height >= 60


@pytest.mark.parametrize("name", ["Nog te doen", "Overdrachten"])
def test_a_heading_of_a_list_fits_in_its_row_beside_its_arrow(book: Workbook, name: str) -> None:
    sheet = book[name]
    lines = [
        ceil(len(str(cell.value)) / (sheet.column_dimensions[cell.column_letter].width - 3))
        for cell in sheet[4]
        if cell.value
    ]

    assert max(lines) >= 2
    assert sheet.row_dimensions[4].height >= 13 * max(lines)


def test_days_keep_away_from_the_next_column(book: Workbook) -> None:
    place = [cell.value for cell in book["Plan"][4]].index("Dagen")

    assert book["Plan"].cell(5, place + 1).alignment.indent == 1


def test_sources_are_codes_on_their_own_sheet_only(book: Workbook) -> None:
    shown = {str(cell) for cell in column(book, "Nog te doen", "Bron")}
    known = {str(cell) for cell in column(book, "Bronnen", "Bron")}

    assert {name for cell in shown for name in cell.split("; ")} <= known
    assert "Politie in Veiligheidshuizen" in known
    assert "S1" in column(book, "Bronnen", "Code")


def test_only_the_sign_of_a_verdict_is_filled(book: Workbook) -> None:
    headings = [cell.value for cell in book["Nog te doen"][4]]
    filled = {
        heading
        for row in book["Nog te doen"].iter_rows(min_row=5)
        for heading, cell in zip(headings, row, strict=True)
        if cell.fill.fill_type == "solid"
    }

    assert filled == {"Teken"}


def test_it_says_that_the_house_is_invented(book: Workbook) -> None:
    texts = [cell.value for row in book["Overzicht"].iter_rows() for cell in row]

    assert "Dit huis is verzonnen, voor de demo. Het bestaat niet." in texts


def test_the_same_plan_gives_the_same_bytes(demo: Installation, planned: Roadmap) -> None:
    assert write_house_plan(demo, planned, "veenrijk") == write_house_plan(demo, planned, "veenrijk")


def test_less_capacity_never_ends_earlier(demo: Installation, planned: Roadmap) -> None:
    scores = score_round(demo, None, Perspective.HOUSE, NOW.date())

    narrow = plan_houses(scores, ["veenrijk"], {Actor.HOUSE: 1})

    assert narrow.measures["last"].max() >= planned.measures["last"].max()


def test_a_house_that_is_there_has_a_plan_with_recommendations_only(demo: Installation) -> None:
    scores = score_round(demo, None, Perspective.HOUSE, NOW.date())

    planned = plan_houses(scores, ["hanzevoorde"])

    assert set(planned.gaps["kind"]) <= {"recommendation", "open_issue"}
    book = load_workbook(BytesIO(write_house_plan(demo, planned, "hanzevoorde")))
    assert book.sheetnames[0] == "Samenvatting"


def find_plan(demo: Installation, planned: Roadmap) -> HousePlan:
    return reading(demo).find_house_plan(planned, "veenrijk")


def read_table(book: Workbook, sheet: str) -> list[dict[object, object]]:
    """The rows under the headings in the fourth row."""
    headings, *rows = book[sheet].iter_rows(min_row=4, values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def read_document(part: Part) -> list[list[str]]:
    """What the document of the plan says in each row of a part, texts in one."""
    return [[f"{cell.text} {cell.quiet}" for cell in row] for table in part.tables for row in table.rows]


def test_who_takes_over_and_who_lets_go_is_listed_as_in_the_document(
    demo: Installation, planned: Roadmap, book: Workbook
) -> None:
    rows = read_table(book, "Overdrachten")
    said = [
        [
            f"{row['Overdracht']} {row['Criterium']}",
            f"{row['Wie neemt over']}: {row['Overgenomen']} {row['Wat die gaat doen']}",
            f"{row['Wie laat los']}: {row['Losgelaten']} {row['Wat die loslaat']}",
        ]
        for row in rows
    ]

    part = compose_summary(find_plan(demo, planned)).hand_overs
    assert said == read_document(part) != []
    assert [book["Overdrachten"].cell(row, 1).value for row in (1, 2)] == [part.title, part.lead]


def test_what_was_agreed_to_be_otherwise_is_listed_as_in_the_document_with_real_days(
    demo: Installation, planned: Roadmap
) -> None:
    today = NOW.date()
    agreed = tuple(
        Deviation(criterion_id=key, reason=f"Reden van {key}", agreed_by="stuurgroep", until=until)
        for key, until in {"POS-4": today, "STU-1": today - timedelta(days=1)}.items()
    )
    plan = find_plan(demo, planned)
    submission = plan.basis.submission.model_copy(update={"deviations": agreed})
    plan = plan._replace(basis=plan.basis._replace(submission=submission))

    rows = read_table(load_workbook(BytesIO(write_plan(plan))), "Bewust anders")

    untils = [row["Geldt tot en met"] for row in rows]
    assert [until.date() for until in untils if isinstance(until, datetime)] == [
        today - timedelta(days=1),
        today,
    ]
    assert [row["Geldt nu"] for row in rows] == [
        "verlopen: de antwoorden tellen weer",
        "ja; eindigt voor de datum van dit plan, die alleen geldt als dit voor die tijd is verlengd",
    ]
    document = read_document(compose_summary(plan).deviations)
    for row, (criterion, reason, agreed_by, until) in zip(rows, document, strict=True):
        assert criterion == f"{row['Criterium']} "
        assert (reason, agreed_by) == (f"{row['Waarom anders']} ", f"{row['Akkoord van']} ")
        assert until.partition("2026 ")[2].replace("geldt nu", "ja") == row["Geldt nu"]
    lead = compose_summary(plan).finding.lead
    assert "geldt alleen als de afspraak over POS-4 (tot en met 22 november 2026)" in lead


def test_what_was_agreed_does_not_pass_for_what_the_answers_meet(
    demo: Installation, planned: Roadmap
) -> None:
    until = NOW.date()
    agreed = Deviation(criterion_id="POS-4", reason="Reden", agreed_by="stuurgroep", until=until)
    scores = planned.scores
    excused = pd.DataFrame({"house_id": ["veenrijk"], "criterion_id": ["POS-4"]})
    grid = score_criteria(scores.choices, DEVIATIONS.conform(excused), scores.questionnaire)
    basis = planned.basis._replace(scores=replace(scores, grid=grid))
    plan = find_plan(demo, replace(planned, basis=basis))
    submission = plan.basis.submission.model_copy(update={"deviations": (agreed,)})
    plan = plan._replace(basis=plan.basis._replace(submission=submission))

    (told,) = list_deviations(plan)["Geldt nu"]

    assert of_criterion(plan.basis.criteria, "POS-4")["low"].tolist() == [1.0]  # by what was agreed
    assert told.startswith("ja; eindigt voor de datum van dit plan")


def of_criterion(criteria: pd.DataFrame, criterion_id: str) -> pd.DataFrame:
    return criteria[criteria["criterion_id"] == criterion_id]


def test_of_what_there_is_none_there_is_no_sheet_that_prints_empty_and_the_summary_says_so(
    demo: Installation, planned: Roadmap
) -> None:
    plan = find_plan(demo, planned)

    book = load_workbook(BytesIO(write_plan(plan._replace(measures=plan.measures.head(0)))))

    assert not {"Overdrachten", "Bewust anders"} & set(book.sheetnames)
    said = {row[0].value: row[1].value for row in book["Samenvatting"].iter_rows()}
    assert said["Overdrachten"] == "Er is nog geen overdracht gepland"
    assert said["Afspraken"] == "Bewust anders: geen afspraken"


def test_who_has_nothing_to_do_has_no_empty_sheet_and_reads_why(demo: Installation, planned: Roadmap) -> None:
    plan = find_plan(demo, planned)
    empty = plan._replace(measures=plan.measures.head(0), gaps=plan.gaps.head(0))

    book = load_workbook(BytesIO(write_plan(empty)))

    said = {row[0].value: row[1].value for row in book["Samenvatting"].iter_rows()}
    assert said["Maatregelen"] == "Er zijn geen maatregelen nodig: alles wat is gevraagd, voldoet."
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert not {"Plan", "Voortgang", "Nog te doen"} & {sheet.title for sheet in visible}
    assert [sheet.title for sheet in visible if sheet.max_row < 5] == []


def test_the_overview_ends_where_the_plan_does(book: Workbook, demo: Installation, planned: Roadmap) -> None:
    plan = find_plan(demo, planned)
    quarters = [row[0].value for row in book["Overzicht"].iter_rows() if str(row[0].value).startswith("na ")]

    assert quarters[-1] == f"na {plan.begin + int(plan.measures['last'].max())}"
    assert any(each.min_row == each.max_row > 6 for each in book["Overzicht"].merged_cells.ranges)


def test_a_range_is_not_broken_in_its_column(book: Workbook) -> None:
    sheet = book["Nog te doen"]
    (head,) = (cell for cell in sheet[4] if cell.value == "Score")

    assert sheet.column_dimensions[head.column_letter].width >= len("100 % (100–100 %)")


def test_a_quarter_is_not_broken_where_a_task_is_let_go(book: Workbook) -> None:
    sheet = book["Overdrachten"]
    (head,) = (cell for cell in sheet[4] if cell.value == "Losgelaten")

    assert sheet.column_dimensions[head.column_letter].width >= len("stopt vanaf 2028-K2") + 2


def test_lists_can_be_filtered_and_keep_their_headings_in_sight(book: Workbook) -> None:
    for name in ("Voortgang", "Overdrachten", "Nog te doen"):
        sheet = book[name]
        assert sheet.freeze_panes == "A5"
        assert sheet.auto_filter.ref == f"A4:{get_column_letter(sheet.max_column)}{sheet.max_row}"


def test_the_bars_can_be_read_without_colour_and_carry_the_number_of_a_hand_over(
    demo: Installation, planned: Roadmap, book: Workbook
) -> None:
    sheet, (moving,) = book["Plan"], list_hand_overs(find_plan(demo, planned))
    columns = {cell.value: place for place, cell in enumerate(sheet[4], 1)}
    row_of = {sheet.cell(row, 2).value: row for row in range(5, sheet.max_row + 1)}

    bars = [cell for row in sheet.iter_rows(min_row=5, min_col=columns["Waarom dan"] + 1) for cell in row]

    assert {cell.value for cell in bars if cell.fill.fill_type == "solid"} == {"■", "1"}
    assert {cell.value for cell in bars if cell.fill.fill_type is None} == {None}
    for measure, quarter in ((moving.takes, moving.taken), (moving.stops, moving.stopped)):
        assert sheet.cell(row_of[measure.title], columns[str(quarter)]).value == "1"


def test_it_says_which_adopted_plan_it_is(demo: Installation, planned: Roadmap) -> None:
    plan = find_plan(demo, planned)
    adopted = Baseline(
        house_id="veenrijk",
        number=2,
        adopted=datetime(2026, 11, 22, 12, tzinfo=ZONE),
        submission_id="1",
        frameworks=(),
        sha256="",
        begin=plan.begin,
        measures=(),
    )
    book = load_workbook(BytesIO(write_plan(plan._replace(basis=plan.basis._replace(adopted=adopted)))))
    fresh = load_workbook(BytesIO(write_plan(plan._replace(basis=plan.basis._replace(adopted=None)))))

    for name in ("Samenvatting", "Overzicht"):
        assert str(book[name]["A2"].value).endswith("· plan 2, vastgesteld op 22 november 2026")
        assert str(fresh[name]["A2"].value).endswith("· Dit plan is nog niet vastgesteld")


# What LibreOffice prints of a column at full size, in millimetres: per character, and beside those.
PER_CHARACTER, BESIDE = 2.475, 2.1
PAPER = {8: 420, 9: 297}  # A3 and A4, landscape


def find_print_size(sheet: Worksheet) -> float:
    """The size in points of a text of 11 points, on paper of which the columns fill the width."""
    columns = sheet.column_dimensions.values()
    across = sum(
        (PER_CHARACTER * each.width + BESIDE - PER_CHARACTER * 0.71) * ((each.max or 1) - (each.min or 1) + 1)
        for each in columns
    )
    return 11 * min((PAPER[int(str(sheet.page_setup.paperSize))] - 0.8 * 25.4) / across, 1)


def test_every_sheet_prints_at_eight_points_or_more(demo: Installation, book: Workbook) -> None:
    beside_earlier, alone = (write_form(demo, "veenrijk", each) for each in (None, "2025-najaar"))
    formulas = write_formula_workbook(reading(demo).find_formulas("veenrijk").as_file)
    written = [load_workbook(BytesIO(each)) for each in (beside_earlier, alone, formulas)]

    headings = [cell.value for cell in written[0]["POS"][3]]
    assert headings[-1] == EARLIER_HEADING
    assert [cell.value for cell in written[1]["POS"][3]] == headings[:-1]
    for sheet in (each for some in (book, *written) for each in some.worksheets):
        if sheet.sheet_state == "visible":
            assert find_print_size(sheet) >= 8, sheet.title


def test_every_page_says_of_which_house_round_and_day_it_is(demo: Installation, planned: Roadmap) -> None:
    plan = find_plan(demo, planned)
    long = plan._replace(house=plan.house.model_copy(update={"title": "Zorg & Veiligheid " + "x" * 300}))

    feet, feet_of_long = (
        {
            str(sheet.HeaderFooter.oddFooter.left.text)  # type: ignore[union-attr]
            for sheet in load_workbook(BytesIO(write_plan(each))).worksheets
            if sheet.sheet_state == "visible"
        }
        for each in (plan, long)
    )

    told = f"{plan.round.title} · {format_day(plan.basis.moment)} · &A"
    assert feet == {f"Verbeterplan Veiligheidshuis Veenrijk · {told}"}
    (foot,) = feet_of_long
    assert foot.startswith("Verbeterplan Zorg && Veiligheid x")
    assert foot.endswith(told)


def test_the_first_sheets_say_the_day_and_how_the_figures_are_made(
    demo: Installation, planned: Roadmap, book: Workbook
) -> None:
    told = compose_summary(find_plan(demo, planned)).explanation

    assert "gemaakt op " in str(book["Samenvatting"]["A2"].value)
    assert {*told} <= {row[0] for row in book["Overzicht"].iter_rows(values_only=True)}
    assert any("tussen haakjes" in each for each in told)


def test_the_arrow_of_a_filter_hides_no_word_of_a_heading(book: Workbook) -> None:
    sheet = book["Voortgang"]
    (head,) = (cell for cell in sheet[4] if cell.value == "Afspraak voor")

    assert sheet.column_dimensions[head.column_letter].width < len("Afspraak voor") + 3
    assert sheet.row_dimensions[4].height >= 2 * 13


def test_no_text_runs_out_of_the_columns_and_makes_the_print_smaller(book: Workbook) -> None:
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            merged = {each.coord.split(":")[0]: each for each in sheet.merged_cells.ranges}
            assert {"A1", "A2"} <= set(merged), sheet.title
            assert all(sheet[each].alignment.wrap_text for each in merged), sheet.title


def test_a_row_is_as_high_as_the_longest_of_its_columns(book: Workbook) -> None:
    sheet = book["Nog te doen"]
    widths = [int(sheet.column_dimensions[get_column_letter(n)].width) for n in range(1, 11)]
    for number, row in enumerate(sheet.iter_rows(min_row=5, values_only=True), 5):
        lines = [
            sum(len(wrap(line, width)) for line in str(text).split("\n"))
            for text, width in zip(row, widths, strict=True)
        ]
        assert sheet.row_dimensions[number].height >= 13 * max(lines)
