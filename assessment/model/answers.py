"""What a house hands in: answers, agreed deviations, a submission; and where two of them differ."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple, Self, TypeVar

from pydantic import Field, InstanceOf

from assessment.model.register import Slug
from assessment.model.rules import Frozen, Text
from assessment.model.scale import Perspective

WITHHELD = "(niet gedeeld)"  # stands where a text was written that the visitor may not read


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

    @property
    def dutch(self) -> str:
        """For which round and house, and from whom, in words."""
        return f"{self.house_id}, ronde {self.round_id}, {self.perspective.dutch}"


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
    handed_in_as: str = Field(
        default="", description="The function in which somebody handed it in, never a name; empty: not known."
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

    def without_texts(self) -> Self:
        """The same without explanations, and with other texts withheld."""
        agreed = {"reason": WITHHELD, "agreed_by": WITHHELD}
        changed = {
            "answers": tuple(each._replace(explanation="", evidence="") for each in self.answers),
            "deviations": tuple(each.model_copy(update=agreed) for each in self.deviations),
            "file_name": WITHHELD,
            "accepted_because": WITHHELD if self.accepted_because else "",
        }
        return self.model_copy(update=changed)


def date_evidence(now: Submission, earlier: Iterable[tuple[date, Mapping[str, Answer]]]) -> dict[str, date]:
    """On which day the evidence beside each answer was handed in first, without a change since.

    Args:
        now: the answers.
        earlier: the day and the answers by question_id of what the same party handed in before, newest first.
    """
    same = {each.question_id: each.evidence for each in now.answers if each.evidence}
    days = dict.fromkeys(same, now.handed_in.date())
    for day, answers in earlier:
        same = {key: said for key, said in same.items() if key in answers and answers[key].evidence == said}
        if not same:
            break
        days |= dict.fromkeys(same, day)
    return days


class Answered(NamedTuple):
    """How many of the questions with options have an answer, and how many of the open ones.

    They are counted apart: an open question may stay empty, and is never asked for.
    """

    answered: int
    asked: int
    written: int
    open: int


Said = TypeVar("Said", Answer, Deviation)

# What is chosen where house and police differ; for a question it may also be the letter of an option.
HOUSE, POLICE = Perspective.HOUSE.value, Perspective.POLICE.value


class Difference(NamedTuple):
    """What one version and another say at a question or agree about a criterion; None is nothing."""

    key: str
    old: Answer | Deviation | None
    new: Answer | Deviation | None

    @property
    def is_answer(self) -> bool:
        """Whether it is about a question."""
        return isinstance(self.old or self.new, Answer)

    @property
    def of_choice(self) -> bool:
        """Whether more differs than the words beside an answer."""
        return not self.is_answer or _letter(self.old) != _letter(self.new)

    @property
    def needs_choice(self) -> bool:
        """Whether house and police have to choose: both answered, or they do not agree on a deviation."""
        return self.of_choice and (not self.is_answer or bool(_letter(self.old) and _letter(self.new)))


def find_differences(old: Submission, new: Submission) -> tuple[Difference, ...]:
    """Every question and criterion at which two versions differ, questions first, by id."""
    answers = _pair(list_answers(old), list_answers(new))
    deviations = _pair(list_deviations(old), list_deviations(new))
    return (*answers, *deviations)


def list_answers(submission: Submission) -> dict[str, Answer]:
    """Each answer by its question."""
    return {answer.question_id: answer for answer in submission.answers}


def list_deviations(submission: Submission) -> dict[str, Deviation]:
    """Each agreed deviation by its criterion."""
    return {each.criterion_id: each for each in submission.deviations}


def join_answers(house: Submission, police: Submission, choices: Mapping[str, str]) -> tuple[Answer, ...]:
    """The answers of a joint version: what both say, what one says alone, and else what was chosen.

    Args:
        house: what the house handed in.
        police: what its police handed in.
        choices: `huis`, `politie` or a letter, for each question at which both answered otherwise.
    """
    own, theirs = list_answers(house), list_answers(police)
    return tuple(
        _join(key, own.get(key), theirs.get(key), choices.get(key, "")) for key in sorted({*own, *theirs})
    )


def join_deviations(
    house: Submission, police: Submission, choices: Mapping[str, str]
) -> tuple[Deviation, ...]:
    """The deviations of a joint version: what both say, and else that of the side that was chosen."""
    own, theirs = list_deviations(house), list_deviations(police)
    chosen = {key: theirs.get(key) if choices.get(key) == POLICE else own.get(key) for key in {*own, *theirs}}
    return tuple(each for _, each in sorted(chosen.items()) if each is not None)


def _pair(old: Mapping[str, Said], new: Mapping[str, Said]) -> Iterator[Difference]:
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield Difference(key, old.get(key), new.get(key))


def _letter(said: Answer | Deviation | None) -> str:
    return said.option_id or "" if isinstance(said, Answer) else ""


def _join(key: str, own: Answer | None, theirs: Answer | None, choice: str) -> Answer:
    """One joint answer, with the words of the side that was chosen, or of both."""
    letters = {HOUSE: _letter(own), POLICE: _letter(theirs)}
    chosen = {HOUSE: own, POLICE: theirs}.get(choice)
    if chosen is not None:
        return chosen
    option_id = letters.get(choice, choice) or letters[HOUSE] or letters[POLICE]
    return Answer(
        question_id=key,
        option_id=option_id or None,
        explanation=_join_texts(own.explanation if own else "", theirs.explanation if theirs else ""),
        evidence=_join_texts(own.evidence if own else "", theirs.evidence if theirs else ""),
    )


def _join_texts(own: str, theirs: str) -> str:
    if own and theirs and own != theirs:
        return f"Huis: {own} Politie: {theirs}"
    return own or theirs
