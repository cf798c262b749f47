"""On what a figure rests is said as it is: adopted only where somebody adopted it."""

from datetime import UTC, date, datetime

import pytest

from assessment.model.register import Round
from assessment.model.rounds import SubmissionState, Version
from assessment.model.scale import Perspective
from assessment.tables.versions import (
    choose_compared,
    describe_handed_in_by,
    describe_standing,
    describe_standing_of_houses,
    describe_zelfscan,
    mark_counting,
)


def version(state: SubmissionState, number: int = 1, perspective: Perspective = Perspective.HOUSE) -> Version:
    """A version of the house, handed in on 12 November."""
    return Version(
        submission_id=f"najaar-2026/waterwolde/{perspective}/{number}",
        round_id="najaar-2026",
        house_id="waterwolde",
        perspective=perspective,
        version=number,
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


IN, ADOPTED, GONE = SubmissionState.HANDED_IN, SubmissionState.ADOPTED, SubmissionState.WITHDRAWN


def test_the_newest_version_that_was_not_withdrawn_counts() -> None:
    versions = [version(IN, 1), version(IN, 2), version(GONE, 3), version(IN, 1, Perspective.POLICE)]

    assert mark_counting(versions) == ["nee, vervangen", "ja", "nee, ingetrokken", "ja"]


def test_beside_a_joint_version_those_it_was_made_of_count_in_it() -> None:
    versions = [
        version(ADOPTED),
        version(ADOPTED, 1, Perspective.POLICE),
        version(ADOPTED, 1, Perspective.JOINT),
    ]

    assert mark_counting(versions) == [*["ja, in de versie van samen"] * 2, "ja"]


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ([version(IN)], "het huis leverde in, nog niet vastgesteld"),
        ([version(ADOPTED)], "het huis leverde in, vastgesteld"),
        ([version(GONE)], "nu telt niets wat is ingeleverd"),
        (
            [version(ADOPTED), version(IN, 1, Perspective.POLICE)],
            "het huis en de politie leverden in, nog niet alles vastgesteld",
        ),
        ([version(IN, 1, Perspective.PARTNERS)], "de partners leverden in, nog niet vastgesteld"),
    ],
)
def test_a_title_says_who_handed_in_and_whether_it_was_adopted(versions: list[Version], told: str) -> None:
    assert describe_handed_in_by(versions) == told


def test_the_last_two_of_one_perspective_are_compared_first() -> None:
    two = [version(IN, 1), version(IN, 2), version(IN, 1, Perspective.POLICE)]

    assert choose_compared(two) == (0, 1)
    assert choose_compared(two[1:]) == (0, 1)
    assert choose_compared(two[:1]) == (0, 0)


def test_zelfscan_says_what_is_next() -> None:
    round_ = Round(
        round_id="najaar-2026",
        title="najaar 2026",
        opens=date(2026, 10, 1),
        closes=date(2026, 12, 15),
        frameworks=("politie/1.1",),
        house_ids=("waterwolde",),
    )

    assert describe_zelfscan(round_, None, None) == "inleveren kan tot en met 15 december 2026"
    assert describe_zelfscan(round_, version(IN), None) == "ingeleverd op 12 november 2026"
