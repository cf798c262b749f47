"""Who waits for whom: measures that start as soon as another actor is done.

Source: questionnaires/roadmap.md, section 3.
"""

import pandas as pd

from assessment.engine.roadmap.network import Network
from assessment.model.plan_frames import WAITS


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
        if rows[need]["last"] + 1 == rows[task]["first"] and rows[need]["actor"] != rows[task]["actor"]
    ]
    found = pd.DataFrame(waits, columns=list(WAITS.columns))
    return WAITS.conform(found.sort_values("until", kind="stable"))
