"""Steering by a plan in real browsers: two people who change one line, and a workbook that comes back."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assessment.model.decisions import find_line
from assessment.model.register import House
from assessment.model.scale import Actor, Perspective
from assessment.model.sheets import FIELD_HEADINGS, HEADINGS, PROGRESS_SHEET
from assessment.service.installation import Installation
from assessment.service.round_scores import Which, score_round
from tests.conftest import NOW
from tests.e2e.test_browser import wait_until_drawn
from tests.reading import reading, write_house_plan

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.fixture
def roadmap(dashboard: str, house: House) -> str:
    """The address of the roadmap of a house of its own."""
    return f"{dashboard}/routekaart?{urlencode({'huis': house.house_id})}"


@pytest.fixture
def two(browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Two people, who share nothing."""
    size = ViewportSize(width=1440, height=3000)
    with browser.new_context(viewport=size) as first, browser.new_context(viewport=size) as second:
        yield first.new_page(), second.new_page()


def open_form(page: Page, roadmap: str) -> None:
    page.goto(roadmap)
    wait_until_drawn(page)
    page.get_by_text("Wijzig een maatregel", exact=True).click()
    expect(page.get_by_label("Wie trekt dit?")).to_be_visible()


def write_owner(page: Page, owner: str) -> None:
    page.get_by_label("Wie trekt dit?").fill(owner)
    page.get_by_role("button", name="Bewaar", exact=True).click()


def let_both_write(roadmap: str, anna: Page, bert: Page) -> Page:
    """Anna and Bert open the same line; Anna writes first, then Bert, whose page is given."""
    open_form(anna, roadmap)
    open_form(bert, roadmap)
    write_owner(anna, "Anna")
    expect(anna.get_by_text("Bewaard.", exact=True)).to_be_visible()
    write_owner(bert, "Bert")
    return bert


def find_owner(opened: Installation, house: House) -> str:
    """Who has the one measure that was decided on."""
    scores = score_round(opened, None, Perspective.HOUSE, NOW.date())
    decided = reading(opened).find_decisions(scores, [house.house_id])
    (line,) = decided.lines
    return line.owner


def test_two_browsers_editing_the_same_plan_line_see_the_conflict(
    opened: Installation, house: House, roadmap: str, two: tuple[Page, Page]
) -> None:
    bert = let_both_write(roadmap, *two)

    expect(bert.get_by_text("is intussen door iemand anders gewijzigd")).to_be_visible()
    both = bert.locator("table", has_text="Staat er nu").first
    expect(both).to_contain_text("Anna")
    expect(both).to_contain_text("Bert")
    assert find_owner(opened, house) == "Anna"
    bert.get_by_role("button", name="Neem mijn waarden").click()
    expect(bert.get_by_text("Bewaard.", exact=True)).to_be_visible()
    assert find_owner(opened, house) == "Bert"


def test_who_keeps_what_stands_there_changes_nothing(
    opened: Installation, house: House, roadmap: str, two: tuple[Page, Page]
) -> None:
    bert = let_both_write(roadmap, *two)

    bert.get_by_role("button", name="Houd wat er staat").click()

    expect(bert.get_by_text("is intussen door iemand anders gewijzigd")).to_have_count(0)
    expect(bert.get_by_label("Wie trekt dit?")).to_have_count(1)  # the form before it may linger for a moment
    expect(bert.get_by_label("Wie trekt dit?")).to_have_value("Anna")
    assert find_owner(opened, house) == "Anna"


def try_less(page: Page, roadmap: str) -> None:
    """Try one measure less at once, of the districts."""
    page.goto(roadmap)
    wait_until_drawn(page)
    page.get_by_role("slider", name="District").press("ArrowLeft")
    expect(page.get_by_text("Capaciteit van het district")).to_be_visible()


def find_numbers(opened: Installation, house: House) -> dict[Actor, int]:
    """How many measures each actor carries at once for a house."""
    return {each.actor: each.number for each in reading(opened).find_capacities(house.house_id, None)}


def test_what_one_adopts_is_not_adopted_again_over_it(
    opened: Installation, house: House, roadmap: str, two: tuple[Page, Page]
) -> None:
    anna, bert = two
    try_less(anna, roadmap)
    try_less(bert, roadmap)
    bert.get_by_role("slider", name="Veiligheidshuis").press("ArrowLeft")
    expect(bert.get_by_text("Capaciteit van het Veiligheidshuis")).to_be_visible()

    anna.get_by_role("button", name="Neem dit over").click()
    expect(anna.get_by_text("de wat-als begint opnieuw")).to_be_visible()
    expect(anna.get_by_role("slider", name="District")).to_have_value("1")
    bert.get_by_role("button", name="Neem dit over").click()

    expect(bert.get_by_text("intussen gewijzigd")).to_be_visible()
    numbers = find_numbers(opened, house)
    assert (numbers[Actor.DISTRICT], numbers[Actor.HOUSE]) == (1, 3)
    expect(bert.get_by_text("Capaciteit van het district")).to_have_count(0)
    bert.get_by_role("button", name="Neem dit over").click()
    expect(bert.get_by_text("de wat-als begint opnieuw")).to_be_visible()
    assert find_numbers(opened, house)[Actor.HOUSE] == 2


def test_a_changed_workbook_is_loaded_back_and_a_plan_adopted(
    opened: Installation, house: House, roadmap: str, page: Page, tmp_path: Path
) -> None:
    scores = score_round(opened, None, Perspective.HOUSE, NOW.date())
    planned = reading(opened).find_roadmap(Which(None, Perspective.HOUSE, house.house_id))
    book = load_workbook(BytesIO(write_house_plan(opened, planned, house.house_id)))
    measure_id = str(book[PROGRESS_SHEET]["A5"].value)
    book[PROGRESS_SHEET].cell(5, HEADINGS.index(FIELD_HEADINGS["owner"]) + 1).value = "Anna"
    file = tmp_path / "plan.xlsx"
    book.save(file)

    page.goto(roadmap)
    page.get_by_text("Laad een ingevuld plan terug", exact=True).click()
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_text("wie: – → Anna")).to_be_visible()
    page.get_by_role("button", name="Neem over wat is aangevinkt").click()
    expect(page.get_by_text(f"Overgenomen: {measure_id}.")).to_be_visible()
    # Until the page is whole its button is that of before, which rightly adopts nothing any more.
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()
    page.get_by_text("Stel dit plan vast", exact=True).click()
    adopt = page.get_by_role("button", name="Stel vast als plan 1")
    adopt.press("Enter")  # a click may miss it while what holds it slides open
    expect(page.get_by_text("Plan 1 is vastgesteld.")).to_be_visible()

    decided = reading(opened).find_decisions(scores, [house.house_id])
    assert find_line(decided, house.house_id, measure_id).owner == "Anna"
    assert len(decided.agreed) == len(planned.measures)
