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
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


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
def test_who_fills_in_sees_the_figure_of_record_afterwards_unless_he_chose_otherwise(
    dashboard: str, page: Page
) -> None:
    page.goto(f"{dashboard}/invullen?huis=waterwolde")
    page.wait_for_url("**wie=huis*")
    page.get_by_role("link", name="Mijn huis", exact=True).click()
    expect_house(page, "Waterwolde")
    page.wait_for_url("**wie=vastgesteld*")

    choose(page, "Antwoorden van", "Het huis")
    page.wait_for_url("**wie=huis*")
    page.get_by_role("link", name="Routekaart", exact=True).click()

    page.wait_for_url("**/routekaart?*wie=huis*")


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

    expect(page.get_by_role("heading", name="Huis met een andere naam: ")).to_be_visible()


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
        ("inleveringen", "versie", "Versie"),
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
    assert '<th scope="row">District' in lanes
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


@pytest.mark.usefixtures("on_pages")
def test_the_versions_that_are_compared_stand_in_the_address() -> None:
    own, theirs = (f"2026-najaar.zandmark.{whose}.1" for whose in ("huis", "politie"))
    chosen = {"oude-versie": theirs, "nieuwe-versie": own}

    shown = open_at("inleveringen", huis="zandmark", versie=theirs, **chosen)

    assert {key: shown.selectbox(key=key).value for key in chosen} == chosen
    shown.selectbox(key="versie").select(own).run()
    assert shown.query_params["versie"] == own
    shown.selectbox(key="huis").select("waterwolde").run()
    assert "is hier niet te kiezen" not in texts(shown)
    assert not shown.exception
    shown.selectbox(key="huis").select("zandmark").run()
    assert {key: shown.query_params[key] for key in chosen} == chosen


def test_a_theme_stands_in_the_address_and_an_unknown_one_is_told(on_pages: Installation) -> None:
    begin_draft(on_pages, Whose("2026-najaar", "terpmark", Perspective.HOUSE), NOW, empty=True)

    first, second = open_at("invullen", thema="KAD"), open_at("invullen", thema="WEG")

    assert first.header[0].value == "Landelijk kader: doelgroep en werkproces"
    assert "Thema 'WEG' is hier niet te kiezen" in texts(second)
    assert second.header[0].value == open_page("invullen").header[0].value


def test_a_second_theme_is_shown_where_the_browser_still_has_the_address_of_before(
    on_pages: Installation,
) -> None:
    begin_draft(on_pages, Whose("2026-najaar", "terpmark", Perspective.HOUSE), NOW, empty=True)
    shown = open_at("invullen", thema="KAD")
    go_to_theme(shown, "INF")

    shown.query_params["thema"] = "KAD"
    go_to_theme(shown, "LOS")

    assert shown.query_params["thema"] == "LOS"


def go_to_theme(shown: AppTest, theme_id: str) -> None:
    next(each for each in shown.button if each.key and each.key.endswith(f"/{theme_id}")).click().run()


TRIED = "capaciteit~gemeenten~1_landelijk~INF-3_vast~POS-9.M2~2028-K1_vervalt~KAD-5.M1"


def slide(shown: AppTest, label: str, number: int) -> None:
    next(each for each in shown.slider if each.label == label).set_value(number).run()


def find_tried(shown: AppTest) -> dict[str, object]:
    """What the widgets of a what-if on the plan of Veenrijk say."""
    chosen = {
        each: shown.multiselect(key=f"wat-als/{each}/veenrijk").value for each in ("landelijk", "vervalt")
    }
    capacity = next(each.value for each in shown.slider if each.label == "Gemeenten")
    pinned = {each.label: str(each.value) for each in shown.selectbox if each.label.endswith("in kwartaal")}
    return {"gemeenten": capacity, **chosen, **pinned}


@pytest.mark.usefixtures("on_pages")
def test_everything_that_is_tried_on_a_plan_comes_from_the_address() -> None:
    shown = open_at("routekaart", huis="veenrijk", **{"wat-als": TRIED})

    assert find_tried(shown) == {
        "gemeenten": 1,
        "landelijk": ["INF-3"],
        "vervalt": ["KAD-5.M1"],
        "POS-9.M2 in kwartaal": "2028-K1",
    }
    assert shown.query_params["wat-als"] == TRIED
    assert not shown.warning
    assert not shown.exception


@pytest.mark.usefixtures("on_pages")
def test_what_is_tried_on_one_plan_stays_with_it_and_is_not_tried_on_another() -> None:
    shown = open_at("routekaart", huis="veenrijk")
    assert shown.query_params["wat-als"] == "niets"

    slide(shown, "Gemeenten", 1)
    assert shown.query_params["wat-als"] == "capaciteit~gemeenten~1"
    shown.selectbox(key="huis").select("waterwolde").run()
    assert shown.query_params["wat-als"] == "niets"
    shown.selectbox(key="huis").select("veenrijk").run()

    assert find_tried(shown)["gemeenten"] == 1
    assert shown.query_params["wat-als"] == "capaciteit~gemeenten~1"


@pytest.mark.usefixtures("on_pages")
def test_a_second_choice_leaves_the_first_where_the_browser_still_has_the_address_of_before() -> None:
    shown = open_at("mijn_huis", huis="terpmark", ronde="2026-najaar")
    shown.selectbox(key="huis").select("veenrijk").run()

    shown.query_params["huis"] = "terpmark"
    shown.selectbox(key="ronde").select("2026-voorjaar").run()

    assert shown.selectbox(key="huis").value == shown.query_params["huis"] == "veenrijk"
    shown.query_params["huis"] = "terpmark"  # the way back: nobody chose anything
    shown.run()
    assert shown.selectbox(key="huis").value == "terpmark"


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    "part",
    [
        "capaciteit~niemand~1",
        "capaciteit~gemeenten~0",
        "capaciteit~gemeenten~veel",
        "landelijk~WEG-1",
        "vast~POS-99.M1~2028-K1",
        "vast~POS-9.M2~1999-K1",
        "vast~POS-9.M2",
        "vervalt~WEG-1.M1",
        "iets",
        "<b>iets</b>",
    ],
)
def test_what_a_plan_does_not_have_is_told_and_the_rest_is_tried(part: str) -> None:
    shown = open_at("routekaart", huis="veenrijk", **{"wat-als": f"landelijk~INF-3_{part}"})

    assert f"hier niet te proberen: '{part.replace('~', ' ')}'" in texts(shown)
    assert find_tried(shown) == {"gemeenten": 2, "landelijk": ["INF-3"], "vervalt": []}
    slide(shown, "Gemeenten", 1)
    assert "hier niet te proberen" not in texts(shown)
    assert shown.query_params["wat-als"] == "capaciteit~gemeenten~1_landelijk~INF-3"


def test_a_plan_that_changes_no_more_tells_that_nothing_can_be_tried(on_pages: Installation) -> None:
    newest = reading(on_pages).find_register().rounds[-1]
    earlier = reading(on_pages).find_register().rounds[0]
    assert earlier != newest

    shown = open_at("routekaart", huis="veenrijk", ronde=earlier.round_id, **{"wat-als": "landelijk~INF-3"})

    assert "In het adres staat een wat-als, maar dit plan verandert niet meer" in texts(shown)
    assert "Wat als?" not in [each.value for each in shown.header]


@pytest.mark.usefixtures("on_pages")
def test_what_is_tried_on_a_unit_stands_in_the_address_beside_that_of_a_house() -> None:
    shown = open_at("mijn_eenheid", **{"wat-als-eenheid": "capaciteit~gemeenten~1"})

    assert next(each.value for each in shown.slider if each.label == "Gemeenten") == 1
    slide(shown, "Politie-eenheid", 2)
    assert shown.query_params["wat-als-eenheid"] == "capaciteit~politie-eenheid~2_capaciteit~gemeenten~1"
    assert not shown.exception


@in_browser
def test_a_what_if_survives_other_pages_and_can_be_shared(
    dashboard: str, page: Page, browser: Browser
) -> None:
    page.goto(f"{dashboard}/routekaart?huis=veenrijk")
    page.wait_for_url("**wat-als=niets*")
    page.get_by_role("slider", name="Gemeenten").press("ArrowLeft")
    page.wait_for_url("**wat-als=capaciteit~gemeenten~1*")
    page.get_by_role("link", name="Mijn huis", exact=True).click()
    expect_house(page, "Veenrijk")
    page.get_by_role("link", name="Routekaart", exact=True).click()
    page.wait_for_url("**wat-als=capaciteit~gemeenten~1*")
    expect(page.get_by_role("slider", name="Gemeenten")).to_have_value("1")

    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        other.goto(page.url)

        expect(other.get_by_role("slider", name="Gemeenten")).to_have_value("1")
        expect(other.get_by_text("Wilt u dit plan houden?")).to_be_visible()
        other.get_by_role("slider", name="Gemeenten").press("ArrowRight")
        other.wait_for_url("**wat-als=niets*")
        other.go_back()
        expect(other.get_by_role("slider", name="Gemeenten")).to_have_value("1")
