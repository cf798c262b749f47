"""Adopting a what-if on the pages that show a plan."""

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Slider

from assessment.model.scale import Actor, Perspective
from assessment.service.installation import Installation
from assessment.service.plans.capacities import CapacityEdit, choose_resource
from assessment.service.plans.decisions import set_capacities
from assessment.service.round_scores import RoundScores, score_round
from tests.conftest import NOW
from tests.pages import make_page, texts
from tests.reading import reading

pytestmark = pytest.mark.sqlite

HOUSE, UNIT = "veenrijk", "noord-nederland"
BUTTON = "Neem dit over"


def open_roadmap(role: str | None = None, house_id: str = HOUSE) -> AppTest:
    shown = make_page("routekaart")
    shown.session_state["huis"] = house_id
    if role is not None:
        place = UNIT if role in {"politie", "eenheid"} else HOUSE
        shown.session_state["rol"], shown.session_state[f"rol-bij-{role}"] = role, place
    shown.run()
    assert not shown.exception
    return shown


def slide(shown: AppTest, label: str, number: int) -> None:
    find_slider(shown, label).set_value(number).run()


def find_slider(shown: AppTest, label: str) -> Slider[int]:
    return next(each for each in shown.slider if each.label == label)


def click(shown: AppTest) -> None:
    next(each for each in shown.button if each.label == BUTTON).click().run()


def offers(shown: AppTest) -> bool:
    return any(each.label == BUTTON for each in shown.button)


def stand(installation: Installation) -> RoundScores:
    return score_round(installation, None, Perspective.HOUSE, NOW.date())


def find_numbers(installation: Installation) -> dict[Actor, int]:
    return {each.actor: each.number for each in reading(installation).find_capacities(HOUSE, None)}


def test_what_was_tried_is_adopted_and_the_what_if_begins_again(on_pages: Installation) -> None:
    shown = open_roadmap()
    assert not offers(shown)

    slide(shown, "Gemeenten", 1)
    shown.multiselect(key=f"wat-als/vast/{HOUSE}").select("POS-9.M2").select("POS-8.M2").run()
    shown.multiselect(key=f"wat-als/vervalt/{HOUSE}").select("KAD-5.M1").run()
    assert "Capaciteit van de gemeenten" in texts(shown)
    click(shown)
    assert "Laten vervallen vraagt een reden: KAD-5.M1" in shown.warning[0].value
    assert find_numbers(on_pages)[Actor.MUNICIPALITIES] == 2
    shown.text_input(key=f"wat-als/reden/{HOUSE}").input("Dat doen wij al").run()
    click(shown)

    assert "de wat-als begint opnieuw" in texts(shown)
    assert not offers(shown)
    assert find_slider(shown, "Gemeenten").value == 1
    assert shown.multiselect(key=f"wat-als/vast/{HOUSE}").value == []
    assert "1 bij de gemeenten" in texts(shown)
    decided = reading(on_pages).find_decisions(stand(on_pages), [HOUSE])
    assert [line.measure_id for line in decided.lines if line.pinned] == ["POS-8.M2", "POS-9.M2"]
    assert [line.dropped for line in decided.lines if line.dropped] == ["Dat doen wij al"]
    assert find_numbers(on_pages)[Actor.MUNICIPALITIES] == 1


def test_a_national_action_alone_is_not_offered_to_be_kept(on_pages: Installation) -> None:
    assert on_pages
    shown = open_roadmap()

    shown.multiselect(key=f"wat-als/landelijk/{HOUSE}").select("INF-3").run()

    assert not offers(shown)
    assert "Een landelijke actie (INF-3) wordt niet bewaard" in texts(shown)


def test_a_manager_is_told_whose_the_shared_capacity_is(on_pages: Installation) -> None:
    assert on_pages
    shown = open_roadmap("manager")

    slide(shown, "Gemeenten", 1)
    assert offers(shown)
    slide(shown, "Politie-eenheid", 1)

    assert not offers(shown)
    assert "van alle huizen van Eenheid Noord-Nederland samen" in texts(shown)
    assert "Zet die schuif terug" in texts(shown)


def test_who_may_only_look_is_not_offered_to_keep_anything(on_pages: Installation) -> None:
    assert on_pages
    shown = open_roadmap("politie", "terpmark")

    slide(shown, "Stuurgroep", 1)

    assert not offers(shown)
    assert "Wilt u dit plan houden?" not in texts(shown)


def test_a_unit_adopts_for_all_and_houses_that_differ_are_shown_as_they_are(on_pages: Installation) -> None:
    own = choose_resource(on_pages.register(), Actor.HOUSE, (HOUSE, None), stand(on_pages).questionnaire)
    set_capacities(on_pages, stand(on_pages), [CapacityEdit(own, 1)], NOW)
    shown = make_page("mijn_eenheid").run()
    assert shown.select_slider[0].value == "nu 1–3"

    slide(shown, "Politie-eenheid", 2)
    click(shown)

    assert "de wat-als begint opnieuw" in texts(shown)
    assert find_numbers(on_pages)[Actor.UNIT] == 2
    shown.select_slider[0].set_value(2).run()
    click(shown)
    assert {each.label: each.value for each in shown.slider}["Veiligheidshuis"] == 2
    assert find_numbers(on_pages)[Actor.HOUSE] == 2
