"""The questionnaire as one table, for a house that has no spreadsheet program or fills it in by a script.

Above the questions stands for whom it is, below them the criteria that may be met otherwise.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from assessment.model.question import Question
from assessment.model.scale import Perspective
from assessment.model.sheets import (
    ANSWER_HEADINGS,
    DEVIATION_HEADINGS,
    KEY_HEADING,
    WRITE_HERE,
    Form,
    write_harmless,
)


def write_questionnaire_csv(form: Form) -> bytes:
    """Write an empty questionnaire as CSV: UTF-8 with a mark, semicolons, as Dutch Excel opens it."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerows([write_harmless(text) for text in row] for row in _list_rows(form))
    return stream.getvalue().encode("utf-8-sig")


def _list_rows(form: Form) -> Iterator[list[str]]:
    yield from ([name, value] for name, value in form.passport.items())
    yield []
    yield [KEY_HEADING, "Vraag", "Keuzes", *ANSWER_HEADINGS.values()]
    yield from (_list_question(question, form.perspective) for question in form.questionnaire.questions)
    yield []
    yield [KEY_HEADING, "Criterium", *DEVIATION_HEADINGS.values()]
    allowed = (each for each in form.questionnaire.criteria if each.kind.may_deviate)
    yield from ([criterion.criterion_id, criterion.title, "", "", ""] for criterion in allowed)


def _list_question(question: Question, perspective: Perspective) -> list[str]:
    options = "; ".join(f"{letter} {option.text}" for letter, option in question.lettered) or WRITE_HERE
    asked = " ".join(filter(None, [question.text_as_asked(perspective), question.help]))
    return [question.question_id, asked, options, "", "", ""]
