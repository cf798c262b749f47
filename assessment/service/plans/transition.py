"""Use case: how all houses come to the kader together, without telling about any one of them."""

from dataclasses import dataclass

import pandas as pd

from assessment.errors import NotAllowedError
from assessment.model.access import Task, Visitor
from assessment.model.plan import Quarter
from assessment.model.plan_frames import ALL_HOUSES
from assessment.service.people.access import require_of
from assessment.service.plans.roadmap import Roadmap

_FEWEST = 5
"""A group of fewer houses would tell about each of them."""


@dataclass(frozen=True)
class Transition:
    """`counts` is PHASE_COUNTS, `estimates` ESTIMATES of all houses together; `begin` is quarter 0."""

    begin: Quarter
    houses: int
    counts: pd.DataFrame
    estimates: pd.DataFrame


def find_transition(planned: Roadmap, visitor: Visitor) -> Transition:
    """Take out of the plans of houses what everybody may know who sees groups.

    Raises:
        NotAllowedError: the visitor sees no groups, or the houses are so few that it would be about each.
    """
    require_of(visitor, Task.SEE_GROUPS)
    houses = planned.standing.houses
    seen = all(visitor.may(Task.SEE_PLAN, house, planned.standing.perspective) for house in houses)
    if len(houses) < _FEWEST and not seen:
        raise NotAllowedError(
            f"Er zijn minder dan {_FEWEST} huizen; een groep zou dan iets zeggen over elk ervan."
        )
    estimates = planned.estimates
    together = estimates[estimates["house_id"] == ALL_HOUSES].reset_index(drop=True)
    return Transition(planned.begin, len(houses), planned.phases, together)
