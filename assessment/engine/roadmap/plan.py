"""The plan: from gaps to measures with their quarters, slack and reason.

Source: questionnaires/roadmap.md, sections 2 and 3.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from assessment.engine.roadmap.problem import Problem
from assessment.engine.roadmap.why import Reason, find_reasons
from assessment.engine.scheduling.network import Ints, Network
from assessment.engine.scheduling.parts import take_part
from assessment.engine.scheduling.schedule import shift_right
from assessment.engine.scheduling.solver import solve
from assessment.model.decisions import Progress
from assessment.model.frames import ROADMAP, STEPS
from assessment.model.plan import HORIZON, Step, Why


@dataclass(frozen=True)
class Plan:
    """A plan of a problem: `roadmap` is ROADMAP, its rows in the order of the tasks.

    `starts` says when each task of the network begins, `reasons` why each measure then. `optimality_gap` is
    how far the plan may be from the best at most (0: it is the best).
    """

    problem: Problem
    starts: Ints
    reasons: tuple[Reason, ...]
    roadmap: pd.DataFrame
    optimality_gap: float


class _Placed(NamedTuple):
    """When tasks start, how far each can slip, and how far from the best that may be at most."""

    tasks: Ints
    starts: Ints
    slack: Ints
    optimality_gap: float


# Calls a function for each part of a plan; that of a pool does so side by side.
Run: TypeAlias = Callable[[Callable[[Ints], _Placed], Iterable[Ints]], Iterable[_Placed]]


def plan_quarters(problem: Problem, run: Run = map) -> Plan:
    """Plan all measures, as well as can be; houses that share no capacity apart from each other.

    Args:
        problem: what there is to plan.
        run: calls a function for each part.

    Raises:
        NoPlanError: what people decided leaves no plan; `find_contradiction` tells before why.
    """
    starts, slack = (np.zeros(len(problem.network.durations), dtype=np.int64) for _ in range(2))
    gap = 0.0
    for placed in run(partial(_place, problem.network), _find_parts(problem)):
        starts[placed.tasks], slack[placed.tasks] = placed.starts, placed.slack
        gap = max(gap, placed.optimality_gap)
    reasons = find_reasons(problem, starts)
    return Plan(problem, starts, reasons, _write_roadmap(problem, starts, slack, reasons), gap)


def _find_parts(problem: Problem) -> list[Ints]:
    """The tasks of each group of houses that share capacity; with each comes what stands for what is gone."""
    houses = problem.tasks["house_id"]
    gone = np.arange(len(houses), len(problem.network.durations))
    groups = (np.flatnonzero(houses.isin(group)) for group in split_houses(problem.resources))
    return [np.append(tasks, gone) for tasks in groups]


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


def find_sharing(resources: pd.DataFrame, house_id: str) -> frozenset[str]:
    """The houses that share capacity with one in RESOURCES, itself included; by way of others too."""
    return next(group for group in split_houses(resources) if house_id in group)


def _place(network: Network, tasks: Ints) -> _Placed:
    return _Placed(tasks, *_schedule(take_part(network, tasks)))


@lru_cache(maxsize=1024)
def _schedule(part: Network) -> tuple[Ints, Ints, float]:
    """When the tasks start, their slack, and how far that may be from the best.

    It depends on nothing else, so it is kept: after a change in one house or one decision, only what shares
    capacity with that is scheduled anew.
    """
    solution = solve(part)
    slack = shift_right(part, solution.starts) - solution.starts
    return solution.starts, slack, max(solution.optimality_gap, solution.moves_gap)


def _write_roadmap(problem: Problem, starts: Ints, slack: Ints, reasons: Iterable[Reason]) -> pd.DataFrame:
    tasks = problem.tasks
    measure_ids = tasks["measure_id"].tolist()
    waits = [each.blockers if each.why is Why.WAITS else () for each in reasons]
    first = starts[: len(tasks)]
    roadmap = tasks.assign(
        first=first,
        last=first + tasks["quarters"] - 1,
        slack=slack[: len(tasks)],
        status=[progress.value for progress in problem.progress],
        why=[each.why.value for each in reasons],
        waits_for=[";".join(measure_ids[need] for need in needs) for needs in waits],
        lapsed=[str(quarter or "") for quarter in problem.lapsed],
    )
    return ROADMAP.conform(roadmap[list(ROADMAP.columns)])


def count_quarters(roadmap: pd.DataFrame) -> int:
    """How many quarters a ROADMAP takes to show: the horizon, or what it needs beyond that."""
    return max(HORIZON, int(roadmap["last"].max()) + 1 if len(roadmap) else 0)


def find_steps(plan: Plan, unknown: pd.DataFrame) -> pd.DataFrame:
    """Find what is left to do beside the measures: what to find out, to judge again, and what stays open.

    Args:
        plan: the plan.
        unknown: UNKNOWNS that the plan rests on.

    Returns:
        STEPS.
    """
    pair, dropped = ["house_id", "criterion_id"], plan.problem.dropped
    is_done = (plan.roadmap["status"] == Progress.DONE).groupby(
        [plan.roadmap[key] for key in pair], sort=False
    )
    done = is_done.all().rename("done").reset_index()
    again = done.loc[done["done"], pair].merge(
        dropped[pair].drop_duplicates(), how="left", indicator=True, on=pair
    )
    parts = [
        unknown.rename(columns={"question_id": "about"}).assign(what=Step.FIND_OUT.value, why=""),
        again[again["_merge"] == "left_only"].assign(what=Step.JUDGE_AGAIN.value, about="", why=""),
        dropped.rename(columns={"measure_id": "about"}).assign(what=Step.OPEN.value),
    ]
    return STEPS.conform(pd.concat([part[list(STEPS.columns)] for part in parts]))


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
