"""Rows of a questionnaire become answers and deviations, or an issue with its place: never nothing.

A row is matched by its id and an answer by the text of an option; nothing is guessed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple

from assessment.model.answers import Answer, Deviation
from assessment.model.framework import Question
from assessment.model.issue import Issue, IssueCode
from assessment.model.questionnaire import Questionnaire
from assessment.model.sheet import DEVIATION_HEADINGS, SheetRow


class Checked(NamedTuple):
    """What a questionnaire says once it is checked; with an issue, nothing of it may be stored."""

    answers: tuple[Answer, ...]
    deviations: tuple[Deviation, ...]
    issues: tuple[Issue, ...]


def check_rows(
    answer_rows: Sequence[SheetRow], deviation_rows: Sequence[SheetRow], questionnaire: Questionnaire
) -> Checked:
    """Check every row; each becomes an answer, a deviation, or an issue."""
    questions = [row for row in answer_rows if row.key not in questionnaire.criterion]
    read = [_read_answer(row, questionnaire) for row in questions]
    agreed = [_read_deviation(row, questionnaire) for row in deviation_rows if any(row.texts.values())]
    issues = (
        *(found for found in [*read, *agreed] if isinstance(found, Issue)),
        *_find_doubles(questions),
        *_find_doubles(deviation_rows),
        *_find_missing(questions, questionnaire),
    )
    return Checked(
        tuple(answer for answer in read if isinstance(answer, Answer)),
        tuple(deviation for deviation in agreed if isinstance(deviation, Deviation)),
        issues,
    )


def _read_answer(row: SheetRow, questionnaire: Questionnaire) -> Answer | Issue:
    question = questionnaire.question.get(row.key)
    if question is None:
        return Issue(
            code=IssueCode.UNKNOWN_ROW, sheet=row.sheet, cell=row.cell("key"), facts={"key": row.key}
        )
    given = row.texts["answer"]
    option_id = _find_option(question, given)
    if given and option_id is None:
        return _not_an_option(row, question, given)
    return Answer(
        question_id=row.key,
        option_id=option_id,
        explanation=row.texts["explanation"],
        evidence=row.texts["evidence"],
    )


def _find_option(question: Question, given: str) -> str | None:
    wanted = _fold(given)
    return next((letter for letter, option in question.lettered if _fold(option.text) == wanted), None)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _not_an_option(row: SheetRow, question: Question, given: str) -> Issue:
    options = "; ".join(f"'{option.text}'" for option in question.options)
    return Issue(
        code=IssueCode.UNKNOWN_ANSWER,
        sheet=row.sheet,
        cell=row.cell("answer"),
        facts={"given": given, "key": row.key, "options": options},
    )


def _read_deviation(row: SheetRow, questionnaire: Questionnaire) -> Deviation | Issue:
    criterion = questionnaire.criterion.get(row.key)
    if criterion is None or not criterion.kind.may_deviate:
        code = IssueCode.UNKNOWN_ROW if criterion is None else IssueCode.NO_DEVIATION
        return Issue(code=code, sheet=row.sheet, cell=row.cell("key"), facts={"key": row.key})
    missing = [heading for field, heading in DEVIATION_HEADINGS.items() if not row.texts[field]]
    if missing:
        facts = {"key": row.key, "missing": " en ".join(missing)}
        return Issue(code=IssueCode.HALF_DEVIATION, sheet=row.sheet, cell=row.cell("key"), facts=facts)
    until = _read_date(row.texts["until"])
    if until is None:
        facts = {"given": row.texts["until"]}
        return Issue(code=IssueCode.NO_DATE, sheet=row.sheet, cell=row.cell("until"), facts=facts)
    return Deviation(
        criterion_id=row.key, reason=row.texts["reason"], agreed_by=row.texts["agreed_by"], until=until
    )


def _read_date(text: str) -> date | None:
    for shape in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no time zone
    return None


def _find_doubles(rows: Sequence[SheetRow]) -> Iterator[Issue]:
    counts = Counter(row.key for row in rows)
    for row in rows:
        if counts[row.key] > 1:
            yield Issue(
                code=IssueCode.DOUBLE_ROW, sheet=row.sheet, cell=row.cell("key"), facts={"key": row.key}
            )


def _find_missing(rows: Sequence[SheetRow], questionnaire: Questionnaire) -> Iterator[Issue]:
    there = {row.key for row in rows}
    for question in questionnaire.questions:
        if question.question_id not in there:
            theme = questionnaire.theme_of[question.criterion_id]
            facts = {"key": question.question_id}
            yield Issue(code=IssueCode.MISSING_ROW, sheet=theme.theme_id, cell="", facts=facts)
