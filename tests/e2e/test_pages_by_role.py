"""Every page as every role: nothing of a house that the role may not see, anywhere on the page."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assessment.service.installation import Installation
from assessment.ui.cache import get_installation

pytestmark = pytest.mark.sqlite

PAGE = """
from collections import defaultdict
import streamlit as st
from assessment.errors import UserError
from assessment.ui.pages import {page}
from assessment.ui.navigation import begin_run
only = st.Page({page}.render, title="Alleen deze", default=True)
begin_run(defaultdict(lambda: only))
try:
    st.navigation([only]).run()
except UserError as error:
    st.warning(str(error))
"""
PAGES = (
    *("zelfscan", "invullen", "mijn_huis", "routekaart", "mijn_eenheid", "ronde", "inleveringen"),
    *("landelijk_beeld", "leverkaart", "rapporten", "kader", "formules"),
)
CLOSED, OPEN = "2026-voorjaar", "2026-najaar"

MEANT = {
    ("landelijk_beeld", CLOSED): "30 van 30",
    ("landelijk_beeld", OPEN): "nog open",
    ("kader", CLOSED): "Liaison aangewezen",
    ("kader", OPEN): "Liaison aangewezen",
}
"""What a manager reads where it is not about the own house."""


@pytest.fixture(scope="module")
def on_pages(opened: Installation) -> Iterator[Installation]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("KADERSCAN_DATABASE_URL", opened.settings.database_url)
        yield opened
        get_installation().close()
        st.cache_resource.clear()


def read_page(page: str, round_id: str, role: str, place: str) -> str:
    """Everything that a page sends to the browser."""
    app = AppTest.from_string(PAGE.format(page=page), default_timeout=120)
    for key, value in {"rol": role, f"rol-bij-{role}": place}.items():
        app.session_state[key] = value
    app.query_params["ronde"] = round_id
    app.run()
    return "\n".join(str(element.proto) for element in app.main if hasattr(element, "proto"))


def named(page: str) -> tuple[str, ...]:
    """The houses that let others start from a formula of theirs, where that is offered."""
    return ("dommelrade", "terpmark", "waddehorst", "waterwolde") if page == "formules" else ()


@pytest.mark.parametrize("round_id", [CLOSED, OPEN])
@pytest.mark.parametrize("page", PAGES)
def test_a_manager_finds_no_other_house_on_any_page(on_pages: Installation, page: str, round_id: str) -> None:
    others = [
        house for house in on_pages.register().houses if house.house_id not in {"veenrijk", *named(page)}
    ]

    sent = read_page(page, round_id, "manager", "veenrijk")

    assert [h.house_id for h in others if h.short_title in sent or f"{h.house_id}." in sent] == []
    assert page == "mijn_eenheid" or MEANT.get((page, round_id), "Veenrijk") in sent


@pytest.mark.parametrize("page", PAGES)
def test_a_unit_finds_its_own_houses_and_no_others(on_pages: Installation, page: str) -> None:
    houses = [house for house in on_pages.register().houses if house.house_id not in named(page)]
    others = [house for house in houses if house.unit_id != "oost-nederland"]

    sent = read_page(page, OPEN, "eenheid", "oost-nederland")

    assert [h.house_id for h in others if h.short_title in sent or f"{h.house_id}." in sent] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page not in {"ronde", "inleveringen", "kader"}])
def test_an_administrator_sees_no_answers(on_pages: Installation, page: str) -> None:
    sent = read_page(page, OPEN, "beheerder", "")

    assert "U mag dit niet" in sent
    house = on_pages.register().house["veenrijk"]
    assert house.short_title not in sent
    assert f"{house.house_id}." not in sent


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize("page", ["ronde", "inleveringen", "kader"])
def test_an_administrator_is_refused_nothing_on_the_own_pages(page: str) -> None:
    assert "U mag dit niet" not in read_page(page, OPEN, "beheerder", "")


@pytest.mark.usefixtures("on_pages")
def test_a_manager_sees_the_country_in_the_newest_round_that_is_closed() -> None:
    app = AppTest.from_string(PAGE.format(page="landelijk_beeld"), default_timeout=120)
    app.session_state["rol"], app.session_state["rol-bij-manager"] = "manager", "veenrijk"
    app.session_state["ronde"] = OPEN  # as chosen on another page

    app.run()

    assert app.selectbox(key="ronde").value == CLOSED
    assert not app.warning
    assert any("Ronde najaar 2026 is nog open" in each.value for each in app.markdown)
    assert not any("Alle vragen beantwoord" in each.value for each in app.html)  # that is of each house


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    ("role", "place", "offered"), [("manager", "veenrijk", 1), ("eenheid", "limburg", 0)]
)
def test_only_who_fills_in_is_led_to_filling_in(role: str, place: str, offered: int) -> None:
    sent = read_page("zelfscan", OPEN, role, place)

    assert sent.count("Vul op het scherm in") == offered
    assert sent.count("Laat uw bestand controleren") == 1 - offered
