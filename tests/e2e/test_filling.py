"""Invullen: answers are stored as they are given, and nobody overwrites what they have not seen."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from assessment.model.answers import Answer, Whose
from assessment.model.draft import Draft, ThemeShare
from assessment.model.scale import Perspective
from assessment.service.drafts import Edit, begin_draft, save
from assessment.service.installation import Installation
from assessment.service.joint_versions import adopt_for_house
from assessment.store.drafts import remove_draft
from tests.conftest import NOW, count_submissions
from tests.pages import open_page, texts
from tests.reading import reading

WHOSE = Whose("2026-najaar", "terpmark", Perspective.HOUSE)


@pytest.fixture
def draft(on_pages: Installation) -> Draft:
    return begin_draft(on_pages, WHOSE, NOW, empty=True)


def field(draft: Draft, key: str, name: str) -> str:
    return f"concept/{draft.draft_id}/{key}/{name}"


def click(shown: AppTest, label: str) -> None:
    next(button for button in shown.button if button.label == label).click().run()
    assert not shown.exception


def answer_of(installation: Installation, key: str) -> Answer:
    return reading(installation).get_draft(WHOSE).answers[key].content


def by_colleague(installation: Installation, draft: Draft, content: Answer, seen: int = 1) -> None:
    save(installation, Edit(draft.whose, draft.draft_id, content, seen), NOW + timedelta(minutes=3))


def test_one_begins_where_the_last_version_ended_or_empty(on_pages: Installation) -> None:
    shown = open_page("invullen")

    offered = [button.label for button in shown.button]
    click(shown, "Begin leeg")

    assert offered[:2] == [f"Ga verder met versie 1 van {_day_of(on_pages)}", "Begin leeg"]
    assert reading(on_pages).find_draft(WHOSE) is not None
    assert "dit thema 0 van 28" in texts(shown)


def _day_of(installation: Installation) -> str:
    handed_in = reading(installation).find_submission("2026-najaar.terpmark.huis.1").handed_in
    return f"{handed_in.day} {'november' if handed_in.month == 11 else 'oktober'} {handed_in.year}"


def test_a_draft_is_removed_only_after_saying_that_it_may_go(on_pages: Installation, draft: Draft) -> None:
    by_colleague(on_pages, draft, Answer(question_id="LOS-1.1", option_id="a"))
    shown = open_page("invullen")
    button = next(each for each in shown.button if each.label == "Haal het concept weg")

    offered, told = button.disabled, texts(shown)
    shown.checkbox(key=f"concept-weghalen/{draft.draft_id}").check().run()
    click(shown, "Haal het concept weg")

    assert offered
    assert "1 van 120 vragen" in told
    assert reading(on_pages).find_draft(WHOSE) is None
    assert "Het concept is weggehaald. Wat al was ingeleverd, is er nog." in texts(shown)


def test_a_draft_that_a_colleague_went_on_with_is_not_removed_unseen(
    on_pages: Installation, draft: Draft
) -> None:
    shown = open_page("invullen")
    shown.checkbox(key=f"concept-weghalen/{draft.draft_id}").check().run()
    by_colleague(on_pages, draft, Answer(question_id="LOS-1.1", option_id="a"))

    click(shown, "Haal het concept weg")

    assert reading(on_pages).find_draft(WHOSE) is not None
    assert "het concept is intussen veranderd" in texts(shown)


def test_where_the_answers_are_adopted_the_page_says_to_have_them_reopened(on_pages: Installation) -> None:
    adopt_for_house(on_pages, ("2026-najaar", "terpmark"), {}, "huis", NOW)

    shown = open_page("invullen")

    assert "Een concept beginnen kan nu niet" in texts(shown)
    assert not [each.label for each in shown.button if each.label.startswith(("Begin", "Ga verder"))]


def test_a_draft_that_was_there_before_its_answers_were_adopted_stays(
    on_pages: Installation, draft: Draft
) -> None:
    adopt_for_house(on_pages, ("2026-najaar", "terpmark"), {}, "huis", NOW)

    told = texts(open_page("invullen"))

    assert "Dit concept blijft bewaard, maar inleveren kan nu niet." in told
    assert reading(on_pages).find_draft(WHOSE) == draft


def test_an_answer_is_stored_at_once_and_the_page_says_when(on_pages: Installation, draft: Draft) -> None:
    shown = open_page("invullen")

    shown.radio(key=field(draft, "POS-1.1", "option_id")).set_value("b").run()
    shown.text_area(key=field(draft, "POS-1.1", "explanation")).set_value("In het convenant").run()

    assert answer_of(on_pages, "POS-1.1") == Answer(
        question_id="POS-1.1", option_id="b", explanation="In het convenant"
    )
    assert texts(shown).count("Bewaard om ") == 2
    assert "dit thema 1 van 28 · alles 1 van 120" in texts(shown)


def test_another_theme_keeps_what_was_answered_and_tells_what_is_open(
    on_pages: Installation, draft: Draft
) -> None:
    shown = open_page("invullen")
    shown.radio(key=field(draft, "POS-1.1", "option_id")).set_value("b").run()

    click(shown, "Verder met: Loslaten van oneigenlijke taken")
    asked = [radio.label for radio in shown.radio]
    click(shown, "Positie van de politie: 1 van 28")

    assert asked[0].startswith("**LOS-1.1**")
    assert len(asked) == 15
    assert shown.radio(key=field(draft, "POS-1.1", "option_id")).value == "b"
    assert "Nog zonder antwoord in dit thema:** POS-1.2, POS-2.1" in texts(shown)
    assert answer_of(on_pages, "POS-1.1").option_id == "b"


def test_what_a_colleague_changed_elsewhere_is_shown_at_the_next_turn(
    on_pages: Installation, draft: Draft
) -> None:
    shown = open_page("invullen")
    by_colleague(on_pages, draft, Answer(question_id="POS-1.2", option_id="c"))

    shown.radio(key=field(draft, "POS-1.1", "option_id")).set_value("b").run()

    assert shown.radio(key=field(draft, "POS-1.2", "option_id")).value == "c"


@pytest.mark.parametrize(
    ("label", "option_id"),
    [("Houd wat er nu staat", "c"), ("Neem die van mij", "b"), ("Zet terug hoe het was", None)],
)
def test_the_second_who_changes_an_answer_sees_both_side_by_side_and_chooses(
    on_pages: Installation, draft: Draft, label: str, option_id: str | None
) -> None:
    shown = open_page("invullen")
    by_colleague(on_pages, draft, Answer(question_id="POS-1.1", option_id="c", explanation="Van haar"))

    shown.radio(key=field(draft, "POS-1.1", "option_id")).set_value("b").run()
    told = texts(shown)
    before = answer_of(on_pages, "POS-1.1")
    click(shown, label)

    assert "POS-1.1: een collega heeft dit intussen ook veranderd." in told
    assert "Toelichting: Van haar" in told
    assert "Ja, alleen met naam" in told
    assert (before.option_id, before.explanation) == ("c", "Van haar")
    assert answer_of(on_pages, "POS-1.1").option_id == option_id
    assert "intussen ook veranderd" not in texts(shown)
    assert shown.radio(key=field(draft, "POS-1.1", "option_id")).value == (option_id or "")


def test_what_may_be_about_a_person_is_asked_before_it_is_stored(
    on_pages: Installation, draft: Draft
) -> None:
    shown = open_page("invullen")

    shown.text_area(key=field(draft, "POS-1.1", "explanation")).set_value("bel 06-12345678").run()
    told, before = texts(shown), answer_of(on_pages, "POS-1.1").explanation
    click(shown, "Toch bewaren")

    assert "Nog niet bewaard. POS-1.1: '06-…' lijkt een telefoonnummer." in told
    assert before == ""
    assert answer_of(on_pages, "POS-1.1").explanation == "bel 06-12345678"
    assert "Nog niet bewaard" not in texts(shown)


def test_what_was_refused_can_be_taken_back(on_pages: Installation, draft: Draft) -> None:
    shown = open_page("invullen")
    shown.text_area(key=field(draft, "POS-1.1", "explanation")).set_value("bel 06-12345678").run()

    click(shown, "Zet terug wat er stond")

    assert shown.text_area(key=field(draft, "POS-1.1", "explanation")).value == ""
    assert answer_of(on_pages, "POS-1.1").explanation == ""


def test_colleagues_divide_the_themes(on_pages: Installation, draft: Draft) -> None:
    shown = open_page("invullen")

    shown.text_input(key=field(draft, "POS", "taken_by")).set_value("Fatima").run()

    assert reading(on_pages).get_draft(WHOSE).themes["POS"].content == ThemeShare(
        theme_id="POS", taken_by="Fatima"
    )
    assert "<div>Fatima</div>" in texts(shown)


def let_it_replace(shown: AppTest) -> None:
    """Say that an emptier version may replace the one that counts."""
    (yes,) = [each for each in shown.checkbox if each.label.startswith("Ja, vervang versie 1 (")]
    yes.check().run()


def test_a_draft_is_checked_and_then_handed_in_with_a_receipt(on_pages: Installation, draft: Draft) -> None:
    before = count_submissions(on_pages)
    shown = open_page("invullen")
    shown.radio(key=field(draft, "POS-1.1", "option_id")).set_value("b").run()

    click(shown, "Controleer het concept")
    checked = texts(shown)
    assert next(each for each in shown.button if each.label == "Lever in").disabled
    let_it_replace(shown)
    click(shown, "Lever in")

    assert "Concept gelezen: 1 van 120 vragen beantwoord" in checked
    assert "Ingeleverd. De antwoorden van Veiligheidshuis Terpmark zijn bewaard." in texts(shown)
    assert count_submissions(on_pages) == before + 1
    assert reading(on_pages).find_draft(WHOSE) is None


def test_what_a_colleague_changes_after_the_check_is_checked_first(
    on_pages: Installation, draft: Draft
) -> None:
    before = count_submissions(on_pages)
    shown = open_page("invullen")
    click(shown, "Controleer het concept")
    let_it_replace(shown)
    by_colleague(on_pages, draft, Answer(question_id="POS-1.1", option_id="c"))

    click(shown, "Lever in")

    assert "het concept is intussen veranderd" in texts(shown)
    assert "Controleer het concept" in [button.label for button in shown.button]
    assert count_submissions(on_pages) == before


def test_who_looks_at_a_draft_that_is_gone_is_told_what_is_not_stored(
    on_pages: Installation, draft: Draft
) -> None:
    shown = open_page("invullen")
    with on_pages.store.writing() as session:
        remove_draft(session, draft.draft_id)

    shown.radio(key=field(draft, "POS-1.1", "option_id")).set_value("b").run()

    assert "Uw laatste wijziging bij POS-1.1 is niet bewaard." in texts(shown)
    assert "Begin leeg" in [button.label for button in shown.button]


REFUSE_CHANGES = {
    "sqlite": "CREATE TRIGGER vol BEFORE UPDATE ON draft_answers BEGIN SELECT RAISE(ABORT, 'vol'); END",
    "postgresql": """
        CREATE FUNCTION vol() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'vol'; END $$;
        CREATE TRIGGER vol BEFORE UPDATE ON draft_answers EXECUTE FUNCTION vol()
    """,
}
MAKE_ROOM = {"sqlite": "DROP TRIGGER vol", "postgresql": "DROP TRIGGER vol ON draft_answers"}


def test_what_the_store_did_not_take_stays_on_the_page_until_it_does(
    on_pages: Installation, draft: Draft
) -> None:
    kind = on_pages.store.engine.dialect.name
    with on_pages.store.writing() as session:
        session.connection().exec_driver_sql(REFUSE_CHANGES[kind])
    shown = open_page("invullen")

    shown.text_area(key=field(draft, "POS-1.1", "explanation")).set_value("In het convenant").run()
    told, typed = texts(shown), shown.text_area(key=field(draft, "POS-1.1", "explanation")).value
    with on_pages.store.writing() as session:
        session.connection().exec_driver_sql(MAKE_ROOM[kind])
    click(shown, "Probeer opnieuw")

    assert "Nog niet bewaard." in told
    assert "Er is niets bewaard." in told
    assert typed == "In het convenant"
    assert answer_of(on_pages, "POS-1.1").explanation == "In het convenant"
