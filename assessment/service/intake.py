"""Filled questionnaires in: read side by side, checked, stored a few at a time.

A file that was checked is handed in from the same reading: it is kept by the checksum of its bytes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.errors import AnswersRefusedError, RoundStateError, UserError
from assessment.model.access import Task
from assessment.model.answers import Submission
from assessment.model.formula import FormulaSet
from assessment.model.issue import IssueCode
from assessment.model.receipt import Receipt
from assessment.model.register import Register
from assessment.model.scale import Perspective
from assessment.model.sheets import FileIdentity
from assessment.readers.isolation import Known, Pending
from assessment.service.access import open_gate, require
from assessment.service.audit_entries import record_submissions
from assessment.service.formula_files import keep_given
from assessment.service.installation import Installation
from assessment.service.lookup import find_house
from assessment.service.reading import (
    CheckedAgainst,
    CheckedFile,
    accept_meant,
    find_round_of,
    leave_houses_out,
    naming,
    read_file,
)
from assessment.store.submissions import Added, add_versions
from assessment.tables.formats import format_with_capital

NOT_GIVEN = FileIdentity()
"""For files that say themselves for whom they are."""
_FILES_PER_TRANSACTION = 32
_FILES_AHEAD = 16
"""How many files each process may be ahead of the store: it keeps them busy, and memory small."""


class NamedFile(NamedTuple):
    """A file as it came: what it is called, and its bytes, or why the bytes are not there.

    `meant` are the questions at which the house said that it meant the option that was suggested.
    """

    name: str
    content: bytes = b""
    error: UserError | None = None
    meant: frozenset[str] = frozenset()

    @property
    def sha256(self) -> str:
        """The checksum of its bytes."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True)
class FileOutcome:
    """What became of a file: checked, stored, stored before (`already`), or refused (`error`).

    There is a receipt as soon as the file could be read as a questionnaire of a house. `formulas` counts
    those that the file changed.
    """

    file: NamedFile
    receipt: Receipt | None = None
    submission_id: str = ""
    already: bool = False
    error: UserError | None = None
    formulas: int = 0


def check_file(
    installation: Installation, file: NamedFile, today: date, given: FileIdentity = NOT_GIVEN
) -> Receipt:
    """Read a filled questionnaire and tell what it holds; nothing is stored.

    Args:
        installation: where the round is.
        file: the file.
        today: the day on which an agreed deviation must still hold, or else it is asked about.
        given: house, round and perspective, for a file that does not say so itself.

    Raises:
        NotAWorkbookError, UnsafeFileError, UnreadableFileError: the file cannot be read.
        NotAllowedError: the visitor has nothing to do with that house, or not from that perspective.
        UnknownHouseError, UnknownRoundError: it was made for a house or round that is not there.
        OtherVersionError: it was made for versions that are not known here.
    """
    intake = Intake(installation, given, today)
    return intake.receive(file, intake.understand(file, intake.read(file)))


def check_files(
    installation: Installation, files: Iterable[NamedFile], today: date, given: FileIdentity = NOT_GIVEN
) -> Iterator[FileOutcome]:
    """Read many files and tell what they hold; nothing is stored, and a bad file never stops the others."""
    return Intake(installation, given, today).take_in(files)


def hand_in(
    installation: Installation,
    file: NamedFile,
    now: datetime,
    accepted_because: str = "",
    given: FileIdentity = NOT_GIVEN,
) -> FileOutcome:
    """Store a filled questionnaire as a new version, whole or not at all.

    Args:
        installation: where to store it.
        file: the file.
        now: the moment of handing in.
        accepted_because: why the house goes on although there are remarks; what was not understood is then
            left out and stays open.
        given: as `check_file`.

    Raises:
        AnswersRefusedError: something asks for a repair or a reason, and none was given; nothing was stored.
        UserError: as `check_file`.
    """
    outcome = next(hand_in_files(installation, [file], now, accepted_because, given))
    if outcome.error is not None:
        raise outcome.error
    return outcome


def hand_in_files(
    installation: Installation,
    files: Iterable[NamedFile],
    now: datetime,
    accepted_because: str = "",
    given: FileIdentity = NOT_GIVEN,
) -> Iterator[FileOutcome]:
    """Store many files, each whole or not at all; a bad one never stops the others.

    Files are read side by side in processes of their own, and stored in their order.

    Yields:
        What became of each file, in order.

    Raises:
        StoreError: the database cannot be used; what was yielded before is stored.
    """
    return Intake(installation, given, now.date(), now, accepted_because).take_in(files)


def find_refusal(installation: Installation, receipt: Receipt) -> RoundStateError | None:
    """Why a file that was read cannot be handed in any more; None where it can."""
    with installation.store.reading() as session:
        return open_gate(session, {receipt.whose}).find_refusal_of(receipt.whose, receipt.file_name)


def refuse_unaccepted(receipt: Receipt, accepted_because: str) -> None:
    """Refuse a file that asks for a repair or a reason where none was given.

    Raises:
        AnswersRefusedError: so it is; the message holds a line per remark.
    """
    if receipt.blocking and not accepted_because.strip():
        lines = [f"{receipt.file_name}: {issue.message}" for issue in receipt.blocking]
        raise AnswersRefusedError(
            "\n".join([*lines, f"{receipt.file_name}: niets bewaard. Herstel dit, of ga door met een reden."])
        )


def do_nothing(_session: Session) -> None:
    """Nothing beside storing what was handed in."""


class _Unread(NamedTuple):
    """The reading of a file of which there are no bytes."""

    error: UserError

    def result(self) -> CheckedFile:
        raise self.error


Reading = Pending[CheckedFile] | Known[CheckedFile] | _Unread


class _Judged(NamedTuple):
    outcome: FileOutcome
    submission: Submission | None = None
    formulas: FormulaSet | None = None


@dataclass(frozen=True)
class Intake:
    """Takes files in: without a moment (`now`) they are only checked.

    `beside` is what else is done in the transaction that stores, when nothing was refused.
    """

    installation: Installation
    given: FileIdentity
    today: date
    now: datetime | None = None
    accepted_because: str = ""
    beside: Callable[[Session], None] = do_nothing

    @cached_property
    def register(self) -> Register:
        """The register as it was when the first file came in."""
        return self.installation.register()

    def take_in(self, files: Iterable[NamedFile]) -> Iterator[FileOutcome]:
        """Take files in, in order; a few at a time go to the store, in one transaction."""
        waiting = self._read_ahead(files)
        while some := list(islice(waiting, _FILES_PER_TRANSACTION)):
            yield from self._store([self._judge(file, reading) for file, reading in some])

    def _read_ahead(self, files: Iterable[NamedFile]) -> Iterator[tuple[NamedFile, Reading]]:
        """Have files read before they are asked for: enough to keep the processes busy."""
        ahead: deque[tuple[NamedFile, Reading]] = deque()
        for file in files:
            ahead.append((file, self.read(file)))
            if len(ahead) > _FILES_AHEAD * self.installation.reader_pool.workers:
                yield ahead.popleft()
        yield from ahead

    @cached_property
    def _against(self) -> CheckedAgainst:
        rounds = leave_houses_out(self.register)
        return CheckedAgainst(self.installation.library, rounds, self.given, self.today)

    def read(self, file: NamedFile) -> Reading:
        """Have a file read and checked in a process of its own, unless it just was."""
        if file.error is not None:
            return _Unread(file.error)
        key = (file.sha256, self._against)
        pool = self.installation.reader_pool
        return pool.submit_once(
            key, file.name, read_file, file.content, file.name, self._against, whose=self.installation.whose
        )

    def understand(self, file: NamedFile, reading: Reading) -> CheckedFile:
        """Wait for what was read, with the answers that the house said it meant."""
        checked = reading.result()
        if not file.meant:
            return checked
        round_ = find_round_of(self.register, checked.identity, file.name)
        return accept_meant(checked, file.meant, self.installation.questionnaire_of(round_))

    def _judge(self, file: NamedFile, reading: Reading) -> _Judged:
        """Look at what was read; a fault that the user can repair is told, not raised."""
        outcome = FileOutcome(file)
        try:
            checked = self.understand(file, reading)
            receipt = self.receive(file, checked)
            outcome = replace(outcome, receipt=receipt)
            refuse_unaccepted(receipt, self.accepted_because)
        except UserError as error:
            return _Judged(replace(outcome, error=error))
        if self.now is None:
            return _Judged(outcome)
        submission = self._make_submission(receipt, checked, file.sha256, self.now)
        return _Judged(outcome, submission, checked.formula_set)

    @property
    def _task(self) -> Task:
        return Task.CHECK_FILE if self.now is None else Task.HAND_IN

    def receive(self, file: NamedFile, checked: CheckedFile) -> Receipt:
        """Find the house of a file that was read, and tell what it holds.

        Raises:
            UnknownHouseError, UnknownRoundError: there is no such house, or the round does not ask it.
            NotAllowedError: the visitor may not do this for the house.
        """
        round_ = find_round_of(self.register, checked.identity, file.name)
        with naming(file.name):
            house = find_house(self.register, round_, checked.identity.house_id)
            perspective = Perspective(checked.identity.perspective)
            require(self.installation, self._task, house, perspective)
        counted = (checked.asked, checked.open)
        return Receipt(file.name, house, round_, perspective, *counted, checked.rows, checked.issues)

    def _make_submission(
        self, receipt: Receipt, checked: CheckedFile, file_sha256: str, now: datetime
    ) -> Submission:
        round_id, house_id, perspective = receipt.whose
        return Submission(
            house_id=house_id,
            round_id=round_id,
            perspective=perspective,
            answers=checked.answers,
            deviations=checked.deviations,
            handed_in=now,
            file_name=PurePath(receipt.file_name).name,
            file_sha256=file_sha256,
            accepted_because=self._describe_accepted(receipt),
            handed_in_as=self.installation.visitor.function_on(receipt.house),
        )

    def _describe_accepted(self, receipt: Receipt) -> str:
        """Why the house goes on, and what it said that it meant."""
        reason = self.accepted_because.strip() if receipt.blocking else ""
        meant = (
            format_with_capital(each.sentence) for each in receipt.issues if each.code is IssueCode.MEANT
        )
        return " ".join(filter(None, [reason, *meant]))

    def _store(self, judged: list[_Judged]) -> list[FileOutcome]:
        """Store what is sound, all in one transaction."""
        sound = [(each.submission, each.outcome.file.content) for each in judged if each.submission]
        if not sound:
            return [each.outcome for each in judged]
        given = {each.outcome.file.sha256: each.formulas for each in judged if each.formulas}
        with self.installation.store.writing() as session:
            gate = open_gate(session, {submission.whose for submission, _ in sound})
            keeper = _FormulaKeeper(self, session, given)
            added = add_versions(
                session, sound, lambda each: gate.find_refusal(each) or keeper.find_refusal(each)
            )
            if not any(told.refusal for told in added):
                self.beside(session)
            new = [
                submission.model_copy(update={"version": told.version})
                for (submission, _), told in zip(sound, added, strict=True)
                if told.is_new
            ]
            record_submissions(session, self.installation.who, new)
        stored = iter(added)
        return [
            keeper.count(_add_stored(each.outcome, next(stored))) if each.submission else each.outcome
            for each in judged
        ]


@dataclass(frozen=True)
class _FormulaKeeper:
    """Stores the formulas of files beside their answers: by the checksum of a file, what it says of them.

    `changed` counts the formulas that each file changed.
    """

    intake: Intake
    session: Session
    given: Mapping[str, FormulaSet]
    changed: dict[str, int] = field(default_factory=dict)

    def find_refusal(self, submission: Submission) -> UserError | None:
        """Why a file cannot be stored for the formulas in it; None where they are stored, or it has none."""
        given = self.given.get(submission.file_sha256)
        if given is None:
            return None
        accepted = bool(self.intake.accepted_because.strip())
        try:
            done = keep_given(
                self.intake.installation, self.session, given, submission.handed_in, accepted=accepted
            )
        except UserError as error:
            return type(error)(f"{submission.file_name}: {error}")
        self.changed[submission.file_sha256] = len(done.formulas)
        return None

    def count(self, outcome: FileOutcome) -> FileOutcome:
        """What became of a file, with how many formulas it changed."""
        return replace(outcome, formulas=self.changed.get(outcome.file.sha256, 0))


def _add_stored(outcome: FileOutcome, added: Added) -> FileOutcome:
    return replace(outcome, submission_id=added.submission_id, already=added.already, error=added.refusal)
