"""Rows of answers become one matrix, or it is told what is wrong with them."""

import numpy as np
import pandas as pd

from assessment.engine.answers import (
    AnswerRows,
    code_rows,
    collect_answers,
    find_grid,
    find_row_faults,
    is_sound_house,
    merge_collected,
)
from tests.builders import criterion, questionnaire

ASKED = questionnaire(criterion("POS-1", core=(False, False)))


def rows(*given: tuple[str, str, str]) -> AnswerRows:
    table = pd.DataFrame(given, columns=["house_id", "question_id", "option_id"], dtype="str")
    return code_rows(table, np.arange(1, len(given) + 1))


def test_rows_in_any_order_fill_the_places_of_their_house_and_question() -> None:
    parts = [rows(("b", "POS-1.2", "b"), ("", "", "")), rows(("a", "POS-1.1", "a"), ("b", "POS-1.1", ""))]

    for collected in (
        collect_answers(parts, ASKED),
        merge_collected([collect_answers([part], ASKED) for part in parts]),
    ):
        grid = find_grid(collected, ASKED)
        assert grid is not None
        assert (grid.house_ids, grid.choices.tolist()) == (("b", "a"), [[0, 2], [1, 0]])


def test_every_fault_is_told_with_its_row() -> None:
    wrong = [
        ("", "POS-1.1", "a"),
        ("=1", "POS-1.1", "a"),
        ("a", "X", "a"),
        ("a", "POS-1.1", "z"),
        ("a", "POS-1.1", "a"),
    ]

    assert find_grid(collect_answers([rows(*wrong[2:])], ASKED), ASKED) is None
    told = find_row_faults([rows(*wrong), rows(("a", "X", "a"))], ASKED, 5)

    assert [number for number, _ in told.told] == [1, 2, 3, 4, 5]
    assert (told.wrong, is_sound_house("a"), is_sound_house("=1")) == (6, True, False)
