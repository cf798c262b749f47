"""Texts that may say something about a citizen are pointed out, and nothing in them is altered.

Source: the elfproef of the burgerservicenummer, https://nl.wikipedia.org/wiki/Burgerservicenummer.
"""

import re
from collections.abc import Iterable, Iterator

from assessment.model.issue import Issue, IssueCode
from assessment.model.sheets import ASIDE, Attached, Part, SheetRow

_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,-])(?:\d{8,9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}[ .]\d{2}[ .]\d{3})(?!\d|[.,-]\d)"
)
_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)31[ -]*(?:\(0\) ?)?[1-9](?:[ -]?\d){8}"
    r"|\(?0[1-9]\d{0,2}\)?[ -]{0,3}\d(?: ?\d){5,8})(?!\d)"
)
_SHOWN = 3
_DIGITS_AT_HOME = 10
_SUSPECT = re.compile(r"@|\d[\d .()-]{6}")
"""What any of them holds; most texts hold neither."""
# Begins only where a run of letters begins: else a long text without an address is searched over and over.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def find_persons(row: SheetRow) -> Iterable[Issue]:
    """Point out what may be a citizen's number, telephone or e-mail address, field by field.

    Only the first letters are repeated: a message must not spread what should not be there.
    """
    if row.part is Part.OWN_TEXT:
        return ()
    if _SUSPECT.search("\n".join((*row.texts.values(), row.aside))) is None:
        return ()
    fields = (*row.texts.items(), (ASIDE, row.aside))
    return [
        Issue(code, row.sheet, row.cell(field), {"given": f"{given[:_SHOWN]}…"})
        for field, text in fields
        for code, given in _find_in(text)
    ]


def find_in_attached(attached: Iterable[Attached]) -> Iterator[Issue]:
    """Point out the same in what is attached to cells."""
    for each in attached:
        yield from (issue._replace(sheet=each.sheet, cell=each.cell) for issue in find_in_text(each.text))


def find_in_text(text: str) -> tuple[Issue, ...]:
    """Point out the same in one text that stands in no sheet."""
    return tuple(Issue(code, "", "", {"given": f"{given[:_SHOWN]}…"}) for code, given in _find_in(text))


def holds_citizen_number(text: str) -> bool:
    """Whether a text holds what may be a burgerservicenummer."""
    return any(code is IssueCode.CITIZEN_NUMBER for code, _ in _find_in(text))


def _find_in(text: str) -> Iterator[tuple[IssueCode, str]]:
    if "@" in text:
        yield from ((IssueCode.MAIL_ADDRESS, found.group()) for found in _MAIL.finditer(text))
    phones = (found.group() for found in _PHONE.finditer(text))
    yield from ((IssueCode.PHONE_NUMBER, phone) for phone in phones if _is_complete(phone))
    numbers = (found.group() for found in _NUMBER.finditer(text))
    yield from ((IssueCode.CITIZEN_NUMBER, number) for number in numbers if passes_elfproef(number))


def _is_complete(phone: str) -> bool:
    """Whether a number has the ten digits of a Dutch one, or names the country."""
    return phone.startswith(("+", "00")) or sum(map(str.isdigit, phone)) == _DIGITS_AT_HOME


def passes_elfproef(text: str) -> bool:
    """Whether eight or nine digits can be a burgerservicenummer: their weighted sum divides by eleven.

    Nothing but zeros passes the sum and is none.
    """
    digits = [int(letter) for letter in text if letter.isdigit()]
    padded = [0] * (9 - len(digits)) + digits
    total = sum(weight * digit for weight, digit in zip(_WEIGHTS, padded, strict=True))
    return any(padded) and total % 11 == 0
