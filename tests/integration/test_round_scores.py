"""Where houses stand, on what is stored."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from assessment.errors import FrameworkError
from assessment.model.answers import Deviation
from assessment.model.register import Round
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.round_scores import score_round
from assessment.settings import HOME, Settings
from assessment.store.register import add_round
from assessment.store.submissions import add_submissions
from tests.conftest import NOW
from tests.reading import reading

YEAR_END = date(2027, 12, 31)
"""The last day of the deviation that waterwolde agreed."""


def open_next_round(installation: Installation, opens: date) -> None:
    asked = (
        installation.register()
        .rounds[-1]
        .model_copy(update={"round_id": "later", "opens": opens, "closes": opens + timedelta(90)})
    )
    with installation.store.writing() as session:
        add_round(session, Round.model_validate(asked.model_dump()))


def count_explained(installation: Installation, today: date) -> int:
    totals = score_round(installation, "2026-najaar", Perspective.HOUSE, today).totals
    return int(totals.loc[totals["house_id"] == "waterwolde", "explained"].sum())


def test_a_deviation_counts_on_its_last_day_and_not_on_the_next(demo: Installation) -> None:
    assert count_explained(demo, YEAR_END) == 1
    assert count_explained(demo, YEAR_END + timedelta(1)) == 0


def test_an_earlier_round_is_shown_as_on_the_day_that_the_next_one_opened(demo: Installation) -> None:
    long_after = YEAR_END + timedelta(400)

    open_next_round(demo, YEAR_END)

    assert count_explained(demo, long_after) == 1


def test_a_deviation_that_ended_before_the_next_round_opened_has_lapsed_for_good(demo: Installation) -> None:
    open_next_round(demo, YEAR_END + timedelta(1))

    assert count_explained(demo, YEAR_END + timedelta(400)) == 0


def edit_published(demo: Installation, folder: Path, old: str, new: str) -> Installation:
    """The same installation after somebody edited a published framework."""
    copytree(HOME / "questionnaires", folder / "questionnaires")
    file = folder / "questionnaires" / "politie" / "1.0.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return replace(demo, settings=Settings(content_folder=folder, database_url=demo.settings.database_url))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("question_id: POS-4.1", "question_id: POS-4.9"),
        (
            (
                "              - mark: not_yet\n                text: Nee\n"
                "              - mark: unknown\n                text: Weet ik niet\n"
                "          - question_id: POS-4.2"
            ),
            "          - question_id: POS-4.2",
        ),
    ],
)
def test_a_published_framework_that_was_edited_is_refused_not_scored_wrong(
    demo: Installation, tmp_path: Path, old: str, new: str
) -> None:
    edited = edit_published(demo, tmp_path, old, new)

    with pytest.raises(FrameworkError, match=r"is veranderd sinds er is ingeleverd.*: POS-4\.1\. Zet"):
        score_round(edited, "2026-voorjaar", Perspective.HOUSE, NOW.date())


def test_a_deviation_from_a_criterion_that_is_gone_is_refused_too(demo: Installation) -> None:
    current = score_round(demo, "2026-najaar", Perspective.HOUSE, NOW.date())
    submission = reading(demo).find_submission(current.submissions["waterwolde"])
    lost = Deviation(criterion_id="POS-99", reason="Anders", agreed_by="Stuurgroep", until=YEAR_END)
    newer = submission.model_copy(
        update={"version": submission.version + 1, "answers": (), "deviations": (lost,)}
    )
    with demo.store.writing() as session:
        add_submissions(session, [(newer, b"")])

    with pytest.raises(FrameworkError, match="POS-99"):
        score_round(demo, "2026-najaar", Perspective.HOUSE, NOW.date())
