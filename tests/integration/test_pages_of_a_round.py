"""Pages on rounds and agreements out of the ordinary, run by Streamlit itself without a browser."""

import re
from datetime import date

import pytest

from assessment.model.answers import Deviation, Submission
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.register import Asks, open_round
from assessment.service.round_scores import score_round
from assessment.store.submissions import add_submissions
from tests.conftest import NOW
from tests.pages import make_page
from tests.reading import reading

DAYS = (date(2026, 10, 1), date(2026, 12, 15))


def submission_of(demo: Installation) -> Submission:
    scores = score_round(demo, "2026-najaar", Perspective.HOUSE, NOW.date())
    return reading(demo).find_submission(scores.submissions["waterwolde"])


def open_page(page: str, round_id: str) -> str:
    shown = make_page(page).run()
    shown.selectbox(key="ronde").select(round_id).run()
    shown.selectbox(key="huis").select("waterwolde").run()
    assert not shown.exception
    kinds = (shown.title, shown.header, shown.subheader, shown.markdown, shown.text, shown.html)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("mijn_huis", "Er is geen harde norm gevraagd die voor dit huis geldt."),
        ("routekaart", "Waterwolde: nog geen datum, want er is geen norm gevraagd"),
    ],
)
def test_a_round_in_which_nothing_counts_is_shown_too(on_pages: Installation, page: str, said: str) -> None:
    asked = open_round(
        on_pages, ("veilig", "Veilig"), DAYS, Asks(("integrale-veiligheid/1.0",), ("waterwolde",)), NOW
    )
    known = on_pages.questionnaire_of(asked).question
    given = tuple(answer for answer in submission_of(on_pages).answers if answer.question_id in known)
    handed_in = {"round_id": "veilig", "version": 1, "answers": given, "deviations": ()}
    with on_pages.store.writing() as session:
        add_submissions(session, [(submission_of(on_pages).model_copy(update=handed_in), b"")])

    told = open_page(page, "veilig")

    assert said in told
    assert re.search(r"\bnan\b", told, re.IGNORECASE) is None


def test_a_deviation_that_lapsed_is_shown_as_lapsed(on_pages: Installation) -> None:
    before = submission_of(on_pages)
    lapsed = Deviation(
        criterion_id="POS-2", reason="Klein huis.", agreed_by="Bestuur", until=date(2026, 1, 1)
    )
    changes = {"version": before.version + 1, "deviations": (lapsed,)}
    with on_pages.store.writing() as session:
        add_submissions(session, [(before.model_copy(update=changes), b"")])

    assert "Gold tot en met 1 januari 2026 en is verlopen" in open_page("mijn_huis", "2026-najaar")
