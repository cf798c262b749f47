"""What may become of plans, for reading: when something is reached, and houses per phase per quarter."""

from typing import NamedTuple

import pandas as pd

from assessment.model.frames import ALL_HOUSES, Subject
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.scale import Phase

WHAT_IT_IS = (
    "Dit is een schatting: niemand weet hoe lang een maatregel echt duurt. Daarom is het plan vele malen "
    "nagespeeld. Een maatregel duurt dan in de helft van de gevallen zo lang als gepland, en anders, bij "
    "toeval, 1 kwartaal korter, 1 langer of 2 langer; korter dan 1 kwartaal kan niet. De volgorde blijft "
    "gelijk."
)


class End(NamedTuple):
    """The quarters in which a house works by the kader: as planned, with 50 % and with 80 % probability."""

    planned: int
    likely: int
    sure: int


def find_end(estimates: pd.DataFrame, house_id: str) -> End | None:
    """Find when a house works by the kader; None where it does already, or where no norm applies.

    Args:
        estimates: ESTIMATES.
        house_id: the house; ALL_HOUSES for all together.
    """
    wanted = (estimates["house_id"] == house_id) & (estimates["subject"] == Subject.BY_FRAMEWORK)
    own = estimates[wanted]
    return None if own.empty else End(*(int(own[name].iloc[0]) for name in ("planned", "half", "most")))


def name_subject(subject: str, questionnaire: Questionnaire) -> str:
    """The name of what is reached: "Alle harde normen", or a hard norm with its title."""
    if subject in set(Subject):
        return Subject(subject).dutch.capitalize()
    return f"{subject} {questionnaire.criterion[subject].title}"


def describe_estimate(planned: int, half: int, most: int, begin: Quarter) -> str:
    """Say one estimate: "gepland in 2028-K1; 50 % kans in 2028-K3, 80 % kans in 2029-K1"."""
    return f"gepland in {begin + planned}; 50 % kans in {begin + half}, 80 % kans in {begin + most}"


def list_estimates(estimates: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire) -> pd.DataFrame:
    """ESTIMATES of one house, or of all together, for reading."""
    return pd.DataFrame(
        {
            "Wat": [name_subject(subject, questionnaire) for subject in estimates["subject"]],
            "Gepland": [str(begin + int(quarter)) for quarter in estimates["planned"]],
            "50 % kans uiterlijk in": [str(begin + int(quarter)) for quarter in estimates["half"]],
            "80 % kans uiterlijk in": [str(begin + int(quarter)) for quarter in estimates["most"]],
        }
    )


def list_estimates_of_houses(
    estimates: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, register: Register
) -> pd.DataFrame:
    """ESTIMATES of several houses for reading; of one house as `list_estimates` does."""
    house_ids = [house_id for house_id in estimates["house_id"].unique() if house_id != ALL_HOUSES]
    if len(house_ids) == 1:
        own = estimates[estimates["house_id"] == house_ids[0]]
        return list_estimates(own, begin, questionnaire)
    titles = {ALL_HOUSES: "alle huizen samen"} | {key: register.house[key].title for key in house_ids}
    table = list_estimates(estimates, begin, questionnaire)
    table.insert(0, "Huis", [titles[house_id] for house_id in estimates["house_id"]])
    return table


def describe_how_sure(estimates: pd.DataFrame, begin: Quarter) -> str:
    """Say when all that the kader asks is there with 80 % probability; without norms, the whole plan.

    Args:
        estimates: ESTIMATES of one house, or of all together; at least one row.
        begin: the quarter that is 0.
    """
    by_subject = estimates.set_index("subject")
    subject = next(name for name in (Subject.BY_FRAMEWORK, Subject.PLAN) if name in by_subject.index)
    most, planned = by_subject["most"][subject], by_subject["planned"][subject]
    then = f"{subject.dutch} in {begin + int(planned)} volgens plan"
    return f"{then}, en met 80 % kans uiterlijk in {begin + int(most)}"


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


def describe_transition(counts: pd.DataFrame, begin: Quarter) -> str:
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


def describe_last_house(estimates: pd.DataFrame, begin: Quarter) -> str:
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
