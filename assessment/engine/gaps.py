"""What is left to do: the criteria that are not settled, and how far each has come."""

import pandas as pd

from assessment.model.frames import GAPS


def find_gaps(scores: pd.DataFrame) -> pd.DataFrame:
    """Find the criteria that bring measures into a plan.

    A criterion whose answers leave it open is planned on its low end, and says so; where that end is above
    zero it has come halfway, as `partly` has.

    Args:
        scores: CRITERION_SCORES, any number of houses.

    Returns:
        GAPS, in the order of the scores.

    Source: questionnaires/roadmap.md, section 1.
    """
    gaps = scores[~scores["settled"]]
    return GAPS.conform(
        gaps.drop(columns="settled").assign(
            halfway=gaps["low"] > 0, assumed=gaps["verdict"] == "undetermined"
        )
    )
