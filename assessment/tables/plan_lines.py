"""What people decided about a plan, for reading: the lines, and what changes in them."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from assessment.model.decisions import FIELD_WORDS, PlanLine
from assessment.tables.shown import NOTHING, show_day


def show_value(value: object) -> str:
    """Show what was decided: a day in words, nothing as a dash."""
    if isinstance(value, date):
        return show_day(value)
    return NOTHING if value in {None, ""} else str(value)


def list_changes(old: PlanLine, new: PlanLine, fields: Iterable[str] | None = None) -> pd.DataFrame:
    """What a line was and what it becomes, a row per field; without `fields` those that differ."""
    before, after = old.decided, new.decided
    chosen = new.differs_from(old) if fields is None else fields
    return pd.DataFrame(
        [
            {
                "Maatregel": new.measure_id,
                "Wat": FIELD_WORDS[field],
                "Was": show_value(before[field]),
                "Wordt": show_value(after[field]),
            }
            for field in chosen
        ],
        columns=["Maatregel", "Wat", "Was", "Wordt"],
    )


def list_both(stored: PlanLine, given: PlanLine, fields: Iterable[str]) -> pd.DataFrame:
    """What stands there now beside what somebody else wants to put there, a row per field."""
    both = list_changes(stored, given, fields)
    return both.rename(columns={"Was": "Staat er nu", "Wordt": "Wat u wilt"})


def say_conflict(stored: PlanLine, given: PlanLine, fields: Iterable[str]) -> str:
    """Say in one line that somebody else changed a line meanwhile, with both values side by side."""
    both = list_both(stored, given, fields).to_dict("records")
    told = "; ".join(f"{row['Wat']}: nu '{row['Staat er nu']}', van u '{row['Wat u wilt']}'" for row in both)
    return (
        f"{stored.measure_id} is intussen door iemand anders gewijzigd (versie {stored.version}). {told}. "
        "Er is niets bewaard. Kijk wat er nu staat en kies opnieuw."
    )
