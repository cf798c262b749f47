"""Use cases where house and police both handed in: put them side by side, and adopt one version of both."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.errors import ConflictError, FrameworkError, NoAnswersError, RoundStateError
from assessment.model.access import Task
from assessment.model.answers import (
    HOUSE,
    POLICE,
    Difference,
    Submission,
    find_differences,
    join_answers,
    join_deviations,
)
from assessment.model.audit import Signature
from assessment.model.questionnaire import Questionnaire
from assessment.model.rounds import Step, SubmissionState, Version, describe_refusal, find_current
from assessment.model.scale import ASKED, Perspective
from assessment.model.sheets import Form
from assessment.model.texts import QuestionnaireTexts
from assessment.readers.files import read_model
from assessment.readers.framework import Library
from assessment.service.access import refuse_closed
from assessment.service.audit_entries import audit_submission
from assessment.service.installation import Installation
from assessment.service.versions import Taken, adopt, audit_events, find_version, make_events, require_on
from assessment.store.audit import append_changes
from assessment.store.register import load_register
from assessment.store.submissions import add_versions, load_submission
from assessment.store.versions import append_events, load_versions


class Pair(NamedTuple):
    """What a house and its police handed in, and what they have to choose before one version is adopted."""

    house: Submission
    police: Submission
    questionnaire: Questionnaire
    open: tuple[Difference, ...]

    @property
    def made_of(self) -> tuple[str, str]:
        """The ids of both."""
        return self.house.submission_id, self.police.submission_id


def adopt_jointly(
    installation: Installation, made_of: tuple[str, str], choices: Mapping[str, str], now: datetime
) -> str:
    """Make one version of what house and police handed in, and adopt it, with the two that it is made of.

    Args:
        installation: where.
        made_of: the ids of the versions of the house and of the police that were compared.
        choices: for each open difference `huis`, `politie`, or at a question the letter of another option.
        now: the moment of adopting.

    Returns:
        The id of the joint version.

    Raises:
        NotAllowedError: the visitor may not adopt for this house.
        NoAnswersError: there is no such version.
        ConflictError: one of them handed in anew since they were compared.
        RoundStateError: a choice is missing or cannot be, both are adopted already, or the round is closed.
            Nothing was changed.
    """
    signature = Signature(installation.who, now)
    with installation.store.writing() as session:
        house, beside = find_version(session, made_of[0])
        require_on(installation, session, Task.ADOPT, house)
        refuse_closed(session, house.round_id)
        sources = _find_sources(house, beside, made_of)
        pair = load_pair(installation.library, session, *sources)
        refuse_choices(pair, choices)
        joint = _store_joint(installation, session, pair, choices, now)
        adopting = [each for each in sources if each.state is SubmissionState.HANDED_IN]
        events = make_events((Taken(each, Step.ADOPT) for each in adopting), signature)
        events += make_events([Taken(_describe(joint), Step.ADOPT)], signature, _describe_made_of(made_of))
        append_events(session, events)
        append_changes(session, signature, [audit_submission(None, joint), *audit_events(events)])
    return joint.submission_id


def adopt_for_house(
    installation: Installation,
    whose: tuple[str, str],
    choices: Mapping[str, str],
    rest: str | None,
    now: datetime,
) -> str:
    """Adopt what counts now for a house: the one version that there is, or a joint one.

    Args:
        installation: where.
        whose: round and house.
        choices: as `adopt_jointly`.
        rest: `huis` or `politie` for every difference without a choice of its own.
        now: the moment of adopting.

    Returns:
        The id of the version that is adopted.

    Raises:
        UserError: as `adopt` and `adopt_jointly`.
    """
    round_id, house_id = whose
    with installation.store.reading() as session:
        current = find_current(load_versions(session, round_id, house_id))
        both = find_both(session, round_id, house_id)
        if both is not None:
            require_on(installation, session, Task.ADOPT, both[0])
        pair = both and load_pair(installation.library, session, *both)
    if pair is not None:
        others = {each.key: rest for each in pair.open} if rest else {}
        return adopt_jointly(installation, pair.made_of, {**others, **choices}, now)
    own = [each for each in current.values() if each.perspective in ASKED]
    if not own:
        raise NoAnswersError(f"Huis '{house_id}' heeft in ronde '{round_id}' nog niets ingeleverd.")
    (alone,) = own
    adopt(installation, alone.submission_id, now)
    return alone.submission_id


def _find_sources(
    house: Version, beside: tuple[Version, ...], made_of: tuple[str, str]
) -> tuple[Version, Version]:
    current = find_current(beside)
    found = tuple(current.get((house.house_id, whose)) for whose in ASKED)
    ids = tuple(each.submission_id if each else "" for each in found)
    own, theirs = found
    if own is None or theirs is None or ids != made_of:
        raise ConflictError(
            f"Sinds u vergeleek is er iets ingeleverd of ingetrokken. U vergeleek {' en '.join(made_of)}. "
            f"Nu geldt: {', '.join(filter(None, ids)) or 'niets'}. Vergelijk opnieuw; er is niets veranderd."
        )
    if own.state.is_settled and theirs.state.is_settled:
        raise RoundStateError(describe_refusal(own.submission_id, Step.ADOPT, own.state))
    return own, theirs


def _store_joint(
    installation: Installation,
    session: Session,
    pair: Pair,
    choices: Mapping[str, str],
    now: datetime,
) -> Submission:
    from assessment.writers.questionnaire import write_questionnaire  # noqa: PLC0415 - slow to load, seldom needed

    register = load_register(session)
    texts = read_model(
        installation.settings.reports / "questionnaire.yaml", QuestionnaireTexts, FrameworkError
    )
    house, round_ = register.house[pair.house.house_id], register.round[pair.house.round_id]
    form = Form(house, round_, Perspective.JOINT, pair.questionnaire, texts)
    answers = join_answers(pair.house, pair.police, choices)
    deviations = join_deviations(pair.house, pair.police, choices)
    content = write_questionnaire(form, answers, deviations)
    joint = Submission(
        house_id=house.house_id,
        round_id=round_.round_id,
        perspective=Perspective.JOINT,
        answers=answers,
        deviations=deviations,
        handed_in=now,
        file_name=form.file_name,
        file_sha256=sha256(content).hexdigest(),
        handed_in_as=installation.visitor.function_on(house),
    )
    (added,) = add_versions(session, [(joint, content)], lambda _: None)
    return joint.model_copy(update={"version": added.version})


def _describe(joint: Submission) -> Version:
    facts = joint.model_dump(include=set(Version.model_fields) & set(Submission.model_fields))
    return Version(submission_id=joint.submission_id, answered=len(joint.answers), **facts)


def _describe_made_of(made_of: tuple[str, str]) -> str:
    return f"Samen vastgesteld uit {made_of[0]} en {made_of[1]}."


def find_both(session: Session, round_id: str, house_id: str) -> tuple[Version, Version] | None:
    """What counts now of a house and of its police; None where one of them did not hand in."""
    current = find_current(load_versions(session, round_id, house_id))
    own, theirs = (current.get((house_id, whose)) for whose in ASKED)
    return (own, theirs) if own and theirs else None


def load_pair(library: Library, session: Session, house: Version, police: Version) -> Pair:
    """Load what both handed in, with their open differences in the order of the questionnaire."""
    own, theirs = (load_submission(session, each.submission_id) for each in (house, police))
    if own is None or theirs is None:
        raise NoAnswersError(f"Inlevering '{house.submission_id}' of '{police.submission_id}' is er niet.")
    round_ = load_register(session).round[house.round_id]
    questionnaire = library.questionnaire_of(round_)
    order = {key: place for place, key in enumerate([*questionnaire.question, *questionnaire.criterion])}
    choosing = [each for each in find_differences(own, theirs) if each.needs_choice]
    return Pair(own, theirs, questionnaire, tuple(sorted(choosing, key=lambda each: order[each.key])))


def refuse_choices(pair: Pair, choices: Mapping[str, str]) -> None:
    """Refuse a choice that is missing, that nobody asked, or that the question does not offer.

    Raises:
        RoundStateError: it names each of them, with what can be chosen.
    """
    keys = [each.key for each in pair.open]
    faults = [f"{key}: hier valt niets te kiezen." for key in choices if key not in keys]
    for key in keys:
        allowed = [HOUSE, POLICE, *pair.questionnaire.mark_of.get(key, {})]
        if choices.get(key) not in allowed:
            told = "kies nog" if key not in choices else f"'{choices[key]}' kan niet; kies"
            faults.append(f"{key}: {told} uit {', '.join(allowed)}.")
    if faults:
        raise RoundStateError(
            "\n".join([*faults, "Huis en politie antwoorden hier verschillend; er is niets veranderd."])
        )
