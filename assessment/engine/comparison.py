"""Groups of houses: how a unit or the country stands, and how uniform it is.

Houses are never ranked: a group is described, its members are not put in order.

Source: questionnaires/scoring.md, section 4.
"""

import numpy as np
import pandas as pd

from assessment.model.frames import GROUPS

TOTAL = "total"


def compare_groups(scores: pd.DataFrame, group_of: pd.Series, subject: str | None) -> pd.DataFrame:
    """Describe each group of houses on each subject.

    Args:
        scores: rows with house_id, low and high, NaN where nothing counts.
        group_of: the group of each house, by house_id.
        subject: the column with what was scored (criterion_id, theme_id), or None for totals.

    Returns:
        GROUPS, by group in order of first appearance; a subject that applies nowhere in a group is left out.
    """
    applying = scores[scores["low"].notna()]
    rows = pd.DataFrame(
        {
            "group_id": applying["house_id"].map(group_of),
            "subject_id": TOTAL if subject is None else applying[subject],
            "low": applying["low"],
            "high": applying["high"],
            "midpoint": (applying["low"] + applying["high"]) / 2,
            "determined": applying["low"].where(applying["low"] == applying["high"]),
        }
    )
    grouped = rows.groupby(["group_id", "subject_id"], sort=False, as_index=False)
    groups = grouped.agg(
        n=("low", "size"),
        low=("low", "mean"),
        high=("high", "mean"),
        minimum=("midpoint", "min"),
        median=("midpoint", "median"),
        maximum=("midpoint", "max"),
        uniformity=("determined", _uniformity),
    )
    return GROUPS.conform(groups)


def _uniformity(determined: pd.Series) -> float:
    """1 where every determined house scores the same, 0 where half stands at each end."""
    scores = determined.dropna()
    return 1 - 2 * float(scores.std(ddof=0)) if len(scores) > 1 else np.nan
