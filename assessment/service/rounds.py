"""Use cases on rounds: how far every house is, reminders, close a round, and open it again with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from assessment.errors import RoundStateError, SettingsError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Json, Signature
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
from assessment.readers.files import read_model
from assessment.service.access import may, require
from assessment.service.gate import describe_closed, refuse_closed
from assessment.service.installation import Installation
from assessment.service.lookup import find_default_round, find_house, find_round, refuse_unknown_unit
from assessment.service.round_scores import find_moment
from assessment.service.versions import Taken, check_reason, make_events
from assessment.store.audit import append_changes
from assessment.store.drafts import list_drafts
from assessment.store.register import append_round_event, load_closings, load_register, load_round_events
from assessment.store.versions import append_events, load_versions
from assessment.tables.formats import join_words
from assessment.tables.rounds import describe_deadline

_OfHouse: TypeAlias = tuple[str, Perspective]
_NOT_STARTED = Progress(SubmissionState.NOT_STARTED)


class Reminder(NamedTuple):
    """A reminder to one house."""

    house: House
    subject: str
    text: str


def find_board(
    installation: Installation, round_id: str | None, now: datetime, unit_id: str | None = None
) -> Board:
    """How far each house of a round is, by unit and name.

    Args:
        installation: where.
        round_id: the round, or None for the newest that has opened.
        now: this moment.
        unit_id: only the houses of this police unit.

    Raises:
        NotAllowedError: the visitor may see none of these houses.
        UnknownRoundError, UnknownUnitError: there is no such round or unit.
    """
    with installation.store.reading() as session:
        register = load_register(session)
        round_ = (
            find_default_round(register, now.date()) if round_id is None else find_round(register, round_id)
        )
        versions = load_versions(session, round_.round_id)
        drafts = list_drafts(session, round_.round_id)
        closing = load_closings(session).get(round_.round_id)
    if unit_id is not None:
        refuse_unknown_unit(register, unit_id)
    houses = [house for house in register.houses_of(round_) if unit_id in {None, house.unit_id}]
    seen = [house for house in houses if may(installation, Task.SEE_PROGRESS, house)]
    if houses and not seen:
        require(installation, Task.SEE_PROGRESS)
    questions = len(installation.questionnaire_of(round_).choices)
    return Board(round_, questions, _draw_lines(seen, round_, _count_progress(versions, drafts)), closing)


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


def _draw_lines(
    houses: Iterable[House], round_: Round, known: Mapping[_OfHouse, Progress]
) -> tuple[BoardLine, ...]:
    return tuple(
        BoardLine(
            house,
            {whose: known.get((house.house_id, whose), _NOT_STARTED) for whose in round_.perspectives},
            known.get((house.house_id, Perspective.JOINT)),
        )
        for house in houses
    )


def make_reminders(
    installation: Installation, round_id: str | None, now: datetime, house_id: str | None = None
) -> tuple[Reminder, ...]:
    """A reminder for each house of which answers are expected, or for one house.

    Raises:
        NotAllowedError: the visitor may see none of these houses.
        UnknownRoundError, UnknownHouseError: there is no such round, or the house is not in it.
        RoundStateError: the round is closed.
        SettingsError: the text of reminders is not sound.
    """
    board = find_board(installation, round_id, now)
    if board.closing is not None:
        raise RoundStateError(describe_closed(board.closing))
    if house_id is not None:
        find_house(installation.register(), board.round, house_id)
    texts = read_model(installation.settings.reports / "reminder.yaml", ReminderTexts, SettingsError)
    late = [line for line in board.lines if line.missing and house_id in {None, line.house.house_id}]
    return tuple(_remind(board, line, texts, now) for line in late)


def _remind(board: Board, line: BoardLine, texts: ReminderTexts, now: datetime) -> Reminder:
    known = {
        "round": board.round.title,
        "house": line.house.title,
        "expected": join_words(line.awaited),
        "deadline": describe_deadline(board, now),
    }
    return Reminder(line.house, texts.subject.format_map(known), texts.text.format_map(known))


def find_history(installation: Installation, round_id: str) -> tuple[RoundEvent, ...]:
    """What was done with a round after it was opened, in order.

    Raises:
        UnknownRoundError: there is no such round.
    """
    require(installation, Task.SEE_REGISTER)
    with installation.store.reading() as session:
        find_round(load_register(session), round_id)
        return load_round_events(session, round_id)


def find_closing(installation: Installation, round_: Round) -> RoundEvent | None:
    """How a round was closed, or None where it is open."""
    require(installation, Task.SEE_REGISTER)
    with installation.store.reading() as session:
        return load_closings(session).get(round_.round_id)


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

    Returns:
        The ids of the versions that were frozen.
    """
    frozen = _move_all(session, round_id, Step.FREEZE, signature)
    event = _make_event(session, round_id, RoundState.CLOSED, signature)
    append_round_event(session, event.model_copy(update={"reckoned_on": reckoned_on}))
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
