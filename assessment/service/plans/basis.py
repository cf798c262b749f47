"""What a plan is made of before anything is planned, and what makes a plan impossible."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from assessment.engine.gaps import find_gaps
from assessment.engine.roadmap.contradictions import find_contradiction
from assessment.engine.roadmap.hand_over import find_holes
from assessment.errors import PlanError
from assessment.model.access import Task, Visitor
from assessment.model.capacity import find_resource
from assessment.model.frames import RESOURCES
from assessment.model.plan import Quarter
from assessment.model.plan_line import NOTHING_DECIDED, Decisions
from assessment.model.register import House
from assessment.model.scale import Actor
from assessment.service.people.access import require_of
from assessment.service.plans.capacities import find_capacity
from assessment.service.standing import Standing, select_houses
from assessment.tables.capacity import say_unfit
from assessment.tables.contradictions import say_contradiction, say_hole


class Basis(NamedTuple):
    """What a plan is made of, before anything is planned: `gaps` is GAPS, `resources` RESOURCES.

    `capacity` is what is tried of some actors, in the place of what was set; it is in `resources` already.
    """

    standing: Standing
    begin: Quarter
    capacity: Mapping[Actor, int]
    gaps: pd.DataFrame
    resources: pd.DataFrame


def prepare_plan(
    standing: Standing,
    house_ids: Collection[str],
    capacity: Mapping[Actor, int] | None = None,
    decisions: Decisions = NOTHING_DECIDED,
) -> Basis:
    """Find what houses have to do, with whose capacity, and from when.

    Args:
        standing: where the houses stand.
        house_ids: the houses to plan, together.
        capacity: of some actors, in every house, in the place of what was set.
        decisions: which capacities were set; any other is the usual one.

    Raises:
        UnknownHouseError, UnknownRoundError, NoAnswersError, NotAllowedError: as `plan_houses`.
        PlanError: a capacity that nobody has, 0 for one.
    """
    tried = dict(capacity or {})
    _refuse_unfit(tried)
    chosen = select_houses(standing, house_ids)
    require_plan(chosen, chosen.visitor)
    return Basis(
        standing=chosen,
        begin=Quarter.of(chosen.round.closes) + 1,
        capacity=tried,
        gaps=find_gaps(chosen.criteria),
        resources=share_capacity(chosen.houses, tried, decisions),
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
        raise PlanError(say_contradiction(found, decisions, questionnaire, basis.standing.register))


def require_plan(standing: Standing, visitor: Visitor) -> None:
    """Go on only when a visitor may see the plan of each house in a standing.

    Raises:
        NotAllowedError: the visitor may not.
    """
    for house in standing.houses:
        require_of(visitor, Task.SEE_PLAN, house, standing.perspective)


def _refuse_unfit(capacity: Mapping[Actor, int]) -> None:
    if unfit := say_unfit(capacity.items()):
        raise PlanError(unfit)


def share_capacity(
    houses: Iterable[House], capacity: Mapping[Actor, int], decisions: Decisions = NOTHING_DECIDED
) -> pd.DataFrame:
    """RESOURCES of houses: on whose capacity each actor draws (`find_resource`), and how much that is.

    Args:
        houses: the houses.
        capacity: of some actors, in every house, in the place of what was set.
        decisions: which capacities were set; any other is the usual one.

    Source: questionnaires/roadmap.md, section 2.
    """
    drawn = [(house, actor, find_resource(actor, house)) for house in houses for actor in Actor]
    rows = [
        (
            house.house_id,
            actor.value,
            str(resource),
            capacity.get(actor, find_capacity(decisions, resource).number),
        )
        for house, actor, resource in drawn
    ]
    return RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))
