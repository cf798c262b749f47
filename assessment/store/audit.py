"""The audit trail in and out of the store: entries are added at the end, and nothing else."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import LargeBinary, cast, insert, select, update
from sqlalchemy.orm import Session

from assessment.errors import AuditError
from assessment.model.audit import (
    Action,
    AuditEntry,
    AuditHead,
    Change,
    Signature,
    chain_change,
    write_canonical,
)
from assessment.store.tables import AuditHeadRow, AuditRow

_ONE_HEAD = 1
_ENTRIES_AT_ONCE = 500


def append_changes(session: Session, signature: Signature, changes: Sequence[Change]) -> None:
    """Add an entry for each change, in the transaction that makes the changes.

    Call it once, last in the transaction: from here until its end other writers wait for the head (SQLite
    lets one writer in at a time anyway), and so numbers have no holes and no two entries follow on one.

    Raises:
        AuditError: the head is gone; nothing may be changed that cannot be recorded.
    """
    if not changes:
        return
    head = _load_head(session, lock=True)
    if head is None:
        raise AuditError(
            "Het slot van het logboek is weg; er is niets bewaard. Zie: kaderscan audit verify, en zet een "
            "reservekopie terug."
        )
    entries: list[AuditEntry] = []
    for change in changes:
        entries.append(chain_change(head, signature, change))
        head = AuditHead(number=entries[-1].number, sha256=entries[-1].sha256)
    session.connection().execute(insert(AuditRow), [entry.model_dump() for entry in entries])
    session.execute(update(AuditHeadRow).filter_by(head_id=_ONE_HEAD).values(head.model_dump()))


def load_head(session: Session) -> AuditHead | None:
    """The end of the trail as it was last written, or None where that is gone."""
    return _load_head(session, lock=False)


def load_last(session: Session, passing: Collection[Action]) -> str:
    """The hash of the newest entry that tells of something else than this; empty where there is none."""
    told = [action.value for action in passing]
    others = select(AuditRow.sha256).where(AuditRow.action.not_in(told)).order_by(AuditRow.number.desc())
    return session.scalar(others.limit(1)) or ""


def load_entries(session: Session) -> Iterator[AuditEntry]:
    """Load all entries by number, byte by byte, also those that no longer are what was written.

    SQLite is asked for bytes: a text that is no longer UTF-8 would else stop the reading.
    """
    exact = session.get_bind().dialect.name == "sqlite"
    texts = [name for name in AuditEntry.model_fields if name != "number"]
    columns = [
        cast(getattr(AuditRow, name), LargeBinary) if exact else getattr(AuditRow, name) for name in texts
    ]
    rows = session.execute(
        select(AuditRow.number, *columns).order_by(AuditRow.number),
        execution_options={"yield_per": _ENTRIES_AT_ONCE},
    )
    for number, *values in rows:
        given = dict(zip(texts, map(_as_text, values), strict=True))
        yield AuditEntry(number=number, **given)


def is_newest(session: Session, who: str, change: Change) -> bool:
    """Whether the newest entry tells the same of the same person."""
    stored = select(AuditRow.who, AuditRow.action, AuditRow.subject, AuditRow.old, AuditRow.new)
    newest = session.execute(stored.order_by(AuditRow.number.desc()).limit(1)).one_or_none()
    told = (who, change.action.value, change.subject, *map(write_canonical, (change.old, change.new)))
    return newest is not None and tuple(newest) == told


def find_last_restore(session: Session) -> str:
    """The hash of the newest entry that says that a backup was restored, empty where that never happened.

    After a restore an id may mean something else than before: what is remembered by id holds only as long as
    this stays the same.
    """
    restored = (
        select(AuditRow.sha256).filter_by(action=Action.RESTORED.value).order_by(AuditRow.number.desc())
    )
    return session.scalar(restored.limit(1)) or ""


def _load_head(session: Session, *, lock: bool) -> AuditHead | None:
    stored = select(AuditHeadRow.number, AuditHeadRow.sha256).filter_by(head_id=_ONE_HEAD)
    row = session.execute(stored.with_for_update() if lock else stored).one_or_none()
    return None if row is None else AuditHead(number=row.number, sha256=row.sha256)


def _as_text(value: str | bytes) -> str:
    """Text as stored; a byte that is no text becomes a sign that no text of ours holds."""
    return value.decode(errors="surrogateescape") if isinstance(value, bytes) else value
