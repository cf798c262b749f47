"""The rows of the sheet of formulas become formulas; every row ends in one class, and nothing is guessed.

A formula with a fault in any of its rows is not read at all: half of it would be another formula.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assessment.engine.validation.check import find_cell_faults, find_persons, make_remark, says_something
from assessment.model.effort import PartyCapacity, TimeUnit
from assessment.model.formula import Formula
from assessment.model.formula_sheet import (
    DAYS,
    NO,
    NUMBERS,
    SHAPES,
    WITH_AMOUNT,
    WORDS,
    YES,
    FormulaBase,
    FormulaTable,
    find_capacity_base,
    list_options,
)
from assessment.model.issue import Issue, IssueCode, Weight
from assessment.model.receipt import RowClass, RowOutcome
from assessment.model.sheets import Part, SheetRow
from assessment.model.wording import fold, read_day, read_number

_DIRECTING = ("board", "process", "casus")
_TITLES = {shape.title for shape in SHAPES.values()}
_NOT_FOR_A_SLUG = re.compile(r"[^a-z0-9]+")


class CheckedFormulas(NamedTuple):
    """What the sheet says: each row with its class, every remark, and what can be stored of it."""

    outcomes: tuple[RowOutcome, ...] = ()
    issues: tuple[Issue, ...] = ()
    formulas: tuple[Formula, ...] = ()
    capacities: tuple[PartyCapacity, ...] = ()


class _Line(NamedTuple):
    """A row with the values of its fields, and what is off in it."""

    row: SheetRow
    table: FormulaTable
    key: str
    values: Mapping[str, object]
    issues: tuple[Issue, ...]


def check_formula_rows(rows: Sequence[SheetRow], house_id: str, base: FormulaBase) -> CheckedFormulas:
    """Check every row of the sheet of formulas.

    Args:
        rows: those of the sheet that stand under its headings, in order.
        house_id: the house that the file is of.
        base: what the file was written from.

    Returns:
        The formulas that are sound, each in the version that it had when the file was written, and what
        parties have where that is something else than it was then.
    """
    lines = [_read_line(row) for row in rows if says_something(row)]
    builder = _Builder(house_id, base, _group(lines))
    found = [*builder.build_formulas(), *builder.build_capacities(lines)]
    issues = [
        *(each for line in lines for each in line.issues),
        *(each for one in found for each in one.issues),
    ]
    faulty = {(each.sheet, each.row) for each in issues if each.code.weight is Weight.FAULT}
    made = [each.made for each in found if each.made is not None]
    persons = [each for row in rows for each in find_persons(row)]
    return CheckedFormulas(
        tuple(_judge(row, issues, faulty) for row in rows),
        (*issues, *persons, *builder.tell_gone(lines)),
        tuple(each for each in made if isinstance(each, Formula)),
        tuple(each for each in made if isinstance(each, PartyCapacity) and builder.has_changed(each)),
    )


def _judge(row: SheetRow, issues: Iterable[Issue], faulty: set[tuple[str, str]]) -> RowOutcome:
    own = tuple(each for each in issues if (each.sheet, each.row) == (row.sheet, str(row.number)))
    if not says_something(row):
        return _judge_empty(row)
    faulty_row = (row.sheet, str(row.number)) in faulty
    return RowOutcome(row, RowClass.NOT_UNDERSTOOD if faulty_row else RowClass.READ, own)


def _judge_empty(row: SheetRow) -> RowOutcome:
    """A row without a field filled in: a title of ours, a number alone, or a note beside the tables."""
    if row.key in _TITLES:
        return RowOutcome(row._replace(part=Part.OWN_TEXT), RowClass.OWN_TEXT)
    return RowOutcome(row, RowClass.EMPTY if row.key else RowClass.NOTE)


def _read_line(row: SheetRow) -> _Line:
    table = FormulaTable(row.table)
    values: dict[str, object] = {}
    issues = [*find_cell_faults(row)]
    for field, text in row.texts.items():
        if text and field not in row.faults:
            value, issue = _read_value(row, table, field, text)
            values |= {field: value} if issue is None else {}
            issues += [issue] if issue else []
    if table in WITH_AMOUNT:
        issues += _take_amount(row, values)
    key = row.key if table is FormulaTable.CAPACITIES else make_slug(row.key)
    if not key:
        issues.append(make_remark(row, IssueCode.FORMULA_NO_ID, heading=SHAPES[table].key))
    return _Line(row, table, key, values, tuple(issues))


def make_slug(text: str) -> str:
    """The number of a formula as it is kept: `Jeugd 1` is jeugd-1."""
    return _NOT_FOR_A_SLUG.sub("-", fold(text)).strip("-")


def _read_value(row: SheetRow, table: FormulaTable, field: str, text: str) -> tuple[object, Issue | None]:
    """The value of a field, or the remark that says why it has none."""
    heading = {"heading": SHAPES[table].headings[field], "given": text}
    if options := list_options(table, field):
        chosen = next((each for each in options if fold(each) == fold(text)), None)
        told = make_remark(row, IssueCode.FORMULA_WORD, field, **heading, options=", ".join(options))
        return (_find_term(field, chosen), None) if chosen else (None, told)
    if field in NUMBERS or field == "year":
        number = read_number(text)
        return number, None if number is not None else make_remark(
            row, IssueCode.FORMULA_NUMBER, field, **heading
        )
    if field in DAYS:
        day = read_day(text)
        return day, None if day else make_remark(row, IssueCode.FORMULA_DAY, field, **heading)
    return text, None


def _find_term(field: str, chosen: str) -> object:
    if chosen in {YES, NO}:
        return chosen == YES
    return next(each for each in WORDS.get(field, TimeUnit) if each.dutch == chosen)


def _take_amount(row: SheetRow, values: dict[str, object]) -> Iterator[Issue]:
    """Put number and unit together; a number without a unit is not understood."""
    number, unit = values.pop("number", None), values.pop("unit", None)
    if number is None:
        return
    if unit is None and "unit" not in row.faults and not row.texts.get("unit"):
        options = ", ".join(each.dutch for each in TimeUnit)
        yield make_remark(row, IssueCode.FORMULA_NO_UNIT, "unit", given=row.texts["number"], options=options)
    if unit is not None:
        values["amount"] = {"number": number, "unit": unit}


def _group(lines: Iterable[_Line]) -> Mapping[tuple[str, FormulaTable], list[_Line]]:
    found: dict[tuple[str, FormulaTable], list[_Line]] = defaultdict(list)
    for line in lines:
        if line.key:
            found[line.key, line.table].append(line)
    return found


class _Made(NamedTuple):
    """A formula, or what a party has, and the remarks on it; none was made where it cannot be."""

    made: Formula | PartyCapacity | None
    issues: tuple[Issue, ...] = ()


class _Builder(NamedTuple):
    house_id: str
    base: FormulaBase
    lines: Mapping[tuple[str, FormulaTable], list[_Line]]

    def of(self, key: str, table: FormulaTable) -> list[_Line]:
        return self.lines.get((key, table), [])

    def build_formulas(self) -> Iterator[_Made]:
        known = {key for key, table in self.lines if table is FormulaTable.FORMULAS}
        for key in dict.fromkeys(key for key, table in self.lines if table is not FormulaTable.CAPACITIES):
            yield self._build(key) if key in known else _Made(None, tuple(self._tell_strange(key)))

    def _tell_strange(self, key: str) -> Iterator[Issue]:
        for line in self._all_of(key):
            yield make_remark(line.row, IssueCode.FORMULA_STRANGE)

    def _all_of(self, key: str) -> Iterator[_Line]:
        for table in FormulaTable:
            if table is not FormulaTable.CAPACITIES:
                yield from self.of(key, table)

    def _build(self, key: str) -> _Made:
        own, *again = self.of(key, FormulaTable.FORMULAS)
        issues = [make_remark(each.row, IssueCode.DOUBLE_ROW) for each in (own, *again) if again]
        issues += self._find_unread_readings(key)
        if issues or any(line.issues for line in self._all_of(key)):
            return self._leave_out(key, issues)
        try:
            return _Made(Formula.model_validate(self._compose(key, own)))
        except ValidationError as error:
            return self._leave_out(key, [self._place(key, own, fault) for fault in error.errors()])

    def _leave_out(self, key: str, issues: Sequence[Issue]) -> _Made:
        """Make nothing of a formula, and tell that too at its rows in which nothing is off."""
        told = {each.row for each in issues}
        sound = [line for line in self._all_of(key) if not line.issues and str(line.row.number) not in told]
        return _Made(None, (*issues, *(make_remark(each.row, IssueCode.FORMULA_LEFT_OUT) for each in sound)))

    def _compose(self, key: str, own: _Line) -> dict[str, object]:
        directing = {name: own.values[name] for name in _DIRECTING if name in own.values}
        plain = {name: value for name, value in own.values.items() if name not in _DIRECTING}
        outcomes: dict[str, list[object]] = {}
        counts = []
        for line in self.of(key, FormulaTable.FIGURES):
            figure = self._compose_figure(key, line)
            if "outcome" in line.values:
                outcomes.setdefault(str(line.values["outcome"]), []).extend([figure] if figure else [])
            else:
                counts.append(figure)
        return {
            "house_id": self.house_id,
            "formula_id": key,
            "version": self.base.versions.get(key, 0),
            "title": "",
            **plain,
            "directing": directing,
            "parties": [line.values for line in self.of(key, FormulaTable.PARTIES)],
            "interventions": [line.values for line in self.of(key, FormulaTable.INTERVENTIONS)],
            "outcomes": [{"what": what, "indicators": figures} for what, figures in outcomes.items()],
            "counts": counts,
        }

    def _compose_figure(self, key: str, line: _Line) -> dict[str, object]:
        """A figure with its readings; nothing where a row holds an outcome alone."""
        facts = {name: value for name, value in line.values.items() if name != "outcome"}
        name = fold(str(facts.get("name", "")))
        readings = [
            {field: value for field, value in each.values.items() if field != "name"}
            for each in self.of(key, FormulaTable.READINGS)
            if name and fold(str(each.values.get("name", ""))) == name
        ]
        return {**facts, "readings": readings} if facts else {}

    def _find_unread_readings(self, key: str) -> Iterator[Issue]:
        """A measurement of a figure that the formula does not have would get lost."""
        names = {fold(str(line.values.get("name", ""))) for line in self.of(key, FormulaTable.FIGURES)}
        for line in self.of(key, FormulaTable.READINGS):
            if fold(str(line.values.get("name", ""))) not in names - {""}:
                given = line.row.texts["name"]
                yield make_remark(line.row, IssueCode.FORMULA_STRANGE_FIGURE, "name", given=given)

    def _place(self, key: str, own: _Line, fault: ErrorDetails) -> Issue:
        """The remark on the row in which the model found a fault; else on that of the formula itself."""
        line, field = self._find_line(key, own, fault["loc"])
        told = _tell(fault).removeprefix(f"{key}: ").removeprefix(": ")
        return make_remark(line.row, IssueCode.FORMULA_FAULT, field, told=told)

    def _find_line(self, key: str, own: _Line, loc: Sequence[int | str]) -> tuple[_Line, str]:
        match loc:
            case ("parties" | "interventions" as part, int(place), *rest):
                return self.of(key, FormulaTable(part))[place], _find_field(rest)
            case ("outcomes", int(outcome), "indicators", int(place), *rest):
                return self._list_figures(key, outcome)[place], _find_field(rest)
            case ("outcomes", int(outcome), *rest):
                return self._list_figures(key, outcome, every=True)[0], _find_field(rest)
            case ("counts", int(place), *rest):
                return self._list_figures(key, None)[place], _find_field(rest)
            case _:
                return own, _find_field(loc)

    def _list_figures(self, key: str, outcome: int | None, *, every: bool = False) -> list[_Line]:
        """The rows of the figures of an outcome by its place, or of the counts."""
        lines = self.of(key, FormulaTable.FIGURES)
        if outcome is None:
            return [line for line in lines if "outcome" not in line.values]
        names = list(dict.fromkeys(line.values["outcome"] for line in lines if "outcome" in line.values))
        mine = [line for line in lines if line.values.get("outcome") == names[outcome]]
        return [line for line in mine if every or len(line.values) > 1]

    def build_capacities(self, lines: Iterable[_Line]) -> Iterator[_Made]:
        sound = [line for line in lines if line.table is FormulaTable.CAPACITIES and not line.issues]
        counts = Counter(map(_find_place, sound))
        for line in sound:
            if counts[_find_place(line)] == 1:
                yield self._build_capacity(line)
            else:
                yield _Made(None, (make_remark(line.row, IssueCode.DOUBLE_ROW),))

    def _build_capacity(self, line: _Line) -> _Made:
        given = {"house_id": self.house_id, "party": line.key, **line.values}
        try:
            made = PartyCapacity.model_validate(given)
        except ValidationError as error:
            fault = error.errors()[0]
            return _Made(
                None,
                (
                    make_remark(
                        line.row, IssueCode.FORMULA_FAULT, _find_field(fault["loc"]), told=_tell(fault)
                    ),
                ),
            )
        version, _ = find_capacity_base(made, self.base)
        return _Made(made.model_copy(update={"version": version}))

    def has_changed(self, made: PartyCapacity) -> bool:
        """Whether a party has something else than when the file was written."""
        return made.amount != find_capacity_base(made, self.base)[1]

    def tell_gone(self, lines: Iterable[_Line]) -> Iterator[Issue]:
        """Tell of the formulas that the file was written with and that stand in it no more."""
        there = {line.key for line in lines}
        for key in self.base.versions:
            if key not in there:
                yield Issue(IssueCode.FORMULA_GONE, "", "", {"key": key})


def _find_place(line: _Line) -> tuple[str, object]:
    """Of which party and year a row tells what it has."""
    return fold(line.key), line.values.get("year")


def _find_field(loc: Sequence[Any]) -> str:
    """The last field that is named; an amount is told at its number."""
    names = [step for step in loc if isinstance(step, str)]
    return {"amount": "number", "directing": "board"}.get(names[-1], names[-1]) if names else "key"


_TOLD = {
    "string_too_short": "vul hier iets in",
    "string_too_long": "dit is te lang: hoogstens {max_length} tekens",
    "missing": "vul hier iets in",
    "too_long": "meer dan {max_length} regels kan een formule niet hebben",
    "finite_number": "dit is geen getal",
    "int_from_float": "schrijf een heel getal",
    "greater_than_equal": "dit kan niet lager zijn dan {ge}",
    "less_than_equal": "dit kan niet hoger zijn dan {le}",
    "value_error": "{error}",
}


def _tell(fault: ErrorDetails) -> str:
    told = _TOLD.get(fault["type"], "dit kan hier niet staan").format(**fault.get("ctx", {}))
    return told.rstrip(".")
