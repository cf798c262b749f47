"""A what-if that is adopted: kept whole or not at all, and only as it was shown."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from assessment.errors import ConflictError, NotAllowedError, PlanError
from assessment.model.access import Grant, Visitor
from assessment.model.audit import Action
from assessment.model.decisions import Resource, find_line
from assessment.model.plan import Quarter
from assessment.model.scale import Actor, Perspective
from assessment.service.installation import Installation
from assessment.service.plans.baselines import adopt_plan
from assessment.service.plans.capacities import CapacityEdit
from assessment.service.plans.decisions import Edit, change_lines, set_capacities
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import (
    Comparison,
    WhatIf,
    adopt_what_if,
    find_wanted,
    try_out,
)
from assessment.service.round_scores import RoundScores, Which, score_round
from assessment.store.audit import load_entries
from tests.conftest import NOW
from tests.reading import count_decided, reading

HOUSE, UNIT = "veenrijk", "noord-nederland"
TODAY, LATER = NOW.date(), Quarter(2029, 1)
DROPS, MOVES, EVERYWHERE = "KAD-5.M1", "POS-9.M2", "POS-8.M2"
EVERYTHING = WhatIf({Actor.MUNICIPALITIES: 1}, pins={MOVES: LATER}, dropped=(DROPS,))


def stand(installation: Installation) -> RoundScores:
    return score_round(installation, None, Perspective.HOUSE, TODAY)


def plan(installation: Installation, house_id: str | None = HOUSE) -> Roadmap:
    which = Which(None, Perspective.HOUSE, house_id, None if house_id else UNIT)
    return reading(installation).find_roadmap(which)


def try_it(installation: Installation, what_if: WhatIf, house_id: str | None = HOUSE) -> Comparison:
    return try_out(plan(installation, house_id), what_if, TODAY)


def list_starts(planned: Roadmap) -> list[tuple[str, str, int, int]]:
    rows = planned.measures[["house_id", "measure_id", "first", "last"]].itertuples(index=False, name=None)
    return sorted(rows)


def visited(installation: Installation, **grant: str) -> Installation:
    visitor = Visitor(who="a-1", name="A", grants=(Grant.model_validate(grant),))
    return replace(installation, visitor=visitor)


def count_entries(installation: Installation) -> int:
    with installation.store.reading() as session:
        return sum(1 for _ in load_entries(session))


def test_what_was_tried_becomes_the_plan(demo: Installation) -> None:
    comparison = try_it(demo, EVERYTHING)

    adopt_what_if(demo, comparison, "Dat doen wij al", NOW)

    again = plan(demo)
    assert sorted(again.measures["measure_id"]) == sorted(comparison.tried.measures["measure_id"])
    assert list_starts(again) == list_starts(comparison.tried)
    assert again.dropped["why"].tolist() == ["Dat doen wij al"]
    assert not any(find_wanted(try_out(again, WhatIf(), TODAY)))


@pytest.mark.parametrize(
    "what_if",
    [
        WhatIf({Actor.UNIT: 2}),
        WhatIf({Actor.HOUSE: 2, Actor.MUNICIPALITIES: 1}),
        WhatIf(pins={EVERYWHERE: LATER}),
        WhatIf(dropped=(EVERYWHERE,)),
    ],
    ids=["shared", "own", "pinned", "dropped"],
)
def test_each_measure_of_a_unit_stays_in_the_quarter_that_was_shown(
    demo: Installation, what_if: WhatIf
) -> None:
    comparison = try_it(demo, what_if, None)

    adopt_what_if(demo, comparison, "Dat doen wij al", NOW)

    assert list_starts(plan(demo, None)) == list_starts(comparison.tried)


def test_a_plan_that_is_adopted_later_takes_the_place_of_what_was_shown(demo: Installation) -> None:
    adopt_what_if(demo, try_it(demo, EVERYTHING), "Dat doen wij al", NOW)
    line = find_line(plan(demo).decisions, HOUSE, MOVES)
    change_lines(demo, stand(demo), [Edit(HOUSE, MOVES, {"pinned": None}, line.version)], NOW)

    (adopted,) = adopt_plan(demo, plan(demo), [HOUSE], NOW)

    assert plan(demo).decisions.agreed == adopted.agreed


def test_it_is_told_in_one_go_and_freezes_no_plan(demo: Installation) -> None:
    before = count_entries(demo)

    adopt_what_if(demo, try_it(demo, EVERYTHING), "Dat doen wij al", NOW)

    with demo.store.reading() as session:
        told = [(each.action, each.subject) for each in load_entries(session)][before:]
    assert told == [
        (Action.PLAN_CHANGED.value, f"{HOUSE}/{MOVES}"),
        (Action.PLAN_CHANGED.value, f"{HOUSE}/{DROPS}"),
        (Action.CAPACITY_CHANGED.value, f"gemeenten {HOUSE}"),
    ]
    assert reading(demo).list_baselines(demo.register().house[HOUSE], Perspective.HOUSE) == ()


def test_a_unit_keeps_what_its_houses_share_once_and_what_is_of_each_for_each(demo: Installation) -> None:
    tried = WhatIf({Actor.UNIT: 2, Actor.HOUSE: 2}, pins={MOVES: LATER})
    comparison = try_it(demo, tried, None)

    adopted = adopt_what_if(demo, comparison, "", NOW)

    houses = comparison.present.scores.grid.house_ids
    assert [new.resource for _, new in adopted.capacities if new.actor is Actor.UNIT] == [
        Resource(Actor.UNIT, UNIT)
    ]
    assert {new.owner_id for _, new in adopted.capacities if new.actor is Actor.HOUSE} == set(houses)
    assert {new.measure_id for _, new in adopted.lines} == {MOVES}
    assert plan(demo, None).resources.equals(comparison.tried.resources)


def test_a_national_action_is_not_kept(demo: Installation) -> None:
    before = count_decided(demo)

    with pytest.raises(PlanError, match="telt pas als huizen opnieuw hebben geantwoord"):
        adopt_what_if(demo, try_it(demo, WhatIf(national=("INF-3",))), "", NOW)
    adopt_what_if(demo, try_it(demo, replace(EVERYTHING, national=("INF-3",))), "Dat doen wij al", NOW)

    assert "INF-3" in set(plan(demo).gaps["criterion_id"])
    assert count_decided(demo) != before


def test_dropping_asks_for_a_reason(demo: Installation) -> None:
    before = count_decided(demo)

    with pytest.raises(PlanError, match=f"vraagt een reden: {DROPS}"):
        adopt_what_if(demo, try_it(demo, EVERYTHING), "  ", NOW)

    assert count_decided(demo) == before


def test_a_reason_about_a_person_keeps_nothing_at_all(demo: Installation) -> None:
    before = count_decided(demo)

    with pytest.raises(PlanError, match="burgerservicenummer"):
        adopt_what_if(demo, try_it(demo, EVERYTHING), "Zie 111222333", NOW)

    assert count_decided(demo) == before


@pytest.mark.parametrize("what", ["line", "capacity"])
def test_what_was_changed_since_it_was_shown_is_not_overwritten(demo: Installation, what: str) -> None:
    comparison = try_it(demo, EVERYTHING)
    if what == "line":
        change_lines(demo, stand(demo), [Edit(HOUSE, "LOS-2.M1", {"owner": "Coördinator"})], NOW)
    else:
        set_capacities(demo, stand(demo), [CapacityEdit(Resource(Actor.UNIT, UNIT), 2)], NOW)
    before = count_decided(demo)

    with pytest.raises(ConflictError, match="intussen gewijzigd"):
        adopt_what_if(demo, comparison, "Dat doen wij al", NOW)

    assert count_decided(demo) == before


def test_of_many_who_adopt_at_once_one_is_first_and_the_others_are_told(demo: Installation) -> None:
    numbers = range(3, 9)
    tried = [try_it(demo, WhatIf({Actor.MUNICIPALITIES: number})) for number in numbers]

    def adopt(comparison: Comparison) -> int:
        try:
            return len(adopt_what_if(demo, comparison, "", NOW).capacities)
        except ConflictError:
            return 0

    with ThreadPoolExecutor(len(tried)) as threads:
        kept = list(threads.map(adopt, tried))

    assert sum(kept) == 1
    (wanted,) = plan(demo).decisions.capacities
    assert (wanted.number, wanted.version) == (numbers[kept.index(1)], 1)


def test_a_plan_is_not_frozen_when_a_capacity_changed_since_it_was_shown(demo: Installation) -> None:
    shown = plan(demo)
    set_capacities(demo, stand(demo), [CapacityEdit(Resource(Actor.UNIT, UNIT), 2)], NOW)

    with pytest.raises(ConflictError, match="Er is niets vastgesteld"):
        adopt_plan(demo, shown, [HOUSE], NOW)


def test_a_manager_keeps_what_is_of_the_house_and_nothing_with_what_is_shared(demo: Installation) -> None:
    manager = visited(demo, role="manager", house_id=HOUSE)
    shared = replace(EVERYTHING, capacity={Actor.MUNICIPALITIES: 1, Actor.UNIT: 2})
    before = count_decided(demo)

    with pytest.raises(NotAllowedError, match="alle huizen van Eenheid Noord-Nederland samen"):
        adopt_what_if(manager, try_it(manager, shared), "Dat doen wij al", NOW)
    assert count_decided(demo) == before

    adopted = adopt_what_if(manager, try_it(manager, EVERYTHING), "Dat doen wij al", NOW)
    assert [len(each) for each in adopted] == [2, 1]


def test_a_shared_capacity_leaves_room_for_what_other_houses_pinned(demo: Installation) -> None:
    """Also where it is tried on the plan of one house, which draws on it alone there."""
    scores = stand(demo)
    unit = plan(demo, None)
    others = unit.measures[
        (unit.measures["actor"] == Actor.UNIT.value) & (unit.measures["house_id"] != HOUSE)
    ].sort_values("last")
    edits = [
        Edit(str(row["house_id"]), str(row["measure_id"]), {"pinned": Quarter(2032, 1)})
        for row in others.groupby("house_id").tail(1).to_dict("records")
    ]
    change_lines(demo, scores, edits, NOW)

    with pytest.raises(PlanError, match="capaciteit") as refused:
        adopt_what_if(demo, try_it(demo, WhatIf({Actor.UNIT: 1})), "", NOW)

    titles = [demo.register().house[edit.house_id].title for edit in edits]
    assert all(f"vastgezet op 2032-K1 bij {title}" in str(refused.value) for title in titles)


def test_where_work_began_it_stays_and_the_other_houses_follow(demo: Installation) -> None:
    change_lines(demo, stand(demo), [Edit(HOUSE, EVERYWHERE, {"started": TODAY})], NOW)
    pinned = WhatIf(pins={EVERYWHERE: Quarter(2031, 1)})

    wanted = find_wanted(try_it(demo, pinned, None))

    assert len(wanted.lines) > 1
    assert HOUSE not in {new.house_id for _, new in wanted.lines}
    with pytest.raises(PlanError, match="is bezig en kan niet worden vastgezet"):
        try_it(demo, pinned)
