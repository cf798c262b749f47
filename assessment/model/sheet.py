"""The shape that a questionnaire has as a workbook: what the writer writes and the reader looks for.

A row is found by the id in its first column and a field by its heading, never by position.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from assessment.model.issue import Issue
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
RECEIPT_SHEET = "Ontvangst"
RECEIPT_TITLE = "Ontvangstbewijs van Kaderscan"
"""The first cell of the sheet that a receipt adds; a file that comes back with it is read without it."""

KEY_HEADING = "Nr."
ANSWER_HEADINGS = {"answer": "Antwoord", "explanation": "Toelichting", "evidence": "Bewijs"}
DEVIATION_HEADINGS = {"reason": "Reden", "agreed_by": "Akkoord van", "until": "Tot en met"}
WRITE_HERE = f"Schrijf uw antwoord in de kolom {ANSWER_HEADINGS['explanation']}."
"""What stands in place of options at an open question."""
ASIDE = "aside"
"""The field for what was written where nothing is asked."""
OWN_HEADINGS = {KEY_HEADING, "Vraag", "Keuzes", "Criterium", *ANSWER_HEADINGS.values()} | set(
    DEVIATION_HEADINGS.values()
)
"""Every heading that we write; a text in another column is the house's own note."""


class Part(StrEnum):
    """Which part of a questionnaire a row belongs to."""

    QUESTIONS = "questions"
    DEVIATIONS = "deviations"
    OWN_TEXT = "own_text"
    """What we wrote ourselves: titles, the introduction, the hidden sheets."""
    NOTES = "notes"
    """What somebody wrote where nothing is asked."""


class CellFault(StrEnum):
    """Why the text of a cell is not what somebody chose or wrote."""

    ERROR = "error"
    FORMULA = "formula"
    MERGED = "merged"


class SheetRow(NamedTuple):
    """One row that says something: its id (`key`, may be empty) and what stands in its fields.

    `columns` tells in which column each field is, `faults` which fields cannot be read, and `aside` what was
    written beside them, in columns where nothing is asked.
    """

    sheet: str
    number: int
    part: Part
    key: str = ""
    texts: Mapping[str, str] = {}
    columns: Mapping[str, str] = {}
    aside: str = ""
    faults: Mapping[str, CellFault] = {}

    def cell(self, field: str) -> str:
        """The address of a field, such as E14."""
        return f"{self.columns.get(field, 'A')}{self.number}"


class Passport(NamedTuple):
    """For which house, round and perspective a questionnaire was made, and of which versions.

    A text is empty where the file does not say.
    """

    house_id: str = ""
    round_id: str = ""
    perspective: str = ""
    frameworks: tuple[str, ...] = ()
    sha256: str = ""
    """The checksum of the questionnaire that the file was made from."""


class FilledQuestionnaire(NamedTuple):
    """All that a file says, as read: every row that says something, in order; not yet checked."""

    passport: Passport
    rows: tuple[SheetRow, ...]
    notices: tuple[Issue, ...] = ()


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

    @property
    def passport(self) -> dict[str, str]:
        """What the file says of itself, so that it can be read back without asking."""
        return {
            "house_id": self.house.house_id,
            "round_id": self.round.round_id,
            "perspective": self.perspective.value,
            "frameworks": " ".join(self.round.frameworks),
            "sha256": self.questionnaire.sha256,
        }
