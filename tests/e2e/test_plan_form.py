"""The form on Routekaart in which somebody decides about a measure."""

import pytest
from streamlit.testing.v1 import AppTest

from assessment.model.decisions import PlanLine, find_line
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.round_scores import score_round
from tests.conftest import NOW
from tests.pages import open_page, texts
from tests.reading import reading

pytestmark = pytest.mark.sqlite
HOUSE, TAKES = "terpmark", "LOS-2.M1"


@pytest.fixture
def form(on_pages: Installation) -> AppTest:
    assert on_pages is not None
    shown = open_page("routekaart")
    shown.selectbox(key="plan-maatregel").select(TAKES).run()
    return shown


def write(form: AppTest, field: str, text: str) -> str:
    """Fill a field in, press the button, and read the page."""
    form.text_area(key=f"plan/{HOUSE}/{TAKES}/0/{field}").input(text)
    return press(form, "Bewaar")


def press(form: AppTest, label: str) -> str:
    next(each for each in form.button if each.label == label).click().run()
    assert not form.exception
    return texts(form)


def find(installation: Installation) -> PlanLine:
    scores = score_round(installation, None, Perspective.HOUSE, NOW.date())
    return find_line(reading(installation).find_decisions(scores, [HOUSE]), HOUSE, TAKES)


def test_what_cannot_be_decided_is_told_and_what_was_typed_stays(
    form: AppTest, on_pages: Installation
) -> None:
    told = write(form, "dropped", "Geen geld")

    assert "de politie stopt pas als een ander de taak heeft overgenomen" in told
    assert form.text_area(key=f"plan/{HOUSE}/{TAKES}/0/dropped").value == "Geen geld"
    assert find(on_pages).version == 0


def test_what_may_be_about_a_citizen_is_asked_before_it_is_stored(
    form: AppTest, on_pages: Installation
) -> None:
    asked = write(form, "remark", "Bel 06-12345678")
    before = find(on_pages)
    stored = press(form, "Toch bewaren")

    assert "'06-…' lijkt een telefoonnummer" in asked
    assert before.version == 0
    assert "Bewaard." in stored
    assert "lijkt een telefoonnummer" not in stored
    assert find(on_pages).remark == "Bel 06-12345678"


def test_who_changes_what_looks_like_a_citizen_goes_back_to_the_form(
    form: AppTest, on_pages: Installation
) -> None:
    write(form, "remark", "Bel 06-12345678")

    told = press(form, "Ik pas het aan")

    assert "lijkt een telefoonnummer" not in told
    assert find(on_pages).version == 0
