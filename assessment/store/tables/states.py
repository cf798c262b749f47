"""What was done with versions and rounds, as events: rows are added and never changed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assessment.store.tables.base import Base


class SubmissionEventRow(Base):
    """A version that went from one state to another."""

    __tablename__ = "submission_events"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.submission_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[datetime]
    who: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    reason: Mapped[str]


class RoundEventRow(Base):
    """A round that was closed or opened again."""

    __tablename__ = "round_events"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.round_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[datetime]
    who: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    reason: Mapped[str]
    reckoned_on: Mapped[date | None]
