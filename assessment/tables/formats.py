"""Figures and words as people read them: percentages, ranges, verdicts, phases, days."""

import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from babel.dates import format_date, get_month_names
from babel.numbers import format_decimal
from pandas.api.types import is_numeric_dtype

from assessment.engine.comparison import ALIKE, DIGITS
from assessment.model.answers import Answered
from assessment.model.decisions import Progress
from assessment.model.register import House, Register
from assessment.model.scale import Actor, Perspective, Phase, Verdict

NBSP = "\N{NO-BREAK SPACE}"
_FIGURE = re.compile(r"[0-9]+\s%(?: \([0-9]+–[0-9]+\s%\))?|[0-9]+")
_QUARTER = re.compile(r"(\d{4}-)(K[1-4])")
NOTHING = "–"
AT_PRESENT = "nu"
"""Where a house stands before its plan begins, in the newest round."""
MONTHS = tuple(get_month_names("wide", locale="nl_NL").values())
# Headings under which a text may begin with the sign of a verdict.
OF_VERDICTS = {"Oordeel", "Voor norm"}
ANY_PHASE = "nog niets over te zeggen"
# What is counted anywhere: one, and more or none of it.
_PLURALS = {
    "account": "accounts",
    "antwoord": "antwoorden",
    "bestand": "bestanden",
    "criterium": "criteria",
    "dag": "dagen",
    "ding": "dingen",
    "district": "districten",
    "formule": "formules",
    "telling": "tellingen",
    "indicator": "indicatoren",
    "paar": "paren",
    "fout": "fouten",
    "harde norm": "harde normen",
    "herinnering": "herinneringen",
    "huis": "huizen",
    "kwartaal": "kwartalen",
    "maatregel": "maatregelen",
    "meting": "metingen",
    "norm": "normen",
    "open vraag": "open vragen",
    "partij": "partijen",
    "regel": "regels",
    "tekst": "teksten",
    "toezegging": "toezeggingen",
    "verschil": "verschillen",
    "versie": "versies",
    "vraag": "vragen",
    "vragenlijst": "vragenlijsten",
    "wijziging": "wijzigingen",
}
_NUMBERS = ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")


def format_percentage(share: float) -> str:
    """Show a share in [0, 1] as a whole percentage, rounded half up, once.

    The decimal is rounded and not the float, and 0 % and 100 % are shown only when exactly true.

    Source: questionnaires/scoring.md, section 7.
    """
    return f"{_whole_percent(share)}{NBSP}%"


def format_number(number: float) -> str:
    """Show a number with all its decimals, in Dutch: "0,25"."""
    return format_decimal(number, locale="nl_NL", decimal_quantization=False)


def format_counted(number: int, thing: str) -> str:
    """Show a number of things: "geen huizen", "1 huis", "30 huizen"."""
    return f"{number or 'geen'} {_name_things(number, thing)}"


def format_part(number: int, of: int, thing: str, does: tuple[str, str] | None = None) -> str:
    """Show how many of all things, with what they do: "2 van 30 huizen voldoen", "0 van 1 huis voldoet".

    Args:
        number: how many.
        of: how many there are.
        thing: one of them.
        does: what one does, and what more do; nothing to say how many alone.
    """
    verb = f" {agree(1 if of == 1 else number, *does)}" if does else ""
    return f"{number} van {of} {_name_things(of, thing)}{verb}"


def describe_part(number: int, of: int, thing: str, does: tuple[str, str] | None = None) -> str:
    """As `format_part`, for in a sentence: none is said in words, "geen van de 30 huizen voldoet"."""
    if number or of == 1:
        return format_part(number, of, thing, does)
    return f"geen van de {of} {_name_things(of, thing)}{f' {does[0]}' if does else ''}"


def agree(number: int, one: str, many: str) -> str:
    """Choose the word that fits a number: the one for 1, or that for any other."""
    return one if number == 1 else many


def _name_things(number: int, thing: str) -> str:
    return agree(number, thing, _PLURALS[thing])


def format_answered(counts: Answered) -> str:
    """Show how far somebody is: "3 van 120 vragen beantwoord, 2 van 5 open vragen".

    Open questions may stay empty, and are told of once there is one that is answered.
    """
    told = f"{format_part(counts.answered, counts.asked, 'vraag')} beantwoord"
    written = format_part(counts.written, counts.open, "open vraag")
    return f"{told}, {written}" if counts.written else told


def format_count(number: int) -> str:
    """Show a number as a sentence does: in words up to ten."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def keep_quarters(text: str) -> str:
    """A text for a heading, in which no quarter is broken at its hyphen."""
    return _QUARTER.sub("\\1\N{WORD JOINER}\\2", text)


def format_with_capital(text: str) -> str:
    """Show a text as the beginning of a line; a capital has no accent there: "Eén"."""
    return "Eén" + text[3:] if text.startswith("één") else text[0].upper() + text[1:]


def format_without_capital(text: str) -> str:
    """Show what began a line as a part of one; see `format_with_capital`."""
    return "één" + text[3:] if text.startswith("Eén") else text[0].lower() + text[1:]


def join_words(names: Sequence[str]) -> str:
    """Join names as a sentence does: "a, b en c"; of none there is nothing to say."""
    return "".join(names) if len(names) <= 1 else f"{', '.join(names[:-1])} en {names[-1]}"


def format_share(share: float) -> str:
    """Show a share as `format_percentage`; nothing where it is not known, or not told."""
    return NOTHING if pd.isna(share) else format_percentage(share)


def format_uniformity(share: float) -> str:
    """Show how alike houses are: just below where one face begins it is rounded down, or it would seem one.

    Source: questionnaires/scoring.md, section 7.
    """
    if round(share, DIGITS) < ALIKE <= _whole_percent(share) / 100:
        return format_percentage(ALIKE - 0.01)
    return format_share(share)


def format_range(low: float, high: float) -> str:
    """Show a range, midpoint first: "65 % (58–71 %)"; one figure where both ends round to the same."""
    if pd.isna(low):
        return NOTHING
    middle, first, last = round_middle(low, high), _whole_percent(low), _whole_percent(high)
    ends = "" if first == last else f" ({first}–{last}{NBSP}%)"
    return f"{middle}{NBSP}%{ends}"


def round_middle(low: float, high: float) -> int:
    """Round the middle of a range to the whole percentage that `format_range` begins with."""
    first = _whole_percent(low)
    return first if first == _whole_percent(high) else _whole_percent((low + high) / 2)


def format_width(width: float) -> str:
    """Show how wide a range is: "8 punten"; a little is never nothing."""
    points = _whole_percent(width)
    return f"{points}{NBSP}{agree(points, 'punt', 'punten')}"


def split_range(low: float, high: float) -> tuple[str, str]:
    """Split a range: "65 %" and "58–71 %"; the second is empty where both ends round to the same."""
    middle, _, ends = format_range(low, high).partition(" (")
    return middle, ends.rstrip(")")


def describe_mark(low: float, high: float, earlier: str) -> str:
    """Say what the mark across a bar is: the range in an earlier round, by its title; nothing without one."""
    was, _ = split_range(low, high)
    return "" if was == NOTHING else f". Streep: {was} in {earlier}"


def format_verdict(verdict: str) -> str:
    """Show a verdict as its sign with its word."""
    return f"{Verdict(verdict).sign} {Verdict(verdict).dutch}"


def format_progress(progress: Progress) -> str:
    """Show how far a measure has come, as its sign with its word."""
    return f"{progress.sign}{NBSP}{progress.dutch}"


def format_phase(low: str, high: str) -> str:
    """Show a phase: "in transitie", or "pioniersfase of in transitie" where it is still open.

    Where the ends are the first and the last phase it may be any of them.
    """
    if (low, high) == (Phase.PIONEERING, Phase.BY_FRAMEWORK):
        return ANY_PHASE
    phases = [Phase(phase).dutch for phase in dict.fromkeys((low, high)) if phase]
    return " of ".join(phases) or NOTHING


def name_whose(perspective: Perspective) -> str:
    """Name whose answers something rests on, in few words, for under a title."""
    return perspective.dutch if perspective is Perspective.RECORD else describe_whose(perspective)


def describe_whose(perspective: Perspective) -> str:
    """Say whose answers something rests on."""
    if perspective is Perspective.RECORD:
        return f"{perspective.dutch} (samen vastgesteld door huis en politie, anders van het huis)"
    return f"antwoorden van {perspective.dutch}"


def describe_who_has(perspective: Perspective) -> str:
    """Begin a sentence on what somebody has to hand in: "het huis heeft", "de partners hebben"."""
    several = perspective in {Perspective.PARTNERS, Perspective.JOINT}
    return f"{perspective.who} {'hebben' if several else 'heeft'}"


def describe_handed_in(number: int, of: int, perspective: Perspective = Perspective.RECORD) -> str:
    """Say how many houses handed in, or at how many somebody else did: "1 van 30 huizen leverde in"."""
    match perspective:
        case Perspective.HOUSE | Perspective.RECORD:
            return f"{describe_part(number, of, 'huis', ('leverde', 'leverden'))} in"
        case Perspective.JOINT:
            return f"huis en politie stelden samen vast bij {describe_part(number, of, 'huis')}"
        case _:
            handed_in = "leverden" if perspective is Perspective.PARTNERS else "leverde"
            return f"{perspective.who} {handed_in} in bij {describe_part(number, of, 'huis')}"


def describe_not_yet(perspective: Perspective) -> str:
    """Say in the row of a house that there are no answers yet, and whose where the house may have its own."""
    match perspective:
        case Perspective.JOINT:
            return "nog niet samen vastgesteld"
        case Perspective.HOUSE | Perspective.RECORD:
            return "nog niet ingeleverd"
        case _:
            return f"door {perspective.who} nog niet ingeleverd"


def describe_basis(number: int, of: int) -> str:
    """Say on the answers at how many houses of a unit something rests; nothing where it is all of them."""
    return "" if number == of else f", op antwoorden bij {describe_part(number, of, 'huis')}"


def format_day(day: date | None) -> str:
    """Show a day as "31 december 2027"; nothing where it is not known."""
    return "" if day is None else format_date(day, "d MMMM yyyy", locale="nl_NL")


MOMENT = "Op (Nederlandse tijd)"
"""The heading above moments."""


def format_moment(moment: datetime) -> str:
    """Show a moment as "31 december 2027, 14:05"."""
    return f"{format_day(moment)}, {moment:%H:%M}"


def holds_figures(column: pd.Series) -> bool:
    """Whether a column is one of figures: numbers, percentages and ranges; some may be missing, not all."""
    if is_numeric_dtype(column):
        return True
    told = [text for text in map(str, column) if text != NOTHING]
    return bool(told) and all(map(_FIGURE.fullmatch, told))


def format_ranges(scores: pd.DataFrame) -> list[str]:
    """Show the range of each row with low and high."""
    return [format_range(low, high) for low, high in zip(scores["low"], scores["high"], strict=True)]


def format_phases(totals: pd.DataFrame) -> list[str]:
    """Show the phase of each row of HOUSE_SCORES."""
    return [
        format_phase(low, high) for low, high in zip(totals["phase_low"], totals["phase_high"], strict=True)
    ]


def format_hard_norms(total: Mapping[Hashable, int]) -> str:
    """Show how many hard norms of a row of HOUSE_SCORES have which verdict, in the words of the verdicts."""
    met, partly, not_yet, undetermined = (
        total[f"hard_{key}"] for key in ("met", "partly", "not_yet", "undetermined")
    )
    meets = "voldoet" if met == 1 else "voldoen"
    return f"{met} {meets}, {partly} deels, {not_yet} nog niet, {undetermined} onbepaald"


def name_actors(rows: pd.DataFrame, register: Register, actor: str = "actor") -> list[str]:
    """Who is up in each row with house_id and an actor; a district and basisteams by their names."""
    pairs = zip(rows[actor], rows["house_id"], strict=True)
    return [_name_actor(str(kind), register.house[house_id], register) for kind, house_id in pairs]


def _name_actor(kind: str, house: House, register: Register) -> str:
    if kind == Actor.DISTRICT and house.district_id is not None:
        return register.district[house.district_id].title
    return f"{kind} ({', '.join(house.teams)})" if kind == Actor.TEAM and house.teams else kind


def _whole_percent(share: float) -> int:
    percent = Decimal(f"{share * 100:.10f}").quantize(Decimal(1), ROUND_HALF_UP)
    if percent == 100 and share < 1:  # noqa: PLR2004
        return 99
    if percent == 0 and share > 0:
        return 1
    return int(percent)
