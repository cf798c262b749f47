"""The plan: from gaps to measures with their quarters, slack and reason.

Source: questionnaires/roadmap.md, sections 2 and 3.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from assessment.engine.roadmap.problem import (
    find_progress,
    link_decided,
    list_tasks,
    set_dropped_aside,
    tell_decisions,
    time_tasks,
)
from assessment.engine.roadmap.why import explain
from assessment.engine.scheduling.schedule import shift_right
from assessment.engine.scheduling.solver import solve
from assessment.model.decisions import NOTHING_DECIDED, Decisions
from assessment.model.frames import DROPPED, ROADMAP
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire


class Planned(NamedTuple):
    """A plan: its measures, how far it may be from the best at most (0: it is the best), what was dropped."""

    roadmap: pd.DataFrame
    optimality_gap: float
    dropped: pd.DataFrame = DROPPED.empty()


def plan_quarters(
    gaps: pd.DataFrame,
    resources: pd.DataFrame,
    begin: Quarter,
    questionnaire: Questionnaire,
    decisions: Decisions = NOTHING_DECIDED,
) -> Planned:
    """Plan the measures of all gaps, as well as can be.

    Args:
        gaps: GAPS, of one house or of houses that share capacity.
        resources: RESOURCES of those houses; every capacity at least 1.
        begin: the first quarter of the plan.
        questionnaire: gives measures and dependencies.
        decisions: what people decided, which goes before what would be best.

    Returns:
        ROADMAP, a row per house and measure, in the order of the gaps, and DROPPED.

    Raises:
        NoPlanError: what people decided leaves no plan; `find_contradiction` tells before why.
    """
    kept = set_dropped_aside(list_tasks(gaps, resources, questionnaire), decisions)
    tasks = time_tasks(kept.tasks, begin, decisions)
    network = link_decided(tasks, questionnaire, begin, decisions)
    solution = solve(network)
    slack = shift_right(network, solution.starts) - solution.starts
    first = solution.starts[: len(tasks)]
    reasons = explain(tasks, network, solution.starts, begin, questionnaire)
    told = tell_decisions(tasks, begin, decisions)
    roadmap = tasks.assign(
        first=first,
        last=first + tasks["quarters"] - 1,
        slack=slack[: len(tasks)],
        status=find_progress(tasks, decisions),
        why=[decided or reason for decided, reason in zip(told, reasons, strict=True)],
    )
    return Planned(
        ROADMAP.conform(roadmap[list(ROADMAP.columns)]),
        max(solution.optimality_gap, solution.moves_gap),
        kept.dropped,
    )


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
    if len(plans) == 1:
        return plans[0]
    order = {house_id: place for place, house_id in enumerate(house_ids)}
    rows = pd.concat([ROADMAP.empty(), *(each.roadmap for each in plans)])
    placed = rows.assign(place=rows["house_id"].map(order)).sort_values("place", kind="stable")
    roadmap = ROADMAP.conform(placed.drop(columns="place"))
    dropped = pd.concat([DROPPED.empty(), *(each.dropped for each in plans)])
    return Planned(
        roadmap, max((each.optimality_gap for each in plans), default=0.0), DROPPED.conform(dropped)
    )


def count_quarters(roadmap: pd.DataFrame) -> int:
    """How many quarters a ROADMAP takes to show: the horizon, or what it needs beyond that."""
    return max(HORIZON, int(roadmap["last"].max()) + 1 if len(roadmap) else 0)


def find_finishes(roadmap: pd.DataFrame, dropped: pd.DataFrame | None = None) -> pd.DataFrame:
    """The quarter in which each criterion is finished; one of which a measure was dropped never is.

    Args:
        roadmap: ROADMAP.
        dropped: DROPPED, where anything was.

    Returns:
        A row per house and criterion, in the order of the roadmap: house_id, criterion_id, last.
    """
    keys = ["house_id", "criterion_id"]
    whole = roadmap
    if dropped is not None and not dropped.empty:
        gone = pd.MultiIndex.from_frame(dropped[keys])
        whole = roadmap[~pd.MultiIndex.from_frame(roadmap[keys]).isin(gone)]
    grouped = whole.groupby(keys, sort=False, as_index=False)
    return grouped.agg(last=("last", "max"))
