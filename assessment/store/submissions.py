"""What was handed in, in and out of the store; a submission is added and never changed."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assessment.model.answers import Answer, Deviation, Submission
from assessment.model.frames import ANSWERS, DEVIATIONS
from assessment.model.scale import Perspective
from assessment.store.tables import AnswerRow, Base, DeviationRow, SubmissionRow

_SUBMITTED = [field for field in Submission.model_fields if field not in {"answers", "deviations"}]


class StoredVersion(NamedTuple):
    """One version of what was handed in, and the checksum of its file."""

    submission_id: str
    version: int
    file_sha256: str


def find_versions(
    session: Session, round_id: str, house_id: str, perspective: Perspective
) -> list[StoredVersion]:
    """Every version of what one perspective handed in, the newest first."""
    versions = (
        select(SubmissionRow.submission_id, SubmissionRow.version, SubmissionRow.file_sha256)
        .filter_by(round_id=round_id, house_id=house_id, perspective=perspective.value)
        .order_by(SubmissionRow.version.desc())
    )
    return [StoredVersion(*row) for row in session.execute(versions)]


class Added(NamedTuple):
    """Under which id and as which version something is stored; `already` when the very same file was."""

    submission_id: str
    version: int
    already: bool


def add_version(session: Session, submission: Submission, file_content: bytes) -> Added:
    """Add as the newest version; a file that was stored before, in any version, changes nothing."""
    versions = find_versions(session, submission.round_id, submission.house_id, submission.perspective)
    same = next((each for each in versions if each.file_sha256 == submission.file_sha256), None)
    if same is not None:
        return Added(same.submission_id, same.version, already=True)
    last = versions[0].version if versions else 0
    added = submission.model_copy(update={"version": last + 1})
    add_submission(session, added, file_content)
    return Added(added.submission_id, added.version, already=False)


def add_submission(session: Session, submission: Submission, file_content: bytes) -> None:
    """Add one version, with the file as it came."""
    key = submission.submission_id
    facts = {field: getattr(submission, field) for field in _SUBMITTED}
    tables: tuple[tuple[type[Base], list[dict[str, object]]], ...] = (
        (SubmissionRow, [{"submission_id": key, "file_content": file_content, **facts}]),
        (AnswerRow, [{"submission_id": key, **vars(answer)} for answer in submission.answers]),
        (DeviationRow, [{"submission_id": key, **vars(each)} for each in submission.deviations]),
    )
    for table, rows in tables:
        if rows:
            session.connection().execute(insert(table), rows)


def load_newest(session: Session, round_id: str, perspective: Perspective) -> dict[str, str]:
    """The newest submission_id of each house that handed in, by house_id."""
    newest = (
        select(SubmissionRow.house_id, SubmissionRow.submission_id)
        .filter_by(round_id=round_id, perspective=perspective.value)
        .order_by(SubmissionRow.house_id, SubmissionRow.version)
    )
    return dict(session.execute(newest).all())


def load_current(
    session: Session, round_id: str, house_id: str, perspective: Perspective
) -> Submission | None:
    """The newest version of what was handed in, or None where nothing was."""
    versions = find_versions(session, round_id, house_id, perspective)
    return load_submission(session, versions[0].submission_id) if versions else None


def list_submissions(session: Session) -> list[str]:
    """The ids of everything that was handed in."""
    return list(session.scalars(select(SubmissionRow.submission_id).order_by(SubmissionRow.submission_id)))


def load_submission(session: Session, submission_id: str) -> Submission | None:
    """One submission with everything that was written, or None where it is not there."""
    row = session.get(SubmissionRow, submission_id)
    if row is None:
        return None
    answers = select(AnswerRow).filter_by(submission_id=submission_id).order_by(AnswerRow.question_id)
    deviations = (
        select(DeviationRow).filter_by(submission_id=submission_id).order_by(DeviationRow.criterion_id)
    )
    return Submission(
        answers=tuple(
            Answer.model_validate(found, from_attributes=True) for found in session.scalars(answers)
        ),
        deviations=tuple(
            Deviation.model_validate(found, from_attributes=True) for found in session.scalars(deviations)
        ),
        **{field: getattr(row, field) for field in _SUBMITTED},
    )


def load_answers(session: Session, submission_ids: Sequence[str]) -> pd.DataFrame:
    """ANSWERS of these submissions, one per house: the questions at which an option was chosen."""
    chosen = (
        select(SubmissionRow.house_id, AnswerRow.question_id, AnswerRow.option_id)
        .join(AnswerRow, AnswerRow.submission_id == SubmissionRow.submission_id)
        .where(SubmissionRow.submission_id.in_(submission_ids), AnswerRow.option_id.is_not(None))
        .order_by(SubmissionRow.house_id, AnswerRow.question_id)
    )
    rows = session.execute(chosen).all()
    return ANSWERS.conform(pd.DataFrame(rows, columns=list(ANSWERS.columns)))


def load_deviations(session: Session, submission_ids: Sequence[str], moment: date) -> pd.DataFrame:
    """DEVIATIONS of these submissions that are in force on a day, the last day included."""
    agreed = (
        select(SubmissionRow.house_id, DeviationRow.criterion_id)
        .join(DeviationRow, DeviationRow.submission_id == SubmissionRow.submission_id)
        .where(SubmissionRow.submission_id.in_(submission_ids), DeviationRow.until >= moment)
        .order_by(SubmissionRow.house_id, DeviationRow.criterion_id)
    )
    rows = session.execute(agreed).all()
    return DEVIATIONS.conform(pd.DataFrame(rows, columns=list(DEVIATIONS.columns)))
