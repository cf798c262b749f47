"""Whether this program could have stored what a database holds: a backup may be written by anybody.

Every model is made once, and what names a house, a version, a question, an option, a criterion or a measure
is held against what there is.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from sqlalchemy.orm import Session

from assessment.model.answers import Answer
from assessment.model.decisions import SHARED_IN_UNIT, Baseline
from assessment.model.draft import Draft
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register, Round
from assessment.model.scale import Actor, Perspective
from assessment.readers.framework import Library
from assessment.service.accounts import refuse_unknown_place
from assessment.store.accounts import list_former_accounts, load_accounts
from assessment.store.drafts import list_drafts, load_draft
from assessment.store.formulas import list_party_keys, list_stored_formulas
from assessment.store.plans import (
    list_all_capacities,
    load_baselines,
    load_kept_decisions,
    load_lines,
    load_shown,
)
from assessment.store.records import count_rows
from assessment.store.register import load_register, load_round_events
from assessment.store.submissions import list_submissions, load_file, load_submission
from assessment.store.versions import load_events

Asked = Mapping[str, Questionnaire]
"""The questionnaire of each round."""


class UnsoundError(ValueError):
    """Something that no Kaderscan would have stored; its message says where."""


def refuse_unsound(session: Session, library: Library) -> None:
    """Refuse what no Kaderscan would have stored.

    Raises:
        UnsoundError, ValueError: there is such a thing.
        AccountError: a right is on a house or unit that is not there.
        FrameworkError: a round asks a framework that was never published here.
    """
    register = load_register(session)
    asked = {each.round_id: library.questionnaire_of(each) for each in register.rounds}
    for round_id in asked:
        load_round_events(session, round_id)
    for submission_id in list_submissions(session):
        _check_submission(session, submission_id, register, asked)
    _check_drafts(session, register, asked)
    _check_plans(session, register, asked)
    _check_formulas(session)
    _check_accounts(session, register)


def _expect(sound: bool, place: str) -> None:  # noqa: FBT001
    if not sound:
        raise UnsoundError(place)


def _check_submission(session: Session, submission_id: str, register: Register, asked: Asked) -> None:
    load_events(session, submission_id)
    found = load_submission(session, submission_id)
    assert found is not None  # noqa: S101 - it was listed in this transaction
    _expect(found.submission_id == submission_id, submission_id)
    _expect(found.file_sha256 == sha256(load_file(session, submission_id)).hexdigest(), submission_id)
    _check_perspective(register.round[found.round_id], found.perspective, submission_id)
    questionnaire = asked[found.round_id]
    _check_answers(found.answers, questionnaire, submission_id)
    deviating = _list_deviating(questionnaire)
    _expect(deviating.issuperset(each.criterion_id for each in found.deviations), submission_id)


def _check_perspective(round_: Round, perspective: Perspective, place: str) -> None:
    _expect(perspective in {*round_.perspectives, Perspective.JOINT}, place)


def _check_answers(answers: Iterable[Answer], questionnaire: Questionnaire, place: str) -> None:
    """Every answer is to a question that is asked, and chooses one of its options or none."""
    for answer in answers:
        options = questionnaire.mark_of.get(answer.question_id)
        known = options is not None and (answer.option_id is None or answer.option_id in options)
        _expect(known, f"{place}, {answer.question_id}")


def _list_deviating(questionnaire: Questionnaire) -> set[str]:
    """The criteria on which a house may deviate."""
    return {each.criterion_id for each in questionnaire.criteria if each.kind.may_deviate}


def _check_drafts(session: Session, register: Register, asked: Asked) -> None:
    listed = list_drafts(session)
    _expect(len(listed) == count_rows(session)["drafts"], "concepten")
    for each in listed:
        draft = load_draft(session, each.whose)
        assert draft is not None  # noqa: S101 - it was listed in this transaction
        _check_perspective(register.round[each.whose.round_id], each.whose.perspective, each.draft_id)
        _check_draft(draft, asked[each.whose.round_id])


def _check_draft(draft: Draft, questionnaire: Questionnaire) -> None:
    """There is a row for everything that can be filled in, and for nothing else."""
    _expect(draft.answers.keys() == questionnaire.question.keys(), draft.draft_id)
    _expect(draft.deviations.keys() == _list_deviating(questionnaire), draft.draft_id)
    _expect(draft.themes.keys() == {each.theme_id for each in questionnaire.themes}, draft.draft_id)
    _check_answers((row.content for row in draft.answers.values()), questionnaire, draft.draft_id)


def _check_plans(session: Session, register: Register, asked: Asked) -> None:
    measures = {key for questionnaire in asked.values() for key in questionnaire.measure}
    decided = [(line.house_id, line.measure_id) for line in load_lines(session, register.house)]
    shown = [(each.house_id, each.measure_id) for each in load_shown(session, register.house)]
    for house_id, measure_id in (*decided, *shown):
        _expect(measure_id in measures, f"{house_id}, {measure_id}")
    actors = {*Actor, *(actor for questionnaire in asked.values() for actor in questionnaire.actors)}
    for capacity in list_all_capacities(session):
        known = capacity.actor in actors and capacity.owner_id in _list_owners(capacity.actor, register)
        _expect(known, str(capacity.resource))
    for round_id in asked:
        load_kept_decisions(session, round_id)
    for house_id in register.house:
        for baseline in load_baselines(session, house_id):
            _check_baseline(session, baseline, register, asked)


def _check_formulas(session: Session) -> None:
    """A row says the same of a formula, or of what a party has, as what it holds."""
    for stored in list_stored_formulas(session):
        formula = stored.formula
        facts = (formula.subject, formula.version, formula.status.value)
        _expect(facts == stored[:3] and formula.version > 0, f"formule {stored.subject}")
    for key, capacity in list_party_keys(session):
        _expect(key == capacity.key and capacity.version > 0, f"inzet van partij {capacity.subject}")


def _list_owners(actor: Actor, register: Register) -> set[str]:
    """Whose a capacity of an actor may be, by whatever rules and districts it was set."""
    if actor is Actor.DISTRICT:
        return {*register.unit, *register.district, *register.house}
    return set(register.unit if actor in SHARED_IN_UNIT else register.house)


def _check_baseline(session: Session, baseline: Baseline, register: Register, asked: Asked) -> None:
    """A plan that was adopted rests on a version of its own house, and plans what that was asked."""
    rests_on = load_submission(session, baseline.submission_id)
    assert rests_on is not None  # noqa: S101 - the database holds that it is there
    place = f"plan {baseline.baseline_id}"
    _expect(rests_on.house_id == baseline.house_id, place)
    _expect(baseline.frameworks == register.round[rests_on.round_id].frameworks, place)
    known = asked[rests_on.round_id].measure
    _expect(known.keys() >= {each.measure_id for each in baseline.measures}, place)


def _check_accounts(session: Session, register: Register) -> None:
    accounts = load_accounts(session)
    for account in accounts:
        for grant in account.grants:
            refuse_unknown_place(register, grant)
    _expect(list_former_accounts(session) <= {each.account_id for each in accounts}, "accounts")
