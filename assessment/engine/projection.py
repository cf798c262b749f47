"""What a plan does to the scores: the grid of scores after each quarter.

Source: questionnaires/roadmap.md, section 3.
"""

import numpy as np
import pandas as pd

from assessment.model.frames import (
    ALL_HOUSES,
    PHASE_COUNTS,
    SURE_COUNTS,
    VERDICTS,
    ScoreGrid,
    Subject,
    find_places,
)
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Phase, Verdict


def project_scores(
    grid: ScoreGrid, finishes: pd.DataFrame, quarter: int, questionnaire: Questionnaire
) -> ScoreGrid:
    """Take every criterion that a plan has finished by the end of a quarter as met.

    Args:
        grid: the scores now.
        finishes: house_id, criterion_id and last, counted from the first quarter of the plan.
        quarter: the quarter after which to look; -1 is before the plan begins.
        questionnaire: the columns of the grid.

    Returns:
        The same grid, with those criteria at 1.
    """
    done = finishes[finishes["last"] <= quarter]
    row = find_places(done["house_id"], grid.house_ids)
    column = find_places(done["criterion_id"], questionnaire.criterion)
    met = np.zeros(grid.low.shape, dtype=bool)
    met[row, column] = True
    scored = met & [criterion.kind.is_scored(questionnaire.rules) for criterion in questionnaire.criteria]
    return ScoreGrid(
        grid.house_ids,
        np.where(scored, 1.0, grid.low),
        np.where(scored, 1.0, grid.high),
        np.where(scored, VERDICTS.index(Verdict.MEETS), grid.verdict).astype(np.uint8),
        grid.settled | met,
    )


def count_sure(projected: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Count the houses that work by the kader after each quarter with a probability of 80 %.

    Args:
        projected: PROJECTED_SCORES, any number of houses.
        estimates: ESTIMATES of their plans.

    Returns:
        SURE_COUNTS, for the quarters of the projection, in order.
    """
    now = projected[(projected["quarter"] < 0) & (projected["phase_low"] == Phase.BY_FRAMEWORK.value)]
    single = estimates[(estimates["house_id"] != ALL_HOUSES) & (estimates["subject"] == Subject.BY_FRAMEWORK)]
    quarters = np.unique(projected["quarter"])
    later = [(single["at_80"] <= quarter).sum() for quarter in quarters]
    return SURE_COUNTS.conform(pd.DataFrame({"quarter": quarters, "houses": len(now) + np.array(later)}))


def count_phases(projected: pd.DataFrame) -> pd.DataFrame:
    """Count the houses per phase after each quarter: the curve along which houses come to the kader.

    A house whose phase is open counts where it surely is, at the low end.

    Args:
        projected: PROJECTED_SCORES, any number of houses.

    Returns:
        PHASE_COUNTS, every quarter with every phase, by quarter; "" only where some house has no phase.
    """
    counts = pd.crosstab(projected["quarter"], projected["phase_low"])
    without = [phase for phase in ("",) if phase in counts.columns]
    every = counts.reindex(columns=[*(phase.value for phase in Phase), *without], fill_value=0)
    long = every.reset_index().melt("quarter", var_name="phase", value_name="houses")
    return PHASE_COUNTS.conform(long.sort_values("quarter", kind="stable"))
