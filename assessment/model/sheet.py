"""The shape that a questionnaire has as a workbook: what the writer writes and the reader looks for.

A row is found by the id in its first column and a field by its heading, never by position.
"""

from collections.abc import Mapping
from typing import NamedTuple

from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.scale import Perspective
from assessment.model.texts import QuestionnaireTexts

INTRODUCTION_SHEET = "Inleiding"
DEVIATION_SHEET = "Bewust anders"
PASSPORT_SHEET = "kaderscan"
"""Hidden: says for which house, round, perspective and versions the file was made."""
OPTIONS_SHEET = "keuzes"
"""Hidden: the lists behind the drop-downs."""

KEY_HEADING = "Nr."
ANSWER_HEADINGS = {"answer": "Antwoord", "explanation": "Toelichting", "evidence": "Bewijs"}
DEVIATION_HEADINGS = {"reason": "Reden", "agreed_by": "Akkoord van", "until": "Tot en met"}


class SheetRow(NamedTuple):
    """One row that carries an id (`key`): what stands in its fields, and in which column each field is."""

    sheet: str
    number: int
    key: str
    texts: Mapping[str, str]
    columns: Mapping[str, str]

    def cell(self, field: str) -> str:
        """The address of a field, such as E14."""
        return f"{self.columns[field]}{self.number}"


class Passport(NamedTuple):
    """For which house, round and perspective a questionnaire was made, and of which versions."""

    house_id: str
    round_id: str
    perspective: str
    frameworks: tuple[str, ...]


class FilledQuestionnaire(NamedTuple):
    """All that a workbook says, as read: not yet checked."""

    passport: Passport
    answer_rows: tuple[SheetRow, ...]
    deviation_rows: tuple[SheetRow, ...]


class Form(NamedTuple):
    """Which questionnaire to write, for whom."""

    house: House
    round: Round
    perspective: Perspective
    questionnaire: Questionnaire
    texts: QuestionnaireTexts

    @property
    def file_name(self) -> str:
        """What to call the file."""
        return f"{self.round.round_id}_{self.house.house_id}_{self.perspective.value}.xlsx"
