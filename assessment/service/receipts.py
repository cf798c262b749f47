"""Use case: give a house its receipt: its own file back with marks, or a sheet of its own."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple

from assessment.errors import UserError
from assessment.model.issue import Issue, Weight
from assessment.model.receipt import ReadRow, Receipt, RowClass
from assessment.model.sheets import IDENTITY_SHEET, INTRODUCTION_SHEET, OPTIONS_SHEET, Part
from assessment.readers.isolation import Pending
from assessment.service.installation import Installation
from assessment.service.intake import FileOutcome, NamedFile
from assessment.service.reading import make_marked_receipt
from assessment.tables.formats import format_with_capital
from assessment.writers.receipt import (
    NO_XLSX,
    Block,
    Mark,
    ReceiptFile,
    ReceiptSheet,
    make_separate_receipt,
)

_XLSX = ".xlsx"
_DO = {Weight.FAULT: "herstel", Weight.ASK: "controleer", Weight.NOTE: "ter informatie"}
_OWN_SHEETS = frozenset({INTRODUCTION_SHEET, IDENTITY_SHEET, OPTIONS_SHEET})
_ASKING = {Part.QUESTIONS, Part.OPEN_QUESTIONS, Part.DEVIATIONS, Part.FORMULAS}
_COUNT_HEADINGS = ("Gelezen als", "Vragen", "Open vragen", "Bewust anders", "Andere rijen")
_ROW_HEADINGS = ("Blad", "Rij", "Vraag-nr.", "Wat er staat", "Gelezen als")


class ReceiptOfFile(NamedTuple):
    """A receipt as a file; `marked` tells that it is the house's own file."""

    name: str
    content: bytes
    marked: bool


def name_receipt(file_name: str) -> str:
    """What to call the receipt of a file: after the file, and always an .xlsx."""
    path = PurePath(file_name)
    return f"{path.stem if path.suffix.lower() == _XLSX else path.name}.ontvangst.xlsx"


def name_in_trail(file: NamedFile) -> str:
    """Name a receipt in the audit trail: by a checksum, for the name of a file may hold that of a person."""
    return f"ontvangstbewijs/{file.sha256}"


def make_receipt(installation: Installation, outcome: FileOutcome) -> ReceiptOfFile:
    """Make the receipt of one file."""
    return next(receipt for _, receipt in make_receipts(installation, [outcome]))


def make_receipts(
    installation: Installation, outcomes: Iterable[FileOutcome]
) -> Iterator[tuple[FileOutcome, ReceiptOfFile]]:
    """Make the receipts of many files, side by side; each comes with what became of its file."""
    ahead: deque[tuple[FileOutcome, Pending[ReceiptFile]]] = deque()
    for outcome in outcomes:
        ahead.append((outcome, _start(installation, outcome)))
        if len(ahead) > installation.reader_pool.workers:
            yield _finish(installation, *ahead.popleft())
    while ahead:
        yield _finish(installation, *ahead.popleft())


def _start(installation: Installation, outcome: FileOutcome) -> Pending[ReceiptFile]:
    """Have a receipt made in a process of its own; only of an .xlsx that was read the file is marked."""
    file, sheet, pool = outcome.file, _describe(outcome), installation.reader_pool
    if outcome.receipt is None or PurePath(file.name).suffix.lower() != _XLSX:
        return pool.submit(file.name, make_separate_receipt, sheet, NO_XLSX, whose=installation.whose)
    return pool.submit(file.name, make_marked_receipt, file.content, sheet, whose=installation.whose)


def _finish(
    installation: Installation, outcome: FileOutcome, making: Pending[ReceiptFile]
) -> tuple[FileOutcome, ReceiptOfFile]:
    """Wait for a receipt; a file that breaks the program that marks it gets a separate one."""
    name = outcome.file.name
    try:
        made = making.result()
    except UserError:
        made = installation.reader_pool.submit(
            name, make_separate_receipt, _describe(outcome), whose=installation.whose
        ).result()
    return outcome, ReceiptOfFile(name_receipt(name), *made)


def _describe(outcome: FileOutcome) -> ReceiptSheet:
    """All that a receipt says."""
    receipt, named = outcome.receipt, f"Bestand: {outcome.file.name}"
    if receipt is None:
        return ReceiptSheet([named, f"Niet gelezen: {outcome.error}"])
    whose = f"{receipt.house.title}, {receipt.round.title}, ingevuld door {receipt.perspective.dutch}."
    return ReceiptSheet(
        [named, whose, _describe_status(outcome)],
        [_list_remarks(receipt), _count_rows(receipt), *_count_formulas(receipt), *_list_rows(receipt)],
        [_as_mark(issue) for issue in receipt.blocking if issue.sheet],
        _OWN_SHEETS | {row.sheet for row in receipt.rows if row.part in _ASKING},
    )


def _describe_status(outcome: FileOutcome) -> str:
    if outcome.already:
        return f"Dit bestand was al bewaard als {outcome.submission_id}; er is niets veranderd."
    if outcome.submission_id:
        return f"Bewaard als {outcome.submission_id}."
    if outcome.receipt is not None and outcome.receipt.blocking:
        return "Niet bewaard: eerst is iets nodig van u. Herstel wat hieronder staat en lever opnieuw in."
    return f"Niet bewaard. {outcome.error}" if outcome.error else "Nog niet ingeleverd."


def _as_mark(issue: Issue) -> Mark:
    return Mark(issue.sheet, issue.cell, issue.code.weight, format_with_capital(issue.sentence))


def _list_remarks(receipt: Receipt) -> Block:
    ordered = [issue for weight in Weight for issue in receipt.of_weight(weight)]
    rows = [
        (issue.sheet, issue.cell, _DO[issue.code.weight], format_with_capital(issue.sentence))
        for issue in ordered
    ]
    return Block("Opmerkingen", ("Blad", "Cel", "Wat te doen", "Opmerking"), rows or [("", "", "", "Geen.")])


def _count_rows(receipt: Receipt) -> Block:
    kinds = ([Part.QUESTIONS], [Part.OPEN_QUESTIONS], [Part.DEVIATIONS], [Part.OWN_TEXT, Part.NOTES])
    counted = {each.dutch: [receipt.count(each, parts=parts) for parts in kinds] for each in RowClass}
    counted["alle rijen"] = [receipt.count(*RowClass, parts=parts) for parts in kinds]
    rows = [(word, *(str(count or "") for count in each)) for word, each in counted.items() if any(each)]
    return Block("Elke rij geteld", _COUNT_HEADINGS, rows)


def _count_formulas(receipt: Receipt) -> Iterator[Block]:
    """The rows on the sheet of formulas, where there is one."""
    counted = [(each.dutch, receipt.count(each, parts=[Part.FORMULAS])) for each in RowClass]
    if any(count for _, count in counted):
        rows = [(word, str(count)) for word, count in counted if count]
        yield Block("Elke rij van de formules geteld", ("Gelezen als", "Rijen"), rows)


def _list_rows(receipt: Receipt) -> Iterator[Block]:
    """Every row: first those of the house, then the text that the questionnaire itself holds."""
    for title, ours in (("Uw rijen", False), ("De tekst van de vragenlijst zelf", True)):
        rows = [row for row in receipt.rows if (row.row_class is RowClass.OWN_TEXT) is ours]
        yield Block(title, _ROW_HEADINGS, list(map(_list_row, rows)))


def _list_row(row: ReadRow) -> tuple[str, ...]:
    read_as = "; ".join([row.row_class.dutch, *row.remarks])
    return row.sheet, str(row.number), row.key, row.said, read_as
