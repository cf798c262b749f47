"""Signs, pills, bars and cards as HTML: the small drawings that pages share; their look stands in look.css.

A sign is drawn and not a letter, so that it has one size on every machine; its word stands beside it, or for
a screen reader alone. Whatever somebody wrote is escaped.
"""

import math
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

import pandas as pd

from assessment.model.document import Cell, Table
from assessment.model.plan import Quarter
from assessment.model.question import Question
from assessment.model.scale import Mark, Verdict
from assessment.tables.formats import format_range
from assessment.tables.trend import Move

# What people write short, in full.
_SHORT = {"OM": "Openbaar Ministerie", "WGS": "Wet gegevensverwerking door samenwerkingsverbanden"}
_CODE = re.compile(
    rf"\b(?P<year>\d{{4}})-K(?P<number>[1-4])\b|\b\d+ kwarta(?:al|len)\b|\b(?P<short>{'|'.join(_SHORT)})\b"
)
_ORDINALS = {1: "eerste", 2: "tweede", 3: "derde", 4: "vierde"}
_DRAWN = '<i class="ks-sign" aria-hidden="true"></i>'
# A line of quarters shows so many more than it needs, and never fewer than three years.
_BEYOND, _SHORTEST = 1, 12


def write_sign(verdict: Verdict, word: str = "") -> str:
    """Write the sign of a verdict, for an element that has the class of that verdict; a word is heard."""
    return f'{_DRAWN}<span class="ks-hidden">{escape(word or verdict.dutch)}</span>'


def write_chip(look: str) -> str:
    """Write a sign on its own ground, for beside a text that says what it means.

    Args:
        look: the verdict, or the name that another sign has in look.css.
    """
    return f'<span class="ks-chip ks-{look}">{_DRAWN}</span>'


def write_pill(verdict: Verdict, text: str) -> str:
    """Write a text on the colour of a verdict, after its sign; the word is heard where it is not said."""
    heard = "" if verdict.dutch in text else f'<span class="ks-hidden">{verdict.dutch}: </span>'
    told = f"{_DRAWN}{heard}<span>{explain_codes(text)}</span>"
    return f'<span class="ks-verdict ks-{verdict.value}">{told}</span>'


def write_cells(verdicts: Iterable[tuple[Verdict, str]]) -> str:
    """Write verdicts as a row of signs, each with a text that says of what it is."""
    items = (
        f'<li class="ks-{verdict.value}" title="{escape(of)}: {verdict.dutch}">{write_sign(verdict)}</li>'
        for verdict, of in verdicts
    )
    return f'<ul class="ks-list ks-signs">{"".join(items)}</ul>'


def write_moves(moves: Iterable[Move]) -> str:
    """Write what went from one verdict to another as two signs before its name."""
    return f'<ul class="ks-list ks-moves">{"".join(map(_write_move, moves))}</ul>'


def _write_move(move: Move) -> str:
    aside = f' <span class="ks-quiet">{escape(move.aside)}</span>' if move.aside else ""
    return (
        f'<li>{_write_heard_chip(move.before)}<span aria-hidden="true">→</span>'
        f'<span class="ks-hidden">werd</span>{_write_heard_chip(move.after)}'
        f"<span>{escape(move.what)}{aside}</span></li>"
    )


def _write_heard_chip(verdict: Verdict) -> str:
    return f'<span class="ks-chip ks-{verdict.value}" title="{verdict.dutch}">{write_sign(verdict)}</span>'


def write_range(low: float, high: float, before: float = math.nan) -> str:
    """Write a share from 0 to 1 as a bar: dark to what is sure, light to what is possible; none for NaN.

    What it was `before` is a mark across the bar, of which the text beside it tells.
    """
    if pd.isna(low):
        return ""
    told = escape(format_range(low, high))
    style = f"--low:{low:.2%};--high:{high:.2%}"
    mark = "" if pd.isna(before) else f'<u style="--at:{before:.2%}"></u>'
    return f'<div class="ks-range" role="img" aria-label="{told}" style="{style}"><b></b><i></i>{mark}</div>'


def write_line(begin: Quarter, likely: int, sure: int) -> str:
    """Write quarters as a line: dark until something is likely, light until it is 80 % sure.

    Args:
        begin: the quarter that is 0, the first of the line.
        likely: the quarter in which it is there with a probability of 50 %.
        sure: the same with 80 %.
    """
    quarters = range(max(sure + 1 + _BEYOND, _SHORTEST))
    blocks = "".join(
        f'<li class="{"ks-likely" if each <= likely else "ks-sure" if each <= sure else ""}">'
        f"{_write_year(begin + each, first=each == 0)}</li>"
        for each in quarters
    )
    return (
        f'<ol class="ks-list ks-line" aria-hidden="true" style="--ks-quarters:{len(quarters)}">{blocks}</ol>'
    )


def _write_year(quarter: Quarter, *, first: bool) -> str:
    return f"<small>{quarter.year}</small>" if first or quarter.number == 1 else ""


def explain_codes(text: str) -> str:
    """Write a text whose codes say what they mean, and in which no quarter is broken."""
    return _CODE.sub(_explain, escape(text))


def _explain(code: re.Match[str]) -> str:
    if code["short"]:
        return f'<abbr title="{_SHORT[code["short"]]}">{code["short"]}</abbr>'
    told = f' title="{_ORDINALS[int(code["number"])]} kwartaal van {code["year"]}"' if code["year"] else ""
    return f'<span class="ks-whole"{told}>{code[0]}</span>'


def write_table(table: Table) -> str:
    """Write a table of a document; on a phone each row becomes a list, each value with its heading."""
    whole = sum(table.widths)
    columns = "".join(f'<col style="width:{width / whole:.1%}">' for width in table.widths)
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in table.headings)
    rows = "".join(f"<tr>{''.join(map(_write_told, table.headings, row))}</tr>" for row in table.rows)
    return (
        f'<div class="ks-scroll" tabindex="0" role="group" aria-label="{escape(table.told)}">'
        f'<table class="ks-rows ks-wide ks-told"><colgroup>{columns}</colgroup>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _write_told(heading: str, cell: Cell) -> str:
    verdict = write_pill(cell.verdict, cell.said) if cell.verdict else ""
    told = explain_codes(cell.text)
    quiet = f'<span class="ks-quiet">{explain_codes(cell.quiet)}</span>' if cell.quiet else ""
    apart = "<br>" if verdict and told else ""
    return f'<td data-what="{escape(heading)}"><div>{verdict}{apart} {told} {quiet}</div></td>'


class Card(NamedTuple):
    """One answer of a page; `drawing` is HTML, `link` an anchor of the page with words that lead there."""

    label: str
    figure: str
    beside: str = ""
    drawing: str = ""
    note: str = ""
    link: tuple[str, str] = ("", "")


def write_link(target: str, words: str) -> str:
    """Write a link to an anchor of the same page."""
    return f'<a class="ks-link" href="#{escape(target)}">{escape(words)}</a>'


def write_cards(cards: Sequence[Card]) -> str:
    """Write the answers of a page side by side; under each other where there is no room."""
    return f'<ul class="ks-list ks-cards">{"".join(map(_write_card, cards))}</ul>'


def _write_card(card: Card) -> str:
    target, words = card.link
    link = write_link(target, words) if target else ""
    note = f'<span class="ks-quiet">{explain_codes(card.note)}</span>' if card.note else ""
    return (
        f'<li><span class="ks-quiet">{escape(card.label)}</span>'
        f'<span class="ks-answer"><b>{explain_codes(card.figure)}</b> {explain_codes(card.beside)}</span>'
        f"{card.drawing}{note}{link}</li>"
    )


# Which verdict an answer shares its colour with.
_LOOKS = {Mark.UNKNOWN: Verdict.UNDETERMINED, Mark.DESCRIPTIVE: Verdict.NOT_SCORED}


def find_look(mark: Mark) -> Verdict:
    """The verdict in whose colour an answer is shown."""
    return _LOOKS.get(mark) or Verdict(mark.value)


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
