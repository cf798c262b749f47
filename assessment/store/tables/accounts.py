"""Who may sign in, and what they were granted."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.store.tables.base import Base


class AccountRow(Base):
    """A person; issuer and subject are both there or neither is."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    account_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    issuer: Mapped[str | None]
    subject: Mapped[str | None]
    added: Mapped[date]
    ended: Mapped[date | None]


class GrantRow(Base):
    """A role of an account; `granted_on` is a house or a unit, or empty where the role is on neither."""

    __tablename__ = "grants"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.account_id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_on: Mapped[str] = mapped_column(primary_key=True)
