"""On what a figure rests is said as it is: adopted only where somebody adopted it."""

from datetime import UTC, datetime

import pytest

from assessment.model.rounds import SubmissionState, Version
from assessment.model.scale import Perspective
from assessment.tables.versions import describe_standing, describe_standing_of_houses


def version(state: SubmissionState) -> Version:
    """A version of the house, handed in on 12 November."""
    return Version(
        submission_id="najaar-2026/waterwolde/huis/1",
        round_id="najaar-2026",
        house_id="waterwolde",
        perspective=Perspective.HOUSE,
        version=1,
        handed_in=datetime(2026, 11, 12, 14, tzinfo=UTC),
        file_name="waterwolde.xlsx",
        file_sha256="0",
        answered=120,
        state=state,
    )


@pytest.mark.parametrize(
    ("state", "adopted"),
    [
        (SubmissionState.HANDED_IN, "nog niet vastgesteld"),
        (SubmissionState.ADOPTED, "vastgesteld"),
        (SubmissionState.FROZEN, "vastgesteld"),
    ],
)
def test_answers_of_a_house_are_called_adopted_only_where_they_were(
    state: SubmissionState, adopted: str
) -> None:
    told = describe_standing(Perspective.HOUSE, version(state))

    assert told == f"op wat het huis zelf invulde, ingeleverd 12 november 2026, {adopted}"


def test_who_may_not_know_how_far_a_house_is_is_told_whose_answers_alone() -> None:
    assert describe_standing(Perspective.POLICE, None) == "op wat de politie invulde"


def test_a_joint_version_was_adopted_by_both() -> None:
    told = describe_standing(Perspective.JOINT, version(SubmissionState.ADOPTED))

    assert told == "vastgesteld door huis en politie samen"


@pytest.mark.parametrize(
    ("joint", "told"),
    [
        (0, "op wat elk huis zelf invulde"),
        (5, "5 van 30 huizen vastgesteld door huis en politie samen, verder op wat elk huis zelf invulde"),
        (30, "30 van 30 huizen vastgesteld door huis en politie samen"),
    ],
)
def test_of_several_houses_it_is_counted_how_many_adopted_together(joint: int, told: str) -> None:
    assert describe_standing_of_houses(Perspective.RECORD, joint, 30) == told
