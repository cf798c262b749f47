"""Scores of criteria add up to themes and houses: conformity, recommendations, hard norms, phase.

Adds up criterion by criterion, in order, so that a house gets the same digits alone as among thousands.

Source: questionnaires/scoring.md, section 3.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.model.frames import (
    HOUSE_SCORES,
    PROJECTED_SCORES,
    THEME_SCORES,
    VERDICTS,
    ChoiceGrid,
    ScoreGrid,
)
from assessment.model.framework import Criterion
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Mark, Phase, Rules, Verdict

Floats = NDArray[np.float64]


def score_themes(grid: ScoreGrid, questionnaire: Questionnaire) -> pd.DataFrame:
    """Average the criteria of each theme that count in conformity into a range.

    Returns:
        THEME_SCORES, a row per house and theme, in order; low and high in [0, 1], NaN where nothing
        counts.
    """
    weights = [_theme_weights(questionnaire, theme.theme_id) for theme in questionnaire.themes]
    scores = pd.DataFrame(
        {
            "house_id": np.repeat(grid.house_ids, len(weights)),
            "theme_id": [theme.theme_id for theme in questionnaire.themes] * len(grid.house_ids),
            "low": np.column_stack([_weighted_mean(grid.low, weight) for weight in weights]).ravel(),
            "high": np.column_stack([_weighted_mean(grid.high, weight) for weight in weights]).ravel(),
        }
    )
    return THEME_SCORES.conform(scores)


def score_houses(grid: ScoreGrid, answered: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Add up what a house is: conformity, recommendations, completeness, hard norms and phase.

    Args:
        grid: the scores per criterion.
        answered: a row per row of the grid with `answered` and `applicable`, from `count_answers`.
        questionnaire: the kinds and weights.

    Returns:
        HOUSE_SCORES, a row per row of the grid, in order.
    """
    return HOUSE_SCORES.conform(_total(grid, answered, questionnaire))


def divide_range(grid: ScoreGrid, questionnaire: Questionnaire) -> pd.DataFrame:
    """Divide the range of each house over the criteria that make it wide.

    Returns:
        A row per house and a column per criterion: by how much the range shrinks once every answer to the
        criterion is known, whatever it is; a row adds up to high − low of the house.
    """
    conforms = _weights(questionnaire, lambda criterion: criterion.kind.conforms(questionnaire.rules))
    weights = np.where(np.isnan(grid.low), 0.0, conforms)
    whole = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, whole, out=np.zeros_like(weights), where=whole > 0)
    widths = shares * np.nan_to_num(grid.high - grid.low)
    return pd.DataFrame(widths, index=list(grid.house_ids), columns=list(questionnaire.criterion))


def score_quarters(
    grids: Mapping[int, ScoreGrid], answered: pd.DataFrame, questionnaire: Questionnaire
) -> pd.DataFrame:
    """Add up what the same houses are after each of several quarters, all at once.

    Args:
        grids: the scores per criterion, by quarter.
        answered: a row per house, as for `score_houses`.
        questionnaire: the kinds and weights.

    Returns:
        PROJECTED_SCORES, a row per quarter and house, in order.
    """
    total = _total(_stack(list(grids.values())), pd.concat([answered] * len(grids)), questionnaire)
    quarters = np.repeat(list(grids), len(answered))
    return PROJECTED_SCORES.conform(total.assign(quarter=quarters))


def _stack(grids: Sequence[ScoreGrid]) -> ScoreGrid:
    return ScoreGrid(
        tuple(house_id for grid in grids for house_id in grid.house_ids),
        *(
            np.concatenate([getattr(grid, name) for grid in grids])
            for name in ("low", "high", "verdict", "settled")
        ),
    )


def _total(grid: ScoreGrid, answered: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    conforms = _weights(questionnaire, lambda criterion: criterion.kind.conforms(questionnaire.rules))
    recommends = _weights(questionnaire, lambda criterion: criterion.kind is Kind.RECOMMENDATION)
    scores = pd.DataFrame(
        {
            "house_id": grid.house_ids,
            "low": _weighted_mean(grid.low, conforms),
            "high": _weighted_mean(grid.high, conforms),
            "recommendations_low": _weighted_mean(grid.low, recommends),
            "recommendations_high": _weighted_mean(grid.high, recommends),
            **_count_hard_norms(grid, questionnaire),
            "explained": (grid.verdict == VERDICTS.index(Verdict.EXPLAINED)).sum(axis=1),
            "phase_low": _find_phase(grid.low, questionnaire),
            "phase_high": _find_phase(grid.high, questionnaire),
        }
    )
    counts = {name: answered[name].to_numpy() for name in ("answered", "applicable")}
    return scores.assign(**counts)


def count_answers(grid: ChoiceGrid, questionnaire: Questionnaire) -> pd.DataFrame:
    """Count completeness: a question that is n.v.t. leaves both counts; "weet ik niet" is an answer.

    An open text may stay empty and is in neither count.

    Returns:
        A row per house, in order, with `answered` and `applicable`.
    """
    given = np.zeros(len(grid.house_ids), dtype=np.int64)
    out = np.zeros(len(grid.house_ids), dtype=np.int64)
    for place, question in enumerate(questionnaire.questions):
        choice = grid.choices[:, place]
        leaves = np.array([False] + [option.mark is Mark.NOT_APPLICABLE for option in question.options])
        given += choice > 0
        out += leaves[choice]
    return pd.DataFrame({"answered": given - out, "applicable": len(questionnaire.choices) - out})


def _theme_weights(questionnaire: Questionnaire, theme_id: str) -> Floats:
    rules, theme_of = questionnaire.rules, questionnaire.theme_of
    return _weights(
        questionnaire, lambda c: c.kind.conforms(rules) and theme_of[c.criterion_id].theme_id == theme_id
    )


def _weights(questionnaire: Questionnaire, counts: Callable[[Criterion], bool]) -> Floats:
    return np.array([c.weight if counts(c) else 0.0 for c in questionnaire.criteria])


def _weighted_mean(scores: Floats, weights: Floats) -> Floats:
    """Σ weight × score / Σ weight over the criteria that apply; NaN where none does."""
    total, weight = np.zeros(len(scores)), np.zeros(len(scores))
    for place in np.flatnonzero(weights):
        score = scores[:, place]
        applies = ~np.isnan(score)
        total += np.where(applies, weights[place] * np.nan_to_num(score), 0.0)
        weight += np.where(applies, weights[place], 0.0)
    mean: Floats = np.divide(total, weight, out=np.full(len(scores), np.nan), where=weight > 0)
    return mean


# The verdicts by which hard norms are counted; a hard norm has no deviation, and counts where it applies.
_COUNTED = {
    "hard_met": Verdict.MEETS,
    "hard_partly": Verdict.PARTLY,
    "hard_not_yet": Verdict.NOT_YET,
    "hard_undetermined": Verdict.UNDETERMINED,
}


def _count_hard_norms(grid: ScoreGrid, questionnaire: Questionnaire) -> dict[str, NDArray[np.int64]]:
    hard = np.array([criterion.kind is Kind.HARD_NORM for criterion in questionnaire.criteria])
    counts = {
        name: (hard & (grid.verdict == VERDICTS.index(verdict))).sum(axis=1)
        for name, verdict in _COUNTED.items()
    }
    return {**counts, "hard_not_met": (hard & (grid.high < 1)).sum(axis=1)}


def list_hard_norms(total: Mapping[Hashable, int], rules: Rules) -> dict[str, int]:
    """The hard norms of a house as its rules count them.

    Args:
        total: a row of HOUSE_SCORES.
        rules: by the first, what is surely not met is one count, whatever its verdict.

    Returns:
        Counts that add up to the hard norms that apply.

    Source: questionnaires/scoring.md, section 3.
    """
    counts = {name.removeprefix("hard_"): int(total[name]) for name in _COUNTED}
    if rules is Rules.TWO:
        return counts
    met, not_met = counts["met"], int(total["hard_not_met"])
    return {"met": met, "not_met": not_met, "undetermined": sum(counts.values()) - met - not_met}


def _find_phase(scores: Floats, questionnaire: Questionnaire) -> NDArray[np.object_]:
    """The phase at one end of the range; empty where no norm applies."""
    hard = np.array([criterion.kind is Kind.HARD_NORM for criterion in questionnaire.criteria])
    norm = np.array([criterion.kind.is_norm for criterion in questionnaire.criteria])
    applies, met = ~np.isnan(scores), scores == 1
    none_applies = ~(applies & norm).any(axis=1)
    all_met = (met | ~applies | ~norm).all(axis=1)
    fewer_than_half = 2 * (met & hard).sum(axis=1) < (applies & hard).sum(axis=1)
    return np.select(
        [none_applies, all_met, fewer_than_half],
        ["", Phase.BY_FRAMEWORK.value, Phase.PIONEERING.value],
        default=Phase.TRANSITION.value,
    ).astype(object)
