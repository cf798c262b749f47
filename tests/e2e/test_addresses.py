"""What the address says: ids, which survive reload, back and forward, a shared link and a renamed house."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from assessment.model.answers import Whose
from assessment.model.scale import Perspective
from assessment.service.drafts import begin_draft
from assessment.service.installation import Installation
from assessment.service.register import Asks, edit_house, open_round
from tests.conftest import NOW
from tests.pages import make_page, open_page, texts
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what stands in an address, not where things are kept
in_browser = pytest.mark.browser


def read_address(page: Page) -> dict[str, str]:
    """What the address says, once the page has written it."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def expect_house(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=f"Veiligheidshuis {title}", exact=True)).to_be_visible()


def choose(page: Page, label: str, title: str) -> None:
    page.get_by_role("combobox", name=label).first.fill(title)
    page.get_by_role("option", name=title, exact=True).click()


@pytest.fixture
def chosen(dashboard: str, page: Page) -> Page:
    """Mijn huis, on which another house was chosen than the one it opened with."""
    page.goto(f"{dashboard}/mijn-huis")
    expect_house(page, "Terpmark")
    page.wait_for_url("**thema=POS*")  # the last that the page writes
    choose(page, "Huis", "Veenrijk")
    expect_house(page, "Veenrijk")
    page.wait_for_url("**huis=veenrijk*")
    return page


@in_browser
def test_the_address_carries_ids_and_survives_a_reload(chosen: Page) -> None:
    chosen.wait_for_url("**thema=POS*")  # the last that the page writes
    said = read_address(chosen)

    chosen.reload()

    expect_house(chosen, "Veenrijk")
    assert said == {"ronde": "2026-najaar", "huis": "veenrijk", "wie": "vastgesteld", "thema": "POS"}
    assert read_address(chosen) == said


@in_browser
def test_back_from_another_page_shows_the_house_that_was_shown(chosen: Page) -> None:
    chosen.get_by_role("link", name="Routekaart", exact=True).click()
    expect(chosen.get_by_role("heading", name=re.compile("Veenrijk: waarschijnlijk in"))).to_be_visible()
    chosen.wait_for_url("**/routekaart?*huis=veenrijk*")
    choose(chosen, "Huis", "Waterwolde")
    expect(chosen.get_by_role("heading", name=re.compile("Waterwolde: waarschijnlijk in"))).to_be_visible()

    chosen.go_back()
    expect(chosen.get_by_role("heading", name=re.compile("Veenrijk: waarschijnlijk in"))).to_be_visible()
    chosen.go_back()
    expect_house(chosen, "Veenrijk")
    chosen.go_back()
    expect_house(chosen, "Terpmark")
    chosen.go_forward()
    expect_house(chosen, "Veenrijk")


@in_browser
def test_who_gets_a_link_sees_what_was_shared(chosen: Page, browser: Browser) -> None:
    choose(chosen, "Ronde", "voorjaar 2026")
    choose(chosen, "Antwoorden van", "De politie")
    expect(chosen.get_by_text("voorjaar 2026 · antwoorden van de politie")).to_be_visible()

    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(chosen.url)

        expect_house(other, "Veenrijk")
        expect(other.get_by_text("voorjaar 2026 · antwoorden van de politie")).to_be_visible()


@in_browser
def test_a_link_to_a_house_that_was_renamed_still_leads_there(
    dashboard: str, page: Page, opened: Installation
) -> None:
    edit_house(opened, reading(opened).get_house("hofduin"), {"title": "Huis met een andere naam"}, NOW)

    page.goto(f"{dashboard}/mijn-huis?huis=hofduin")

    expect(page.get_by_role("heading", name="Huis met een andere naam", exact=True)).to_be_visible()


@in_browser
def test_an_unknown_house_is_told_until_another_is_chosen(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/mijn-huis?huis=bestaat-niet")

    expect(page.get_by_text("Huis 'bestaat-niet' is hier niet te kiezen")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn huis")
    choose(page, "Huis", "Veenrijk")
    expect_house(page, "Veenrijk")
    assert read_address(page)["huis"] == "veenrijk"


@in_browser
@pytest.mark.parametrize("name", ["kaderscan", "start"])
def test_the_names_of_the_first_page_lead_there(dashboard: str, page: Page, name: str) -> None:
    page.goto(f"{dashboard}/{name}")

    expect(page.get_by_role("heading", name="Kaderscan", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def open_at(page: str, **address: str) -> AppTest:
    shown = make_page(page)
    for name, value in address.items():
        shown.query_params[name] = value
    return shown.run()


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    ("page", "name", "label"),
    [
        ("mijn_huis", "ronde", "Ronde"),
        ("mijn_huis", "wie", "Antwoorden van"),
        ("routekaart", "huis", "Huis"),
        ("mijn_eenheid", "mijn-eenheid", "Politie-eenheid"),
        ("ronde", "eenheid", "Eenheid"),
        ("inleveringen", "huis", "Huis"),
        ("landelijk_beeld", "ronde", "Ronde"),
        ("kader", "kader", "Kader"),
        ("kader", "criterium", "Criterium"),
    ],
)
def test_what_an_address_asks_in_vain_is_told_and_nothing_takes_its_place(
    page: str, name: str, label: str
) -> None:
    shown = open_at(page, **{name: "bestaat-niet"})

    assert f"{label} 'bestaat-niet' is hier niet te kiezen" in texts(shown)
    assert shown.selectbox(key=name).value is None
    assert not shown.title or shown.title[0].value == "Landelijk beeld"


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    ("page", "name", "label"),
    [
        ("mijn_huis", "thema", "Thema"),
        ("landelijk_beeld", "kaart", "Criterium op de kaart"),
        ("mijn_eenheid", "partij", "Partij"),
        ("mijn_eenheid", "alleen-huis", "Alleen huis"),
        ("kader", "naast", "Vergelijk"),
    ],
)
def test_what_a_part_of_a_page_is_asked_in_vain_is_told_and_the_rest_is_shown(
    page: str, name: str, label: str
) -> None:
    shown = open_at(page, **{name: "bestaat-niet"})

    assert f"{label} 'bestaat-niet' is hier niet te kiezen" in texts(shown)
    assert shown.session_state[name] is None
    assert shown.title
    assert not shown.exception


@pytest.mark.usefixtures("on_pages")
def test_every_choice_within_a_page_comes_from_the_address() -> None:
    house = open_at("mijn_huis", thema="STU")
    country = open_at("landelijk_beeld", kaart="POS-6")
    unit = open_at("mijn_eenheid", partij="district", **{"alleen-huis": "veenrijk"})

    assert any("STU-1" in each.label for each in house.expander)
    assert "Waar voldoen de huizen aan POS-6?" in [each.value for each in country.header]
    lanes = next(each.value for each in unit.html if "ks-lanes" in each.value)
    assert '<th scope="row">district</th>' in lanes
    assert '<th scope="row">Veiligheidshuis</th>' not in lanes
    assert "Terpmark:" not in lanes


@in_browser
def test_a_choice_within_a_page_can_be_shared(dashboard: str, page: Page, browser: Browser) -> None:
    page.goto(f"{dashboard}/mijn-huis")
    page.get_by_role("radio", name="Sturing en middelen").click()
    expect(page.locator("summary", has_text="STU-1").first).to_be_visible()

    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(page.url)

        assert read_address(page)["thema"] == "STU"
        expect(other.locator("summary", has_text="STU-1").first).to_be_visible()


@pytest.mark.usefixtures("on_pages")
def test_an_unknown_house_stays_unknown_when_something_else_is_chosen() -> None:
    shown = open_at("mijn_huis", huis="bestaat-niet")

    shown.selectbox(key="ronde").select("2026-voorjaar").run()

    assert "Huis 'bestaat-niet' is hier niet te kiezen" in texts(shown)
    assert not shown.title


@pytest.mark.usefixtures("on_pages")
def test_every_choice_above_a_page_comes_from_the_address_by_its_id() -> None:
    shown = open_at("mijn_huis", huis="veenrijk", ronde="2026-voorjaar", wie="politie")

    chosen = {key: shown.selectbox(key=key).value for key in ("huis", "ronde", "wie")}
    assert chosen == {"huis": "veenrijk", "ronde": "2026-voorjaar", "wie": "politie"}


def test_a_house_that_a_round_does_not_ask_is_told_when_that_round_is_chosen(
    on_pages: Installation,
) -> None:
    day = date(2026, 1, 15)
    open_round(on_pages, ("proef", "Proef"), (day, day), Asks(("politie/1.0",), ("veenrijk",)), NOW)
    shown = open_at("mijn_huis", huis="terpmark")

    shown.selectbox(key="ronde").select("proef").run()

    assert "Huis 'Terpmark' is hier niet te kiezen" in texts(shown)
    assert "U ziet nu: Veenrijk." in texts(shown)
    assert shown.query_params["huis"] == "veenrijk"


@pytest.mark.usefixtures("on_pages")
def test_what_was_chosen_with_other_rights_goes_without_a_word() -> None:
    shown = open_at("mijn_huis", huis="veenrijk")

    shown.session_state["rol"], shown.session_state["rechten"] = "manager", 1
    shown.run()

    assert not shown.exception
    assert "is hier niet te kiezen" not in texts(shown)
    assert shown.selectbox(key="huis").value == shown.query_params["huis"] != "veenrijk"


def test_a_theme_stands_in_the_address_and_an_unknown_one_is_told(on_pages: Installation) -> None:
    begin_draft(on_pages, Whose("2026-najaar", "terpmark", Perspective.HOUSE), NOW, empty=True)

    first, second = open_at("invullen", thema="KAD"), open_at("invullen", thema="WEG")

    assert first.header[0].value == "Landelijk kader: doelgroep en werkproces"
    assert "Thema 'WEG' is hier niet te kiezen" in texts(second)
    assert second.header[0].value == open_page("invullen").header[0].value
