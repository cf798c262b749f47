"""Capacities that were set, in and out of the store."""

from collections.abc import Collection, Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assessment.model.capacity import Capacity
from assessment.store.tables import CapacityRow, HouseRow


def load_capacities(session: Session, house_ids: Collection[str]) -> tuple[Capacity, ...]:
    """Load every capacity that was set for houses or for their units, by owner and actor."""
    units = select(HouseRow.unit_id).where(HouseRow.house_id.in_(house_ids))
    rows = session.scalars(
        select(CapacityRow)
        .where(or_(CapacityRow.owner_id.in_(house_ids), CapacityRow.owner_id.in_(units)))
        .order_by(CapacityRow.owner_id, CapacityRow.actor)
    )
    return tuple(Capacity.model_validate(row, from_attributes=True) for row in rows)


def put_capacities(session: Session, capacities: Iterable[Capacity]) -> None:
    """Store capacities, each in the place of what was set before for the same resource.

    Whoever calls this has seen, in the same transaction, that nobody else changed them: writers take turns.
    """
    for capacity in capacities:
        session.merge(CapacityRow(**capacity.model_dump(mode="json")))
    session.flush()
