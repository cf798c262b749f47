"""The tables of safety formulas."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from assessment.store.tables import Base


class FormulaRow(Base):
    """A version of a safety formula, as JSON; rows are added and never changed."""

    __tablename__ = "formulas"

    house_id: Mapped[str] = mapped_column(ForeignKey("houses.house_id"), primary_key=True)
    formula_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str]
    changed: Mapped[datetime]
    changed_by: Mapped[str]
    content: Mapped[str]


class PartyCapacityRow(Base):
    """What a party has for the formulas of a house in a year; no number where that was taken back."""

    __tablename__ = "party_capacities"

    house_id: Mapped[str] = mapped_column(ForeignKey("houses.house_id"), primary_key=True)
    party_key: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    party: Mapped[str]
    number: Mapped[float | None]
    unit: Mapped[str | None]
    changed: Mapped[datetime]
    changed_by: Mapped[str]
