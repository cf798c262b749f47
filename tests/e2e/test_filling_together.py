"""Two people at two screens, on the same draft."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assessment.model.answers import Whose
from assessment.model.register import House
from assessment.model.scale import Perspective
from assessment.service.drafts import begin_draft
from assessment.service.installation import Installation
from tests.conftest import NOW
from tests.reading import reading

pytestmark = [pytest.mark.browser]


@pytest.fixture
def whose(opened: Installation, house: House) -> Whose:
    """A draft that was begun, of a house of its own."""
    begun = Whose("2026-najaar", house.house_id, Perspective.HOUSE)
    begin_draft(opened, begun, NOW, empty=True)
    return begun


@pytest.fixture
def form(dashboard: str, house: House) -> str:
    """The address at which that house fills in."""
    return f"{dashboard}/invullen?{urlencode({'huis': house.house_id})}"


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A colleague, at a phone."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as phone:
        yield phone.new_page()


def question(page: Page, key: str) -> Locator:
    return page.get_by_test_id("stRadio").filter(has_text=key)


def choose(page: Page, key: str, answer: str) -> None:
    question(page, key).locator("label").filter(has_text=answer).click()


def test_the_second_of_two_sees_both_and_chooses(
    form: str, whose: Whose, opened: Installation, page: Page, other: Page
) -> None:
    for each in (page, other):
        each.goto(form)
        expect(question(each, "POS-1.1")).to_be_visible()

    choose(other, "POS-1.1", "Nee, of er is geen geldend stuk")
    expect(other.get_by_text("Bewaard om").first).to_be_visible()
    choose(page, "POS-1.1", "Ja, alleen met naam")
    conflict = page.locator("[class*=st-key-conflict]")
    expect(conflict).to_contain_text("een collega heeft dit intussen ook veranderd")
    expect(conflict).to_contain_text("Nee, of er is geen geldend stuk")
    expect(conflict).to_contain_text("Ja, alleen met naam")
    assert reading(opened).get_draft(whose).answers["POS-1.1"].content.option_id == "c"

    conflict.get_by_role("button", name="Neem die van mij").click()
    expect(page.get_by_text("Bewaard om").first).to_be_visible()
    choose(other, "POS-1.2", "Ja, op schrift")
    expect(question(other, "POS-1.1").get_by_label("Ja, alleen met naam")).to_be_checked()

    stored = reading(opened).get_draft(whose).answers
    assert (stored["POS-1.1"].content.option_id, stored["POS-1.1"].version) == ("b", 3)


@pytest.mark.sqlite
@pytest.mark.usefixtures("whose")
def test_with_the_keyboard_an_answer_is_stored_and_the_place_is_kept(form: str, page: Page) -> None:
    page.goto(form)
    first = question(page, "POS-1.1").get_by_label("Ja, als vaste partner met een omschreven rol")
    expect(first).to_be_attached()

    first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Bewaard om").first).to_be_visible()
    page.keyboard.press("ArrowDown")

    second = question(page, "POS-1.1").get_by_label("Ja, alleen met naam")
    expect(second).to_be_checked()
    expect(page.locator(".st-key-stand")).to_contain_text("alles 1 van 120")
    expect(second).to_be_focused()
