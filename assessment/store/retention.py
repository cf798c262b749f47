"""Records that are older than their term, and how they go.

A version goes only when a newer one stands in its place. What was adopted or frozen, what an adopted plan
rests on, and the newest of every house stay.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from assessment.model.records import OldRecord, RecordKind
from assessment.model.rounds import SubmissionState
from assessment.store.drafts import remove_draft
from assessment.store.tables import (
    AnswerRow,
    BaselineRow,
    DeviationRow,
    DraftRecord,
    SubmissionEventRow,
    SubmissionRow,
)

_SETTLED = [state.value for state in SubmissionState if state.is_settled]


def find_old_drafts(session: Session, before: datetime) -> list[OldRecord]:
    """Drafts that nobody changed since a moment."""
    old = select(DraftRecord.draft_id, DraftRecord.changed).where(DraftRecord.changed < before)
    return [OldRecord(RecordKind.DRAFT, *row) for row in session.execute(old.order_by(DraftRecord.draft_id))]


def find_old_versions(session: Session, before: datetime) -> list[OldRecord]:
    """Versions that were handed in before a moment and that nothing rests on any more."""
    newer = aliased(SubmissionRow)
    replaced = exists().where(
        newer.round_id == SubmissionRow.round_id,
        newer.house_id == SubmissionRow.house_id,
        newer.perspective == SubmissionRow.perspective,
        newer.version > SubmissionRow.version,
        ~_had(newer.submission_id, [SubmissionState.WITHDRAWN.value]),
    )
    planned = exists().where(BaselineRow.submission_id == SubmissionRow.submission_id)
    old = (
        select(SubmissionRow.submission_id, SubmissionRow.handed_in)
        .where(SubmissionRow.handed_in < before, replaced, ~planned)
        .where(~_had(SubmissionRow.submission_id, _SETTLED))
        .order_by(SubmissionRow.submission_id)
    )
    return [OldRecord(RecordKind.VERSION, *row) for row in session.execute(old)]


def _had(submission_id: InstrumentedAttribute[str], states: Collection[str]) -> ColumnElement[bool]:
    """Whether a version was ever in one of these states."""
    return exists().where(
        SubmissionEventRow.submission_id == submission_id, SubmissionEventRow.to_state.in_(states)
    )


def remove_records(session: Session, records: Collection[OldRecord]) -> None:
    """Remove records with everything that belongs to them."""
    for record in records:
        if record.kind is RecordKind.DRAFT:
            remove_draft(session, record.record_id)
            continue
        for table in (AnswerRow, DeviationRow, SubmissionEventRow, SubmissionRow):
            session.execute(delete(table).where(table.submission_id == record.record_id))
