"""The desk where files come in: read side by side, checked against the round, stored a few at a time."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.engine.validation import Checked, check_rows
from assessment.errors import AnswersRefusedError, UserError
from assessment.model.answers import Answer, Submission
from assessment.model.receipt import Receipt
from assessment.model.register import Register
from assessment.model.sheet import FilledQuestionnaire, Passport
from assessment.readers.isolation import Pending
from assessment.readers.workbook import read_workbook
from assessment.service.installation import Installation, find_house, find_round
from assessment.service.passport import (
    complete_passport,
    find_changed,
    find_made_for,
    find_perspective,
    naming,
    tell_version,
)
from assessment.service.recording import record_submissions
from assessment.store.submissions import add_version

_FILES_PER_TRANSACTION = 8
_FILES_AHEAD = 8
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
    """The reading of a file of which there are no bytes."""

    error: UserError

    def result(self) -> FilledQuestionnaire:
        raise self.error


Reading = Pending[FilledQuestionnaire] | _Nothing


class _CheckedFile(NamedTuple):
    receipt: Receipt
    checked: Checked


class _Judged(NamedTuple):
    handed_in: HandedIn
    submission: Submission | None = None


@dataclass(frozen=True)
class Desk:
    """Takes files in: without a moment (`now`) they are only checked."""

    installation: Installation
    given: Passport
    now: datetime | None = None
    accepted_because: str = ""

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

    def start(self, file: NamedFile) -> Reading:
        """Have a file read in a process of its own."""
        if file.error is not None:
            return _Nothing(file.error)
        return self.installation.reading_room.submit(file.name, read_workbook, file.content, file.name)

    def _judge(self, file: NamedFile, reading: Reading) -> _Judged:
        """Check what was read; a fault that the user can repair is told, not raised."""
        handed_in = HandedIn(file)
        try:
            checked_file = self.check(file, reading)
            handed_in = replace(handed_in, receipt=checked_file.receipt)
            self._refuse_unaccepted(checked_file.receipt)
        except UserError as error:
            return _Judged(replace(handed_in, error=error))
        if self.now is None:
            return _Judged(handed_in)
        return _Judged(handed_in, self._make_submission(file, checked_file, self.now))

    def check(self, file: NamedFile, reading: Reading) -> _CheckedFile:
        """Check all rows of a file against what the round asks its house."""
        file_name, filled = file.name, reading.result()
        passport = complete_passport(filled.passport, self.given, file_name)
        with naming(file_name):
            asked = find_round(self.register, passport.round_id)
            house = find_house(self.register, asked, passport.house_id)
        perspective = find_perspective(asked, passport, file_name)
        questionnaire = self.installation.questionnaire_of(asked)
        made_for = find_made_for(self.installation, asked, passport, file_name)
        changed = find_changed(made_for, questionnaire)
        checked = check_rows(
            filled.rows, questionnaire, other_ids=self.installation.published_ids(), changed=changed
        )
        issues = (*filled.notices, *tell_version(passport, made_for, questionnaire, changed), *checked.issues)
        receipt = Receipt(
            file_name, house, asked, perspective, len(questionnaire.questions), checked.outcomes, issues
        )
        return _CheckedFile(receipt, checked)

    def _refuse_unaccepted(self, receipt: Receipt) -> None:
        if receipt.blocking and not self.accepted_because.strip():
            lines = [f"{receipt.file_name}: {issue.message}" for issue in receipt.blocking]
            raise AnswersRefusedError(
                "\n".join(
                    [*lines, f"{receipt.file_name}: niets bewaard. Herstel dit, of ga door met een reden."]
                )
            )

    def _make_submission(self, file: NamedFile, found: _CheckedFile, now: datetime) -> Submission:
        return Submission(
            house_id=found.receipt.house.house_id,
            round_id=found.receipt.round.round_id,
            perspective=found.receipt.perspective,
            answers=tuple(answer for answer in found.checked.answers if _says_something(answer)),
            deviations=found.checked.deviations,
            handed_in=now,
            file_name=PurePath(file.name).name,
            file_sha256=file.sha256,
            accepted_because=self.accepted_because.strip() if found.receipt.blocking else "",
        )

    def _store(self, judged: list[_Judged]) -> list[HandedIn]:
        """Store what is sound, all in one transaction."""
        if not any(each.submission for each in judged):
            return [each.handed_in for each in judged]
        with self.installation.store.writing() as session:
            stored = [_store_one(session, each) for each in judged]
            new = [each.submission for each in stored if each.submission is not None]
            record_submissions(session, self.installation.who, new)
        return [each.handed_in for each in stored]


def _store_one(session: Session, judged: _Judged) -> _Judged:
    """Store one file; what comes back holds a submission only where a version was added."""
    handed_in, submission = judged
    if submission is None:
        return judged
    added = add_version(session, submission, handed_in.file.content)
    told = replace(handed_in, submission_id=added.submission_id, already=added.already)
    return _Judged(told, None if added.already else submission.model_copy(update={"version": added.version}))


def _says_something(answer: Answer) -> bool:
    return bool(answer.option_id or answer.explanation or answer.evidence)
