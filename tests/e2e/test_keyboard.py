"""The main work without a mouse: filling in, handing in a file and what-if, with focus always in sight."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessment.model.answers import Whose
from assessment.model.scale import Perspective
from assessment.service.drafts import begin_draft
from assessment.service.installation import Installation
from tests.conftest import NOW
from tests.e2e.test_browser import wait_until_drawn

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

MOST_STEPS = 120
IS_IN_SIGHT = """() => {
    const chain = [];
    for (let each = document.activeElement; each && chain.length < 4; each = each.parentElement) {
        chain.push(each);
    }
    const box = document.activeElement.getBoundingClientRect();
    const isOutlined = each => {
        const style = getComputedStyle(each);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    return chain.some(isOutlined) && box.bottom > 0 && box.top < innerHeight;
}"""


def tab_to(page: Page, kind: str, name: str) -> None:
    """Go from one stop to the next, each in sight, until this one has the focus."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        heard = focused.aria_snapshot() if focused.count() else ""
        assert not heard or page.evaluate(IS_IN_SIGHT), f"not in sight: {heard}"
        if heard.startswith(f"- {kind}") and name in heard:
            return
        passed.append(heard.partition("\n")[0])
    raise AssertionError(f"{kind} {name} is not among {passed}")


def open_page(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address)
    wait_until_drawn(page)


def test_the_first_stop_leads_past_the_menu(dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/mijn-huis")

    tab_to(page, "link", "Naar de inhoud")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "stMain"


def test_a_question_is_answered_without_a_mouse(dashboard: str, page: Page, opened: Installation) -> None:
    begin_draft(opened, Whose("2026-najaar", "terpmark", Perspective.HOUSE), NOW, empty=True)
    open_page(page, f"{dashboard}/invullen?rol=manager&thema=LOS")

    tab_to(page, "radio", "Nog geen antwoord")
    page.keyboard.press("ArrowDown")  # after the last comes the first

    expect(page.get_by_text("dit thema 1 van")).to_be_visible()


def test_a_file_is_handed_in_without_a_mouse(dashboard: str, page: Page, filled: Path) -> None:
    open_page(page, f"{dashboard}/zelfscan")

    tab_to(page, "button", "Kies een bestand")
    chooser = page.locator("input[type=file]")
    chooser.evaluate("it => it.addEventListener('click', () => it.dataset.asked = 1)")
    page.keyboard.press("Enter")
    # The window in which a file is chosen is the browser's own, and does not always come without a screen.
    expect(page.locator("input[type=file][data-asked]")).to_have_count(1)
    chooser.set_input_files(filled)
    expect(page.get_by_role("button", name="Lever in")).to_be_disabled()
    tab_to(page, "checkbox", "Ja, vervang versie 1 (")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Lever in")).to_be_enabled()
    tab_to(page, "button", "Lever in")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Bekijk waar Veenrijk staat")).to_be_visible()


def test_another_plan_is_tried_without_a_mouse(dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/routekaart")

    tab_to(page, "slider", "Veiligheidshuis")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")

    expect(page.get_by_text("kwartalen later,")).to_be_visible()


def test_a_choice_is_made_without_a_mouse(dashboard: str, page: Page) -> None:
    open_page(page, f"{dashboard}/mijn-huis")

    tab_to(page, "combobox", "Huis")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Veenrijk")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Veenrijk: ")).to_be_visible()
