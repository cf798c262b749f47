import math

import pytest

from assessment.model.plan import Quarter
from assessment.model.scale import Perspective
from assessment.tables.formats import (
    NBSP,
    describe_basis,
    describe_handed_in,
    describe_not_yet,
    describe_who_has,
    format_counted,
    format_part,
    format_percentage,
    format_phase,
    format_range,
    format_uniformity,
    format_verdict,
    format_with_capital,
    format_without_capital,
    keep_quarters,
)
from assessment.tables.progress import format_when


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.58, 0.66, "62_% (58–66_%)"),
        (0.5, 0.5, "50_%"),
        (0.501, 0.504, "50_%"),
        (0.0, 1.0, "50_% (0–100_%)"),
        (0.999, 1.0, "99_% (99–100_%)"),
        (math.nan, math.nan, "–"),
    ],
)
def test_a_range_shows_its_midpoint_first(low: float, high: float, shown: str) -> None:
    assert format_range(low, high) == shown.replace("_", NBSP)


def test_a_sum_of_floats_does_not_miss_its_half() -> None:
    assert format_percentage(0.1 + 0.025 + 0.02) == f"15{NBSP}%"


@pytest.mark.parametrize(
    ("uniformity", "shown"),
    [
        (0.7949, "79_%"),
        (0.796, "79_%"),
        (0.79999999, "79_%"),
        (1 - 2 * 0.1, "80_%"),
        (0.7999999999999998, "80_%"),
        (0.804, "80_%"),
        (1.0, "100_%"),
        (math.nan, "–"),
    ],
)
def test_what_is_just_no_face_yet_does_not_read_as_the_border_of_one(uniformity: float, shown: str) -> None:
    assert format_uniformity(uniformity) == shown.replace("_", NBSP)


def test_one_thing_is_counted_in_the_singular_and_none_in_words() -> None:
    assert [format_counted(number, "huis") for number in (0, 1, 2)] == ["geen huizen", "1 huis", "2 huizen"]
    assert [format_part(0, of, "vraag") for of in (1, 30)] == ["0 van 1 vraag", "0 van 30 vragen"]


@pytest.mark.parametrize(
    ("number", "of", "said"),
    [
        (0, 30, "geen van de 30 huizen leverde in"),
        (1, 30, "1 van 30 huizen leverde in"),
        (0, 1, "0 van 1 huis leverde in"),
        (2, 2, "2 van 2 huizen leverden in"),
    ],
)
def test_the_verb_fits_the_number_of_houses(number: int, of: int, said: str) -> None:
    assert describe_handed_in(number, of) == said


@pytest.mark.parametrize(
    ("whose", "told"),
    [
        (Perspective.RECORD, "nog niet ingeleverd"),
        (Perspective.POLICE, "door de politie nog niet ingeleverd"),
        (Perspective.JOINT, "nog niet samen vastgesteld"),
    ],
)
def test_it_is_said_who_did_not_hand_in_yet(whose: Perspective, told: str) -> None:
    assert describe_not_yet(whose) == told


def test_on_how_many_houses_something_rests_is_said_where_it_is_not_all() -> None:
    assert describe_basis(4, 4) == ""
    assert describe_basis(1, 4) == ", op antwoorden bij 1 van 4 huizen"


def test_who_else_handed_in_is_said() -> None:
    assert describe_handed_in(1, 4, Perspective.POLICE) == "de politie leverde in bij 1 van 4 huizen"
    assert describe_handed_in(2, 4, Perspective.PARTNERS) == "de partners leverden in bij 2 van 4 huizen"


def test_no_quarter_is_broken_in_a_heading() -> None:
    assert keep_quarters("in 2027-K1, tot 2028") == "in 2027-\N{WORD JOINER}K1, tot 2028"


def test_several_partners_have_and_a_house_has() -> None:
    assert describe_who_has(Perspective.RECORD) == "het huis heeft"
    assert describe_who_has(Perspective.PARTNERS) == "de partners hebben"


def test_an_open_phase_shows_both() -> None:
    assert format_phase("pioneering", "transition") == "pioniersfase of in transitie"
    assert format_phase("transition", "by_framework") == "in transitie of volgens het kader"
    assert format_phase("pioneering", "by_framework") == "nog niets over te zeggen"
    assert format_phase("transition", "transition") == "in transitie"
    assert format_phase("", "") == "–"


def test_a_verdict_is_a_sign_with_its_word() -> None:
    assert format_verdict("not_yet") == "○ voldoet nog niet"


def test_one_quarter_is_said_once() -> None:
    quarter = Quarter.parse("2027-K1")

    assert format_when(quarter, quarter) == "In 2027-K1"
    assert format_when(quarter, quarter + 1) == "Van 2027-K1 tot en met 2027-K2"


@pytest.mark.parametrize(("shown", "begun"), [("één keer", "Eén keer"), ("effecten", "Effecten")])
def test_a_capital_has_no_accent_that_its_small_letter_has(shown: str, begun: str) -> None:
    assert format_with_capital(shown) == begun
    assert format_without_capital(begun) == shown
