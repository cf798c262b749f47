"""The audit trail."""

from sqlalchemy.orm import Mapped, mapped_column

from assessment.store.tables.base import Base


class AuditRow(Base):
    """An entry of the audit trail, as text that is never read as anything else: every byte is hashed."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[str]
    who: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]
    previous_sha256: Mapped[str]
    sha256: Mapped[str]


class AuditHeadRow(Base):
    """The end of the audit trail, in one row: who writes it has the turn to add."""

    __tablename__ = "audit_head"

    head_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    sha256: Mapped[str]
