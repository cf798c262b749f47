"""The plan: from gaps to measures with their quarters, slack and reason.

Source: questionnaires/roadmap.md, sections 2 and 3.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from assessment.engine.roadmap.reasons import explain
from assessment.engine.roadmap.schedule import shift_right
from assessment.engine.roadmap.solver import solve
from assessment.engine.roadmap.tasks import link_tasks, list_tasks
from assessment.model.frames import ROADMAP
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire


class Planned(NamedTuple):
    """A plan: its measures, and how far it may be from the best at most (0: it is the best)."""

    roadmap: pd.DataFrame
    gap: float


def plan_quarters(
    gaps: pd.DataFrame, resources: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire
) -> Planned:
    """Plan the measures of all gaps, as well as can be.

    Args:
        gaps: GAPS, of one house or of houses that share capacity.
        resources: RESOURCES of those houses; every capacity at least 1.
        begin: the first quarter of the plan.
        questionnaire: gives measures and dependencies.

    Returns:
        ROADMAP, a row per house and measure, in the order of the gaps.
    """
    tasks = list_tasks(gaps, resources, questionnaire)
    network = link_tasks(tasks, questionnaire)
    solution = solve(network)
    roadmap = tasks.assign(
        first=solution.starts,
        last=solution.starts + network.quarters - 1,
        slack=shift_right(network, solution.starts) - solution.starts,
        status="planned",
        why=explain(tasks, network, solution.starts, begin, questionnaire),
    )
    return Planned(ROADMAP.conform(roadmap[list(ROADMAP.columns)]), solution.gap)


def split_houses(resources: pd.DataFrame) -> tuple[frozenset[str], ...]:
    """Group houses that draw on a common capacity, directly or by way of others: each can be planned apart.

    Args:
        resources: RESOURCES.

    Returns:
        The groups, in order of their first house.
    """
    group = {house_id: frozenset([house_id]) for house_id in resources["house_id"]}
    for _, house_ids in resources.groupby("resource", sort=False)["house_id"]:
        joined = frozenset().union(*(group[house_id] for house_id in house_ids))
        group |= dict.fromkeys(joined, joined)
    return tuple(dict.fromkeys(group.values()))


def join_plans(plans: Sequence[Planned], house_ids: Sequence[str]) -> Planned:
    """Put plans that were made apart together, in this order of houses.

    The worst of them is the most that the whole may be from the best.
    """
    order = {house_id: place for place, house_id in enumerate(house_ids)}
    rows = pd.concat([ROADMAP.empty(), *(each.roadmap for each in plans)])
    placed = rows.assign(place=rows["house_id"].map(order)).sort_values("place", kind="stable")
    roadmap = ROADMAP.conform(placed.drop(columns="place"))
    return Planned(roadmap, max((each.gap for each in plans), default=0.0))


def count_quarters(roadmap: pd.DataFrame) -> int:
    """How many quarters a ROADMAP takes to show: the horizon, or what it needs beyond that."""
    return max(HORIZON, int(roadmap["last"].max()) + 1 if len(roadmap) else 0)


def find_finishes(roadmap: pd.DataFrame) -> pd.DataFrame:
    """The quarter in which each criterion is finished.

    Returns:
        A row per house and criterion, in the order of the roadmap: house_id, criterion_id, last.
    """
    grouped = roadmap.groupby(["house_id", "criterion_id"], sort=False, as_index=False)
    return grouped.agg(last=("last", "max"))
