"""The board of a round: how far each house is, by unit and name; never by score, and never ranked."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from assessment.model.register import House, Round
from assessment.model.scale import Perspective
from assessment.model.states import RoundEvent, SubmissionState, Version

_UNDER_WAY = {SubmissionState.NOT_STARTED, SubmissionState.DRAFT}
_FROM = {Perspective.HOUSE: "van het huis", Perspective.POLICE: "van de politie"}


class Progress(NamedTuple):
    """How far the answers of one perspective are.

    `version` is the version that counts; `concept` tells how many questions have an answer in a draft.
    """

    state: SubmissionState
    answered: int = 0
    version: Version | None = None
    concept: int | None = None


class BoardLine(NamedTuple):
    """One house: how far each perspective is that is asked, and the joint version where there is one."""

    house: House
    asked: Mapping[Perspective, Progress]
    joint: Progress | None = None

    @property
    def is_adopted(self) -> bool:
        """Whether all that was handed in is adopted, and anything was."""
        states = {each.state for each in self.asked.values()} - _UNDER_WAY
        return bool(states) and all(state.is_settled for state in states)

    @property
    def missing(self) -> tuple[Perspective, ...]:
        """Who has not handed in."""
        return tuple(whose for whose, progress in self.asked.items() if progress.state in _UNDER_WAY)

    @property
    def awaited(self) -> tuple[str, ...]:
        """Whose answers are missing, as a user reads it."""
        return tuple(f"antwoorden {_FROM[whose]}" for whose in self.missing)

    @property
    def expected(self) -> tuple[str, ...]:
        """What is still expected, as a user reads it."""
        return tuple(self._list_expected())

    def _list_expected(self) -> Iterator[str]:
        yield from self.awaited
        handed_in = len(self.asked) - len(self.missing)
        if handed_in and not self.is_adopted:
            yield "vaststellen, samen één versie" if handed_in > 1 else "vaststellen"


class Board(NamedTuple):
    """All houses of a round, by unit and name; `questions` is how many the round asks."""

    round: Round
    questions: int
    lines: tuple[BoardLine, ...]
    closing: RoundEvent | None = None

    def count(self, state: SubmissionState) -> int:
        """How many questionnaires of those that are asked are in a state."""
        return sum(progress.state is state for line in self.lines for progress in line.asked.values())
