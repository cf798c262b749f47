"""Steering above one house, on the demo and on the questionnaires as published."""

import pytest

from assessment.errors import PlanError
from assessment.model.frames import NEVER
from assessment.model.plan import Quarter
from assessment.model.scale import Actor, Perspective
from assessment.readers.framework import read_questionnaire
from assessment.service.installation import Installation
from assessment.service.plans.planning import plan_houses
from assessment.service.plans.what_if import WhatIf, try_out
from assessment.service.round_scores import RoundScores, choose_houses, score_round
from assessment.settings import HOME
from assessment.tables.plans import list_hold_ups
from tests.conftest import NOW
from tests.plans import make

pytestmark = pytest.mark.sqlite
UNIT = "noord-nederland"


@pytest.fixture(scope="module")
def scores(opened: Installation) -> RoundScores:
    return score_round(opened, None, Perspective.HOUSE, NOW.date())


@pytest.mark.parametrize(
    ("frameworks", "end", "let_go"),
    [(("politie", "landelijk-kader", "integrale-veiligheid"), 12, None), (("politie",), None, 5)],
)
def test_from_nothing_with_enough_capacity(
    frameworks: tuple[str, ...], end: int | None, let_go: int | None
) -> None:
    """Three years with every questionnaire; administration and chairing let go in five quarters with one."""
    asked = read_questionnaire(HOME / "questionnaires" / name / "1.0.yaml" for name in frameworks)

    roadmap = make(asked, capacity=99).roadmap

    finishes = roadmap.groupby("criterion_id")["last"].max() + 1
    assert end is None or finishes.max() == end
    assert let_go is None or finishes[["LOS-2", "LOS-3"]].tolist() == [let_go, let_go]


def test_lowering_the_capacity_of_a_unit_shows_what_becomes_late_and_why(scores: RoundScores) -> None:
    houses = choose_houses(scores, None, UNIT)

    enough = plan_houses(scores, houses)
    scarce = plan_houses(scores, houses, {Actor.UNIT: 1})

    assert enough.hold_ups.empty
    told = list_hold_ups(
        scarce.hold_ups, scarce.begin, scores.questionnaire, scores.register, scarce.resources
    )
    late = told[told["Criterium"].str.startswith("POS-8")]
    assert not late.empty
    assert late["Wat houdt het op"].str.contains(r"de politie-eenheid \(1 tegelijk\)").all()


def test_a_national_action_leaves_nothing_to_do_and_stores_nothing(scores: RoundScores) -> None:
    present = plan_houses(scores, choose_houses(scores, None, UNIT))

    tried = try_out(present, WhatIf(national=("INF-3", "LOS-1")), NOW.date())

    assert not set(tried.tried.gaps["criterion_id"]) & {"INF-3", "LOS-1"}
    finished = tried.finishes[tried.finishes["criterion_id"].isin(["INF-3", "LOS-1"])]
    assert len(finished) > 1
    assert (finished["tried"] == -1).all()
    assert set(present.gaps["criterion_id"]) >= {"INF-3", "LOS-1"}
    assert plan_houses(scores, choose_houses(scores, None, UNIT)).measures.equals(present.measures)


def test_what_is_dropped_is_never_met_and_what_is_pinned_moves(scores: RoundScores) -> None:
    present = plan_houses(scores, ["veenrijk"])
    pinned = WhatIf(pins={"POS-9.M2": Quarter(2029, 3)}, dropped=("KAD-5.M1",))

    changes = try_out(present, pinned, NOW.date()).finishes.set_index("criterion_id")["tried"]

    assert changes["KAD-5"] == NEVER
    assert changes["POS-9"] >= Quarter(2029, 3) - present.begin
    with pytest.raises(PlanError, match="LOS-2"):
        try_out(present, WhatIf(dropped=("LOS-2.M1",)), NOW.date())
    with pytest.raises(PlanError, match=r"Maatregel 'XYZ-1\.M1' staat niet in"):
        try_out(present, WhatIf(dropped=("XYZ-1.M1",)), NOW.date())


def test_trying_what_is_already_so_changes_nothing(scores: RoundScores) -> None:
    present = plan_houses(scores, ["veenrijk"], {Actor.UNIT: 2})

    same = try_out(present, WhatIf({Actor.UNIT: 2}), NOW.date())
    more = try_out(present, WhatIf({Actor.UNIT: 9}), NOW.date())

    assert (same.finishes["present"] == same.finishes["tried"]).all()
    assert set(more.tried.resources.query("actor == 'politie-eenheid'")["capacity"]) == {9}
    with pytest.raises(PlanError, match=r"Onbekend criterium: XYZ-1\. Kies uit: POS-1"):
        try_out(present, WhatIf(national=("XYZ-1",)), NOW.date())
    with pytest.raises(PlanError, match="ten minste 1"):
        try_out(present, WhatIf({Actor.UNIT: 0}), NOW.date())


def test_a_country_is_its_units_side_by_side(scores: RoundScores) -> None:
    country = plan_houses(scores, choose_houses(scores, None, None))

    unit = plan_houses(scores, choose_houses(scores, None, UNIT))

    own = country.measures["house_id"].isin([house.house_id for house in unit.scores.houses])
    assert country.measures[own].reset_index(drop=True).equals(unit.measures)
