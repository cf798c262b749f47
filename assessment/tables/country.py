"""The country for reading: phases, tasks let go, gaps that return."""

import pandas as pd

from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Phase, Verdict
from assessment.tables.shown import show_phases

_MOST = 8
_STILL_OPEN = (Verdict.NOT_YET.value, Verdict.PARTLY.value, Verdict.UNDETERMINED.value)


def say_let_go(finding: str, scores: pd.DataFrame) -> str:
    """Say a finding on one criterion with its counts.

    Args:
        finding: a sentence with {met} and {all}.
        scores: CRITERION_SCORES of that one criterion.
    """
    met = scores["verdict"].isin([Verdict.MEETS.value, Verdict.EXPLAINED.value])
    return finding.format(met=int(met.sum()), all=len(scores))


def list_phases(totals: pd.DataFrame) -> pd.DataFrame:
    """How many houses are in each phase, an open phase by itself."""
    order = ["", *Phase]
    places = totals[["phase_low", "phase_high"]].map(order.index)
    ordered = totals.loc[places.sort_values(["phase_low", "phase_high"], kind="stable").index]
    counts = pd.Series(show_phases(ordered), dtype="str").value_counts(sort=False)
    return pd.DataFrame({"Fase": counts.index, "Huizen (n)": counts.to_numpy()})


def list_returning_gaps(criteria: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """The criteria at which most houses still have something to do, with the counts per verdict."""
    counts = pd.crosstab(criteria["criterion_id"], criteria["verdict"])
    counts = counts.reindex(index=list(questionnaire.criterion), columns=list(_STILL_OPEN), fill_value=0)
    ordered = (
        counts.assign(open=counts.sum(axis=1)).sort_values("open", ascending=False, kind="stable").head(_MOST)
    )
    return pd.DataFrame(
        {
            "Criterium": [f"{key} {questionnaire.criterion[key].title}" for key in ordered.index],
            "Soort": [questionnaire.criterion[key].kind.dutch for key in ordered.index],
            "Nog te doen": [f"bij {n} van {len(set(criteria['house_id']))} huizen" for n in ordered["open"]],
            "○ nog niet": ordered[Verdict.NOT_YET.value].to_numpy(),
            "◐ deels": ordered[Verdict.PARTLY.value].to_numpy(),
            "? onbepaald": ordered[Verdict.UNDETERMINED.value].to_numpy(),
        }
    )
