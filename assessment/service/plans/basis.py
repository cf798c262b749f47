"""What a plan is made of before anything is planned, and what makes a plan impossible."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from assessment.engine.gaps import find_gaps
from assessment.engine.roadmap.contradictions import find_contradiction
from assessment.engine.roadmap.hand_over import find_holes
from assessment.errors import PlanError
from assessment.model.access import Task, Visitor
from assessment.model.frames import RESOURCES
from assessment.model.plan import Quarter
from assessment.model.plan_line import Decisions
from assessment.model.register import House
from assessment.model.scale import Actor
from assessment.service.people.access import require_of
from assessment.service.standing import Standing, select_houses
from assessment.tables.contradictions import say_contradiction, say_hole

_SHARED_IN_UNIT = {Actor.UNIT, Actor.DISTRICT, Actor.PROSECUTION}


class Basis(NamedTuple):
    """What a plan is made of, before anything is planned: `gaps` is GAPS, `resources` RESOURCES."""

    standing: Standing
    begin: Quarter
    capacity: Mapping[Actor, int]
    gaps: pd.DataFrame
    resources: pd.DataFrame


def prepare_plan(
    standing: Standing, house_ids: Collection[str], capacity: Mapping[Actor, int] | None = None
) -> Basis:
    """Find what houses have to do, with whose capacity, and from when.

    Raises:
        UnknownHouseError, UnknownRoundError, NoAnswersError, NotAllowedError: as `plan_houses`.
        PlanError: a capacity below 1.
    """
    wanted = {actor: actor.capacity for actor in Actor} | dict(capacity or {})
    _refuse_no_capacity(wanted)
    chosen = select_houses(standing, house_ids)
    require_plan(chosen, chosen.visitor)
    return Basis(
        standing=chosen,
        begin=Quarter.of(chosen.round.closes) + 1,
        capacity=wanted,
        gaps=find_gaps(chosen.criteria),
        resources=share_capacity(chosen.houses, wanted),
    )


def refuse_impossible(basis: Basis, decisions: Decisions) -> None:
    """Refuse what people decided where no plan can hold it.

    Raises:
        PlanError: a hand-over would leave a hole, or wishes contradict each other; the smallest set of them.
    """
    if not decisions.lines:
        return
    questionnaire = basis.standing.questionnaire
    holes = find_holes(decisions, questionnaire)
    if holes:
        raise PlanError("\n".join(say_hole(hole, questionnaire) for hole in holes))
    found = find_contradiction(basis.gaps, basis.resources, basis.begin, questionnaire, decisions)
    if found is not None:
        raise PlanError(say_contradiction(found, decisions, questionnaire))


def require_plan(standing: Standing, visitor: Visitor) -> None:
    """Go on only when a visitor may see the plan of each house in a standing.

    Raises:
        NotAllowedError: the visitor may not.
    """
    for house in standing.houses:
        require_of(visitor, Task.SEE_PLAN, house, standing.perspective)


def _refuse_no_capacity(capacity: Mapping[Actor, int]) -> None:
    without = [f"{actor.value}={number}" for actor, number in capacity.items() if number < 1]
    if without:
        raise PlanError(f"Capaciteit moet ten minste 1 zijn: {', '.join(without)}.")


def share_capacity(houses: tuple[House, ...], capacity: Mapping[Actor, int]) -> pd.DataFrame:
    """RESOURCES of houses: on whose capacity each actor draws, by what the register knows.

    It knows the police unit of a house, and neither its district nor its municipalities. So the unit, its
    districts together and the OM have one capacity for all houses of the unit; every other actor has its own
    for each house. Where one municipality serves two houses that is more than it has, and where each
    house has a district of its own it is less.

    Source: questionnaires/roadmap.md, section 2.
    """
    rows = [
        (house.house_id, actor.value, f"{actor.value} {_whose(actor, house)}", capacity[actor])
        for house in houses
        for actor in Actor
    ]
    return RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))


def _whose(actor: Actor, house: House) -> str:
    return house.unit_id if actor in _SHARED_IN_UNIT else house.house_id
