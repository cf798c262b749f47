"""The desk where files come in: read side by side, checked against the round, stored a few at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.errors import AnswersRefusedError, UserError
from assessment.model.access import Task
from assessment.model.answers import Submission
from assessment.model.receipt import Receipt
from assessment.model.register import Register
from assessment.model.scale import Perspective
from assessment.model.sheet import Passport
from assessment.readers.isolation import Pending
from assessment.service.access import require
from assessment.service.audit_entries import record_submissions
from assessment.service.installation import Installation
from assessment.service.intake.checking import Asked, CheckedFile, check_content, leave_houses_out
from assessment.service.intake.gate import open_gate
from assessment.service.intake.passport import find_round_of, naming
from assessment.service.lookup import find_house
from assessment.store.submissions import Added, add_versions

_FILES_PER_TRANSACTION = 32
_FILES_AHEAD = 16
"""How many files each process may be ahead of the store: it keeps them busy, and memory small."""
NOT_GIVEN = Passport()
"""For files that say themselves for whom they are."""


class NamedFile(NamedTuple):
    """A file as it came: what it is called, and its bytes, or why the bytes are not there."""

    name: str
    content: bytes = b""
    error: UserError | None = None

    @property
    def sha256(self) -> str:
        """The checksum of its bytes."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True)
class HandedIn:
    """What became of a file: stored, stored before (`already`), or refused (`error`).

    There is a receipt as soon as the file could be read as a questionnaire of a house.
    """

    file: NamedFile
    receipt: Receipt | None = None
    submission_id: str = ""
    already: bool = False
    error: UserError | None = None


class _Nothing(NamedTuple):
    """The checking of a file of which there are no bytes."""

    error: UserError

    def result(self) -> CheckedFile:
        raise self.error


Reading = Pending[CheckedFile] | _Nothing


class _Judged(NamedTuple):
    handed_in: HandedIn
    submission: Submission | None = None


def do_nothing(_session: Session) -> None:
    """Nothing beside storing what was handed in."""


@dataclass(frozen=True)
class Desk:
    """Takes files in: without a moment (`now`) they are only checked.

    `beside` is what else is done in the transaction that stores, when nothing was refused.
    """

    installation: Installation
    given: Passport
    now: datetime | None = None
    accepted_because: str = ""
    beside: Callable[[Session], None] = do_nothing

    @cached_property
    def register(self) -> Register:
        """The register as it was when the first file came in."""
        return self.installation.register()

    def take_in(self, files: Iterable[NamedFile]) -> Iterator[HandedIn]:
        """Take files in, in order; a few at a time go to the store, in one transaction."""
        waiting = self._read_ahead(files)
        while some := list(islice(waiting, _FILES_PER_TRANSACTION)):
            yield from self._store([self._judge(file, reading) for file, reading in some])

    def _read_ahead(self, files: Iterable[NamedFile]) -> Iterator[tuple[NamedFile, Reading]]:
        """Have files read before they are asked for: enough to keep the processes busy."""
        ahead: deque[tuple[NamedFile, Reading]] = deque()
        for file in files:
            ahead.append((file, self.start(file)))
            if len(ahead) > _FILES_AHEAD * self.installation.reading_room.workers:
                yield ahead.popleft()
        yield from ahead

    @cached_property
    def _asked(self) -> Asked:
        return Asked(self.installation.library, leave_houses_out(self.register), self.given)

    def start(self, file: NamedFile) -> Reading:
        """Have a file read and checked in a process of its own."""
        if file.error is not None:
            return _Nothing(file.error)
        room = self.installation.reading_room
        return room.submit(file.name, check_content, file.content, file.name, self._asked)

    def _judge(self, file: NamedFile, reading: Reading) -> _Judged:
        """Look at what was checked; a fault that the user can repair is told, not raised."""
        handed_in = HandedIn(file)
        try:
            checked = reading.result()
            receipt = self.receive(file, checked)
            handed_in = replace(handed_in, receipt=receipt)
            refuse_unaccepted(receipt, self.accepted_because)
        except UserError as error:
            return _Judged(replace(handed_in, error=error))
        if self.now is None:
            return _Judged(handed_in)
        return _Judged(handed_in, self._make_submission(receipt, checked, file.sha256, self.now))

    @property
    def _task(self) -> Task:
        return Task.CHECK_FILE if self.now is None else Task.HAND_IN

    def receive(self, file: NamedFile, checked: CheckedFile) -> Receipt:
        """Find the house of a file that was checked, and tell what was read.

        Raises:
            UnknownHouseError, UnknownRoundError: there is no such house, or the round does not ask it.
            NotAllowedError: the visitor may not do this for the house.
        """
        own_round = find_round_of(self.register, checked.passport, file.name)
        with naming(file.name):
            house = find_house(self.register, own_round, checked.passport.house_id)
            perspective = Perspective(checked.passport.perspective)
            require(self.installation, self._task, house, perspective)
        return Receipt(
            file.name, house, own_round, perspective, checked.asked, checked.counts, checked.issues
        )

    def _make_submission(
        self, receipt: Receipt, checked: CheckedFile, file_sha256: str, now: datetime
    ) -> Submission:
        return Submission(
            house_id=receipt.house.house_id,
            round_id=receipt.round.round_id,
            perspective=receipt.perspective,
            answers=checked.answers,
            deviations=checked.deviations,
            handed_in=now,
            file_name=PurePath(receipt.file_name).name,
            file_sha256=file_sha256,
            accepted_because=self.accepted_because.strip() if receipt.blocking else "",
        )

    def _store(self, judged: list[_Judged]) -> list[HandedIn]:
        """Store what is sound, all in one transaction."""
        sound = [(each.submission, each.handed_in.file.content) for each in judged if each.submission]
        if not sound:
            return [each.handed_in for each in judged]
        with self.installation.store.writing() as session:
            gate = open_gate(session, {submission.whose for submission, _ in sound})
            added = add_versions(session, sound, gate.find_refusal)
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
            _tell_stored(each.handed_in, next(stored)) if each.submission else each.handed_in
            for each in judged
        ]


def _tell_stored(handed_in: HandedIn, added: Added) -> HandedIn:
    return replace(handed_in, submission_id=added.submission_id, already=added.already, error=added.refusal)


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
