"""What a house hands in: answers, agreed deviations, a submission."""

from datetime import date, datetime
from typing import NamedTuple

from pydantic import Field, InstanceOf

from assessment.model.register import Slug
from assessment.model.rules import Frozen, Text
from assessment.model.scale import Perspective


class Answer(NamedTuple):
    """The option chosen at a question (None is empty), with what the house wrote beside it.

    Of these a file holds a hundred: they are tuples, which are quick to make and to send to another process.
    """

    question_id: str
    option_id: str | None = None
    explanation: str = ""
    evidence: str = ""

    @property
    def says_something(self) -> bool:
        """Whether an option was chosen or anything was written."""
        return bool(self.option_id or self.explanation or self.evidence)


class Deviation(Frozen):
    """An agreed deviation (pas toe of leg uit): a written reason, who agreed, and an end date."""

    criterion_id: str
    reason: Text
    agreed_by: Text
    until: date

    def in_force(self, moment: date) -> bool:
        """Whether it holds on a day; its last day included."""
        return moment <= self.until


class Whose(NamedTuple):
    """For which round and house, and from whose perspective."""

    round_id: Slug
    house_id: Slug
    perspective: Perspective


class Submission(Frozen):
    """One version of what one perspective handed in for one house in one round; never changed afterwards."""

    house_id: Slug
    round_id: Slug
    perspective: Perspective
    answers: tuple[InstanceOf[Answer], ...]
    deviations: tuple[Deviation, ...] = ()
    handed_in: datetime
    file_name: str
    file_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    accepted_because: str = Field(
        default="", description="Why the house went on although there were remarks."
    )
    version: int = Field(default=1, ge=1)

    @property
    def whose(self) -> Whose:
        """The round, the house and the perspective that it is of."""
        return Whose(self.round_id, self.house_id, self.perspective)

    @property
    def submission_id(self) -> str:
        """Round, house, perspective and version in one readable id."""
        return f"{self.round_id}.{self.house_id}.{self.perspective.value}.{self.version}"
