"""The table of permissions, cell by cell, against what was agreed in words."""

from datetime import date, datetime, timedelta

import pytest
from pydantic import ValidationError

from assessment.model.access import (
    OPERATOR,
    PERMISSIONS,
    Account,
    Grant,
    Identity,
    IdToken,
    Login,
    LoginLimits,
    Role,
    Task,
    Visitor,
    describe_who_may,
    read_grant,
)
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
    assert not visitor(Role.COUNTRY).may(Task.SEE_FORMULAS, house)
    assert visitor(Role.COUNTRY).may(Task.SEE_FORMULAS, sharing)
    assert not visitor(Role.COUNTRY).may(Task.CHANGE_FORMULAS, sharing)
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


@pytest.mark.parametrize("role", Role)
def test_a_grant_is_read_back_as_it_is_written(role: Role) -> None:
    granted = grant_on(role, OWN)

    assert read_grant(str(granted)) == granted


def test_a_grant_is_written_as_a_user_types_it() -> None:
    assert str(read_grant("manager:ons")) == "manager:ons"
    assert read_grant("politie:onze-eenheid").granted_on == "onze-eenheid"
    assert str(read_grant("landelijk")) == "landelijk"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("baas", "'baas' is not a valid Role"),
        ("", "'' is not a valid Role"),
        ("manager", "de rol manager hoort bij een huis"),
        ("beheerder:onze-eenheid", "de rol beheerder hoort bij geen huis en geen eenheid"),
    ],
)
def test_what_is_no_role_on_its_own_place_is_not_read_as_one(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_grant(text)


def test_two_who_may_do_the_same_have_equal_rights_whoever_they_are() -> None:
    other = visitor(Role.MANAGER).model_copy(update={"who": "b2", "name": "B"})

    assert visitor(Role.MANAGER).rights == other.rights
    assert visitor(Role.MANAGER).rights != visitor(Role.POLICE).rights


def test_who_may_do_a_task_is_told_with_how_far_each_reaches() -> None:
    told = describe_who_may(Task.WITHDRAW)

    assert told == (
        "de manager van het huis (antwoorden van het huis) en "
        "de politie van het huis (antwoorden van de politie)"
    )
    assert describe_who_may(Task.BACK_UP) == "de beheerder"
    assert describe_who_may(Task.PLAN) == (
        "de manager van het huis, de eenheid van het huis en de landelijke portefeuillehouder"
    )


def test_an_organisation_is_the_same_with_and_without_a_slash_and_a_person_is_not_another() -> None:
    with_slash = Identity(issuer="https://inlog.example/", subject="7")

    assert with_slash == Identity(issuer="https://inlog.example", subject="7")
    assert with_slash.sha256 != Identity(issuer="https://inlog.example", subject="8").sha256


def account(**changes: object) -> Account:
    dull = {"account_id": "a1", "name": "A", "grants": (grant_on(Role.MANAGER, OWN),)}
    return Account.model_validate(dull | {"added": date(2026, 11, 1)} | changes)


def test_a_use_case_works_for_the_account_that_signed_in() -> None:
    assert account().visitor == visitor(Role.MANAGER)


def test_an_account_that_ended_has_no_rights() -> None:
    ended = date(2026, 11, 22)

    with pytest.raises(ValidationError, match="a1: een beëindigd account heeft geen rechten"):
        account(ended=ended)
    assert not account(ended=ended, grants=()).visitor.may_somewhere(Task.SEE_REGISTER)


BEGUN = datetime(2026, 11, 22, 9)  # noqa: DTZ001 - days and hours of the Netherlands
LIMITS = LoginLimits(idle=timedelta(hours=4), longest=timedelta(days=2))


def login(last_seen: timedelta, *, ended: bool = False) -> Login:
    """A login that was seen last so long after it began."""
    moment = BEGUN + last_seen
    return Login(login_id="x", who="a1", begun=BEGUN, last_seen=moment, ended=moment if ended else None)


@pytest.mark.parametrize(
    ("last_seen", "now", "told"),
    [
        (timedelta(0), timedelta(hours=4), None),
        (timedelta(0), timedelta(hours=4, seconds=1), "U hebt langer dan 4 uur niets gedaan."),
        (timedelta(days=2), timedelta(days=2), None),
        (timedelta(days=2), timedelta(days=2, seconds=1), "U bent langer dan 2 dagen geleden aangemeld."),
    ],
)
def test_a_login_is_over_past_either_limit_and_says_which(
    last_seen: timedelta, now: timedelta, told: str | None
) -> None:
    assert login(last_seen).find_end(LIMITS, BEGUN + now) == told


def test_a_login_that_was_ended_is_over_at_once() -> None:
    assert login(timedelta(0), ended=True).find_end(LIMITS, BEGUN) == "U bent afgemeld."


def test_a_login_is_known_again_by_its_nonce_of_one_organisation() -> None:
    token = IdToken(Identity(issuer="https://inlog.example", subject="7"), "A", "nonce", BEGUN)
    elsewhere = token._replace(identity=Identity(issuer="https://ander.example", subject="7"))

    assert token.login == token._replace(name="B").login
    assert (token.login.begun, token.login.last_seen, token.login.who) == (BEGUN, BEGUN, "")
    assert len({each.login.login_id for each in (token, token._replace(nonce="ander"), elsewhere)}) == 3
    assert "nonce" not in token.login.login_id


def test_the_function_in_which_somebody_works_for_a_house_is_told_and_the_name_is_not() -> None:
    here, there = (House(house_id=key, title=key, unit_id="noord") for key in ("hier", "daar"))
    grants = (Grant(role=Role.MANAGER, house_id="hier"), Grant(role=Role.COUNTRY))
    visitor = Visitor(who="a-1", name="Anna", grants=grants)

    assert visitor.function_on(here) == "manager, landelijk"
    assert visitor.function_on(there) == "landelijk"
    assert OPERATOR.function_on(here) == ""
