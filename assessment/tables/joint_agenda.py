"""The joint agenda of a house for its driehoek, on one page: advice, answers, formulas, what to talk about.

It says only what was answered and what formulas hold; nothing in it is scored.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from textwrap import shorten
from typing import NamedTuple

from assessment.engine.evidence import count_traits
from assessment.engine.formulas import FrontShare, Load, find_running
from assessment.model.answers import Submission, list_answers
from assessment.model.document import Cell, Document, Part, Table, name_file
from assessment.model.formula import Formula
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.model.scale import Mark, Perspective
from assessment.model.texts import AgendaGroup, AgendaItem, AgendaTexts
from assessment.tables.formats import (
    NOTHING,
    agree,
    format_counted,
    format_day,
    format_number,
    format_part,
    format_percentage,
    format_with_capital,
    format_without_capital,
    split_range,
)
from assessment.tables.formula_board import Picture, count_pairs, describe_touching
from assessment.tables.versions import describe_standing

# Of the columns, without and with what formulas show.
_WIDTHS = ((52, 76, 48), (40, 58, 36, 42))
_SMALLEST = 0.94  # of its letters: 8 points in a table; what does not fit so goes on to a next page
_IN_WORD = 0.78  # fits on one page also in the wider letters of a computer without ours
_LONGEST_NAME = 40  # letters of a party, which somebody typed; more would not fit on the page
_NOT_SHARED = "de formules zijn niet met u gedeeld"


class JointAgenda(NamedTuple):
    """Everything that the joint agenda of one house is written from.

    `submission` is None where nothing was handed in; `picture` what follows from `formulas`, None where the
    visitor may not see them. `whose` tells whose answers these are.
    """

    house: House
    register: Register
    round: Round
    questionnaire: Questionnaire
    whose: Perspective
    submission: Submission | None
    formulas: tuple[Formula, ...]
    picture: Picture | None
    texts: AgendaTexts
    moment: datetime

    @property
    def name(self) -> str:
        """What to call its files, without what tells their kind."""
        return name_agenda(self.round.round_id, self.house.house_id)


def name_agenda(round_id: str, house_id: str) -> str:
    """What to call the files of a joint agenda, without what tells their kind."""
    return name_file("gezamenlijke-agenda", round_id, house_id)


def compose_joint_agenda(agenda: JointAgenda) -> Document:
    """Write down once what the joint agenda of a house says, for every kind of file."""
    texts, fields = agenda.texts, _list_fields(agenda)
    unit = agenda.register.unit[agenda.house.unit_id].title
    tables = tuple(_tabulate(agenda, group, fields) for group in texts.groups)
    finding = format_with_capital(texts.finding.format_map(fields))
    return Document(
        kind=texts.title,
        title=agenda.house.title,
        of=f"{unit} · {agenda.round.title} · {_describe_answers(agenda)}",
        notice=texts.invented if agenda.house.invented else "",
        parts=(Part(title=finding, lead=texts.lead, tables=tables),),
        moment=agenda.moment,
        smallest=_SMALLEST,
        in_word=_IN_WORD,
    )


def _describe_answers(agenda: JointAgenda) -> str:
    if agenda.submission is None:
        return "nog niets ingeleverd"
    handed_in = format_day(agenda.submission.handed_in)
    return f"{describe_standing(agenda.whose, None)}, ingeleverd op {handed_in}"


def _tabulate(agenda: JointAgenda, group: AgendaGroup, fields: Mapping[str, str]) -> Table:
    """A row for each advice; the column of formulas is left out where there is none to tell of."""
    columns, told = agenda.texts.columns, bool(agenda.picture and find_running(agenda.formulas))
    shown = {
        columns.says: [item.says for item in group.items],
        columns.answers: ["\n".join(_tell_answers(agenda, item)) for item in group.items],
        **({columns.formulas: [_tell_formulas(item, fields) for item in group.items]} if told else {}),
        columns.ask: [item.ask for item in group.items],
    }
    rows = tuple(tuple(map(Cell, row)) for row in zip(*shown.values(), strict=True))
    return Table(group.title, tuple(shown), _WIDTHS[told], rows, title=group.title)


def _tell_answers(agenda: JointAgenda, item: AgendaItem) -> Sequence[str]:
    """Each answer behind the sign of what it means; what the round does not ask is left out, or told."""
    asked = {key: words for key, words in item.answers.items() if key in agenda.questionnaire.question}
    told = [f"{_tell_answer(agenda, key, words)}" for key, words in asked.items()]
    return told or [agenda.texts.not_asked]


def _tell_answer(agenda: JointAgenda, question_id: str, words: str) -> str:
    chosen = _find_marks(agenda).get(question_id)
    if chosen is None:
        return f"{Mark.UNKNOWN.sign} {words}: {agenda.texts.not_filled_in}"
    mark, text = chosen
    return f"{mark.sign} {words}: {format_without_capital(text)}"


def _find_marks(agenda: JointAgenda) -> dict[str, tuple[Mark, str]]:
    """What was chosen at each question: what it means, and its words."""
    given = list_answers(agenda.submission) if agenda.submission else {}
    found = {}
    for key, answer in given.items():
        question = agenda.questionnaire.question.get(key)
        option = dict(question.lettered).get(answer.option_id or "") if question else None
        if option is not None:
            found[key] = option.mark, option.text
    return found


def _tell_formulas(item: AgendaItem, fields: Mapping[str, str]) -> str:
    return format_with_capital(item.formulas.format_map(fields)) if item.formulas else NOTHING


def _list_fields(agenda: JointAgenda) -> dict[str, str]:
    """What the texts may name between { }, as they read it."""
    running, picture = find_running(agenda.formulas), agenda.picture
    held = {
        trait.value: format_part(number, len(running), "formule")
        for trait, number in count_traits(running).items()
    }
    return held | {
        "unknown": _describe_unknown(agenda),
        "running": _NOT_SHARED if picture is None else _describe_running(len(running)),
        "touching": describe_touching(count_pairs(picture.contradictions)) if picture else "",
        "too_much": _describe_excess(picture.loads) if picture else "",
        "front": _describe_front(picture.front) if picture else "",
    }


def _describe_unknown(agenda: JointAgenda) -> str:
    """Say at how many questions nobody knows the answer; whatever is not known stays so."""
    if agenda.submission is None:
        return "er is nog niets geantwoord"
    named = [key for group in agenda.texts.groups for item in group.items for key in item.answers]
    asked = [key for key in named if key in agenda.questionnaire.question]
    marks = _find_marks(agenda)
    unknown = sum(marks.get(key, (Mark.UNKNOWN, ""))[0] is Mark.UNKNOWN for key in asked)
    if not unknown:
        return f"op {format_part(len(asked), len(asked), 'vraag')} is het antwoord bekend"
    return f"op {format_part(unknown, len(asked), 'vraag')} is het antwoord niet bekend"


def _describe_running(number: int) -> str:
    return f"er {agree(number, 'loopt', 'lopen')} {format_counted(number, 'formule')}"


def _describe_excess(loads: Iterable[Load]) -> str:
    """Say of whom most more is asked than it has, and of how many others more."""
    over = sorted((each for each in loads if each.excess), key=lambda each: -each.excess)
    if not over:
        return "van niemand, voor zover bekend"
    name = shorten(over[0].party, _LONGEST_NAME, placeholder=" …")
    others = f", en van nog {format_counted(len(over) - 1, 'partij')}" if len(over) > 1 else ""
    return f"{format_number(round(over[0].excess))} uur van {name}{others}"


def _describe_front(front: FrontShare) -> str:
    if front.low is None or front.high is None:
        return "niet bekend"
    middle, ends = split_range(front.low, front.high)
    sure, possible = map(format_percentage, (front.low, front.high))
    return f"{middle} (zeker {sure}, mogelijk {possible})" if ends else middle
