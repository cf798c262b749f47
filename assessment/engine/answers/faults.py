"""What is wrong with the rows of a table of answers, row by row: asked only where something is."""

import re
from collections.abc import Callable, Iterable
from itertools import compress
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.engine.answers.matrix import make_room
from assessment.engine.answers.rows import AnswerRows, Coded, look_up, skip_empty
from assessment.model.questionnaire import Questionnaire

Bools = NDArray[np.bool_]

_FORMULA = re.compile(r"[=+\-@\t\r]")
_REMARKS = (
    "house_id is leeg",
    "house_id '{house_id}' begint met een teken waarmee Excel een formule begint; kies een ander",
    "onbekende vraag '{question_id}'",
    "'{option_id}' is geen keuze bij {question_id}",
    "{question_id} staat er twee keer voor dit huis",
)


class RowFaults(NamedTuple):
    """The first rows with a fault, each by its number with all of its own, and how many rows have one."""

    told: list[tuple[int, list[str]]]
    wrong: int


def find_row_faults(batches: Iterable[AnswerRows], questionnaire: Questionnaire, most: int) -> RowFaults:
    """Look at every row of a table.

    Args:
        batches: the whole table.
        questionnaire: what is asked, with its options.
        most: how many rows to tell of.
    """
    told: list[tuple[int, list[str]]] = []
    wrong = 0
    doubles = _Doubles(questionnaire)
    for batch in map(skip_empty, batches):
        has = np.column_stack([*_find_own_faults(batch, questionnaire), doubles.find(batch)])
        places = np.flatnonzero(has.any(axis=1))
        wrong += len(places)
        for place in places[: most - len(told)]:
            texts = _find_texts(batch, place)
            found = [remark.format_map(texts) for remark in compress(_REMARKS, has[place])]
            told.append((int(batch.numbers[place]), found))
    return RowFaults(told, wrong)


def is_sound_house(house_id: str) -> bool:
    """Whether an id of a house is there, and no spreadsheet program takes it for a formula."""
    return bool(house_id) and not _FORMULA.match(house_id)


def _find_own_faults(batch: AnswerRows, questionnaire: Questionnaire) -> list[Bools]:
    """The rows that have each fault but the last, which a row does not have by itself."""
    options = {each.question_id: {"", *dict(each.lettered)} for each in questionnaire.questions}
    known = _mark(batch.question_id, options.__contains__)
    fits = np.array(
        [
            [option_id in options.get(question_id, ()) for option_id in batch.option_id.texts]
            for question_id in batch.question_id.texts
        ]
    )
    return [
        _mark(batch.house_id, lambda text: not text),
        _mark(batch.house_id, lambda text: bool(_FORMULA.match(text))),
        ~known,
        known & ~fits[batch.question_id.codes, batch.option_id.codes],
    ]


class _Doubles:
    """Finds the rows that name a house and a question which an earlier row named; a byte per pair is kept."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._column_of = {question_id: place for place, question_id in enumerate(questionnaire.question)}
        self._row_of: dict[str, int] = {}
        self._seen = np.zeros((0, len(self._column_of)), np.uint8)
        self._odd: set[tuple[int, str]] = set()

    def find(self, batch: AnswerRows) -> Bools:
        """Mark the rows that come again."""
        row = look_up(batch.house_id, lambda text: self._row_of.setdefault(text, len(self._row_of)))
        column = look_up(batch.question_id, lambda text: self._column_of.get(text, -1))
        self._seen = make_room(self._seen, len(self._row_of))
        known = column >= 0
        again = np.zeros(len(row), bool)
        pairs = row[known] * self._seen.shape[1] + column[known]
        again[known] = pd.Series(pairs).duplicated().to_numpy() | (self._seen.reshape(-1)[pairs] > 0)
        self._seen.reshape(-1)[pairs] = 1
        for place in np.flatnonzero(~known):
            pair = (int(row[place]), batch.question_id.texts[batch.question_id.codes[place]])
            again[place] = pair in self._odd
            self._odd.add(pair)
        return again


def _mark(column: Coded, test: Callable[[str], bool]) -> Bools:
    return look_up(column, test).astype(bool)


def _find_texts(batch: AnswerRows, place: int) -> dict[str, str]:
    columns = {"house_id": batch.house_id, "question_id": batch.question_id, "option_id": batch.option_id}
    return {name: column.texts[column.codes[place]] for name, column in columns.items()}
