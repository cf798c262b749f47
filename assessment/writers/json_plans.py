"""What the command line prints for machines about what may become of plans: stable JSON."""

import pandas as pd

from assessment.model.plan import HORIZON, Quarter
from assessment.tables.plan import name_quarters
from assessment.writers.json_results import dump


def write_forecast(estimates: pd.DataFrame, phases: pd.DataFrame, begin: Quarter) -> str:
    """Write how sure a plan is, and the houses per phase.

    Args:
        estimates: ESTIMATES; all houses together have no house_id.
        phases: PHASE_COUNTS; the quarters before the plan are left out.
        begin: the quarter that is 0.
    """
    named = estimates.assign(
        house_id=estimates["house_id"].where(estimates["house_id"] != "", None),
        **{name: [str(begin + int(q)) for q in estimates[name]] for name in ("planned", "half", "most")},
    )
    return dump(
        {
            "start": str(begin),
            "horizon": HORIZON,
            "estimates": named.to_dict("records"),
            "phases": name_quarters(phases[phases["quarter"] >= 0], begin).to_dict("records"),
        }
    )
