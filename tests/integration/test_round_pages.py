"""Pages on how far a round is, and where it goes on, run by Streamlit itself without a browser."""

import re
from unittest.mock import Mock

import pytest
from streamlit.testing.v1 import AppTest

from assessment.model.rounds import SubmissionState
from assessment.service.installation import Installation
from assessment.service.rounds import close_round
from tests.conftest import NOW
from tests.pages import make_page, open_page, texts
from tests.reading import reading

ROUND = "2026-najaar"


def open_house(page: str, house_id: str) -> AppTest:
    shown = open_page(page)
    shown.selectbox(key="huis").select(house_id).run()
    return shown


def open_as(page: str, role: str, place: str = "", **address: str) -> AppTest:
    shown = make_page(page)
    shown.session_state["rol"], shown.session_state[f"rol-bij-{role}"] = role, place
    for name, value in address.items():
        shown.query_params[name] = value
    return shown.run()


def read(shown: AppTest) -> str:
    assert not shown.exception
    return texts(shown)


def press(shown: AppTest, label: str) -> str:
    next(button for button in shown.button if button.label == label).click().run()
    return read(shown)


def states(where: Installation, house_id: str) -> list[SubmissionState]:
    return [each.state for each in reading(where).list_versions(ROUND, house_id).versions]


def test_a_draft_leads_on_as_long_as_it_can_be_handed_in(on_pages: Installation) -> None:
    told = "Er is een concept van de politie: 12 van 120 vragen beantwoord."
    assert told in read(open_house("mijn_huis", "waddehorst"))

    close_round(on_pages, ROUND, NOW)

    assert told not in read(open_house("mijn_huis", "waddehorst"))


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize("page", ["invullen", "zelfscan"])
def test_who_fills_in_for_several_houses_begins_where_there_is_work(page: str) -> None:
    shown = open_as(page, "politie", "oost-nederland")

    assert shown.selectbox(key="huis").options[0] == "Eskwartier"
    assert shown.selectbox(key="huis").value == "hanzevoorde"


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize("page", ["invullen", "zelfscan"])
def test_at_a_house_that_is_done_those_that_wait_are_named(page: str) -> None:
    told = read(open_as(page, "politie", "oost-nederland", huis="eskwartier"))

    (line,) = re.findall("Nog in te vullen: .*", told)
    assert re.sub("<[^>]*>", "", line) == "Nog in te vullen: Hanzevoorde (66 van 120), Klaverlo, Stuwdal"
    assert re.search(r'href="invullen\?[^"]*huis=klaverlo&amp;[^"]*wie=politie"[^>]*>Klaverlo<', line)
    assert "niets meer te doen" not in told


def test_nothing_waits_for_who_handed_in_all_nor_in_a_round_that_is_closed(on_pages: Installation) -> None:
    own = read(open_as("invullen", "manager", "eskwartier"))
    close_round(on_pages, ROUND, NOW)
    closed = read(open_as("invullen", "politie", "oost-nederland", huis="eskwartier"))

    assert "**Klaar:** wat is ingevuld, is ingeleverd. Hier hoeft u niets meer te doen." in own
    assert "Nog in te vullen" not in own + closed


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    ("role", "place", "told"),
    [
        ("politie", "oost-nederland", True),
        ("eenheid", "oost-nederland", True),
        ("manager", "eskwartier", False),
        ("landelijk", "", False),
    ],
)
def test_start_tells_police_and_unit_how_far_the_police_is(role: str, place: str, told: bool) -> None:  # noqa: FBT001
    said = read(open_as("start", role, place))

    assert "30 van 30 huizen hebben ingeleverd." in said
    assert ("De politie leverde in bij 1 van 4 huizen van uw eenheid." in said) == told


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    ("role", "place", "about"),
    [
        ("manager", "eskwartier", "uw Veiligheidshuis staat"),
        ("politie", "oost-nederland", "de Veiligheidshuizen van uw eenheid staan"),
        ("eenheid", "oost-nederland", "de Veiligheidshuizen van uw eenheid staan"),
        ("landelijk", "", "de Veiligheidshuizen staan"),
        ("beheerder", "", "de Veiligheidshuizen staan"),
    ],
)
def test_start_speaks_of_the_houses_of_who_reads_it(role: str, place: str, about: str) -> None:
    said = read(open_as("start", role, place))

    assert f"Zie waar {about} ten opzichte van het Landelijk kader" in said
    assert ("vraag het dan aan de beheerder" in said) == (role != "beheerder")
    assert ("vraagt het aan u: u bent de beheerder" in said) == (role == "beheerder")


@pytest.mark.usefixtures("on_pages")
def test_start_says_of_which_house_there_is_a_draft() -> None:
    shown = open_as("start", "politie", "oost-nederland")

    assert "Er is een concept voor Hanzevoorde. Het telt pas mee als het is ingeleverd." in read(shown)
    assert [each.label for each in shown.button] == ["Ga verder met Hanzevoorde: 66 van 120 vragen"]


@pytest.mark.usefixtures("on_pages")
def test_a_unit_whose_houses_handed_in_reads_that_the_police_is_awaited() -> None:
    told = read(open_as("mijn_eenheid", "eenheid", "oost-nederland"))

    assert "4 van 4 huizen leverden in" in told
    assert re.search(
        r'href="ronde\?[^"]*eenheid=oost-nederland[^"]*"[^>]*>De politie leverde in bij 1 van 4 huizen, ',
        told,
    )
    assert "op antwoorden bij" not in told


@pytest.mark.usefixtures("on_pages")
def test_a_unit_sees_what_waits_to_be_adopted_and_all_of_its_houses_in_time() -> None:
    shown = open_as("mijn_eenheid", "eenheid", "oost-nederland")

    labels = [each.label for each in shown.expander]
    assert any(re.fullmatch(r"Vaststellen: \d van 4 huizen wacht(en)?", label) for label in labels), labels
    assert any(re.fullmatch(r"\d+ maatregelen in de tijd, per huis, .+", label) for label in labels), labels
    assert re.search(r'href="inleveringen\?[^"]*huis=klaverlo[^"]*"', read(shown))
    assert '<div class="ks-actor">Klaverlo · de politie-eenheid</div>' in read(shown)


@pytest.mark.usefixtures("on_pages")
def test_what_rests_on_the_answers_at_one_house_of_a_unit_says_so_where_it_stands() -> None:
    shown = open_as("mijn_eenheid", "politie", "oost-nederland")

    told = read(shown)
    assert shown.title[0].value.endswith("van de politie aan zet, op antwoorden bij 1 van 4 huizen")
    assert "Laatste huis volgens het kader, op antwoorden bij 1 van 4 huizen" in told
    assert told.count("door de politie nog niet ingeleverd") == 3
    assert "huizen leverden in, " not in told


@pytest.mark.usefixtures("on_pages")
def test_the_country_reads_that_no_house_shares_its_formulas_and_is_refused_nothing() -> None:
    shown = open_as("formules", "landelijk")

    told = read(shown)
    assert shown.title[0].value == "Nog geen huis deelt zijn formules met het land"
    assert "Daarover beslist elk huis zelf." in told
    assert not shown.warning


@pytest.mark.usefixtures("on_pages")
def test_who_takes_a_report_of_the_police_reads_that_the_police_did_not_hand_in() -> None:
    told = read(open_as("rapporten", "eenheid", "oost-nederland", huis="klaverlo", wie="politie"))

    assert "De politie heeft bij Veiligheidshuis Klaverlo voor najaar 2026 nog niet ingeleverd." in told


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    ("house_id", "said"),
    [("terpmark", "is nog niet alles vastgesteld"), ("waddehorst", "is vastgesteld wat is ingeleverd")],
)
def test_a_board_of_one_house_calls_it_by_its_name(house_id: str, said: str) -> None:
    shown = make_page("ronde")
    shown.session_state["rol"], shown.session_state["rol-bij-manager"] = "manager", house_id

    told = read(shown.run())

    assert f"Van Veiligheidshuis {house_id.capitalize()} {said}." in told


@pytest.mark.usefixtures("on_pages")
def test_the_board_shows_every_house_with_its_state_and_what_is_expected() -> None:
    told = read(open_page("ronde"))

    assert "Najaar 2026: 40 van 60 vragenlijsten ingeleverd" in told
    assert "Inleveren kan tot en met 15 december 2026" in told
    assert "Bij 12 van 30 huizen is vastgesteld wat is ingeleverd." in told
    assert told.count('class="ks-house"') == 30
    assert (
        '<span class="ks-state ks-adopted">vastgesteld</span><span class="ks-quiet">120 van 120</span>'
        in told
    )
    assert "antwoorden van de politie; vaststellen" in told


@pytest.mark.usefixtures("on_pages")
def test_one_unit_can_be_chosen_and_its_reminders_copied() -> None:
    shown = open_page("ronde")

    shown.selectbox(key="eenheid").select("limburg").run()
    told = read(shown)
    shown.selectbox(key="herinnering").select("heuvelgaarde").run()

    assert told.count('class="ks-house"') == 3
    assert [len(each.value.split("Beste collega")) for each in shown.code] == [2]
    assert "Veiligheidshuis Heuvelgaarde" in shown.code[0].value


def test_a_round_is_closed_only_after_reading_what_that_freezes(on_pages: Installation) -> None:
    shown = open_page("ronde")
    assert next(b for b in shown.button if b.label == "Sluit de ronde").disabled
    assert "Veiligheidshuis Veenrijk: antwoorden van de politie; vaststellen." in read(shown)

    shown.checkbox(key="sluiten-gezien").check().run()
    told = press(shown, "Sluit de ronde")

    assert "De ronde is gesloten." in told
    assert "Gesloten op" in read(open_page("start"))
    assert "verandert niet meer" in told
    assert reading(on_pages).find_board(ROUND).closing is not None
    shown.text_input(key="reden-ronde").set_value("Twee huizen waren ziek").run()
    told = press(shown, "Heropen de ronde")
    assert "De ronde is weer open." in told
    assert "Twee huizen waren ziek" in told


def test_what_cannot_be_done_any_more_is_told(on_pages: Installation) -> None:
    shown = open_house("inleveringen", "klaverlo")
    close_round(on_pages, ROUND, NOW)

    told = press(shown, "Stel versie 1 van het huis vast")

    assert "Ronde '2026-najaar' is gesloten op 22 november 2026; er is niets veranderd." in told
    assert states(on_pages, "klaverlo") == [SubmissionState.HANDED_IN]


def test_a_version_is_adopted_reopened_and_withdrawn(on_pages: Installation) -> None:
    shown = open_house("inleveringen", "klaverlo")

    assert "Vastgesteld." in press(shown, "Stel versie 1 van het huis vast")
    assert states(on_pages, "klaverlo") == [SubmissionState.ADOPTED]
    shown.text_input[0].set_value("Er klopt iets niet").run()
    assert "De versie is heropend" in press(shown, "Heropenen")
    shown.text_input[0].set_value("Verkeerd bestand").run()
    told = press(shown, "Intrekken")

    assert "De versie is ingetrokken" in told
    assert "Verkeerd bestand" in told
    assert states(on_pages, "klaverlo") == [SubmissionState.WITHDRAWN]


def test_house_and_police_adopt_together_when_every_difference_is_chosen(on_pages: Installation) -> None:
    pair = reading(on_pages).find_pair(ROUND, "waterwolde")
    assert pair is not None
    shown = open_house("inleveringen", "waterwolde")
    button = "Stel samen één versie vast"
    assert next(b for b in shown.button if b.label == button).disabled
    assert len(shown.radio) == len(pair.open)

    for radio in shown.radio:
        radio.set_value("huis")
    shown.run()
    told = press(shown, button)

    assert "Vastgesteld." in told
    assert "huis en politie samen" in told
    assert states(on_pages, "waterwolde") == [SubmissionState.ADOPTED] * 3


@pytest.mark.usefixtures("on_pages")
def test_two_versions_are_compared_on_the_page() -> None:
    told = read(open_house("inleveringen", "zandmark"))

    assert "Twee versies vergelijken" in told
    assert "Het oordeel verschilt bij" in told
    assert "Samen vastgesteld uit 2026-najaar.zandmark.huis.1 en 2026-najaar.zandmark.politie.1." in told
    assert "**Telt deze versie mee?** Ja." in told
    assert re.search(r'data-what="De politie"[^>]*><div><span class="ks-verdict ks-', told)
    assert re.search(r'data-what="Nr\."[^>]*><div><a href="kader\?[^"]*criterium=', told)


@pytest.mark.usefixtures("on_pages")
def test_a_joint_version_can_be_chosen_where_a_house_stands() -> None:
    shown = open_house("mijn_huis", "zandmark")
    shown.selectbox(key="wie").select("gezamenlijk").run()
    own = read(shown)
    shown.selectbox(key="huis").select("veenrijk").run()

    assert "vastgesteld door huis en politie samen" in own
    assert "nog geen gezamenlijke versie vastgesteld" in read(shown)


@pytest.mark.usefixtures("on_pages")
def test_a_file_that_was_handed_in_is_read_only_when_somebody_takes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load = Mock()
    monkeypatch.setattr("assessment.service.queries.rounds.load_file", load)

    shown = open_house("inleveringen", "waterwolde")

    assert "Controlegetal" in " ".join(each.value for each in shown.caption)
    assert not shown.exception
    load.assert_not_called()
