"""Answers become a range and a verdict per criterion.

Works on whole grids (houses × questions) and loops over the framework only, never over houses: each
criterion packs its answers into one number and looks its range up.

Source: questionnaires/scoring.md, sections 1 and 2.
"""

from collections.abc import Iterator, Sequence
from math import prod
from string import ascii_lowercase

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.errors import SchemaError
from assessment.model.frames import (
    ANSWERS,
    CRITERION_SCORES,
    MEASURE_SCORES,
    UNKNOWNS,
    VERDICTS,
    ChoiceGrid,
    ScoreGrid,
    find_places,
)
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Mark, Verdict

Floats = NDArray[np.float64]
Choices = NDArray[np.uint8]

# Up to here a criterion has all sets of answers at hand; beyond it, those that were given.
_SMALL_TABLE = 1_000
_LARGEST_CODE = 2**62
_PLACE_OF = {letter: place for place, letter in enumerate(ascii_lowercase, 1)}


def arrange_answers(
    answers: pd.DataFrame, house_ids: tuple[str, ...], questionnaire: Questionnaire
) -> ChoiceGrid:
    """Put answers in a grid; what nobody answered stays empty.

    Args:
        answers: ANSWERS.
        house_ids: the rows of the grid, in order; those without answers included.
        questionnaire: gives the columns, in order.

    Returns:
        One row per house, one column per question.

    Raises:
        SchemaError: a house, a question or an option that is not there; the message names them.
    """
    choices = np.zeros((len(house_ids), len(questionnaire.questions)), dtype=np.uint8)
    row = find_places(answers["house_id"], house_ids)
    column = find_places(answers["question_id"], questionnaire.question)
    choice = answers["option_id"].map(_PLACE_OF).fillna(0).to_numpy(dtype=np.int64)
    sizes = np.array([len(question.options) for question in questionnaire.questions])
    wrong = answers[(choice < 1) | (choice > sizes[column])]
    if not wrong.empty:
        pairs = sorted(set(wrong["question_id"] + " " + wrong["option_id"]))
        raise SchemaError(f"option_id not known here: {', '.join(pairs)}")
    choices[row, column] = choice
    return ChoiceGrid(house_ids, choices)


def list_choices(grid: ChoiceGrid, questionnaire: Questionnaire) -> pd.DataFrame:
    """The answers in a grid, as ANSWERS, by house and question; what is empty is left out."""
    row, column = np.nonzero(grid.choices)
    asked = [question.question_id for question in questionnaire.questions]
    return ANSWERS.conform(
        pd.DataFrame(
            {
                "house_id": pd.Series(grid.house_ids, dtype="str").take(row).to_numpy(),
                "question_id": pd.Series(asked, dtype="str").take(column).to_numpy(),
                "option_id": pd.Series(list(_PLACE_OF)).take(grid.choices[row, column] - 1).to_numpy(),
            }
        )
    )


def score_criteria(grid: ChoiceGrid, deviations: pd.DataFrame, questionnaire: Questionnaire) -> ScoreGrid:
    """Score every criterion as a range and judge it.

    Args:
        grid: what was answered.
        deviations: DEVIATIONS that are in force; only where the kind of the criterion allows one.
        questionnaire: the rules.

    Returns:
        One row per house, one column per criterion.

    Raises:
        SchemaError: a deviation of a house or from a criterion that is not there; the message names them.
    """
    shape = (len(grid.house_ids), len(questionnaire.criteria))
    low, high = np.empty(shape), np.empty(shape)
    first = 0
    for place, criterion in enumerate(questionnaire.criteria):
        last = first + len(criterion.questions)
        low[:, place], high[:, place] = _score_questions(criterion.questions, grid.choices[:, first:last])
        first = last
    explained = _place_deviations(grid.house_ids, deviations, questionnaire)
    low[explained], high[explained] = 1.0, 1.0
    settled = np.isnan(low) | (low == 1)
    rules = questionnaire.rules
    unscored = np.array([not criterion.kind.is_scored(rules) for criterion in questionnaire.criteria])
    low[:, unscored], high[:, unscored] = np.nan, np.nan
    verdict = _judge(low, high, explained, unscored)
    return ScoreGrid(grid.house_ids, low, high, verdict, settled)


def list_scores(grid: ScoreGrid, questionnaire: Questionnaire) -> pd.DataFrame:
    """Write a grid as rows.

    Returns:
        CRITERION_SCORES, a row per house and criterion, in the order of the questionnaire.
    """
    size = len(grid.house_ids)
    criteria = questionnaire.criteria
    scores = pd.DataFrame(
        {
            "house_id": np.repeat(grid.house_ids, len(criteria)),
            "theme_id": [questionnaire.theme_of[c.criterion_id].theme_id for c in criteria] * size,
            "criterion_id": [criterion.criterion_id for criterion in criteria] * size,
            "kind": [criterion.kind.value for criterion in criteria] * size,
            "low": grid.low.ravel(),
            "high": grid.high.ravel(),
            "verdict": np.array([verdict.value for verdict in VERDICTS])[grid.verdict.ravel()],
            "settled": grid.settled.ravel(),
        }
    )
    return CRITERION_SCORES.conform(scores)


def score_measures(grid: ChoiceGrid, questionnaire: Questionnaire) -> pd.DataFrame:
    """Score the questions that each measure settles together; one that names none stands for its criterion.

    Returns:
        MEASURE_SCORES, a row per house and measure, in the order of the questionnaire.
    """
    shape = (len(grid.house_ids), len(questionnaire.measure))
    low, high = np.empty(shape), np.empty(shape)
    for place, own in enumerate(_find_own_questions(questionnaire)):
        questions = [questionnaire.questions[each] for each in own]
        low[:, place], high[:, place] = _score_questions(questions, grid.choices[:, own])
    scores = pd.DataFrame(
        {
            "house_id": np.repeat(grid.house_ids, shape[1]),
            "measure_id": list(questionnaire.measure) * shape[0],
            "low": low.ravel(),
            "high": high.ravel(),
        }
    )
    return MEASURE_SCORES.conform(scores)


def find_unknown(grid: ChoiceGrid, questionnaire: Questionnaire) -> pd.DataFrame:
    """Find the questions that count but of which nobody knows the answer, or that have none.

    Returns:
        UNKNOWNS, by house, in the order of the questionnaire.
    """
    questions = questionnaire.questions
    unknown = np.column_stack([_is_unknown(q)[grid.choices[:, place]] for place, q in enumerate(questions)])
    row, column = np.nonzero(unknown)
    found = pd.DataFrame(
        {
            "house_id": np.array(grid.house_ids, dtype=object)[row],
            "criterion_id": [questions[place].criterion_id for place in column],
            "question_id": [questions[place].question_id for place in column],
        }
    )
    return UNKNOWNS.conform(found)


def count_unsure(grid: ChoiceGrid, questionnaire: Questionnaire) -> pd.Series:
    """Count the answers "weet ik niet" of each house; a question without an answer is none of them."""
    unsure = np.zeros(len(grid.house_ids), dtype=np.int64)
    for place, question in enumerate(questionnaire.questions):
        says_unknown = [option.mark is Mark.UNKNOWN for option in question.options]
        unsure += np.array([False, *says_unknown])[grid.choices[:, place]]
    return pd.Series(unsure, index=list(grid.house_ids))


def _is_unknown(question: Question) -> NDArray[np.bool_]:
    """Which choices leave it open, an empty one too; none where it only describes."""
    marks = [Mark.UNKNOWN, *(option.mark for option in question.options)]
    return np.array([not question.describes and mark is Mark.UNKNOWN for mark in marks])


def _find_own_questions(questionnaire: Questionnaire) -> Iterator[list[int]]:
    """For each measure, where the questions stand that it settles, or else those of its criterion."""
    place = {question.question_id: place for place, question in enumerate(questionnaire.questions)}
    for criterion in questionnaire.criteria:
        every = [question.question_id for question in criterion.questions]
        for measure in criterion.measures:
            yield [place[question_id] for question_id in measure.settles or every]


def _score_questions(questions: Sequence[Question], choices: Choices) -> tuple[Floats, Floats]:
    """Score answers together, with every unknown at its worst and at its best; NaN where nothing counts."""
    distinct, which = _find_distinct(questions, choices)
    counted = np.column_stack([_is_counted(q)[distinct[:, place]] for place, q in enumerate(questions)])
    low, high = (
        _score_answers(questions, counted, _worths(questions, distinct, unknown_as))
        for unknown_as in (0.0, 1.0)
    )
    return low[which], high[which]


def _find_distinct(questions: Sequence[Question], choices: Choices) -> tuple[Choices, NDArray[np.intp]]:
    """Find the different sets of answers, and which of them each house gave."""
    sizes = [len(question.options) + 1 for question in questions]
    if prod(sizes) > _LARGEST_CODE:
        given, which = np.unique(choices, axis=0, return_inverse=True)
        return given, which.ravel()
    codes = np.zeros(len(choices), dtype=np.int64)
    for place, size in enumerate(sizes):
        codes = codes * size + choices[:, place]
    distinct = np.arange(prod(sizes))
    if prod(sizes) > max(_SMALL_TABLE, len(codes)):
        distinct, codes = np.unique(codes, return_inverse=True)
    return np.column_stack(np.unravel_index(distinct, sizes)).astype(np.uint8), codes


def _score_answers(questions: Sequence[Question], counted: NDArray[np.bool_], worths: Floats) -> Floats:
    """The mean of what counts, but never above the weakest core answer; NaN where nothing counts."""
    weights = [question.weight for question in questions]
    total, weight = np.zeros(len(worths)), np.zeros(len(worths))
    for place, question_weight in enumerate(weights):
        total += np.where(counted[:, place], question_weight * worths[:, place], 0.0)
        weight += np.where(counted[:, place], question_weight, 0.0)
    mean: Floats = np.divide(total, weight, out=np.full(len(worths), np.nan), where=weight > 0)
    core = counted & [question.core for question in questions]
    weakest = np.where(core, worths, 1.0).min(axis=1)
    lowest: Floats = np.minimum(mean, weakest)
    return lowest


def _worths(questions: Sequence[Question], distinct: Choices, unknown_as: float) -> Floats:
    columns = []
    for place, question in enumerate(questions):
        table = [unknown_as] + [unknown_as if o.worth is None else o.worth for o in question.options]
        columns.append(np.array(table)[distinct[:, place]])
    return np.column_stack(columns)


def _is_counted(question: Question) -> NDArray[np.bool_]:
    """Which choices count: an empty one too (it is unknown), but nothing at all where it only describes."""
    marks = [Mark.UNKNOWN] + [option.mark for option in question.options]
    out = {Mark.NOT_APPLICABLE, Mark.DESCRIPTIVE}
    return np.array([not question.describes and mark not in out for mark in marks])


def _place_deviations(
    house_ids: tuple[str, ...], deviations: pd.DataFrame, questionnaire: Questionnaire
) -> NDArray[np.bool_]:
    explained = np.zeros((len(house_ids), len(questionnaire.criteria)), dtype=bool)
    row = find_places(deviations["house_id"], house_ids)
    column = find_places(deviations["criterion_id"], questionnaire.criterion)
    explained[row, column] = True
    allowed = [criterion.kind.may_deviate for criterion in questionnaire.criteria]
    return explained & allowed


def _judge(
    low: Floats, high: Floats, explained: NDArray[np.bool_], unscored: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    rules = {
        Verdict.NOT_SCORED: np.broadcast_to(unscored, low.shape),
        Verdict.EXPLAINED: explained,
        Verdict.NOT_APPLICABLE: np.isnan(low),
        Verdict.MEETS: low == 1,
        Verdict.NOT_YET: high == 0,
        Verdict.PARTLY: (low > 0) & (high < 1),
    }
    codes = [VERDICTS.index(verdict) for verdict in rules]
    verdict = np.select(list(rules.values()), codes, default=VERDICTS.index(Verdict.UNDETERMINED))
    return verdict.astype(np.uint8)
