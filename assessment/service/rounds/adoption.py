"""Use cases: adopt, withdraw and reopen a version; each is an event that is added, nothing is overwritten."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from assessment.errors import RoundStateError
from assessment.model.access import Task
from assessment.model.audit import Signature
from assessment.model.scale import Perspective
from assessment.model.states import Step, SubmissionEvent, SubmissionState, Version, find_current
from assessment.service.installation import Installation
from assessment.service.intake.gate import refuse_closed
from assessment.service.rounds.steps import (
    Taken,
    check_reason,
    find_version,
    make_events,
    require_on,
    tell_events,
)
from assessment.store.audit import append_changes
from assessment.store.states import append_events


def adopt(installation: Installation, submission_id: str, now: datetime) -> None:
    """Adopt the version of a house, or of its police, where only one of them handed in.

    Raises:
        NoAnswersError: there is no such version.
        NotAllowedError: the visitor may not.
        RoundStateError: it is in another state, a newer one was handed in, both handed in, or the round is
            closed; nothing was changed.
    """
    with installation.store.writing() as session:
        version, beside = _find_open(installation, session, Task.ADOPT, submission_id)
        events = make_events([Taken(version, Step.ADOPT)], Signature(installation.who, now))
        _refuse_replaced(version, beside)
        _record(session, Signature(installation.who, now), events)


def withdraw(installation: Installation, submission_id: str, reason: str, now: datetime) -> Version | None:
    """Withdraw a version for good: it stays to be seen, and counts no longer.

    Returns:
        The version that counts from now on, or None where there is none.

    Raises:
        NoAnswersError: there is no such version.
        NotAllowedError: the visitor may not.
        RoundStateError: no reason, another state, or the round is closed; nothing was changed.
    """
    signature, why = Signature(installation.who, now), check_reason(reason)
    with installation.store.writing() as session:
        version, beside = _find_open(installation, session, Task.WITHDRAW, submission_id)
        events = make_events([Taken(version, Step.WITHDRAW)], signature, why)
        _record(session, signature, events)
    others = [each for each in beside if each.submission_id != submission_id]
    return find_current(others).get((version.house_id, version.perspective))


def reopen(installation: Installation, submission_id: str, reason: str, now: datetime) -> tuple[str, ...]:
    """Take back that a version was adopted; with a joint version go those that it was made of.

    Returns:
        The ids of the versions that are handed in again and no longer adopted.

    Raises:
        NoAnswersError: there is no such version.
        NotAllowedError: the visitor may not.
        RoundStateError: no reason, another state, or the round is closed; nothing was changed.
    """
    signature, why = Signature(installation.who, now), check_reason(reason)
    with installation.store.writing() as session:
        version, beside = _find_open(installation, session, Task.REOPEN, submission_id)
        taken = list(_reopen_together(version, beside))
        events = make_events(taken, signature, why)
        _record(session, signature, events)
    return tuple(t.version.submission_id for t in taken if t.version.perspective is not Perspective.JOINT)


def _find_open(
    installation: Installation, session: Session, task: Task, submission_id: str
) -> tuple[Version, tuple[Version, ...]]:
    """A version on which the visitor may do this in a round that is open, and all versions beside it."""
    version, beside = find_version(session, submission_id)
    require_on(installation, session, task, version)
    refuse_closed(session, version.round_id)
    return version, beside


def _record(session: Session, signature: Signature, events: Sequence[SubmissionEvent]) -> None:
    """Store what was done, with its lines in the audit trail."""
    append_events(session, events)
    append_changes(session, signature, tell_events(events))


def _reopen_together(version: Version, beside: tuple[Version, ...]) -> Iterator[Taken]:
    """A joint version says what both agreed: when one of them takes that back, it is withdrawn."""
    adopted = [each for each in beside if each.state is SubmissionState.ADOPTED]
    joint = [each for each in adopted if each.perspective is Perspective.JOINT]
    together = adopted if joint and version in adopted else [version]
    yield from (Taken(each, Step.REOPEN) for each in together)
    yield from (Taken(each, Step.WITHDRAW) for each in together if each in joint)


def _refuse_replaced(version: Version, beside: tuple[Version, ...]) -> None:
    """Refuse to adopt what no longer counts, or what one of two handed in."""
    current = find_current(beside)
    newest = current[version.house_id, version.perspective]
    if newest.submission_id != version.submission_id:
        raise RoundStateError(
            f"{version.submission_id}: er is inmiddels een nieuwere versie, {newest.submission_id}. Bekijk "
            "die eerst; er is niets veranderd."
        )
    if len({perspective for _, perspective in current}) > 1:
        raise RoundStateError(
            f"{version.submission_id}: het huis en de politie hebben allebei ingeleverd. Stel samen één "
            f"versie vast: kaderscan submission adopt --house {version.house_id} --round {version.round_id}"
        )
