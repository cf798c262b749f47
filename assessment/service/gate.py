"""What may still be handed in: not for a round that is closed, not in the place of an adopted version."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.errors import RoundStateError
from assessment.model.answers import Submission, Whose
from assessment.model.rounds import RoundEvent
from assessment.store.register import load_closings
from assessment.store.versions import load_settled
from assessment.tables.formats import format_day


class Gate(NamedTuple):
    """What is shut at one moment, for some files: as cheap for many files as for one."""

    closings: Mapping[str, RoundEvent]
    settled: Mapping[Whose, str]

    def find_refusal(self, submission: Submission) -> RoundStateError | None:
        """Why nothing new may be handed in, beginning with the name of the file; None where it may."""
        return self.find_refusal_of(submission.whose, submission.file_name)

    def find_refusal_of(self, whose: Whose, name: str) -> RoundStateError | None:
        """As `find_refusal`, for a round, a house and a perspective."""
        closing = self.closings.get(whose[0])
        if closing is not None:
            return RoundStateError(f"{name}: {describe_closed(closing)}")
        settled = self.settled.get(whose)
        if settled is not None:
            return RoundStateError(
                f"{name}: {settled} is al vastgesteld. Er is niets bewaard. Vraag de eenheid om die te "
                f'heropenen: kaderscan submission reopen {settled} --reason "…"'
            )
        return None


def open_gate(session: Session, wanted: Collection[Whose]) -> Gate:
    """Look once what is shut for them, in the transaction that stores something of theirs."""
    return Gate(load_closings(session), load_settled(session, wanted))


def refuse_closed(session: Session, round_id: str) -> None:
    """Refuse any change in a round that is closed.

    Raises:
        RoundStateError: it is.
    """
    closing = load_closings(session).get(round_id)
    if closing is not None:
        raise RoundStateError(describe_closed(closing))


def describe_closed(closing: RoundEvent) -> str:
    """Say that a round is closed, since when, and what can be done."""
    return (
        f"Ronde '{closing.round_id}' is gesloten op {format_day(closing.moment)}; er is niets veranderd. "
        f'Moet het toch: kaderscan round reopen {closing.round_id} --reason "…"'
    )
