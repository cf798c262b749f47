"""Use cases on rounds: close one, and open it again with a reason; and what a board and a reminder say.

A board is read through `service.queries`, where it is decided which houses a visitor sees on it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from assessment.errors import RoundStateError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Json, Signature
from assessment.model.decisions import KeptDecisions
from assessment.model.draft import DraftSummary
from assessment.model.register import House, Round
from assessment.model.rounds import (
    Board,
    BoardLine,
    Progress,
    RoundEvent,
    RoundState,
    Step,
    SubmissionState,
    Version,
    find_current,
)
from assessment.model.scale import Perspective
from assessment.model.texts import ReminderTexts
from assessment.service.access import refuse_closed, require
from assessment.service.installation import Installation
from assessment.service.lookup import find_round
from assessment.service.plans.baselines import load_decisions
from assessment.service.round_scores import find_moment
from assessment.service.versions import Taken, check_reason, make_events
from assessment.store.audit import append_changes
from assessment.store.plans import keep_decisions
from assessment.store.register import append_round_event, load_closings, load_register, load_round_events
from assessment.store.versions import append_events, load_versions
from assessment.tables.administration import describe_deadline
from assessment.tables.formats import join_words

_OfHouse: TypeAlias = tuple[str, Perspective]
_NOT_STARTED = Progress(SubmissionState.NOT_STARTED)


class Reminder(NamedTuple):
    """A reminder to one house."""

    house: House
    subject: str
    text: str


def draw_lines(
    houses: Iterable[House], round_: Round, versions: Iterable[Version], drafts: Iterable[DraftSummary]
) -> tuple[BoardLine, ...]:
    """How far each of these houses is in a round, in their order.

    Args:
        houses: the houses to tell of.
        round_: the round.
        versions: every version of the round.
        drafts: how far every draft of the round is.
    """
    known = _count_progress(versions, drafts)
    return tuple(
        BoardLine(
            house,
            {whose: known.get((house.house_id, whose), _NOT_STARTED) for whose in round_.perspectives},
            known.get((house.house_id, Perspective.JOINT)),
        )
        for house in houses
    )


def _count_progress(versions: Iterable[Version], drafts: Iterable[DraftSummary]) -> dict[_OfHouse, Progress]:
    """How far each perspective of each house is that began: a draft counts where nothing was handed in."""
    known = {
        key: Progress(version.state, version.answered, version)
        for key, version in find_current(versions).items()
    }
    for draft in drafts:
        key = (draft.whose.house_id, draft.whose.perspective)
        begun = known.get(key, Progress(SubmissionState.DRAFT, draft.answered))
        known[key] = begun._replace(concept=draft.answered)
    return known


def write_reminders(board: Board, texts: ReminderTexts, now: datetime) -> tuple[Reminder, ...]:
    """A reminder for each house on a board of which answers are expected."""
    return tuple(_remind(board, line, texts, now) for line in board.lines if line.missing)


def _remind(board: Board, line: BoardLine, texts: ReminderTexts, now: datetime) -> Reminder:
    known = {
        "round": board.round.title,
        "house": line.house.title,
        "expected": join_words(line.awaited),
        "deadline": f"{describe_deadline(board, now)}.",
    }
    return Reminder(line.house, texts.subject.format_map(known), texts.text.format_map(known))


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
        round_ = find_round(register, round_id)
        refuse_closed(session, round_id)
        reckoned_on = find_moment(session, register, round_, now.date())
        frozen = freeze_round(session, round_id, signature, reckoned_on)
        append_changes(session, signature, [audit_closing(round_id, frozen, reckoned_on)])
    return frozen


def freeze_round(session: Session, round_id: str, signature: Signature, reckoned_on: date) -> tuple[str, ...]:
    """Freeze what is adopted in a round and close it, in a transaction that writes the trail itself.

    Of the plans of its houses is kept what was decided until now: figures of houses together rest on that,
    and tell nothing of what one house decides later.

    Returns:
        The ids of the versions that were frozen.
    """
    frozen = _move_all(session, round_id, Step.FREEZE, signature)
    event = _make_event(session, round_id, RoundState.CLOSED, signature)
    append_round_event(session, event.model_copy(update={"reckoned_on": reckoned_on}))
    decided = load_decisions(session, load_register(session).round[round_id].house_ids, reckoned_on)
    keep_decisions(session, round_id, KeptDecisions.of(decided))
    return frozen


def audit_closing(round_id: str, frozen: Sequence[str], reckoned_on: date) -> Change:
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
        keep_decisions(session, round_id, None)
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
