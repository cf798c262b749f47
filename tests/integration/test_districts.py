"""The districts of a unit and of a house: put, taken over, shared, exported, kept in a backup, on screen."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.errors import RegisterError
from assessment.model.decisions import Capacity
from assessment.model.register import District
from assessment.model.scale import Actor, Perspective
from assessment.service.backup import make_backup, prepare_restore, restore
from assessment.service.installation import Installation
from assessment.service.plans.capacities import CapacityEdit, choose_resource
from assessment.service.plans.decisions import set_capacities
from assessment.service.register import (
    edit_house,
    import_districts,
    import_houses,
    put_district,
    remove_district,
)
from assessment.service.round_scores import Which, score_round
from assessment.store.plans import list_all_capacities, put_capacities
from tests.conftest import NOW, installation_at
from tests.databases import Databases
from tests.reading import reading

NEW = {"district_id": "vlietkant", "title": "District Vlietkant", "unit_id": "limburg"}


def refused(told: str) -> pytest.RaisesExc[RegisterError]:
    return pytest.raises(RegisterError, match=told)


def give(installation: Installation, house_id: str, *districts: str, teams: tuple[str, ...] = ()) -> None:
    seen = reading(installation).get_house(house_id)
    edit_house(installation, seen, {"districts": districts, "teams": teams}, NOW)


def test_a_house_gets_a_district_and_its_basisteams(demo: Installation) -> None:
    put_district(demo, NEW, NOW)
    give(demo, "maasgrind", "vlietkant", teams=("Maasgrind-Oost", "Maasgrind-West"))

    register = demo.register()
    assert register.districts_of("limburg") == (District(**NEW),)
    assert register.house["maasgrind"].district_id == "vlietkant"
    assert register.house["maasgrind"].teams == ("Maasgrind-Oost", "Maasgrind-West")
    table = reading(demo).list_register_districts()
    assert table.iloc[-1].tolist() == [
        *("vlietkant", "District Vlietkant", "Eenheid Limburg", "Zorg- en Veiligheidshuis Maasgrind"),
    ]


@pytest.mark.sqlite
def test_what_does_not_fit_is_refused_and_changes_nothing(demo: Installation) -> None:
    before = demo.register()

    with refused("maasgrind: geen district van eenheid limburg: terpenland. Kies uit: er is er nog geen"):
        give(demo, "maasgrind", "terpenland")
    with refused("terpmark: districten komen dubbel voor: terpenland"):
        give(demo, "terpmark", "terpenland", "terpenland")
    with refused("onbekende eenheid bij district: vlietkant"):
        put_district(demo, {**NEW, "unit_id": "atlantis"}, NOW)
    with refused("zo heet al een eenheid of een huis: limburg"):
        put_district(demo, {**NEW, "district_id": "limburg"}, NOW)
    with refused("geen district van eenheid noord-nederland: terpenland"):
        put_district(demo, {**NEW, "district_id": "terpenland"}, NOW)
    with refused("District 'terpenland' hoort nog bij: Veiligheidshuis Terpmark, Veiligheidshuis Waddehorst"):
        remove_district(demo, "terpenland", NOW)
    with refused("District 'weg' staat niet in het register. Wel: domkwartier, "):
        remove_district(demo, "weg", NOW)

    assert demo.register() == before


def test_a_district_that_no_house_has_can_go(demo: Installation) -> None:
    put_district(demo, NEW, NOW)

    remove_district(demo, "vlietkant", NOW)

    assert "vlietkant" not in demo.register().district


def test_what_is_exported_comes_back_by_file(demo: Installation, tmp_path: Path) -> None:
    houses, districts = tmp_path / "huizen.csv", tmp_path / "districten.csv"
    houses.write_bytes(reading(demo).export_houses())
    districts.write_bytes(reading(demo).export_districts())
    before = demo.register()
    give(demo, "terpmark")
    give(demo, "waddehorst")
    remove_district(demo, "terpenland", NOW)

    assert import_districts(demo, districts, NOW) == 13
    unversioned = houses.read_text("utf-8-sig").replace(";version", ";versie-oud")
    assert ";districts;teams;" in unversioned
    seen = [reading(demo).get_house(key) for key in before.house]
    houses.write_text("\n".join(line.rpartition(";")[0] for line in unversioned.splitlines()), "utf-8")
    import_houses(demo, houses, NOW, seen)

    assert demo.register() == before


def test_a_backup_holds_them(demo: Installation, databases: Databases, tmp_path: Path) -> None:
    file = tmp_path / "alles.zip"
    make_backup(demo, file, NOW)
    other = installation_at(databases.make())

    with prepare_restore(other, file) as replacement:
        restore(replacement, NOW)

    assert other.register().districts == demo.register().districts
    assert other.register().houses == demo.register().houses
    other.close()


def test_a_backup_holds_every_capacity_that_can_be_set(
    demo: Installation, databases: Databases, tmp_path: Path
) -> None:
    put_district(demo, NEW, NOW)
    given = [
        Capacity(actor=Actor.DISTRICT, owner_id="terpmark", number=1),  # from before it had a district
        Capacity(actor=Actor.DISTRICT, owner_id="vlietkant", number=1),  # on which nothing draws
    ]
    with demo.store.writing() as session:
        put_capacities(session, given)
    make_backup(demo, tmp_path / "alles.zip", NOW)
    other = installation_at(databases.make())

    with prepare_restore(other, tmp_path / "alles.zip") as replacement:
        restore(replacement, NOW)

    with other.store.reading() as session:
        assert set(given) <= set(list_all_capacities(session))
    other.close()


def test_the_capacity_of_a_district_goes_with_it(demo: Installation) -> None:
    put_district(demo, NEW, NOW)
    with demo.store.writing() as session:
        put_capacities(session, [Capacity(actor=Actor.DISTRICT, owner_id="vlietkant", number=1)])

    remove_district(demo, "vlietkant", NOW)

    with demo.store.reading() as session:
        assert "vlietkant" not in {each.owner_id for each in list_all_capacities(session)}


@pytest.mark.sqlite
def test_houses_of_a_district_share_its_capacity_by_rules_2_alone(demo: Installation) -> None:
    unit = Which("2026-najaar", Perspective.HOUSE, unit_id="noord-nederland")
    earlier = unit._replace(round_id="2026-voorjaar")

    now, before = (reading(demo).find_roadmap(which).resources for which in (unit, earlier))

    drawn = now[now["actor"] == "district"].set_index("house_id")["resource"].to_dict()
    assert drawn == {
        "terpmark": "district terpenland",
        "waddehorst": "district terpenland",
        "veenrijk": "district veenrand",
    }
    assert set(before[before["actor"] == "district"]["resource"]) == {"district noord-nederland"}


@pytest.mark.sqlite
def test_the_capacity_of_a_district_is_told_by_a_house_of_it(demo: Installation) -> None:
    register = demo.register()
    scores = score_round(demo, "2026-najaar", Perspective.HOUSE, NOW.date())
    district = choose_resource(register, Actor.DISTRICT, ("terpmark", None), scores.questionnaire)

    set_capacities(demo, scores, [CapacityEdit(district, 1)], NOW)

    of_neighbour = {
        str(each.resource): each.number for each in reading(demo).find_capacities("waddehorst", None)
    }
    assert of_neighbour["district terpenland"] == 1
    shared = {str(each.resource) for each in reading(demo).find_capacities(None, "noord-nederland")}
    assert shared == {
        *("politie-eenheid noord-nederland", "OM noord-nederland"),
        *("district terpenland", "district veenrand"),
    }


PAGE = """
import streamlit as st
from assessment.ui.pages import beheer
st.navigation([st.Page(beheer.render, title="Beheer", default=True)]).run()
"""


@pytest.mark.sqlite
def test_districts_are_administered_on_screen(on_pages: Installation) -> None:
    page = AppTest.from_string(PAGE, default_timeout=180).run()
    page.text_input(key="district-kenmerk").input("vlietkant")
    page.text_input(key="district-naam").input("District Vlietkant")
    page.selectbox(key="district-eenheid").select("limburg")
    next(each for each in page.button if each.label == "Bewaar district").click().run()
    page.selectbox(key="district-huis").select("maasgrind").run()
    page.multiselect(key="district-van-huis/maasgrind/1").select("vlietkant")
    page.text_input(key="basisteams-van-huis/maasgrind/1").input("Oost, West")
    page.button(key="district-bewaren").click().run()

    house = on_pages.register().house["maasgrind"]
    assert (house.districts, house.teams) == (("vlietkant",), ("Oost", "West"))
    assert not page.exception
