"""In which state versions and rounds are, which step leads where, and the board of a round.

Every step is kept as an event. The board tells how far each house is, by unit and name: never by score, and
never ranked.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from pydantic import Field

from assessment.model.access import Task, describe_who_acts
from assessment.model.register import House, Round, Slug
from assessment.model.rules import Frozen
from assessment.model.scale import ASKED, Perspective, Worded


class SubmissionState(Worded):
    """How far the answers of a house or its police are."""

    NOT_STARTED = "not_started", "nog niet begonnen"
    DRAFT = "draft", "concept"
    HANDED_IN = "handed_in", "ingeleverd"
    ADOPTED = "adopted", "vastgesteld"
    FROZEN = "frozen", "bevroren"
    WITHDRAWN = "withdrawn", "ingetrokken"

    @property
    def is_settled(self) -> bool:
        """Whether nothing may come in its place as it is."""
        return self in {SubmissionState.ADOPTED, SubmissionState.FROZEN}


class Step(Worded):
    """What can be done with a version."""

    ADOPT = "adopt", "vaststellen"
    WITHDRAW = "withdraw", "intrekken"
    REOPEN = "reopen", "heropenen"
    FREEZE = "freeze", "bevriezen"
    THAW = "thaw", "ontdooien"


class RoundState(Worded):
    """Whether a round still takes anything in."""

    OPEN = "open", "open"
    CLOSED = "closed", "gesloten"


# Where each step leads from each state; what does not stand here cannot be done.
LEADS_TO: Mapping[tuple[Step, SubmissionState], SubmissionState] = {
    (Step.ADOPT, SubmissionState.HANDED_IN): SubmissionState.ADOPTED,
    (Step.WITHDRAW, SubmissionState.HANDED_IN): SubmissionState.WITHDRAWN,
    (Step.REOPEN, SubmissionState.ADOPTED): SubmissionState.HANDED_IN,
    (Step.FREEZE, SubmissionState.ADOPTED): SubmissionState.FROZEN,
    (Step.THAW, SubmissionState.FROZEN): SubmissionState.ADOPTED,
}

_WHAT_TO_DO = {
    SubmissionState.HANDED_IN: "Deze versie is nog niet vastgesteld; zie: kaderscan submission show.",
    SubmissionState.ADOPTED: (
        "Heropen deze versie eerst, met een reden. "
        f"{describe_who_acts(Task.REOPEN, 'kaderscan submission reopen')}."
    ),
    SubmissionState.FROZEN: (
        "De ronde is gesloten. Heropen eerst de ronde. "
        f"{describe_who_acts(Task.MANAGE_ROUNDS, 'kaderscan round reopen')}."
    ),
    SubmissionState.WITHDRAWN: "Lever opnieuw in; dat geeft een nieuwe versie.",
}


def describe_refusal(submission_id: str, step: Step, state: SubmissionState) -> str:
    """Say why a step cannot be taken from a state, and what can be done."""
    return f"{submission_id}: {step.dutch} kan niet, deze versie is {state.dutch}. {_WHAT_TO_DO[state]}"


class SubmissionEvent(Frozen):
    """A version that went from one state to another; from handing in on, the first has number 1."""

    submission_id: str
    number: int = Field(ge=1)
    moment: datetime
    who: str
    from_state: SubmissionState
    to_state: SubmissionState
    reason: str = ""


class RoundEvent(Frozen):
    """A round that was closed or opened again; the first has number 1."""

    round_id: Slug
    number: int = Field(ge=1)
    moment: datetime
    who: str
    from_state: RoundState
    to_state: RoundState
    reason: str = ""
    reckoned_on: date | None = Field(
        default=None, description="The day that counts for what is agreed until a date, from closing on."
    )


class Version(Frozen):
    """What is known of a version without its answers: what was handed in, and how it stands now."""

    submission_id: str
    round_id: Slug
    house_id: Slug
    perspective: Perspective
    version: int
    handed_in: datetime
    file_name: str
    file_sha256: str
    answered: int = Field(description='How many questions have an answer; "weet ik niet" is one.')
    state: SubmissionState = SubmissionState.HANDED_IN
    events: int = Field(default=0, description="How many steps were taken with it.")


def find_current(versions: Iterable[Version]) -> dict[tuple[str, Perspective], Version]:
    """The version that counts, by house and perspective: the newest that was not withdrawn."""
    standing = [each for each in versions if each.state is not SubmissionState.WITHDRAWN]
    return {(each.house_id, each.perspective): each for each in sorted(standing, key=lambda v: v.version)}


_UNDER_WAY = {SubmissionState.NOT_STARTED, SubmissionState.DRAFT}
_FROM = {
    Perspective.HOUSE: "van het huis",
    Perspective.POLICE: "van de politie",
    Perspective.PARTNERS: "van de partners",
}


class Progress(NamedTuple):
    """How far the answers of one perspective are.

    `version` is the version that counts; `concept` tells how many questions have an answer in a draft.
    """

    state: SubmissionState
    answered: int = 0
    version: Version | None = None
    concept: int | None = None

    @property
    def waits(self) -> bool:
        """Whether something is still to be filled in: nothing was handed in, or a draft goes on."""
        return self.state in _UNDER_WAY or (self.concept is not None and not self.state.is_settled)


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
    def waits_to_be_adopted(self) -> bool:
        """Whether anything was handed in that is not adopted."""
        return len(self.missing) < len(self.asked) and not self.is_adopted

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
        handed_in = {*self.asked} - {*self.missing}
        if self.waits_to_be_adopted:
            yield "samen één versie vaststellen" if handed_in >= {*ASKED} else "vaststellen"


class Board(NamedTuple):
    """All houses of a round, by unit and name; `questions` is how many the round asks."""

    round: Round
    questions: int
    lines: tuple[BoardLine, ...]
    closing: RoundEvent | None = None

    def count(self, state: SubmissionState) -> int:
        """How many questionnaires of those that are asked are in a state."""
        return sum(progress.state is state for line in self.lines for progress in line.asked.values())
