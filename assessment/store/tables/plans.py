"""What people decided about their plans and capacities, and the plans that were adopted."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.store.tables.base import Base


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


class CapacityRow(Base):
    """How many measures an actor carries at once; `owner_id` is the house or the unit that it does so for."""

    __tablename__ = "capacities"

    actor: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    version: Mapped[int]


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
