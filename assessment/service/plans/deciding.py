"""Use cases: decide about measures and capacities; what people decide is over the planner."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.model.access import Task
from assessment.model.audit import Signature
from assessment.model.plan_line import Decisions
from assessment.service.installation import Installation
from assessment.service.people.access import require
from assessment.service.plans.basis import prepare_plan, refuse_impossible
from assessment.service.plans.capacities import (
    CapacityChanged,
    CapacityEdit,
    apply_capacities,
    list_drawing,
    require_capacity,
    tell_capacity,
)
from assessment.service.plans.checks import refuse_foreign, refuse_personal, refuse_unsound
from assessment.service.plans.lines import Changed, Edit, apply_all, load_decisions, tell_line
from assessment.service.standing import Standing, select_houses
from assessment.store.audit import append_changes
from assessment.store.capacities import put_capacities
from assessment.store.plans import put_lines


class Wishes(NamedTuple):
    """What somebody wants to decide at once: at most one edit per house and measure, one per capacity."""

    edits: Sequence[Edit] = ()
    capacities: Sequence[CapacityEdit] = ()


class Decided(NamedTuple):
    """What was changed, as it was and as it is stored now."""

    lines: tuple[Changed, ...]
    capacities: tuple[CapacityChanged, ...]


def change_lines(
    installation: Installation, standing: Standing, edits: Sequence[Edit], now: datetime
) -> tuple[Changed, ...]:
    """Change what was decided about measures, all of it or nothing; as `decide`."""
    return decide(installation, standing, Wishes(edits), now).lines


def set_capacities(
    installation: Installation, standing: Standing, edits: Sequence[CapacityEdit], now: datetime
) -> tuple[CapacityChanged, ...]:
    """Set how much actors carry at once, all of it or nothing; as `decide`."""
    return decide(installation, standing, Wishes(capacities=edits), now).capacities


def decide(
    installation: Installation,
    standing: Standing,
    wishes: Wishes,
    now: datetime,
    refuse: Callable[[Session], None] | None = None,
) -> Decided:
    """Change what was decided, all of it or nothing.

    Args:
        installation: where it is stored.
        standing: where the houses stand, which says what is in their plans.
        wishes: what to change.
        now: the moment of deciding.
        refuse: what else may stand in the way, seen in the same transaction.

    Raises:
        NotAllowedError: the visitor may not change the plan of a house, or a capacity.
        UnknownHouseError, UnknownRoundError, NoAnswersError: a house has no plan.
        PlanError: the plan does not know the measure, or no plan can be made with this.
        PersonalTextError: what was written may be about a citizen, and nobody said that it is not.
        ConflictError: somebody else changed a line or a capacity meanwhile.
    """
    house_ids = _require_all(installation, standing, wishes)
    with installation.store.writing() as session:
        if refuse is not None:
            refuse(session)
        before = load_decisions(session, house_ids, now.date())
        changed = Decided(apply_all(before, wishes.edits), apply_capacities(before, wishes.capacities))
        _refuse_unsound(standing, house_ids, before, changed, now.date())
        _refuse_personal(wishes.edits, changed.lines)
        put_lines(session, [new for _, new in changed.lines])
        put_capacities(session, [new for _, new in changed.capacities])
        told = [*map(tell_line, changed.lines), *map(tell_capacity, changed.capacities)]
        append_changes(session, Signature(installation.who, now), told)
    return changed


def _require_all(installation: Installation, standing: Standing, wishes: Wishes) -> frozenset[str]:
    """Refuse what the visitor may not decide; else all houses that it is about."""
    edited = {edit.house_id for edit in wishes.edits}
    if edited:
        for house in select_houses(standing, edited).houses:
            require(installation, Task.PLAN, house)
    resources = [edit.resource for edit in wishes.capacities]
    for resource in resources:
        require_capacity(installation, standing.register, resource)
    return frozenset({house.house_id for house in list_drawing(standing.register, resources)} | edited)


def _refuse_personal(edits: Sequence[Edit], changed: Sequence[Changed]) -> None:
    accepted = {(edit.house_id, edit.measure_id) for edit in edits if edit.accepted}
    for old, new in changed:
        if (new.house_id, new.measure_id) not in accepted:
            refuse_personal(new, new.differs_from(old))


def _refuse_unsound(
    standing: Standing, house_ids: Collection[str], before: Decisions, changed: Decided, today: date
) -> None:
    """Refuse what no plan can hold; a house that did not hand in has no plan yet."""
    planned = [house_id for house_id in standing.grid.house_ids if house_id in house_ids]
    if not planned:
        return
    lines = [new for _, new in changed.lines]
    decided = before.with_lines(lines).with_capacities(new for _, new in changed.capacities)
    basis = prepare_plan(standing, planned, decisions=decided)
    refuse_foreign(basis, before, lines)
    for old, new in changed.lines:
        refuse_unsound(new, new.differs_from(old), basis.begin, today)
    refuse_impossible(basis, decided)
