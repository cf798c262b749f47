"""Units, houses and rounds."""

from datetime import date

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from assessment.store.tables.base import Base


class UnitRow(Base):
    """A police unit; `place` keeps the order of the register."""

    __tablename__ = "units"

    unit_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    title: Mapped[str]
    regions: Mapped[str]


class HouseRow(Base):
    """A Veiligheidshuis; `version` grows with every change of it."""

    __tablename__ = "houses"

    house_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.unit_id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("houses.house_id"))
    source: Mapped[str]
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


class RoundHouseRow(Base):
    """A house that a round concerns."""

    __tablename__ = "round_houses"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.round_id"), primary_key=True)
    house_id: Mapped[str] = mapped_column(ForeignKey("houses.house_id"), primary_key=True)
