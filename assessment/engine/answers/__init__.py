"""A table of answers, of any size, becomes a matrix; or it is told what is wrong with its rows."""

from assessment.engine.answers.faults import find_row_faults, is_sound_house
from assessment.engine.answers.matrix import (
    Collected,
    OutOfOrderError,
    collect_answers,
    collect_in_order,
    find_grid,
    merge_collected,
)
from assessment.engine.answers.rows import AnswerRows, Coded, code_rows

__all__ = [
    "AnswerRows",
    "Coded",
    "Collected",
    "OutOfOrderError",
    "code_rows",
    "collect_answers",
    "collect_in_order",
    "find_grid",
    "find_row_faults",
    "is_sound_house",
    "merge_collected",
]
