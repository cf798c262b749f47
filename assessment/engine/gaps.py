"""What is left to do: the criteria that are not settled, the measures they bring in, how far each has come.

Source: questionnaires/roadmap.md, section 1.
"""

import numpy as np
import pandas as pd

from assessment.model.frames import GAPS, WORK
from assessment.model.questionnaire import Questionnaire
from assessment.model.rules import in_order
from assessment.model.scale import Rules

_KEY = ["house_id", "measure_id"]


def find_gaps(scores: pd.DataFrame) -> pd.DataFrame:
    """Find the criteria that bring measures into a plan.

    A criterion whose answers leave it open is planned on its low end, and says so; where that end is above
    zero it has come halfway, as `partly` has.

    Args:
        scores: CRITERION_SCORES, any number of houses.

    Returns:
        GAPS, in the order of the scores.
    """
    gaps = scores[~scores["settled"]]
    return GAPS.conform(
        gaps.drop(columns="settled").assign(
            halfway=gaps["low"] > 0, assumed=gaps["verdict"] == "undetermined"
        )
    )


def list_work(gaps: pd.DataFrame, scores: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """List the measures that gaps bring in, and where each of them stands.

    By rules 1 a measure stands where its criterion does; by rules 2 the questions that it settles decide.

    Args:
        gaps: GAPS.
        scores: MEASURE_SCORES of the houses of the gaps.
        questionnaire: the measures, and the rules.

    Returns:
        WORK, in the order of the gaps.
    """
    measures = pd.DataFrame(
        [(c.criterion_id, m.measure_id) for c in questionnaire.criteria for m in c.measures],
        columns=["criterion_id", "measure_id"],
    )
    work = gaps.merge(measures, on="criterion_id", validate="many_to_many").assign(settled=False)
    if questionnaire.rules is Rules.TWO:
        standing = _judge_measures(scores, questionnaire)
        known = work.drop(columns=["settled", "halfway", "assumed"])
        work = known.merge(standing, on=_KEY, validate="one_to_one")
    return WORK.conform(work[list(WORK.columns)])


def _judge_measures(scores: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Where each measure stands by its own questions: house_id, measure_id, settled, halfway, assumed."""
    halvable = scores["measure_id"].map({key: each.halvable for key, each in questionnaire.measure.items()})
    judged = scores[_KEY].assign(
        halfway=(scores["low"] > 0) & halvable.astype("bool"), assumed=scores["high"] > scores["low"]
    )
    return judged.merge(_find_settled(scores, questionnaire), on=_KEY, validate="one_to_one")


def _find_settled(scores: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Which measures are no longer needed: house_id, measure_id, settled.

    A measure is needed while a question of its own is open; where none of them counts it follows those that
    it needs.
    """
    low = {key: rows.set_index("house_id")["low"] for key, rows in scores.groupby("measure_id")}
    needs = {key: measure.needs for key, measure in questionnaire.measure.items()}
    settled: dict[str, pd.Series] = {}
    for measure_id in in_order(needs):
        follows = np.all([settled[need] for need in needs[measure_id]], axis=0)
        settled[measure_id] = (low[measure_id] == 1) | (low[measure_id].isna() & follows)
    wide = pd.DataFrame(settled).rename_axis(columns="measure_id")
    return wide.melt(ignore_index=False, value_name="settled").reset_index()
