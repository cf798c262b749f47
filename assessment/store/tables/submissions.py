"""What was handed in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.store.tables.base import Base, Id


class SubmissionRow(Base):
    """One version of what was handed in, with the file as it came and why remarks on it were accepted."""

    __tablename__ = "submissions"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "house_id"], ["round_houses.round_id", "round_houses.house_id"]),
        UniqueConstraint("round_id", "house_id", "perspective", "version"),
    )

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    house_id: Mapped[str]
    perspective: Mapped[str]
    version: Mapped[int]
    handed_in: Mapped[datetime]
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    accepted_because: Mapped[str] = mapped_column(server_default="")
    file_content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class AnswerRow(Base):
    """An answer of a submission; `option_id` is empty where only an explanation was written."""

    __tablename__ = "answers"

    submission_id: Mapped[Id] = mapped_column(ForeignKey("submissions.submission_id"), primary_key=True)
    question_id: Mapped[Id] = mapped_column(primary_key=True)
    option_id: Mapped[Id | None]
    explanation: Mapped[str]
    evidence: Mapped[str]


class DeviationRow(Base):
    """An agreed deviation of a submission."""

    __tablename__ = "deviations"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.submission_id"), primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    agreed_by: Mapped[str]
    until: Mapped[date]
