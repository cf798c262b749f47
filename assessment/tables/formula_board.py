"""Who puts in what at each formula, beside what each party has and what it brings: words for one matrix."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from assessment.engine.clashes import Contradiction
from assessment.engine.evidence import Evidence, Trait, count_traits
from assessment.engine.formulas import (
    FrontShare,
    Load,
    Review,
    Share,
    find_missing,
    find_running,
    list_shares,
)
from assessment.model.effort import PartyKind
from assessment.model.formula import Formula, FormulaStatus, Indicator
from assessment.model.register import Register
from assessment.model.scale import Verdict
from assessment.tables.formats import (
    MONTHS,
    NOTHING,
    agree,
    format_counted,
    format_day,
    format_number,
    format_part,
    join_words,
)
from assessment.tables.formulas import NOBODY, describe_review, format_figure


@dataclass(frozen=True)
class Picture:
    """What follows from formulas in a year."""

    year: int
    shares: tuple[Share, ...]
    loads: tuple[Load, ...]
    contradictions: tuple[Contradiction, ...]
    front: FrontShare
    reviews: tuple[Review, ...]
    evidence: tuple[Evidence, ...]


class BoardCell(NamedTuple):
    """A figure with what it is about; with a verdict it asks for attention, and has that colour and sign."""

    figure: str = ""
    told: str = ""
    verdict: Verdict | None = None


class BoardRow(NamedTuple):
    """One formula: its issue, what to know of it, what each party puts in, and what it brings."""

    house: str
    title: str
    told: str
    cells: tuple[BoardCell, ...]
    outcome: BoardCell


class FormulaBoard(NamedTuple):
    """Formulas by parties; above each party what is asked of it beside what it has."""

    parties: tuple[tuple[str, BoardCell], ...]
    rows: tuple[BoardRow, ...]


def make_board(
    formulas: Sequence[Formula], loads: Sequence[Load], register: Register, year: int
) -> FormulaBoard:
    """Lay formulas that run out by parties: the core first, then the others, last what nobody owns.

    Args:
        formulas: of one house, or of several.
        loads: what is asked of the parties of one house in a year; none where it is about several.
        register: the names of the houses.
        year: for which year it is; what begins later says so.
    """
    running = _sort_running(formulas)
    shares = list_shares(running)
    names = _sort_parties(shares)
    load_of = {each.party_key: each for each in loads}
    by_place: dict[tuple[str, str, str], list[Share]] = {}
    for share in shares:
        by_place.setdefault((share.house_id, share.formula_id, share.party_key), []).append(share)
    rows = (
        BoardRow(
            register.house[each.house_id].short_title,
            each.theme or each.title,
            _tell_standing(each, year),
            tuple(_tell_shares(by_place.get((each.house_id, each.formula_id, key), ())) for key in names),
            tell_outcome(each),
        )
        for each in running
    )
    heads = tuple((name or f"van {NOBODY}", _tell_load(load_of.get(key))) for key, name in names.items())
    return FormulaBoard(heads, tuple(rows))


def _sort_running(formulas: Iterable[Formula]) -> list[Formula]:
    """Those that run, of each house what is adopted before drafts, by issue."""
    running = find_running(formulas)
    house_ids = list(dict.fromkeys(each.house_id for each in running))
    return sorted(
        running,
        key=lambda each: (
            house_ids.index(each.house_id),
            each.status is FormulaStatus.DRAFT,
            each.theme.casefold(),
        ),
    )


def _sort_parties(shares: Iterable[Share]) -> dict[str, str]:
    """The name of each party by its key, in the order to show: who puts in most first, within its kind."""
    names: dict[str, str] = {}
    hours: dict[str, float] = {}
    wider: dict[str, bool] = {}
    for each in shares:
        names.setdefault(each.party_key, each.party)
        wider.setdefault(each.party_key, each.kind is not PartyKind.CORE)
        hours[each.party_key] = hours.get(each.party_key, 0) + (each.hours or 0)
    ordered = sorted(names, key=lambda key: (not key, wider[key], -hours[key], names[key].casefold()))
    return {key: names[key] for key in ordered}


def _tell_standing(formula: Formula, year: int) -> str:
    """For whom and how far a formula is, in a few words."""
    standing = "" if formula.status is FormulaStatus.ADOPTED else formula.status.dutch
    missing = len(find_missing(formula))
    lacks = f"mist {format_counted(missing, 'ding')}" if missing else ""
    begins = f"vanaf {formula.start.year}" if formula.start and formula.start.year > year else ""
    return " · ".join(filter(None, [formula.municipality, standing, lacks, begins]))


def _tell_shares(shares: Sequence[Share]) -> BoardCell:
    if not shares:
        return BoardCell()
    known = [each.hours for each in shares if each.hours is not None]
    told = join_words(list(filter(None, (each.role for each in shares))))
    if not shares[0].party_key:
        return BoardCell(_count(sum(known)) if known else "hoeveel?", told, Verdict.NOT_YET)
    return BoardCell(_count(sum(known)), told) if known else BoardCell("hoeveel?", told, Verdict.UNDETERMINED)


def _count(hours: float) -> str:
    return f"{format_number(round(hours))} uur"


def _tell_load(load: Load | None) -> BoardCell:
    """What is asked of a party beside what it has."""
    if load is None:
        return BoardCell()
    if load.available is None:
        asked = "hoeveel?" if load.unknown and not load.asked else _count(load.asked)
        return BoardCell("wat er is, is niet bekend", asked, Verdict.UNDETERMINED)
    told = f"{format_number(round(load.asked))} van {_count(load.available)}"
    if load.excess:
        return BoardCell(f"{_count(load.excess)} te veel", told, Verdict.NOT_YET)
    return BoardCell("", told)


def tell_outcome(formula: Formula) -> BoardCell:
    """What a formula brings, by the first outcome that was measured; never a verdict on it."""
    figures = [figure for outcome in formula.outcomes for figure in outcome.indicators]
    measured = next((each for each in figures if each.readings), None)
    if measured is not None:
        return BoardCell(tell_course(measured), f"{measured.name} ({measured.unit})")
    if formula.outcomes:
        return BoardCell("nog niet gemeten", formula.outcomes[0].what, Verdict.UNDETERMINED)
    return BoardCell("nog geen effect", "", Verdict.NOT_YET)


def tell_course(figure: Indicator) -> str:
    """From where a figure came, what was measured last, and where it has to go."""
    newest = max(figure.readings, key=lambda each: each.day)
    begun = "" if figure.baseline is None else f"{format_figure(figure.baseline)} → "
    aim = "" if figure.target is None else f" (streven {format_figure(figure.target)})"
    return f"{begun}{format_figure(newest.value)}{aim}"


def count_brought(formulas: Iterable[Formula]) -> tuple[int, int]:
    """At how many formulas that run an outcome was measured, and how many run."""
    running = find_running(formulas)
    return count_traits(running)[Trait.MEASURED], len(running)


def describe_formulas(formulas: Sequence[Formula], too_much: Sequence[Load]) -> str:
    """Say in a title who is asked too much, and at how many formulas an outcome was measured."""
    brings = f"bij {format_part(*count_brought(formulas), 'formule')} is een effect gemeten"
    if not too_much:
        return f"voor zover bekend wordt niemand te veel gevraagd; {brings}"
    worst = max(too_much, key=lambda each: each.excess)
    others = f" en nog {format_counted(len(too_much) - 1, 'partij')}" if len(too_much) > 1 else ""
    return f"de formules vragen {_count(worst.excess)} te veel van {worst.party}{others}; {brings}"


def count_pairs(contradictions: Iterable[Contradiction]) -> int:
    """How many pairs of formulas touch, whatever the number of things in which they do."""
    return len({(each.one.subject, each.other.subject) for each in contradictions})


def describe_touching(pairs: int) -> str:
    """Say how many pairs of formulas touch."""
    if not pairs:
        return "geen formules raken elkaar of spreken elkaar tegen"
    does = agree(pairs, "raakt elkaar", "raken elkaar of spreken elkaar tegen")
    return f"{format_counted(pairs, 'paar')} {does}"


def count_measured(formulas: Iterable[Formula]) -> tuple[int, int]:
    """How many figures of outcomes were measured, and how many there are."""
    figures = [
        figure
        for each in find_running(formulas)
        for outcome in each.outcomes
        for figure in outcome.indicators
    ]
    return sum(bool(each.readings) for each in figures), len(figures)


def list_outcomes(formulas: Iterable[Formula]) -> pd.DataFrame:
    """Every figure of an outcome over time, from its baseline by what was measured to its target."""
    rows = [
        (
            each.title,
            outcome.what,
            f"{figure.name} ({figure.unit})",
            format_figure(figure.baseline),
            _tell_readings(figure),
            _tell_target(figure),
        )
        for each in formulas
        for outcome in each.outcomes
        for figure in outcome.indicators
    ]
    columns = ["Formule", "Effect", "Indicator", "Begin", "Gemeten", "Streven"]
    return pd.DataFrame(rows, columns=columns)


def list_counts(formulas: Iterable[Formula]) -> pd.DataFrame:
    """Every count over time: how much was done, which says nothing of what it brought."""
    rows = [
        (each.title, f"{figure.name} ({figure.unit})", _tell_readings(figure))
        for each in formulas
        for figure in each.counts
    ]
    return pd.DataFrame(rows, columns=["Formule", "Telling", "Geteld"])


def _tell_readings(figure: Indicator) -> str:
    ordered = sorted(figure.readings, key=lambda each: each.day)
    days = [each.day for each in ordered]
    tell = next((tell for tell in _MOMENTS if len(set(map(tell, days))) == len(days)), format_day)
    return " · ".join(f"{tell(each.day)}: {format_figure(each.value)}" for each in ordered) or NOTHING


# How a day is told of a figure: as short as tells its readings apart.
_MOMENTS: tuple[Callable[[date], str], ...] = (
    lambda day: str(day.year),
    lambda day: f"{MONTHS[day.month - 1]} {day.year}",
)


def _tell_target(figure: Indicator) -> str:
    if figure.target is None:
        return NOTHING
    due = f" op {format_day(figure.due)}" if figure.due else ""
    return f"{format_figure(figure.target)}{due}"


def list_formula_actions(formulas: Iterable[Formula], reviews: Iterable[Review]) -> pd.DataFrame:
    """What formulas ask for first: reviews that are due, the longest waiting first, then what is missing."""
    rows = [(describe_review(each), _name(each.formula), format_day(each.day)) for each in reviews]
    rows += [
        (_describe_lacks(each, len(missing)), _name(each), NOTHING)
        for each in find_running(formulas)
        if (missing := find_missing(each))
    ]
    return pd.DataFrame(rows, columns=["Wat", "Regie", "Voor"])


def _describe_lacks(formula: Formula, missing: int) -> str:
    counted = f"{format_counted(missing, 'ding')} {agree(missing, 'ontbreekt', 'ontbreken')}"
    return f"Vul formule '{formula.title}' aan: {counted}."


def _name(formula: Formula) -> str:
    """Who directs a formula, whoever does so first."""
    named: Mapping[str, str] = formula.directing.named
    return named.get("process") or next(iter(named.values()), NOTHING)
