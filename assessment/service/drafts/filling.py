"""Use case: change one row of a draft; nobody overwrites what they have not seen."""

from datetime import datetime
from typing import NamedTuple

from assessment.engine.validation import check_edit
from assessment.errors import AnswersRefusedError, ConflictError, DraftError
from assessment.model.access import Task
from assessment.model.answers import Whose
from assessment.model.audit import Signature
from assessment.model.draft import Content, DraftRow, key_of
from assessment.model.issue import Issue, Weight
from assessment.service.drafts.drafts import find_asked
from assessment.service.installation import Installation
from assessment.service.intake.gate import refuse_closed
from assessment.service.recording import tell_edit
from assessment.store.audit import append_changes
from assessment.store.drafts import change_row, load_row
from assessment.tables.drafts import say_content

_LONGEST = 10_000


class Edit(NamedTuple):
    """What somebody wrote in a row of a draft, on top of which version.

    `accepted` says that what looks like it is about a person is something else.
    """

    whose: Whose
    draft_id: str
    content: Content
    seen: int
    accepted: bool = False


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
            raise ConflictError(_tell_conflict(stored, row))
        append_changes(session, Signature(installation.who, now), [tell_edit(edit.draft_id, stored, row)])
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


def _tell_conflict(stored: DraftRow[Content], mine: DraftRow[Content]) -> str:
    return (
        f"{key_of(mine.content)}: intussen veranderd door {stored.changed_by}. Versie {stored.version} is "
        f"{say_content(stored.content)}; van u is {say_content(mine.content)}. Er is niets overschreven: "
        "kies een van beide."
    )
