"""Questionnaires that are being filled in; every row carries the version that its last writer made."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.store.tables.base import Base


class DraftRecord(Base):
    """The draft of one perspective on one house in one round; there is one at a time."""

    __tablename__ = "drafts"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "house_id"], ["round_houses.round_id", "round_houses.house_id"]),
        UniqueConstraint("round_id", "house_id", "perspective"),
    )

    draft_id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    house_id: Mapped[str]
    perspective: Mapped[str]
    based_on: Mapped[int]
    begun: Mapped[datetime]
    begun_by: Mapped[str]
    changed: Mapped[datetime]
    revision: Mapped[int]


class DraftPart(Base):
    """What the rows of a draft share."""

    __abstract__ = True

    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.draft_id"), primary_key=True)
    version: Mapped[int]
    changed_by: Mapped[str]
    changed: Mapped[datetime]


class DraftAnswerRow(DraftPart):
    """The answer to a question; there is a row for every question."""

    __tablename__ = "draft_answers"

    question_id: Mapped[str] = mapped_column(primary_key=True)
    option_id: Mapped[str | None]
    explanation: Mapped[str]
    evidence: Mapped[str]


class DraftDeviationRow(DraftPart):
    """A deviation, perhaps half; there is a row for every criterion where a house may deviate."""

    __tablename__ = "draft_deviations"

    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    agreed_by: Mapped[str]
    until: Mapped[date | None]


class DraftThemeRow(DraftPart):
    """Who takes a theme; there is a row for every theme."""

    __tablename__ = "draft_themes"

    theme_id: Mapped[str] = mapped_column(primary_key=True)
    taken_by: Mapped[str]
