"""The tables of the store. Text is kept as typed; ids are those of the models."""

from assessment.store.tables.accounts import AccountRow, GrantRow
from assessment.store.tables.audit import AuditHeadRow, AuditRow
from assessment.store.tables.base import Base
from assessment.store.tables.drafts import (
    DraftAnswerRow,
    DraftDeviationRow,
    DraftPart,
    DraftRecord,
    DraftThemeRow,
)
from assessment.store.tables.plans import BaselineMeasureRow, BaselineRow, CapacityRow, PlanLineRow
from assessment.store.tables.register import HouseRow, RoundHouseRow, RoundRow, UnitRow
from assessment.store.tables.states import RoundEventRow, SubmissionEventRow
from assessment.store.tables.submissions import AnswerRow, DeviationRow, SubmissionRow

__all__ = [
    "AccountRow",
    "AnswerRow",
    "AuditHeadRow",
    "AuditRow",
    "Base",
    "BaselineMeasureRow",
    "BaselineRow",
    "CapacityRow",
    "DeviationRow",
    "DraftAnswerRow",
    "DraftDeviationRow",
    "DraftPart",
    "DraftRecord",
    "DraftThemeRow",
    "GrantRow",
    "HouseRow",
    "PlanLineRow",
    "RoundEventRow",
    "RoundHouseRow",
    "RoundRow",
    "SubmissionEventRow",
    "SubmissionRow",
    "UnitRow",
]
