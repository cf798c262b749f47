"""Kader: every criterion is read for itself, by whoever visits, with or without a round."""

from collections.abc import Iterator

import pytest
import streamlit as st
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from assessment.service.installation import Installation
from assessment.ui.cache import get_installation
from tests.pages import make_page, open_page, texts

pytestmark = pytest.mark.sqlite  # how it is shown, not where things are kept


def open_as(role: str, place: str = "", **address: str) -> AppTest:
    shown = make_page("kader")
    for key, value in {"rol": role, f"rol-bij-{role}": place}.items():
        shown.session_state[key] = value
    for name, value in address.items():
        shown.query_params[name] = value
    return shown.run()


@pytest.fixture
def on_empty(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", installation.settings.database_url)
    yield
    get_installation().close()
    st.cache_resource.clear()


@pytest.mark.usefixtures("on_pages")
def test_all_of_a_criterion_can_be_read() -> None:
    shown = open_as("landelijk", criterium="POS-4")

    said = texts(shown)
    assert shown.title[0].value == "POS-4 Liaison aangewezen"
    assert "Eén politiefunctionaris is aangewezen als schakel" in said
    assert "Standplaats, rang, omvang" in said
    assert "de politie zegt dit zelf" in said
    assert '">INV-1</a> (redenering' in said
    assert "Wijs een liaison aan, met taakomschrijving en vervanger" in said
    assert "Is vervanging geregeld?" in said
    assert "<b>14</b> van 30" in said


@pytest.mark.usefixtures("on_pages")
def test_words_are_sought_in_all_that_is_read_of_a_criterion() -> None:
    shown = open_as("landelijk")

    shown.text_input(key="zoek").set_value("Vervanger  LIAISON").run()

    said = texts(shown)
    assert "Gevonden in 1 van 44 criteria." in said
    assert "Liaison aangewezen" in said
    assert "Politie als sleutelpartner" not in said


@pytest.mark.usefixtures("on_pages")
def test_what_is_found_nowhere_is_said() -> None:
    shown = open_as("landelijk", zoek="bestaatniet")

    assert "Nergens gevonden." in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_how_many_houses_meet_it_is_told_to_who_may_know() -> None:
    closed, open_ = (open_as("manager", "veenrijk", kader=f"politie/{each}") for each in ("1.0", "1.1"))

    assert "Huizen die voldoen" in texts(closed)
    assert "Voorjaar 2026, beeld dat telt." in texts(closed)
    assert "Huizen die voldoen" not in texts(open_)
    assert "nog open" in texts(open_)


@pytest.mark.usefixtures("on_pages")
def test_an_administrator_reads_every_criterion_and_no_figure() -> None:
    shown = open_as("beheerder", criterium="POS-4")

    assert shown.title[0].value == "POS-4 Liaison aangewezen"
    assert "U mag dit niet" not in texts(shown)
    assert "<b>14</b>" not in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_room_is_described_and_never_counted() -> None:
    shown = open_as("landelijk", criterium="INV-4")

    assert "Kaderscan beschrijft het en oordeelt niet." in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_what_another_version_says_otherwise_is_told_of_all_and_of_one() -> None:
    all_, one = open_as("landelijk", naast="politie/1.0"), open_as("landelijk", criterium="POS-4")

    assert "gelijk gebleven: antwoorden daarop gaan mee" in texts(all_)
    assert [each.label for each in one.expander if "versie" in each.label] == [
        "Anders dan in versie 1.0: 12 wijzigingen"
    ]


@pytest.mark.usefixtures("on_empty")
def test_before_there_is_a_round_the_newest_versions_can_be_read() -> None:
    shown = open_page("kader")

    assert "44 criteria" in shown.title[0].value
    assert "Er is nog geen ronde die dit vraagt." in texts(shown)


@pytest.mark.browser
def test_a_criterion_is_one_click_from_the_list_and_has_an_address(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/kader")

    page.get_by_role("link", name="POS-4", exact=True).click()

    expect(page.get_by_role("heading", name="POS-4 Liaison aangewezen")).to_be_visible()
    assert "criterium=POS-4" in page.url


@pytest.mark.browser
def test_an_unknown_criterion_is_told(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/kader?criterium=POS-99")

    expect(page.get_by_text("Criterium 'POS-99' is hier niet te kiezen")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kader")
