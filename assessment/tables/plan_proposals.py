"""What a plan that came back would change, for reading: old beside new, and where somebody was first."""

from collections.abc import Iterable, Mapping

import pandas as pd

from assessment.model.decisions import PlanLine
from assessment.model.questionnaire import Questionnaire
from assessment.tables.plan_lines import list_changes

CONFLICT = "intussen gewijzigd"
_COLUMNS = ("Nr.", "Maatregel", "Wat", "Staat er nu", "In het bestand", "Let op")


def list_proposals(
    changes: Iterable[tuple[PlanLine, PlanLine]], conflicts: Mapping[str, bool], questionnaire: Questionnaire
) -> pd.DataFrame:
    """List every change that a file wants, a row per field.

    Args:
        changes: each line as it is stored, and as the file wants it.
        conflicts: whether somebody else changed the line since the file was made, by measure.
        questionnaire: gives the titles.
    """
    rows = [
        (
            *(row["Maatregel"], questionnaire.measure[row["Maatregel"]].title),
            *(row["Wat"], row["Was"], row["Wordt"]),
            CONFLICT if conflicts[row["Maatregel"]] else "",
        )
        for old, new in changes
        for row in list_changes(old, new).to_dict("records")
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)
