"""Capacities that somebody set: kept, told in the audit trail, planned with, and never overwritten unseen."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assessment.errors import ConflictError, NotAllowedError, PlanError
from assessment.model.access import Grant, Role, Visitor
from assessment.model.audit import Action
from assessment.model.decisions import Capacity, Resource
from assessment.model.plan import Quarter
from assessment.model.scale import Actor, Perspective
from assessment.service.backup import make_backup, prepare_restore, restore
from assessment.service.installation import Installation
from assessment.service.plans.capacities import CapacityEdit, list_drawing, require_capacity
from assessment.service.plans.decisions import Edit, change_lines, set_capacities
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import Trial
from assessment.service.round_scores import Which, score_round
from assessment.store.audit import load_entries
from tests.conftest import NOW, installation_at
from tests.reading import count_decided, reading

HOUSE, OTHER, UNIT = "veenrijk", "terpmark", "noord-nederland"
SHARED = Resource(Actor.UNIT, UNIT)
OWN = Resource(Actor.HOUSE, HOUSE)


def put(installation: Installation, resource: Resource, number: int, seen: int | None = None) -> int:
    scores = score_round(installation, None, Perspective.HOUSE, NOW.date())
    return len(set_capacities(installation, scores, [CapacityEdit(resource, number, seen)], NOW))


def plan(installation: Installation, house_id: str | None, **capacity: int) -> Roadmap:
    which = Which(None, Perspective.HOUSE, house_id, None if house_id else UNIT)
    trial = Trial({Actor[name]: number for name, number in capacity.items()})
    return reading(installation).find_roadmap(which, trial)


def find(installation: Installation, resource: Resource) -> Capacity:
    on = (None, resource.owner_id) if resource.owner_id == UNIT else (resource.owner_id, None)
    return next(each for each in reading(installation).find_capacities(*on) if each.resource == resource)


def numbers(planned: Roadmap, actor: Actor) -> dict[str, int]:
    own = planned.resources[planned.resources["actor"] == actor.value]
    return dict(zip(own["house_id"], own["capacity"], strict=True))


def visited(installation: Installation, **grant: str) -> Installation:
    visitor = Visitor(who="a-1", name="A", grants=(Grant.model_validate(grant),))
    return replace(installation, visitor=visitor)


def test_what_the_houses_of_a_unit_share_holds_for_each_and_for_all(demo: Installation) -> None:
    put(demo, SHARED, 1)

    assert set(numbers(plan(demo, None), Actor.UNIT).values()) == {1}
    assert numbers(plan(demo, OTHER), Actor.UNIT) == {OTHER: 1}
    assert plan(demo, None).measures.equals(plan(demo, None, UNIT=1).measures)


def test_the_capacity_of_a_house_is_of_no_other(demo: Installation) -> None:
    put(demo, OWN, 1)

    together = numbers(plan(demo, None), Actor.HOUSE)
    assert together.pop(HOUSE) == 1
    assert set(together.values()) == {3}


def test_trying_another_number_goes_before_what_is_set_and_keeps_it(demo: Installation) -> None:
    put(demo, OWN, 1)

    tried = plan(demo, HOUSE, HOUSE=4)

    assert numbers(tried, Actor.HOUSE) == {HOUSE: 4}
    assert find(demo, OWN).number == 1


def test_the_trail_says_what_a_capacity_was_and_became(demo: Installation) -> None:
    put(demo, OWN, 1)
    put(demo, OWN, 1)
    put(demo, OWN, 2)

    with demo.store.reading() as session:
        told = [
            (each.subject, each.old, each.new)
            for each in load_entries(session)
            if each.action == Action.CAPACITY_CHANGED.value
        ]
    assert told == [
        ("Veiligheidshuis veenrijk", '{"number":3,"version":0}', '{"number":1,"version":1}'),
        ("Veiligheidshuis veenrijk", '{"number":1,"version":1}', '{"number":2,"version":2}'),
    ]


def test_what_a_plan_is_remembered_by_changes_with_a_capacity(demo: Installation) -> None:
    before = count_decided(demo)

    put(demo, SHARED, 2)

    assert count_decided(demo) != before


def test_who_sets_what_another_set_meanwhile_is_told_and_overwrites_nothing(demo: Installation) -> None:
    put(demo, SHARED, 2, seen=0)

    with pytest.raises(ConflictError, match=r"politie-eenheid is intussen .* nu 2, van u 1"):
        put(demo, SHARED, 1, seen=0)

    assert find(demo, SHARED).number == 2
    assert put(demo, SHARED, 2, seen=0) == 0
    assert put(demo, SHARED, 1, seen=1) == 1


@pytest.mark.parametrize(
    ("number", "must"), [(0, "ten minste 1"), (-1, "ten minste 1"), (100, "hoogstens 99")]
)
def test_a_number_that_cannot_be_is_refused(demo: Installation, number: int, must: str) -> None:
    with pytest.raises(PlanError, match=f"moet {must} zijn: politie-eenheid={number}. Er is niets bewaard."):
        put(demo, SHARED, number)

    assert find(demo, SHARED).version == 0


def test_a_capacity_that_pins_leave_no_room_for_is_refused_and_nothing_is_kept(demo: Installation) -> None:
    two = ["INF-2.M1", "INF-3.M1"]  # neither waits for the other
    assert set(two) <= set(plan(demo, HOUSE).measures["measure_id"])
    scores = score_round(demo, None, Perspective.HOUSE, NOW.date())
    change_lines(demo, scores, [Edit(HOUSE, key, {"pinned": Quarter(2031, 1)}) for key in two], NOW)

    with pytest.raises(PlanError, match="capaciteit") as refused:
        put(demo, OWN, 1)

    assert all(measure_id in str(refused.value) for measure_id in two)
    assert find(demo, OWN).version == 0


def test_a_manager_sets_what_is_of_the_house_alone_and_a_unit_what_is_shared(demo: Installation) -> None:
    manager = visited(demo, role="manager", house_id=HOUSE)
    unit = visited(demo, role="eenheid", unit_id=UNIT)

    assert put(manager, OWN, 2) == 1
    with pytest.raises(NotAllowedError, match="alle huizen van Eenheid Noord-Nederland samen"):
        put(manager, SHARED, 2)
    with pytest.raises(NotAllowedError):
        put(manager, Resource(Actor.HOUSE, OTHER), 2)
    assert put(unit, SHARED, 2) == 1
    with pytest.raises(NotAllowedError):
        put(visited(demo, role="eenheid", unit_id="limburg"), SHARED, 3)
    assert find(manager, OWN).number == 2


@pytest.mark.parametrize("role", [{"role": "politie", "unit_id": UNIT}, {"role": Role.ADMINISTRATOR.value}])
def test_police_and_administrator_set_none(demo: Installation, role: dict[str, str]) -> None:
    with pytest.raises(NotAllowedError):
        set_capacities(
            visited(demo, **role),
            score_round(demo, None, Perspective.HOUSE, NOW.date()),
            [CapacityEdit(OWN, 2)],
            NOW,
        )


def test_a_capacity_on_which_nothing_draws_asks_a_right_too(demo: Installation) -> None:
    outsider = visited(demo, role="manager", house_id=OTHER)
    register = demo.register()

    for owner_id in (HOUSE, "vlietkant"):  # of a house that has a district, and of a district of no house
        resource = Resource(Actor.DISTRICT, owner_id)
        assert list_drawing(register, [resource]) == ()
        with pytest.raises(NotAllowedError):
            require_capacity(outsider, register, resource)


def test_a_backup_brings_capacities_back(demo: Installation, tmp_path: Path) -> None:
    put(demo, SHARED, 1)
    make_backup(demo, tmp_path / "kopie.zip", NOW)
    put(demo, SHARED, 2)

    with prepare_restore(demo, tmp_path / "kopie.zip") as replacement:
        restore(replacement, NOW)

    with closing(installation_at(demo.settings.database_url)) as again:
        assert find(again, SHARED).number == 1
