"""By which headings the rows of a questionnaire are found, of each kind of rows."""

from collections.abc import Mapping
from typing import NamedTuple

from assessment.model.formula_sheet import SHAPES as FORMULA_SHAPES
from assessment.model.formula_sheet import FormulaTable, TableShape
from assessment.model.sheets import ANSWER_HEADINGS, DEVIATION_HEADINGS, KEY_HEADING, OWN_HEADINGS, Part
from assessment.model.wording import tidy


class Shape(NamedTuple):
    """The headings of a kind of rows, tidied: of the first column and of each field; `ours` has all."""

    part: Part
    key: str
    fields: Mapping[str, str]
    ours: frozenset[str]
    table: str = ""


_OURS = frozenset(tidy(heading) for heading in OWN_HEADINGS)


def _tidy_headings(headings: Mapping[str, str]) -> dict[str, str]:
    return {field: tidy(heading) for field, heading in headings.items()}


def _make_formula_shape(table: FormulaTable, shape: TableShape) -> Shape:
    key, fields = tidy(shape.key), _tidy_headings(shape.headings)
    return Shape(Part.FORMULAS, key, fields, frozenset({key, *fields.values()}), table.value)


SHAPES = (
    Shape(Part.QUESTIONS, tidy(KEY_HEADING), _tidy_headings(ANSWER_HEADINGS), _OURS),
    Shape(Part.DEVIATIONS, tidy(KEY_HEADING), _tidy_headings(DEVIATION_HEADINGS), _OURS),
    *(_make_formula_shape(table, shape) for table, shape in FORMULA_SHAPES.items()),
)
KEYS = {shape.key for shape in SHAPES}
# A text that may be the first heading, some spaces on either side included.
LONGEST = 6 + max(map(len, KEYS))
