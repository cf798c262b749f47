"""The sheet of formulas as rows: what is written reads back the same, each fault is told at its row."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from assessment.engine.validation.formulas import CheckedFormulas, check_formula_rows, make_slug
from assessment.model.effort import Amount, PartyCapacity, TimeUnit
from assessment.model.formula import Formula, FormulaSet
from assessment.model.formula_sheet import (
    CAPACITY_BASE,
    FORMULA_BASE,
    FORMULA_SHEET,
    SHAPES,
    FormulaBase,
    FormulaTable,
    Value,
    list_base,
    list_sheet_rows,
    read_base_amount,
)
from assessment.model.issue import IssueCode
from assessment.model.receipt import RowClass
from assessment.model.sheets import Part, SheetRow
from tests.unit.test_formulas import STOLEN, WEEKLY, WHOLE

READING = {"day": date(2028, 6, 1), "value": 100, "source": "gemeente"}
FIGURE = {**STOLEN, "readings": [READING]}
FORMULA = Formula.model_validate(
    WHOLE
    | {
        "municipality": "Ons",
        "shared": True,
        "outcomes": [{"what": "Minder diefstal", "indicators": [FIGURE]}, {"what": "Rust"}],
        "counts": [{"name": "Gesprekken", "unit": "per jaar"}],
        "interventions": [
            {
                "what": "Buurtgesprek",
                "side": "voorkant",
                "party": "Politie",
                "amount": WEEKLY,
            }
        ],
    }
)
CAPACITY = PartyCapacity(
    house_id="ons", party="Politie", year=2027, amount=Amount(number=1.5, unit=TimeUnit.FTE)
)
GIVEN = FormulaSet(house_id="ons", formulas=(FORMULA,), capacities=(CAPACITY,))
Row = tuple[FormulaTable, dict[str, Any]]
ROWS: Sequence[Row] = [(table, dict(fields)) for table, fields in list_sheet_rows(GIVEN)]


def write(value: Value | None) -> str:
    """A value as it stands in a cell."""
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case float() | int():
            return f"{value:g}"
    return value


NOTHING = FormulaBase()


def check(rows: Sequence[Row], base: FormulaBase = NOTHING) -> CheckedFormulas:
    given = [
        SheetRow(
            FORMULA_SHEET,
            number,
            Part.FORMULAS,
            fields["key"],
            {name: write(value) for name, value in fields.items() if name != "key"},
            table=table.value,
        )
        for number, (table, fields) in enumerate(rows, 2)
    ]
    return check_formula_rows(given, "ons", base)


def change(table: FormulaTable, **fields: object) -> Callable[[list[Row]], list[Row]]:
    """The rows with other fields in the first row of a table."""

    def changed(rows: list[Row]) -> list[Row]:
        place = next(place for place, (each, _) in enumerate(rows) if each is table)
        return [*rows[:place], (table, {**rows[place][1], **fields}), *rows[place + 1 :]]

    return changed


def again(table: FormulaTable) -> Callable[[list[Row]], list[Row]]:
    """The rows with the first row of a table twice."""
    return lambda rows: [*rows, next(row for row in rows if row[0] is table)]


def test_what_is_written_is_read_back_as_the_same() -> None:
    checked = check(ROWS)
    assert checked.issues == ()
    assert {each.row_class for each in checked.outcomes} == {RowClass.READ}
    assert checked.formulas == (FORMULA.model_copy(update={"version": 0}),)
    assert checked.capacities == (CAPACITY,)


def test_a_file_knows_what_it_was_written_from() -> None:
    (formula, version), (party, year, *capacity) = [row[1:] for row in list_base(GIVEN)]
    assert [row[0] for row in list_base(GIVEN)] == [FORMULA_BASE, CAPACITY_BASE]
    assert (formula, version, party, year) == ("buurt", FORMULA.version, CAPACITY.key, 2027)
    assert read_base_amount([str(cell) for cell in capacity[1:]]) == CAPACITY.amount
    assert read_base_amount(["veel", "fte"]) is read_base_amount([]) is None

    base = FormulaBase({"buurt": 4}, {(CAPACITY.key, 2027): (2, CAPACITY.amount)})
    checked = check(ROWS, base)
    assert [each.version for each in checked.formulas] == [4]
    assert checked.capacities == ()


@pytest.mark.parametrize(
    ("broken", "code", "made"),
    [
        (change(FormulaTable.FORMULAS, level="wereldwijd"), IssueCode.FORMULA_WORD, (0, 1)),
        (change(FormulaTable.FORMULAS, start="gisteren"), IssueCode.FORMULA_DAY, (0, 1)),
        (change(FormulaTable.FORMULAS, review="2026-01-01"), IssueCode.FORMULA_FAULT, (0, 1)),
        (change(FormulaTable.PARTIES, number="veel"), IssueCode.FORMULA_NUMBER, (0, 1)),
        (change(FormulaTable.PARTIES, number="-3"), IssueCode.FORMULA_FAULT, (0, 1)),
        (change(FormulaTable.PARTIES, unit=""), IssueCode.FORMULA_NO_UNIT, (0, 1)),
        (change(FormulaTable.PARTIES, key="–"), IssueCode.FORMULA_NO_ID, (1, 1)),
        (change(FormulaTable.PARTIES, key="elders"), IssueCode.FORMULA_STRANGE, (1, 1)),
        (change(FormulaTable.INTERVENTIONS, side="boven"), IssueCode.FORMULA_WORD, (0, 1)),
        (change(FormulaTable.FIGURES, unit="", due="2020-01-01"), IssueCode.FORMULA_FAULT, (0, 1)),
        (change(FormulaTable.READINGS, name="Branden"), IssueCode.FORMULA_STRANGE_FIGURE, (0, 1)),
        (change(FormulaTable.CAPACITIES, year="2027,5"), IssueCode.FORMULA_FAULT, (1, 0)),
        (again(FormulaTable.FORMULAS), IssueCode.DOUBLE_ROW, (0, 1)),
        (again(FormulaTable.PARTIES), IssueCode.FORMULA_FAULT, (0, 1)),
        (again(FormulaTable.CAPACITIES), IssueCode.DOUBLE_ROW, (1, 0)),
    ],
)
def test_a_fault_is_told_at_its_row_and_no_formula_is_made_of_half(
    broken: Callable[[list[Row]], list[Row]], code: IssueCode, made: tuple[int, int]
) -> None:
    checked = check(broken(list(ROWS)))
    told = [each for each in checked.issues if each.code is code]
    assert told
    rows = {int(each.row) for each in told}
    classes = {each.row_class for each in checked.outcomes if each.row.number in rows}
    assert classes == {RowClass.NOT_UNDERSTOOD}
    assert (len(checked.formulas), len(checked.capacities)) == made


def test_a_formula_that_is_gone_is_told() -> None:
    (told,) = check([], FormulaBase({"buurt": 1})).issues
    assert told.code is IssueCode.FORMULA_GONE


def test_titles_numbers_alone_and_notes_change_nothing() -> None:
    titles = [(table, {"key": SHAPES[table].title}) for table in FormulaTable]
    checked = check([*titles, (FormulaTable.PARTIES, {"key": "buurt"}), (FormulaTable.PARTIES, {"key": ""})])
    assert [each.row_class for each in checked.outcomes] == [
        *[RowClass.OWN_TEXT] * len(titles),
        RowClass.EMPTY,
        RowClass.NOTE,
    ]
    assert (checked.formulas, checked.issues) == ((), ())


def test_the_number_of_a_formula_is_kept_in_one_way() -> None:
    assert make_slug(" Jeugd & Wijk 1 ") == "jeugd-wijk-1"
