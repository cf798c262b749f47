"""Versions of what was handed in, with the state that each is in: events that are added and never changed."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from assessment.model.answers import Whose
from assessment.model.rounds import SubmissionEvent, SubmissionState, Version
from assessment.model.scale import Perspective
from assessment.store.tables import AnswerRow, SubmissionEventRow, SubmissionRow

_FACTS = [name for name in Version.model_fields if name not in {"answered", "state", "events"}]
_ANSWERED = (
    select(func.count(AnswerRow.option_id))
    .filter(AnswerRow.submission_id == SubmissionRow.submission_id)
    .scalar_subquery()
    .label("answered")
)


def append_events(session: Session, events: Sequence[SubmissionEvent]) -> None:
    """Add what was done with versions."""
    if events:
        session.connection().execute(insert(SubmissionEventRow), [each.model_dump() for each in events])


def load_versions(session: Session, round_id: str, house_id: str | None = None) -> tuple[Version, ...]:
    """Every version of a round, or of one house in it, by house, perspective and version."""
    whose = {"round_id": round_id} if house_id is None else {"round_id": round_id, "house_id": house_id}
    query = (
        select(*(getattr(SubmissionRow, name) for name in _FACTS), _ANSWERED)
        .filter_by(**whose)
        .order_by(SubmissionRow.house_id, SubmissionRow.perspective, SubmissionRow.version)
    )
    states = _load_states(session, round_id)
    return tuple(
        Version.model_validate({**row._mapping, **states.get(row.submission_id, {})})  # noqa: SLF001 - a public name in spite of its look
        for row in session.execute(query)
    )


def load_beside(session: Session, submission_id: str) -> tuple[Version, ...]:
    """Every version of the house of a version in its round, that version included; none where it is gone."""
    whose = select(SubmissionRow.round_id, SubmissionRow.house_id).filter_by(submission_id=submission_id)
    found = session.execute(whose).one_or_none()
    return () if found is None else load_versions(session, *found)


def load_events(session: Session, submission_id: str) -> tuple[SubmissionEvent, ...]:
    """What was done with a version, in order."""
    rows = (
        select(SubmissionEventRow).filter_by(submission_id=submission_id).order_by(SubmissionEventRow.number)
    )
    return tuple(SubmissionEvent.model_validate(row, from_attributes=True) for row in session.scalars(rows))


def load_settled(session: Session, wanted: Collection[Whose]) -> dict[Whose, str]:
    """The submission_id of each version that is adopted or frozen, of those who are asked for."""
    last: dict[str, tuple[Whose, SubmissionState]] = {}
    query = (
        select(
            SubmissionRow.submission_id,
            SubmissionRow.round_id,
            SubmissionRow.house_id,
            SubmissionRow.perspective,
            SubmissionEventRow.to_state,
        )
        .join(SubmissionEventRow, SubmissionEventRow.submission_id == SubmissionRow.submission_id)
        .where(SubmissionRow.round_id.in_({round_id for round_id, _, _ in wanted}))
        .where(SubmissionRow.house_id.in_({house_id for _, house_id, _ in wanted}))
        .order_by(SubmissionRow.submission_id, SubmissionEventRow.number)
    )
    for submission_id, round_id, house_id, perspective, to_state in session.execute(query):
        whose = Whose(round_id, house_id, Perspective(perspective))
        last[submission_id] = whose, SubmissionState(to_state)
    settled = {whose: submission_id for submission_id, (whose, state) in last.items() if state.is_settled}
    return {whose: settled[whose] for whose in wanted if whose in settled}


def _load_states(session: Session, round_id: str) -> dict[str, dict[str, object]]:
    """State and number of events of each version of a round with which anything was done."""
    query = (
        select(SubmissionEventRow.submission_id, SubmissionEventRow.to_state, SubmissionEventRow.number)
        .join(SubmissionRow, SubmissionRow.submission_id == SubmissionEventRow.submission_id)
        .filter(SubmissionRow.round_id == round_id)
        .order_by(SubmissionEventRow.submission_id, SubmissionEventRow.number)
    )
    return {
        submission_id: {"state": to_state, "events": number}
        for submission_id, to_state, number in session.execute(query)
    }
