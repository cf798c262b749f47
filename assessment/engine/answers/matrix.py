"""Rows of answers, whatever file they stand in, become one matrix: a byte per house and question.

A fault shows in the matrix itself: an unknown question fills a column beside it, an unknown option is none of
its question, and a row that is there twice leaves fewer cells filled than there were rows.
"""

from collections.abc import Iterable, Sequence
from string import ascii_lowercase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessment.engine.answers.rows import AnswerRows, look_up, skip_empty
from assessment.model.frames import ChoiceGrid
from assessment.model.questionnaire import Questionnaire

# What a cell holds beside 0, no row, and 1, 2 … for a, b …
_NO_OPTION, _LEFT_EMPTY = 254, 255
_CHOICES = {letter: place for place, letter in enumerate(ascii_lowercase, 1)} | {"": _LEFT_EMPTY}
_ROOM = 1024
"""Houses for which a matrix has room at first, and that are looked at at once."""


class Collected(NamedTuple):
    """What rows come to.

    `cells` is houses × (questions + 1); `rows` counts those that said anything. Houses stand in the order in
    which the rows name them.
    """

    house_ids: tuple[str, ...]
    cells: NDArray[np.uint8]
    rows: int


def collect_answers(batches: Iterable[AnswerRows], questionnaire: Questionnaire) -> Collected:
    """Put rows in a matrix, one batch after the other; rows that are wholly empty say nothing.

    Args:
        batches: all rows of a table, or some.
        questionnaire: gives the columns, in order.
    """
    width = len(questionnaire.questions) + 1
    column_of = {question_id: place for place, question_id in enumerate(questionnaire.question)}
    row_of: dict[str, int] = {}
    cells, rows = np.zeros((_ROOM, width), np.uint8), 0
    for batch in map(skip_empty, batches):
        house = look_up(batch.house_id, lambda text: row_of.setdefault(text, len(row_of)))
        column = look_up(batch.question_id, lambda text: column_of.get(text, width - 1))
        choice = look_up(batch.option_id, lambda text: _CHOICES.get(text, _NO_OPTION))
        cells = make_room(cells, len(row_of))
        cells.reshape(-1)[house * width + column] = choice
        rows += len(batch.numbers)
    return Collected(tuple(row_of), cells[: len(row_of)], rows)


def merge_collected(parts: Sequence[Collected]) -> Collected:
    """Take together what was collected of parts of one table, in their order."""
    if len(parts) == 1:
        return parts[0]
    row_of: dict[str, int] = {}
    rows = [np.array([row_of.setdefault(each, len(row_of)) for each in part.house_ids]) for part in parts]
    cells = np.zeros((len(row_of), parts[0].cells.shape[1]), np.uint8)
    for part, row in zip(parts, rows, strict=True):
        cells[row] = np.maximum(cells[row], part.cells)
    return Collected(tuple(row_of), cells, sum(part.rows for part in parts))


def find_grid(collected: Collected, questionnaire: Questionnaire) -> ChoiceGrid | None:
    """The answers as a grid, or None when a row is there twice, or names what is not asked."""
    most = np.array([*(len(question.options) for question in questionnaire.questions), 0], np.uint8)
    filled = 0
    for first in range(0, len(collected.cells), _ROOM):
        some = collected.cells[first : first + _ROOM]
        filled += int(np.count_nonzero(some))
        some[:, :-1][some[:, :-1] == _LEFT_EMPTY] = 0
        if (some > most).any():
            return None
    return ChoiceGrid(collected.house_ids, collected.cells[:, :-1]) if filled == collected.rows else None


def make_room(cells: NDArray[np.uint8], houses: int) -> NDArray[np.uint8]:
    """The same matrix with room for so many houses: it doubles where it lies, and nothing is held twice."""
    if houses > len(cells):
        cells.resize((max(houses, 2 * len(cells)), cells.shape[1]), refcheck=False)
    return cells
