"""The way of a round in a real browser: adopt together, see it on the board, close."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from assessment.service.installation import Installation
from tests.dashboards import serving
from tests.reading import reading
from tests.soaking import ROUND

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.fixture
def dashboard(demo: Installation) -> Iterator[str]:
    """The address of a dashboard on the demo."""
    with serving(demo.settings.database_url) as address:
        yield address


def test_house_and_police_adopt_together_and_the_round_is_closed(
    dashboard: str, demo: Installation, page: Page
) -> None:
    page.goto(f"{dashboard}/inleveringen?huis=waterwolde")
    expect(page.get_by_role("heading", name=re.compile("^Waterwolde: "))).to_be_visible()
    adopt = page.get_by_role("button", name="Stel samen één versie vast")
    expect(adopt).to_be_disabled()
    choices = page.get_by_role("radiogroup").filter(has_text="(de politie)")
    pair = reading(demo).find_pair(ROUND, "waterwolde")
    assert pair is not None
    expect(choices).to_have_count(len(pair.open))
    for place in range(len(pair.open)):
        choices.nth(place).get_by_text("(de politie)").click()
    expect(adopt).to_be_enabled()
    adopt.click()
    expect(page.get_by_text("Vastgesteld. De versie die is vastgesteld")).to_be_visible()

    page.goto(f"{dashboard}/ronde")
    house = page.get_by_role("row", name="Veiligheidshuis Waterwolde")
    expect(house.get_by_text("vastgesteld")).to_have_count(3)

    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()
    page.get_by_text("Ronde sluiten").click()
    seen = page.get_by_role("checkbox", name="Ik heb gezien wat er wordt bevroren")
    seen.press("Space")  # a click may miss it while what holds it slides open
    page.get_by_role("button", name="Sluit de ronde").click()
    expect(page.get_by_text("De ronde is gesloten. Wat was vastgesteld, is bevroren.")).to_be_visible()
    expect(house.get_by_text("bevroren")).to_have_count(3)
