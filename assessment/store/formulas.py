"""Safety formulas in and out of the store, each with all its versions, and what parties have in a year."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session, aliased

from assessment.model.audit import Signature
from assessment.model.effort import Amount, PartyCapacity
from assessment.model.formula import Formula, FormulaStatus, KeptFormula
from assessment.model.records import OldRecord, RecordKind
from assessment.store.formula_tables import FormulaRow, PartyCapacityRow

_NO_AMOUNT = {"number": None, "unit": None}
_newer = aliased(FormulaRow)
_REPLACED = exists().where(
    _newer.house_id == FormulaRow.house_id,
    _newer.formula_id == FormulaRow.formula_id,
    _newer.version > FormulaRow.version,
)


def load_formulas(session: Session, house_ids: Collection[str]) -> tuple[KeptFormula, ...]:
    """Load the newest version of each formula of houses, by house and id."""
    rows = session.scalars(
        select(FormulaRow)
        .where(FormulaRow.house_id.in_(house_ids), ~_REPLACED)
        .order_by(FormulaRow.house_id, FormulaRow.formula_id)
    )
    return tuple(map(_make_kept, rows))


def load_formula_versions(session: Session, house_id: str) -> dict[str, tuple[KeptFormula, ...]]:
    """Load every version that is kept of each formula of a house, by its id, the newest first."""
    rows = session.scalars(
        select(FormulaRow)
        .filter_by(house_id=house_id)
        .order_by(FormulaRow.formula_id, FormulaRow.version.desc())
    )
    grouped = groupby(map(_make_kept, rows), lambda each: each.formula.formula_id)
    return {formula_id: tuple(versions) for formula_id, versions in grouped}


def add_formulas(session: Session, formulas: Iterable[Formula], signature: Signature) -> None:
    """Add versions of formulas.

    Whoever calls this has seen, in the same transaction, that nobody else changed them: writers take turns.
    """
    rows = [
        {
            **{name: getattr(each, name) for name in ("house_id", "formula_id", "version")},
            "status": each.status.value,
            "changed": signature.moment,
            "changed_by": signature.who,
            "content": each.model_dump_json(),
        }
        for each in formulas
    ]
    if rows:
        session.execute(insert(FormulaRow), rows)


def _make_kept(row: FormulaRow) -> KeptFormula:
    return KeptFormula(Formula.model_validate_json(row.content), row.changed, row.changed_by)


class StoredFormula(NamedTuple):
    """A version as its row names it, with what it holds: the two say the same where nobody meddled."""

    subject: str
    version: int
    status: str
    formula: Formula


def list_stored_formulas(session: Session) -> tuple[StoredFormula, ...]:
    """Load every version of every formula."""
    rows = session.scalars(
        select(FormulaRow).order_by(FormulaRow.house_id, FormulaRow.formula_id, FormulaRow.version)
    )
    return tuple(
        StoredFormula(f"{row.house_id}/{row.formula_id}", row.version, row.status, _make_kept(row).formula)
        for row in rows
    )


def find_old_formulas(session: Session, before: datetime) -> list[OldRecord]:
    """Versions of formulas of before a moment that a newer one replaced and that were never adopted."""
    old = (
        select(FormulaRow.house_id, FormulaRow.formula_id, FormulaRow.version, FormulaRow.changed)
        .where(FormulaRow.changed < before, _REPLACED)
        .where(FormulaRow.status != FormulaStatus.ADOPTED.value)
        .order_by(FormulaRow.house_id, FormulaRow.formula_id, FormulaRow.version)
    )
    return [
        OldRecord(RecordKind.FORMULA, f"{house_id}.{formula_id}.{version}", changed)
        for house_id, formula_id, version, changed in session.execute(old)
    ]


def remove_formula_version(session: Session, record_id: str) -> None:
    """Remove one version, by its id in `find_old_formulas`."""
    house_id, formula_id, version = record_id.split(".")
    session.execute(
        delete(FormulaRow).where(
            FormulaRow.house_id == house_id,
            FormulaRow.formula_id == formula_id,
            FormulaRow.version == int(version),
        )
    )


def load_party_capacities(session: Session, house_ids: Collection[str]) -> tuple[PartyCapacity, ...]:
    """Load what parties have for the formulas of houses, by house, party and year."""
    rows = session.scalars(
        select(PartyCapacityRow)
        .where(PartyCapacityRow.house_id.in_(house_ids))
        .order_by(PartyCapacityRow.house_id, PartyCapacityRow.party_key, PartyCapacityRow.year)
    )
    return tuple(map(_make_capacity, rows))


def list_party_keys(session: Session) -> tuple[tuple[str, PartyCapacity], ...]:
    """Load everything that parties have, each with the key by which its row names the party."""
    rows = session.scalars(select(PartyCapacityRow).order_by(*PartyCapacityRow.__table__.primary_key))
    return tuple((row.party_key, _make_capacity(row)) for row in rows)


def put_party_capacities(session: Session, capacities: Iterable[PartyCapacity], signature: Signature) -> None:
    """Store what parties have, each in the place of what was told before of the same party and year."""
    for each in capacities:
        facts = each.model_dump(mode="json", exclude={"amount"})
        facts |= {"number": each.amount.number, "unit": each.amount.unit.value} if each.amount else {}
        signed = {"changed": signature.moment, "changed_by": signature.who}
        session.merge(PartyCapacityRow(**_NO_AMOUNT | facts | signed, party_key=each.key))
    session.flush()


def _make_capacity(row: PartyCapacityRow) -> PartyCapacity:
    facts = {name: getattr(row, name) for name in ("house_id", "party", "year", "version")}
    amount = None if row.number is None else Amount.model_validate({"number": row.number, "unit": row.unit})
    return PartyCapacity.model_validate(facts | {"amount": amount})
