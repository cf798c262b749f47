"""The improvement plan as a real file."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from assessment.figures.palette import ACCENT
from assessment.model.scale import Actor, Perspective
from assessment.service.improvement_plan import make_plan
from assessment.service.installation import Installation
from assessment.service.roadmap import Roadmap, plan_houses
from assessment.service.standing import find_standing
from tests.conftest import NOW


@pytest.fixture
def planned(demo: Installation) -> Roadmap:
    standing = find_standing(demo, None, Perspective.HOUSE, NOW.date())
    return plan_houses(standing, ["veenrijk"])


@pytest.fixture
def book(demo: Installation, planned: Roadmap) -> Workbook:
    return load_workbook(BytesIO(make_plan(demo, planned, "veenrijk")[1]))


def test_it_has_overview_plan_gaps_and_sources(book: Workbook) -> None:
    assert book.sheetnames == ["Overzicht", "Plan", "Nog te doen", "Bronnen"]


def test_every_measure_has_coloured_cells_for_its_quarters(book: Workbook, planned: Roadmap) -> None:
    sheet = book["Plan"]
    first = next(cell.column for cell in sheet[4] if cell.value == str(planned.begin))

    coloured = [
        sum(cell.fill.fgColor.rgb == f"FF{ACCENT[1:]}" for cell in row[first - 1 :])
        for row in sheet.iter_rows(min_row=5)
    ]

    lasting = planned.measures["last"] - planned.measures["first"] + 1
    assert sorted(coloured) == sorted(lasting)


def test_every_gap_is_listed_with_its_verdict_and_source(book: Workbook, planned: Roadmap) -> None:
    rows = list(book["Nog te doen"].iter_rows(min_row=5, values_only=True))

    assert [row[0] for row in rows] == planned.gaps["criterion_id"].tolist()
    assert all(str(row[3])[0] in "○◐?·" and row[-1] for row in rows)


def test_it_says_that_the_house_is_invented(book: Workbook) -> None:
    texts = [cell.value for row in book["Overzicht"].iter_rows() for cell in row]

    assert "Dit huis is verzonnen, voor de demo. Het bestaat niet." in texts


def test_the_same_plan_gives_the_same_bytes(demo: Installation, planned: Roadmap) -> None:
    assert make_plan(demo, planned, "veenrijk") == make_plan(demo, planned, "veenrijk")


def test_less_capacity_never_ends_earlier(demo: Installation, planned: Roadmap) -> None:
    standing = find_standing(demo, None, Perspective.HOUSE, NOW.date())

    narrow = plan_houses(standing, ["veenrijk"], {Actor.HOUSE: 1})

    assert narrow.measures["last"].max() >= planned.measures["last"].max()


def test_a_house_that_is_there_has_a_plan_with_recommendations_only(demo: Installation) -> None:
    standing = find_standing(demo, None, Perspective.HOUSE, NOW.date())

    planned = plan_houses(standing, ["hanzevoorde"])

    assert set(planned.gaps["kind"]) <= {"recommendation", "open_issue"}
    assert load_workbook(BytesIO(make_plan(demo, planned, "hanzevoorde")[1])).sheetnames[0] == "Overzicht"
