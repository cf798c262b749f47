"""Texts: those of `reports/` that leave the system, and when what two people wrote says the same."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Self
from unicodedata import normalize

from pydantic import model_validator

from assessment.model.rules import Frozen, Text

# What a reminder may name between { }.
REMINDER_FIELDS = ("round", "house", "expected", "deadline")


class QuestionnaireTexts(Frozen):
    """What the introduction of a questionnaire says."""

    title: Text
    invented: Text
    steps: tuple[Text, ...]
    promises: tuple[Text, ...]
    deviation: Text
    deviation_columns: dict[str, Text]
    words: dict[str, Text]


class PlanTexts(Frozen):
    """What an improvement plan says around its figures."""

    title: Text
    invented: Text
    introduction: tuple[Text, ...]
    estimates: Text


class ReminderTexts(Frozen):
    """What a reminder says; between { } stands what is filled in."""

    subject: Text
    text: Text

    @model_validator(mode="after")
    def fields_are_known(self) -> Self:
        """Only what is filled in stands between { }."""
        try:
            f"{self.subject}{self.text}".format_map(dict.fromkeys(REMINDER_FIELDS, ""))
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            known = ", ".join(f"{{{name}}}" for name in REMINDER_FIELDS)
            raise ValueError(f"tussen {{ }} kan alleen staan: {known}") from error
        return self


_NOT_A_WORD = re.compile(r"[\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# soft hyphens, marks of direction and spaces without a width, which programs leave behind
_DASHES = re.compile(r"[‐-―−]")


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
