"""The shape of our sheets, a questionnaire and the progress of a plan: what we write and what we look for.

A row is found by the id in its first column and a field by its heading, never by position.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from assessment.model.answers import Answer
from assessment.model.decisions import PlanLine
from assessment.model.formula import FormulaSet
from assessment.model.formula_sheet import FormulaBase
from assessment.model.issue import Issue
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.scale import Perspective
from assessment.model.texts import QuestionnaireTexts
from assessment.model.wording import find_month

INTRODUCTION_SHEET = "Inleiding"
DEVIATION_SHEET = "Bewust anders"
# Hidden: says for which house, round, perspective and versions the file was made.
IDENTITY_SHEET = "kaderscan"
# Hidden: the lists behind the drop-downs.
OPTIONS_SHEET = "keuzes"
RECEIPT_SHEET = "Ontvangst"
# The first cell of the sheet that a receipt adds; a file that comes back with it is read without it.
RECEIPT_TITLE = "Ontvangstbewijs van Kaderscan"

# What our remarks in cells begin with, so that they are known when a receipt comes back.
RECEIPT_REMARK = "Kaderscan: "

KEY_HEADING = "Nr."
EARLIER_HEADING = "Vorige keer"
ANSWER_HEADINGS = {"answer": "Antwoord", "explanation": "Toelichting", "evidence": "Bewijs"}
DEVIATION_HEADINGS = {"reason": "Reden", "agreed_by": "Akkoord van", "until": "Tot en met"}
# What stands in place of options at an open question.
WRITE_HERE = f"Schrijf uw antwoord in de kolom {ANSWER_HEADINGS['explanation']}."
# The field for what was written where nothing is asked.
ASIDE = "aside"
# Every heading that we write; a text in another column is the house's own note.
OWN_HEADINGS = {
    KEY_HEADING,
    "Vraag",
    "Keuzes",
    "Criterium",
    EARLIER_HEADING,
    *ANSWER_HEADINGS.values(),
} | set(DEVIATION_HEADINGS.values())


class Part(StrEnum):
    """Which part of a questionnaire a row belongs to."""

    QUESTIONS = "questions"
    # What is asked without options: one answers in own words, or not at all.
    OPEN_QUESTIONS = "open_questions"
    DEVIATIONS = "deviations"
    FORMULAS = "formulas"
    # What we wrote ourselves: titles, the introduction, the hidden sheets.
    OWN_TEXT = "own_text"
    # What somebody wrote where nothing is asked.
    NOTES = "notes"


class CellFault(StrEnum):
    """Why the text of a cell is not what somebody chose or wrote."""

    ERROR = "error"
    FORMULA = "formula"
    MERGED = "merged"
    # Its heading stands there twice, and what stands under the two is not the same.
    TWICE = "twice"


class AttachedKind(StrEnum):
    """What somebody attached to a cell; it is not read."""

    COMMENT = "comment"
    LINK = "link"


class Attached(NamedTuple):
    """What is attached to a cell: what a comment says, or where a link leads."""

    sheet: str
    cell: str
    kind: AttachedKind
    text: str


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
    # Of the sheet of formulas: which of its tables.
    table: str = ""

    def cell(self, field: str) -> str:
        """The address of a field, such as E14."""
        return f"{self.columns.get(field, 'A')}{self.number}"


class FileIdentity(NamedTuple):
    """For which house, round and perspective a questionnaire was made, and of which versions.

    A text is empty where the file does not say.
    """

    house_id: str = ""
    round_id: str = ""
    perspective: str = ""
    frameworks: tuple[str, ...] = ()
    # The checksum of the questionnaire that the file was made from.
    sha256: str = ""


class FilledQuestionnaire(NamedTuple):
    """All that a file says, as read: every row that says something, in order; not yet checked."""

    identity: FileIdentity
    rows: tuple[SheetRow, ...]
    notices: tuple[Issue, ...] = ()
    attached: tuple[Attached, ...] = ()
    formula_base: FormulaBase = FormulaBase()


class Earlier(NamedTuple):
    """What the same house answered the last time, to the questions that still ask the same.

    `evidence` tells of the evidence beside an answer since which day it is there.
    """

    round: Round
    answers: Mapping[str, Answer]
    evidence: Mapping[str, date] = MappingProxyType({})


class Form(NamedTuple):
    """Which questionnaire to write, for whom; `earlier` stands beside it and answers nothing."""

    house: House
    round: Round
    perspective: Perspective
    questionnaire: Questionnaire
    texts: QuestionnaireTexts
    earlier: Earlier | None = None
    # What stands on the sheet of formulas; without it there is no such sheet.
    formulas: FormulaSet | None = None

    @property
    def file_name(self) -> str:
        """What to call the file."""
        return f"{self.round.round_id}_{self.house.house_id}_{self.perspective.value}.xlsx"

    @property
    def subject(self) -> str:
        """What the audit trail calls the file."""
        return f"vragenlijst/{self.round.round_id}.{self.house.house_id}.{self.perspective.value}"

    @property
    def identity(self) -> dict[str, str]:
        """What the file says of itself, so that it can be read back without asking."""
        return {
            "house_id": self.house.house_id,
            "round_id": self.round.round_id,
            "perspective": self.perspective.value,
            "frameworks": " ".join(self.round.frameworks),
            "sha256": self.questionnaire.sha256,
        }


PROGRESS_SHEET = "Voortgang"
# Hidden: for which plan the file was made, and what each row said when it was written. So a change is what
# somebody changed, whatever became of the plan meanwhile.
BASE_SHEET = "kaderscan"
# In the first column of the hidden sheet, before a row as it was written.
BASE_KEY = "regel"
FORMAT = "1"

# The fields that people change in the sheet, with the heading of each.
FIELD_HEADINGS: Mapping[str, str] = {
    "status": "Status",
    "begin": "Begin",
    "end": "Eind",
    "owner": "Wie",
    "due": "Afspraak voor",
    "started": "Begonnen op",
    "done": "Gereed op",
    "dropped": "Reden van vervallen",
    "remark": "Opmerking",
}
# What stands there to read only.
TOLD_HEADINGS = ("Maatregel", "Aan zet")
HEADINGS = (KEY_HEADING, *TOLD_HEADINGS, *FIELD_HEADINGS.values())
DAYS = ("due", "started", "done")
Texts: TypeAlias = Mapping[str, str]


class PlanIdentity(NamedTuple):
    """For which plan a file was made; a text is empty where the file does not say."""

    format: str = ""
    house_id: str = ""
    round_id: str = ""
    perspective: str = ""
    frameworks: str = ""
    sha256: str = ""
    # The number of the plan that was adopted last when the file was made; 0 where none was.
    baseline: str = ""


IDENTITY_FIELDS = frozenset(PlanIdentity._fields)


class BaseRow(NamedTuple):
    """A row as it was written: the version of its line, and the text in each field."""

    version: int
    texts: Texts


class PlanRow(NamedTuple):
    """A row as it came back: where it stands, which measure it is about, and the text in each field.

    `faults` tells which fields cannot be read and why, `columns` the letter of the column of each field.
    """

    sheet: str
    number: int
    measure_id: str
    texts: Texts
    columns: Texts
    faults: Mapping[str, CellFault] = {}

    def place(self, field: str) -> str:
        """Where a field stands, for a message."""
        return f"Blad {self.sheet}, cel {self.columns.get(field, 'A')}{self.number}"


class FilledPlan(NamedTuple):
    """All that a file says: for which plan, each row as it was written and as it came back, and own notes."""

    identity: PlanIdentity
    base: Mapping[str, BaseRow]
    rows: tuple[PlanRow, ...]
    notes: tuple[str, ...]


def describe_line(line: PlanLine, first: Quarter | None, last: Quarter | None) -> dict[str, str]:
    """What stands in each field of a row; days as 2027-12-31.

    Args:
        line: what was decided.
        first: the first quarter in the plan; None where the measure is not in it.
        last: its last quarter.
    """
    days = {name: getattr(line, name) for name in DAYS}
    texts = {
        "status": line.progress.dutch,
        "begin": "" if first is None else str(first),
        "end": "" if last is None else str(last),
        "owner": line.owner,
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "dropped": line.dropped,
        "remark": line.remark,
    }
    return {field: " ".join(texts[field].split()) for field in FIELD_HEADINGS}


_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK = "'"


def write_harmless(text: str) -> str:
    """A text as it goes into a table; what a spreadsheet program would take for a formula gets a mark."""
    return f"{_MARK}{text}" if text.lstrip(_MARK).startswith(_STARTS) else text


_YES_NO = {"waar", "onwaar", "true", "false"}
_WITHIN_NUMBERS = {"e", "t", "am", "pm"}
_WORD = re.compile(r"[^\W\d_]+")


def write_as_text(text: str) -> str:
    """A text as it goes into a table that comes back; what would become something else gets a mark too."""
    return f"{_MARK}{text}" if _becomes_other(text.lstrip(_MARK)) else write_harmless(text)


def _becomes_other(text: str) -> bool:
    """Whether a spreadsheet program takes it for a number, a day, or yes or no, and writes that anew."""
    words = (word.casefold() for word in _WORD.findall(text))
    numeric = all(word in _WITHIN_NUMBERS or find_month(word) for word in words)
    return text.strip().casefold() in _YES_NO or (numeric and any(map(str.isdigit, text)))


def read_harmless(text: str) -> str:
    """The text as it was before `write_harmless` or `write_as_text`."""
    return text[len(_MARK) :] if text.startswith(_MARK) and write_as_text(text) != text else text
