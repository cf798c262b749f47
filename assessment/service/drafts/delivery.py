"""Use case: hand a draft in, by the same way in as a file."""

from datetime import datetime
from functools import partial

from assessment.model.audit import Action, Signature
from assessment.model.draft import Draft
from assessment.model.receipt import Receipt
from assessment.service.drafts.drafts import close_draft, find_asked
from assessment.service.installation import Installation
from assessment.service.intake.desk import NOT_GIVEN, Desk, HandedIn, NamedFile
from assessment.service.intake.forms import find_form
from assessment.writers.questionnaire import write_questionnaire


def write_draft(installation: Installation, draft: Draft) -> NamedFile:
    """The filled questionnaire that a draft comes to."""
    form = find_form(installation, draft.whose.house_id, draft.whose.round_id, draft.whose.perspective)
    answers = [row.content for row in draft.answers.values()]
    deviations = [row.content for row in draft.deviations.values()]
    return NamedFile(form.file_name, write_questionnaire(form, answers, deviations))


def check_draft(installation: Installation, draft: Draft) -> Receipt:
    """Tell what handing in would bring, with every remark; nothing is stored."""
    find_asked(installation, draft.whose)
    desk, file = Desk(installation, NOT_GIVEN), write_draft(installation, draft)
    return desk.receive(file, desk.start(file).result())


def hand_in_draft(
    installation: Installation, draft: Draft, now: datetime, accepted_because: str = ""
) -> HandedIn:
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
    file = write_draft(installation, draft)
    desk = Desk(installation, NOT_GIVEN, now, accepted_because, beside=close)
    handed_in = next(desk.take_in([file]))
    if handed_in.error is not None:
        raise handed_in.error
    return handed_in
