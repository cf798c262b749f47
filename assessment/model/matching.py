"""When two texts say the same: capitals, spaces, quotes, dashes and other punctuation make no difference."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

_NOT_A_WORD = re.compile(r"[\W_]+")
_DASHES = re.compile(r"[‐-―−]")


@lru_cache(maxsize=2048)
def tidy(text: str) -> str:
    """A text without capitals and with single spaces; its punctuation stays.

    Files hold the same headings and options over and over.
    """
    return " ".join(text.casefold().split())


def fold(text: str) -> str:
    """Only the words and figures of a text, in lower case."""
    return _NOT_A_WORD.sub(" ", normalize("NFKC", text).casefold()).strip()


def fold_id(text: str) -> str:
    """An id as it is written in a framework, however it was typed: `pos – 1.1` is POS-1.1."""
    return _DASHES.sub("-", "".join(text.split())).upper()


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
