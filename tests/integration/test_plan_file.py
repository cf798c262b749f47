"""The improvement plan as a real file."""

from io import BytesIO
from itertools import takewhile

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from assessment.figures.palette import ACCENT
from assessment.model.scale import Actor, Perspective
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap, plan_houses
from assessment.service.round_scores import score_round
from tests.conftest import NOW
from tests.reading import write_house_plan

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


def test_it_has_a_summary_overview_plan_progress_gaps_and_sources(book: Workbook) -> None:
    shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]

    assert shown == ["Samenvatting", "Overzicht", "Plan", "Voortgang", "Nog te doen", "Bronnen"]


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


def test_the_summary_is_one_page_with_the_end_three_steps_and_who_begins(
    book: Workbook, planned: Roadmap
) -> None:
    sheet = book["Samenvatting"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0]]
    first = [str(row[0]) for row in rows]
    steps = rows[first.index("De eerste 3 stappen") + 2 : first.index(f"Wie doet wat in {planned.begin}")]
    beginning = rows[first.index(f"Wie doet wat in {planned.begin}") + 2 :]

    told = str({row[0]: row[1] for row in rows}["Volgens het kader"])
    assert told.startswith("waarschijnlijk in 20")
    assert told.endswith("als niets tegenzit in 2029-K2")
    assert len(steps) == 3
    assert len(beginning) == (planned.measures["first"] == 0).sum()
    assert all(row[2] for row in [*steps, *beginning])
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
