"""Two plans side by side."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engine.roadmap.plan import find_finishes
from assessment.engine.roadmap.what_if import compare_ends, compare_finishes, count_late
from assessment.figures.quarters import NOW, THEN, Shift, write_shifts
from assessment.model.frames import ALL_HOUSES, END_CHANGES, NEVER, NOTHING_LEFT, Subject
from assessment.model.framework import Criterion
from assessment.model.register import House, Register, Unit
from assessment.model.scale import Kind
from assessment.tables.what_if import (
    describe_houses,
    describe_late,
    describe_what_if,
    list_changes,
    list_ends,
)
from tests import builders
from tests.conftest import at_most
from tests.plans import BEGIN, chained, criteria, make

REGISTER = Register(
    units=(Unit(unit_id="noord", title="Noord", regions=()),),
    houses=tuple(House(house_id=key, title=f"Huis {key}", unit_id="noord") for key in ("h0", "h1")),
)
ASKED = builders.questionnaire(
    builders.criterion("POS-1"), builders.criterion("POS-2", kind=Kind.HARD_NORM, core=(True,))
)


def finishes(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["house_id", "criterion_id", "last"])


@given(
    st.integers(1, 4).flatmap(lambda most: st.tuples(*(criteria(place) for place in range(1, most + 1)))),
    st.integers(1, 2),
)
@at_most(25)
def test_a_plan_beside_itself_differs_in_nothing_and_the_other_way_round_in_reverse(
    asked: tuple[Criterion, ...], houses: int
) -> None:
    questionnaire = builders.questionnaire(*asked)
    narrow, wide = (find_finishes(make(questionnaire, houses, capacity).roadmap) for capacity in (1, 3))

    same, there, back = (
        compare_finishes(*both) for both in ((narrow, narrow), (narrow, wide), (wide, narrow))
    )

    assert (same["present"] == same["tried"]).all()
    assert (there["present"] == back["tried"]).all()
    assert (there["tried"] == back["present"]).all()
    ends = compare_ends(there, questionnaire)
    whole = ends[(ends["house_id"] == "") & (ends["subject"] == "plan")].iloc[0]
    assert whole["present"] == narrow["last"].max()
    assert whole["tried"] == wide["last"].max()
    assert len(ends) <= 3 * (houses + 1)


def test_what_only_one_plan_holds_has_nothing_left_in_the_other() -> None:
    changes = compare_finishes(
        finishes(("h0", "POS-1", 2), ("h0", "POS-2", 13)), finishes(("h0", "POS-1", 4))
    )

    assert changes.to_dict("list") == {
        "house_id": ["h0", "h0"],
        "criterion_id": ["POS-1", "POS-2"],
        "present": [2, 13],
        "tried": [4, -1],
    }
    assert count_late(changes, ASKED) == (1, 0)
    assert list_changes(changes, BEGIN, ASKED, REGISTER).to_dict("list") == {
        "Criterium": ["POS-2 Titel van POS-2", "POS-1 Titel van POS-1"],
        "Soort": ["harde norm", "ruimte (couleur locale)"],
        "Plan nu": ["2030-K2", "2027-K3"],
        "Plan dan": ["niets meer te doen", "2028-K1"],
        "Verschil": ["–", "2 kwartalen later"],
    }


def test_without_measures_there_is_nothing_to_compare() -> None:
    changes = compare_finishes(finishes(), finishes())

    assert compare_ends(changes, ASKED).equals(END_CHANGES.empty())
    assert count_late(changes, ASKED) == (0, 0)
    assert describe_what_if(END_CHANGES.empty(), BEGIN) == "Er is niets te doen, in geen van beide plannen"


@pytest.mark.parametrize(
    ("present", "tried", "said"),
    [
        (3, 3, "Volgens het kader, als niets tegenzit: dat blijft 2027-K4"),
        (3, 4, "Volgens het kader, als niets tegenzit: 1 kwartaal later, 2028-K1 in plaats van 2027-K4"),
        (5, 3, "Volgens het kader, als niets tegenzit: 2 kwartalen eerder, 2027-K4 in plaats van 2028-K2"),
        (
            NEVER,
            3,
            "Volgens het kader, als niets tegenzit: 2027-K4 in plaats van nooit: een maatregel vervalt",
        ),
        (5, -1, "Volgens het kader, als niets tegenzit: niets meer te doen in plaats van 2028-K2"),
    ],
)
def test_the_title_says_what_happens_to_the_end(present: int, tried: int, said: str) -> None:
    ends = compare_ends(
        compare_finishes(finishes(("h0", "POS-2", present)), finishes(("h0", "POS-2", tried))), ASKED
    )

    assert describe_what_if(ends, BEGIN) == said


def test_several_houses_stand_beside_all_together() -> None:
    two = finishes(("h0", "POS-1", 2), ("h1", "POS-1", 4))
    ends = compare_ends(compare_finishes(two, two), ASKED)

    assert list_ends(ends, BEGIN, REGISTER)["Huis"].tolist() == ["alle huizen samen", "Huis h0", "Huis h1"]
    assert "Huis" not in list_ends(ends[ends["house_id"] != "h1"], BEGIN, REGISTER)


@pytest.mark.parametrize(
    ("late", "said"), [((0, 0), "in geen van beide plannen een harde norm"), ((0, 2), "nu 0, dan 2.")]
)
def test_late_hard_norms_are_counted_in_both_plans(late: tuple[int, int], said: str) -> None:
    assert said in describe_late(late)


def test_a_shift_shows_the_plan_now_the_plan_then_and_the_way_between() -> None:
    shown = write_shifts([Shift("POS-1", 2, 13), Shift("POS-2", 4, -1)], BEGIN, date(2027, 1, 1))

    assert "--ks-quarters:14" in shown
    assert (shown.count(NOW), shown.count(THEN), shown.count("ks-band")) == (2, 1, 1)


def test_a_national_action_is_a_criterion_less() -> None:
    """What it finishes brings no measures, and what waits for it no longer waits."""
    first = chained("POS-1", 4)
    then = chained("POS-2", 2, needs_first=["POS-1"])

    both = make(builders.questionnaire(first, then)).roadmap
    without = make(builders.questionnaire(chained("POS-2", 2, needs_first=["POS-1"]))).roadmap

    assert both.set_index("criterion_id")["first"]["POS-2"] == 4
    assert without["first"].tolist() == [0]


def test_of_several_houses_it_is_told_how_many_come_earlier_and_how_many_later() -> None:
    subject = Subject.BY_FRAMEWORK.value
    ends = pd.DataFrame(
        [
            (ALL_HOUSES, subject, 8, 8),
            *(("a", subject, 8, 6), ("b", subject, 4, NOTHING_LEFT), ("c", subject, 3, 5)),
            ("a", Subject.PLAN.value, 8, 6),
        ],
        columns=["house_id", "subject", "present", "tried"],
    )

    assert describe_houses(ends) == "2 van 3 huizen werken dan eerder volgens het kader, 1 later"
    later = ends.assign(tried=9)
    assert describe_houses(later) == "Geen van de 3 huizen werkt dan eerder volgens het kader, 3 later"
