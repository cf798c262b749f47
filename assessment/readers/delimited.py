"""A table in text, as programs save it: the one door for every CSV that comes in.

Letters, separator and line ends follow from the country and the machine of whoever saved it, so they are
found in the text itself. What can be read in two ways is refused with its line: a house that vanished in a
cell of another would be missed by nobody.

Source: RFC 4180; `sep=` on the first line is Excel's.
"""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import NamedTuple

from assessment.model.wording import tidy

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ";,\t"
_SAID_SEPARATOR = re.compile(r'"?sep=([;,\t])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
_LOOKED_AT = 50
"""Headings stand on one of so many lines."""
_ID = re.compile(r"[\w.-]+")


class BrokenTableError(Exception):
    """A table that cannot be read; its message is where and why, in Dutch, without the name of the file."""


class Line(NamedTuple):
    """The cells of one row, as they are written, and the line of the file on which it begins, from 1."""

    number: int
    cells: Sequence[str]


def read_lines(content: bytes, headings: Collection[str]) -> list[Line]:
    """Read every row of a table, empty ones too.

    Args:
        content: the bytes of the file.
        headings: cells that stand on one line of such a table, by which its separator is found.

    Raises:
        BrokenTableError: its letters cannot be read, or a quote does not close.
    """
    text = _decode(content)
    said = _SAID_SEPARATOR.match(text)
    separator = said[1] if said else find_separator(text, headings)
    skipped = 1 if said else 0
    return list(_split(list(StringIO(text, newline="")), separator, skipped))


def _decode(content: bytes) -> str:
    letters = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    try:
        text = content.decode(letters or _guess_letters(content))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenTableError(
            f"regel {line}: er staan tekens die niet te lezen zijn. Bewaar het bestand als 'CSV UTF-8'."
        ) from error
    if "\x00" in text:
        raise BrokenTableError("dit is geen tekst. Bewaar de tabel als 'CSV UTF-8'.")
    return text


def _guess_letters(content: bytes) -> str:
    """The letters of a file without a mark; only a Mac still ends its lines with a mere return."""
    if b"\x00" in content[:2]:
        return "utf-16-be" if content[:1] == b"\x00" else "utf-16-le"
    try:
        content.decode()
    except UnicodeDecodeError:
        return "cp1252" if b"\n" in content else "mac_roman"
    return "utf-8"


def find_separator(text: str, headings: Collection[str]) -> str:
    """The separator that leaves most headings on one line; where there are none, the one on the first."""
    lines = list(islice(filter(str.strip, StringIO(text, newline="")), _LOOKED_AT))
    wanted = set(map(tidy, headings))
    found = {sign: max((_count(line, sign, wanted) for line in lines), default=0) for sign in _SEPARATORS}
    return max(_SEPARATORS, key=lambda sign: (found[sign], "".join(lines[:1]).count(sign)))


def _count(line: str, separator: str, wanted: Collection[str]) -> int:
    """How many of the cells of a line are among these."""
    return len({tidy(cell.strip().strip('"')) for cell in line.split(separator)} & set(wanted))


def _split(lines: Sequence[str], separator: str, skipped: int) -> Iterator[Line]:
    """Split lines in rows; one row takes several lines where a cell does."""
    reader = csv.reader(lines[skipped:], delimiter=separator, strict=True, skipinitialspace=separator != "\t")
    begin, widest = skipped, 0
    try:
        for cells in reader:
            end = skipped + reader.line_num
            widest = max(widest, len(cells))
            _refuse_swallowed(lines, range(begin + 1, end), separator, {widest, len(cells)} - {1})
            yield Line(begin + 1, cells)
            begin = end
    except csv.Error as error:
        raise _broken_quote(begin) from error


def _refuse_swallowed(
    lines: Sequence[str], further: Sequence[int], separator: str, widths: Collection[int]
) -> None:
    """Refuse a cell of several lines where one of them is a row in itself: a quote closed too late."""
    for place in further:
        cells = lines[place].rstrip("\r\n").split(separator)
        if len(cells) in widths and _ID.fullmatch(cells[0].strip().strip('"')):
            raise _broken_quote(further[0] - 1)


def _broken_quote(place: int) -> BrokenTableError:
    return BrokenTableError(
        f'regel {place + 1}: een aanhalingsteken (") sluit niet goed, zodat niet vaststaat waar een cel '
        "ophoudt. Zet om de tekst een begin- en een eindteken, en schrijf een teken in de tekst dubbel."
    )
