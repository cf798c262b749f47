"""Use cases on versions: adopt, withdraw and reopen one; and what becomes of one in another.

Each step with a version is an event that is added; nothing is overwritten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import pandas as pd
from sqlalchemy.orm import Session

from assessment.engine.scoring import arrange_answers, list_scores, score_criteria
from assessment.engine.validation.check import holds_citizen_number
from assessment.errors import NoAnswersError, RoundStateError
from assessment.model.access import Task
from assessment.model.answers import Difference, Submission, date_evidence, find_differences
from assessment.model.audit import Action, Change, Signature
from assessment.model.frames import ANSWERS, DEVIATIONS
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register, Round
from assessment.model.rounds import (
    LEADS_TO,
    Step,
    SubmissionEvent,
    SubmissionState,
    Version,
    describe_refusal,
    find_current,
)
from assessment.model.scale import ASKED, Perspective
from assessment.model.sheets import Earlier
from assessment.readers.framework import Library
from assessment.service.access import refuse_closed, require
from assessment.service.installation import Installation
from assessment.store.audit import append_changes
from assessment.store.engine import Store
from assessment.store.register import load_register
from assessment.store.submissions import find_versions
from assessment.store.versions import append_events, load_beside


def carry_over(last: Submission, then: Round, now: Round, library: Library) -> Earlier:
    """What was answered in an earlier round to the questions that still ask the same."""
    same = library.questionnaire_of(now).find_same(library.questionnaire_of(then))
    answers = (each for each in last.answers if each.question_id in same and each.says_something)
    return Earlier(then, {each.question_id: each for each in answers})


def find_since(now: Submission, asked_in: Round, earlier: Iterable[Earlier]) -> dict[str, Round]:
    """Since which round without a break each question was answered as it is now.

    Args:
        now: the answers.
        asked_in: the round in which they were given.
        earlier: what was answered in the rounds before it to questions that ask the same, newest first.

    Returns:
        A round for each question of which an option was chosen.
    """
    same = {each.question_id: each.option_id for each in now.answers if each.option_id}
    since = dict.fromkeys(same, asked_in)
    for before in earlier:
        same = {key: option for key, option in same.items() if _chose(before, key) == option}
        since |= dict.fromkeys(same, before.round)
    return since


def _chose(before: Earlier, question_id: str) -> str | None:
    answer = before.answers.get(question_id)
    return answer.option_id if answer else None


MOST_LETTERS = 500
"""How long a reason may be."""
_ACTIONS = {
    SubmissionState.ADOPTED: Action.ADOPTED,
    SubmissionState.WITHDRAWN: Action.WITHDRAWN,
    SubmissionState.HANDED_IN: Action.REOPENED,
}


class VersionList(NamedTuple):
    """Versions of a round: houses by unit and name, then by perspective and version."""

    register: Register
    round: Round
    versions: tuple[Version, ...]


def find_evidence_days(
    store: Store,
    library: Library,
    register: Register,
    submission: Submission,
    find: Callable[[str], Submission],
) -> dict[str, date]:
    """Since which day the evidence beside each answer is there, by question.

    Args:
        store: where the versions are.
        library: tells which questions ask the same.
        register: the rounds.
        submission: the answers.
        find: gives a version by its id, as far as the visitor may read it.
    """
    with store.reading() as session:
        before = _list_before(session, register, submission)
    asked_in = register.round[submission.round_id]
    versions = ((then, find(key)) for then, key in before)
    earlier = ((each.handed_in.date(), carry_over(each, then, asked_in, library)) for then, each in versions)
    return date_evidence(submission, ((day, carried.answers) for day, carried in earlier))


def _list_before(session: Session, register: Register, submission: Submission) -> list[tuple[Round, str]]:
    """The round and the id of each version before one that was not withdrawn, newest first."""
    asked_in = register.round[submission.round_id]
    then = [each for each in register.rounds if each.opens <= asked_in.opens]
    stored = [
        (each, version)
        for each in sorted(then, key=lambda each: each.opens, reverse=True)
        for version in find_versions(session, each.round_id, submission.house_id, submission.perspective)
    ]
    return [
        (each, version.submission_id)
        for each, version in stored
        if not version.withdrawn and (each != asked_in or version.version < submission.version)
    ]


class ShownVersion(NamedTuple):
    """A version with its answers and what was done with it; without texts that the visitor may not read.

    `evidence` tells by question since which day the evidence beside its answer is there.
    """

    version: Version
    submission: Submission
    events: tuple[SubmissionEvent, ...]
    questionnaire: Questionnaire
    evidence: Mapping[str, date]


class Comparison(NamedTuple):
    """What became of an older version in a newer one.

    `verdicts` has a row per criterion whose verdict differs: criterion_id, old, new.
    """

    old: Submission
    new: Submission
    questionnaire: Questionnaire
    differences: tuple[Difference, ...]
    verdicts: pd.DataFrame


class Taken(NamedTuple):
    """A step that is taken with a version."""

    version: Version
    step: Step


def compare_versions(
    old: Submission,
    new: Submission,
    questionnaire: Questionnaire,
    judge: Callable[[Submission], pd.DataFrame],
) -> Comparison:
    """Put two versions of the same house in the same round side by side.

    Args:
        old: the one version.
        new: the other.
        questionnaire: what the round asks.
        judge: gives the verdicts of one of them, as `judge_version`.
    """
    verdicts = judge(old).merge(judge(new), on="criterion_id", suffixes=("_old", "_new"), validate="1:1")
    changed = verdicts[verdicts["verdict_old"] != verdicts["verdict_new"]].reset_index(drop=True)
    order = {key: place for place, key in enumerate([*questionnaire.question, *questionnaire.criterion])}
    differences = sorted(find_differences(old, new), key=lambda each: order[each.key])
    return Comparison(old, new, questionnaire, tuple(differences), changed)


def judge_version(submission: Submission, questionnaire: Questionnaire, moment: date) -> pd.DataFrame:
    """CRITERION_SCORES of one version, only criterion and verdict.

    Args:
        submission: the version.
        questionnaire: what its round asks.
        moment: the day on which a deviation must be in force to count.
    """
    house_id = submission.house_id
    answers = [(house_id, a.question_id, a.option_id) for a in submission.answers if a.option_id]
    agreed = [(house_id, d.criterion_id) for d in submission.deviations if d.in_force(moment)]
    choices = arrange_answers(
        ANSWERS.conform(pd.DataFrame(answers, columns=list(ANSWERS.columns))), (house_id,), questionnaire
    )
    deviations = DEVIATIONS.conform(pd.DataFrame(agreed, columns=list(DEVIATIONS.columns)))
    scores = list_scores(score_criteria(choices, deviations, questionnaire), questionnaire)
    return scores[["criterion_id", "verdict"]]


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
    append_changes(session, signature, audit_events(events))


def _reopen_together(version: Version, beside: tuple[Version, ...]) -> Iterator[Taken]:
    """A joint version says what both agreed: when one of them takes that back, it is withdrawn."""
    adopted = [
        each for each in beside if each.state is SubmissionState.ADOPTED and each.perspective in _JOINED
    ]
    joint = [each for each in adopted if each.perspective is Perspective.JOINT]
    together = adopted if joint and version in adopted else [version]
    yield from (Taken(each, Step.REOPEN) for each in together)
    yield from (Taken(each, Step.WITHDRAW) for each in together if each in joint)


# What is of one piece: what house and police handed in, and what they made of it.
_JOINED = {*ASKED, Perspective.JOINT}


def _refuse_replaced(version: Version, beside: tuple[Version, ...]) -> None:
    """Refuse to adopt what no longer counts, or what one of two handed in."""
    current = find_current(beside)
    newest = current[version.house_id, version.perspective]
    if newest.submission_id != version.submission_id:
        raise RoundStateError(
            f"{version.submission_id}: er is inmiddels een nieuwere versie, {newest.submission_id}. Bekijk "
            "die eerst; er is niets veranderd."
        )
    handed_in = {perspective for _, perspective in current}
    if version.perspective in ASKED and handed_in >= {*ASKED}:
        raise RoundStateError(
            f"{version.submission_id}: het huis en de politie hebben allebei ingeleverd. Stel samen één "
            f"versie vast: kaderscan submission adopt --house {version.house_id} --round {version.round_id}"
        )


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
            raise RoundStateError(describe_refusal(version.submission_id, step, state))
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


def audit_events(events: Sequence[SubmissionEvent]) -> list[Change]:
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
