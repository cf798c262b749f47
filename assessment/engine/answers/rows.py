"""Rows of a table of answers as they stand in a file made for machines.

Each different text of a column is there once, and numbers point at it: ids are looked up once, not by row.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Places = NDArray[np.integer]


class Coded(NamedTuple):
    """A column: each different text once, and for each row which of them it holds."""

    texts: Sequence[str]
    codes: Places


class AnswerRows(NamedTuple):
    """Some rows of a table of answers, in the order of the file; an empty cell is an empty text.

    `numbers` says where each row stands, in the count of its file.
    """

    house_id: Coded
    question_id: Coded
    option_id: Coded
    numbers: Places


def code_rows(table: pd.DataFrame, numbers: Places) -> AnswerRows:
    """Code the columns `house_id`, `question_id` and `option_id` of a table, which hold texts."""
    coded = (pd.factorize(table[name]) for name in ("house_id", "question_id", "option_id"))
    house, question, option = (Coded(list(texts), codes) for codes, texts in coded)
    return AnswerRows(house, question, option, numbers)


def skip_empty(batch: AnswerRows) -> AnswerRows:
    """The rows in which anything stands, and of each column the texts that they use, by their first row."""
    columns = batch.house_id, batch.question_id, batch.option_id
    if all("" in column.texts for column in columns):
        said = np.column_stack([look_up(each, bool) for each in columns])
        kept = said.any(axis=1)
        house, question, option = (Coded(each.texts, each.codes[kept]) for each in columns)
        batch = AnswerRows(house, question, option, batch.numbers[kept])
    return batch._replace(house_id=_order_by_first(batch.house_id))


def _order_by_first(column: Coded) -> Coded:
    """The same column with its texts in the order in which rows first use them, unused ones left out."""
    first = np.full(len(column.texts), len(column.codes))
    first[column.codes[::-1]] = np.arange(len(column.codes))[::-1]
    used = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(column.codes))]
    place = np.zeros(len(column.texts), np.int64)
    place[used] = np.arange(len(used))
    return Coded([column.texts[each] for each in used], place[column.codes])


def look_up(column: Coded, find: Callable[[str], int]) -> Places:
    """What each row of a column means, looked up once for each of its texts, in their order."""
    return np.array([find(text) for text in column.texts], dtype=np.int64)[column.codes]
