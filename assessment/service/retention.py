"""Use cases on retention: what is older than its term, and removing that after somebody saw the list.

The terms are settings, in months; without one everything is kept. The audit trail is always kept.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import pandas as pd
from sqlalchemy.orm import Session

from assessment.model.access import Task
from assessment.model.audit import Action, Change, Signature
from assessment.model.records import OldRecord, RecordKind
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.settings import Settings
from assessment.store.audit import append_changes
from assessment.store.formulas import find_old_formulas
from assessment.store.records import find_old_drafts, find_old_versions, remove_records

_ACTIONS = {
    RecordKind.DRAFT: Action.DRAFT_REMOVED,
    RecordKind.VERSION: Action.VERSION_REMOVED,
    RecordKind.FORMULA: Action.FORMULA_REMOVED,
}
_FIND = {
    RecordKind.DRAFT: find_old_drafts,
    RecordKind.VERSION: find_old_versions,
    RecordKind.FORMULA: find_old_formulas,
}


def list_terms(settings: Settings) -> Mapping[RecordKind, int]:
    """How many months each kind of record is kept; 0 is for good."""
    return {
        RecordKind.DRAFT: settings.keep_drafts_months,
        RecordKind.VERSION: settings.keep_versions_months,
        RecordKind.FORMULA: settings.keep_versions_months,
    }


def find_old(session: Session, settings: Settings, now: datetime) -> list[OldRecord]:
    """Everything that is older than its term at a moment."""
    return [
        record
        for kind, months in list_terms(settings).items()
        if months
        for record in _FIND[kind](session, _go_back(now, months))
    ]


def remove_old_records(
    installation: Installation, seen: Iterable[OldRecord], now: datetime
) -> list[OldRecord]:
    """Remove what somebody saw to be old, each with a line in the audit trail.

    Args:
        installation: where.
        seen: what was shown; a record that is no longer old (a draft that somebody went on with) stays.
        now: this moment.

    Returns:
        What was removed.

    Raises:
        NotAllowedError: the visitor does not do this.
    """
    require(installation, Task.RETAIN)
    shown = set(seen)
    with installation.store.writing() as session:
        gone = [record for record in find_old(session, installation.settings, now) if record in shown]
        remove_records(session, gone)
        append_changes(session, Signature(installation.who, now), list(map(_audit, gone)))
    return gone


def _go_back(now: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last day of that month."""
    earlier: datetime = (pd.Timestamp(now) - pd.DateOffset(months=months)).to_pydatetime()
    return earlier


def _audit(record: OldRecord) -> Change:
    return Change(
        action=_ACTIONS[record.kind], subject=record.record_id, old={"moment": record.moment.isoformat()}
    )
