"""Why each task stands where it stands, in the words that a user reads.

Source: questionnaires/roadmap.md, section 3.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.engine.roadmap.tasks import Network
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor

AT_ONCE = "kan meteen"


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
        network: the links and capacities.
        starts: the plan, every task as early as it allows.
        begin: the first quarter of the plan.
        questionnaire: gives the titles.
    """
    return [_why(task, tasks, network, starts, begin, questionnaire) for task in range(len(network.quarters))]


def _why(  # noqa: PLR0913, PLR0917
    task: int,
    tasks: pd.DataFrame,
    network: Network,
    starts: NDArray[np.int64],
    begin: Quarter,
    questionnaire: Questionnaire,
) -> str:
    if starts[task] == 0:
        return AT_ONCE
    done = {need: starts[need] + network.quarters[need] for need in network.needs[task]}
    blocking = [need for need, quarter in done.items() if quarter == starts[task]]
    if blocking:
        titles = [questionnaire.measure[tasks["measure_id"].iloc[need]].title for need in blocking]
        return f"wacht op: {' en '.join(titles)}"
    actor = Actor(tasks["actor"].iloc[task])
    return f"geen capaciteit bij {actor.dutch} tot {begin + int(starts[task])}"
