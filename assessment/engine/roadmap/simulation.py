"""How sure the end of a plan is: thousands of times the same plan, with other durations each time.

Source: questionnaires/roadmap.md, section 3.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.engine.roadmap.plan import Plan
from assessment.engine.scheduling.network import Ints, Network
from assessment.model.decisions import Progress
from assessment.model.frames import ALL_HOUSES, ESTIMATES, Subject
from assessment.model.plan import Estimates
from assessment.model.scale import Kind

CHANGES = (-1, 0, 0, 0, 1, 2)
"""How many quarters longer than planned a measure takes, each entry as likely: half of the time none."""
_LIKELY = {"likely": 0.5, "at_80": 0.8}


def simulate(plan: Plan, runs: int, seed: int, changes: Sequence[int] | None = None) -> Ints:
    """Let every task take longer or shorter by chance, never under one quarter, in the order of the plan.

    A task starts when all it needs is done and, of those that come before it in the plan on the same
    capacity, enough have made room; one that people pinned or agreed on never before its quarter. What has
    begun stays where it is, and what is done takes as long as it took.

    Args:
        plan: to play through.
        runs: how many times.
        seed: the same seed gives the same runs.
        changes: by how many quarters a duration may change, each as likely; without them as the framework
            of a measure says, and where none does, by `CHANGES`.

    Returns:
        runs × tasks of the network: the last quarter of each task.
    """
    network, starts = plan.problem.network, plan.starts
    drawn = _draw(plan, runs, np.random.default_rng(seed), changes)
    drawn[_find_known(plan)] = 0
    lengths = np.maximum(network.durations[:, None] + drawn, 1)
    free = {row: np.zeros((runs, count), dtype=np.int64) for row, count in _count_places(network).items()}
    ends = np.zeros((len(starts), runs), dtype=np.int64)
    every = np.arange(runs)
    for task in np.lexsort((np.arange(len(starts)), starts)):
        places = free[int(network.resource[task])]
        first = places.argmin(axis=1)
        held = starts[task] if task in network.fixed or task in network.agreed else 0
        ready = np.max([np.full(runs, held), *(ends[need] for need in network.needs[task])], axis=0)
        begins = starts[task] if task in network.begun else np.maximum(ready, places[every, first])
        ends[task] = begins + lengths[task]
        places[every, first] = np.maximum(places[every, first], ends[task])
    return ends.T - 1


def _draw(plan: Plan, runs: int, dice: np.random.Generator, changes: Sequence[int] | None) -> Ints:
    """By how many quarters each task takes longer, tasks × runs."""
    tasks, estimates_of = len(plan.starts), plan.problem.questionnaire.estimates_of
    if changes is not None or not estimates_of:
        return dice.choice(np.array(CHANGES if changes is None else changes), (tasks, runs))
    chances = dice.random((tasks, runs))
    drawn = dice.choice(np.array(CHANGES), (tasks, runs))
    for task, criterion_id in enumerate(plan.roadmap["criterion_id"]):
        if criterion_id in estimates_of:
            drawn[task] = _turn_out(estimates_of[criterion_id], chances[task])
    return drawn


def _turn_out(estimates: Estimates, chances: NDArray[np.float64]) -> Ints:
    """The outcome at each chance in [0, 1)."""
    shares = np.cumsum([outcome.share for outcome in estimates.outcomes])[:-1]
    extra = np.array([outcome.extra_quarters for outcome in estimates.outcomes])
    found: Ints = extra[np.searchsorted(shares, chances, side="right")]
    return found


def _find_known(plan: Plan) -> list[int]:
    """The tasks of which it is known how long they took: what is done, and the quarters that are gone."""
    done = [task for task, progress in enumerate(plan.problem.progress) if progress is Progress.DONE]
    return [*done, *range(len(plan.roadmap), len(plan.starts))]


def estimate(plan: Plan, ends: Ints) -> pd.DataFrame:
    """Tell when everything that matters is there: with 50 % and 80 % probability, and as planned.

    Args:
        plan: what was played through.
        ends: runs × tasks, from `simulate`.

    Returns:
        ESTIMATES: all houses together, then each house; no rows for what has no measures in the plan, nor
        for what the plan never reaches because a measure was dropped.
    """
    rows = [
        row
        for house_id, of_house in _split(plan.roadmap)
        for row in _estimate_house(plan, ends.T, house_id, of_house)
    ]
    return ESTIMATES.conform(pd.DataFrame(rows, columns=list(ESTIMATES.columns)))


def _estimate_house(plan: Plan, ends: Ints, house_id: str, of_house: Ints) -> Iterator[dict[str, object]]:
    """Rows of ESTIMATES of a house, or of all together; `ends` is tasks × runs."""
    found = _find_subjects(plan, of_house, _list_dropped(plan, house_id))
    subjects = [(subject, tasks) for subject, tasks in found if len(tasks)]
    if not subjects:
        return
    lasts = np.stack([ends[tasks].max(axis=0) for _, tasks in subjects])
    sure = np.quantile(lasts, list(_LIKELY.values()), axis=1, method="inverted_cdf").astype(int)
    planned = plan.roadmap["last"].to_numpy()
    for (subject, tasks), quarters in zip(subjects, sure.T.tolist(), strict=True):
        yield {
            "house_id": house_id,
            "subject": subject,
            "if_nothing_goes_wrong": int(planned[tasks].max()),
            **dict(zip(_LIKELY, quarters, strict=True)),
        }


class Kept(NamedTuple):
    """The share of runs that end by a quarter that was told, and by the quarter before it."""

    by_then: float
    before: float


def calibrate(estimates: pd.DataFrame, ends: Ints) -> dict[str, Kept]:
    """Hold what was told of the end of a whole plan against other runs of it.

    Args:
        estimates: ESTIMATES of the plan.
        ends: runs × tasks, from `simulate` with a fresh seed.

    Returns:
        The shares for `likely` and for `at_80`.
    """
    whole = (estimates["house_id"] == ALL_HOUSES) & (estimates["subject"] == Subject.PLAN)
    last = ends.max(axis=1)
    told = {name: int(estimates.loc[whole, name].iloc[0]) for name in _LIKELY}
    return {name: Kept((last <= end).mean(), (last < end).mean()) for name, end in told.items()}


def _count_places(network: Network) -> dict[int, int]:
    """How many places of each capacity can be of use at all."""
    tasks = np.bincount(network.resource, minlength=len(network.capacity))
    return dict(enumerate(np.minimum(network.capacity, np.maximum(tasks, 1)).tolist()))


def _split(roadmap: pd.DataFrame) -> Iterator[tuple[str, Ints]]:
    """All rows, and after that the rows of each house."""
    rows = np.arange(len(roadmap))
    if len(rows):
        yield ALL_HOUSES, rows
    houses = roadmap["house_id"].to_numpy()
    for house_id in dict.fromkeys(houses):
        yield house_id, rows[houses == house_id]


def _list_dropped(plan: Plan, house_id: str) -> frozenset[str]:
    """The criteria of which a house, or any house, dropped a measure: the plan never finishes them."""
    dropped = plan.problem.dropped
    return frozenset(dropped[dropped["house_id"].isin([house_id]) | (house_id == ALL_HOUSES)]["criterion_id"])


def _find_subjects(plan: Plan, rows: Ints, dropped: frozenset[str]) -> Iterator[tuple[str, Ints]]:
    """What to tell the end of, with its rows: the kader, the hard norms, each criterion, the whole plan."""
    criterion = plan.problem.questionnaire.criterion
    criteria = plan.roadmap["criterion_id"].iloc[rows]
    kinds = [criterion[key].kind for key in criteria]
    never = {criterion[key].kind for key in dropped}
    if not any(kind.is_norm for kind in never):
        yield Subject.BY_FRAMEWORK, rows[np.array([kind.is_norm for kind in kinds], dtype=bool)]
    hard = np.array([kind is Kind.HARD_NORM for kind in kinds], dtype=bool)
    if Kind.HARD_NORM not in never:
        yield Subject.HARD_NORMS, rows[hard]
    for criterion_id in sorted(set(criteria) - dropped):
        yield criterion_id, rows[(criteria == criterion_id).to_numpy()]
    yield Subject.PLAN, rows
