"""Use cases: every version can be listed, shown with what was done with it, compared, and exported again."""

from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

import pandas as pd

from assessment.engine.scoring import arrange_answers, list_scores, score_criteria
from assessment.errors import AuditError, CommandUsageError
from assessment.model.access import Task
from assessment.model.answers import Submission
from assessment.model.differences import Difference, find_differences
from assessment.model.frames import ANSWERS, DEVIATIONS
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register, Round
from assessment.model.scale import Perspective
from assessment.model.states import SubmissionEvent, Version
from assessment.service.installation import Installation
from assessment.service.lookup import find_default_round, find_house, find_round
from assessment.service.people.access import may
from assessment.service.people.withholding import WITHHELD
from assessment.service.rounds.steps import find_version, require_on
from assessment.service.standing import find_moment, find_submission
from assessment.store.register import load_register
from assessment.store.states import load_events, load_versions
from assessment.store.submissions import load_file


class VersionList(NamedTuple):
    """Versions of a round: houses by unit and name, then by perspective and version."""

    register: Register
    round: Round
    versions: tuple[Version, ...]


class ShownVersion(NamedTuple):
    """A version with its answers and what was done with it; without texts that the visitor may not read."""

    version: Version
    submission: Submission
    events: tuple[SubmissionEvent, ...]
    questionnaire: Questionnaire


class Comparison(NamedTuple):
    """What became of an older version in a newer one.

    `verdicts` has a row per criterion whose verdict differs: criterion_id, old, new.
    """

    old: Submission
    new: Submission
    questionnaire: Questionnaire
    differences: tuple[Difference, ...]
    verdicts: pd.DataFrame


def list_versions(
    installation: Installation, round_id: str | None, now: datetime, house_id: str | None = None
) -> VersionList:
    """Every version of a round that the visitor may know of, or those of one house.

    Raises:
        UnknownRoundError, UnknownHouseError: there is no such round, or the house is not in it.
    """
    with installation.store.reading() as session:
        register = load_register(session)
        asked = (
            find_default_round(register, now.date()) if round_id is None else find_round(register, round_id)
        )
        if house_id is not None:
            find_house(register, asked, house_id)
        versions = load_versions(session, asked.round_id, house_id)
    seen = [v for v in versions if may(installation, Task.SEE_PROGRESS, register.house[v.house_id])]
    house_ids, perspectives = [house.house_id for house in register.houses_of(asked)], list(Perspective)
    seen.sort(key=lambda v: (house_ids.index(v.house_id), perspectives.index(v.perspective), v.version))
    return VersionList(register, asked, tuple(seen))


def show_version(installation: Installation, submission_id: str) -> ShownVersion:
    """A version, its answers, and what was done with it after it was handed in.

    Raises:
        NotAllowedError: the visitor may not see the answers of this house.
        NoAnswersError: there is no such version.
    """
    submission = find_submission(installation, submission_id)
    with installation.store.reading() as session:
        version, _ = find_version(session, submission_id)
        events = load_events(session, submission_id)
        register = load_register(session)
    house, asked = register.house[version.house_id], register.round[version.round_id]
    if not may(installation, Task.SEE_TEXT, house, version.perspective):
        version = version.model_copy(update={"file_name": WITHHELD})
        events = tuple(e.model_copy(update={"reason": WITHHELD}) if e.reason else e for e in events)
    return ShownVersion(version, submission, events, installation.questionnaire_of(asked))


def export_file(installation: Installation, submission_id: str) -> tuple[str, bytes]:
    """The file of a version, byte for byte as it was uploaded, with its name.

    Raises:
        NotAllowedError: the visitor may not read the texts of this house.
        NoAnswersError: there is no such version.
        AuditError: the file in the store is no longer the one that was handed in.
    """
    with installation.store.reading() as session:
        version, _ = find_version(session, submission_id)
        require_on(installation, session, Task.SEE_TEXT, version)
        content = load_file(session, submission_id)
    if sha256(content).hexdigest() != version.file_sha256:
        raise AuditError(
            f"{submission_id}: het bestand in de database is niet meer wat er is ingeleverd: het "
            "controlegetal klopt niet. Zet een reservekopie terug, of zoek uit wie dit deed."
        )
    return version.file_name, content


def compare_versions(installation: Installation, old_id: str, new_id: str, today: date) -> Comparison:
    """Put two versions of the same house in the same round side by side.

    Raises:
        NotAllowedError: the visitor may not see one of them.
        NoAnswersError: one of them is not there.
        CommandUsageError: they are of different houses or rounds.
    """
    old, new = find_submission(installation, old_id), find_submission(installation, new_id)
    if (old.house_id, old.round_id) != (new.house_id, new.round_id):
        raise CommandUsageError(
            f"{old_id} en {new_id} zijn niet van hetzelfde huis in dezelfde ronde. Vergelijk versies met "
            "hetzelfde begin; zie: kaderscan submission list."
        )
    with installation.store.reading() as session:
        register = load_register(session)
        asked = register.round[old.round_id]
        moment = find_moment(session, register, asked, today)
    questionnaire = installation.questionnaire_of(asked)
    verdicts = _judge(old, questionnaire, moment).merge(
        _judge(new, questionnaire, moment), on="criterion_id", suffixes=("_old", "_new"), validate="1:1"
    )
    changed = verdicts[verdicts["verdict_old"] != verdicts["verdict_new"]].reset_index(drop=True)
    order = {key: place for place, key in enumerate([*questionnaire.question, *questionnaire.criterion])}
    differences = sorted(find_differences(old, new), key=lambda each: order[each.key])
    return Comparison(old, new, questionnaire, tuple(differences), changed)


def _judge(submission: Submission, questionnaire: Questionnaire, moment: date) -> pd.DataFrame:
    """CRITERION_SCORES of one version, only criterion and verdict."""
    house_id = submission.house_id
    answers = [(house_id, a.question_id, a.option_id) for a in submission.answers if a.option_id]
    agreed = [(house_id, d.criterion_id) for d in submission.deviations if d.in_force(moment)]
    choices = arrange_answers(
        ANSWERS.conform(pd.DataFrame(answers, columns=list(ANSWERS.columns))), (house_id,), questionnaire
    )
    deviations = DEVIATIONS.conform(pd.DataFrame(agreed, columns=list(DEVIATIONS.columns)))
    scores = list_scores(score_criteria(choices, deviations, questionnaire), questionnaire)
    return scores[["criterion_id", "verdict"]]
