"""Use case: what if there were other capacity, or a national action finished something everywhere?

A plan is made with other inputs and put beside the present one. Nothing is stored.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import pandas as pd

from assessment.engine.projection import project_scores
from assessment.engine.roadmap.difference import add_never, compare_ends, compare_finishes, count_late
from assessment.errors import PlanError
from assessment.model.plan import Quarter
from assessment.model.plan_frames import NOTHING_LEFT
from assessment.model.plan_line import PlanLine
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor
from assessment.service.plans.basis import require_plan, share_capacity
from assessment.service.plans.planning import decide_everywhere
from assessment.service.plans.roadmap import Roadmap, plan_houses
from assessment.service.standing import Standing

_WHY = "wat als"
"""The reason that a drop which is only tried goes by."""


@dataclass(frozen=True)
class WhatIf:
    """What is tried, in every house of the plan.

    `capacity` is of some actors; `national` are the criteria that a national action finishes; measures may be
    pinned to a quarter (`pins`) or `dropped`.
    """

    capacity: Mapping[Actor, int] = field(default_factory=dict)
    national: Collection[str] = ()
    pins: Mapping[str, Quarter] = field(default_factory=dict)
    dropped: Collection[str] = ()


@dataclass(frozen=True)
class Comparison:
    """The present plan beside the one that was tried."""

    present: Roadmap
    tried: Roadmap

    @property
    def questionnaire(self) -> Questionnaire:
        """What both plans are made for."""
        return self.present.standing.questionnaire

    @cached_property
    def finishes(self) -> pd.DataFrame:
        """FINISH_CHANGES: the last quarter of each criterion in both plans."""
        present, tried = (add_never(plan.finishes, plan.dropped) for plan in (self.present, self.tried))
        return compare_finishes(present, tried)

    @cached_property
    def ends(self) -> pd.DataFrame:
        """END_CHANGES: when what matters is there, in both plans."""
        return compare_ends(self.finishes, self.questionnaire)

    @cached_property
    def late(self) -> tuple[int, int]:
        """How many hard norms are met after three years, in the present plan and in the one tried."""
        return count_late(self.finishes, self.questionnaire)


def try_out(present: Roadmap, what_if: WhatIf, today: date) -> Comparison:
    """Plan the houses of a roadmap again, with what is tried and else as it was.

    Args:
        present: the plan as it is.
        what_if: what is tried.
        today: nothing is pinned before it.

    Raises:
        NotAllowedError: the visitor may not see the plan.
        PlanError: a criterion that the questionnaire does not know, a capacity below 1, or decisions that
            cannot go together.
    """
    require_plan(present.standing, present.standing.visitor)
    _refuse_unknown(what_if.national, present.standing.questionnaire)
    capacity = {**present.capacity, **what_if.capacity}
    resources = share_capacity(present.standing.houses, capacity, present.decisions)
    if resources.equals(present.resources) and what_if == WhatIf(what_if.capacity):
        return Comparison(present, present)
    standing = _finish_everywhere(present, what_if.national)
    decisions = present.decisions.with_lines(_decide(present, what_if, today))
    return Comparison(present, plan_houses(standing, standing.grid.house_ids, capacity, decisions))


def _decide(present: Roadmap, what_if: WhatIf, today: date) -> list[PlanLine]:
    tried: list[tuple[str, str, object]] = [
        *((measure_id, "pinned", quarter) for measure_id, quarter in what_if.pins.items()),
        *((measure_id, "dropped", _WHY) for measure_id in what_if.dropped),
    ]
    return [
        line
        for measure_id, field_name, value in tried
        for line in decide_everywhere(present, present.decisions, measure_id, {field_name: value}, today)
    ]


def _finish_everywhere(present: Roadmap, criterion_ids: Collection[str]) -> Standing:
    """Where the houses stand once these criteria are finished wherever something is left to do."""
    standing, gaps = present.standing, present.gaps
    finished = gaps.loc[gaps["criterion_id"].isin(criterion_ids), ["house_id", "criterion_id"]]
    at_once = finished.assign(last=NOTHING_LEFT)
    grid = project_scores(standing.grid, at_once, NOTHING_LEFT, standing.questionnaire)
    return replace(standing, grid=grid)


def _refuse_unknown(criterion_ids: Collection[str], questionnaire: Questionnaire) -> None:
    unknown = [key for key in criterion_ids if key not in questionnaire.criterion]
    if unknown:
        raise PlanError(
            f"Onbekend criterium: {', '.join(unknown)}. Kies uit: {', '.join(questionnaire.criterion)}."
        )
