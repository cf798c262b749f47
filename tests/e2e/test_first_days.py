"""From an empty folder to a first house that handed in, on screen and without a manual."""

import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
import streamlit as st
from openpyxl import load_workbook
from playwright.sync_api import Download, Page, expect
from streamlit.testing.v1 import AppTest

from assessment.model.access import Grant, Role, Visitor
from assessment.service.accounts import add_account, grant_role
from assessment.service.installation import Installation
from assessment.service.register import make_round_id
from assessment.ui.cache import get_installation
from tests.conftest import NOW, SIGNING_IN
from tests.dashboards import serving
from tests.pages import make_page, open_page, texts

LONGEST = 300
"""In seconds, on a machine that does much besides; a person reads as well."""
HOUSES = "house_id,title,unit_id\nproefdam,Veiligheidshuis Proefdam,noord-nederland\n"


@pytest.fixture
def on_empty(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", installation.settings.database_url)
    st.cache_resource.clear()
    yield installation
    get_installation().close()
    st.cache_resource.clear()


def press(shown: AppTest, label: str) -> AppTest:
    return next(each for each in shown.button if each.label == label).click().run()


def visit_as(monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    visitor = Visitor(who="x", name="x", grants=(Grant(role=role),))
    monkeypatch.setattr("assessment.ui.cache.find_visitor", lambda _shared: visitor)


@pytest.mark.parametrize(
    ("title", "round_id"),
    [("voorjaar 2027", "voorjaar-2027"), ("  Één ronde! ", "een-ronde"), ("2027", "2027"), ("…", "")],
)
def test_a_round_gets_an_id_of_its_title(title: str, round_id: str) -> None:
    assert make_round_id(title) == round_id


@pytest.mark.usefixtures("on_empty")
def test_an_empty_installation_says_on_every_page_where_to_go() -> None:
    pages = ("zelfscan", "invullen", "mijn_huis", "routekaart", "leverkaart", "mijn_eenheid", "inleveringen")
    for page in (*pages, "landelijk_beeld", "rapporten", "formules"):
        shown = open_page(page)
        assert "Er is nog geen ronde" in texts(shown)
        assert "Naar Start" in str([getattr(link, "label", "") for link in shown.get("page_link")])


@pytest.mark.usefixtures("on_empty")
def test_start_tells_the_steps_and_who_is_up() -> None:
    shown = open_page("start")

    assert "Er staat nog geen huis in. Aan zet: u." in texts(shown)
    assert "Er is nog geen ronde geopend. Dat kan zodra er huizen in het register staan." in texts(shown)
    assert "accounts zijn niet nodig. Klaar." in texts(shown)
    assert [button.label for button in shown.button] == ["Begin bij Beheer"]


@pytest.mark.usefixtures("on_empty")
def test_whoever_may_not_begin_sees_who_may(monkeypatch: pytest.MonkeyPatch) -> None:
    visit_as(monkeypatch, Role.COUNTRY)

    shown = open_page("start")

    assert "Er staat nog geen huis in. Aan zet: de beheerder." in texts(shown)
    assert not shown.button
    assert "Zodra er huizen in het register staan, opent u hier de eerste ronde." in texts(shown)
    assert "Aan zet is de beheerder: die neemt ze over in het register." in texts(open_page("ronde"))


@pytest.mark.usefixtures("on_empty")
def test_nothing_is_offered_that_an_empty_register_has_no_place_for() -> None:
    administered, zelfscan, round_ = (open_page(page) for page in ("beheer", "zelfscan", "ronde"))

    assert "Bewaar district" not in {each.label for each in administered.button}
    assert "Neem eerst huizen over" in texts(administered)
    assert "Hier meldt niemand zich aan, dus dat hoeft ook niet." in texts(administered)
    assert "1  Download de vragenlijst" not in texts(zelfscan)
    assert "Naar Beheer" in str([getattr(link, "label", "") for link in round_.get("page_link")])


@pytest.mark.usefixtures("on_empty")
def test_who_has_no_house_yet_reads_who_does_what(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = Visitor(who="x", name="x")
    monkeypatch.setattr("assessment.ui.cache.find_visitor", lambda _shared: nobody)

    told = texts(open_page("start"))

    assert "de beheerder, die het register overneemt en u uw rechten geeft" in told
    assert "de landelijke portefeuillehouder, die de eerste ronde opent." in told


@pytest.mark.usefixtures("on_empty")
def test_an_administrator_takes_houses_over_and_leaves_the_round_to_the_country(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit_as(monkeypatch, Role.ADMINISTRATOR)

    shown = press(open_page("beheer"), "Neem deze huizen over")

    assert shown.title[0].value == "Beheer: eerst een ronde"
    assert "overgenomen uit de lijst van Kaderscan" in texts(shown)
    assert "Er is nog geen ronde geopend. Aan zet: de landelijke portefeuillehouder." in texts(shown)
    assert "Open de ronde" not in {button.label for button in shown.button}


def test_where_people_sign_in_who_opens_the_round_gets_an_account_first(
    on_empty: Installation, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    for name, value in {**SIGNING_IN, "ISSUER": provider}.items():
        monkeypatch.setenv(f"KADERSCAN_OIDC_{name}", value)
    visit_as(monkeypatch, Role.ADMINISTRATOR)

    shown = press(open_page("beheer"), "Neem deze huizen over")

    assert shown.title[0].value == "Beheer: eerst accounts"
    told = texts(shown)
    assert told.index("2. Accounts") < told.index("3. Eerste ronde")
    assert "Er zijn geen accounts. Geef de landelijke portefeuillehouder er een: die opent" in told

    add_account(on_empty, "a-1", "Jip", None, NOW)
    grant_role(on_empty, "a-1", Grant(role=Role.COUNTRY), NOW)

    shown.run()
    assert shown.title[0].value == "Beheer: eerst een ronde"
    assert "Er is 1 account. Klaar." in texts(shown)
    visit_as(monkeypatch, Role.COUNTRY)
    assert "De beheerder geeft wie meedoet een account. Klaar." in texts(open_page("start"))


def test_a_file_that_is_no_register_says_where_and_changes_nothing(on_empty: Installation) -> None:
    shown = open_page("beheer")

    shown.file_uploader[0].set_value(("huizen.csv", b"house_id,naam\nproefdam,Proefdam\n", "text/csv")).run()

    assert "huizen.csv, kopregel: ontbreekt: title, unit_id" in texts(shown)
    assert not on_empty.register().houses


def test_a_file_that_changes_houses_shows_so_before_it_is_taken_over(on_empty: Installation) -> None:
    shown = open_page("beheer")
    shown.file_uploader[0].set_value(("huizen.csv", HOUSES.encode(), "text/csv")).run()
    press(shown, "Neem huizen.csv over")
    assert "1 huis overgenomen uit huizen.csv." in texts(shown)

    changed = HOUSES.replace("Proefdam\n", "x\n").replace("Huis Proefdam", "").replace("Proefdam", "Dijkdam")
    shown.file_uploader[0].set_value(("nieuw.csv", changed.encode(), "text/csv")).run()

    assert "naam 'Veiligheidshuis Proefdam' wordt 'Veiligheidshuis Dijkdam'" in texts(shown)
    assert on_empty.register().house["proefdam"].title == "Veiligheidshuis Proefdam"


def test_a_round_without_a_name_is_not_opened(on_empty: Installation) -> None:
    shown = press(open_page("beheer"), "Neem deze huizen over")

    press(shown, "Open de ronde")

    assert "Er is nog geen ronde geopend. Vul een naam" in texts(shown)
    assert not on_empty.register().rounds


@pytest.mark.usefixtures("on_pages")
def test_the_demo_takes_no_real_houses_over() -> None:
    assert "Dit zijn de verzonnen huizen van de demo." in texts(open_page("beheer"))
    assert not make_page("beheer").run().file_uploader


@pytest.mark.browser
def test_from_nothing_to_a_first_filled_in_house(
    page: Page,
    installation: Installation,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    with serving(installation.settings.database_url) as address:
        began = time.monotonic()
        page.goto(address)
        page.get_by_role("button", name="Begin bij Beheer").click()
        page.get_by_role("button", name="Neem deze huizen over").click()
        expect(page.get_by_role("heading", name="Beheer: eerst een ronde")).to_be_visible()
        page.get_by_role("textbox", name="Naam van de ronde").fill("voorjaar 2027")
        page.get_by_role("button", name="Open de ronde").click()
        expect(page.get_by_text("Ronde voorjaar 2027 is geopend voor")).to_be_visible()

        page.get_by_role("link", name="Zelfscan").first.click()
        with page.expect_download() as taken:
            page.get_by_role("button", name="Download de vragenlijst").click()
        page.set_input_files("input[type=file]", fill_in(taken.value, tmp_path / "ingevuld.xlsx"))
        page.get_by_role("button", name="Lever in", exact=True).click()
        page.get_by_role("link", name=re.compile("Bekijk waar .* staat")).first.click()
        expect(page.get_by_text("Volgens het kader").first).to_be_visible()

        record_property("seconds", round(time.monotonic() - began))
        assert time.monotonic() - began < LONGEST


def fill_in(empty: Download, path: Path) -> Path:
    """A questionnaire of which the answers about letting go are filled in."""
    book = load_workbook(BytesIO(empty.path().read_bytes()))
    for row in book["LOS"].iter_rows(min_row=4):
        if "." in str(row[0].value):
            row[3].value = str(row[2].value).split("\n")[0][3:]
    book.save(path)
    return path
