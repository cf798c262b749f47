"""Use case: plan the way of houses to the kader, and what that does to their scores."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from assessment.engine.gaps import find_gaps
from assessment.engine.projection import project_scores
from assessment.engine.roadmap.plan import count_quarters, find_finishes, plan_quarters
from assessment.engine.totals import score_houses
from assessment.errors import PlanError
from assessment.model.frames import RESOURCES
from assessment.model.plan import Quarter
from assessment.model.register import House
from assessment.model.scale import Actor
from assessment.service.standing import Standing, select_houses

_SHARED_IN_UNIT = {Actor.UNIT, Actor.DISTRICT, Actor.PROSECUTION}


@dataclass(frozen=True)
class Roadmap:
    """The plan of houses that share capacity; quarters count from `begin`, which is 0.

    `measures` is ROADMAP, `gaps` is GAPS, `gap` how far the plan may be from the best (0: it is the best).
    """

    standing: Standing
    begin: Quarter
    capacity: Mapping[Actor, int]
    gaps: pd.DataFrame
    measures: pd.DataFrame
    gap: float

    @property
    def status(self) -> str:
        """Whether the plan is proven to be the best there is."""
        return "optimal" if self.gap == 0 else "feasible"

    @cached_property
    def finishes(self) -> pd.DataFrame:
        """The last quarter of each criterion in the plan: house_id, criterion_id, last."""
        return find_finishes(self.measures)

    @cached_property
    def quarters(self) -> int:
        """How many quarters to show: the horizon, or what the plan takes beyond it."""
        return count_quarters(self.measures)

    @cached_property
    def conformity(self) -> pd.DataFrame:
        """HOUSE_SCORES at the end of each quarter, with `quarter`; -1 is before the plan begins."""
        return pd.concat(
            [self._score_after(quarter) for quarter in range(-1, self.quarters)], ignore_index=True
        )

    def _score_after(self, quarter: int) -> pd.DataFrame:
        standing = self.standing
        grid = project_scores(standing.grid, self.finishes, quarter, standing.questionnaire)
        return score_houses(grid, standing.answered, standing.questionnaire).assign(quarter=quarter)


def plan_houses(
    standing: Standing, house_ids: Collection[str], capacity: Mapping[Actor, int] | None = None
) -> Roadmap:
    """Plan houses from the quarter after their round closes, with the capacity that they share.

    Args:
        standing: where the houses stand.
        house_ids: the houses to plan, together.
        capacity: how many measures an actor carries at once, where it differs from the default.

    Raises:
        UnknownHouseError, UnknownRoundError, NoAnswersError: a house cannot be planned.
        PlanError: a capacity below 1.
    """
    wanted = {actor: actor.capacity for actor in Actor} | dict(capacity or {})
    _refuse_no_capacity(wanted)
    chosen = select_houses(standing, house_ids)
    gaps = find_gaps(chosen.criteria)
    begin = Quarter.of(chosen.round.closes) + 1
    planned = plan_quarters(gaps, share_capacity(chosen.houses, wanted), begin, chosen.questionnaire)
    return Roadmap(chosen, begin, wanted, gaps, planned.roadmap, planned.gap)


def _refuse_no_capacity(capacity: Mapping[Actor, int]) -> None:
    without = [f"{actor.value}={number}" for actor, number in capacity.items() if number < 1]
    if without:
        raise PlanError(f"Capaciteit moet ten minste 1 zijn: {', '.join(without)}.")


def share_capacity(houses: tuple[House, ...], capacity: Mapping[Actor, int]) -> pd.DataFrame:
    """RESOURCES of houses: an actor draws on the capacity of its house, or on that of the police unit.

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
