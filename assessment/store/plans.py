"""What was decided about plans and capacities; an adopted plan is added and never changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from assessment.model.decisions import AdoptedMeasure, Agreed, Baseline, Capacity, KeptDecisions, PlanLine
from assessment.model.plan import Quarter
from assessment.store.tables import (
    BaselineMeasureRow,
    BaselineRow,
    CapacityRow,
    HouseRow,
    PlanLineRow,
    RoundDecisionsRow,
    ShownMeasureRow,
)

_MEASURE_FIELDS = tuple(AdoptedMeasure.model_fields)
_FACTS = tuple(name for name in Baseline.model_fields if name not in {"frameworks", "measures"})


def load_lines(session: Session, house_ids: Collection[str]) -> tuple[PlanLine, ...]:
    """Load what was decided about the measures of houses, by house and measure."""
    rows = session.scalars(
        select(PlanLineRow)
        .where(PlanLineRow.house_id.in_(house_ids))
        .order_by(PlanLineRow.house_id, PlanLineRow.measure_id)
    )
    return tuple(PlanLine.model_validate(row, from_attributes=True) for row in rows)


def count_decisions(session: Session) -> str:
    """How often anything was decided, and how many plans were adopted; each change makes it another text."""
    changes = session.scalar(select(func.sum(PlanLineRow.version))) or 0
    capacities = session.scalar(select(func.sum(CapacityRow.version))) or 0
    adopted = session.scalar(select(func.count()).select_from(BaselineRow)) or 0
    return f"{changes}.{capacities}.{adopted}"


def put_lines(session: Session, lines: Sequence[PlanLine]) -> None:
    """Store lines, each in the place of what was decided before about the same measure.

    Whoever calls this has seen, in the same transaction, that nobody else changed them: writers take turns.
    """
    for line in lines:
        pinned = None if line.pinned is None else str(line.pinned)
        session.merge(PlanLineRow(**line.model_dump() | {"pinned": pinned}))
    session.flush()


def add_baseline(session: Session, baseline: Baseline) -> None:
    """Add a plan that was adopted."""
    facts = {name: getattr(baseline, name) for name in (*_FACTS, "baseline_id")}
    facts |= {"frameworks": " ".join(baseline.frameworks), "begin": str(baseline.begin)}
    session.execute(insert(BaselineRow), [facts])
    rows = [
        {"baseline_id": baseline.baseline_id, "place": place, **measure.model_dump(mode="json")}
        for place, measure in enumerate(baseline.measures)
    ]
    if rows:
        session.execute(insert(BaselineMeasureRow), rows)


def keep_decisions(session: Session, round_id: str, kept: KeptDecisions | None) -> None:
    """Keep what was decided when a round was closed, in the place of what was kept before; None: nothing."""
    session.execute(delete(RoundDecisionsRow).filter_by(round_id=round_id))
    if kept is not None:
        row = {"round_id": round_id, "decisions": kept.model_dump_json()}
        session.execute(insert(RoundDecisionsRow), [row])


def load_kept_decisions(session: Session, round_id: str) -> KeptDecisions | None:
    """What was decided when a round was closed; None where it is open, or was closed before that was kept."""
    row = session.get(RoundDecisionsRow, round_id)
    return None if row is None else KeptDecisions.model_validate_json(row.decisions)


def put_shown(session: Session, house_ids: Collection[str], shown: Iterable[Agreed]) -> None:
    """Keep where the measures of houses stood in a what-if, in the place of what was kept of them before."""
    session.execute(delete(ShownMeasureRow).where(ShownMeasureRow.house_id.in_(house_ids)))
    rows = [each._asdict() | {"first": str(each.first), "last": str(each.last)} for each in shown]
    if rows:
        session.execute(insert(ShownMeasureRow), rows)


def load_shown(session: Session, house_ids: Collection[str]) -> tuple[Agreed, ...]:
    """Load where measures stood in the what-if that was taken over last, by house and measure."""
    rows = session.scalars(
        select(ShownMeasureRow)
        .where(ShownMeasureRow.house_id.in_(house_ids))
        .order_by(ShownMeasureRow.house_id, ShownMeasureRow.measure_id)
    )
    return tuple(
        Agreed(row.house_id, row.measure_id, Quarter.parse(row.first), Quarter.parse(row.last))
        for row in rows
    )


def load_agreed(session: Session, house_ids: Collection[str]) -> tuple[Agreed, ...]:
    """What was agreed on last about each measure: a plan that was adopted, or a what-if after it."""
    adopted = load_newest_baselines(session, house_ids).values()
    agreed = (*(each for plan in adopted for each in plan.agreed), *load_shown(session, house_ids))
    return tuple({(each.house_id, each.measure_id): each for each in agreed}.values())


def count_baselines(session: Session, house_id: str) -> int:
    """How many plans of a house were adopted."""
    return session.scalar(select(func.count()).select_from(BaselineRow).filter_by(house_id=house_id)) or 0


def load_baselines(session: Session, house_id: str) -> tuple[Baseline, ...]:
    """Load every plan of a house that was adopted, the newest first."""
    return _load(session, select(BaselineRow).filter_by(house_id=house_id))


def load_newest_baselines(session: Session, house_ids: Collection[str]) -> dict[str, Baseline]:
    """Load the plan that each house adopted last; houses that adopted none are left out."""
    newest = (
        select(BaselineRow.house_id, func.max(BaselineRow.number))
        .where(BaselineRow.house_id.in_(house_ids))
        .group_by(BaselineRow.house_id)
    )
    keys = [f"{house_id}.{number}" for house_id, number in session.execute(newest)]
    found = _load(session, select(BaselineRow).where(BaselineRow.baseline_id.in_(keys)))
    return {baseline.house_id: baseline for baseline in found}


def _load(session: Session, query: Select[BaselineRow]) -> tuple[Baseline, ...]:
    ordered = query.order_by(BaselineRow.house_id, BaselineRow.number.desc())
    rows = session.scalars(ordered).all()
    measures = _load_measures(session, [row.baseline_id for row in rows])
    return tuple(_make_baseline(row, measures.get(row.baseline_id, [])) for row in rows)


def _load_measures(session: Session, baseline_ids: Sequence[str]) -> Mapping[str, list[AdoptedMeasure]]:
    rows = session.scalars(
        select(BaselineMeasureRow)
        .where(BaselineMeasureRow.baseline_id.in_(baseline_ids))
        .order_by(BaselineMeasureRow.baseline_id, BaselineMeasureRow.place)
    )
    found: dict[str, list[AdoptedMeasure]] = {}
    for row in rows:
        measure = AdoptedMeasure.model_validate({name: getattr(row, name) for name in _MEASURE_FIELDS})
        found.setdefault(row.baseline_id, []).append(measure)
    return found


def _make_baseline(row: BaselineRow, measures: Sequence[AdoptedMeasure]) -> Baseline:
    facts = {name: getattr(row, name) for name in _FACTS}
    return Baseline.model_validate(
        facts | {"frameworks": tuple(row.frameworks.split()), "measures": tuple(measures)}
    )


def load_capacities(session: Session, house_ids: Collection[str]) -> tuple[Capacity, ...]:
    """Load every capacity that was set for houses, their districts or their units, by owner and actor."""
    places = select(HouseRow.unit_id, HouseRow.districts).where(HouseRow.house_id.in_(house_ids))
    owners = {key for unit_id, districts in session.execute(places) for key in (unit_id, *districts.split())}
    rows = session.scalars(
        select(CapacityRow)
        .where(CapacityRow.owner_id.in_(owners | set(house_ids)))
        .order_by(CapacityRow.owner_id, CapacityRow.actor)
    )
    return tuple(Capacity.model_validate(row, from_attributes=True) for row in rows)


def list_all_capacities(session: Session) -> tuple[Capacity, ...]:
    """Load every capacity that was set, by owner and actor, also of what is in no register."""
    rows = session.scalars(select(CapacityRow).order_by(CapacityRow.owner_id, CapacityRow.actor))
    return tuple(Capacity.model_validate(row, from_attributes=True) for row in rows)


def remove_capacities(session: Session, owner_id: str) -> None:
    """Remove what was set about an owner that is no more."""
    session.execute(delete(CapacityRow).where(CapacityRow.owner_id == owner_id))


def put_capacities(session: Session, capacities: Iterable[Capacity]) -> None:
    """Store capacities, each in the place of what was set before for the same resource.

    Whoever calls this has seen, in the same transaction, that nobody else changed them: writers take turns.
    """
    for capacity in capacities:
        session.merge(CapacityRow(**capacity.model_dump(mode="json")))
    session.flush()
