"""The delivery card of a house (leverkaart): what the police promised and how, and whether it is kept.

It says only what answers, evidence and plan say; where these say nothing it says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

import pandas as pd

from assessment.model.answers import Submission, list_answers, list_deviations
from assessment.model.decisions import Decisions, PlanLine, find_line
from assessment.model.document import Cell, Document, Part, Table, name_file
from assessment.model.framework import Criterion
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.model.scale import Verdict
from assessment.model.texts import DeliveryTexts, PromiseTexts
from assessment.tables.formats import (
    format_counted,
    format_day,
    format_verdict,
    format_with_capital,
)
from assessment.tables.houses import count_verdicts
from assessment.tables.versions import describe_standing

NOT_FILLED_IN, _NOT_ASKED, _NOT_SHARED = "niet ingevuld", "wordt niet gevraagd", "niet gedeeld"


class Delivery(NamedTuple):
    """Everything that the delivery card of one house is written from.

    `criteria` is CRITERION_SCORES of the house; `since` tells for each answer since which round it is so;
    `shared` whether the reader may read what was written freely; a deviation must hold on `as_of`.
    """

    house: House
    register: Register
    round: Round
    questionnaire: Questionnaire
    submission: Submission
    criteria: pd.DataFrame
    decisions: Decisions
    since: Mapping[str, Round]
    shared: bool
    as_of: date
    moment: datetime
    texts: DeliveryTexts

    @property
    def promises(self) -> tuple[PromiseTexts, ...]:
        """The promises of which this questionnaire asks."""
        return tuple(
            each for each in self.texts.promises if each.criterion_id in self.questionnaire.criterion
        )

    @property
    def name(self) -> str:
        """What to call its files, without what tells their kind."""
        return name_file("leverkaart", self.round.round_id, self.house.house_id)


def compose_delivery(card: Delivery) -> Document:
    """Write down once what the delivery card of a house says, for the page and every kind of file."""
    unit = card.register.unit[card.house.unit_id].title
    return Document(
        kind=card.texts.title,
        title=card.house.title,
        of=f"{unit} · op de antwoorden van {card.round.title} · {describe_answers(card)}",
        notice=card.texts.invented if card.house.invented else "",
        parts=tuple(list_parts(card)),
        moment=card.moment,
        smallest=_SMALLEST,
        in_word=_SMALLEST,
    )


def list_parts(card: Delivery) -> Iterator[Part]:
    """The parts of a delivery card, which a report to partners holds too."""
    if not card.promises:
        yield Part(title=card.texts.title, lead=card.texts.nothing)
        return
    finding = format_with_capital(describe_delivered(card))
    yield Part(title=finding, lead=card.texts.lead, tables=(_tabulate_agreements(card),))
    yield Part(title=card.texts.promised, tables=(_tabulate_promises(card),))


def describe_answers(card: Delivery) -> str:
    """Whose answers the card rests on, and of which day."""
    handed_in = format_day(card.submission.handed_in)
    return f"{describe_standing(card.submission.perspective, None)}, ingeleverd op {handed_in}"


def describe_delivered(card: Delivery) -> str:
    """Say how many promises are kept, in the words of their verdicts: "3 van 9 toezeggingen voldoen"."""
    own = _judge(card)
    if own.empty:
        return card.texts.nothing
    met, rest = count_verdicts(own)
    return f"van {format_counted(len(own), 'toezegging')}: {met} {rest}"


def describe_talk(card: Delivery) -> str:
    """What was answered on the last talk about what is delivered."""
    return _tell_answer(card, card.texts.talk)


def list_deliveries(cards: Iterable[Delivery]) -> pd.DataFrame:
    """The cards of several houses for reading, in the order they come in; nobody is ranked."""
    rows = [(card.house.title, describe_delivered(card), describe_talk(card)) for card in cards]
    return pd.DataFrame(rows, columns=["Huis", "Toezeggingen", "Laatste gesprek"])


def _judge(card: Delivery) -> pd.Series:
    promised = {each.criterion_id for each in card.promises}
    return card.criteria.loc[card.criteria["criterion_id"].isin(promised), "verdict"]


def _tabulate_agreements(card: Delivery) -> Table:
    rows = tuple(
        (Cell(title), Cell(_tell_answer(card, key)), Cell(_tell_since(card, [key]) or NOT_FILLED_IN))
        for key, title in card.texts.agreements.items()
        if key in card.questionnaire.question
    )
    return _drop_empty(
        Table(card.texts.agreed, ("Afspraak", "Antwoord", "Sinds wanneer"), (62, 62, 52), rows)
    )


def _tabulate_promises(card: Delivery) -> Table:
    verdicts = dict(zip(card.criteria["criterion_id"], card.criteria["verdict"], strict=True))
    rows = tuple(_make_promise(card, each, verdicts[each.criterion_id]) for each in card.promises)
    headings = ("Toezegging", "In welke vorm", "Geleverd?", "Sinds wanneer", "Bewijs en afspraken")
    return _drop_empty(Table(card.texts.promised, headings, (46, 38, 42, 24, 26), rows))


_SMALLEST = 0.88  # of the letters of a card: in a table some 7.5 points
_ANSWERED = 2  # columns: what it is about, and the answer


def _drop_empty(table: Table) -> Table:
    """The table without the columns after its answers of which no row says anything."""
    said = [
        place
        for place in range(len(table.headings))
        if place < _ANSWERED or any(row[place] != Cell(NOT_FILLED_IN) for row in table.rows)
    ]
    return replace(
        table,
        headings=tuple(table.headings[place] for place in said),
        widths=tuple(table.widths[place] for place in said),
        rows=tuple(tuple(row[place] for place in said) for row in table.rows),
    )


def _make_promise(card: Delivery, promise: PromiseTexts, verdict: str) -> tuple[Cell, ...]:
    criterion = card.questionnaire.criterion[promise.criterion_id]
    delivered = _tell_answers(card, promise.delivered) if promise.delivered else ""
    said = format_verdict(verdict).partition(" ")[2]
    return (
        Cell(f"{criterion.criterion_id} {criterion.title}", criterion.conform_when or ""),
        Cell(_tell_answers(card, promise.form)),
        Cell(delivered, verdict=Verdict(verdict), said=said),
        _tell_when(card, promise, criterion),
        Cell(_tell_agreed(card, criterion)),
    )


def _tell_when(card: Delivery, promise: PromiseTexts, criterion: Criterion) -> Cell:
    """Since when it is so, by the plan and by the answers."""
    done, since = _tell_done(card, criterion), _tell_since(card, [*promise.form, *promise.delivered])
    return Cell(done, since) if done or since else Cell(NOT_FILLED_IN)


def _tell_answers(card: Delivery, questions: Mapping[str, str]) -> str:
    asked = {key: words for key, words in questions.items() if key in card.questionnaire.question}
    told = [f"{words}: {_tell_answer(card, key)}" for key, words in asked.items()]
    return _join(told) or _NOT_ASKED


def _tell_answer(card: Delivery, question_id: str) -> str:
    """The option that was chosen."""
    question = card.questionnaire.question.get(question_id)
    if question is None:
        return _NOT_ASKED
    answer = list_answers(card.submission).get(question_id)
    option = dict(question.lettered).get(answer.option_id or "") if answer else None
    return option.text if option else NOT_FILLED_IN


def _tell_since(card: Delivery, question_ids: Iterable[str]) -> str:
    """Since which round these answers are all as they are now; empty where none was given."""
    rounds = [card.since[key] for key in question_ids if key in card.since]
    return f"zo beantwoord sinds {max(rounds, key=lambda each: each.opens).title}" if rounds else ""


def _tell_done(card: Delivery, criterion: Criterion) -> str:
    """Since when work on it runs or is done, by the plan; empty where it says nothing."""
    lines = [(each.title, _find_line(card, each.measure_id)) for each in criterion.measures]
    told = [
        f"gereed op {format_day(line.done)}: {title}"
        if line.done
        else f"begonnen op {format_day(line.started)}: {title}"
        for title, line in lines
        if line.done or line.started
    ]
    return _join(told)


def _tell_agreed(card: Delivery, criterion: Criterion) -> str:
    """What was written as evidence, what was agreed to be otherwise, and what is agreed in the plan."""
    told = [*_list_evidence(card, criterion), *_list_deviating(card, criterion), *_list_due(card, criterion)]
    if not card.shared:
        told.append(f"bewijs en toelichting: {_NOT_SHARED}")
    return _join(told) or NOT_FILLED_IN


def _list_evidence(card: Delivery, criterion: Criterion) -> Iterator[str]:
    given = list_answers(card.submission)
    answers = (given[each.question_id] for each in criterion.questions if each.question_id in given)
    yield from dict.fromkeys(f"bewijs: {each.evidence}" for each in answers if each.evidence)


def _list_deviating(card: Delivery, criterion: Criterion) -> Iterator[str]:
    agreed = list_deviations(card.submission).get(criterion.criterion_id)
    if agreed is not None:
        until = "geldt" if agreed.in_force(card.as_of) else "gold"
        yield f"bewust anders: {agreed.reason} ({until} tot en met {format_day(agreed.until)})"


def _list_due(card: Delivery, criterion: Criterion) -> Iterator[str]:
    for measure in criterion.measures:
        line = _find_line(card, measure.measure_id)
        if line.due and not line.done:
            who = f", {line.owner}" if line.owner else ""
            yield f"afgesproken voor {format_day(line.due)}{who}: {measure.title}"


def _find_line(card: Delivery, measure_id: str) -> PlanLine:
    return find_line(card.decisions, card.house.house_id, measure_id)


def _join(told: Iterable[str]) -> str:
    return "\n".join(told)
