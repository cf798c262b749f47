from itertools import product

import numpy as np
import pandas as pd
import pytest

from assessment.engine.scoring import arrange_answers, list_scores, score_criteria
from assessment.engine.totals import count_answers, score_houses, score_themes
from assessment.errors import SchemaError
from assessment.model.frames import CRITERION_SCORES
from assessment.model.scale import Kind, Mark, Rules, Verdict
from tests import builders, reference

KINDS_AND_CORES = [
    (kind, core)
    for kind in Kind
    for size in (1, 2, 3)
    for core in product([True, False], repeat=size)
    if (all(core) if kind is Kind.HARD_NORM else any(core) if kind is Kind.CORE_NORM else not any(core))
]


@pytest.mark.parametrize("rules", Rules)
@pytest.mark.parametrize(("kind", "core"), KINDS_AND_CORES)
def test_every_combination_of_marks_agrees_with_the_naive_reference(
    kind: Kind, core: tuple[bool, ...], rules: Rules
) -> None:
    asked = builders.questionnaire(builders.criterion(kind=kind, core=core), rules=rules)
    rows = list(product([None, *Mark], repeat=len(core)))

    scores = list_scores(score_criteria(builders.choices(rows), builders.deviations(), asked), asked)

    for row, low, high, verdict in zip(rows, scores["low"], scores["high"], scores["verdict"], strict=True):
        given = {f"POS-1.{place}": builders.LETTER[mark] for place, mark in enumerate(row, 1)}
        expected, expected_verdict = reference.judge(asked.criteria[0], given, deviates=False, rules=rules)
        assert verdict == expected_verdict, row
        assert (None if np.isnan(low) else (low, high)) == (expected and pytest.approx(expected)), row


def test_a_question_that_only_describes_never_counts_not_even_when_empty() -> None:
    described = builders.question("POS-1.2", marks=[Mark.DESCRIPTIVE, Mark.UNKNOWN])
    asked = builders.questionnaire(
        builders.criterion(
            kind=Kind.CORE_NORM, questions=[builders.question("POS-1.1", core=True), described]
        )
    )
    given = builders.answers(
        ("empty", "POS-1.1", "a"),
        ("described", "POS-1.1", "a"),
        ("described", "POS-1.2", "a"),
        ("unknown", "POS-1.1", "a"),
        ("unknown", "POS-1.2", "b"),
    )

    scores = builders.scores(asked, given, ("empty", "described", "unknown"))

    assert list_scores(scores, asked)["verdict"].tolist() == ["meets"] * 3


def test_more_answers_never_widen_the_range() -> None:
    asked = builders.questionnaire(builders.criterion(core=(False, False)))

    scores = builders.scores(asked, builders.answers(("more", "POS-1.1", "a")), ("less", "more"))

    width = scores.high - scores.low
    assert width[1, 0] < width[0, 0]


def test_an_option_may_have_a_value_of_its_own() -> None:
    options = [{"mark": "meets", "text": "Ja"}, {"mark": "partly", "text": "Bijna", "value": 0.75}]
    asked = builders.questionnaire(
        builders.criterion(questions=[{"question_id": "POS-1.1", "text": "Is het af?", "options": options}])
    )

    scores = builders.scores(asked, builders.answers(("h0", "POS-1.1", "b")))

    assert scores.low[0, 0] == scores.high[0, 0] == 0.75


def test_a_weighted_question_counts_more() -> None:
    heavy = builders.question("POS-1.1").model_copy(update={"weight": 3.0})
    asked = builders.questionnaire(builders.criterion(questions=[heavy, builders.question("POS-1.2")]))

    scores = builders.scores(asked, builders.answers(("h0", "POS-1.1", "a"), ("h0", "POS-1.2", "c")))

    assert scores.low[0, 0] == 0.75


def test_a_deviation_never_excuses_a_hard_norm() -> None:
    asked = builders.questionnaire(builders.criterion(kind=Kind.HARD_NORM, core=(True,)))
    grid = builders.choices([[Mark.NOT_YET]])

    scores = score_criteria(grid, builders.deviations(("h0", "POS-1")), asked)

    assert list_scores(scores, asked)["verdict"].tolist() == ["not_yet"]


@pytest.mark.parametrize(
    ("mark", "settled"),
    [(Mark.MEETS, True), (Mark.PARTLY, False), (Mark.UNKNOWN, False), (Mark.NOT_APPLICABLE, True)],
)
def test_an_open_issue_is_never_scored_but_may_be_settled(mark: Mark, settled: bool) -> None:  # noqa: FBT001
    asked = builders.questionnaire(builders.criterion(kind=Kind.OPEN_ISSUE))

    scores = list_scores(score_criteria(builders.choices([[mark]]), builders.deviations(), asked), asked)

    assert scores["verdict"].tolist() == [Verdict.NOT_SCORED]
    assert scores["settled"].tolist() == [settled]


def test_nobody_gives_no_rows() -> None:
    asked = builders.questionnaire()
    grid = arrange_answers(builders.answers(), (), asked)

    scores = score_criteria(grid, builders.deviations(), asked)

    assert list_scores(scores, asked).equals(CRITERION_SCORES.empty())
    assert score_themes(scores, asked).empty
    assert score_houses(scores, count_answers(grid, asked), asked).empty


def test_a_house_gets_the_same_digits_alone_as_among_others() -> None:
    asked = builders.questionnaire(
        *(builders.criterion(f"POS-{place}", weight=0.1 * place, core=(False,) * 3) for place in range(1, 9))
    )
    dice = np.random.default_rng(1)
    rows = [[Mark(mark) for mark in dice.choice(list(Mark)[:4], 24)] for _ in range(50)]

    together = score_criteria(builders.choices(rows), builders.deviations(), asked)
    alone = [score_criteria(builders.choices([row]), builders.deviations(), asked) for row in rows]

    np.testing.assert_array_equal(together.low, np.concatenate([scores.low for scores in alone]))
    themes = pd.concat([score_themes(scores, asked) for scores in alone])
    np.testing.assert_array_equal(score_themes(together, asked)["low"], themes["low"])


def test_many_questions_in_one_criterion_are_scored_without_a_table_of_all_answers() -> None:
    core = (False,) * 9
    asked = builders.questionnaire(builders.criterion(core=core))
    rows = [[Mark.MEETS] * 9, [Mark.NOT_YET] * 9, [Mark.MEETS] * 3 + [Mark.UNKNOWN] * 6]

    scores = score_criteria(builders.choices(rows), builders.deviations(), asked)

    assert scores.low[:, 0].tolist() == [1, 0, 3 / 9]
    assert scores.high[:, 0].tolist() == [1, 0, 1]


def test_weet_ik_niet_is_an_answer_and_nvt_leaves_both_counts() -> None:
    asked = builders.questionnaire(builders.criterion(core=(False,) * 4))
    grid = builders.choices([[Mark.MEETS, Mark.UNKNOWN, Mark.NOT_APPLICABLE, None]])

    counts = count_answers(grid, asked)

    assert counts.to_dict("records") == [{"answered": 2, "applicable": 3}]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (("elders", "POS-1.1", "a"), "house_id not known here: elders"),
        (("h0", "POS-9.9", "a"), "question_id not known here: POS-9.9"),
        (("h0", "POS-1.1", "g"), "option_id not known here: POS-1.1 g"),
        (("h0", "POS-1.1", "A"), "option_id not known here: POS-1.1 A"),
    ],
)
def test_an_answer_that_fits_nowhere_never_lands_somewhere_else(
    row: tuple[str, str, str], named: str
) -> None:
    with pytest.raises(SchemaError, match=named):
        arrange_answers(builders.answers(row), ("h0",), builders.questionnaire())


@pytest.mark.parametrize("row", [("elders", "POS-1"), ("h0", "POS-9")])
def test_a_deviation_that_fits_nowhere_never_excuses_something_else(row: tuple[str, str]) -> None:
    grid = builders.choices([[Mark.NOT_YET]])

    with pytest.raises(SchemaError, match="not known here"):
        score_criteria(grid, builders.deviations(row), builders.questionnaire())


def test_thirty_questions_in_one_criterion_are_scored() -> None:
    asked = builders.questionnaire(builders.criterion(core=(False,) * 30))
    rows = [[Mark.MEETS] * 30, [Mark.MEETS] * 15 + [Mark.NOT_YET] * 15, [Mark.MEETS] * 30]

    scores = score_criteria(builders.choices(rows), builders.deviations(), asked)

    assert scores.low[:, 0].tolist() == [1, 0.5, 1]
    assert builders.scores(asked, builders.answers(), ()).low.shape == (0, 1)
