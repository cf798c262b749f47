"""Houses × criteria: which part of it is shown, and what a row, a column and a foot say."""

import re

import pandas as pd
import pytest

from assessment.figures.matrix import Addresses, write_matrix
from assessment.model.register import House, Register, Unit
from assessment.model.scale import Kind, Rules
from assessment.tables.scores import Part, keep_part
from tests import builders

ASKED = builders.questionnaire(
    builders.criterion("POS-1", kind=Kind.HARD_NORM, core=(True,)),
    builders.criterion("POS-2", kind=Kind.CORE_NORM, core=(True,)),
    rules=Rules.TWO,
)
REGISTER = Register(
    units=(Unit(unit_id="noord", regions=(), title="Noord"), Unit(unit_id="zuid", regions=(), title="Zuid")),
    houses=(
        House(house_id="een", title="Een", unit_id="noord"),
        House(house_id="twee", title="Twee", unit_id="zuid"),
    ),
    rounds=(),
)
CRITERIA = pd.DataFrame(
    [
        ("een", "POS-1", "hard_norm", "meets"),
        ("een", "POS-2", "core_norm", "not_yet"),
        ("twee", "POS-1", "hard_norm", "not_yet"),
        ("twee", "POS-2", "core_norm", "partly"),
    ],
    columns=["house_id", "criterion_id", "kind", "verdict"],
)
GROUPS = pd.DataFrame({"subject_id": ["POS-1"], "uniformity": [0.62], "determined": [1.0], "n": [2]})


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        (Part(), [0, 1, 2, 3]),
        (Part(unit_id="zuid"), [2, 3]),
        (Part(theme_id="POS"), [0, 1, 2, 3]),
        (Part(theme_id="LOS"), []),
        (Part(kind="hard_norm"), [0, 2]),
        (Part(verdict="not_yet"), [1, 2]),
        (Part(unit_id="noord", kind="core_norm", verdict="not_yet"), [1]),
    ],
)
def test_a_part_is_what_belongs_to_each_of_what_was_chosen(part: Part, kept: list[int]) -> None:
    assert keep_part(CRITERIA, part, REGISTER, ASKED).index.tolist() == kept


def test_only_what_is_in_the_part_is_shown_and_the_rest_stays_empty() -> None:
    written = write(keep_part(CRITERIA, Part(verdict="not_yet"), REGISTER, ASKED))

    assert re.findall(
        "<td class=[^>]*>(.*?)</td>", written.partition("<tbody>")[2].partition("</tbody>")[0]
    ) == [
        *("", "<b>voldoet nog niet</b>"),
        *("<b>voldoet nog niet</b>", ""),
    ]


def test_rows_and_columns_lead_on_and_say_of_what_they_are() -> None:
    written = write(CRITERIA.head(1))

    assert 'data-theme="POS" data-criterion="POS-1"><a href="kader?criterium=POS-1&amp;wie=huis"' in written
    assert '<a href="mijn-huis?huis=een" target="_self">Een</a>' in written
    assert "Zuid" not in written
    assert "POS-2" not in written


def test_the_foot_draws_what_is_known_and_nothing_where_nothing_is() -> None:
    feet = write(CRITERIA).partition("<tfoot>")[2]

    assert feet.count("--share:62%") == 1
    assert feet.count("--share:50%") == 1
    assert feet.count("<i ") == 2


def write(criteria: pd.DataFrame) -> str:
    addresses = Addresses(
        {each: f"mijn-huis?huis={each}" for each in ("een", "twee")},
        {each: f"kader?criterium={each}&wie=huis" for each in ASKED.criterion},
    )
    return write_matrix(criteria, GROUPS, REGISTER, ASKED, addresses)
