"""Rapporten: what can be taken along, by whom; each file is written when somebody takes it."""

from datetime import date
from io import BytesIO
from threading import Event
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.register import Asks, open_round
from assessment.service.reports import PlanFile
from assessment.service.round_scores import Which
from assessment.service.rounds import close_round
from assessment.service.versions import withdraw
from assessment.ui.session import WRITTEN, Key
from tests.conftest import NOW
from tests.pages import make_page, open_page, texts
from tests.reading import reading, write_trail

pytestmark = pytest.mark.sqlite
MAKE_SEVERAL = Key.BUNDLE_WRITE.of("verbeterplannen_2026-najaar.zip")
MAKE_UNIT = Key.BUNDLE_WRITE.of("verbeterplannen_2026-najaar_noord-nederland.zip")


def as_role(role: str, place: str = "") -> AppTest:
    shown = make_page("rapporten")
    shown.session_state["rol"] = role
    if place:
        shown.session_state[f"rol-bij-{role}"] = place
    return shown.run()


def headings(shown: AppTest) -> list[str]:
    return [each.value for each in shown.header]


@pytest.mark.usefixtures("on_pages")
def test_each_file_says_what_it_is_for() -> None:
    shown = open_page("rapporten")

    assert shown.title[0].value == "Rapporten over 30 huizen, najaar 2026"
    assert headings(shown) == [
        "Van één huis",
        "Van meer huizen tegelijk",
        "Van het land",
        "Om zelf mee te rekenen",
        "Van een politie-eenheid",
    ]
    assert "Waar het huis staat, wat wanneer gebeurt en wie dat doet." in texts(shown)
    assert "JSON is één bestand waaruit iedereen dezelfde cijfers" in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_a_manager_is_offered_the_own_house_and_no_unit() -> None:
    shown = as_role("manager", "veenrijk")

    assert not shown.exception
    assert headings(shown) == ["Van één huis", "Om zelf mee te rekenen"]
    assert shown.selectbox(key="huis").options == ["Veenrijk"]
    assert shown.title[0].value.startswith("Rapporten over 1 huis, ")


def choose_several(house_ids: list[str], kinds: list[PlanFile]) -> AppTest:
    shown = open_page("rapporten")
    shown.multiselect(key=Key.SEVERAL_HOUSES).set_value(house_ids)
    shown.pills(key=Key.SEVERAL_KINDS).set_value(kinds)
    return shown.run()


def list_made(shown: AppTest) -> list[str]:
    """What the button says of a zip that was made; nothing where there is none."""
    labels = [each.label for each in shown.download_button]
    return [label for label in labels if label.startswith("Zip van ")]


@pytest.mark.usefixtures("on_pages")
def test_several_houses_go_along_in_one_zip_of_the_kinds_that_are_chosen() -> None:
    shown = choose_several(["terpmark", "dommelrade"], [PlanFile.PDF, PlanFile.ICS])
    before = list_made(shown)
    shown.button(key=MAKE_SEVERAL).click().run()
    making = shown.session_state[WRITTEN.name].making
    content = making.get()
    shown.run()

    assert not shown.exception
    assert before == []
    assert len(list_made(shown)) == 1
    assert (making.done, making.parts) == (4, 4)
    with ZipFile(BytesIO(content)) as bundle:
        assert sorted(bundle.namelist()) == [  # the plan of Dommelrade has no date to put in a calendar
            "verbeterplan_2026-najaar_dommelrade.pdf",
            "verbeterplan_2026-najaar_terpmark.ics",
            "verbeterplan_2026-najaar_terpmark.pdf",
        ]
    shown.multiselect(key=Key.SEVERAL_HOUSES).set_value(["terpmark"]).run()
    assert list_made(shown) == []  # what was made was of another choice


@pytest.mark.usefixtures("on_pages")
def test_a_unit_sees_how_far_its_zip_is_while_the_page_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on, written = Event(), 0

    def write(*_given: object) -> bytes:
        nonlocal written
        written += 1
        return b"" if written == 1 or may_go_on.wait(60) else b"late"

    monkeypatch.setattr("assessment.service.reports._write_kind", write)
    shown = open_page("rapporten")
    shown.button(key=MAKE_UNIT).click().run()
    making = shown.session_state[WRITTEN.name].making
    while making.done == 0:
        making.wait(0.1)
    shown.run()
    told, sections, made = texts_of_progress(shown), headings(shown), list_made(shown)
    may_go_on.set()
    making.get()

    assert not shown.exception
    assert told == [f"Document 2 van {making.parts}"]
    assert made == []
    assert len(sections) == 5
    assert list_made(shown.run())[0].startswith("Zip van 3 huizen, gemaakt op ")
    before = shown.session_state[WRITTEN.name].making
    shown.button(key=MAKE_UNIT).click().run()  # it says "Maak opnieuw" now
    assert shown.session_state[WRITTEN.name].making is not before


def texts_of_progress(shown: AppTest) -> list[str]:
    return [each.proto.text for each in shown.get("progress")]


@pytest.mark.usefixtures("on_pages")
def test_what_was_made_for_one_is_not_offered_to_who_has_other_rights() -> None:
    shown = open_page("rapporten")
    shown.button(key=MAKE_UNIT).click().run()
    shown.session_state[WRITTEN.name].making.get()
    before = list_made(shown.run())
    written = shown.session_state[WRITTEN.name]
    visitor, *choice = written.of
    shown.session_state[WRITTEN.name] = written._replace(
        of=(visitor.model_copy(update={"who": "ander"}), *choice)
    )

    assert len(before) == 1
    assert list_made(shown.run()) == []


@pytest.mark.usefixtures("on_pages")
def test_all_houses_can_be_chosen_at_once_and_nothing_chosen_makes_nothing() -> None:
    shown = open_page("rapporten")
    without = [each.label for each in shown.button]
    shown.checkbox(key=Key.SEVERAL_ALL).check().run()

    assert "Kies ten minste één huis en één soort." in texts(open_page("rapporten"))
    assert not [label for label in without if label.startswith("Maak de zip")]
    assert shown.button(key=MAKE_SEVERAL).label == "Maak de zip van 30 huizen"


def test_a_round_without_answers_says_so(on_pages: Installation) -> None:
    day = date(2026, 1, 15)
    open_round(on_pages, ("proef", "Proef"), (day, day), Asks(("politie/1.0",), ("veenrijk",)), NOW)
    shown = make_page("rapporten")
    shown.query_params["ronde"] = "proef"
    shown.run()

    assert not shown.exception
    assert "leverde nog geen in" in texts(shown)
    assert headings(shown) == []


def test_who_did_not_hand_in_still_gets_the_report_of_the_country(on_pages: Installation) -> None:
    withdraw(on_pages, "2026-najaar.veenrijk.huis.1", "Verkeerd bestand", NOW)
    close_round(on_pages, "2026-najaar", NOW)

    shown = as_role("manager", "veenrijk")

    assert not shown.exception
    assert "leverde nog geen in" in texts(shown)
    assert headings(shown) == ["Van het land"]


def test_a_unit_of_which_nobody_handed_in_is_told_and_offers_nothing(on_pages: Installation) -> None:
    joint = reading(on_pages).find_scores(Which("2026-najaar", Perspective.JOINT)).houses
    without = next(u for u in on_pages.register().units if u.unit_id not in {h.unit_id for h in joint})
    shown = make_page("rapporten")
    shown.query_params["wie"], shown.query_params["mijn-eenheid"] = "gezamenlijk", without.unit_id
    shown.run()

    assert not shown.exception
    assert f"Van {without.title} leverde nog geen huis in." in texts(shown)
    assert "Alle verbeterplannen van de eenheid" not in texts(shown)


@pytest.mark.browser
def test_every_file_is_taken_along_and_told(dashboard: str, opened: Installation, page: Page) -> None:
    page.goto(f"{dashboard}/rapporten?huis=terpmark")
    offered = page.get_by_test_id("stDownloadButton")
    expect(offered).to_have_count(14)
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_attached()

    names = {}
    for place in range(14):
        with page.expect_download(timeout=120_000) as taken:
            offered.nth(place).get_by_role("button").click()
        names[taken.value.suggested_filename] = taken.value.path().read_bytes()

    page.get_by_role("button", name="Alles in één zip").click()
    with page.expect_download(timeout=120_000) as taken:
        page.get_by_role("button", name="Zip van 3 huizen, gemaakt op").click(timeout=120_000)
    names[taken.value.suggested_filename] = taken.value.path().read_bytes()

    plan, papers = "verbeterplan_2026-najaar_terpmark", ("leverkaart", "partners", "gezamenlijke-agenda")
    assert list(names) == [
        *(f"{plan}.{kind}" for kind in ("pdf", "docx", "xlsx", "ics")),
        *(f"{name}_2026-najaar_terpmark.{kind}" for name in papers for kind in ("pdf", "docx")),
        *(f"landelijk_2026-najaar.{kind}" for kind in ("pdf", "docx")),
        *(f"open-data_2026-najaar.{kind}" for kind in ("zip", "json")),
        "verbeterplannen_2026-najaar_noord-nederland.zip",
    ]
    assert "csv/huizen.csv" in ZipFile(BytesIO(names["open-data_2026-najaar.zip"])).namelist()
    assert names[f"{plan}.pdf"].startswith(b"%PDF-")
    trail = "\n".join(write_trail(opened))
    assert "data/2026-najaar terpmark" in trail
    told = ("delivery/terpmark", "partners/terpmark", "agenda/terpmark", "national/2026")
    assert {what in trail for what in told} == {True}
