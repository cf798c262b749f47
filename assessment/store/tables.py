"""The tables of the store. Text is kept as typed; ids are those of the models."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from assessment.store.texts import IdText, PlainText

# An id that is checked before it comes here: nothing is left out of it.
Id = Annotated[str, "id"]


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can change them on any database."""

    type_annotation_map: ClassVar = {str: PlainText, Id: IdText}


Base.metadata.naming_convention = {
    **{kind: f"{kind}_%(table_name)s_%(column_0_name)s" for kind in ("ix", "uq", "fk")},
    "pk": "pk_%(table_name)s",
}


class UnitRow(Base):
    """A police unit; `place` keeps the order of the register."""

    __tablename__ = "units"

    unit_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    title: Mapped[str]
    regions: Mapped[str]


class DistrictRow(Base):
    """A district of a police unit."""

    __tablename__ = "districts"

    district_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.unit_id"))


class HouseRow(Base):
    """A Veiligheidshuis; `version` grows with every change of it.

    `districts` is a list of ids joined by a space, `teams` one of names joined by " · ".
    """

    __tablename__ = "houses"

    house_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.unit_id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("houses.house_id"))
    source: Mapped[str]
    districts: Mapped[str] = mapped_column(server_default="")
    teams: Mapped[str] = mapped_column(server_default="")
    invented: Mapped[bool]
    shares_text: Mapped[bool] = mapped_column(server_default=false())
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as the library reads it


class RoundRow(Base):
    """A measuring round; `frameworks` and `perspectives` are lists joined by a space."""

    __tablename__ = "rounds"

    round_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    opens: Mapped[date]
    closes: Mapped[date]
    frameworks: Mapped[str]
    perspectives: Mapped[str]
    rules: Mapped[str] = mapped_column(server_default="1")


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
    handed_in_as: Mapped[str] = mapped_column(server_default="")
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


# What was done with versions and rounds, as events: rows are added and never changed.


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


class RoundDecisionsRow(Base):
    """What was decided about the plans of the houses of a round when it was closed, as JSON."""

    __tablename__ = "round_decisions"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.round_id"), primary_key=True)
    decisions: Mapped[str]


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
    """What the rows of a draft share; each carries the version that its last writer made."""

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


class PlanLineRow(Base):
    """What was decided about one measure of one house; `version` counts its changes."""

    __tablename__ = "plan_lines"

    house_id: Mapped[str] = mapped_column(ForeignKey("houses.house_id"), primary_key=True)
    measure_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    pinned: Mapped[str | None]
    quarters: Mapped[int | None]
    owner: Mapped[str]
    due: Mapped[date | None]
    started: Mapped[date | None]
    done: Mapped[date | None]
    dropped: Mapped[str]
    remark: Mapped[str]
    taken: Mapped[bool]


class CapacityRow(Base):
    """How many measures an actor carries at once; `owner_id` is the house or the unit that it does so for."""

    __tablename__ = "capacities"

    actor: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    version: Mapped[int]


class ShownMeasureRow(Base):
    """Where a measure of a house stood in the what-if that was taken over last."""

    __tablename__ = "shown_measures"

    house_id: Mapped[str] = mapped_column(ForeignKey("houses.house_id"), primary_key=True)
    measure_id: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[str]
    last: Mapped[str]


class BaselineRow(Base):
    """A plan of a house as it was adopted; `frameworks` is a list joined by a space."""

    __tablename__ = "baselines"
    __table_args__ = (UniqueConstraint("house_id", "number"),)

    baseline_id: Mapped[str] = mapped_column(primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("houses.house_id"))
    number: Mapped[int]
    adopted: Mapped[datetime]
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.submission_id"))
    frameworks: Mapped[str]
    sha256: Mapped[str]
    begin: Mapped[str]


class BaselineMeasureRow(Base):
    """A measure in a plan that was adopted; one that was dropped has no quarters."""

    __tablename__ = "baseline_measures"

    baseline_id: Mapped[str] = mapped_column(ForeignKey("baselines.baseline_id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure_id: Mapped[str]
    criterion_id: Mapped[str]
    actor: Mapped[str]
    first: Mapped[str | None]
    last: Mapped[str | None]
    status: Mapped[str]
    owner: Mapped[str]
    why: Mapped[str]


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


class FormerIdentityRow(Base):
    """Who could once sign in as an account and no longer can: its checksum only."""

    __tablename__ = "former_identities"

    identity_sha256: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str]


class LoginRow(Base):
    """One time that somebody signed in; of the moment, so it is in no backup and points to no account."""

    __tablename__ = "logins"

    login_id: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str]
    begun: Mapped[datetime]
    last_seen: Mapped[datetime]
    ended: Mapped[datetime | None]


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
