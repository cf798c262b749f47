"""Drafts in and out of the store; a row is changed only on top of the version that its writer saw."""

from collections.abc import Mapping

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from assessment.model.answers import Answer, Whose
from assessment.model.draft import (
    KEYS,
    AnyContent,
    Content,
    Draft,
    DraftDeviation,
    DraftRow,
    DraftSummary,
    ThemeShare,
    key_of,
)
from assessment.model.scale import Perspective
from assessment.store.tables import DraftAnswerRow, DraftDeviationRow, DraftPart, DraftRecord, DraftThemeRow

_TABLES: Mapping[type, type[DraftPart]] = {
    Answer: DraftAnswerRow,
    DraftDeviation: DraftDeviationRow,
    ThemeShare: DraftThemeRow,
}
_FACTS = ("draft_id", "based_on", "begun", "begun_by", "changed", "revision")


def add_draft(session: Session, draft: Draft) -> None:
    """Add a draft with all its rows."""
    facts = {field: getattr(draft, field) for field in _FACTS}
    session.connection().execute(insert(DraftRecord), [facts | _columns(draft.whose)])
    for kind, rows in (
        (Answer, draft.answers),
        (DraftDeviation, draft.deviations),
        (ThemeShare, draft.themes),
    ):
        if values := [_values(draft.draft_id, row) for row in rows.values()]:
            session.connection().execute(insert(_TABLES[kind]), values)


def load_draft(session: Session, whose: Whose) -> Draft | None:
    """The draft of a house, or None where there is none."""
    record = session.scalars(select(DraftRecord).filter_by(**_columns(whose))).one_or_none()
    if record is None:
        return None
    return Draft(
        whose=whose,
        answers=_load_rows(session, record.draft_id, Answer),
        deviations=_load_rows(session, record.draft_id, DraftDeviation),
        themes=_load_rows(session, record.draft_id, ThemeShare),
        **{field: getattr(record, field) for field in _FACTS},
    )


def load_row(session: Session, draft_id: str, content: AnyContent) -> DraftRow[AnyContent] | None:
    """The row that a content belongs to, as it is stored; None where the draft is not there (any more)."""
    key = key_of(content)
    return _load_rows(session, draft_id, type(content), **{KEYS[type(content)]: key}).get(key)


def change_row(session: Session, draft_id: str, row: DraftRow[Content]) -> bool:
    """Put a row in the place of the version right before it.

    Returns:
        False where another version is stored, or none: then nothing is changed.
    """
    kind = type(row.content)
    seen = {"draft_id": draft_id, KEYS[kind]: key_of(row.content), "version": row.version - 1}
    changing = update(_TABLES[kind]).filter_by(**seen).values(_values(draft_id, row))
    changed = session.connection().execute(changing).rowcount == 1
    if changed:
        grown = {"changed": row.changed, "revision": DraftRecord.revision + 1}
        session.execute(update(DraftRecord).filter_by(draft_id=draft_id).values(grown))
    return changed


def remove_draft(session: Session, draft_id: str) -> None:
    """Remove a draft with all its rows."""
    for table in _TABLES.values():
        session.execute(delete(table).filter_by(draft_id=draft_id))
    session.execute(delete(DraftRecord).filter_by(draft_id=draft_id))


def list_drafts(session: Session, round_id: str | None = None) -> list[DraftSummary]:
    """How far every draft is, of one round or of all, by round, house and perspective."""
    counted = (
        select(
            DraftAnswerRow.draft_id,
            func.count(DraftAnswerRow.option_id).label("answered"),
            func.count().label("asked"),
        )
        .group_by(DraftAnswerRow.draft_id)
        .subquery()
    )
    found = (
        select(DraftRecord, counted.c.answered, counted.c.asked)
        .join(counted, counted.c.draft_id == DraftRecord.draft_id)
        .order_by(DraftRecord.round_id, DraftRecord.house_id, DraftRecord.perspective)
    )
    chosen = found if round_id is None else found.where(DraftRecord.round_id == round_id)
    return [
        DraftSummary(record.draft_id, _whose(record), answered, asked, record.changed)
        for record, answered, asked in session.execute(chosen)
    ]


def _load_rows(
    session: Session, draft_id: str, kind: type[AnyContent], **only: str
) -> dict[str, DraftRow[AnyContent]]:
    table = _TABLES[kind]
    chosen = select(table).filter_by(draft_id=draft_id, **only).order_by(getattr(table, KEYS[kind]))
    return {
        getattr(each, KEYS[kind]): DraftRow(
            content=kind(**{field: getattr(each, field) for field in kind._fields}),
            version=each.version,
            changed_by=each.changed_by,
            changed=each.changed,
        )
        for each in session.scalars(chosen)
    }


def _values(draft_id: str, row: DraftRow[Content]) -> dict[str, object]:
    facts = {"version": row.version, "changed_by": row.changed_by, "changed": row.changed}
    return {"draft_id": draft_id, **row.content._asdict(), **facts}


def _columns(whose: Whose) -> dict[str, str]:
    return whose._asdict() | {"perspective": whose.perspective.value}


def _whose(record: DraftRecord) -> Whose:
    return Whose(record.round_id, record.house_id, Perspective(record.perspective))
