"""A house decides whether the country reads its explanations."""

from dataclasses import replace

import pytest

from assessment.errors import NotAllowedError, UnknownHouseError
from assessment.model.access import Grant, Role, Task, Visitor
from assessment.model.answers import WITHHELD
from assessment.service.access import require, share_text
from assessment.service.installation import Installation
from assessment.service.register import import_houses
from assessment.settings import HOME
from assessment.store.submissions import add_submissions
from tests.conftest import NOW, Run
from tests.reading import reading, verify_trail, write_trail

SUBMISSION = "2026-najaar.waterwolde.huis.1"


def visited_by(installation: Installation, role: Role, house_id: str | None = None) -> Installation:
    grant = Grant(role=role, house_id=house_id)
    return replace(installation, visitor=Visitor(who="a-1", name="A", grants=(grant,)))


def texts_of(installation: Installation) -> set[str]:
    """Everything that was written freely in the newest version."""
    found = reading(installation).find_submission(SUBMISSION.replace(".1", ".2"))
    written = {answer.explanation for answer in found.answers}
    return {*written, found.file_name, *(each.reason for each in found.deviations)}


@pytest.fixture
def written(demo: Installation) -> Installation:
    """The demo, in which Waterwolde also explained an answer."""
    first = reading(demo).find_submission(SUBMISSION)
    explained = first.answers[0]._replace(explanation="Zo doen wij het.")
    changes = {"answers": (explained, *first.answers[1:]), "version": 2, "file_sha256": "0" * 64}
    with demo.store.writing() as session:
        add_submissions(session, [(first.model_copy(update=changes), b"")])
    return demo


def test_the_country_reads_explanations_from_when_the_house_shares_them(written: Installation) -> None:
    country = visited_by(written, Role.COUNTRY)
    before = texts_of(country)

    share_text(visited_by(written, Role.MANAGER, "waterwolde"), "waterwolde", NOW, shares=True)

    assert before <= {"", WITHHELD}
    assert "Zo doen wij het." in texts_of(country)
    assert texts_of(country) == texts_of(written)


def test_only_the_house_itself_decides(demo: Installation) -> None:
    for other in (visited_by(demo, Role.MANAGER, "terpmark"), visited_by(demo, Role.COUNTRY)):
        with pytest.raises(NotAllowedError, match="Waterwolde"):
            share_text(other, "waterwolde", NOW, shares=True)
    with pytest.raises(UnknownHouseError):
        share_text(demo, "nergens", NOW, shares=True)


def test_choosing_is_in_the_trail_and_the_same_choice_again_is_not(demo: Installation) -> None:
    share_text(demo, "waterwolde", NOW, shares=True)
    after = verify_trail(demo)

    share_text(demo, "waterwolde", NOW, shares=True)

    assert verify_trail(demo) == after
    assert '"new":true,"number"' in list(write_trail(demo))[-1]


def test_taking_houses_over_again_keeps_what_a_house_chose(demo: Installation) -> None:
    share_text(demo, "waterwolde", NOW, shares=True)

    import_houses(demo, HOME / "data" / "demo" / "houses.csv", NOW)

    assert demo.register().house["waterwolde"].shares_text


def test_a_house_chooses_by_command(on_demo: Run) -> None:
    assert on_demo("house", "share", "waterwolde", "--yes").returncode == 0
    assert "niet lezen" in on_demo("house", "share", "waterwolde", "--no").stdout


def test_what_a_house_decides_is_not_to_be_asked_of_the_administrator(demo: Installation) -> None:
    house = demo.register().house["waterwolde"]

    with pytest.raises(NotAllowedError, match="daarover beslist het huis zelf") as refusal:
        require(visited_by(demo, Role.COUNTRY), Task.SEE_FORMULAS, house)
    assert "beheerder" not in str(refusal.value)


def test_an_administrator_is_not_sent_to_the_administrator(demo: Installation) -> None:
    with pytest.raises(NotAllowedError, match="Wel mogen dat: de manager") as refusal:
        require(visited_by(demo, Role.ADMINISTRATOR), Task.SEE_SCORES)
    assert "vraag het" not in str(refusal.value)
    with pytest.raises(NotAllowedError, match="vraag het dan aan de beheerder"):
        require(visited_by(demo, Role.MANAGER, "waterwolde"), Task.MANAGE_ROUNDS)
