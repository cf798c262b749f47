"""On what a figure rests is said as it is: adopted only where somebody adopted it."""

from datetime import UTC, date, datetime

import pytest

from assessment.model.register import House, Round
from assessment.model.rounds import (
    Board,
    BoardLine,
    Progress,
    RoundEvent,
    RoundState,
    SubmissionState,
    Version,
)
from assessment.model.scale import ASKED, Perspective
from assessment.tables.administration import count_response, describe_awaited, list_to_adopt
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


AUTUMN = Round(
    round_id="najaar-2026",
    title="najaar 2026",
    opens=date(2026, 10, 1),
    closes=date(2026, 12, 15),
    frameworks=("politie/1.1",),
    house_ids=("waterwolde",),
    perspectives=ASKED,
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

    assert mark_counting(versions) == [
        *("nee, vervangen", "ja", "nee, ingetrokken"),
        "nee, pas na samen vaststellen",
    ]


def test_what_stands_beside_the_figure_of_record_is_not_said_to_count() -> None:
    partners = [version(IN), version(IN, 1, Perspective.PARTNERS)]

    assert mark_counting(partners) == ["ja", "nee, staat naast het beeld dat telt"]


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
    assert describe_zelfscan(AUTUMN, None, None) == "inleveren kan tot en met 15 december 2026"
    assert describe_zelfscan(AUTUMN, version(IN), None) == "ingeleverd op 12 november 2026"


def board(*police: SubmissionState, closing: RoundEvent | None = None) -> Board:
    """A house for each of these states of its police; every house itself handed in."""
    house = House(house_id="waterwolde", title="Waterwolde", unit_id="noord")
    asked = [{Perspective.HOUSE: Progress(IN), Perspective.POLICE: Progress(state)} for state in police]
    return Board(AUTUMN, 120, tuple(BoardLine(house, each) for each in asked), closing)


@pytest.mark.parametrize(
    ("shown", "day", "told"),
    [
        (Perspective.RECORD, 1, "De politie leverde in bij 1 van 3 huizen, nog 14 dagen"),
        (Perspective.HOUSE, 15, "De politie leverde in bij 1 van 3 huizen, vandaag is de laatste dag"),
        (Perspective.JOINT, 16, "De politie leverde in bij 1 van 3 huizen, de laatste dag is voorbij"),
        (Perspective.POLICE, 1, ""),
    ],
)
def test_beside_what_is_shown_it_is_said_who_is_awaited(shown: Perspective, day: int, told: str) -> None:
    open_ = board(IN, SubmissionState.NOT_STARTED, SubmissionState.DRAFT)

    assert describe_awaited(open_, shown, date(2026, 12, day)) == told


def progress(state: SubmissionState, answered: int, whose: Perspective) -> Progress:
    return Progress(state, answered, version(state, 1, whose))


def test_it_is_counted_how_many_handed_in_how_whole_and_whether_it_was_adopted() -> None:
    house = House(house_id="waterwolde", title="Waterwolde", unit_id="noord")
    own, police = Perspective.HOUSE, Perspective.POLICE
    lines = (
        BoardLine(
            house,
            {own: progress(ADOPTED, 119, own), police: progress(ADOPTED, 120, police)},
            progress(ADOPTED, 120, Perspective.JOINT),
        ),
        BoardLine(house, {own: progress(IN, 120, own), police: Progress(SubmissionState.NOT_STARTED)}),
        BoardLine(house, {own: progress(ADOPTED, 60, own), police: Progress(SubmissionState.DRAFT, 120)}),
        BoardLine(house, dict.fromkeys((own, police), Progress(SubmissionState.DRAFT, 120))),
    )
    four = Board(AUTUMN, 120, lines)

    def tell(shown: Perspective) -> list[str]:
        return [told.partition(" ")[0] for _, told in count_response(four, shown)]

    assert count_response(four, Perspective.RECORD)[0] == ("Ingeleverd", "3 van 4 huizen")
    assert tell(Perspective.RECORD) == ["3", "2", "2", "1"]
    assert tell(Perspective.HOUSE) == ["3", "1", "2", "1"]
    assert tell(Perspective.POLICE) == ["1", "1", "1", "1"]
    assert tell(Perspective.JOINT) == ["1", "1", "1", "1"]


CLOSING = RoundEvent(
    round_id="najaar-2026",
    number=1,
    moment=datetime(2026, 12, 16, tzinfo=UTC),
    who="a-1",
    from_state=RoundState.OPEN,
    to_state=RoundState.CLOSED,
)


def test_nobody_is_awaited_where_all_handed_in_nor_in_a_round_that_is_closed() -> None:
    day = CLOSING.moment.date()

    assert describe_awaited(board(IN, ADOPTED), Perspective.RECORD, day) == ""
    closed = board(SubmissionState.NOT_STARTED, closing=CLOSING)
    assert describe_awaited(closed, Perspective.RECORD, day) == ""


def test_what_was_handed_in_waits_to_be_adopted_as_long_as_the_round_is_open() -> None:
    waiting = list_to_adopt(board(IN, SubmissionState.NOT_STARTED))

    assert waiting["Wat er nog moet"].tolist() == [
        "Samen één versie vaststellen",
        "Antwoorden van de politie; vaststellen",
    ]
    assert list_to_adopt(board(IN, closing=CLOSING)).empty
