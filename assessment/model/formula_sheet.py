"""The sheet of formulas: its tables, one under the other, and what stands in each row of a formula.

A row is found by the number of its formula and a field by its heading, as on the other sheets.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from assessment.model.effort import Amount, PartyCapacity, PartyKind, Side, TimeUnit
from assessment.model.formula import Formula, FormulaSet, FormulaStatus, Indicator, Level
from assessment.model.scale import Worded

FORMULA_SHEET = "Formules"
FORMULA_KEY_HEADING = "Formule-nr."
PARTY_KEY_HEADING = "Partij"
# In the first column of the hidden sheet, before the version of a formula, or of what a party has, as it was
# when the file was written.
FORMULA_BASE, CAPACITY_BASE = "formule", "inzet"
YES, NO = "ja", "nee"
Value = str | float | date


class FormulaTable(StrEnum):
    """A table on the sheet, in order."""

    FORMULAS = "formulas"
    PARTIES = "parties"
    INTERVENTIONS = "interventions"
    FIGURES = "figures"
    READINGS = "readings"
    CAPACITIES = "capacities"


class TableShape(NamedTuple):
    """The title of a table, the heading of its first column, and that of each field after it."""

    title: str
    key: str
    headings: Mapping[str, str]


SHAPES: Mapping[FormulaTable, TableShape] = {
    FormulaTable.FORMULAS: TableShape(
        "Formules",
        FORMULA_KEY_HEADING,
        {
            "title": "Naam",
            "municipality": "Gemeente",
            "theme": "Vraagstuk",
            "level": "Niveau",
            "target_group": "Doelgroep",
            "problem": "Probleem in één zin",
            "board": "Bestuurlijke regie",
            "process": "Procesregie",
            "casus": "Casusregie",
            "start": "Start",
            "review": "Bijstellen op",
            "status": "Status",
            "shared": "Te delen",
        },
    ),
    FormulaTable.PARTIES: TableShape(
        "Wie wat inzet",
        FORMULA_KEY_HEADING,
        {
            "name": "Partij",
            "kind": "Soort",
            "role": "Rol",
            "effort": "Inzet",
            "number": "Hoeveel",
            "unit": "Eenheid",
            "means": "Middelen",
            "mandate": "Mandaat",
        },
    ),
    FormulaTable.INTERVENTIONS: TableShape(
        "Interventies aan de voorkant en de achterkant",
        FORMULA_KEY_HEADING,
        {
            "what": "Interventie",
            "side": "Kant",
            "party": "Van partij",
            "number": "Hoeveel",
            "unit": "Eenheid",
        },
    ),
    FormulaTable.FIGURES: TableShape(
        "Effecten met hun cijfers, en aantallen (dan blijft Effect leeg)",
        FORMULA_KEY_HEADING,
        {
            "outcome": "Effect",
            "name": "Cijfer",
            "unit": "Eenheid",
            "baseline": "Begin",
            "target": "Streven",
            "due": "Streefdatum",
            "source": "Bron",
        },
    ),
    FormulaTable.READINGS: TableShape(
        "Metingen",
        FORMULA_KEY_HEADING,
        {"name": "Cijfer", "day": "Gemeten op", "value": "Waarde", "source": "Bron"},
    ),
    FormulaTable.CAPACITIES: TableShape(
        "Wat partijen in een jaar hebben voor alle formules samen",
        PARTY_KEY_HEADING,
        {"year": "Jaar", "number": "Hoeveel", "unit": "Eenheid"},
    ),
}
WORDS: Mapping[str, type[Worded]] = {
    "level": Level,
    "status": FormulaStatus,
    "kind": PartyKind,
    "side": Side,
}
# Fields that hold a number, and those that hold a day.
NUMBERS = frozenset({"number", "baseline", "target", "value"})
DAYS = frozenset({"start", "review", "due", "day"})
# Tables in which a unit is that of an amount, and not of a figure.
WITH_AMOUNT = frozenset({FormulaTable.PARTIES, FormulaTable.INTERVENTIONS, FormulaTable.CAPACITIES})


def list_options(table: FormulaTable, field: str) -> tuple[str, ...]:
    """What can be chosen in a field, in the words that a user reads; nothing where one writes freely."""
    if field == "shared":
        return YES, NO
    terms = TimeUnit if field == "unit" and table in WITH_AMOUNT else WORDS.get(field)
    return tuple(each.dutch for each in terms) if terms else ()


Rows = Iterator[tuple[FormulaTable, Mapping[str, Value | None]]]


def list_sheet_rows(given: FormulaSet) -> Rows:
    """Every row of formulas and of what parties have, by table; `key` is what stands in the first column."""
    for formula in given.formulas:
        yield from _list_rows(formula)
    for each in given.capacities:
        yield FormulaTable.CAPACITIES, {"key": each.party, "year": float(each.year), **_amount(each.amount)}


def _list_rows(formula: Formula) -> Rows:
    key = {"key": formula.formula_id}
    plain = {name: getattr(formula, name) for name in ("title", "municipality", "theme", "target_group")}
    plain |= {"problem": formula.problem, "start": formula.start, "review": formula.review}
    chosen = {"level": _word(formula.level), "status": _word(formula.status)}
    shared = {"shared": YES if formula.shared else NO}
    yield FormulaTable.FORMULAS, key | plain | chosen | formula.directing.model_dump() | shared
    for party in formula.parties:
        texts = party.model_dump(include={"name", "role", "effort", "means", "mandate"})
        yield FormulaTable.PARTIES, key | texts | {"kind": _word(party.kind)} | _amount(party.amount)
    for each in formula.interventions:
        texts = {"what": each.what, "party": each.party, "side": _word(each.side)}
        yield FormulaTable.INTERVENTIONS, key | texts | _amount(each.amount)
    for outcome, figure in _list_figures(formula):
        facts = figure.model_dump(exclude={"readings"}) if figure else {}
        yield FormulaTable.FIGURES, key | {"outcome": outcome} | facts
    for figure in formula.indicators:
        for reading in figure.readings:
            yield FormulaTable.READINGS, key | {"name": figure.name} | reading.model_dump()


def _list_figures(formula: Formula) -> Iterator[tuple[str, Indicator | None]]:
    for outcome in formula.outcomes:
        yield from ((outcome.what, figure) for figure in outcome.indicators or (None,))
    yield from (("", figure) for figure in formula.counts)


def _word(term: Worded | None) -> str:
    return term.dutch if term else ""


def _amount(amount: Amount | None) -> dict[str, Value | None]:
    return {"number": amount.number, "unit": amount.unit.dutch} if amount else {}


class FormulaBase(NamedTuple):
    """What a file says of itself: the version of each formula, and what each party had in which version."""

    versions: Mapping[str, int] = {}
    capacities: Mapping[tuple[str, int], tuple[int, Amount | None]] = {}


def list_base(given: FormulaSet) -> Iterator[list[str | float]]:
    """The rows of the hidden sheet by which a file knows what it was written from."""
    for formula in given.formulas:
        yield [FORMULA_BASE, formula.formula_id, formula.version]
    for each in given.capacities:
        amount: list[str | float] = [each.amount.number, each.amount.unit.value] if each.amount else []
        yield [CAPACITY_BASE, each.key, each.year, each.version, *amount]


def read_base_amount(cells: Sequence[str]) -> Amount | None:
    """The amount in the last cells of such a row; None where there is none, or it is not ours."""
    match cells:
        case [number, unit, *_] if unit in set(TimeUnit):
            with suppress(ValueError):
                return Amount(number=float(number), unit=TimeUnit(unit))
    return None


def find_capacity_base(each: PartyCapacity, base: FormulaBase) -> tuple[int, Amount | None]:
    """The version of what a party had when the file was written, and what that was; 0 where it was not."""
    return base.capacities.get((each.key, each.year), (0, None))
