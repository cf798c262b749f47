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
    OtherVersionError,
    StoreError,
    UnknownHouseError,
    UnknownRoundError,
    UserError,
)
from assessment.model.answers import Answer, Submission
from assessment.model.issue import Issue, IssueCode
from assessment.model.questionnaire import Questionnaire
from assessment.model.receipt import Receipt
from assessment.model.register import Register, Round
from assessment.model.scale import Perspective
from assessment.model.sheet import FilledQuestionnaire, Passport
from assessment.readers.isolation import Pending
from assessment.readers.workbook import read_workbook
from assessment.service.installation import Installation, find_house, find_round
from assessment.store.submissions import add_submission, find_last_version, find_same_file

_FILES_AHEAD = 4
"""How many files each process may be ahead of the store: enough to keep them busy, few enough to stay small."""


NOT_GIVEN = Passport()
"""For files that say themselves for whom they are."""


class NamedFile(NamedTuple):
    """A file as it came: what it is called, and its bytes, or why the bytes are not there."""

    name: str
    content: bytes = b""
    error: UserError | None = None


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
        """Check what was read and, at a moment of handing in, store it; a fault that the user can repair is told, not raised."""
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
        passport = _complete(filled.passport, self.given, file_name)
        asked = find_round(self.register, passport.round_id)
        house = find_house(self.register, asked, passport.house_id)
        perspective = _find_perspective(asked, passport, file_name)
        questionnaire = self.installation.questionnaire_of(asked)
        made_for = self._find_made_for(asked, passport, file_name)
        changed = _find_changed(made_for, questionnaire)
        checked = check_rows(
            filled.rows, questionnaire, other_ids=self.installation.published_ids(), changed=changed
        )
        issues = (*filled.notices, *_tell_version(made_for, questionnaire, changed), *checked.issues)
        receipt = Receipt(
            file_name, house, asked, perspective, len(questionnaire.questions), checked.outcomes, issues
        )
        return _CheckedFile(receipt, checked)

    def _find_made_for(self, asked: Round, passport: Passport, file_name: str) -> Questionnaire | None:
        """The questionnaire that a file was made for, where that is another than the round asks."""
        if passport.frameworks in {(), asked.frameworks}:
            return None
        made_for = self.installation.find_questionnaire(passport.frameworks)
        if made_for is None:
            raise OtherVersionError(
                f"{file_name}: gemaakt voor {', '.join(passport.frameworks)}, maar ronde '{asked.round_id}' "
                f"vraagt {', '.join(asked.frameworks)}. Download de vragenlijst van deze ronde en neem uw "
                "antwoorden over."
            )
        return made_for

    def _refuse_unaccepted(self, receipt: Receipt) -> None:
        if receipt.blocking and not self.accepted_because.strip():
            lines = [f"{receipt.file_name}: {issue.message}" for issue in receipt.blocking]
            raise AnswersRefusedError(
                "\n".join([*lines, f"{receipt.file_name}: niets bewaard. Herstel dit, of ga door met een reden."])
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
            file_sha256=sha256(file.content).hexdigest(),
            accepted_because=self.accepted_because.strip() if found.receipt.blocking else "",
        )

    def _store(self, handed_in: HandedIn, submission: Submission) -> HandedIn:
        """Add a version; a file that was stored before, in any version, changes nothing."""
        whose = (submission.round_id, submission.house_id, submission.perspective)
        with self.installation.store.writing() as session:
            same = find_same_file(session, *whose, submission.file_sha256)
            if same is not None:
                return replace(handed_in, submission_id=same, already=True)
            last = find_last_version(session, *whose)
            added = submission.model_copy(update={"version": last + 1})
            add_submission(session, added, handed_in.file.content)
        return replace(handed_in, submission_id=added.submission_id)


def _complete(passport: Passport, given: Passport, file_name: str) -> Passport:
    """Take from the user what the file does not say; where both say something they must agree."""
    said = passport._asdict()
    for name, word in (("house_id", "huis"), ("round_id", "ronde"), ("perspective", "antwoorden van")):
        if said[name] and getattr(given, name) and said[name] != getattr(given, name):
            raise UnknownHouseError(
                f"{file_name}: gemaakt voor {word} '{said[name]}', niet voor '{getattr(given, name)}'. "
                "Kies wat in het bestand staat, of lever een ander bestand in."
            )
        said[name] = said[name] or getattr(given, name)
        if not said[name]:
            raise UnknownHouseError(
                f"{file_name}: het bestand zegt niet voor welk huis, welke ronde en wie het is. Geef dat erbij "
                "(--house, --round, --perspective), of neem uw antwoorden over in een nieuwe vragenlijst."
            )
    return Passport(**said)


def _find_perspective(asked: Round, passport: Passport, file_name: str) -> Perspective:
    allowed = {perspective.value: perspective for perspective in asked.perspectives}
    if passport.perspective not in allowed:
        raise UnknownRoundError(
            f"{file_name}: ronde '{asked.round_id}' vraagt geen antwoorden van '{passport.perspective}'. "
            f"Wel van: {', '.join(allowed)}."
        )
    return allowed[passport.perspective]


def _find_changed(made_for: Questionnaire | None, asked: Questionnaire) -> frozenset[str]:
    """The questions that both ask, but not with the same words: their answers cannot be taken over."""
    if made_for is None:
        return frozenset()
    both = asked.question.keys() & made_for.question.keys()
    return frozenset(key for key in both if not asked.question[key].asks_the_same(made_for.question[key]))


def _tell_version(
    made_for: Questionnaire | None, asked: Questionnaire, changed: frozenset[str]
) -> Iterator[Issue]:
    if made_for is not None:
        same = len((asked.question.keys() & made_for.question.keys()) - changed)
        facts = {"made_for": made_for.name, "wanted": asked.name, "same": str(same)}
        yield Issue(IssueCode.OTHER_VERSION, "", "", facts)


def _says_something(answer: Answer) -> bool:
    return bool(answer.option_id or answer.explanation or answer.evidence)
