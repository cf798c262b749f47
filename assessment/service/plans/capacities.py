"""What people set about how many measures an actor carries at once, and what that makes of what is stored."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assessment.errors import ConflictError, NotAllowedError, PlanError
from assessment.model.access import Task, describe_who_may
from assessment.model.audit import Action, Change, Json
from assessment.model.decisions import SHARED_IN_UNIT, Capacity, Decisions, Resource, find_resource
from assessment.model.register import House, Register
from assessment.model.scale import Actor
from assessment.service.access import may, require
from assessment.service.installation import Installation
from assessment.service.lookup import find_registered, refuse_unknown_unit
from assessment.tables.decisions import describe_unfit


class CapacityEdit(NamedTuple):
    """What somebody wants a capacity to be; `seen` is the version that he looked at, None whatever is now."""

    resource: Resource
    number: int
    seen: int | None = None


class CapacityChanged(NamedTuple):
    """A capacity as it was (of version 0: the usual one), and as it became."""

    old: Capacity
    new: Capacity


def list_resources(register: Register, house_id: str | None, unit_id: str | None) -> tuple[Resource, ...]:
    """On which capacities a house draws, or which those are that the houses of a unit share.

    Raises:
        UnknownHouseError, UnknownUnitError: the register does not know it.
    """
    if house_id is not None:
        house = find_registered(register, house_id)
        return tuple(find_resource(actor, house) for actor in Actor)
    refuse_unknown_unit(register, str(unit_id))
    return tuple(Resource(actor, str(unit_id)) for actor in Actor if actor in SHARED_IN_UNIT)


def choose_resource(register: Register, actor: Actor, house_id: str | None, unit_id: str | None) -> Resource:
    """The capacity of an actor that is the house's, or the unit's.

    Raises:
        UnknownHouseError, UnknownUnitError: the register does not know it.
        PlanError: it is set for the other of the two.
    """
    found = {each.actor: each for each in list_resources(register, house_id, unit_id)}
    if house_id is not None and actor in SHARED_IN_UNIT:
        shared = register.house[house_id].unit_id
        raise PlanError(
            f"De capaciteit van {actor.dutch} is van alle huizen van {register.unit[shared].title} samen. "
            f"Geef --unit {shared} in plaats van --house. Er is niets bewaard."
        )
    if actor not in found:
        raise PlanError(
            f"De capaciteit van {actor.dutch} is van elk huis apart. Geef --house in plaats van --unit. Er "
            "is niets bewaard."
        )
    return found[actor]


def list_drawing(register: Register, resources: Iterable[Resource]) -> tuple[House, ...]:
    """The houses of the register that draw on any of these capacities."""
    wanted = frozenset(resources)
    return tuple(
        house for house in register.houses if wanted & {find_resource(actor, house) for actor in Actor}
    )


def require_capacity(installation: Installation, register: Register, resource: Resource) -> None:
    """Go on only when the visitor may change a capacity: whoever may change each plan that draws on it.

    Raises:
        NotAllowedError: the visitor may not.
    """
    houses = list_drawing(register, [resource])
    if resource.actor not in SHARED_IN_UNIT:
        for house in houses:
            require(installation, Task.PLAN, house)
    elif not all(may(installation, Task.PLAN, house) for house in houses):
        raise NotAllowedError(
            f"De capaciteit van {resource.actor.dutch} is van alle huizen van "
            f"{register.unit[resource.owner_id].title} samen. U mag niet van elk ervan "
            f"{Task.PLAN.dutch}. Wel mogen dat: {describe_who_may(Task.PLAN)}."
        )


def find_capacity(decisions: Decisions, resource: Resource) -> Capacity:
    """How much a resource carries at once; the usual number where nobody set it."""
    usual = Capacity(actor=resource.actor, owner_id=resource.owner_id, number=resource.actor.capacity)
    return decisions.capacity.get(resource, usual)


def apply_capacities(before: Decisions, edits: Sequence[CapacityEdit]) -> tuple[CapacityChanged, ...]:
    """The capacities that edits change, each in its next version.

    Raises:
        PlanError: a number is too small or too large.
        ConflictError: a capacity was changed since the version that was looked at.
    """
    applied = [(find_capacity(before, edit.resource), edit) for edit in edits]
    if unfit := describe_unfit((edit.resource.actor, edit.number) for edit in edits):
        raise PlanError(f"{unfit} Er is niets bewaard.")
    changed = [(old, edit) for old, edit in applied if edit.number != old.number]
    _refuse_unseen(changed)
    return tuple(
        CapacityChanged(old, old.model_copy(update={"number": edit.number, "version": old.version + 1}))
        for old, edit in changed
    )


def audit_capacity(changed: CapacityChanged) -> Change:
    """Tell what a capacity was and became, in the audit trail."""
    old, new = changed
    return Change(
        action=Action.CAPACITY_CHANGED,
        subject=str(new.resource),
        old=_describe(old),
        new=_describe(new),
    )


def _describe(capacity: Capacity) -> dict[str, Json]:
    return {"version": capacity.version, "number": capacity.number}


def _refuse_unseen(changed: Iterable[tuple[Capacity, CapacityEdit]]) -> None:
    told = [
        f"De capaciteit van {old.actor.dutch} is intussen door iemand anders gewijzigd (versie "
        f"{old.version}): nu {old.number}, van u {edit.number}. Er is niets bewaard. Kijk wat er nu staat en "
        "kies opnieuw."
        for old, edit in changed
        if edit.seen not in {None, old.version}
    ]
    if told:
        raise ConflictError("\n".join(told))
