"""Use cases on drafts: begin, fill in, hand in, drop; nobody overwrites what they have not seen.

What stands in a draft is read through `service.queries`.
"""

from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy.orm import Session

from assessment.engine.validation import check_edit
from assessment.errors import AnswersRefusedError, ConflictError, DraftError, NoAnswersError, RoundStateError
from assessment.model.access import Task
from assessment.model.answers import Answer, Deviation, Whose
from assessment.model.audit import Action, Signature
from assessment.model.draft import (
    Content,
    Draft,
    DraftDeviation,
    DraftRow,
    ThemeShare,
    begin_rows,
    key_of,
)
from assessment.model.formula import FormulaSet
from assessment.model.issue import Issue, Weight
from assessment.model.questionnaire import Questionnaire
from assessment.model.sheets import FileIdentity
from assessment.service.access import refuse_closed, require
from assessment.service.audit_entries import audit_draft_begun, audit_draft_gone, audit_edit
from assessment.service.formula_files import keep_given
from assessment.service.installation import Installation
from assessment.service.intake import NOT_GIVEN, FileOutcome, Intake, NamedFile, refuse_unaccepted
from assessment.service.lookup import find_place
from assessment.service.queries import Queries
from assessment.store.audit import append_changes
from assessment.store.drafts import add_draft, change_row, load_draft, load_row, remove_draft
from assessment.store.submissions import load_current
from assessment.store.versions import load_settled
from assessment.tables.versions import describe_content
from assessment.writers.questionnaire import write_questionnaire

_LONGEST = 10_000


class Beginning(NamedTuple):
    """What a draft begins with, and the version that this was.

    `formulas` are stored beside it, for a draft holds none; `accepted` as in a `FormulaEdit`.
    """

    answers: tuple[Answer, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    based_on: int = 0
    formulas: FormulaSet | None = None
    accepted: bool = False


class Edit(NamedTuple):
    """What somebody wrote in a row of a draft, on top of which version.

    `accepted` says that what looks like it is about a person is something else.
    """

    whose: Whose
    draft_id: str
    content: Content
    seen: int
    accepted: bool = False


def find_asked(installation: Installation, whose: Whose, task: Task) -> Questionnaire:
    """The questionnaire that a house is asked, for who may do this task with its draft.

    Raises:
        NotAllowedError: the visitor may not.
        UnknownHouseError, UnknownRoundError: there is no such house or round, or the round does not ask them.
    """
    house, round_ = find_place(installation.register(), whose)
    require(installation, task, house, whose.perspective)
    return installation.questionnaire_of(round_)


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
    draft = _compose(whose, asked, beginning, Signature(installation.who, now))
    return _store(installation, draft, beginning)


def take_draft(
    installation: Installation,
    file: NamedFile,
    now: datetime,
    accepted_because: str = "",
    given: FileIdentity = NOT_GIVEN,
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
    intake = Intake(installation, given, now.date())
    checked = intake.understand(file, intake.read(file))
    receipt = intake.receive(file, checked)
    refuse_unaccepted(receipt, accepted_because)
    whose = Whose(receipt.round.round_id, receipt.house.house_id, receipt.perspective)
    beginning = Beginning(
        checked.answers,
        checked.deviations,
        formulas=checked.formula_set,
        accepted=bool(accepted_because.strip()),
    )
    return begin_with(installation, whose, beginning, now)


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
            f"{draft.whose.dutch}: het concept is intussen veranderd, ingeleverd of weggehaald. "
            "Er is niets gedaan; bekijk het opnieuw."
        )
    remove_draft(session, draft.draft_id)
    append_changes(session, signature, [audit_draft_gone(action, draft)])


def _newest(installation: Installation, whose: Whose) -> Beginning:
    with installation.store.reading() as session:
        submission = load_current(session, *whose)
    if submission is None:
        raise NoAnswersError(f"{whose.dutch}: nog niets ingeleverd. Begin leeg, met --empty.")
    return Beginning(submission.answers, submission.deviations, submission.version)


def _store(installation: Installation, draft: Draft, beginning: Beginning) -> Draft:
    with installation.store.writing() as session:
        refuse_closed(session, draft.whose.round_id)
        refuse_settled(session, draft.whose)
        if load_draft(session, draft.whose) is not None:
            raise DraftError(
                f"{draft.whose.dutch}: er is al een concept. Ga daarin verder (kaderscan draft "
                "show), of haal het eerst weg (kaderscan draft drop)."
            )
        add_draft(session, draft)
        signature = Signature(draft.begun_by, draft.begun)
        append_changes(session, signature, [audit_draft_begun(draft)])
        if beginning.formulas:
            keep_given(installation, session, beginning.formulas, draft.begun, accepted=beginning.accepted)
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


def save(installation: Installation, edit: Edit, now: datetime) -> DraftRow[Content]:
    """Store one answer, one deviation or who takes a theme.

    Returns:
        The row as it is stored; without a new version where it said this already.

    Raises:
        AnswersRefusedError: it is no option, too long, or may be about a person; nothing was stored.
        ConflictError: somebody changed the row meanwhile; nothing was stored.
        DraftError: the draft is not there any more.
        NotAllowedError: the visitor may not fill in for this house.
        RoundStateError: the round is closed.
    """
    checked = check_edit(edit.content, find_asked(installation, edit.whose, Task.FILL_IN))
    _refuse(edit, checked.issues)
    row = DraftRow(checked.content, edit.seen + 1, installation.who, now)
    with installation.store.writing() as session:
        refuse_closed(session, edit.whose.round_id)
        stored = load_row(session, edit.draft_id, row.content)
        if stored is None or not edit.draft_id.startswith(f"{'.'.join(edit.whose)}."):
            raise DraftError(
                "Dit concept is er niet meer: het is ingeleverd of weggehaald. Bekijk het opnieuw."
            )
        if stored.content == row.content:
            return stored
        if not change_row(session, edit.draft_id, row):
            raise ConflictError(_describe_conflict(stored, row))
        append_changes(session, Signature(installation.who, now), [audit_edit(edit.draft_id, stored, row)])
    return row


def _refuse(edit: Edit, issues: tuple[Issue, ...]) -> None:
    key = key_of(edit.content)
    if any(len(text) > _LONGEST for text in edit.content if isinstance(text, str)):
        raise AnswersRefusedError(
            f"{key}: de tekst is te lang. Houd het op {_LONGEST} tekens; niets bewaard."
        )
    weights = {Weight.FAULT} if edit.accepted else {Weight.FAULT, Weight.ASK}
    if told := [f"{key}: {issue.sentence}" for issue in issues if issue.code.weight in weights]:
        raise AnswersRefusedError("\n".join(told))


def _describe_conflict(stored: DraftRow[Content], mine: DraftRow[Content]) -> str:
    return (
        f"{key_of(mine.content)}: intussen veranderd door {stored.changed_by}. Versie {stored.version} is "
        f"{describe_content(stored.content)}; van u is {describe_content(mine.content)}. Er is niets "
        "overschreven: kies een van beide."
    )


def refuse_settled(session: Session, whose: Whose) -> None:
    """Refuse to begin a draft that could not be handed in.

    Raises:
        RoundStateError: what was handed in is adopted.
    """
    settled = load_settled(session, [whose]).get(whose)
    if settled is not None:
        raise RoundStateError(
            f"{settled} is al vastgesteld, dus een nieuw concept kan niet worden ingeleverd. Er is niets "
            "begonnen. Vraag de eenheid om deze versie eerst te heropenen (bij Inleveringen, of met: "
            f'kaderscan submission reopen {settled} --reason "…").'
        )


def _fill_form(installation: Installation, draft: Draft) -> NamedFile:
    """The filled questionnaire that a draft comes to."""
    form = Queries(installation, installation.visitor).find_form(draft.whose)
    answers = [row.content for row in draft.answers.values()]
    deviations = [row.content for row in draft.deviations.values()]
    return NamedFile(form.file_name, write_questionnaire(form, answers, deviations))


def check_draft(installation: Installation, draft: Draft, today: date) -> FileOutcome:
    """Tell what handing in would bring: the file, and its receipt with every remark; nothing is stored.

    Raises:
        NotAllowedError, UnknownHouseError, UnknownRoundError: as `find_asked`.
    """
    find_asked(installation, draft.whose, Task.SEE_CONCEPTS)
    intake, file = Intake(installation, NOT_GIVEN, today), _fill_form(installation, draft)
    return FileOutcome(file, intake.receive(file, intake.read(file).result()))


def hand_in_draft(
    installation: Installation, draft: Draft, now: datetime, accepted_because: str = ""
) -> FileOutcome:
    """Store a draft as a new version, with its file; the draft itself is then gone. All or nothing.

    Args:
        installation: where to store it.
        draft: as it was seen when deciding to hand it in.
        now: the moment of handing in.
        accepted_because: why the house goes on although there are remarks.

    Raises:
        ConflictError: the draft was changed since it was seen; nothing was stored.
        AnswersRefusedError: something asks for a repair or a reason, and none was given.
        NotAllowedError: the visitor may not hand in for this house.
    """
    signature = Signature(installation.who, now)
    close = partial(close_draft, draft=draft, action=Action.DRAFT_HANDED_IN, signature=signature)
    file = _fill_form(installation, draft)
    intake = Intake(installation, NOT_GIVEN, now.date(), now, accepted_because, beside=close)
    handed_in = next(intake.take_in([file]))
    if handed_in.error is not None:
        raise handed_in.error
    return handed_in
