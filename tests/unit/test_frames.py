import pandas as pd
import pytest

from assessment.errors import SchemaError
from assessment.model.frames import ANSWERS


def test_a_typo_in_a_column_fails_by_name() -> None:
    frame = pd.DataFrame({"house_id": ["a"], "question_id": ["POS-1.1"], "optie": ["a"]})

    with pytest.raises(SchemaError, match=r"missing columns .*option_id.*unknown columns .*optie"):
        ANSWERS.conform(frame)


def test_a_double_key_fails_with_the_key() -> None:
    frame = pd.DataFrame({"house_id": ["a", "a"], "question_id": ["q", "q"], "option_id": ["a", "b"]})

    with pytest.raises(SchemaError, match="1 double keys"):
        ANSWERS.conform(frame)


def test_an_empty_frame_has_its_columns() -> None:
    assert list(ANSWERS.empty()) == ["house_id", "question_id", "option_id"]
