"""Estimates for reading: when something is reached, as planned and with what probability."""

import pandas as pd

from assessment.model.frames import ALL_HOUSES, Subject
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register

WHAT_IT_IS = (
    "Dit is een schatting: niemand weet hoe lang een maatregel echt duurt. Daarom is het plan vele malen "
    "nagespeeld. Een maatregel duurt dan in de helft van de gevallen zo lang als gepland, en anders, bij "
    "toeval, 1 kwartaal korter, 1 langer of 2 langer; korter dan 1 kwartaal kan niet. De volgorde blijft "
    "gelijk."
)


def name_subject(subject: str, questionnaire: Questionnaire) -> str:
    """The name of what is reached: "Alle harde normen", or a hard norm with its title."""
    if subject in set(Subject):
        return Subject(subject).dutch.capitalize()
    return f"{subject} {questionnaire.criterion[subject].title}"


def say_estimate(planned: int, half: int, most: int, begin: Quarter) -> str:
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


def say_how_sure(estimates: pd.DataFrame, begin: Quarter) -> str:
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
