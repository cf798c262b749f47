"""The table of permissions, cell by cell, against what was agreed in words."""

import pytest
from pydantic import ValidationError

from assessment.model.access import OPERATOR, PERMISSIONS, Grant, Role, Task, Visitor, describe_who_may
from assessment.model.register import House
from assessment.model.scale import Perspective
from tests.permissions import EVERYWHERE, EXPECTED, grant_on

OWN = House(house_id="ons", title="Ons huis", unit_id="onze-eenheid")
OTHER = House(house_id="ander", title="Ander huis", unit_id="andere-eenheid")
CELLS = {
    "h": (OWN, Perspective.HOUSE),
    "p": (OWN, Perspective.POLICE),
    "H": (OTHER, Perspective.HOUSE),
    "P": (OTHER, Perspective.POLICE),
}


def visitor(*roles: Role) -> Visitor:
    return Visitor(who="a1", name="A", grants=tuple(grant_on(role, OWN) for role in roles))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("task", Task)
def test_a_role_may_do_what_was_agreed_and_no_more(task: Task, role: Role, cell: str) -> None:
    allowed = visitor(role).may(task, *CELLS[cell])

    assert allowed == (cell in EXPECTED[role].get(task, ""))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("task", Task)
def test_a_task_on_everything_needs_a_right_on_everything(task: Task, role: Role) -> None:
    assert visitor(role).may(task) == (EXPECTED[role].get(task) == EVERYWHERE)


def test_another_house_of_the_unit_is_own_for_the_unit_and_not_for_a_manager() -> None:
    neighbour = House(house_id="buur", title="Buur", unit_id="onze-eenheid")

    assert visitor(Role.UNIT).may(Task.SEE_SCORES, neighbour, Perspective.HOUSE)
    assert not visitor(Role.MANAGER).may(Task.SEE_SCORES, neighbour, Perspective.HOUSE)


@pytest.mark.parametrize("house", [OWN, OTHER])
def test_the_country_reads_the_texts_of_a_house_only_when_that_house_shares_them(house: House) -> None:
    sharing = house.model_copy(update={"shares_text": True})

    assert not visitor(Role.COUNTRY).may(Task.SEE_TEXT, house, Perspective.HOUSE)
    assert visitor(Role.COUNTRY).may(Task.SEE_TEXT, sharing, Perspective.HOUSE)
    assert not visitor(Role.COUNTRY).may(Task.SEE_TEXT)
    assert not visitor(Role.ADMINISTRATOR).may(Task.SEE_TEXT, sharing, Perspective.HOUSE)


def test_who_has_two_roles_may_do_what_either_may() -> None:
    both = visitor(Role.MANAGER, Role.ADMINISTRATOR)

    assert both.may(Task.HAND_IN, OWN, Perspective.HOUSE)
    assert both.may(Task.BACK_UP)
    assert not both.may(Task.HAND_IN, OWN, Perspective.POLICE)


@pytest.mark.parametrize("task", Task)
def test_who_has_no_role_may_do_nothing(task: Task) -> None:
    assert not visitor().may(task, OWN, Perspective.HOUSE)
    assert not visitor().may(task)
    assert OPERATOR.may(task)
    assert OPERATOR.may(task, OTHER, Perspective.POLICE)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.MANAGER, False),
        (Role.POLICE, True),
        (Role.UNIT, True),
        (Role.COUNTRY, True),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_who_sees_more_houses_than_one_sees_units(role: Role, seen: bool) -> None:  # noqa: FBT001
    assert visitor(role).sees_units == seen
    assert visitor(role).may_somewhere(Task.PLAN) == (role in {Role.MANAGER, Role.UNIT, Role.COUNTRY})


def test_every_task_is_in_the_table_and_somebody_may_do_it() -> None:
    assert set(PERMISSIONS) == set(Task)
    assert all(describe_who_may(task) for task in Task)


@pytest.mark.parametrize(
    "given",
    [
        {"role": "manager"},
        {"role": "manager", "unit_id": "onze-eenheid"},
        {"role": "manager", "house_id": "ons", "unit_id": "onze-eenheid"},
        {"role": "politie", "house_id": "ons"},
        {"role": "eenheid"},
        {"role": "landelijk", "house_id": "ons"},
        {"role": "beheerder", "unit_id": "onze-eenheid"},
    ],
)
def test_a_role_is_granted_on_what_it_is_about(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="hoort bij"):
        Grant.model_validate(given)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.POLICE])
def test_a_joint_version_is_seen_by_both_who_made_it_in_their_own_house_only(role: Role) -> None:
    assert visitor(role).may(Task.SEE_SCORES, OWN, Perspective.JOINT)
    assert not visitor(role).may(Task.SEE_SCORES, OTHER, Perspective.JOINT)
