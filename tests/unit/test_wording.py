"""What people wrote: days as they write them, and names that are text wherever they are shown."""

import re
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.cli.console import print_table
from assessment.cli.terminal import echo
from assessment.model.wording import read_day, read_number
from assessment.settings import HOME
from assessment.ui.notices import as_text

JULY_FIRST = (
    *("2027-07-01", "2027-7-1", "1-7-2027", "01/07/2027", "1.7.2027", "1. 7. 2027", "01-07-27", "2027/07/01"),
    *("1 juli 2027", "1 JULI 2027", "do 1 juli 2027", "donderdag 1 juli 2027", "1 jul. 2027", "1-jul-27"),
    *("1 july '27", "2027-07-01 00:00:00", "2027-07-01T00:00", "46569", " 1\u00a0juli\u200b 2027 "),
)
NO_DAYS = (
    *(
        "",
        "volgend jaar",
        "juli 2027",
        "1 juli",
        "31-2-2027",
        "2027-13-01",
        "13/13/2027",
        "1 ma 2027",
        "2027",
    ),
    *("20270701", "1-7-0027", "9999", "1-7/2027", "2027-07-01 13:00", "#####", "1 jul i 2027"),
)


@pytest.mark.parametrize("text", JULY_FIRST)
def test_a_day_is_read_as_people_and_programs_write_it(text: str) -> None:
    assert read_day(text) == date(2027, 7, 1)


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_names_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    "word", ["januari", "mrt", "april", "mei", "june", "july", "augustus", "sept", "okt", "december"]
)
def test_every_month_is_known_by_its_name_and_what_that_begins_with(word: str) -> None:
    months = [read_day(f"1 {each} 2027") for each in (word, word[:3])]

    assert len({day and day.month for day in months} - {None}) == 1


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_reads_back_however_it_is_written(day: date) -> None:
    written = [day.isoformat(), f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d %B %Y}"]

    assert {read_day(text) for text in written} == {day}


@given(st.integers(10_000, 99_999))
def test_a_number_of_a_spreadsheet_is_its_day(number: int) -> None:
    day = date(1899, 12, 30) + timedelta(days=number)

    assert read_day(str(number)) == (day if day.year < 2200 else None)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader_of_days(text: str) -> None:
    assert read_day(text) is None or read_day(f" {text} ") == read_day(text)


STEERING = "Huis \x1b[31mrood\x07 \u202eom\u2066 \x9b2J\rweg"


def test_what_would_steer_a_terminal_stands_there_as_a_sign(capsys: pytest.CaptureFixture[str]) -> None:
    echo(STEERING)
    print_table(pd.DataFrame({"Huis": [STEERING]}))

    shown = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\u202e", "\u2066", "\x9b", "\r"} & set(shown)
    assert shown.count("Huis \ufffd[31mrood") == 2


def test_a_text_is_shown_as_it_is_where_markup_is_read() -> None:
    shown = as_text("*a* [b](http://c) :red[d] $e$ www.f.nl\n- g \x1b")

    assert shown == (r"\*a\* \[b\](http\://c) \:red\[d\] \$e\$ www\.f.nl" + "\n" + r"\- g " + "\ufffd")


@pytest.mark.parametrize(
    ("folder", "only", "pattern"),
    [
        ("cli", "terminal.py", r"click\.echo\("),
        ("ui", "notices.py", r"\bst\.(info|warning|success|error)\("),
    ],
)
def test_all_that_is_told_goes_through_the_one_door(folder: str, only: str, pattern: str) -> None:
    others = [path for path in Path(HOME, "assessment", folder).rglob("*.py") if path.name != only]

    assert [path.name for path in others if re.search(pattern, path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("12", 12), ("1,5", 1.5), ("1.5", 1.5), ("1.872", 1872), ("1.872,25", 1872.25), ("-3", -3)),
        *((" 2 000 ", 2000), ("2\u00a0000", 2000), ("\u22124", -4), ("0,125", 0.125)),
        *(
            ("veel", None),
            ("", None),
            ("nan", None),
            ("1e9", None),
            ("1_000", None),
            ("1,5 uur", None),
            ("1,2,3", None),
        ),
    ],
)
def test_a_number_is_read_as_people_write_it_in_dutch(text: str, number: float | None) -> None:
    assert read_number(text) == number
