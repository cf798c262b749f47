"""Where two versions of the same house are not the same, and what both agree on."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

from assessment.model.answers import Answer, Deviation, Submission
from assessment.model.scale import Perspective

Said = TypeVar("Said", Answer, Deviation)

HOUSE, POLICE = Perspective.HOUSE.value, Perspective.POLICE.value
"""What is chosen where house and police differ; for a question it may also be the letter of an option."""


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
