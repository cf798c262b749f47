"""Steering above one house, on the demo and on the questionnaires as published."""

import pytest

from assessment.model.scale import Actor, Perspective
from assessment.readers.framework import read_questionnaire
from assessment.service.installation import Installation
from assessment.service.roadmap import plan_houses
from assessment.service.standing import Standing, choose_houses, find_standing
from assessment.settings import HOME
from assessment.tables.steering import list_hold_ups
from tests.conftest import NOW
from tests.plans import make

pytestmark = pytest.mark.sqlite
UNIT = "noord-nederland"


@pytest.fixture(scope="module")
def standing(opened: Installation) -> Standing:
    return find_standing(opened, None, Perspective.HOUSE, NOW.date())


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


def test_lowering_the_capacity_of_a_unit_shows_what_becomes_late_and_why(standing: Standing) -> None:
    houses = choose_houses(standing, None, UNIT)

    enough = plan_houses(standing, houses)
    scarce = plan_houses(standing, houses, {Actor.UNIT: 1})

    assert enough.hold_ups.empty
    told = list_hold_ups(
        scarce.hold_ups, scarce.begin, standing.questionnaire, standing.register, scarce.capacity
    )
    late = told[told["Criterium"].str.startswith("POS-8")]
    assert set(late["Huis"]) == {f"Veiligheidshuis {name}" for name in ("Terpmark", "Veenrijk", "Waddehorst")}
    assert late["Wat houdt het op"].str.contains(r"de politie-eenheid \(1 tegelijk\)").all()


def test_a_country_is_its_units_side_by_side(standing: Standing) -> None:
    country = plan_houses(standing, choose_houses(standing, None, None))

    unit = plan_houses(standing, choose_houses(standing, None, UNIT))

    own = country.measures["house_id"].isin([house.house_id for house in unit.standing.houses])
    assert country.measures[own].reset_index(drop=True).equals(unit.measures)
