"""Use cases on drafts: begin one, find it, tell what is missing, remove it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.errors import ConflictError, DraftError, NoAnswersError
from assessment.model.access import Task
from assessment.model.answers import Answer, Deviation, Submission, Whose
from assessment.model.audit import Action, Signature
from assessment.model.draft import (
    Draft,
    DraftDeviation,
    DraftSummary,
    ThemeProgress,
    ThemeShare,
    begin_rows,
    find_missing,
)
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Perspective
from assessment.model.sheet import Passport
from assessment.service.clock import today
from assessment.service.drafts.settled import refuse_settled
from assessment.service.installation import Installation
from assessment.service.intake.desk import NOT_GIVEN, Desk, NamedFile, refuse_unaccepted
from assessment.service.intake.gate import refuse_closed
from assessment.service.intake.passport import find_perspective
from assessment.service.lookup import find_default_round, find_house, find_round
from assessment.service.people.access import may, require
from assessment.service.recording import tell_draft_begun, tell_draft_gone
from assessment.store.audit import append_changes
from assessment.store.drafts import add_draft, list_drafts, load_draft, remove_draft
from assessment.store.register import load_register
from assessment.store.submissions import load_current


class Beginning(NamedTuple):
    """What a draft begins with, and the version that this was."""

    answers: tuple[Answer, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    based_on: int = 0


def find_asked(installation: Installation, whose: Whose, task: Task = Task.SEE_CONCEPTS) -> Questionnaire:
    """The questionnaire that a house is asked, for who may do this task with its draft.

    Raises:
        NotAllowedError: the visitor may not.
        UnknownHouseError, UnknownRoundError: there is no such house or round, or the round does not ask them.
    """
    register = installation.register()
    asked = find_round(register, whose.round_id)
    house = find_house(register, asked, whose.house_id)
    find_perspective(asked, Passport(house.house_id, asked.round_id, whose.perspective.value), house.title)
    require(installation, task, house, whose.perspective)
    return installation.questionnaire_of(asked)


def find_whose(installation: Installation, house_id: str, round_id: str | None, who: Perspective) -> Whose:
    """For which round and house something is meant; without a round the newest that has opened.

    Raises:
        UnknownHouseError, UnknownRoundError: as `find_asked`.
    """
    register = installation.register()
    asked = find_default_round(register, today()) if round_id is None else find_round(register, round_id)
    return Whose(asked.round_id, find_house(register, asked, house_id).house_id, who)


def find_draft(installation: Installation, whose: Whose) -> Draft | None:
    """The draft of a house, or None where nobody began one.

    Raises:
        NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_asked`.
    """
    find_asked(installation, whose)
    with installation.store.reading() as session:
        return load_draft(session, whose)


def get_draft(installation: Installation, whose: Whose) -> Draft:
    """The draft of a house.

    Raises:
        DraftError: there is none.
        NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_asked`.
    """
    draft = find_draft(installation, whose)
    if draft is None:
        raise DraftError(f"{tell_whose(whose)}: er is geen concept. Begin er een: kaderscan draft begin.")
    return draft


def find_newest(installation: Installation, whose: Whose) -> Submission | None:
    """What was handed in last, to go on with; None where nothing was.

    Raises:
        NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_asked`.
    """
    find_asked(installation, whose)
    with installation.store.reading() as session:
        return load_current(session, *whose)


def show_drafts(installation: Installation, round_id: str | None = None) -> list[DraftSummary]:
    """How far every draft is, of one round or of all, where the visitor may know that."""
    with installation.store.reading() as session:
        houses, drafts = load_register(session).house, list_drafts(session, round_id)
    return [each for each in drafts if may(installation, Task.SEE_PROGRESS, houses[each.whose.house_id])]


def find_progress(installation: Installation, draft: Draft) -> tuple[ThemeProgress, ...]:
    """How far each theme of a draft is."""
    return find_missing(draft, find_asked(installation, draft.whose))


def begin_draft(installation: Installation, whose: Whose, now: datetime, *, empty: bool = False) -> Draft:
    """Begin a draft with the newest version that was handed in, or empty.

    Raises:
        DraftError: there is a draft already.
        RoundStateError: the round is closed, or what was handed in is adopted and has to be reopened first.
        NoAnswersError: nothing was handed in to begin with.
        NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_asked`.
    """
    find_asked(installation, whose, Task.FILL_IN)
    return begin_with(installation, whose, Beginning() if empty else _newest(installation, whose), now)


def begin_with(installation: Installation, whose: Whose, beginning: Beginning, now: datetime) -> Draft:
    """Begin a draft with what is known already.

    Raises:
        DraftError, RoundStateError: as `begin_draft`.
        NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_asked`.
    """
    asked = find_asked(installation, whose, Task.FILL_IN)
    return _store(installation, _compose(whose, asked, beginning, Signature(installation.who, now)))


def take_draft(
    installation: Installation,
    file: NamedFile,
    now: datetime,
    accepted_because: str = "",
    given: Passport = NOT_GIVEN,
) -> Draft:
    """Begin a draft with what stands in a file.

    Args:
        installation: where to keep it.
        file: a questionnaire that was filled in, in part or whole.
        now: this moment.
        accepted_because: why to go on although there are remarks; what was not understood is left out.
        given: house, round and perspective, for a file that does not say so itself.

    Raises:
        DraftError, RoundStateError: as `begin_draft`.
        AnswersRefusedError: something asks for a repair or a reason, and none was given.
        UserError: as `service.intake.check_file`.
    """
    desk = Desk(installation, given)
    checked = desk.start(file).result()
    receipt = desk.receive(file, checked)
    refuse_unaccepted(receipt, accepted_because)
    whose = Whose(receipt.round.round_id, receipt.house.house_id, receipt.perspective)
    return begin_with(installation, whose, Beginning(checked.answers, checked.deviations), now)


def drop_draft(installation: Installation, draft: Draft, now: datetime) -> None:
    """Remove a draft as it was seen; what was handed in stays.

    Raises:
        ConflictError: the draft was changed since it was seen; nothing was removed.
        NotAllowedError: the visitor may not.
    """
    find_asked(installation, draft.whose, Task.FILL_IN)
    with installation.store.writing() as session:
        close_draft(session, draft, Action.DRAFT_REMOVED, Signature(installation.who, now))


def close_draft(session: Session, draft: Draft, action: Action, signature: Signature) -> None:
    """Remove a draft as it was seen, in a transaction that does more.

    Raises:
        ConflictError: the draft was changed since it was seen.
    """
    stored = load_draft(session, draft.whose)
    if stored is None or (stored.draft_id, stored.revision) != (draft.draft_id, draft.revision):
        raise ConflictError(
            f"{tell_whose(draft.whose)}: het concept is intussen veranderd, ingeleverd of weggehaald. Er is "
            "niets gedaan; bekijk het opnieuw."
        )
    remove_draft(session, draft.draft_id)
    append_changes(session, signature, [tell_draft_gone(action, draft)])


def tell_whose(whose: Whose) -> str:
    """For which round and house, and from whom, in words."""
    return f"{whose.house_id}, ronde {whose.round_id}, {whose.perspective.dutch}"


def _newest(installation: Installation, whose: Whose) -> Beginning:
    submission = find_newest(installation, whose)
    if submission is None:
        raise NoAnswersError(f"{tell_whose(whose)}: nog niets ingeleverd. Begin leeg, met --empty.")
    return Beginning(submission.answers, submission.deviations, submission.version)


def _store(installation: Installation, draft: Draft) -> Draft:
    with installation.store.writing() as session:
        refuse_closed(session, draft.whose.round_id)
        refuse_settled(session, draft.whose)
        if load_draft(session, draft.whose) is not None:
            raise DraftError(
                f"{tell_whose(draft.whose)}: er is al een concept. Ga daarin verder (kaderscan draft show), "
                "of haal het eerst weg (kaderscan draft drop)."
            )
        add_draft(session, draft)
        signature = Signature(draft.begun_by, draft.begun)
        append_changes(session, signature, [tell_draft_begun(draft)])
    return draft


def _compose(whose: Whose, asked: Questionnaire, beginning: Beginning, signature: Signature) -> Draft:
    """A draft with a row for everything that can be filled in."""
    answers = {q.question_id: Answer(question_id=q.question_id) for q in asked.questions}
    deviations = {
        c.criterion_id: DraftDeviation(criterion_id=c.criterion_id)
        for c in asked.criteria
        if c.kind.may_deviate
    }
    themes = {theme.theme_id: ThemeShare(theme_id=theme.theme_id) for theme in asked.themes}
    answers |= {a.question_id: a for a in beginning.answers if a.question_id in answers}
    deviations |= {d.criterion_id: DraftDeviation(**dict(d)) for d in beginning.deviations}
    return Draft(
        draft_id=f"{'.'.join(whose)}.concept-{signature.moment:%Y%m%dT%H%M%S%f}",
        whose=whose,
        based_on=beginning.based_on,
        begun=signature.moment,
        begun_by=signature.who,
        changed=signature.moment,
        answers=begin_rows(answers, *signature),
        deviations=begin_rows(deviations, *signature),
        themes=begin_rows(themes, *signature),
    )
