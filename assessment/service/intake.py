"""Use case: read filled questionnaires, tell what was read, and store each whole or not at all."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import PurePath
from typing import NamedTuple

from assessment.engine.validation import Checked, check_rows
from assessment.errors import (
    AnswersRefusedError,
    StoreError,
    UserError,
)
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
from assessment.store.submissions import add_submission, find_versions, load_current

_FILES_AHEAD = 4
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


def check_file(installation: Installation, file: NamedFile, given: Passport = NOT_GIVEN) -> Receipt:
    """Read a filled questionnaire and tell what it holds; nothing is stored.

    Args:
        installation: where the round is.
        file: the file.
        given: house, round and perspective, for a file that does not say so itself.

    Raises:
        NotAWorkbookError, UnsafeFileError, UnreadableFileError: the file cannot be read.
        UnknownHouseError, UnknownRoundError: it was made for a house or round that is not there.
        OtherVersionError: it was made for versions that are not known here.
    """
    desk = _Desk(installation, given)
    return desk.check(desk.start(file), file.name).receipt


def check_files(
    installation: Installation, files: Iterable[NamedFile], given: Passport = NOT_GIVEN
) -> Iterator[HandedIn]:
    """Read many files and tell what they hold; nothing is stored, and a bad file never stops the others."""
    return _Desk(installation, given).take_in(files)


def find_current(installation: Installation, receipt: Receipt) -> Submission | None:
    """What counts now for the house, round and perspective of a file; None where nothing was handed in."""
    whose = (receipt.round.round_id, receipt.house.house_id, receipt.perspective)
    with installation.store.reading() as session:
        return load_current(session, *whose)


def hand_in(
    installation: Installation,
    file: NamedFile,
    now: datetime,
    accepted_because: str = "",
    given: Passport = NOT_GIVEN,
) -> HandedIn:
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
    handed_in = next(hand_in_files(installation, [file], now, accepted_because, given))
    if handed_in.error is not None:
        raise handed_in.error
    return handed_in


def hand_in_files(
    installation: Installation,
    files: Iterable[NamedFile],
    now: datetime,
    accepted_because: str = "",
    given: Passport = NOT_GIVEN,
) -> Iterator[HandedIn]:
    """Store many files, each whole or not at all; a bad one never stops the others.

    Files are read side by side in processes of their own, and stored in their order.

    Yields:
        What became of each file, in order.

    Raises:
        StoreError: the database cannot be used; what was yielded before is stored.
    """
    return _Desk(installation, given, now, accepted_because).take_in(files)


Reading = Pending[FilledQuestionnaire]


class _CheckedFile(NamedTuple):
    receipt: Receipt
    checked: Checked


@dataclass(frozen=True)
class _Desk:
    """Where files are taken in: the register as it is now, and on whose word."""

    installation: Installation
    given: Passport
    now: datetime | None = None
    accepted_because: str = ""

    @cached_property
    def register(self) -> Register:
        return self.installation.register()

    def take_in(self, files: Iterable[NamedFile]) -> Iterator[HandedIn]:
        """Take files in, in order, a few ahead of the one that is stored."""
        ahead: deque[tuple[NamedFile, Reading]] = deque()
        for file in files:
            ahead.append((file, self.start(file)))
            if len(ahead) > _FILES_AHEAD * self.installation.reading_room.workers:
                yield self._finish(*ahead.popleft())
        while ahead:
            yield self._finish(*ahead.popleft())

    def start(self, file: NamedFile) -> Reading:
        """Have a file read in a process of its own."""
        return self.installation.reading_room.submit(file.name, read_workbook, file.content, file.name)

    def _finish(self, file: NamedFile, reading: Reading) -> HandedIn:
        """Check what was read and store it; a fault that the user can repair is told, not raised."""
        handed_in = HandedIn(file)
        try:
            if file.error is not None:
                raise file.error
            checked_file = self.check(reading, file.name)
            handed_in = replace(handed_in, receipt=checked_file.receipt)
            self._refuse_unaccepted(checked_file.receipt)
            if self.now is None:
                return handed_in
            return self._store(handed_in, self._make_submission(file, checked_file, self.now))
        except StoreError:
            raise
        except UserError as error:
            return replace(handed_in, error=error)

    def check(self, reading: Reading, file_name: str) -> _CheckedFile:
        """Check all rows of a file against what the round asks its house."""
        filled = reading.result()
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
        issues = (*filled.notices, *tell_version(made_for, questionnaire, changed), *checked.issues)
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

    def _store(self, handed_in: HandedIn, submission: Submission) -> HandedIn:
        """Add a version; a file that was stored before, in any version, changes nothing."""
        whose = (submission.round_id, submission.house_id, submission.perspective)
        with self.installation.store.writing() as session:
            versions = find_versions(session, *whose)
            same = next((each for each in versions if each.file_sha256 == submission.file_sha256), None)
            if same is not None:
                return replace(handed_in, submission_id=same.submission_id, already=True)
            last = versions[0].version if versions else 0
            added = submission.model_copy(update={"version": last + 1})
            add_submission(session, added, handed_in.file.content)
        return replace(handed_in, submission_id=added.submission_id)


def _says_something(answer: Answer) -> bool:
    return bool(answer.option_id or answer.explanation or answer.evidence)
