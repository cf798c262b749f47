"""Use case: give a house its receipt: its own file back with marks, or a sheet of its own."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple

from assessment.errors import UserError
from assessment.model.issue import PERSONAL, Issue, Weight
from assessment.model.receipt import Receipt, RowClass, RowOutcome
from assessment.model.sheet import INTRODUCTION_SHEET, OPTIONS_SHEET, PASSPORT_SHEET, Part
from assessment.readers.isolation import Pending
from assessment.service.desk import HandedIn
from assessment.service.installation import Installation
from assessment.writers.receipt import Block, Mark, ReceiptSheet, mark_file, write_receipt

_OWN_SHEETS = frozenset({INTRODUCTION_SHEET, PASSPORT_SHEET, OPTIONS_SHEET})
_XLSX = ".xlsx"
_SEPARATE = (
    "Dit is een los ontvangstbewijs. Uw eigen bestand is niet aangepast, omdat daarin iets zit dat bij het "
    "opnieuw bewaren verloren kan gaan, of omdat het geen .xlsx is."
)
_MARKED = (
    "Dit is uw eigen bestand. Alleen de kleuren, de opmerkingen in de cellen en dit blad zijn erbij gezet."
)
_COLOURS = "Oranje cellen zijn niet begrepen. Blauwe cellen zijn een vraag aan u."
_ASKED = {Part.QUESTIONS, Part.DEVIATIONS}
_DO = {Weight.FAULT: "herstel", Weight.ASK: "controleer", Weight.NOTE: "ter informatie"}


class ReceiptFile(NamedTuple):
    """A receipt as a file; `marked` tells that it is the house's own file."""

    name: str
    content: bytes
    marked: bool


def name_receipt(file_name: str) -> str:
    """What to call the receipt of a file: after the file, and always an .xlsx."""
    path = PurePath(file_name)
    return f"{path.stem if path.suffix.lower() == _XLSX else path.name}.ontvangst.xlsx"


def make_receipt(installation: Installation, handed_in: HandedIn) -> ReceiptFile:
    """Make the receipt of one file."""
    return _finish(handed_in, _start(installation, handed_in))


def make_receipts(
    installation: Installation, outcomes: Iterable[HandedIn]
) -> Iterator[tuple[HandedIn, ReceiptFile]]:
    """Make the receipts of many files, side by side; each comes with what became of its file."""
    ahead: deque[tuple[HandedIn, Pending[bytes | None] | None]] = deque()
    for handed_in in outcomes:
        ahead.append((handed_in, _start(installation, handed_in)))
        if len(ahead) > installation.reading_room.workers:
            yield _finish_next(ahead)
    while ahead:
        yield _finish_next(ahead)


def _finish_next(
    ahead: deque[tuple[HandedIn, Pending[bytes | None] | None]],
) -> tuple[HandedIn, ReceiptFile]:
    handed_in, marking = ahead.popleft()
    return handed_in, _finish(handed_in, marking)


def _start(installation: Installation, handed_in: HandedIn) -> Pending[bytes | None] | None:
    """Have a file marked in a process of its own, where its format allows that."""
    if handed_in.receipt is None or PurePath(handed_in.file.name).suffix.lower() != _XLSX:
        return None
    sheet = _describe(handed_in, _MARKED)
    return installation.reading_room.submit(handed_in.file.name, mark_file, handed_in.file.content, sheet)


def _finish(handed_in: HandedIn, marking: Pending[bytes | None] | None) -> ReceiptFile:
    name = name_receipt(handed_in.file.name)
    marked = None if marking is None else _marked_or_none(marking)
    if marked is not None:
        return ReceiptFile(name, marked, marked=True)
    return ReceiptFile(name, write_receipt(_describe(handed_in, _SEPARATE)), marked=False)


def _marked_or_none(marking: Pending[bytes | None]) -> bytes | None:
    """A file that breaks the program that marks it gets a separate receipt."""
    try:
        return marking.result()
    except UserError:
        return None


def _describe(handed_in: HandedIn, what: str) -> ReceiptSheet:
    receipt = handed_in.receipt
    if receipt is None:
        return ReceiptSheet([f"Bestand: {handed_in.file.name}", f"Niet gelezen: {handed_in.error}"])
    whose = f"{receipt.house.title}, {receipt.round.title}, ingevuld door {receipt.perspective.dutch}."
    lines = [f"Bestand: {receipt.file_name}", whose, _tell_status(handed_in), what]
    return ReceiptSheet(
        [*lines, _COLOURS] if receipt.blocking else lines,
        [_list_remarks(receipt), _count_rows(receipt), *_list_rows(receipt)],
        [_as_mark(issue) for issue in receipt.blocking if issue.sheet],
        _OWN_SHEETS
        | {o.row.sheet for o in receipt.outcomes if o.row.part in {Part.QUESTIONS, Part.DEVIATIONS}},
    )


def _tell_status(handed_in: HandedIn) -> str:
    if handed_in.already:
        return f"Dit bestand was al bewaard als {handed_in.submission_id}; er is niets veranderd."
    if handed_in.submission_id:
        return f"Bewaard als {handed_in.submission_id}."
    if handed_in.receipt is not None and handed_in.receipt.blocking:
        return "Niet bewaard: eerst is iets nodig van u. Herstel wat hieronder staat en lever opnieuw in."
    return f"Niet bewaard. {handed_in.error}" if handed_in.error else "Nog niet ingeleverd."


def _as_mark(issue: Issue) -> Mark:
    return Mark(issue.sheet, issue.cell, issue.code.weight, _begin(issue.sentence))


def _begin(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _list_remarks(receipt: Receipt) -> Block:
    ordered = [issue for weight in Weight for issue in receipt.of_weight(weight)]
    rows = [(issue.sheet, issue.cell, _DO[issue.code.weight], _begin(issue.sentence)) for issue in ordered]
    return Block("Opmerkingen", ("Blad", "Cel", "Wat te doen", "Opmerking"), rows or [("", "", "", "Geen.")])


def _count_rows(receipt: Receipt) -> Block:
    kinds = ([Part.QUESTIONS], [Part.DEVIATIONS], [Part.OWN_TEXT, Part.NOTES])
    counted = {each.dutch: [receipt.count(each, parts=parts) for parts in kinds] for each in RowClass}
    counted["alle rijen"] = [receipt.count(*RowClass, parts=parts) for parts in kinds]
    rows = [(word, *(str(count or "") for count in each)) for word, each in counted.items() if any(each)]
    return Block("Elke rij geteld", ("Gelezen als", "Vragen", "Bewust anders", "Andere rijen"), rows)


def _list_rows(receipt: Receipt) -> Iterator[Block]:
    """Every row: first those of the house, then the text that the questionnaire itself holds."""
    remarks: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in receipt.issues:
        remarks[issue.sheet, issue.row].append(issue)
    headings = ("Blad", "Rij", "Vraag-nr.", "Wat er staat", "Gelezen als")
    for title, ours in (("Uw rijen", False), ("De tekst van de vragenlijst zelf", True)):
        outcomes = [each for each in receipt.outcomes if (each.row_class is RowClass.OWN_TEXT) is ours]
        yield Block(title, headings, [_tell_row(outcome, remarks) for outcome in outcomes])


def _tell_row(outcome: RowOutcome, remarks: dict[tuple[str, str], list[Issue]]) -> tuple[str, ...]:
    row, number = outcome.row, str(outcome.row.number)
    issues = remarks[row.sheet, number]
    said = " · ".join(filter(None, [*row.texts.values(), row.aside]))
    if any(issue.code in PERSONAL for issue in issues):
        said = "(niet herhaald; zie de cel)"
    told = "; ".join([outcome.row_class.dutch, *(issue.sentence for issue in issues)])
    return row.sheet, number, row.key, said, told
