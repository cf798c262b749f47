"""The questions of a criterion as HTML: each with its options, in the colour of what they count as."""

from collections.abc import Iterable
from html import escape

from assessment.figures.matrix import find_look
from assessment.figures.signs import write_pill
from assessment.model.question import Question


def write_questions(questions: Iterable[Question]) -> str:
    """Write questions under each other, each with what it asks, its help and its options."""
    return f'<dl class="ks-terms ks-questions">{"".join(map(_write_question, questions))}</dl>'


def _write_question(question: Question) -> str:
    core = ' <span class="ks-quiet">kernvraag</span>' if question.core else ""
    help_ = f'<dd class="ks-quiet">{escape(question.help)}</dd>' if question.help else ""
    return (
        f'<dt><span class="ks-id">{question.question_id}</span> {escape(question.text)}{core}</dt>'
        f"{help_}<dd>{_write_options(question)}</dd>"
    )


def _write_options(question: Question) -> str:
    if question.is_open:
        return '<span class="ks-quiet">Open vraag: u antwoordt in eigen woorden.</span>'
    pills = (f"<li>{write_pill(find_look(each.mark), each.text)}</li>" for each in question.options)
    return f'<ul class="ks-list ks-options">{"".join(pills)}</ul>'
