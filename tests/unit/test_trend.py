"""Two rounds taken apart, and house beside police, on small questionnaires."""

import math
from collections.abc import Hashable, Sequence
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engine.comparison import compare_perspectives
from assessment.engine.scoring import list_scores, score_criteria
from assessment.engine.totals import count_answers, score_houses
from assessment.engine.trend import (
    Common,
    Moment,
    carry_over,
    compare_criteria,
    compare_houses,
    find_common,
    leave_out_together,
)
from assessment.model.frames import ChoiceGrid
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import CarriesOver, Kind, Mark, QuestionKind, Rules
from assessment.tables.formats import describe_mark
from assessment.tables.trend import (
    describe_not_carried,
    describe_other_moves,
    format_points,
    list_criterion_changes,
    list_moves,
    round_parts,
)
from tests import builders

ANY = st.sampled_from([*Mark, None])
M, P, N, U, X = Mark.MEETS, Mark.PARTLY, Mark.NOT_YET, Mark.UNKNOWN, Mark.NOT_APPLICABLE


@cache
def make(*texts: str, rules: Rules = Rules.TWO, room: bool = False) -> Questionnaire:
    """A core norm per text, with one question of that text; the last is local room where asked."""
    kinds = [Kind.CORE_NORM] * len(texts)
    kinds[-1] = Kind.LOCAL_ROOM if room else Kind.CORE_NORM
    criteria = []
    for place, (text, kind) in enumerate(zip(texts, kinds, strict=True), 1):
        asked = builders.question(f"POS-{place}.1", core=kind is Kind.CORE_NORM)
        questions = [asked.model_copy(update={"text": text})]
        criteria.append(builders.criterion(f"POS-{place}", kind=kind, questions=questions))
    return builders.questionnaire(*criteria, rules=rules)


def total(asked: Questionnaire, grid: ChoiceGrid) -> pd.DataFrame:
    return score_houses(score_criteria(grid, builders.deviations(), asked), count_answers(grid, asked), asked)


def judge(asked: Questionnaire, *marks: Mark | None) -> pd.DataFrame:
    return list_scores(score_criteria(builders.choices([marks]), builders.deviations(), asked), asked)


def compare(
    before: tuple[Questionnaire, Sequence[Mark | None]], after: tuple[Questionnaire, Sequence[Mark | None]]
) -> dict[str, float]:
    """What is told of one house in two rounds; both are scored again by the rules of the later."""
    rules = after[0].rules
    again = [asked.model_copy(update={"rules": rules}) for asked, _ in (before, after)]
    grids = [builders.choices([marks]) for _, marks in (before, after)]
    common = find_common(*again).questionnaire
    assert common is not None
    carried = [carry_over(grid, asked, common) for grid, asked in zip(grids, again, strict=True)]
    masked = leave_out_together(carried[0], carried[1], common)
    moments = [
        Moment(total(told, grid), total(asked, grid), total(common, own), total(common, left))
        for told, grid, asked, own, left in zip(
            (before[0], after[0]), grids, again, carried, masked, strict=True
        )
    ]
    (row,) = compare_houses(*moments).to_dict("records")
    return {str(name): value for name, value in row.items()}


@given(st.lists(ANY, min_size=3, max_size=3), st.lists(ANY, min_size=3, max_size=3))
def test_house_questionnaire_and_rules_add_up_to_the_whole(
    before: list[Mark | None], after: list[Mark | None]
) -> None:
    told = compare(
        (make("a", "b", "c", rules=Rules.ONE, room=True), before), (make("a", "anders", "c"), after)
    )

    parts = told["house"] + told["questionnaire"] + told["rules"]
    untold = np.isnan([told["house"], told["questionnaire"], told["rules"]])
    assert untold.any() or parts == pytest.approx(told["whole"])


def test_with_the_same_questions_and_rules_everything_is_the_house() -> None:
    told = compare((make("a", "b"), [N, P]), (make("a", "b"), [M, P]))

    assert (told["whole"], told["house"]) == (0.5, 0.5)
    assert (told["questionnaire"], told["rules"]) == (0, 0)


def test_what_other_words_do_is_not_done_by_the_house() -> None:
    told = compare((make("a", "b"), [P, N]), (make("a", "anders"), [P, M]))

    assert (told["house"], told["questionnaire"]) == (0, 0.5)


def test_what_other_rules_do_is_done_by_neither() -> None:
    room = {"room": True}
    told = compare(
        (make("a", "b", rules=Rules.ONE, **room), [M, N]), (make("a", "b", rules=Rules.TWO, **room), [M, N])
    )

    assert (told["whole"], told["rules"]) == (0.5, 0.5)
    assert (told["house"], told["questionnaire"]) == (0, 0)


@pytest.mark.parametrize(
    ("before", "after", "only_by_that"),
    [([M, N], [M, X], True), ([P, N], [M, X], False), ([M, N], [M, P], False)],
)
def test_a_rise_that_comes_only_from_more_not_applicable_is_pointed_out(
    before: list[Mark],
    after: list[Mark],
    only_by_that: bool,  # noqa: FBT001
) -> None:
    told = compare((make("a", "b"), before), (make("a", "b"), after))

    assert told["house"] > 0
    assert told["by_not_applicable"] is only_by_that


def test_every_question_that_is_not_compared_says_why() -> None:
    earlier, later = make("a", "b", "c"), make("a", "anders")

    common = find_common(earlier, later)

    assert common.questionnaire is not None
    assert [q.question_id for q in common.questionnaire.questions] == ["POS-1.1"]
    fates = {question.question_id: why for question, why in common.others}
    assert fates == {"POS-2.1": CarriesOver.OTHER_WORDS, "POS-3.1": CarriesOver.GONE}
    assert find_common(make("a"), make("b")).questionnaire is None


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (N, M, "up"),
        (M, P, "down"),
        (M, M, "same"),
        (M, U, "became_unknown"),
        (U, N, "became_known"),
        (X, M, "not_compared"),
    ],
)
def test_each_criterion_goes_one_way(before: Mark, after: Mark, change: str) -> None:
    asked = make("a")

    assert compare_criteria(judge(asked, before), judge(asked, after))["change"].tolist() == [change]


@pytest.mark.parametrize(
    ("own", "theirs", "agreement"), [(M, M, "agree"), (M, N, "differ"), (M, U, "open"), (X, N, "differ")]
)
def test_house_and_police_agree_differ_or_cannot_be_compared(own: Mark, theirs: Mark, agreement: str) -> None:
    asked = make("a", "b", room=True)

    beside = compare_perspectives(judge(asked, own, M), judge(asked, theirs, N))

    assert beside[["criterion_id", "agreement"]].to_numpy().tolist() == [["POS-1", agreement]]


def test_nobody_changed_nothing() -> None:
    nothing = judge(make("a"), M)[:0]

    assert compare_criteria(nothing, nothing).empty
    assert compare_perspectives(nothing, nothing).empty


@pytest.mark.parametrize(("points", "shown"), [(5, "+5_punten"), (-1, "−1_punt"), (0, "0_punten")])
def test_a_change_is_shown_in_points_with_its_sign(points: float, shown: str) -> None:
    assert format_points(points) == shown.replace("_", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("before", "parts", "rounded"),
    [
        (0.5, (0.104, -0.056, -0.015), [3, 10, -6, -1]),
        (0.5, (0.005, 0.005, 0.005), [2, 1, 1, 0]),
        (0.5, (-0.004, -0.004, -0.004), [-1, -1, 0, 0]),
        (0.5, (0.0, 0.0, 0.0), [0, 0, 0, 0]),
        (0.616, (0.007, 0.0, 0.0), [0, 0, 0, 0]),
        (0.624, (0.002, 0.0, 0.0), [1, 1, 0, 0]),
        (0.626, (0.0, -0.002, 0.0), [-1, 0, -1, 0]),
        (0.996, (0.0, 0.0, 0.004), [1, 0, 0, 1]),
    ],
)
def test_what_changed_is_the_difference_of_what_is_shown_and_its_parts_add_up_to_it(
    before: float, parts: tuple[float, float, float], rounded: list[int]
) -> None:
    after = before + sum(parts)
    ends: dict[Hashable, float] = {f"before_{end}": before for end in ("low", "high")}
    ends |= {f"after_{end}": after for end in ("low", "high")}
    change: dict[Hashable, float] = {**ends, "whole": after - before}
    change |= zip(("house", "questionnaire", "rules"), parts, strict=True)

    points = [*round_parts(change).values()]

    assert points == rounded
    assert sum(points[1:]) == points[0]


def test_what_is_not_known_is_not_divided() -> None:
    change: dict[Hashable, float] = {"whole": math.nan, "house": math.nan, "questionnaire": 0.0, "rules": 0.0}

    assert all(map(math.isnan, round_parts(change).values()))


def test_what_moved_but_is_not_shown_beside_the_actions_is_counted() -> None:
    asked = make("a", "b", "c", "d", "e", "f", "g")
    before = judge(asked, N, N, N, N, N, N, M)
    after = judge(asked, M, M, M, M, M, N, P)
    criteria = compare_criteria(before, after)

    assert len(list_moves(criteria, after, asked)) == 4
    assert describe_other_moves(criteria) == "En nog 2 criteria, verderop."
    assert describe_other_moves(criteria.head(4)) == ""


def test_a_verdict_that_is_another_on_all_questions_of_now_is_told_where_it_moved() -> None:
    asked = make("a", "b")
    after = judge(asked, M, M)
    criteria, now = compare_criteria(judge(asked, N, N), after), judge(asked, M, P)

    assert [each.aside for each in list_moves(criteria, now, asked)] == [
        "",
        "op alle vragen van nu: voldoet deels",
    ]
    assert list_criterion_changes(criteria, now, asked)["Op alle vragen van nu"].tolist() == [
        "● voldoet",
        "◐ voldoet deels",
    ]


def test_the_mark_in_a_bar_is_said_in_words_where_there_is_one() -> None:
    assert describe_mark(0.4, 0.5, "voorjaar 2026") == (". Streep: 45\N{NO-BREAK SPACE}% in voorjaar 2026")
    assert describe_mark(math.nan, math.nan, "voorjaar 2026") == ""


def test_what_is_not_compared_is_counted_apart_for_now_for_open_questions_and_for_what_is_gone() -> None:
    def ask(key: str) -> Question:
        return Question(question_id=f"POS-1.{key}", text="Hoe?", kind=QuestionKind.OPEN_TEXT)

    new, other = (builders.question(f"POS-{place}.1") for place in (1, 2))
    of_now = ((new, CarriesOver.NEW), (other, CarriesOver.OTHER_WORDS), (ask("8"), CarriesOver.NEW))
    gone = (builders.question("POS-3.1"), CarriesOver.GONE), (ask("9"), CarriesOver.GONE)

    assert describe_not_carried(Common(None, (*of_now, *gone))) == (
        "Niet te vergelijken: 2 vragen van nu (1 nieuw, 1 andere woorden), 1 open vraag van nu en "
        "2 vervallen vragen"
    )
    assert describe_not_carried(Common(None, gone[:1])) == "Niet te vergelijken: 1 vervallen vraag"
    assert describe_not_carried(Common(None, ())) == "Alle vragen zijn gelijk"
