"""Two rounds side by side: what a house changed, what the questionnaire changed and what the rules changed.

Source: questionnaires/scoring.md, section 7.
"""

from collections.abc import Container
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.model.compared import CRITERION_CHANGES, HOUSE_CHANGES
from assessment.model.frames import ChoiceGrid
from assessment.model.framework import Framework, Theme
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import CarriesOver, Change, Mark, Verdict

_NOISE = 1e-9


class Common(NamedTuple):
    """What two questionnaires ask alike.

    `questionnaire` is the later one with only those questions, None where there are none; `others` are the
    questions that are compared nowhere, with why.
    """

    questionnaire: Questionnaire | None
    others: tuple[tuple[Question, CarriesOver], ...]


def find_common(earlier: Questionnaire, later: Questionnaire) -> Common:
    """Find the questions with the same number, words and options; the later one gives kinds and weights."""
    same = later.find_same(earlier)
    changed = [(q, _find_fate(q, earlier)) for q in later.questions if q.question_id not in same]
    gone = [(q, CarriesOver.GONE) for q in earlier.questions if q.question_id not in later.question]
    frameworks = tuple(each for each in (_keep(f, same) for f in later.frameworks) if each.themes)
    asked = (
        Questionnaire(frameworks=frameworks, sha256=later.sha256, rules=later.rules) if frameworks else None
    )
    return Common(asked, (*changed, *gone))


def _find_fate(question: Question, earlier: Questionnaire) -> CarriesOver:
    before = earlier.question.get(question.question_id)
    if before is None:
        return CarriesOver.NEW
    return CarriesOver.OTHER_WORDS if question.options == before.options else CarriesOver.OTHER_OPTIONS


def _keep(framework: Framework, kept: Container[str]) -> Framework:
    """The framework with only these questions, and only what holds any of them."""
    themes = (_keep_theme(theme, kept) for theme in framework.themes)
    return framework.model_copy(update={"themes": tuple(each for each in themes if each.criteria)})


def _keep_theme(theme: Theme, kept: Container[str]) -> Theme:
    criteria = (
        each.model_copy(update={"questions": tuple(q for q in each.questions if q.question_id in kept)})
        for each in theme.criteria
    )
    return theme.model_copy(update={"criteria": tuple(each for each in criteria if each.questions)})


def carry_over(grid: ChoiceGrid, asked: Questionnaire, common: Questionnaire) -> ChoiceGrid:
    """What was answered in a round to the questions that both rounds ask alike."""
    places = {question.question_id: place for place, question in enumerate(asked.questions)}
    return ChoiceGrid(grid.house_ids, grid.choices[:, [places[q.question_id] for q in common.questions]])


def leave_out_together(
    earlier: ChoiceGrid, later: ChoiceGrid, common: Questionnaire
) -> tuple[ChoiceGrid, ChoiceGrid]:
    """The same answers, but n.v.t. in both rounds wherever it is in one: so that it makes no difference."""
    left_out = [_find_not_applicable(question) for question in common.questions]
    before, after = earlier.choices.copy(), later.choices.copy()
    for place, choices in enumerate(left_out):
        either = np.isin(before[:, place], choices) | np.isin(after[:, place], choices)
        before[either, place] = after[either, place] = choices[0] if choices else 0
    return ChoiceGrid(earlier.house_ids, before), ChoiceGrid(later.house_ids, after)


def _find_not_applicable(question: Question) -> list[int]:
    return [place for place, o in enumerate(question.options, 1) if o.mark is Mark.NOT_APPLICABLE]


class Moment(NamedTuple):
    """One of two rounds, scored in four ways; each is HOUSE_SCORES of the same houses, in the same order.

    `told` as it was told; `again` by the newer of the rules of both; `common` by those, on the questions that
    both rounds ask alike; `applicable` so too, without any answer that is n.v.t. in either round.
    """

    told: pd.DataFrame
    again: pd.DataFrame
    common: pd.DataFrame
    applicable: pd.DataFrame


def compare_houses(earlier: Moment, later: Moment) -> pd.DataFrame:
    """Take apart by how much houses changed, in midpoints.

    Returns:
        HOUSE_CHANGES: what came of the house, of the questionnaire and of the rules adds up to the whole.
    """
    whole = _find_middle(later.told) - _find_middle(earlier.told)
    again = _find_middle(later.again) - _find_middle(earlier.again)
    house = _find_middle(later.common) - _find_middle(earlier.common)
    applicable = _find_middle(later.applicable) - _find_middle(earlier.applicable)
    risen = house > _NOISE
    return HOUSE_CHANGES.conform(
        pd.DataFrame(
            {
                "house_id": later.told["house_id"],
                **{f"before_{end}": earlier.told[end] for end in ("low", "high")},
                **{f"after_{end}": later.told[end] for end in ("low", "high")},
                "whole": whole,
                "house": house,
                "questionnaire": again - house,
                "rules": whole - again,
                "by_not_applicable": risen & ~(applicable > _NOISE),
            }
        )
    )


def _find_middle(totals: pd.DataFrame) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = ((totals["low"] + totals["high"]) / 2).to_numpy()
    return middle


def compare_criteria(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Say of each criterion, on the questions that both rounds ask alike, which way it went.

    Args:
        earlier: CRITERION_SCORES of the earlier round.
        later: CRITERION_SCORES of the later round, of the same houses and criteria.

    Returns:
        CRITERION_CHANGES; what is never scored is left out.
    """
    key = ["house_id", "criterion_id"]
    both = earlier.merge(later, on=key, suffixes=("_before", "_after"), validate="one_to_one")
    scored = both[both["verdict_after"] != Verdict.NOT_SCORED.value]
    before, after = scored["verdict_before"], scored["verdict_after"]
    moved = (scored["low_after"] + scored["high_after"]) - (scored["low_before"] + scored["high_before"])
    unknown, nothing = Verdict.UNDETERMINED.value, Verdict.NOT_APPLICABLE.value
    kinds = {
        Change.NOT_COMPARED: _either(before, after, nothing),
        Change.BECAME_UNKNOWN: (after == unknown) & (before != unknown),
        Change.BECAME_KNOWN: (before == unknown) & (after != unknown),
        Change.UP: moved > _NOISE,
        Change.DOWN: moved < -_NOISE,
    }
    change = np.select(list(kinds.values()), [each.value for each in kinds], default=Change.SAME.value)
    named = scored.rename(columns={"verdict_before": "before", "verdict_after": "after"})
    return CRITERION_CHANGES.conform(named.assign(change=change)[list(CRITERION_CHANGES.columns)])


def _either(before: pd.Series, after: pd.Series, verdict: str) -> pd.Series:
    return (before == verdict) | (after == verdict)
