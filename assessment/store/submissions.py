"""What was handed in, in and out of the store; a submission is added and never changed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from sys import intern
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, Executable, insert, select
from sqlalchemy.orm import Session

from assessment.errors import UserError
from assessment.model.answers import Answer, Deviation, Submission, Whose
from assessment.model.frames import ANSWERS, DEVIATIONS, FrameSchema
from assessment.model.rounds import SubmissionState
from assessment.model.scale import Perspective
from assessment.store.tables import AnswerRow, Base, DeviationRow, SubmissionEventRow, SubmissionRow

_WHOSE = (SubmissionRow.round_id, SubmissionRow.house_id, SubmissionRow.perspective)
# Whether a version was withdrawn, which is for good.
_WITHDRAWN = (
    select(SubmissionEventRow.submission_id)
    .filter_by(to_state=SubmissionState.WITHDRAWN.value)
    .filter(SubmissionEventRow.submission_id == SubmissionRow.submission_id)
    .correlate(SubmissionRow)
    .exists()
)
_VERSION = (SubmissionRow.submission_id, SubmissionRow.version, SubmissionRow.file_sha256, _WITHDRAWN)
_ROWS_AT_ONCE = 5_000
_SUBMITTED = [field for field in Submission.model_fields if field not in {"answers", "deviations"}]


class StoredVersion(NamedTuple):
    """One version of what was handed in, the checksum of its file, and whether it was withdrawn."""

    submission_id: str
    version: int
    file_sha256: str
    withdrawn: bool = False


def find_versions(
    session: Session, round_id: str, house_id: str, perspective: Perspective
) -> list[StoredVersion]:
    """Every version of what one perspective handed in, the newest first."""
    versions = (
        select(*_VERSION)
        .filter_by(round_id=round_id, house_id=house_id, perspective=perspective.value)
        .order_by(SubmissionRow.version.desc())
    )
    return [StoredVersion(*row) for row in session.execute(versions)]


class Added(NamedTuple):
    """Under which id and as which version something is stored, maybe before (`already`), or why not."""

    submission_id: str
    version: int
    already: bool = False
    refusal: UserError | None = None

    @property
    def is_new(self) -> bool:
        """Whether a version was added."""
        return not self.already and self.refusal is None


def add_versions(
    session: Session,
    files: Sequence[tuple[Submission, bytes]],
    find_refusal: Callable[[Submission], UserError | None],
) -> list[Added]:
    """Add each file as the newest version; one that was stored before and still stands changes nothing.

    Args:
        session: of the transaction that stores them all.
        files: what was handed in, with the file as it came.
        find_refusal: why a new version may not be added, or None where it may.
    """
    known = _find_known(session, [submission for submission, _ in files])
    added, new = [], []
    for submission, content in files:
        versions = known[submission.whose]
        told = _number_version(submission, versions)
        refusal = None if told.already else find_refusal(submission)
        if refusal is not None:
            told = Added("", 0, refusal=refusal)
        added.append(told)
        if told.is_new:
            versions.insert(0, StoredVersion(told.submission_id, told.version, submission.file_sha256))
            new.append((submission.model_copy(update={"version": told.version}), content))
    add_submissions(session, new)
    return added


def _find_known(session: Session, submissions: Sequence[Submission]) -> dict[Whose, list[StoredVersion]]:
    """The versions of everyone who hands in, the newest first, in one question to the database."""
    table = SubmissionRow
    stored = (
        select(*_WHOSE, *_VERSION)
        .where(table.house_id.in_({each.house_id for each in submissions}))
        .where(table.round_id.in_({each.round_id for each in submissions}))
        .order_by(table.version.desc())
    )
    known: dict[Whose, list[StoredVersion]] = defaultdict(list)
    for row in session.execute(stored).all():
        version = StoredVersion(row.submission_id, row.version, row.file_sha256, bool(row[-1]))
        known[Whose(row.round_id, row.house_id, Perspective(row.perspective))].append(version)
    return known


def _number_version(submission: Submission, versions: Sequence[StoredVersion]) -> Added:
    scores = (each for each in versions if not each.withdrawn)
    same = next((each for each in scores if each.file_sha256 == submission.file_sha256), None)
    if same is not None:
        return Added(same.submission_id, same.version, already=True)
    version = versions[0].version + 1 if versions else 1
    numbered = submission.model_copy(update={"version": version})
    return Added(numbered.submission_id, version)


def add_submissions(session: Session, files: Sequence[tuple[Submission, bytes]]) -> None:
    """Add versions that are numbered already, each with the file as it came."""
    submissions, answers, deviations = [], [], []
    for submission, content in files:
        key = submission.submission_id
        facts = {field: getattr(submission, field) for field in _SUBMITTED}
        submissions.append({"submission_id": key, "file_content": content, **facts})
        answers += [(key, *answer) for answer in submission.answers]
        deviations += [{"submission_id": key, **vars(each)} for each in submission.deviations]
    for table, rows in ((SubmissionRow, submissions), (DeviationRow, deviations)):
        if rows:
            session.connection().execute(insert(table), rows)
    _insert_rows(session.connection(), AnswerRow, answers)


def load_newest(session: Session, round_id: str, perspective: Perspective) -> dict[str, str]:
    """What counts of each house that handed in, by house_id: its newest version that was not withdrawn.

    The figure of record is the joint version of a house, which stands as long as it is adopted; else its own.
    """
    if perspective is Perspective.RECORD:
        own, joint = (load_newest(session, round_id, each) for each in (Perspective.HOUSE, Perspective.JOINT))
        return dict(sorted({**own, **joint}.items()))
    newest = (
        select(SubmissionRow.house_id, SubmissionRow.submission_id)
        .filter_by(round_id=round_id, perspective=perspective.value)
        .filter(~_WITHDRAWN)
        .order_by(SubmissionRow.house_id, SubmissionRow.version)
    )
    return dict(session.execute(newest).all())


def load_current(
    session: Session, round_id: str, house_id: str, perspective: Perspective
) -> Submission | None:
    """The newest version that was not withdrawn, or None where there is none."""
    versions = find_versions(session, round_id, house_id, perspective)
    scores = [each.submission_id for each in versions if not each.withdrawn]
    return load_submission(session, scores[0]) if scores else None


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
            Answer(*(getattr(found, field) for field in Answer._fields)) for found in session.scalars(answers)
        ),
        deviations=tuple(
            Deviation.model_validate(found, from_attributes=True) for found in session.scalars(deviations)
        ),
        **{field: getattr(row, field) for field in _SUBMITTED},
    )


def load_moment(session: Session, submission_id: str) -> datetime:
    """When something was handed in."""
    return session.scalars(select(SubmissionRow.handed_in).filter_by(submission_id=submission_id)).one()


def load_file(session: Session, submission_id: str) -> bytes:
    """The file of a submission, as it came."""
    return session.scalars(select(SubmissionRow.file_content).filter_by(submission_id=submission_id)).one()


def load_answers(session: Session, submission_ids: Sequence[str]) -> pd.DataFrame:
    """ANSWERS of these submissions, one per house: the questions at which an option was chosen."""
    chosen = (
        select(SubmissionRow.house_id, AnswerRow.question_id, AnswerRow.option_id)
        .join(AnswerRow, AnswerRow.submission_id == SubmissionRow.submission_id)
        .where(SubmissionRow.submission_id.in_(submission_ids), AnswerRow.option_id.is_not(None))
        .order_by(SubmissionRow.house_id, AnswerRow.question_id)
    )
    return _read_frame(session, chosen, ANSWERS)


def load_deviations(session: Session, submission_ids: Sequence[str], moment: date) -> pd.DataFrame:
    """DEVIATIONS of these submissions that are in force on a day, the last day included."""
    agreed = (
        select(SubmissionRow.house_id, DeviationRow.criterion_id)
        .join(DeviationRow, DeviationRow.submission_id == SubmissionRow.submission_id)
        .where(SubmissionRow.submission_id.in_(submission_ids), DeviationRow.until >= moment)
        .order_by(SubmissionRow.house_id, DeviationRow.criterion_id)
    )
    return _read_frame(session, agreed, DEVIATIONS)


def _read_frame(session: Session, wanted: Executable, schema: FrameSchema) -> pd.DataFrame:
    """The ids that the database gives, column by column: by row a frame takes five times as long to make.

    The same ids come back for every house; each is kept once, so that memory hardly grows with the houses.
    """
    columns: dict[str, list[str]] = {column: [] for column in schema.columns}
    for rows in session.connection().execute(wanted).partitions(_ROWS_AT_ONCE):
        for column, ids in zip(columns.values(), zip(*rows, strict=True), strict=True):
            column.extend(map(intern, ids))
    return schema.conform(pd.DataFrame(columns))


def _insert_rows(connection: Connection, table: type[Base], rows: Sequence[Sequence[object]]) -> None:
    """Insert rows that hold a value for every column of a table, in the order of the columns.

    The values are made ready column by column, past the library's look at every single value: that takes
    three times as long as the database itself.
    """
    if not rows:
        return
    columns = table.__table__.columns
    processors = [
        each.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for each in columns
    ]
    ready = zip(
        *(
            values if process is None else map(process, values)
            for process, values in zip(processors, zip(*rows, strict=True), strict=True)
        ),
        strict=True,
    )
    statement = insert(table).compile(dialect=connection.dialect)
    if statement.positional:
        connection.exec_driver_sql(str(statement), list(ready))
    else:
        connection.exec_driver_sql(
            str(statement), [dict(zip(columns.keys(), row, strict=True)) for row in ready]
        )
