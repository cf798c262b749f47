"""What the use cases on versions and rounds share: find a version, take a step with it, record that."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.engine.validation.persons import holds_citizen_number
from assessment.errors import NoAnswersError, RoundStateError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Signature
from assessment.model.states import LEADS_TO, Step, SubmissionEvent, SubmissionState, Version, say_refusal
from assessment.service.installation import Installation
from assessment.service.people.access import require
from assessment.store.register import load_register
from assessment.store.states import load_beside

MOST_LETTERS = 500
"""How long a reason may be."""
_ACTIONS = {
    SubmissionState.ADOPTED: Action.ADOPTED,
    SubmissionState.WITHDRAWN: Action.WITHDRAWN,
    SubmissionState.HANDED_IN: Action.REOPENED,
}


class Taken(NamedTuple):
    """A step that is taken with a version."""

    version: Version
    step: Step


def find_version(session: Session, submission_id: str) -> tuple[Version, tuple[Version, ...]]:
    """A version, and all versions of its house in its round.

    Raises:
        NoAnswersError: there is no such version.
    """
    beside = load_beside(session, submission_id)
    if not beside:
        raise NoAnswersError(f"Inlevering '{submission_id}' is er niet. Zie: kaderscan submission list.")
    return next(each for each in beside if each.submission_id == submission_id), beside


def require_on(installation: Installation, session: Session, task: Task, version: Version) -> None:
    """Go on only when the visitor may do this with a version.

    Raises:
        NotAllowedError: the visitor may not.
    """
    house = load_register(session).house[version.house_id]
    require(installation, task, house, version.perspective)


def check_reason(reason: str) -> str:
    """The reason, without spaces around it.

    Raises:
        RoundStateError: it is empty, too long, or holds what may be a number of a citizen.
    """
    given = reason.strip()
    if not given:
        raise RoundStateError("Dit kan alleen met een reden. Er is niets veranderd.")
    if len(given) > MOST_LETTERS:
        raise RoundStateError(f"De reden is te lang: hoogstens {MOST_LETTERS} tekens. Er is niets veranderd.")
    if holds_citizen_number(given):
        raise RoundStateError(
            "In de reden staat een getal dat een burgerservicenummer kan zijn. Haal het weg. Er is niets "
            "veranderd."
        )
    return given


def make_events(taken: Iterable[Taken], signature: Signature, reason: str = "") -> list[SubmissionEvent]:
    """Make the event of each step, one after the other.

    Raises:
        RoundStateError: a step cannot be taken from the state in which its version then is.
    """
    events: dict[str, SubmissionEvent] = {}
    made = []
    for version, step in taken:
        before = events.get(version.submission_id)
        state = before.to_state if before else version.state
        if (step, state) not in LEADS_TO:
            raise RoundStateError(say_refusal(version.submission_id, step, state))
        event = SubmissionEvent(
            submission_id=version.submission_id,
            number=1 + (before.number if before else version.events),
            moment=signature.moment,
            who=signature.who,
            from_state=state,
            to_state=LEADS_TO[step, state],
            reason=reason,
        )
        events[version.submission_id] = event
        made.append(event)
    return made


def tell_events(events: Sequence[SubmissionEvent]) -> list[Change]:
    """Tell the audit trail what was done with versions; the reason is free text and stays out."""
    return [
        Change(
            action=_ACTIONS[event.to_state],
            subject=event.submission_id,
            old={"state": event.from_state.value},
            new={"state": event.to_state.value},
        )
        for event in events
    ]
