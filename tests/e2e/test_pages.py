"""Every page, run by Streamlit itself without a browser."""

import re
from datetime import date
from io import BytesIO
from threading import Event

import pytest
from openpyxl import load_workbook
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from assessment.engine.roadmap.plan import Run
from assessment.model.answers import Whose
from assessment.model.decisions import Decisions
from assessment.model.scale import Perspective, Rules
from assessment.service.clock import today
from assessment.service.drafts import begin_draft
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import plan_as_decided
from assessment.service.queries import plans
from assessment.service.register import Asks, open_round
from assessment.service.round_scores import RoundScores
from assessment.service.rounds import close_round
from assessment.settings import HOME
from assessment.store.submissions import load_current
from assessment.tables.formats import format_count, format_with_capital
from assessment.ui.pages import landelijk_beeld, mijn_huis
from tests.conftest import NOW, count_submissions
from tests.pages import make_page, open_page, texts
from tests.reading import reading, write_form

UP_NOW = re.compile(r"Noord-Nederland: in 2027-\u2060K1 zijn \w+ partijen van de politie aan zet")
LATER = r"Volgens het kader, als niets tegenzit: \d+ kwartalen later, .* in plaats van"


@pytest.mark.usefixtures("on_pages")
def test_start_tells_what_this_is_and_leads_on() -> None:
    shown = AppTest.from_file(str(HOME / "assessment" / "dashboard.py"), default_timeout=180).run()

    assert "Dit is de demo. Alle huizen en hun antwoorden zijn verzonnen" in texts(shown)
    assert "15 december 2026. 30 van 30 huizen hebben ingeleverd." in texts(shown)
    assert shown.selectbox(key="rol").value == "alle rechten"
    shown.button[0].click().run()
    assert re.search("ingeleverd op|inleveren kan tot en met", shown.title[0].value)
    assert shown.selectbox(key="rol").value == "manager"


@pytest.mark.usefixtures("on_pages")
def test_my_house_opens_every_figure_to_its_answers_rule_and_source() -> None:
    shown = open_page("mijn_huis")

    shown.selectbox(key="huis").select("waterwolde").run()

    assert shown.title[0].value == "Waterwolde: 7 van 9 harde normen voldoen"
    assert (
        "Uitkomst: 0\N{NO-BREAK SPACE}%, voldoet nog niet.** Harde norm: de score is het gemiddelde, "
        "maar nooit hoger dan het zwakste antwoord" in texts(shown)
    )
    assert "**Waarop dit rust:** de politie zegt dit zelf" in texts(shown)
    assert "demo: dit huis is verzonnen" in texts(shown)
    assert re.search(r'data-what="Harde norm"[^>]*><div><a href="kader\?[^"]*criterium=', texts(shown))
    assert re.search(r"in beide rondes gelijk zijn \(\d+ van 120\):", texts(shown))
    assert re.search(r"2027-K1</span><span[^>]*>kan meteen</span>", texts(shown))  # why it is then


@pytest.mark.usefixtures("on_pages")
def test_my_house_stands_beside_its_round_before_and_the_country() -> None:
    shown = open_page("mijn_huis")
    shown.selectbox(key="huis").select("waterwolde").run()

    told = texts(shown)

    assert re.search(r"Streep: \d+\s% in voorjaar 2026", told)
    assert re.search(r"In het land: \d+ van \d+ huizen vold(oet|oen)\.", told)
    assert re.search(
        r'data-what="Voor norm"[^>]*><div><a href="mijn-huis\?[^"]*criterium=\S+#per-criterium"', told
    )
    assert re.search(r'data-what="De politie"[^>]*><div><span class="ks-verdict ks-', told)


@pytest.mark.usefixtures("on_pages")
def test_an_earlier_round_gives_no_notice_of_what_ends_nor_calls_evidence_old_by_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = []
    monkeypatch.setattr(mijn_huis, "describe_ending", lambda *_: "Dit loopt af.")
    monkeypatch.setattr(mijn_huis, "show_agreements", lambda _found, _scores, day: days.append(day))
    shown = open_page("mijn_huis")
    assert "Dit loopt af." in texts(shown)

    shown.selectbox(key="ronde").select("2026-voorjaar").run()

    assert "Dit loopt af." not in texts(shown)
    assert days == [today(), date(2026, 5, 31)]


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(("round_id", "told"), [("2026-najaar", "nu"), ("2026-voorjaar", "in voorjaar 2026")])
def test_the_roadmap_of_an_earlier_round_does_not_call_it_now(round_id: str, told: str) -> None:
    shown = make_page("routekaart")
    shown.query_params["ronde"], shown.query_params["huis"] = round_id, "veenrijk"

    headings = [str(each.value) for each in shown.run().header]

    (heading,) = (each for each in headings if each.startswith("Volgens het kader: van"))
    assert re.search(rf"\) {told} naar |% {told} naar ", heading)
    assert f'data-what="Kwartaal"><div>{told.removeprefix("in ")}</div>' in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_tables_of_the_country_lead_to_each_house_unit_and_criterion() -> None:
    shown = texts(open_page("landelijk_beeld"))

    assert re.search(r'data-what="Huis"[^>]*><div><a href="mijn-huis\?[^"]*huis=', shown)
    assert re.search(r'data-what="Eenheid"[^>]*><div><a href="mijn-eenheid\?[^"]*mijn-eenheid=', shown)
    assert re.search(r'data-what="Onderwerp"[^>]*><div><a href="kader\?[^"]*criterium=POS-4"', shown)


@pytest.mark.usefixtures("on_pages")
def test_the_theme_of_a_deviation_shows_who_agreed_and_until_when() -> None:
    shown = open_page("mijn_huis")
    shown.selectbox(key="huis").select("waterwolde").run()

    shown.pills[0].select("STU").run()

    assert "Geldt tot en met 31 december 2027." in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_the_roadmap_says_when_and_offers_the_plan() -> None:
    shown = open_page("routekaart")

    headings = [str(each.value) for each in shown.header]
    assert any(re.fullmatch(r"\d+ maatregelen bij \d+ partijen", each) for each in headings)
    assert "3 bij het Veiligheidshuis en de politie-eenheid; 2 bij" in texts(shown)
    kinds = [button.label.partition(":")[0] for button in shown.download_button]
    assert kinds == ["Pdf", "Word", "Excel", "Agenda", *["Neem mee als csv"] * 3]


def slide(shown: AppTest, label: str, number: int) -> None:
    next(each for each in shown.slider if each.label == label).set_value(number).run()


@pytest.mark.usefixtures("on_pages")
def test_a_slider_puts_another_plan_beside_the_present_one() -> None:
    shown = open_page("routekaart")
    shown.selectbox(key="huis").select("veenrijk").run()
    assert "Volgens het kader, als niets tegenzit: dat blijft" in texts(shown)

    slide(shown, "Veiligheidshuis", 1)

    assert re.search(LATER, texts(shown))
    shown.multiselect(key="wat-als/landelijk/veenrijk").select("INF-3").run()
    assert "INF-3 Veilig systeem met passende toegang" in texts(shown)
    shown.multiselect(key="wat-als/vast/veenrijk").select("KAD-5.M1").select("POS-9.M2").run()
    quarters = [each for each in shown.selectbox if each.label.endswith("in kwartaal")]
    assert [each.label for each in quarters] == ["KAD-5.M1 in kwartaal", "POS-9.M2 in kwartaal"]
    quarters[0].set_value(quarters[0].options[-1]).run()
    assert "KAD-5 Volgen, afsluiten en afschalen" in texts(shown)
    shown.multiselect(key="wat-als/vervalt/veenrijk").select("LOS-2.M1").run()
    assert "LOS-2.M1" in shown.warning[0].value
    assert not shown.exception


@pytest.mark.usefixtures("on_pages")
def test_the_roadmap_says_what_decides_its_end_and_how_sure_it_is() -> None:
    shown = texts(open_page("routekaart"))

    assert "Wat bepaalt de laatste harde norm?" in shown
    assert re.search(r"Dat hangt af van \d+ maatregelen achter elkaar", shown)
    assert re.search(r"Schatting: volgens het kader waarschijnlijk in .*, 80 % zeker in .*, als niets", shown)


@pytest.mark.usefixtures("on_pages")
def test_the_country_ends_with_the_transition_curve() -> None:
    shown = texts(open_page("landelijk_beeld"))

    assert re.search(
        r"Eind 20\S+ werken 19 van 30 huizen met 80 % kans volgens het kader, 29 als niets", shown
    )
    assert " als niets tegenzit; bij 1 huis verviel een maatregel" in shown
    assert "de fase nog niet vaststaat, telt hier in de laagste die nog kan" in shown
    assert "80 % zeker volgens het kader" in shown


@pytest.mark.usefixtures("on_pages")
def test_what_is_taken_along_is_of_the_round_that_is_shown() -> None:
    shown = make_page("landelijk_beeld")
    shown.query_params["ronde"] = "2026-voorjaar"
    links = [each.proto for each in shown.run().get("page_link")]

    (leads_to,) = (each.query_string for each in links if each.label.startswith("Neem dit mee"))
    assert leads_to == "ronde=2026-voorjaar"


@pytest.mark.usefixtures("nothing_kept", "on_pages")
def test_the_country_can_be_read_while_the_plans_of_its_houses_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, was_told = [], Event()

    def plan_when_told(scores: RoundScores, decisions: Decisions, today: date, run: Run) -> Roadmap:
        was_told.wait(60)
        return plan_as_decided(scores, decisions, today, run=run)

    def tell(_where: DeltaGenerator, _share: float, text: str) -> None:
        told.append(text)
        was_told.set()

    monkeypatch.setattr(plans, "plan_as_decided", plan_when_told)
    monkeypatch.setattr(DeltaGenerator, "progress", tell)

    shown = open_page("landelijk_beeld")

    assert told[0].startswith("Wij berekenen de plannen van 30 huizen. Klaar: 0 van")
    assert "volgens het kader, 29 als niets tegenzit" in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_the_country_is_shown_by_unit_and_name() -> None:
    shown = texts(open_page("landelijk_beeld"))

    assert re.search(
        r"<b>17</b> <span[^>]*>van 30</span><span>Een liaison bij de politie: ‘Ja, aangewezen", shown
    )
    assert '<th scope="col">Zeeland-West-Brabant</th>' in shown
    assert "<b>LOS</b>&nbsp;Loslaten van oneigenlijke taken" in shown
    assert shown.index("Eenheid Noord-Nederland") < shown.index("Eenheid Limburg")
    assert shown.index("Terpmark") < shown.index("Veenrijk")
    assert shown.index(">Hanzevoorde<") < shown.index(">Klaverlo<")


@pytest.mark.usefixtures("on_pages")
def test_a_roadmap_says_each_quarter_once_and_marks_today() -> None:
    page = open_page("routekaart")
    shown = texts(page.selectbox(key="huis").select("veenrijk").run())

    assert "Hoe zeker is dat?" in shown
    assert page.title[0].value.startswith("Veenrijk: waarschijnlijk in 20")
    assert ">vandaag<" in shown


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    ("page", "title"),
    [("mijn_huis", "Veiligheidshuis Klaverlo"), ("routekaart", "Routekaart Veiligheidshuis Klaverlo")],
)
def test_a_house_without_answers_keeps_its_page_and_says_so_in_words(page: str, title: str) -> None:
    shown = open_page(page)

    shown.selectbox(key="huis").select("klaverlo")
    shown.selectbox(key="wie").select("politie").run()

    assert shown.title[0].value == title
    assert "De politie heeft bij Veiligheidshuis Klaverlo voor najaar 2026 nog niet ingeleverd." in texts(
        shown
    )
    assert not shown.warning


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize("page", ["mijn_huis", "routekaart", "leverkaart"])
@pytest.mark.parametrize(
    ("role", "place", "leads_to"),
    [
        ("politie", "oost-nederland", "Naar Zelfscan: download de vragenlijst en lever in"),
        ("eenheid", "oost-nederland", "Naar Ronde: wie er nog moet inleveren"),
        ("landelijk", "", "Naar Ronde: wie er nog moet inleveren"),
    ],
)
def test_only_who_may_hand_in_what_is_missing_is_led_to_the_questionnaire(
    page: str, role: str, place: str, leads_to: str
) -> None:
    shown = make_page(page)
    shown.session_state["rol"] = role
    if place:
        shown.session_state[f"rol-bij-{role}"] = place
    shown.query_params["huis"], shown.query_params["wie"] = "klaverlo", "politie"

    links = {getattr(link, "label", "") for link in shown.run().get("page_link")}

    assert {each for each in links if each.startswith(("Naar Zelfscan", "Naar Ronde"))} == {leads_to}


@pytest.mark.usefixtures("nothing_kept")
def test_a_country_without_answers_says_whose_are_missing(
    on_pages: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessment.service.round_scores.load_newest", lambda *_: {})

    shown = open_page("landelijk_beeld")

    assert shown.title[0].value == "Landelijk beeld"
    assert "het huis heeft bij geen van de 30 huizen al ingeleverd voor najaar 2026" in texts(shown)
    shown.session_state["rol"] = "landelijk"
    links = {getattr(link, "label", "") for link in shown.run().get("page_link")}
    assert links == {"Naar Ronde: wie er nog moet inleveren"}
    assert on_pages.register().rounds


@pytest.mark.usefixtures("on_pages")
def test_figures_in_a_table_stand_right() -> None:
    shown = texts(open_page("landelijk_beeld"))

    assert '<th scope="col" class="ks-number">Volgens het kader</th>' in shown
    assert '<th scope="col">Fase</th>' in shown


@pytest.mark.usefixtures("on_pages")
def test_a_police_unit_is_told_what_there_is_for_it() -> None:
    shown = AppTest.from_file(str(HOME / "assessment" / "dashboard.py"), default_timeout=180).run()

    shown.segmented_control[0].select("Politie-eenheid").run()
    told = texts(shown)
    shown.button[0].click().run()

    assert "wie er nu aan zet is en wie op wie wacht" in told
    assert UP_NOW.fullmatch(shown.title[0].value)
    assert (shown.selectbox(key="rol").value, shown.session_state["rechten"]) == ("eenheid", 1)


def test_who_tries_all_rights_goes_on_with_a_draft_as_who_may_fill_it_in(on_pages: Installation) -> None:
    begin_draft(on_pages, Whose("2026-najaar", "waterwolde", Perspective.HOUSE), NOW)
    shown = AppTest.from_file(str(HOME / "assessment" / "dashboard.py"), default_timeout=180).run()
    assert shown.button[0].label.startswith("Ga verder met Waterwolde: ")

    shown.button[0].click().run()

    assert "Waterwolde" in shown.title[0].value
    assert (shown.selectbox(key="rol").value, shown.selectbox(key="rol-bij-manager").value) == (
        "manager",
        "waterwolde",
    )


@pytest.mark.parametrize(
    ("role", "button"),
    [
        ("manager", "Bekijk waar uw huis staat"),  # all handed in
        ("politie", "Ga verder met Waddehorst: 12 van 120 vragen"),  # the one draft
        ("eenheid", "Mijn eenheid bekijken"),
        ("landelijk", "Landelijk beeld bekijken"),
        ("beheerder", "Accounts beheren"),
    ],
)
@pytest.mark.usefixtures("on_pages")
def test_who_has_one_role_is_led_on_without_being_asked_which(role: str, button: str) -> None:
    shown = make_page("start")
    shown.session_state["rol"] = role

    shown.run()

    assert [each.label for each in shown.button] == [button]
    assert not shown.segmented_control


@pytest.mark.usefixtures("on_pages")
def test_on_a_phone_a_value_in_a_table_says_under_which_heading_it_stands() -> None:
    shown = texts(open_page("mijn_eenheid"))

    assert '<td data-what="Huis"><div>Veiligheidshuis' in shown
    assert re.search('<td data-what="[^"]+" class="ks-number ks-none"><div>–</div></td>', shown)


@pytest.mark.usefixtures("on_pages")
def test_a_column_without_any_figure_yet_stands_where_its_words_will() -> None:
    shown = texts(open_page("routekaart"))

    assert '<th scope="col">Vastgesteld</th>' in shown


def let_it_replace(shown: AppTest) -> None:
    """Say that a file with fewer answers may replace what the house handed in before."""
    next(each for each in shown.checkbox if each.label.startswith("Ja, vervang versie 1 (")).check().run()


def test_an_upload_is_read_and_handed_in(on_pages: Installation) -> None:
    content = write_form(on_pages, "veenrijk", None, Perspective.HOUSE)
    shown = open_page("zelfscan")

    shown.file_uploader[0].set_value([("veenrijk.xlsx", content, "application/octet-stream")]).run()
    read = texts(shown)
    let_it_replace(shown)
    shown.button[0].click().run()

    assert "Bestand gelezen: 0 van 120 vragen beantwoord" in read
    assert '<span class="ks-chip ks-row-empty"><i class="ks-sign" aria-hidden="true"></i></span>' in read
    assert "Ingeleverd. De antwoorden van Veiligheidshuis Veenrijk zijn bewaard." in texts(shown)


def answered(installation: Installation, answer: str) -> tuple[str, bytes, str]:
    """A questionnaire with one answer, as an upload."""
    book = load_workbook(BytesIO(write_form(installation, "veenrijk", None, Perspective.HOUSE)))
    book["LOS"]["D5"] = answer
    stream = BytesIO()
    book.save(stream)
    return "veenrijk.xlsx", stream.getvalue(), "application/octet-stream"


def test_an_upload_that_is_not_understood_is_only_stored_with_a_reason(on_pages: Installation) -> None:
    before = count_submissions(on_pages)
    shown = open_page("zelfscan")

    shown.file_uploader[0].set_value([answered(on_pages, "ja, deels")]).run()
    read = texts(shown)

    assert "Blad LOS, cel D5: 'ja, deels' is geen keuze bij LOS-1.1." in read
    assert [(button.label, button.disabled) for button in shown.button] == [
        ("Lever toch in", True),
        ("Vul op het scherm aan wat nog open is", False),
    ]
    assert count_submissions(on_pages) == before
    shown.text_input[0].set_value("Nagevraagd, volgt later").run()
    assert shown.button[0].disabled
    let_it_replace(shown)
    shown.button[0].click().run()
    assert "Ingeleverd." in texts(shown)
    assert count_submissions(on_pages) == before + 1


def press(shown: AppTest, label: str) -> None:
    next(button for button in shown.button if button.label == label).click().run()


def test_what_was_almost_an_option_is_taken_with_one_click(on_pages: Installation) -> None:
    shown = open_page("zelfscan")
    shown.file_uploader[0].set_value([answered(on_pages, "Ja, voor ale")]).run()
    assert "0 van 120 vragen beantwoord" in texts(shown)

    press(shown, "Ja, bij LOS-1.1 bedoel ik: Ja, voor alle")

    assert "1 van 120 vragen beantwoord" in texts(shown)
    assert "'Ja, voor ale' bij LOS-1.1 is gelezen als 'Ja, voor alle', zoals u zelf aangaf." in texts(shown)
    press(shown, "Toch niet bij LOS-1.1")
    assert "0 van 120 vragen beantwoord" in texts(shown)
    press(shown, "Ja, bij LOS-1.1 bedoel ik: Ja, voor alle")
    let_it_replace(shown)
    press(shown, "Lever in")
    assert "Ingeleverd." in texts(shown)
    with on_pages.store.reading() as session:
        stored = load_current(session, "2026-najaar", "veenrijk", Perspective.HOUSE)
    assert stored is not None
    assert [(each.question_id, each.option_id) for each in stored.answers] == [("LOS-1.1", "a")]
    assert stored.accepted_because.startswith("'Ja, voor ale' bij LOS-1.1 is gelezen als")


def test_what_is_open_in_a_file_is_answered_on_screen_without_another_file(on_pages: Installation) -> None:
    shown = open_page("zelfscan")
    shown.file_uploader[0].set_value([answered(on_pages, "Ja, voor ale")]).run()
    press(shown, "Ja, bij LOS-1.1 bedoel ik: Ja, voor alle")

    press(shown, "Vul op het scherm aan wat nog open is")

    assert not shown.exception
    draft = reading(on_pages).find_draft(Whose("2026-najaar", "veenrijk", Perspective.HOUSE))
    assert draft is not None
    assert {key: row.content.option_id for key, row in draft.answers.items() if row.content.option_id} == {
        "LOS-1.1": "a"
    }


def test_a_corrected_file_of_the_same_name_is_another_file(on_pages: Installation) -> None:
    before = count_submissions(on_pages)
    shown = open_page("zelfscan")
    shown.file_uploader[0].set_value([answered(on_pages, "Nee")]).run()
    let_it_replace(shown)
    shown.button[0].click().run()

    shown.file_uploader[0].set_value([answered(on_pages, "Ja, voor alle")]).run()
    offered = texts(shown)
    shown.button[0].click().run()

    assert "is voor dit huis al versie 2 ingeleverd" in offered
    assert count_submissions(on_pages) == before + 2


REFUSE_SUBMISSIONS = {
    "sqlite": "CREATE TRIGGER vol BEFORE INSERT ON submissions BEGIN SELECT RAISE(ABORT, 'vol'); END",
    "postgresql": """
        CREATE FUNCTION vol() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'vol'; END $$;
        CREATE TRIGGER vol BEFORE INSERT ON submissions EXECUTE FUNCTION vol()
    """,
}


def test_a_store_that_fails_is_told_on_the_page(on_pages: Installation) -> None:
    with on_pages.store.writing() as session:
        session.connection().exec_driver_sql(REFUSE_SUBMISSIONS[on_pages.store.engine.dialect.name])
    shown = open_page("zelfscan")
    shown.file_uploader[0].set_value([answered(on_pages, "Nee")]).run()
    let_it_replace(shown)

    shown.button[0].click().run()

    assert "Er is niets bewaard." in texts(shown)
    assert not shown.exception


@pytest.mark.usefixtures("on_pages")
def test_a_file_that_is_no_workbook_gets_a_clear_answer() -> None:
    shown = open_page("zelfscan")

    shown.file_uploader[0].set_value([("brief.pdf", b"%PDF", "application/pdf")]).run()

    assert "brief.pdf: dit is een pdf." in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_my_unit_shows_its_houses_by_name_and_who_is_up() -> None:
    shown = open_page("mijn_eenheid")

    assert UP_NOW.fullmatch(shown.title[0].value)
    said = texts(shown)
    assert "3 van 3 huizen leverden in" in said
    assert said.index(">Terpmark</a>") < said.index(">Veenrijk</a>")
    assert re.search(r'<th scope="row">Politie-eenheid</th><td data-what="2027-K1">', said)
    assert '<th scope="row">Gemeenten</th>' not in said
    assert '<th scope="row">Gemeenten</th>' in texts(shown.selectbox[3].select("gemeenten").run())
    assert "Wie wacht op wie?" in said
    taken = [button.label for button in shown.download_button]
    assert taken == ["Neem mee als csv", "Neem mee als csv"]
    assert "Verbeterplannen" in [button.label for button in shown.button]


@pytest.mark.usefixtures("on_pages")
def test_the_title_of_my_unit_counts_the_lanes_that_are_shown_at_first() -> None:
    shown = open_page("mijn_eenheid")

    lanes = next(str(each.value) for each in shown.html if "ks-lanes" in str(each.value))
    cards = re.findall(r'<th scope="row">[^<]+</th>(<td.*?</td>)', lanes)
    number = sum("<li" in first for first in cards)
    assert f"zijn {format_count(number)} partijen van de politie aan zet" in shown.title[0].value
    assert all("<li" in row for row in lanes.partition("<tbody>")[2].split("</tr>")[:-1])  # none is empty
    assert "Buiten de politie in 2027-K1 aan zet: " in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_a_party_with_nothing_to_do_soon_is_told_so_and_gets_no_empty_lane() -> None:
    page = make_page("mijn_eenheid")
    page.query_params["partij"], page.query_params["alleen-huis"] = "alle", "veenrijk"
    told = texts(page.run())
    _, _, *actors = page.selectbox(key="partij").options
    idle = next(each for each in actors if f'<th scope="row">{format_with_capital(each)}' not in told)

    shown = page.selectbox(key="partij").select(idle).run()

    assert "Van 2027-K1 tot en met 2027-K3 is hier niemand aan zet." in texts(shown)
    assert "ks-lanes" not in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_a_unit_with_little_capacity_shows_what_shifts() -> None:
    shown = open_page("mijn_eenheid")

    slide(shown, "Politie-eenheid", 1)

    assert re.search(LATER, texts(shown))
    assert "te weinig capaciteit bij de politie-eenheid (1 tegelijk)" in texts(shown)


@pytest.mark.usefixtures("on_pages")
def test_a_unit_without_answers_says_so() -> None:
    shown = open_page("mijn_eenheid")

    shown.selectbox(key="ronde").select("2025-najaar").run()
    shown.selectbox(key="wie").select("politie").run()

    assert "bij geen huis van Noord-Nederland al ingeleverd" in texts(shown)


@pytest.mark.usefixtures("on_pages")
@pytest.mark.parametrize(
    ("role", "said"),
    [("manager", "Uw eigen huis staat bij Mijn huis"), ("eenheid", "3 van 3 huizen leverden in")],
)
def test_my_unit_is_for_who_may_see_all_of_its_houses(role: str, said: str) -> None:
    shown = make_page("mijn_eenheid")
    shown.session_state["rol"] = role

    shown.run()

    assert said in texts(shown)
    assert not shown.exception


@pytest.mark.parametrize("role", ["manager", "politie"])
def test_who_has_no_house_in_the_newest_round_begins_at_start_too(on_pages: Installation, role: str) -> None:
    days = (date(2026, 11, 1), date(2026, 12, 31))
    open_round(on_pages, ("klein", "Klein"), days, Asks(("politie/1.1",), ("terpmark",), Rules.TWO), NOW)
    shown = make_page("start")
    shown.session_state["rol"], shown.session_state[f"rol-bij-{role}"] = role, "veenrijk"

    shown.run()

    assert not shown.exception
    assert "Ronde Klein" in texts(shown)


def test_of_an_older_round_it_is_not_said_that_a_closed_one_is_open(on_pages: Installation) -> None:
    close_round(on_pages, "2026-najaar", NOW)
    shown = make_page("landelijk_beeld")
    shown.session_state["rol"], shown.session_state["rol-bij-manager"] = "manager", "veenrijk"
    shown.query_params["ronde"] = "2026-voorjaar"

    said = texts(shown.run())

    assert "30 van 30" in said
    assert "nog open" not in said


@pytest.mark.usefixtures("on_pages")
def test_the_delivery_card_of_a_house_is_reached_from_unit_and_house() -> None:
    unit, house = open_page("mijn_eenheid"), open_page("mijn_huis")

    card = open_page("leverkaart")

    assert re.search(r'href="leverkaart\?[^"]*huis=terpmark', texts(unit))
    assert "van 9 toezeggingen: 4 voldoen, 4 deels, 1 onbepaald" in texts(unit)
    assert "Leverkaart: wat de politie toezegt en levert" in {
        getattr(link, "label", "") for link in house.get("page_link")
    }
    assert card.title[0].value.startswith("Leverkaart Terpmark: van 9 toezeggingen: 4 voldoen")
    assert "Wat de politie volgens het politierapport toezegt" in texts(card)
    assert 'data-what="Geleverd?"' in texts(card)


@pytest.mark.usefixtures("on_pages")
def test_the_inventory_of_the_country_is_searched_and_taken_along() -> None:
    shown = open_page("landelijk_beeld")
    assert "Vormen van aanwezigheid" in texts(shown)

    shown.text_input(key="zoek-inventaris").set_value("wijkagent").run()

    told = texts(shown)
    assert "Sluit een wijkagent aan?" in told
    assert "Vormen van aanwezigheid" not in told
    assert "Neem mee als csv" in {getattr(each, "label", "") for each in shown.get("download_button")}


@pytest.mark.usefixtures("on_pages")
def test_a_gap_that_is_solved_in_the_country_is_tried_on_all_plans_and_stands_in_the_address() -> None:
    shown = open_page("landelijk_beeld")
    assert re.search(r'href="landelijk-beeld\?[^"]*opgelost=INF-2#opgelost"', texts(shown))

    shown.selectbox(key="opgelost").select("LOS-4").run()

    assert shown.query_params["opgelost"] == "LOS-4"
    assert re.search(r"van 27 huizen werk(t|en) dan eerder volgens het kader", texts(shown))


@pytest.mark.usefixtures("on_pages")
def test_an_address_with_what_is_solved_shows_it_at_once() -> None:
    shown = make_page("landelijk_beeld")
    shown.query_params["opgelost"] = "LOS-4"

    assert "dan eerder volgens het kader" in texts(shown.run())


def test_what_is_solved_in_a_closed_round_is_tried_on_what_the_transition_rests_on(
    on_pages: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_round(on_pages, "2026-najaar", NOW)
    tried: list[Roadmap] = []
    monkeypatch.setattr(landelijk_beeld, "show_solved", lambda planned, _: tried.append(planned))
    shown = make_page("landelijk_beeld")
    shown.query_params["ronde"] = "2026-najaar"
    shown.query_params["opgelost"] = "LOS-4"

    assert not shown.run().exception
    assert [each.decisions.closed is not None for each in tried] == [True]
