"""What was read from a file: every row in exactly one class, and every remark."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from assessment.model.answers import Answer, Answered, Deviation, Whose
from assessment.model.issue import Issue, Weight
from assessment.model.register import House, Round
from assessment.model.scale import Perspective, Signed
from assessment.model.sheets import Part, SheetRow


class RowClass(Signed):
    """What became of a row."""

    READ = "read", "●", "gelezen"
    UNKNOWN = "unknown", "?", "weet ik niet"
    NOT_APPLICABLE = "not_applicable", "–", "niet van toepassing"
    EMPTY = "empty", "○", "leeg"
    NOT_UNDERSTOOD = "not_understood", "!", "niet begrepen"
    UNKNOWN_ID = "unknown_id", "#", "onbekend nr."
    DOUBLE = "double", "=", "dubbel"
    OUTSIDE_ROUND = "outside_round", "×", "buiten deze ronde"
    OWN_TEXT = "own_text", "·", "tekst van de vragenlijst zelf"
    NOTE = "note", "~", "eigen aantekening, niet gelezen"


# What can become of the row of a question.
_OF_QUESTIONS = tuple(each for each in RowClass if each not in {RowClass.OWN_TEXT, RowClass.NOTE})
# Of an open question these two are told by how many are written, not among the choices.
_OF_CHOICES = {RowClass.READ, RowClass.EMPTY}


class RowOutcome(NamedTuple):
    """One row and what became of it, with the remarks on it and what can be stored of it."""

    row: SheetRow
    row_class: RowClass
    issues: tuple[Issue, ...] = ()
    answer: Answer | None = None
    deviation: Deviation | None = None


class ReadRow(NamedTuple):
    """One row as a receipt lists it: where it stands, what it says, and what became of it.

    A text that may be about a citizen is not repeated.
    """

    sheet: str
    number: int
    part: Part
    key: str
    said: str
    row_class: RowClass
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """What was read from a file, for whom; every row of the file that says something is in `rows` once.

    `asked` is how many questions with options the round asks, `open` how many without.
    """

    file_name: str
    house: House
    round: Round
    perspective: Perspective
    asked: int
    open: int
    rows: tuple[ReadRow, ...]
    issues: tuple[Issue, ...]

    @property
    def whose(self) -> Whose:
        """For which round and house, and from whom."""
        return Whose(self.round.round_id, self.house.house_id, self.perspective)

    @cached_property
    def counts(self) -> Counter[tuple[Part, RowClass]]:
        """How many rows there are of each part and class."""
        return Counter((row.part, row.row_class) for row in self.rows)

    def count(self, *classes: RowClass, parts: Iterable[Part] = Part) -> int:
        """How many rows fell in any of these classes."""
        return sum(self.counts[part, row_class] for part in parts for row_class in classes)

    @property
    def answered(self) -> Answered:
        """How many questions have an answer; "weet ik niet" and n.v.t. are answers."""
        answers = (RowClass.READ, RowClass.UNKNOWN, RowClass.NOT_APPLICABLE)
        chosen = self.count(*answers, parts=[Part.QUESTIONS])
        return Answered(chosen, self.asked, self.count(RowClass.READ, parts=[Part.OPEN_QUESTIONS]), self.open)

    @property
    def of_questions(self) -> dict[RowClass, int]:
        """How many rows of questions are in each class; an open one only where something is amiss with it."""
        parts = {each: [Part.QUESTIONS] for each in _OF_CHOICES}
        every = [Part.QUESTIONS, Part.OPEN_QUESTIONS]
        return {each: self.count(each, parts=parts.get(each, every)) for each in _OF_QUESTIONS}

    @property
    def deviations(self) -> int:
        """How many agreed deviations were read."""
        return self.count(RowClass.READ, parts=[Part.DEVIATIONS])

    def of_weight(self, weight: Weight) -> tuple[Issue, ...]:
        """The remarks of one weight, in the order of the file."""
        return tuple(issue for issue in self.issues if issue.code.weight is weight)

    @property
    def blocking(self) -> tuple[Issue, ...]:
        """The remarks that need a repair, or a reason to go on."""
        return (*self.of_weight(Weight.FAULT), *self.of_weight(Weight.ASK))
