"""Why each task stands where it stands, in the words that a user reads.

Source: questionnaires/roadmap.md, section 3.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.engine.scheduling.network import Network
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor

AT_ONCE = "kan meteen"
FIXED = "vastgezet"
AGREED = "zoals vastgesteld"


def explain(
    tasks: pd.DataFrame,
    network: Network,
    starts: NDArray[np.int64],
    begin: Quarter,
    questionnaire: Questionnaire,
) -> list[str]:
    """Tell for every task, in order, why it does not start earlier.

    Args:
        tasks: TASKS, as numbered in the network.
        network: the links and capacities; a task beyond `tasks` stands for the quarters that are gone.
        starts: the plan, every task as early as it allows.
        begin: the first quarter of the plan.
        questionnaire: gives the titles.
    """
    titles = [questionnaire.measure[measure_id].title for measure_id in tasks["measure_id"]]
    actors = [Actor(actor) for actor in tasks["actor"]]
    done = starts + network.durations
    reasons = []
    for task, start in enumerate(starts[: len(titles)]):
        blocking = [need for need in network.needs[task] if done[need] == start]
        if task in network.fixed:
            reasons.append(FIXED)
        elif start == 0 or any(need >= len(titles) for need in blocking):
            reasons.append(AT_ONCE)
        elif blocking:
            reasons.append(f"wacht op: {'; '.join(titles[need] for need in blocking)}")
        elif network.agreed.get(task) == start:
            reasons.append(AGREED)
        else:
            reasons.append(f"geen capaciteit bij {actors[task].dutch} tot {begin + int(start)}")
    return reasons
