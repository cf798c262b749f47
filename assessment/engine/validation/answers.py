"""The row of a question: which option was chosen, or why that is not clear."""

from difflib import get_close_matches

from assessment.engine.validation.remarks import tell
from assessment.model.answers import Answer
from assessment.model.issue import Issue, IssueCode
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.receipt import RowClass, RowOutcome
from assessment.model.scale import Mark
from assessment.model.sheets import CellFault, SheetRow
from assessment.model.texts import fold, tidy

_CLOSE = 0.75
_FAULTS = {
    CellFault.ERROR: IssueCode.ERROR_CELL,
    CellFault.FORMULA: IssueCode.FORMULA_CELL,
    CellFault.MERGED: IssueCode.MERGED_CELL,
}
_OPEN = {Mark.UNKNOWN: RowClass.UNKNOWN, Mark.NOT_APPLICABLE: RowClass.NOT_APPLICABLE}


def read_answer(row: SheetRow, questionnaire: Questionnaire) -> RowOutcome:
    """Read the row of a question that is asked; a choice that is not clear stays empty, with a remark."""
    if questionnaire.question[row.key].is_open:
        return _read_open_text(row)
    faults = find_cell_faults(row) if row.faults else ()
    given = "" if "answer" in row.faults else row.texts["answer"]
    option_id = _find_option(given, questionnaire.option_as_written[row.key])
    answer = Answer(
        question_id=row.key,
        option_id=option_id,
        explanation=_readable(row, "explanation"),
        evidence=_readable(row, "evidence"),
    )
    if given and option_id is None:
        faults = (*faults, _not_an_option(row, questionnaire.question[row.key], given))
    if faults:
        return RowOutcome(row, RowClass.NOT_UNDERSTOOD, faults, answer)
    if option_id is None:
        return RowOutcome(row, RowClass.EMPTY, answer=answer)
    row_class = _OPEN.get(questionnaire.mark_of[row.key][option_id], RowClass.READ)
    return RowOutcome(row, row_class, answer=answer)


def _read_open_text(row: SheetRow) -> RowOutcome:
    """Read what was written at an open question, also where it stands under the heading of the answers."""
    faults = find_cell_faults(row) if row.faults else ()
    texts = dict.fromkeys(filter(None, (_readable(row, "answer"), _readable(row, "explanation"))))
    answer = Answer(row.key, explanation=" ".join(texts), evidence=_readable(row, "evidence"))
    if faults:
        return RowOutcome(row, RowClass.NOT_UNDERSTOOD, faults, answer)
    return RowOutcome(row, RowClass.READ if answer.says_something else RowClass.EMPTY, answer=answer)


def find_cell_faults(row: SheetRow) -> tuple[Issue, ...]:
    """Tell of each field that cannot be read why not."""
    return tuple(
        tell(row, _FAULTS[fault], field, given=row.texts[field]) for field, fault in row.faults.items()
    )


def says_something(row: SheetRow) -> bool:
    """Whether anything was filled in, readable or not."""
    return bool(row.faults) or any(row.texts.values())


def _readable(row: SheetRow, field: str) -> str:
    return "" if field in row.faults else row.texts[field]


def _find_option(given: str, as_written: dict[str, str]) -> str | None:
    return as_written.get(tidy(given)) or as_written.get(fold(given))


def _not_an_option(row: SheetRow, question: Question, given: str) -> Issue:
    texts = [option.text for option in question.options]
    facts = {
        "given": given,
        "suggestion": _suggest(given, texts),
        "options": "; ".join(f"'{text}'" for text in texts),
    }
    return tell(row, IssueCode.UNKNOWN_ANSWER, "answer", **facts)


def _suggest(given: str, texts: list[str]) -> str:
    """Name the option that is close; where two are, naming one would be guessing."""
    folded = {fold(text): text for text in texts}
    close = get_close_matches(fold(given), folded, n=2, cutoff=_CLOSE)
    if not close:
        close = [text for text in folded if fold(given) and text.startswith(fold(given))]
    return f" Bedoelt u '{folded[close[0]]}'?" if len(close) == 1 else ""
