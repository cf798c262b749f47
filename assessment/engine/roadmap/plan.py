"""The plan: from gaps to measures with their quarters, slack and reason.

Source: questionnaires/roadmap.md, sections 2 and 3.
"""

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
