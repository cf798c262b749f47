"""A next round starts from the last: what was answered then stands beside each question, and is no answer."""

from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from assessment.model.access import Grant, Role, Visitor
from assessment.model.answers import Submission, Whose
from assessment.model.scale import Perspective
from assessment.service.drafts import begin_draft
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, check_file
from assessment.service.queries import Queries
from assessment.service.register import Asks, open_round
from assessment.store.submissions import add_versions
from assessment.tables.formats import format_day
from assessment.tables.versions import format_earlier
from assessment.writers.questionnaire import write_questionnaire, write_questionnaire_csv
from tests.conftest import NOW
from tests.pages import make_page
from tests.reading import reading

pytestmark = pytest.mark.sqlite

DAYS = (date(2027, 3, 1), date(2027, 5, 31))
NEXT = Whose("2027", "terpmark", Perspective.HOUSE)
IN_IT = NOW + timedelta(days=150)


@pytest.fixture
def next_round(demo: Installation) -> Installation:
    """The demo, with a round after it that asks one framework as before."""
    open_round(demo, ("2027", "voorjaar 2027"), DAYS, Asks(("politie/1.1",)), NOW)
    return demo


def test_over_a_new_version_what_still_asks_the_same_is_carried_over(demo: Installation) -> None:
    newest = NEXT._replace(round_id="2026-najaar")

    earlier = reading(demo).find_earlier(newest)

    assert earlier is not None
    assert earlier.round.round_id == "2026-voorjaar"
    assert earlier.answers["POS-1.1"].option_id == "a"
    assert "POS-2.1" not in earlier.answers  # its options changed


def test_of_rounds_before_the_last_in_which_the_house_answered_counts(next_round: Installation) -> None:
    of_police = reading(next_round).find_earlier(NEXT._replace(perspective=Perspective.POLICE))
    of_house = reading(next_round).find_earlier(NEXT)

    assert of_house is not None
    assert of_house.round.round_id == "2026-najaar"
    assert of_house.answers["POS-2.1"].explanation.startswith("In de zomer")
    assert not any(key.startswith(("KAD", "FOR")) for key in of_house.answers)
    assert of_police is not None
    assert of_police.answers["POS-2.1"].option_id == "a"
    assert reading(next_round).find_earlier(NEXT._replace(round_id="2025-najaar")) is None


def test_the_sheet_has_it_in_a_column_of_its_own_and_reads_back_as_empty(next_round: Installation) -> None:
    form = reading(next_round).find_form(NEXT)

    content = write_questionnaire(form)

    rows = {row[0].value: row for row in load_workbook(BytesIO(content))["POS"].iter_rows()}
    assert rows["Nr."][6].value == "Vorige keer"
    told, explained, evidence = str(rows["POS-2.1"][6].value).split(" · ")
    assert told == "najaar 2026: 6 tot en met 8"
    assert explained == "Toelichting: In de zomer was er drie keer niemand, door de vakanties."
    assert evidence.startswith("Bewijs: Presentielijsten")
    assert rows["POS-2.1"][3].value is None
    receipt = check_file(next_round, NamedFile("leeg.xlsx", content), NOW.date())
    assert (receipt.answered.answered, receipt.issues) == (0, ())
    csv = check_file(next_round, NamedFile("leeg.csv", write_questionnaire_csv(form)), NOW.date())
    assert (csv.answered.answered, csv.issues) == (0, ())


def test_who_may_not_read_explanations_gets_none(next_round: Installation) -> None:
    grant = Grant(role=Role.POLICE, unit_id="noord-nederland")
    visitor = Visitor(who="a-1", name="A", grants=(grant,))
    allowed = Queries(next_round, visitor, now=lambda: NOW)

    earlier = allowed.find_earlier(NEXT._replace(perspective=Perspective.POLICE))

    assert earlier is not None


@pytest.fixture
def page(next_round: Installation, on_pages: Installation, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr("assessment.service.clock.now", lambda: IN_IT)
    begin_draft(on_pages, NEXT, NOW, empty=True)
    assert next_round is on_pages
    shown = make_page("invullen")
    shown.query_params["ronde"] = "2027"
    return shown.run()


def answered(where: Installation) -> set[str]:
    return set(reading(where).get_draft(NEXT).answered)


def test_one_click_takes_one_answer_over_or_a_theme_and_nothing_was_taken_before(
    page: AppTest, on_pages: Installation
) -> None:
    assert answered(on_pages) == set()

    page.button(key="concept-vorige/POS-2.1").click().run()
    row = reading(on_pages).get_draft(NEXT).answers["POS-2.1"].content
    assert (row.option_id, row.explanation[:12]) == ("b", "In de zomer ")
    assert answered(on_pages) == {"POS-2.1"}
    assert (
        page.radio(key=f"concept/{reading(on_pages).get_draft(NEXT).draft_id}/POS-2.1/option_id").value == "b"
    )

    page.button(key="concept-vorige/POS").click().run()
    questionnaire = on_pages.questionnaire_of(on_pages.register().round["2027"])
    choices = {q.question_id for q in questionnaire.choices if q.question_id.startswith("POS")}
    assert answered(on_pages) == choices
    assert not page.exception


def test_evidence_tells_since_which_day_it_is_there_over_versions_and_rounds(
    next_round: Installation,
) -> None:
    last = reading(next_round).find_current(NEXT._replace(round_id="2026-najaar"))
    assert last is not None
    first = hand_in(next_round, last, {"POS-1.1": "Verslag van 3 maart", "POS-2.1": "Brief"})
    then = first.model_copy(update={"round_id": NEXT.round_id, "handed_in": IN_IT})

    newest = hand_in(next_round, then, {"POS-1.1": "Verslag van 3 maart", "POS-2.1": "Besluit"})

    shown = reading(next_round).find_version(newest.submission_id)
    assert shown.evidence == {"POS-1.1": last.handed_in.date(), "POS-2.1": IN_IT.date()}
    earlier = reading(next_round).find_earlier(NEXT)
    assert earlier is not None
    assert earlier.evidence == dict.fromkeys(["POS-1.1", "POS-2.1"], last.handed_in.date())
    asked = shown.questionnaire.question["POS-1.1"]
    assert format_earlier(asked, earlier).endswith(f"(sinds {format_day(last.handed_in.date())})")


def hand_in(where: Installation, like: Submission, evidence: dict[str, str]) -> Submission:
    """Hand in the same answers with other evidence."""
    answers = tuple(each._replace(evidence=evidence.get(each.question_id, "")) for each in like.answers)
    file = f"{like.round_id} {evidence}".encode()
    new = like.model_copy(update={"answers": answers, "file_sha256": sha256(file).hexdigest()})
    with where.store.writing() as session:
        (added,) = add_versions(session, [(new, file)], lambda _: None)
    return new.model_copy(update={"version": added.version})
