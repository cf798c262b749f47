"""The tables of the store. Text is kept as typed; ids are those of the models."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine


class PlainText(TypeDecorator[str]):
    """Text that every database holds and orders alike: by character, whatever its own language is.

    A NUL, which nobody types and PostgreSQL refuses, is left out; half a character becomes a question mark.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """SQLite and Python order by character of themselves."""
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as the library calls it
        """Leave out what some database would refuse."""
        return value and value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can change them on any database."""

    type_annotation_map: ClassVar = {str: PlainText}


Base.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UnitRow(Base):
    """A police unit; `place` keeps the order of the register."""

    __tablename__ = "units"

    unit_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    title: Mapped[str]
    regions: Mapped[str]


class HouseRow(Base):
    """A Veiligheidshuis."""

    __tablename__ = "houses"

    house_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.unit_id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("houses.house_id"))
    source: Mapped[str]
    invented: Mapped[bool]


class RoundRow(Base):
    """A measuring round; `frameworks` and `perspectives` are lists joined by a space."""

    __tablename__ = "rounds"

    round_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    opens: Mapped[date]
    closes: Mapped[date]
    frameworks: Mapped[str]
    perspectives: Mapped[str]


class RoundHouseRow(Base):
    """A house that a round concerns."""

    __tablename__ = "round_houses"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.round_id"), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("houses.house_id"), primary_key=True)


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

    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.submission_id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    option_id: Mapped[str | None]
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
