"""Two versions of what was handed in: where they differ, how they become one, what others may read."""

from datetime import date, datetime
from itertools import product

import pandas as pd
import pytest

from assessment.model.answers import (
    HOUSE,
    POLICE,
    WITHHELD,
    Answer,
    Deviation,
    Difference,
    Submission,
    Whose,
    date_evidence,
    find_differences,
    join_answers,
    join_deviations,
)
from assessment.model.scale import Perspective
from assessment.tables.versions import describe_comparison, describe_sides
from tests import builders


def deviation(criterion_id: str = "POS-1", **changes: object) -> Deviation:
    dull = {"criterion_id": criterion_id, "reason": "Kleine regio", "agreed_by": "Stuurgroep"}
    return Deviation.model_validate(dull | {"until": date(2027, 6, 30)} | changes)


def submission(*said: Answer | Deviation, **changes: object) -> Submission:
    """A version in which this was said."""
    dull: dict[str, object] = {
        "house_id": "ons",
        "round_id": "2026-najaar",
        "perspective": Perspective.HOUSE,
        "answers": tuple(each for each in said if isinstance(each, Answer)),
        "deviations": tuple(each for each in said if isinstance(each, Deviation)),
        "handed_in": datetime(2026, 11, 22, 12),  # noqa: DTZ001 - days and hours of the Netherlands
        "file_name": "ons.xlsx",
        "file_sha256": "0" * 64,
    }
    return Submission.model_validate(dull | changes)


def join(own: Answer | None, theirs: Answer | None, choice: str = "") -> Answer:
    """The one joint answer of what the house and its police said at POS-1.1."""
    (joint,) = join_answers(
        submission(*filter(None, [own])),
        submission(*filter(None, [theirs]), perspective=Perspective.POLICE),
        {"POS-1.1": choice} if choice else {},
    )
    return joint


def join_one(own: Deviation | None, theirs: Deviation | None, **choices: str) -> tuple[Deviation, ...]:
    """What house and police agree on together of what each agreed."""
    return join_deviations(
        submission(*filter(None, [own])),
        submission(*filter(None, [theirs]), perspective=Perspective.POLICE),
        {key.replace("_", "-"): choice for key, choice in choices.items()},
    )


def test_an_answer_says_something_with_an_option_or_any_words() -> None:
    assert Answer("POS-1.1", "a").says_something
    assert Answer("POS-1.1", explanation="Loopt").says_something
    assert Answer("POS-1.1", evidence="Verslag").says_something
    assert not Answer("POS-1.1").says_something


def test_a_deviation_is_in_force_up_to_and_on_its_last_day() -> None:
    agreed = deviation()

    assert agreed.in_force(date(2027, 6, 30))
    assert not agreed.in_force(date(2027, 7, 1))


def test_a_version_tells_whose_it_is_and_has_a_readable_id() -> None:
    handed_in = submission(perspective=Perspective.POLICE, version=2)

    assert handed_in.whose == Whose("2026-najaar", "ons", Perspective.POLICE)
    assert handed_in.submission_id == "2026-najaar.ons.politie.2"


def test_without_texts_the_choices_stay_and_every_text_is_withheld() -> None:
    told = submission(
        Answer("POS-1.1", "b", "Woorden", "Verslag"), deviation(), accepted_because="Kon niet anders"
    )

    closed = told.without_texts()

    assert closed.answers == (Answer("POS-1.1", "b"),)
    assert closed.deviations == (deviation(reason=WITHHELD, agreed_by=WITHHELD),)
    assert (closed.file_name, closed.accepted_because) == (WITHHELD, WITHHELD)
    assert closed.submission_id == told.submission_id


def test_without_texts_nothing_is_withheld_where_nothing_was_written() -> None:
    assert submission().without_texts().accepted_because == ""


def test_two_versions_that_say_the_same_do_not_differ() -> None:
    said = (Answer("POS-1.1", "a"), deviation())

    assert find_differences(submission(*said), submission(*said)) == ()


def test_differences_come_questions_first_and_by_id_with_what_each_says() -> None:
    kept, gone, come = Answer("POS-1.1", "a"), Answer("POS-2.1", "a"), Answer("POS-1.2", "c")
    agreed = deviation()

    differences = find_differences(submission(gone, kept), submission(kept, come, agreed))

    assert differences == (
        Difference("POS-1.2", None, come),
        Difference("POS-2.1", gone, None),
        Difference("POS-1", None, agreed),
    )
    assert [each.is_answer for each in differences] == [True, True, False]


@pytest.mark.parametrize(
    ("old", "new", "of_choice", "needs_choice"),
    [
        (Answer("POS-1.1", "a"), Answer("POS-1.1", "b"), True, True),
        (Answer("POS-1.1", "a"), None, True, False),
        (None, Answer("POS-1.1", "b"), True, False),
        (Answer("POS-1.1", "a", "Zo"), Answer("POS-1.1", "a", "Anders"), False, False),
        (Answer("POS-1.1", explanation="Zo"), None, False, False),
        (deviation(), deviation(reason="Iets anders"), True, True),
        (deviation(), None, True, True),
    ],
)
def test_only_two_letters_or_a_deviation_ask_for_a_choice(
    *, old: Answer | Deviation | None, new: Answer | Deviation | None, of_choice: bool, needs_choice: bool
) -> None:
    difference = Difference("POS-1", old, new)

    assert (difference.of_choice, difference.needs_choice) == (of_choice, needs_choice)


def test_what_one_says_alone_is_what_both_say() -> None:
    said = Answer("POS-1.1", "b", "Woorden", "Verslag")

    assert join(said, None) == said
    assert join(None, said) == said


def test_the_same_letter_keeps_the_words_of_both_with_who_said_them() -> None:
    joint = join(Answer("POS-1.1", "b", "Nog niet", "Verslag"), Answer("POS-1.1", "b", "Bijna", "Verslag"))

    assert joint == Answer("POS-1.1", "b", "Huis: Nog niet Politie: Bijna", "Verslag")


def test_the_letter_of_one_goes_before_the_silence_of_the_other() -> None:
    silent, said = Answer("POS-1.1", explanation="Navragen"), Answer("POS-1.1", "c")

    assert join(silent, said) == join(said, silent) == Answer("POS-1.1", "c", "Navragen")


def test_a_chosen_side_gives_its_letter_and_its_own_words() -> None:
    own, theirs = Answer("POS-1.1", "a", "Van ons"), Answer("POS-1.1", "b", "Van hen")

    assert join(own, theirs, HOUSE) == own
    assert join(own, theirs, POLICE) == theirs


def test_a_third_letter_may_be_chosen_and_keeps_the_words_of_both() -> None:
    joint = join(Answer("POS-1.1", "a", "Van ons"), Answer("POS-1.1", "b", "Van hen"), "c")

    assert joint == Answer("POS-1.1", "c", "Huis: Van ons Politie: Van hen")


def test_the_silence_of_the_chosen_side_never_drops_what_the_other_said() -> None:
    said = Answer("POS-1.1", "b", "Van hen")

    assert join(None, said, HOUSE) == said


def test_where_nobody_chose_an_option_the_joint_answer_has_none() -> None:
    joint = join(Answer("POS-1.1", explanation="Weten wij niet"), Answer("POS-1.1"))

    assert joint == Answer("POS-1.1", None, "Weten wij niet")


def test_joint_answers_come_by_question() -> None:
    house = submission(Answer("POS-2.1", "a"), Answer("POS-1.1", "a"))

    joint = join_answers(house, submission(Answer("POS-1.2", "b")), {})

    assert [answer.question_id for answer in joint] == ["POS-1.1", "POS-1.2", "POS-2.1"]


def test_a_deviation_that_only_the_police_agreed_on_holds_only_when_it_is_chosen() -> None:
    agreed = deviation()

    assert join_one(None, agreed) == ()
    assert join_one(None, agreed, POS_1=POLICE) == (agreed,)


def test_a_deviation_of_the_house_holds_unless_the_police_is_chosen() -> None:
    agreed = deviation()

    assert join_one(agreed, None) == join_one(agreed, None, POS_1=HOUSE) == (agreed,)
    assert join_one(agreed, None, POS_1=POLICE) == ()


@pytest.mark.parametrize(("choice", "place"), [(HOUSE, 0), (POLICE, 1)])
def test_of_two_deviations_the_chosen_one_holds(choice: str, place: int) -> None:
    both = deviation(), deviation(reason="Andere reden")

    assert join_one(*both, POS_1=choice) == (both[place],)


def test_joint_deviations_come_by_criterion() -> None:
    house = submission(*(deviation(f"POS-{number}") for number in (3, 1, 2)))

    joint = join_deviations(house, submission(), {})

    assert [each.criterion_id for each in joint] == ["POS-1", "POS-2", "POS-3"]


def test_whatever_was_chosen_no_letter_is_invented() -> None:
    for own, theirs, choice in product([None, "a", "b"], [None, "a", "b"], ["", HOUSE, POLICE, "c"]):
        joint = join(Answer("POS-1.1", own), Answer("POS-1.1", theirs), choice)

        assert joint.option_id in ({"c"} if choice == "c" else {own, theirs})


def test_evidence_is_there_since_the_first_version_that_has_it_without_a_break() -> None:
    now = submission(evident("POS-1.1", "Verslag"), evident("POS-2.1", "Besluit"), evident("POS-3.1", ""))
    before = [
        (date(2026, 6, 1), [evident("POS-1.1", "Verslag"), evident("POS-2.1", "Brief")]),
        (date(2026, 3, 1), [evident("POS-1.1", "Verslag"), evident("POS-2.1", "Besluit")]),
        (date(2025, 9, 1), [evident("POS-1.1", "")]),
        (date(2025, 3, 1), [evident("POS-1.1", "Verslag")]),
    ]

    days = date_evidence(now, ((day, {each.question_id: each for each in said}) for day, said in before))

    assert days == {"POS-1.1": date(2026, 3, 1), "POS-2.1": date(2026, 11, 22)}


def evident(question_id: str, evidence: str) -> Answer:
    return Answer(question_id, "a", evidence=evidence)


def test_a_comparison_says_by_what_two_versions_differ() -> None:
    own, theirs = (
        submission(
            Answer(question_id="POS-1.1", option_id=letter),
            Answer(question_id="POS-2.1", option_id="a", explanation=f"Toelichting {letter}"),
            *agreed,
        )
        for letter, agreed in (("a", [deviation("POS-3")]), ("b", []))
    )
    judged = pd.DataFrame({"verdict_old": ["meets", "partly"], "verdict_new": ["not_yet", "undetermined"]})

    told = describe_comparison(find_differences(own, theirs), judged)

    assert told == (
        "Het antwoord is anders bij 1 vraag, alleen de toelichting bij 1 vraag, wat is afgesproken (bewust "
        "anders) bij 1 criterium. Het oordeel verschilt bij 2 criteria; bij 1 daarvan is het aan één kant "
        "nog onbepaald."
    )
    assert describe_comparison((), judged.head(0)) == (
        "Elk antwoord is gelijk. Het oordeel verschilt bij geen criteria."
    )


def test_where_one_side_agreed_nothing_that_is_said_in_words() -> None:
    asked = builders.questionnaire(builders.criterion("POS-1"))
    difference = Difference("POS-1", deviation("POS-1"), None)

    assert describe_sides(difference, asked) == (
        "Kleine regio Akkoord van: Stuurgroep. Tot en met 30 juni 2027.",
        "geen afspraak om af te wijken",
    )
