"""What is done for a receipt in a process of its own: go through the file again, list its rows, mark it.

Most files never get a receipt, so what became of each row is not kept when a file comes in.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple

from assessment.engine.validation import Checked
from assessment.model.issue import PERSONAL, Issue
from assessment.model.receipt import RowClass, RowOutcome
from assessment.model.sheet import INTRODUCTION_SHEET, OPTIONS_SHEET, PASSPORT_SHEET, Part
from assessment.service.intake.checking import Asked, look_through
from assessment.writers.receipt import Block, ReceiptSheet, mark_file, write_receipt

_XLSX = ".xlsx"
_OWN_SHEETS = frozenset({INTRODUCTION_SHEET, PASSPORT_SHEET, OPTIONS_SHEET})
_ASKED = {Part.QUESTIONS, Part.DEVIATIONS}
_HEADINGS = ("Blad", "Rij", "Vraag-nr.", "Wat er staat", "Gelezen als")
_SEPARATE = (
    "Dit is een los ontvangstbewijs. Uw eigen bestand is niet aangepast, omdat daarin iets zit dat bij het "
    "opnieuw bewaren verloren kan gaan, of omdat het geen .xlsx is."
)
_MARKED = (
    "Dit is uw eigen bestand. Alleen de kleuren, de opmerkingen in de cellen en dit blad zijn erbij gezet."
)
_COLOURS = "Oranje cellen zijn niet begrepen. Blauwe cellen zijn een vraag aan u."


class ReceiptFile(NamedTuple):
    """The bytes of a receipt; `marked` tells that it is the house's own file."""

    content: bytes
    marked: bool


def make_marked(content: bytes, file_name: str, asked: Asked, sheet: ReceiptSheet) -> ReceiptFile:
    """Mark a file and add its receipt, or make a separate one where marking would lose something.

    Args:
        content: the file.
        file_name: what it is called.
        asked: what it was checked against.
        sheet: what the receipt says, but for the rows.
    """
    full = _add_rows(sheet, look_through(content, file_name, asked).checked)
    if PurePath(file_name).suffix.lower() == _XLSX:
        marked = mark_file(content, _add_lines(full, _MARKED, *([_COLOURS] if full.marks else [])))
        if marked is not None:
            return ReceiptFile(marked, marked=True)
    return ReceiptFile(write_receipt(_add_lines(full, _SEPARATE)), marked=False)


def make_separate(content: bytes, file_name: str, asked: Asked, sheet: ReceiptSheet) -> ReceiptFile:
    """Make a receipt that stands by itself, with arguments as `make_marked`."""
    full = _add_rows(sheet, look_through(content, file_name, asked).checked)
    return ReceiptFile(write_receipt(_add_lines(full, _SEPARATE)), marked=False)


def _add_lines(sheet: ReceiptSheet, *lines: str) -> ReceiptSheet:
    return sheet._replace(lines=[*sheet.lines, *lines])


def _add_rows(sheet: ReceiptSheet, checked: Checked) -> ReceiptSheet:
    asking = {each.row.sheet for each in checked.outcomes if each.row.part in _ASKED}
    return sheet._replace(blocks=[*sheet.blocks, *_list_rows(checked)], own_sheets=_OWN_SHEETS | asking)


def _list_rows(checked: Checked) -> Iterator[Block]:
    """Every row: first those of the house, then the text that the questionnaire itself holds."""
    remarks: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in checked.issues:
        remarks[issue.sheet, issue.row].append(issue)
    for title, ours in (("Uw rijen", False), ("De tekst van de vragenlijst zelf", True)):
        outcomes = [each for each in checked.outcomes if (each.row_class is RowClass.OWN_TEXT) is ours]
        yield Block(title, _HEADINGS, [_tell_row(each, _of_row(each, remarks)) for each in outcomes])


def _of_row(outcome: RowOutcome, remarks: dict[tuple[str, str], list[Issue]]) -> list[Issue]:
    return remarks[outcome.row.sheet, str(outcome.row.number)]


def _tell_row(outcome: RowOutcome, issues: Iterable[Issue]) -> tuple[str, ...]:
    row = outcome.row
    said = " · ".join(filter(None, [*row.texts.values(), row.aside]))
    if any(issue.code in PERSONAL for issue in issues):
        said = "(niet herhaald; zie de cel)"
    told = "; ".join([outcome.row_class.dutch, *(issue.sentence for issue in issues)])
    return row.sheet, str(row.number), row.key, said, told
