"""A trial on this machine, where nobody signs in: the choice of a role, clicked in a browser."""

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from assessment.model.access import Role
from tests.e2e.test_browser import wait_until_drawn

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

EVERYTHING = "alle rechten"
OF_A_HOUSE = (
    *("Zelfscan", "Mijn huis", "Routekaart", "Formules"),
    *("Ronde", "Inleveringen", "Landelijk beeld", "Rapporten"),
)
MENUS = {
    Role.MANAGER: {*OF_A_HOUSE, "Invullen"},
    Role.POLICE: {*OF_A_HOUSE, "Invullen", "Mijn eenheid"},
    Role.UNIT: {*OF_A_HOUSE, "Mijn eenheid"},
    Role.COUNTRY: {*OF_A_HOUSE, "Mijn eenheid"},
    Role.ADMINISTRATOR: {"Ronde", "Inleveringen", "Beheer"},
    EVERYTHING: {*OF_A_HOUSE, "Invullen", "Mijn eenheid", "Beheer"},
}
FOR_ALL = {"Start", "Kader"}
PLACES: dict[str, str] = {Role.MANAGER: "Huis", Role.POLICE: "Eenheid", Role.UNIT: "Eenheid"}


def find_links(page: Page) -> Locator:
    """The ways to pages in the menu that shows on this screen."""
    return page.locator("[data-testid=stTopNavLink]:visible")


def choose_role(page: Page, role: str) -> None:
    page.get_by_role("combobox", name="Bekijk als").click()
    page.get_by_role("option", name=role, exact=True).click()


@pytest.mark.parametrize("path", ["", "/kader", "/mijn-huis"])
def test_the_menu_follows_every_role_that_is_chosen(dashboard: str, page: Page, path: str) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(f"{dashboard}{path}")

    for role, menu in MENUS.items():
        choose_role(page, role)
        expect(find_links(page)).to_have_count(len(menu | FOR_ALL))
        wait_until_drawn(page)

        assert set(find_links(page).all_inner_texts()) == menu | FOR_ALL
        expect(page.locator(".st-key-visitor").get_by_role("combobox")).to_have_count(1 + (role in PLACES))
        if role in PLACES:
            expect(page.locator(".st-key-visitor").get_by_role("combobox", name=PLACES[role])).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        told = page.get_by_text("U mag dit niet: antwoorden en uitkomsten zien")
        expect(told).to_have_count(1 if (path, role) == ("/mijn-huis", Role.ADMINISTRATOR) else 0)
    assert faults == []


@pytest.mark.parametrize("width", [800, 1024, 1280, 1366, 1400, 1479, 1480])
def test_the_choice_of_a_role_covers_no_way_to_a_page(dashboard: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    for role in MENUS:
        page.goto(f"{dashboard}?rol={role}")
        wait_until_drawn(page)
        choice = find_box(page.locator(".st-key-visitor"))
        links = [find_box(link) for link in find_links(page).all()]

        assert links, role
        assert not any(overlap(choice, link) for link in links), role
        assert choice["x"] >= 0, role


def test_who_goes_on_from_start_is_what_was_chosen_there_also_by_the_address(
    dashboard: str, page: Page
) -> None:
    page.goto(dashboard)

    page.get_by_role("radio", name="Politie-eenheid").click()
    page.get_by_role("button", name="Mijn eenheid bekijken").click()

    page.wait_for_url("**/mijn-eenheid?*rol=eenheid*")
    expect(page.get_by_role("combobox", name="Bekijk als")).to_have_value("eenheid")
    page.reload()
    expect(page.get_by_role("combobox", name="Bekijk als")).to_have_value("eenheid")
    wait_until_drawn(page)
    assert set(find_links(page).all_inner_texts()) == MENUS[Role.UNIT] | FOR_ALL


def find_box(found: Locator) -> FloatRect:
    box = found.bounding_box()
    assert box is not None
    return box


def overlap(one: FloatRect, other: FloatRect) -> bool:
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    above = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    return not beside and not above
