"""What people set about how many measures an actor carries at once, and what that makes of what is stored."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assessment.errors import ConflictError, NotAllowedError, PlanError
from assessment.model.access import Task, describe_who_may
from assessment.model.audit import Action, Change, Json
from assessment.model.decisions import SHARED_IN_UNIT, Capacity, Decisions, Resource, find_resource
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register
from assessment.model.scale import Actor, Rules
from assessment.service.access import may, require
from assessment.service.installation import Installation
from assessment.service.lookup import find_registered, refuse_unknown_unit
from assessment.tables.decisions import describe_owner, describe_unfit


class CapacityEdit(NamedTuple):
    """What somebody wants a capacity to be; `seen` is the version that he looked at, None whatever is now."""

    resource: Resource
    number: int
    seen: int | None = None


class CapacityChanged(NamedTuple):
    """A capacity as it was (of version 0: the usual one), and as it became."""

    old: Capacity
    new: Capacity


def list_resources(
    register: Register, house_id: str | None, unit_id: str | None, asked: Questionnaire
) -> tuple[Resource, ...]:
    """On which capacities a house draws, or which those are that the houses of a unit share.

    What is asked says by which rules, and who there is.

    Raises:
        UnknownHouseError, UnknownUnitError: the register does not know it.
    """
    if house_id is not None:
        house = find_registered(register, house_id)
        return tuple(find_resource(actor, house, asked.rules) for actor in asked.actors)
    shared = str(unit_id)
    refuse_unknown_unit(register, shared)
    if asked.rules is Rules.ONE:
        return tuple(Resource(actor, shared) for actor in Actor if actor in SHARED_IN_UNIT)
    together = (Resource(actor, shared) for actor in Actor if actor in SHARED_IN_UNIT - {Actor.DISTRICT})
    apart = (Resource(Actor.DISTRICT, each.district_id) for each in register.districts_of(shared))
    return (*together, *apart)


def choose_resource(
    register: Register, actor: Actor, whose: tuple[str | None, str | None], asked: Questionnaire
) -> Resource:
    """The capacity of an actor that is the house's, or the unit's; `whose` is a house or a unit.

    A district is told by a house of it: all its houses share its capacity.

    Raises:
        UnknownHouseError, UnknownUnitError: the register does not know it.
        PlanError: it is set for the other of the two.
    """
    house_id, unit_id = whose
    found = {each.actor: each for each in list_resources(register, house_id, unit_id, asked)}
    resource = found.get(actor)
    if house_id is not None and resource is not None and resource.owner_id in register.unit:
        shared = register.unit[resource.owner_id]
        raise PlanError(
            f"De capaciteit van {actor.dutch} is van alle huizen van {shared.title} samen. "
            f"Geef --unit {shared.unit_id} in plaats van --house. Er is niets bewaard."
        )
    if resource is None or (house_id is None and resource.owner_id not in register.unit):
        raise PlanError(
            f"De capaciteit van {actor.dutch} is van elk huis apart, of van een district. Geef --house in "
            "plaats van --unit. Er is niets bewaard."
        )
    return resource


def list_drawing(register: Register, resources: Iterable[Resource]) -> tuple[House, ...]:
    """The houses of the register that draw on any of these capacities, by whatever rules."""
    wanted = frozenset(resources)
    actors = {resource.actor for resource in wanted}
    return tuple(
        house
        for house in register.houses
        if wanted & {find_resource(actor, house, rules) for actor in actors for rules in Rules}
    )


def require_capacity(installation: Installation, register: Register, resource: Resource) -> None:
    """Go on only when the visitor may change a capacity: whoever may change each plan that draws on it.

    Raises:
        NotAllowedError: the visitor may not.
    """
    if resource.owner_id in register.house:
        require(installation, Task.PLAN, register.house[resource.owner_id])
        return
    houses = list_drawing(register, [resource])
    if not houses:
        require(installation, Task.PLAN)
    elif not all(may(installation, Task.PLAN, house) for house in houses):
        raise NotAllowedError(
            f"De capaciteit van {resource.actor.dutch} is van "
            f"{describe_owner(resource, register)} samen. U mag niet van elk ervan "
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
