"""Use cases on a round under way: close it, open it again with a reason, see what was done with it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from assessment.errors import RoundStateError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Json, Signature
from assessment.model.register import Round
from assessment.model.states import (
    RoundEvent,
    RoundState,
    Step,
    SubmissionState,
)
from assessment.service.installation import Installation
from assessment.service.intake.gate import refuse_closed
from assessment.service.lookup import find_round
from assessment.service.people.access import require
from assessment.service.rounds.steps import Taken, check_reason, make_events
from assessment.service.standing import find_moment
from assessment.store.audit import append_changes
from assessment.store.register import load_register
from assessment.store.states import (
    append_events,
    append_round_event,
    load_closings,
    load_round_events,
    load_versions,
)


def show_history(installation: Installation, round_id: str) -> tuple[RoundEvent, ...]:
    """What was done with a round after it was opened, in order.

    Raises:
        UnknownRoundError: there is no such round.
    """
    require(installation, Task.SEE_REGISTER)
    with installation.store.reading() as session:
        find_round(load_register(session), round_id)
        return load_round_events(session, round_id)


def find_closing(installation: Installation, asked: Round) -> RoundEvent | None:
    """How a round was closed, or None where it is open."""
    require(installation, Task.SEE_REGISTER)
    with installation.store.reading() as session:
        return load_closings(session).get(asked.round_id)


def close_round(installation: Installation, round_id: str, now: datetime) -> tuple[str, ...]:
    """Close a round: what is adopted is frozen, nothing more comes in, and its figures stay as they are.

    Returns:
        The ids of the versions that were frozen.

    Raises:
        NotAllowedError: the visitor may not.
        UnknownRoundError: there is no such round.
        RoundStateError: it is closed already.
    """
    require(installation, Task.MANAGE_ROUNDS)
    signature = Signature(installation.who, now)
    with installation.store.writing() as session:
        register = load_register(session)
        asked = find_round(register, round_id)
        refuse_closed(session, round_id)
        reckoned_on = find_moment(session, register, asked, now.date())
        frozen = freeze_round(session, round_id, signature, reckoned_on)
        append_changes(session, signature, [tell_closing(round_id, frozen, reckoned_on)])
    return frozen


def freeze_round(session: Session, round_id: str, signature: Signature, reckoned_on: date) -> tuple[str, ...]:
    """Freeze what is adopted in a round and close it, in a transaction that writes the trail itself.

    Returns:
        The ids of the versions that were frozen.
    """
    frozen = _move_all(session, round_id, Step.FREEZE, signature)
    event = _make_event(session, round_id, RoundState.CLOSED, signature)
    append_round_event(session, event.model_copy(update={"reckoned_on": reckoned_on}))
    return frozen


def tell_closing(round_id: str, frozen: Sequence[str], reckoned_on: date) -> Change:
    """Tell the audit trail what was frozen, and which day counts from then on."""
    new: Json = {"frozen": list(frozen), "reckoned_on": reckoned_on.isoformat()}
    return Change(action=Action.ROUND_CLOSED, subject=round_id, new=new)


def reopen_round(installation: Installation, round_id: str, reason: str, now: datetime) -> tuple[str, ...]:
    """Open a round again: what was frozen is adopted as before, and houses may hand in.

    Returns:
        The ids of the versions that are no longer frozen.

    Raises:
        NotAllowedError: the visitor may not.
        UnknownRoundError: there is no such round.
        RoundStateError: no reason, or it is not closed.
    """
    require(installation, Task.MANAGE_ROUNDS)
    signature, why = Signature(installation.who, now), check_reason(reason)
    with installation.store.writing() as session:
        find_round(load_register(session), round_id)
        if round_id not in load_closings(session):
            raise RoundStateError(f"Ronde '{round_id}' is open; er valt niets te heropenen.")
        thawed = _move_all(session, round_id, Step.THAW, signature, why)
        append_round_event(session, _make_event(session, round_id, RoundState.OPEN, signature, why))
        new: Json = {"thawed": list(thawed)}
        append_changes(session, signature, [Change(action=Action.ROUND_REOPENED, subject=round_id, new=new)])
    return thawed


def _move_all(
    session: Session, round_id: str, step: Step, signature: Signature, reason: str = ""
) -> tuple[str, ...]:
    """Take a step with every version of a round that is in the state for it."""
    begins = SubmissionState.ADOPTED if step is Step.FREEZE else SubmissionState.FROZEN
    chosen = [each for each in load_versions(session, round_id) if each.state is begins]
    append_events(session, make_events((Taken(each, step) for each in chosen), signature, reason))
    return tuple(each.submission_id for each in chosen)


def _make_event(
    session: Session, round_id: str, to_state: RoundState, signature: Signature, reason: str = ""
) -> RoundEvent:
    return RoundEvent(
        round_id=round_id,
        number=len(load_round_events(session, round_id)) + 1,
        moment=signature.moment,
        who=signature.who,
        from_state=RoundState.CLOSED if to_state is RoundState.OPEN else RoundState.OPEN,
        to_state=to_state,
        reason=reason,
    )
