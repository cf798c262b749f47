"""What decides when something is done: the chain of tasks behind it, what is late, and who waits for whom.

Source: questionnaires/roadmap.md, section 3.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from assessment.engine.roadmap.problem import link_decided
from assessment.engine.scheduling.network import Ints, Network
from assessment.model.decisions import NOTHING_DECIDED, Decisions
from assessment.model.frames import CHAIN, HOLD_UPS, WAITS
from assessment.model.plan import HORIZON, Hold, Quarter
from assessment.model.questionnaire import Questionnaire


class Held(NamedTuple):
    """A task, and why it starts when it does: what it waits for is the task before it in the chain."""

    task: int
    hold: Hold


def relink(
    roadmap: pd.DataFrame,
    resources: pd.DataFrame,
    begin: Quarter,
    questionnaire: Questionnaire,
    decisions: Decisions = NOTHING_DECIDED,
) -> Network:
    """Number and link the measures of a plan by their row, with the quarters that they take in it.

    Args:
        roadmap: ROADMAP.
        resources: RESOURCES of its houses.
        begin: the first quarter of the plan.
        questionnaire: gives what needs what.
        decisions: what people decided, as it was planned.

    Returns:
        The network; a task beyond the rows stands for the quarters that are gone, as in `link_decided`.
    """
    tasks = roadmap.assign(quarters=roadmap["last"] - roadmap["first"] + 1)
    drawn = tasks.merge(resources, on=["house_id", "actor"], how="left", validate="many_to_one")
    return link_decided(drawn, questionnaire, begin, decisions)


def find_starts(roadmap: pd.DataFrame, network: Network) -> Ints:
    """When each task of a relinked plan starts; one that stands for what is gone at the beginning."""
    starts = np.zeros(len(network.durations), dtype=np.int64)
    starts[: len(roadmap)] = roadmap["first"]
    return starts


def find_critical_chain(roadmap: pd.DataFrame, network: Network) -> pd.DataFrame:
    """Find what leads from the first quarter to the last hard norm; without hard norms, to the last measure.

    Args:
        roadmap: ROADMAP.
        network: the same plan, from `relink`.

    Returns:
        CHAIN, in order of time.
    """
    starts = find_starts(roadmap, network)
    chain = trace(network, starts, _find_end(network, starts), len(roadmap)) if len(roadmap) else []
    held = roadmap.iloc[[each.task for each in chain]].assign(
        place=range(len(chain)), hold=[each.hold.value for each in chain]
    )
    return CHAIN.conform(held[list(CHAIN.columns)])


def find_hold_ups(roadmap: pd.DataFrame, network: Network) -> pd.DataFrame:
    """Tell for every criterion that is finished after the horizon what holds it up.

    Args:
        roadmap: ROADMAP.
        network: the same plan, from `relink`.

    Returns:
        HOLD_UPS, in order of house, as the roadmap has them; no rows where all fits.
    """
    starts = find_starts(roadmap, network)
    ends = roadmap.assign(task=range(len(roadmap))).sort_values(["last", "task"], kind="stable")
    finishes = ends.groupby(["house_id", "criterion_id"], sort=False, as_index=False).last()
    late = finishes[finishes["last"] >= HORIZON].sort_values("task")
    chains = [trace(network, starts, task, len(roadmap)) for task in late["task"]]
    waited = [[each.task for each in chain if each.hold is Hold.CAPACITY] for chain in chains]
    rows = late.assign(
        quarters=[int(sum(network.durations[each.task] for each in chain)) for chain in chains],
        without_capacity=[_join_actors(roadmap["actor"].iloc[tasks]) for tasks in waited],
    )
    return HOLD_UPS.conform(rows[list(HOLD_UPS.columns)])


def _join_actors(actors: Iterable[str]) -> str:
    """Each actor once, who is waited for most often first."""
    return ";".join(actor for actor, _ in Counter(actors).most_common())


def trace(network: Network, starts: Ints, end: int, known: int) -> list[Held]:
    """Go back from a task to the first quarter: each time to what it waits for, else to who is before it.

    Args:
        network: the tasks.
        starts: the plan.
        end: where to begin.
        known: how many tasks are measures; one beyond them stands for the quarters that are gone.

    Returns:
        The chain in order of time; it begins where something can start at once.
    """
    chain: list[Held] = []
    task: int | None = end
    while task is not None:
        before, hold = _find_before(network, starts, task, known)
        chain.append(Held(task, hold))
        task = before
    return chain[::-1]


def _find_before(network: Network, starts: Ints, task: int, known: int) -> tuple[int | None, Hold]:
    """The task that this one waits for, first by what it needs, then by whose place it takes."""
    if task in network.begun:
        return None, Hold.BEGUN
    if task in network.fixed:
        return None, Hold.FIXED
    done = starts + network.durations == starts[task]
    needed = [need for need in network.needs[task] if done[need]]
    if starts[task] == 0 or any(need >= known for need in needed):
        return None, Hold.AT_ONCE
    if needed:
        return needed[0], Hold.NEEDS
    makes_room = np.flatnonzero(done & (network.resource == network.resource[task]))
    return (int(makes_room[0]), Hold.CAPACITY) if makes_room.size else (None, Hold.AGREED)


def _find_end(network: Network, starts: Ints) -> int:
    """The last task of the hard norm that is finished last; of any criterion where there is none."""
    ends = starts + network.durations
    hard = [task for goal in network.goals if goal.hard for task in goal.last]
    return max(hard or range(len(starts)), key=lambda task: (ends[task], -task))


def find_waits(roadmap: pd.DataFrame, network: Network) -> pd.DataFrame:
    """Find the measures that cannot start before another actor has finished one.

    Args:
        roadmap: ROADMAP.
        network: the same plan, from `relink`.

    Returns:
        WAITS, in order of the quarter until which they wait.
    """
    rows = roadmap.to_dict("records")
    waits = [
        {
            "house_id": rows[task]["house_id"],
            "measure_id": rows[task]["measure_id"],
            "actor": rows[task]["actor"],
            "on_measure_id": rows[need]["measure_id"],
            "on_actor": rows[need]["actor"],
            "until": rows[need]["last"],
        }
        for task, needs in enumerate(network.needs)
        for need in needs
        if need < len(rows)  # a task beyond the rows stands for the quarters that are gone
        and rows[need]["last"] + 1 == rows[task]["first"]
        and rows[need]["actor"] != rows[task]["actor"]
    ]
    found = pd.DataFrame(waits, columns=list(WAITS.columns))
    return WAITS.conform(found.sort_values("until", kind="stable"))
