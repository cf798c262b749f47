import pandas as pd
import pytest

from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.projection import project_scores
from assessment.engine.roadmap.plan import Plan, count_quarters, find_finishes, plan_quarters
from assessment.engine.roadmap.problem import build_problem
from assessment.engine.scoring import list_scores, score_criteria, score_measures
from assessment.errors import SchemaError
from assessment.model.decisions import Capacity, Decisions
from assessment.model.frames import RESOURCES, ROADMAP
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House
from assessment.model.scale import Actor, Kind, Mark
from assessment.service.plans.planning import share_capacity
from assessment.tables.decisions import find_numbers
from tests import builders
from tests.plans import tell_reasons


def plan(asked: Questionnaire, marks: list[Mark], capacity: int = 9) -> Plan:
    choices = builders.choices([marks])
    scores = list_scores(score_criteria(choices, builders.deviations(), asked), asked)
    work = list_work(find_gaps(scores, asked.rules), score_measures(choices, asked), asked)
    rows = [("h0", actor.value, actor.value, capacity) for actor in Actor]
    resources = RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))
    return plan_quarters(build_problem(work, resources, Quarter(2027, 1), asked))


def hand_over() -> Questionnaire:
    measures = [
        builders.measure("LOS-2.M1", title="Het huis neemt over"),
        builders.measure("LOS-2.M2", title="De politie stopt", actor="basisteam", lets_go_after="LOS-2.M1"),
    ]
    first = builders.criterion("LOS-1", quarters=3, measures=[builders.measure("LOS-1.M1", quarters=3)])
    return builders.questionnaire(
        first, builders.criterion("LOS-2", quarters=2, measures=measures, needs_first=["LOS-1"])
    )


def test_the_police_stops_only_after_the_house_has_taken_over() -> None:
    planned = plan(hand_over(), [Mark.NOT_YET, Mark.NOT_YET])

    assert planned.roadmap.set_index("measure_id")["first"].to_dict() == {
        "LOS-1.M1": 0,
        "LOS-2.M1": 3,
        "LOS-2.M2": 4,
    }
    assert tell_reasons(planned) == {
        "LOS-1.M1": "kan meteen",
        "LOS-2.M1": "wacht op: Doe LOS-1.M1",
        "LOS-2.M2": "wacht op: Het huis neemt over",
    }


def test_a_need_that_is_met_falls_away() -> None:
    roadmap = plan(hand_over(), [Mark.MEETS, Mark.NOT_YET]).roadmap

    assert roadmap["measure_id"].tolist() == ["LOS-2.M1", "LOS-2.M2"]
    assert roadmap["first"].tolist() == [0, 1]


def test_halfway_takes_half_the_quarters_rounded_up() -> None:
    roadmap = plan(hand_over(), [Mark.PARTLY, Mark.PARTLY]).roadmap

    assert (roadmap["last"] - roadmap["first"] + 1).tolist() == [2, 1, 1]


def test_what_is_unknown_is_planned_on_its_low_end_and_says_so() -> None:
    roadmap = plan(hand_over(), [Mark.UNKNOWN, Mark.MEETS]).roadmap

    assert roadmap["assumed"].tolist() == [True]
    assert (roadmap["last"] - roadmap["first"] + 1).tolist() == [3]


def test_without_room_a_measure_says_whose_capacity_it_waits_for() -> None:
    asked = builders.questionnaire(builders.criterion("POS-1"), builders.criterion("POS-2"))

    planned = plan(asked, [Mark.NOT_YET, Mark.NOT_YET], capacity=1)

    assert sorted(tell_reasons(planned).values()) == [
        "geen capaciteit bij het Veiligheidshuis tot 2027-K2",
        "kan meteen",
    ]


def test_a_hard_norm_goes_first_when_not_everything_fits() -> None:
    asked = builders.questionnaire(
        builders.criterion("POS-1"), builders.criterion("POS-2", kind=Kind.HARD_NORM, core=(True,))
    )

    roadmap = plan(asked, [Mark.NOT_YET, Mark.NOT_YET], capacity=1).roadmap.set_index("criterion_id")

    assert roadmap["first"].to_dict() == {"POS-1": 1, "POS-2": 0}


@pytest.mark.parametrize(("kind", "core", "first"), [(Kind.CORE_NORM, True, 0), (Kind.LOCAL_ROOM, False, 2)])
def test_a_core_norm_weighs_as_much_as_two_others(kind: Kind, core: bool, first: int) -> None:  # noqa: FBT001
    """Three quarters of weight 2 go before two of weight 1; of weight 1 they go after."""
    long = [builders.measure("POS-1.M1", quarters=3)]
    asked = builders.questionnaire(
        builders.criterion("POS-1", kind=kind, core=(core,), quarters=3, measures=long),
        builders.criterion("POS-2", quarters=2, measures=[builders.measure("POS-2.M1", quarters=2)]),
    )

    roadmap = plan(asked, [Mark.NOT_YET, Mark.NOT_YET], capacity=1).roadmap.set_index("criterion_id")

    assert roadmap["first"].to_dict()["POS-1"] == first


def test_what_does_not_fit_in_three_years_stays_in_the_plan() -> None:
    long = [
        builders.criterion(f"POS-{n}", quarters=4, measures=[builders.measure(f"POS-{n}.M1", quarters=4)])
        for n in range(1, 6)
    ]

    roadmap = plan(builders.questionnaire(*long), [Mark.NOT_YET] * 5, capacity=1).roadmap

    assert sorted(roadmap["last"]) == [3, 7, 11, 15, 19]


def test_slack_is_how_far_a_measure_can_slip_before_the_end_moves() -> None:
    asked = builders.questionnaire(
        builders.criterion("POS-1", quarters=3, measures=[builders.measure("POS-1.M1", quarters=3)]),
        builders.criterion("POS-2"),
    )

    roadmap = plan(asked, [Mark.NOT_YET, Mark.NOT_YET]).roadmap

    assert roadmap["slack"].tolist() == [0, 2]


def test_a_house_without_gaps_has_an_empty_plan() -> None:
    planned = plan(hand_over(), [Mark.MEETS, Mark.NOT_APPLICABLE])

    assert planned.roadmap.equals(ROADMAP.empty())
    assert find_finishes(planned.roadmap).empty


@pytest.mark.parametrize(("quarter", "low"), [(-1, 0.0), (2, 0.5), (4, 1.0)])
def test_the_projection_counts_what_is_finished_by_a_quarter(quarter: int, low: float) -> None:
    asked = hand_over()
    grid = score_criteria(builders.choices([[Mark.NOT_YET] * 2]), builders.deviations(), asked)
    finishes = find_finishes(plan(asked, [Mark.NOT_YET] * 2).roadmap)

    projected = project_scores(grid, finishes, quarter, asked)

    assert projected.low.mean() == low


def house(house_id: str, unit_id: str) -> House:
    return House(house_id=house_id, title=house_id, unit_id=unit_id)


ASKED = builders.questionnaire(builders.criterion())


@pytest.mark.parametrize("actor", list(Actor))
def test_houses_of_one_unit_share_police_and_om_and_nothing_else(actor: Actor) -> None:
    houses = (house("a", "noord"), house("b", "noord"), house("c", "zuid"))

    resources = share_capacity(houses, dict.fromkeys(Actor, 2), ASKED)

    drawn = resources[resources["actor"] == actor.value].set_index("house_id")["resource"]
    shared = actor in {Actor.UNIT, Actor.DISTRICT, Actor.PROSECUTION}
    assert (drawn["a"] == drawn["b"]) is shared
    assert drawn["a"] != drawn["c"]
    assert resources["resource"].nunique() == 3 * 2 + (len(Actor) - 3) * 3


def test_what_is_tried_goes_before_what_is_set_and_that_before_the_usual_number() -> None:
    houses = (house("a", "noord"), house("b", "noord"))
    stored = [(Actor.HOUSE, "a", 1), (Actor.UNIT, "noord", 5), (Actor.BOARD, "b", 7), (Actor.UNIT, "zuid", 9)]
    decided = Decisions(
        capacities=tuple(
            Capacity(actor=actor, owner_id=owner, number=number) for actor, owner, number in stored
        )
    )

    resources = share_capacity(houses, {Actor.BOARD: 4}, ASKED, decided)

    numbers = find_numbers(resources)
    assert [numbers[actor] for actor in (Actor.HOUSE, Actor.UNIT, Actor.BOARD)] == [[1, 3], [5], [4]]
    assert numbers[Actor.STATE] == [Actor.STATE.capacity]


def test_a_plan_shows_the_horizon_or_what_it_takes_beyond() -> None:
    roadmap = pd.DataFrame({"last": [2, 13]})

    assert count_quarters(roadmap) == 14
    assert count_quarters(roadmap.head(1)) == count_quarters(roadmap.head(0)) == HORIZON


def test_what_a_plan_has_finished_is_met_in_every_way() -> None:
    asked = hand_over()
    grid = score_criteria(builders.choices([[Mark.NOT_YET, Mark.NOT_YET]]), builders.deviations(), asked)
    finishes = pd.DataFrame({"house_id": ["h0"], "criterion_id": ["LOS-1"], "last": [2]})

    projected = list_scores(project_scores(grid, finishes, 2, asked), asked)

    assert projected["verdict"].tolist() == ["meets", "not_yet"]
    assert projected["settled"].tolist() == [True, False]


def test_a_finish_that_fits_nowhere_never_lands_somewhere_else() -> None:
    asked = hand_over()
    grid = score_criteria(builders.choices([[Mark.NOT_YET] * 2]), builders.deviations(), asked)
    finishes = pd.DataFrame({"house_id": ["h0"], "criterion_id": ["POS-9"], "last": [0]})

    with pytest.raises(SchemaError, match="POS-9"):
        project_scores(grid, finishes, 0, asked)
