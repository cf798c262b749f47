"""The country for reading: phases, tasks let go, gaps that return."""

import pandas as pd

from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Phase, Verdict
from assessment.tables.shown import show_phases

_MOST = 8
_NO_PART = (Verdict.NOT_APPLICABLE.value, Verdict.NOT_SCORED.value)
_STILL_OPEN = (Verdict.NOT_YET.value, Verdict.PARTLY.value, Verdict.UNDETERMINED.value)


def say_let_go(finding: str, scores: pd.DataFrame) -> str:
    """Say how many of the houses where a criterion applies meet it, those that agreed otherwise apart.

    Args:
        finding: what it comes to in a house that meets it.
        scores: CRITERION_SCORES of that one criterion.
    """
    counts = scores["verdict"].value_counts()
    met, explained = (int(counts.get(verdict, 0)) for verdict in (Verdict.MEETS, Verdict.EXPLAINED))
    left_out = int(sum(counts.get(verdict, 0) for verdict in _NO_PART))
    does = "voldoet" if met == 1 else "voldoen"
    criterion_id = scores["criterion_id"].iloc[0]
    said = f"{finding}: {met} van {len(scores) - left_out} huizen {does} aan {criterion_id}"
    said += f", en {explained} bewust anders" if explained else ""
    return f"{said}; bij {left_out} niet van toepassing" if left_out else said


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
    counts = counts.reindex(index=list(questionnaire.criterion), columns=list(Verdict), fill_value=0)
    asked = counts.sum(axis=1) - counts[Verdict.NOT_APPLICABLE]
    counted = counts.assign(open=counts[list(_STILL_OPEN)].sum(axis=1), asked=asked)
    ordered = counted.sort_values("open", ascending=False, kind="stable").head(_MOST)
    return pd.DataFrame(
        {
            "Criterium": [f"{key} {questionnaire.criterion[key].title}" for key in ordered.index],
            "Soort": [questionnaire.criterion[key].kind.dutch for key in ordered.index],
            "Nog te doen": [
                f"bij {n} van {asked} huizen"
                for n, asked in zip(ordered["open"], ordered["asked"], strict=True)
            ],
            "○ nog niet": ordered[Verdict.NOT_YET.value].to_numpy(),
            "◐ deels": ordered[Verdict.PARTLY.value].to_numpy(),
            "? onbepaald": ordered[Verdict.UNDETERMINED.value].to_numpy(),
        }
    )
