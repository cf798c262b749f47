"""Rows of answers, whatever file they stand in, become one matrix: a byte per house and question.

A fault shows in the matrix itself: an unknown question fills a column beside it, an unknown option is none of
its question, and a row that is there twice leaves fewer cells filled than there were rows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from string import ascii_lowercase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessment.engine.answers.rows import AnswerRows, Coded, look_up, skip_empty
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


class OutOfOrderError(Exception):
    """A house comes before the one above it: what was collected house by house does not count."""


class _Matrix:
    """A matrix that rows fill, with a row per house in the order in which they are named."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._width = len(questionnaire.questions) + 1
        self._column_of = {question_id: place for place, question_id in enumerate(questionnaire.question)}
        self._row_of: dict[str, int] = {}
        self._cells = self._make_empty()

    def __len__(self) -> int:
        """How many houses it holds."""
        return len(self._row_of)

    def add(self, batch: AnswerRows) -> None:
        """Put rows in it, of which none is wholly empty."""
        row_of, column_of, beside = self._row_of, self._column_of, self._width - 1
        house = look_up(batch.house_id, lambda text: row_of.setdefault(text, len(row_of)))
        column = look_up(batch.question_id, lambda text: column_of.get(text, beside))
        choice = look_up(batch.option_id, lambda text: _CHOICES.get(text, _NO_OPTION))
        self._cells = make_room(self._cells, len(self))
        self._cells.reshape(-1)[house * self._width + column] = choice

    def take(self, houses: int) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
        """Take out so many houses, the first, with their cells."""
        names, cells = tuple(self._row_of), self._cells
        self._cells = np.concatenate([cells[houses : len(names)], self._make_empty()])
        self._row_of = {name: place for place, name in enumerate(names[houses:])}
        return names[:houses], cells[:houses]

    def _make_empty(self) -> NDArray[np.uint8]:
        return np.zeros((_ROOM, self._width), np.uint8)


def collect_answers(batches: Iterable[AnswerRows], questionnaire: Questionnaire) -> Collected:
    """Put rows in a matrix, one batch after the other; rows that are wholly empty say nothing.

    Args:
        batches: all rows of a table, or some.
        questionnaire: gives the columns, in order.
    """
    matrix, rows = _Matrix(questionnaire), 0
    for batch in map(skip_empty, batches):
        matrix.add(batch)
        rows += len(batch.numbers)
    return Collected(*matrix.take(len(matrix)), rows)


def collect_in_order(
    batches: Iterable[AnswerRows], questionnaire: Questionnaire, houses: int
) -> Iterator[Collected]:
    """As `collect_answers`, so many houses at a time: no more are held than those and what a batch adds.

    Args:
        batches: all rows of a table that is sorted by house, as texts are compared.
        questionnaire: gives the columns, in order.
        houses: how many to give at once; the last time the rest, which may be none.

    Raises:
        OutOfOrderError: the table is not sorted so.
    """
    matrix, rows, latest = _Matrix(questionnaire), Counter[str](), ""
    for batch in map(skip_empty, batches):
        latest = _find_latest(batch.house_id, latest)
        matrix.add(batch)
        for house_id, count in zip(batch.house_id.texts, np.bincount(batch.house_id.codes), strict=True):
            rows[house_id] += int(count)
        while len(matrix) > houses:
            yield _take(matrix, houses, rows)
    yield _take(matrix, len(matrix), rows)


def _take(matrix: _Matrix, houses: int, rows: Counter[str]) -> Collected:
    house_ids, cells = matrix.take(houses)
    return Collected(house_ids, cells, sum(map(rows.pop, house_ids)))


def _find_latest(house_id: Coded, latest: str) -> str:
    """The house of the last row, where all are in order; its texts stand as rows first use them."""
    texts = [latest, *house_id.texts]
    if any(after < before for before, after in pairwise(texts)) or (np.diff(house_id.codes) < 0).any():
        raise OutOfOrderError
    return texts[-1]


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
