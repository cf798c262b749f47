"""What stands in the questionnaires and the register, for reading."""

from collections.abc import Mapping

import pandas as pd

from assessment.model.framework import cited_keys
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register
from assessment.model.rounds import RoundEvent
from assessment.tables.shown import show_day


def list_sources(questionnaire: Questionnaire) -> pd.DataFrame:
    """Every source, with the criteria that rest on it."""
    citing: dict[str, list[str]] = {key: [] for key in questionnaire.sources}
    for criterion in questionnaire.criteria:
        for key in cited_keys(criterion, questionnaire.sources):
            citing[key].append(criterion.criterion_id)
    return pd.DataFrame(
        {
            "Bron": list(citing),
            "Wat het is": [questionnaire.sources[key] for key in citing],
            "Criteria": [", ".join(criteria) for criteria in citing.values()],
        }
    )


def list_register(register: Register) -> pd.DataFrame:
    """The houses of a register for reading, by unit and name."""
    houses = register.sort_houses(register.houses)
    return pd.DataFrame(
        {
            "Kenmerk": [house.house_id for house in houses],
            "Huis": [house.title for house in houses],
            "Eenheid": [register.unit[house.unit_id].title for house in houses],
            "Vanaf": [show_day(house.valid_from) for house in houses],
            "Tot en met": [show_day(house.valid_to) for house in houses],
            "Opgegaan in": [house.merged_into or "" for house in houses],
            "Bron": [house.source for house in houses],
        }
    )


def list_rounds(register: Register, closings: Mapping[str, RoundEvent]) -> pd.DataFrame:
    """The rounds of a register for reading, the earliest first, and since when each is closed."""
    return pd.DataFrame(
        {
            "Kenmerk": [each.round_id for each in register.rounds],
            "Ronde": [each.title for each in register.rounds],
            "Van": [show_day(each.opens) for each in register.rounds],
            "Tot en met": [show_day(each.closes) for each in register.rounds],
            "Gesloten op": [
                show_day(closings[each.round_id].moment) if each.round_id in closings else ""
                for each in register.rounds
            ],
            "Vragenlijsten": [", ".join(each.frameworks) for each in register.rounds],
            "Huizen (n)": [len(each.house_ids) for each in register.rounds],
        }
    )


def list_questions(questionnaire: Questionnaire) -> pd.DataFrame:
    """Every question with its options, for reading."""
    return pd.DataFrame(
        [
            {
                "Nr.": question.question_id,
                "Vraag": question.text,
                "Kern": "kern" if question.core else "",
                "Keuzes": " | ".join(f"{letter} {o.text} ({o.mark.sign})" for letter, o in question.lettered)
                or question.kind.dutch,
            }
            for question in questionnaire.questions
        ]
    )
