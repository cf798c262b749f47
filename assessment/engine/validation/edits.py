"""One row of a draft, checked as the same row of a sheet would be."""

from collections.abc import Mapping
from typing import NamedTuple

from assessment.engine.validation.check import check_rows
from assessment.engine.validation.persons import find_persons
from assessment.model.answers import Answer
from assessment.model.draft import Content, DraftDeviation, ThemeShare
from assessment.model.issue import Issue, IssueCode
from assessment.model.questionnaire import Questionnaire
from assessment.model.sheets import Part, SheetRow

_NOT_YET = {IssueCode.MISSING_ROWS, IssueCode.HALF_DEVIATION}
"""Only at handing in: other rows are in the draft, and a deviation may be half as long as it is one."""


class CheckedEdit(NamedTuple):
    """What was written, an option as its letter, and every remark on it."""

    content: Content
    issues: tuple[Issue, ...]


def check_edit(content: Content, questionnaire: Questionnaire) -> CheckedEdit:
    """Check what somebody wrote in a row of a draft.

    An option may be written in any way in which a sheet may; a deviation may still be half.
    """
    match content:
        case ThemeShare():
            return CheckedEdit(content, _check_share(content, questionnaire))
        case DraftDeviation():
            checked = check_rows([_deviation_row(content)], questionnaire)
            read: Content = content
        case Answer():
            checked = check_rows([_answer_row(content)], questionnaire)
            read = checked.answers[0] if checked.answers else content
    return CheckedEdit(read, tuple(issue for issue in checked.issues if issue.code not in _NOT_YET))


def _answer_row(answer: Answer) -> SheetRow:
    texts = {"answer": answer.option_id or "", "explanation": answer.explanation, "evidence": answer.evidence}
    return SheetRow("", 0, Part.QUESTIONS, answer.question_id, _strip(texts))


def _deviation_row(deviation: DraftDeviation) -> SheetRow:
    until = deviation.until.isoformat() if deviation.until else ""
    texts = {"reason": deviation.reason, "agreed_by": deviation.agreed_by, "until": until}
    return SheetRow("", 0, Part.DEVIATIONS, deviation.criterion_id, _strip(texts))


def _check_share(share: ThemeShare, questionnaire: Questionnaire) -> tuple[Issue, ...]:
    if share.theme_id not in {theme.theme_id for theme in questionnaire.themes}:
        return (Issue(IssueCode.UNKNOWN_ROW, "", "", {"key": share.theme_id}),)
    row = SheetRow("", 0, Part.NOTES, share.theme_id, {"taken_by": share.taken_by})
    return tuple(find_persons(row))


def _strip(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts as a sheet gives them: without spaces around."""
    return {field: text.strip() for field, text in texts.items()}
