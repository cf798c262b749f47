from datetime import date

import pytest

from assessment.model.plan import Quarter


def test_a_day_falls_in_its_quarter() -> None:
    assert str(Quarter.of(date(2026, 12, 31))) == "2026-K4"
    assert str(Quarter.of(date(2027, 4, 1))) == "2027-K2"


def test_quarters_add_up_and_subtract_over_years() -> None:
    start = Quarter(2026, 4)

    assert str(start + 1) == "2027-K1"
    assert str(start + 14) == "2030-K2"
    assert str(start + -4) == "2025-K4"
    assert (start + 14) - start == 14


@pytest.mark.parametrize("text", ["2027-K1", " 2027-k1 "])
def test_a_quarter_is_read_as_it_is_written(text: str) -> None:
    assert Quarter.parse(text) == Quarter(2027, 1)


@pytest.mark.parametrize("text", ["2027", "2027-K5", "K1-2027", ""])
def test_another_shape_is_refused_with_the_right_one(text: str) -> None:
    with pytest.raises(ValueError, match="2027-K1"):
        Quarter.parse(text)
