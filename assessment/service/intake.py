"""Use case: read a filled questionnaire, tell what was read, and store it whole or not at all."""

from collections import Counter
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from assessment.engine.validation import Checked, check_rows
from assessment.errors import AnswersRefusedError, OtherVersionError, UnknownRoundError
from assessment.model.answers import Answer, Submission
from assessment.model.issue import Issue
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.scale import Mark, Perspective
from assessment.model.sheet import Passport
from assessment.readers.workbook import read_workbook
from assessment.service.installation import Installation, find_house, find_round
from assessment.store.submissions import add_submission, find_last_version, load_submission


class Receipt(NamedTuple):
    """What was read from a file: for whom, how much of it, and what was not understood."""

    file_name: str
    house: House
    round: Round
    perspective: Perspective
    asked: int
    chosen: int
    unknown: int
    not_applicable: int
    empty: int
    deviations: int
    issues: tuple[Issue, ...]

    @property
    def answered(self) -> int:
        """How many questions have an answer; "weet ik niet" and n.v.t. are answers."""
        return self.chosen + self.unknown + self.not_applicable


class HandedIn(NamedTuple):
    """A stored submission with its receipt; `already` says that this very file was stored before."""

    submission_id: str
    receipt: Receipt
    already: bool


def check_file(installation: Installation, content: bytes, file_name: str) -> Receipt:
    """Read a filled questionnaire and tell what it holds; nothing is stored.

    Raises:
        NotAWorkbookError: the file is no questionnaire of ours.
        UnknownHouseError, UnknownRoundError: it was made for a house or round that is not there.
        OtherVersionError: it was made for other versions than the round asks.
    """
    return _check(installation, content, file_name)[0]


def hand_in(installation: Installation, content: bytes, file_name: str, now: datetime) -> HandedIn:
    """Store a filled questionnaire as a new version, whole or not at all.

    Raises:
        AnswersRefusedError: something in it was not understood; nothing was stored.
        UserError: as `check_file`.
    """
    receipt, checked = _check(installation, content, file_name)
    if receipt.issues:
        lines = [f"{file_name}: {issue.message}" for issue in receipt.issues]
        raise AnswersRefusedError(
            "\n".join([*lines, f"{file_name}: niets bewaard. Herstel dit en lever opnieuw in."])
        )
    submission = Submission(
        house_id=receipt.house.house_id,
        round_id=receipt.round.round_id,
        perspective=receipt.perspective,
        answers=tuple(answer for answer in checked.answers if _says_something(answer)),
        deviations=checked.deviations,
        handed_in=now,
        file_name=file_name,
        file_sha256=sha256(content).hexdigest(),
    )
    return _store(installation, submission, content, receipt)


def _check(installation: Installation, content: bytes, file_name: str) -> tuple[Receipt, Checked]:
    filled = read_workbook(content, file_name)
    register = installation.register()
    asked = find_round(register, filled.passport.round_id)
    house = find_house(register, asked, filled.passport.house_id)
    perspective = _find_perspective(asked, filled.passport, file_name)
    _refuse_other_version(asked, filled.passport, file_name)
    questionnaire = installation.questionnaire_of(asked)
    checked = check_rows(filled.answer_rows, filled.deviation_rows, questionnaire)
    return _count(file_name, (house, asked, perspective), checked, questionnaire), checked


def _find_perspective(asked: Round, passport: Passport, file_name: str) -> Perspective:
    allowed = {perspective.value: perspective for perspective in asked.perspectives}
    if passport.perspective not in allowed:
        raise UnknownRoundError(
            f"{file_name}: ronde '{asked.round_id}' vraagt geen antwoorden van '{passport.perspective}'. "
            f"Wel van: {', '.join(allowed)}."
        )
    return allowed[passport.perspective]


def _refuse_other_version(asked: Round, passport: Passport, file_name: str) -> None:
    if passport.frameworks != asked.frameworks:
        made_for, wanted = ", ".join(passport.frameworks), ", ".join(asked.frameworks)
        raise OtherVersionError(
            f"{file_name}: gemaakt voor {made_for}, maar ronde '{asked.round_id}' vraagt {wanted}. "
            "Download de vragenlijst van deze ronde en neem uw antwoorden over."
        )


def _count(
    file_name: str, whom: tuple[House, Round, Perspective], checked: Checked, questionnaire: Questionnaire
) -> Receipt:
    kinds = Counter(_kind(answer, questionnaire) for answer in checked.answers)
    return Receipt(
        file_name,
        *whom,
        asked=len(questionnaire.questions),
        chosen=kinds["chosen"],
        unknown=kinds["unknown"],
        not_applicable=kinds["not_applicable"],
        empty=kinds["empty"],
        deviations=len(checked.deviations),
        issues=checked.issues,
    )


def _kind(answer: Answer, questionnaire: Questionnaire) -> str:
    if answer.option_id is None:
        return "empty"
    mark = dict(questionnaire.question[answer.question_id].lettered)[answer.option_id].mark
    return mark.value if mark in {Mark.UNKNOWN, Mark.NOT_APPLICABLE} else "chosen"


def _says_something(answer: Answer) -> bool:
    return bool(answer.option_id or answer.explanation or answer.evidence)


def _store(installation: Installation, submission: Submission, content: bytes, receipt: Receipt) -> HandedIn:
    with installation.store.writing() as session:
        last = find_last_version(session, submission.round_id, submission.house_id, submission.perspective)
        newest = submission.model_copy(update={"version": last})
        stored = load_submission(session, newest.submission_id)
        if stored is not None and stored.file_sha256 == submission.file_sha256:
            return HandedIn(stored.submission_id, receipt, already=True)
        added = submission.model_copy(update={"version": last + 1})
        add_submission(session, added, content)
    return HandedIn(added.submission_id, receipt, already=False)
