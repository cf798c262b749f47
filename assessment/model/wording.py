"""What people wrote, made alike: capitals, what nobody sees, dashes, ways to write an option or a day."""

import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from unicodedata import normalize

_NOT_A_WORD = re.compile(r"[\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# soft hyphens, marks of direction and spaces without a width, which programs leave behind
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# what moves, colours or turns around what is shown; a tab and a new line do not
_NOT_IN_A_NAME = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# the same, and what breaks a line
_DASHES = re.compile(r"[‐-―−]")


def show_unseen(text: str) -> str:
    """A text in which each character that would steer a screen or a terminal stands as a sign."""
    return _STEERING.sub("\ufffd", text)


def is_on_one_line(text: str) -> bool:
    """Whether a name holds nothing that breaks its line or would steer a screen or a terminal."""
    return not _NOT_IN_A_NAME.search(text)


def clean_name(text: str) -> str:
    """A name from elsewhere as one that may be: a space for what breaks a line, a sign for what steers."""
    return _NOT_IN_A_NAME.sub(lambda found: " " if found[0].isspace() else "\ufffd", text)


@lru_cache(maxsize=2048)
def tidy(text: str) -> str:
    """A text without capitals and what nobody sees, with single spaces; its punctuation stays.

    Files hold the same headings and options over and over.
    """
    return " ".join(_INVISIBLE.sub("", text).casefold().split())


def fold(text: str) -> str:
    """Only the words and figures of a text, in lower case."""
    return _NOT_A_WORD.sub(" ", normalize("NFKC", _INVISIBLE.sub("", text)).casefold()).strip()


def fold_id(text: str) -> str:
    """An id as it is written in a framework, however it was typed: `pos – 1.1` is POS-1.1."""
    return _DASHES.sub("-", "".join(_INVISIBLE.sub("", text).split())).upper()


def match_options(options: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The letter that each way to write an option stands for.

    An option may be written as its text, its letter, or both. A way to write that would fit two options
    fits none: nothing is guessed.

    Args:
        options: letter and text of each option.

    Returns:
        The letter by what may be written, as `tidy` and `fold` give it.
    """
    meant: dict[str, set[str]] = defaultdict(set)
    for letter, text in options:
        for way in (tidy(text), fold(text), letter, fold(f"{letter} {text}")):
            meant[way].add(letter)
    return {way: next(iter(letters)) for way, letters in meant.items() if way and len(letters) == 1}


_ZERO_DAY = date(1899, 12, 30)
# Beyond these years a day is a slip of the pen.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_MONTHS = (
    *("januari january", "februari february febr", "maart march mrt", "april", "mei may", "juni june"),
    *("juli july", "augustus august", "september sept", "oktober october", "november", "december"),
)
_SHORTEST_MONTH = 3
_WEEKDAY = r"(?:(?:ma|di|wo|do|vr|za|zo)[a-z]*\.?,? )?"
_MIDNIGHT = r"(?:[t ]0?0:00(?::00(?:\.0+)?)?)?"
_DAY_SHAPES = tuple(
    re.compile(shape + _MIDNIGHT)
    for shape in (
        r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})(?P<sign>[-/.]) ?(?P<month>\d{1,2})(?P=sign) ?(?P<year>\d{4}|\d{2})",
        _WEEKDAY + r"(?P<day>\d{1,2})[-. ]{1,2}(?P<month>[a-z]{3,9})[-. ]{1,2}'?(?P<year>\d{4}|\d{2})",
    )
)
_SERIAL = re.compile(r"\d{5}")


def read_day(text: str) -> date | None:
    """The day that a text names, as people and spreadsheet programs write it; None where it names none.

    The day stands before the month, as in Dutch. A number of five digits is how a spreadsheet program counts
    days where a cell is not shown as a date.
    """
    plain = tidy(text)
    if _SERIAL.fullmatch(plain):
        return _in_range(_ZERO_DAY + timedelta(days=int(plain)))
    found = next((found for shape in _DAY_SHAPES if (found := shape.fullmatch(plain))), None)
    return None if found is None else _make_day(found["year"], found["month"], found["day"])


def _make_day(year: str, month: str, day: str) -> date | None:
    """A day of which the year may have two digits, then of this century, and the month may be a word."""
    number = int(month) if month.isdecimal() else find_month(month)
    century = 0 if len(year) > 2 else 2000  # noqa: PLR2004 - digits
    with suppress(ValueError):
        return _in_range(date(century + int(year), number, int(day)))
    return None


def find_month(word: str) -> int:
    """The number of a month by its name or what that begins with; 0, which is no month, where it is none."""
    numbers = (number for number, names in enumerate(_MONTHS, 1) if f" {word}" in f" {names}")
    return next(numbers, 0) if len(word) >= _SHORTEST_MONTH else 0


def _in_range(day: date) -> date | None:
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
_DECIMALS = re.compile(r"-?\d{1,15}([.,]\d{1,15})?")


def read_number(text: str) -> float | None:
    """The number that a text names, as people write it in Dutch; None where it names none.

    A dot before three figures parts thousands; a comma, or another dot, is that of decimals.
    """
    plain = _DASHES.sub("-", "".join(_INVISIBLE.sub("", text).split()))
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    return float(plain.replace(",", ".")) if _DECIMALS.fullmatch(plain) else None
