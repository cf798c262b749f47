"""A table of answers, of any size, becomes a matrix; or it is told what is wrong with its rows."""

from assessment.engine.answers.faults import find_row_faults, is_sound_house
from assessment.engine.answers.matrix import Collected, collect_answers, find_grid, merge_collected
from assessment.engine.answers.rows import AnswerRows, Coded, code_rows

__all__ = [
    "AnswerRows",
    "Coded",
    "Collected",
    "code_rows",
    "collect_answers",
    "find_grid",
    "find_row_faults",
    "is_sound_house",
    "merge_collected",
]
