"""Use case: how groups of houses stand, and where the same gap returns."""

import pandas as pd

from assessment.engine.comparison import compare_groups
from assessment.model.frames import GROUPS
from assessment.service.standing import Standing

ALL = "alle huizen"


def compare_houses(standing: Standing) -> pd.DataFrame:
    """Describe the houses of a standing as one group: in total, per theme and per criterion.

    Returns:
        GROUPS; a house is never named or ranked.
    """
    group_of = pd.Series(ALL, index=list(standing.grid.house_ids), dtype="str")
    return GROUPS.conform(
        pd.concat(
            [
                compare_groups(standing.totals, group_of, None),
                compare_groups(standing.themes, group_of, "theme_id"),
                compare_groups(standing.criteria, group_of, "criterion_id"),
            ]
        )
    )
