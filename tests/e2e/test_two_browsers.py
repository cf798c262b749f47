"""Steering by a plan in real browsers: two people who change one line, and a workbook that comes back."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from assessment.model.decisions import find_line
from assessment.model.scale import Actor, Perspective
from assessment.model.sheets import FIELD_HEADINGS, HEADINGS, PROGRESS_SHEET
from assessment.service.installation import Installation
from assessment.service.plans.capacities import find_capacities
from assessment.service.plans.workbook import make_plan
from assessment.service.round_scores import Which, score_round
from tests.conftest import NOW
from tests.dashboards import open_browser, serving
from tests.reading import reading

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

HOUSE = "terpmark"
"""The house that the page opens on."""


@pytest.fixture
def dashboard(demo: Installation) -> Iterator[str]:
    with serving(demo.settings.database_url) as address:
        yield address


@pytest.fixture
def two() -> Iterator[tuple[Page, Page]]:
    """Two people, each in a browser of their own."""
    with open_browser() as browser:
        first, second = (browser.new_context(viewport={"width": 1440, "height": 3000}) for _ in range(2))
        yield first.new_page(), second.new_page()


def open_form(page: Page, dashboard: str) -> None:
    page.goto(f"{dashboard}/routekaart")
    page.get_by_text("Wijzig een maatregel", exact=True).click()
    expect(page.get_by_label("Wie trekt dit?")).to_be_visible()


def write_owner(page: Page, owner: str) -> None:
    page.get_by_label("Wie trekt dit?").fill(owner)
    page.get_by_role("button", name="Bewaar", exact=True).click()


def let_both_write(dashboard: str, anna: Page, bert: Page) -> Page:
    """Anna and Bert open the same line; Anna writes first, then Bert, whose page is given."""
    open_form(anna, dashboard)
    open_form(bert, dashboard)
    write_owner(anna, "Anna")
    expect(anna.get_by_text("Bewaard.", exact=True)).to_be_visible()
    write_owner(bert, "Bert")
    return bert


def find_owner(demo: Installation) -> str:
    """Who has the one measure that was decided on."""
    decided = reading(demo).find_decisions(score_round(demo, None, Perspective.HOUSE, NOW.date()), [HOUSE])
    (line,) = decided.lines
    return line.owner


def test_two_browsers_editing_the_same_plan_line_see_the_conflict(
    demo: Installation, dashboard: str, two: tuple[Page, Page]
) -> None:
    bert = let_both_write(dashboard, *two)

    expect(bert.get_by_text("is intussen door iemand anders gewijzigd")).to_be_visible()
    both = bert.locator("table", has_text="Staat er nu").first
    expect(both).to_contain_text("Anna")
    expect(both).to_contain_text("Bert")
    assert find_owner(demo) == "Anna"
    bert.get_by_role("button", name="Neem mijn waarden").click()
    expect(bert.get_by_text("Bewaard.", exact=True)).to_be_visible()
    assert find_owner(demo) == "Bert"


def test_who_keeps_what_stands_there_changes_nothing(
    demo: Installation, dashboard: str, two: tuple[Page, Page]
) -> None:
    bert = let_both_write(dashboard, *two)

    bert.get_by_role("button", name="Houd wat er staat").click()

    expect(bert.get_by_text("is intussen door iemand anders gewijzigd")).to_have_count(0)
    expect(bert.get_by_label("Wie trekt dit?")).to_have_count(1)  # the form before it may linger for a moment
    expect(bert.get_by_label("Wie trekt dit?")).to_have_value("Anna")
    assert find_owner(demo) == "Anna"


def try_less(page: Page, dashboard: str) -> None:
    """Try one measure less at once, of the municipalities."""
    page.goto(f"{dashboard}/routekaart")
    page.get_by_role("slider", name="Gemeenten").press("ArrowLeft")
    expect(page.get_by_text("Capaciteit van de gemeenten")).to_be_visible()


def test_what_one_adopts_is_not_adopted_again_over_it(
    demo: Installation, dashboard: str, two: tuple[Page, Page]
) -> None:
    anna, bert = two
    try_less(anna, dashboard)
    try_less(bert, dashboard)
    bert.get_by_role("slider", name="Veiligheidshuis").press("ArrowLeft")
    expect(bert.get_by_text("Capaciteit van het Veiligheidshuis")).to_be_visible()

    anna.get_by_role("button", name="Neem dit over").click()
    expect(anna.get_by_text("de wat-als begint opnieuw")).to_be_visible()
    expect(anna.get_by_role("slider", name="Gemeenten")).to_have_value("1")
    bert.get_by_role("button", name="Neem dit over").click()

    expect(bert.get_by_text("intussen gewijzigd")).to_be_visible()
    numbers = {each.actor: each.number for each in find_capacities(demo, HOUSE, None)}
    assert (numbers[Actor.MUNICIPALITIES], numbers[Actor.HOUSE]) == (1, 3)
    expect(bert.get_by_text("Capaciteit van de gemeenten")).to_have_count(0)
    bert.get_by_role("button", name="Neem dit over").click()
    expect(bert.get_by_text("de wat-als begint opnieuw")).to_be_visible()
    assert {each.actor: each.number for each in find_capacities(demo, HOUSE, None)}[Actor.HOUSE] == 2


def test_a_changed_workbook_is_loaded_back_and_a_plan_adopted(
    demo: Installation, dashboard: str, page: Page, tmp_path: Path
) -> None:
    scores = score_round(demo, None, Perspective.HOUSE, NOW.date())
    planned = reading(demo).find_roadmap(Which(None, Perspective.HOUSE, HOUSE))
    book = load_workbook(BytesIO(make_plan(demo, planned, HOUSE)[1]))
    measure_id = str(book[PROGRESS_SHEET]["A5"].value)
    book[PROGRESS_SHEET].cell(5, HEADINGS.index(FIELD_HEADINGS["owner"]) + 1).value = "Anna"
    file = tmp_path / "plan.xlsx"
    book.save(file)

    page.goto(f"{dashboard}/routekaart")
    page.get_by_text("Laad een ingevuld plan terug", exact=True).click()
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_text("wie: – → Anna")).to_be_visible()
    page.get_by_role("button", name="Neem over wat is aangevinkt").click()
    expect(page.get_by_text(f"Overgenomen: {measure_id}.")).to_be_visible()
    page.get_by_text("Stel dit plan vast", exact=True).click()
    adopt = page.get_by_role("button", name="Stel vast als plan 1")
    adopt.press("Enter")  # a click may miss it while what holds it slides open
    expect(page.get_by_text("Plan 1 is vastgesteld.")).to_be_visible()

    decided = reading(demo).find_decisions(scores, [HOUSE])
    assert find_line(decided, HOUSE, measure_id).owner == "Anna"
    assert len(decided.agreed) == len(planned.measures)
