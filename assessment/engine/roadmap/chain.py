"""What decides when something is done: the chain of tasks behind it, what is late, and who waits for whom.

Source: questionnaires/roadmap.md, section 3.
"""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from assessment.engine.roadmap.plan import Plan
from assessment.engine.scheduling.network import Ints, Network
from assessment.model.frames import CHAIN, HOLD_UPS, WAITS
from assessment.model.plan import HORIZON, Why


def find_critical_chain(plan: Plan) -> pd.DataFrame:
    """Find what leads from the first quarter to the last hard norm; without hard norms, to the last measure.

    Returns:
        CHAIN, in order of time.
    """
    roadmap = plan.roadmap
    chain = trace(plan, _find_end(plan.problem.network, plan.starts)) if len(roadmap) else []
    in_order = roadmap.iloc[chain].assign(place=range(len(chain)))
    return CHAIN.conform(in_order[list(CHAIN.columns)])


def find_hold_ups(plan: Plan) -> pd.DataFrame:
    """Tell for every criterion that is finished after the horizon what holds it up.

    Returns:
        HOLD_UPS, in order of house, as the roadmap has them; no rows where all fits.
    """
    roadmap, durations = plan.roadmap, plan.problem.network.durations
    ends = roadmap.assign(task=range(len(roadmap))).sort_values(["last", "task"], kind="stable")
    finishes = ends.groupby(["house_id", "criterion_id"], sort=False, as_index=False).last()
    late = finishes[finishes["last"] >= HORIZON].sort_values("task")
    chains = [trace(plan, task) for task in late["task"]]
    waited = [[task for task in chain if plan.reasons[task].why is Why.CAPACITY] for chain in chains]
    rows = late.assign(
        quarters=[int(sum(durations[task] for task in chain)) for chain in chains],
        without_capacity=[_join_actors(roadmap["actor"].iloc[tasks]) for tasks in waited],
    )
    return HOLD_UPS.conform(rows[list(HOLD_UPS.columns)])


def _join_actors(actors: Iterable[str]) -> str:
    """Each actor once, who is waited for most often first."""
    return ";".join(actor for actor, _ in Counter(actors).most_common())


def trace(plan: Plan, end: int) -> list[int]:
    """Go back from a task to the first quarter, each time to the first that was in its way.

    Returns:
        The chain in order of time; it begins with a task that nothing was in the way of.
    """
    chain = [end]
    while blockers := plan.reasons[chain[-1]].blockers:
        chain.append(blockers[0])
    return chain[::-1]


def _find_end(network: Network, starts: Ints) -> int:
    """The last task of the hard norm that is finished last; of any criterion where there is none."""
    ends = starts + network.durations
    hard = [task for goal in network.goals if goal.hard for task in goal.last]
    return max(hard or range(len(starts)), key=lambda task: (ends[task], -task))


def find_waits(plan: Plan) -> pd.DataFrame:
    """Find the measures that cannot start before another actor has finished one.

    Returns:
        WAITS, in order of the quarter until which they wait.
    """
    rows = plan.roadmap.to_dict("records")
    waits = [
        {
            "house_id": rows[task]["house_id"],
            "measure_id": rows[task]["measure_id"],
            "actor": rows[task]["actor"],
            "on_measure_id": rows[need]["measure_id"],
            "on_actor": rows[need]["actor"],
            "until": rows[need]["last"],
        }
        for task, needs in enumerate(plan.problem.network.needs)
        for need in needs
        if need < len(rows)  # a task beyond the rows stands for the quarters that are gone
        and rows[need]["last"] + 1 == rows[task]["first"]
        and rows[need]["actor"] != rows[task]["actor"]
    ]
    found = pd.DataFrame(waits, columns=list(WAITS.columns))
    return WAITS.conform(found.sort_values("until", kind="stable"))
