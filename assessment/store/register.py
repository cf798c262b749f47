"""The register in and out of the store; what was done with a round is added and never changed."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from assessment.model.register import District, House, Register, Round, Unit, sort_mergers
from assessment.model.rounds import RoundEvent, RoundState
from assessment.model.scale import Perspective, Rules
from assessment.model.wording import clean_name
from assessment.store.tables import DistrictRow, HouseRow, RoundEventRow, RoundHouseRow, RoundRow, UnitRow

_LIST = " · "


def load_register(session: Session) -> Register:
    """Load all units in their own order, districts and houses by id, and rounds by the day they opened."""
    units = session.scalars(select(UnitRow).order_by(UnitRow.place)).all()
    districts = session.scalars(select(DistrictRow).order_by(DistrictRow.district_id)).all()
    houses = session.scalars(select(HouseRow).order_by(HouseRow.house_id)).all()
    rounds = session.scalars(select(RoundRow).order_by(RoundRow.opens, RoundRow.round_id)).all()
    asked: dict[str, list[str]] = {}
    pairs = select(RoundHouseRow.round_id, RoundHouseRow.house_id).order_by(RoundHouseRow.house_id)
    for round_id, house_id in session.execute(pairs):
        asked.setdefault(round_id, []).append(house_id)
    return Register(
        units=tuple(_unit(row) for row in units),
        districts=tuple(map(_district, districts)),
        houses=tuple(map(_house, houses)),
        rounds=tuple(_round(row, asked.get(row.round_id, [])) for row in rounds),
    )


def add_units(session: Session, units: tuple[Unit, ...]) -> None:
    """Add police units, in this order; those that are there already are updated."""
    for place, unit in enumerate(units):
        session.merge(
            UnitRow(unit_id=unit.unit_id, place=place, title=unit.title, regions=_LIST.join(unit.regions))
        )
    session.flush()


def put_districts(session: Session, districts: Iterable[District]) -> None:
    """Add districts; those that are there already are updated."""
    for district in districts:
        session.merge(DistrictRow(**district.model_dump()))
    session.flush()


def remove_district(session: Session, district_id: str) -> None:
    """Take a district out, once no house names it."""
    session.execute(delete(DistrictRow).filter_by(district_id=district_id))


def add_houses(session: Session, houses: tuple[House, ...]) -> None:
    """Add houses; those that are there already are updated. A house comes after the one it merged into."""
    for house in sort_mergers(houses):
        session.merge(HouseRow(**_as_row(house)))
        session.flush()


def load_house_versions(session: Session) -> dict[str, int]:
    """The version of each house."""
    rows = session.execute(select(HouseRow.house_id, HouseRow.version).order_by(HouseRow.house_id))
    return {row.house_id: row.version for row in rows}


def change_house(session: Session, house: House, seen: int) -> bool:
    """Put a house in the place of the version that was seen.

    Returns:
        False where another version is stored, or none: then nothing is changed.
    """
    changing = update(HouseRow).filter_by(house_id=house.house_id, version=seen)
    values = _as_row(house) | {"version": seen + 1}
    return session.connection().execute(changing.values(values)).rowcount == 1


def add_round(session: Session, opened: Round) -> None:
    """Add a round with the houses that it concerns."""
    session.add(
        RoundRow(
            round_id=opened.round_id,
            title=opened.title,
            opens=opened.opens,
            closes=opened.closes,
            frameworks=" ".join(opened.frameworks),
            perspectives=" ".join(perspective.value for perspective in opened.perspectives),
            rules=opened.rules.value,
        )
    )
    session.flush()
    session.add_all(RoundHouseRow(round_id=opened.round_id, house_id=key) for key in opened.house_ids)
    session.flush()


def append_round_event(session: Session, event: RoundEvent) -> None:
    """Add that a round was closed or opened again."""
    session.connection().execute(insert(RoundEventRow), [event.model_dump()])


def load_round_events(session: Session, round_id: str) -> tuple[RoundEvent, ...]:
    """What was done with a round after it was opened, in order."""
    rows = select(RoundEventRow).filter_by(round_id=round_id).order_by(RoundEventRow.number)
    return tuple(RoundEvent.model_validate(row, from_attributes=True) for row in session.scalars(rows))


def load_closings(session: Session) -> dict[str, RoundEvent]:
    """How each round that is closed now was closed, by round_id."""
    rows = session.scalars(select(RoundEventRow).order_by(RoundEventRow.round_id, RoundEventRow.number))
    last = {row.round_id: RoundEvent.model_validate(row, from_attributes=True) for row in rows}
    return {key: event for key, event in last.items() if event.to_state is RoundState.CLOSED}


def _unit(row: UnitRow) -> Unit:
    return Unit(unit_id=row.unit_id, title=clean_name(row.title), regions=_names(row.regions))


def _district(row: DistrictRow) -> District:
    return District(district_id=row.district_id, title=clean_name(row.title), unit_id=row.unit_id)


def _house(row: HouseRow) -> House:
    facts = {name: getattr(row, name) for name in House.model_fields}
    lists = {"districts": tuple(row.districts.split()), "teams": _names(row.teams)}
    return House.model_validate(facts | lists | {"title": clean_name(row.title)})


def _names(joined: str) -> tuple[str, ...]:
    return tuple(filter(None, clean_name(joined).split(_LIST)))


def _as_row(house: House) -> dict[str, object]:
    lists = {"districts": " ".join(house.districts), "teams": _LIST.join(house.teams)}
    return house.model_dump() | lists


def _round(row: RoundRow, house_ids: list[str]) -> Round:
    return Round(
        round_id=row.round_id,
        title=clean_name(row.title),
        opens=row.opens,
        closes=row.closes,
        frameworks=tuple(row.frameworks.split()),
        perspectives=tuple(Perspective(name) for name in row.perspectives.split()),
        rules=Rules(row.rules),
        house_ids=tuple(house_ids),
    )
