"""Formules: who puts in what, what it brings, what is missing; on the demo, run without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from assessment.model.access import Role
from assessment.service.formulas import (
    FormulaEdit,
    PartyCapacityEdit,
    change_formulas,
    set_party_capacities,
)
from assessment.service.installation import Installation
from tests.conftest import NOW
from tests.pages import make_page, open_page, texts
from tests.reading import reading

FIFTH = {"number": 2050, "unit": "uur-per-jaar"}


def open_house(house_id: str, **address: str) -> AppTest:
    page = make_page("formules")
    for name, value in {"huis": house_id, **address}.items():
        page.query_params[name] = value
    shown = page.run()
    assert not shown.exception
    return shown


@pytest.mark.usefixtures("on_pages")
def test_the_page_says_who_is_asked_too_much_and_what_is_measured() -> None:
    shown = open_page("formules")

    told = texts(shown)
    title = shown.title[0].value
    assert title.startswith("Terpmark: de formules vragen 300 uur te veel van Politie; bij 3 van 4 formules")
    assert "2.100 van 1.800 uur" in told
    assert "58 → 65 (streven 70)" in told
    assert "Bezoekers die zich veilig voelen (procent)" in told
    assert "60 uur" in told
    assert "van geen partij" in told
    assert "zet niets in" in told
    assert "dit huis is verzonnen" in told


@pytest.mark.usefixtures("on_pages")
def test_a_half_formula_says_what_is_missing_and_clashes_stand_side_by_side() -> None:
    told = texts(open_page("formules"))

    assert "Vul formule &#x27;Buitengebied weerbaar&#x27; aan: 6 dingen ontbreken." in told
    assert "Niemand heeft de regie: bestuurlijk, op het proces of op de casus." in told
    assert "Een ander niveau leidt: de een &#x27;regionaal&#x27;, de ander &#x27;lokaal&#x27;." in told


@pytest.mark.usefixtures("on_pages")
def test_outcomes_and_counts_stand_apart() -> None:
    shown = open_house("dommelrade")

    heads = [each.value for each in shown.header]
    assert heads.index("Wat levert het op? Effecten") < heads.index("Tellingen")
    tables = [str(each.value) for each in shown.html]
    (outcomes,) = (each for each in tables if ">Indicator<" in each)
    assert "Opnieuw de fout in binnen twee jaar (procent)" in outcomes
    assert "2024: 46 · 2025: 43 · 2026: 41" in outcomes
    assert "Plannen voor vertrek" not in outcomes


@pytest.mark.usefixtures("on_pages")
def test_the_houses_of_a_unit_stand_under_each_other() -> None:
    told = texts(open_house("terpmark", formules="alle"))

    assert "6 formules" in told
    assert "ks-unit" in told
    assert "Jeugd in Waddehorst (Waddehorst)" in told


@pytest.mark.usefixtures("on_pages")
def test_a_house_without_formulas_says_what_to_do_next() -> None:
    shown = open_house("hofduin")

    assert shown.title[0].value == "Hofduin: nog geen formules"
    assert "Begin met een voorbeeld, of met wat een ander huis deelt." in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_a_manager_sees_the_own_house_and_no_other() -> None:
    page = make_page("formules")
    page.session_state["rol"], page.session_state["rol-bij-manager"] = Role.MANAGER.value, "waterwolde"

    shown = page.run()

    assert shown.selectbox(key="huis").options == ["Waterwolde"]
    assert "Terpmark" not in texts(shown)


def press(shown: AppTest, label: str) -> AppTest:
    (button,) = (each for each in shown.button if each.label == label)
    return button.click().run()


def type_in(shown: AppTest, label: str, text: str, part: str = "") -> None:
    (field,) = (each for each in shown.text_input if each.label == label and part in str(each.key))
    field.input(text)


@pytest.mark.usefixtures("on_pages")
def test_a_house_begins_with_an_example_and_fills_it_in(demo: Installation) -> None:
    shown = open_house("hofduin")
    shown.selectbox(key="formule-begin").select_index(3)
    type_in(shown, "Naam van uw formule", "Ons Veiligheidshuis")

    press(shown, "Begin")
    shown.run()
    type_in(shown, "Vraagstuk", "complexe problematiek in Hofduin")
    press(shown, "Bewaar")

    kept = reading(demo).find_formula("hofduin", "ons-veiligheidshuis").formula
    assert kept.theme == "complexe problematiek in Hofduin"
    assert [each.name for each in kept.parties] == ["Gemeente", "Veiligheidshuis", "Politie", "OM"]
    assert kept.version == 2


@pytest.mark.usefixtures("on_pages")
def test_a_party_is_added_with_its_hours(demo: Installation) -> None:
    shown = open_house("waterwolde")
    (which,) = (each for each in shown.selectbox if each.label == "Welke?")
    which.select(-1).run()
    type_in(shown, "Naam", "Harddraverij", part="/parties/")
    number = shown.number_input[0]
    number.set_value(52.0)

    press(shown, "Bewaar dit deel")

    parties = reading(demo).find_formula("waterwolde", "haven").formula.party
    assert parties["harddraverij"].hours == 52


@pytest.mark.usefixtures("on_pages")
def test_who_is_overtaken_sees_both_values_and_chooses(demo: Installation) -> None:
    shown = open_house("waterwolde")
    change_formulas(demo, [FormulaEdit("waterwolde", "haven", {"theme": "van een ander"})], NOW)
    type_in(shown, "Vraagstuk", "van mij")

    press(shown, "Bewaar")

    assert reading(demo).find_formula("waterwolde", "haven").formula.theme == "van een ander"
    assert "van een ander" in texts(shown)
    assert "van mij" in texts(shown)
    press(shown, "Neem mijn waarden")
    assert reading(demo).find_formula("waterwolde", "haven").formula.theme == "van mij"


@pytest.mark.sqlite
@pytest.mark.usefixtures("on_pages")
def test_who_is_overtaken_on_what_a_party_has_sees_both_values_and_chooses(demo: Installation) -> None:
    def has() -> float | None:
        kept = reading(demo).find_formulas("terpmark").capacities
        police = next(each for each in kept if each.key == "politie")
        return police.amount.number if police.amount else None

    shown = open_house("terpmark")
    shown.selectbox(key="formule-heeft/partij").select("politie").run()
    (number,) = (each for each in shown.number_input if "/politie/2026/" in str(each.key))
    set_party_capacities(demo, [PartyCapacityEdit("terpmark", "Politie", 2026, FIFTH)], NOW)
    number.set_value(2200.0)

    press(shown, "Bewaar voor 2026")

    assert has() == 2050
    told = texts(shown)
    assert "De inzet van Politie in 2026 is intussen door iemand anders gewijzigd." in told
    assert "2.050 uur per jaar" in told
    assert "2.200 uur per jaar" in told
    press(shown, "Neem mijn waarden")
    assert has() == 2200


@pytest.mark.usefixtures("on_pages")
def test_who_may_only_look_takes_along_and_is_offered_no_form() -> None:
    page = make_page("formules")
    page.session_state["rol"] = Role.POLICE.value

    shown = page.run()

    assert [each.value for each in shown.header][-1] == "Om mee te nemen"
    assert not shown.button


@pytest.mark.usefixtures("on_pages")
def test_who_may_begin_none_reads_who_makes_formulas() -> None:
    page = make_page("formules")
    page.session_state["rol"] = Role.POLICE.value
    page.query_params["huis"] = "veenrijk"

    told = texts(page.run())

    assert "Formules worden gemaakt door de manager van het huis en de eenheid van het huis." in told
    assert "Begin met een voorbeeld" not in told


@pytest.mark.usefixtures("on_pages")
def test_my_house_lists_reviews_and_shows_evidence_beside_the_answer() -> None:
    shown = open_page("mijn_huis")
    assert "Stel formule &#x27;Grip op jeugd Oosterveen&#x27; bij: dat had op 1" in texts(shown)

    page = make_page("mijn_huis")
    page.query_params["thema"] = "FOR"
    told = texts(page.run())

    assert "uit de formules:** Bij 3 van 4 formules staat van elke partij de rol en de inzet vast." in told
    assert told.count("Dit telt niet mee in de uitkomst.") == 4


@pytest.mark.usefixtures("on_pages")
def test_a_house_without_formulas_says_nothing_of_them_at_its_answers() -> None:
    page = make_page("mijn_huis")
    page.query_params["huis"], page.query_params["thema"] = "hofduin", "FOR"

    assert "uit de formules" not in texts(page.run())
