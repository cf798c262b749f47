"""The transition for reading: houses per phase per quarter, and when the last one is there."""

import pandas as pd

from assessment.model.frames import ALL_HOUSES, Subject
from assessment.model.plan import Quarter
from assessment.model.scale import Phase


def list_transition(counts: pd.DataFrame, begin: Quarter) -> pd.DataFrame:
    """PHASE_COUNTS for reading: a row per quarter, a column per phase."""
    table = counts.pivot_table(index="quarter", columns="phase", values="houses", sort=False).astype("int64")
    quarters = ["nu" if quarter < 0 else f"na {begin + int(quarter)}" for quarter in table.index]
    named = {phase.value: f"{phase.dutch} (n)" for phase in Phase} | {"": "geen norm gevraagd (n)"}
    return (
        table.rename(columns=named)
        .reset_index(drop=True)
        .assign(Kwartaal=quarters)[["Kwartaal", *(named[phase] for phase in table.columns)]]
    )


def say_transition(counts: pd.DataFrame, begin: Quarter) -> str:
    """Say in which quarter the last house works by the kader, or how many do at the end of what is shown."""
    by_quarter = counts.pivot_table(index="quarter", columns="phase", values="houses", sort=False)
    there = by_quarter[Phase.BY_FRAMEWORK.value]
    houses = int(by_quarter[[phase.value for phase in Phase]].sum(axis=1).iloc[0])
    all_there = there.index[there == houses]
    if not houses or all_there.empty:
        return f"{int(there.iloc[-1])} van {houses} huizen werken aan het eind van het plan volgens het kader"
    if all_there[0] < 0:
        return "Alle huizen werken nu al volgens het kader"
    which = "het huis" if houses == 1 else f"het laatste van {houses} huizen"
    return f"In {begin + int(all_there[0])} werkt {which} volgens het kader"


def say_last_house(estimates: pd.DataFrame, begin: Quarter) -> str:
    """Say when the last house works by the kader with 50 % and 80 % probability; nothing where all do now.

    Args:
        estimates: ESTIMATES of several houses.
        begin: the quarter that is 0.
    """
    wanted = (estimates["house_id"] == ALL_HOUSES) & (estimates["subject"] == Subject.BY_FRAMEWORK)
    if not wanted.any():
        return ""
    half, most = (begin + int(estimates.loc[wanted, name].iloc[0]) for name in ("half", "most"))
    return f"Schatting: met 50 % kans is dat uiterlijk in {half}, met 80 % kans uiterlijk in {most}."
