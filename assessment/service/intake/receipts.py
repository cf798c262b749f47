"""Use case: give a house its receipt: its own file back with marks, or a sheet of its own."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple, TypeAlias

from assessment.errors import KaderscanError, UserError
from assessment.model.issue import Issue, Weight
from assessment.model.receipt import Receipt, RowClass
from assessment.model.register import Register
from assessment.model.sheet import Part, Passport
from assessment.readers.isolation import Pending
from assessment.service.installation import Installation
from assessment.service.intake.checking import Asked, leave_houses_out
from assessment.service.intake.desk import HandedIn
from assessment.service.intake.marking import ReceiptFile, make_marked, make_separate
from assessment.tables.shown import show_with_capital
from assessment.writers.receipt import Block, Mark, ReceiptSheet, write_receipt

_Make: TypeAlias = Callable[[bytes, str, Asked, ReceiptSheet], ReceiptFile]
_XLSX = ".xlsx"
_DO = {Weight.FAULT: "herstel", Weight.ASK: "controleer", Weight.NOTE: "ter informatie"}


class ReceiptOfFile(NamedTuple):
    """A receipt as a file; `marked` tells that it is the house's own file."""

    name: str
    content: bytes
    marked: bool


def name_receipt(file_name: str) -> str:
    """What to call the receipt of a file: after the file, and always an .xlsx."""
    path = PurePath(file_name)
    return f"{path.stem if path.suffix.lower() == _XLSX else path.name}.ontvangst.xlsx"


def make_receipt(installation: Installation, handed_in: HandedIn) -> ReceiptOfFile:
    """Make the receipt of one file."""
    return next(receipt for _, receipt in make_receipts(installation, [handed_in]))


def make_receipts(
    installation: Installation, outcomes: Iterable[HandedIn]
) -> Iterator[tuple[HandedIn, ReceiptOfFile]]:
    """Make the receipts of many files, side by side; each comes with what became of its file."""
    maker = _Maker(installation)
    ahead: deque[tuple[HandedIn, Pending[ReceiptFile] | None]] = deque()
    for handed_in in outcomes:
        ahead.append((handed_in, maker.start(handed_in, make_marked)))
        if len(ahead) > installation.reading_room.workers:
            yield maker.finish(*ahead.popleft())
    while ahead:
        yield maker.finish(*ahead.popleft())


@dataclass(frozen=True)
class _Maker:
    """Has receipts made in the processes that read files."""

    installation: Installation

    @cached_property
    def _rounds(self) -> Register:
        return leave_houses_out(self.installation.register())

    def start(self, handed_in: HandedIn, make: _Make) -> Pending[ReceiptFile] | None:
        """Have a receipt made; nothing to do for a file that could not be read."""
        receipt, file = handed_in.receipt, handed_in.file
        if receipt is None:
            return None
        given = Passport(receipt.house.house_id, receipt.round.round_id, receipt.perspective.value)
        asked = Asked(self.installation.library, self._rounds, given)
        sheet = _describe(handed_in, receipt)
        return self.installation.reading_room.submit(file.name, make, file.content, file.name, asked, sheet)

    def finish(
        self, handed_in: HandedIn, making: Pending[ReceiptFile] | None
    ) -> tuple[HandedIn, ReceiptOfFile]:
        """Wait for a receipt; a file that breaks the program that marks it gets a separate one."""
        if making is None:
            made = ReceiptFile(write_receipt(_describe_refused(handed_in)), marked=False)
        else:
            made = self._wait(handed_in, making)
        return handed_in, ReceiptOfFile(name_receipt(handed_in.file.name), *made)

    def _wait(self, handed_in: HandedIn, making: Pending[ReceiptFile]) -> ReceiptFile:
        try:
            return making.result()
        except UserError as error:
            again = self.start(handed_in, make_separate)
            if again is None:
                raise KaderscanError("a receipt was begun for a file that could not be read") from error
            return again.result()


def _describe_refused(handed_in: HandedIn) -> ReceiptSheet:
    return ReceiptSheet([f"Bestand: {handed_in.file.name}", f"Niet gelezen: {handed_in.error}"])


def _describe(handed_in: HandedIn, receipt: Receipt) -> ReceiptSheet:
    """What a receipt says, but for the rows."""
    whose = f"{receipt.house.title}, {receipt.round.title}, ingevuld door {receipt.perspective.dutch}."
    lines = [f"Bestand: {receipt.file_name}", whose, _tell_status(handed_in)]
    return ReceiptSheet(
        lines,
        [_list_remarks(receipt), _count_rows(receipt)],
        [_as_mark(issue) for issue in receipt.blocking if issue.sheet],
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
    return Mark(issue.sheet, issue.cell, issue.code.weight, show_with_capital(issue.sentence))


def _list_remarks(receipt: Receipt) -> Block:
    ordered = [issue for weight in Weight for issue in receipt.of_weight(weight)]
    rows = [
        (issue.sheet, issue.cell, _DO[issue.code.weight], show_with_capital(issue.sentence))
        for issue in ordered
    ]
    return Block("Opmerkingen", ("Blad", "Cel", "Wat te doen", "Opmerking"), rows or [("", "", "", "Geen.")])


def _count_rows(receipt: Receipt) -> Block:
    kinds = ([Part.QUESTIONS], [Part.DEVIATIONS], [Part.OWN_TEXT, Part.NOTES])
    counted = {each.dutch: [receipt.count(each, parts=parts) for parts in kinds] for each in RowClass}
    counted["alle rijen"] = [receipt.count(*RowClass, parts=parts) for parts in kinds]
    rows = [(word, *(str(count or "") for count in each)) for word, each in counted.items() if any(each)]
    return Block("Elke rij geteld", ("Gelezen als", "Vragen", "Bewust anders", "Andere rijen"), rows)
