"""Who may do what with rounds and versions: every use case for every role, on an own house and on another."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from assessment.errors import NotAllowedError, UserError
from assessment.model.access import Grant, Role, Visitor
from assessment.model.answers import HOUSE as OF_HOUSE
from assessment.model.answers import WITHHELD
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.joint_versions import adopt_for_house, adopt_jointly
from assessment.service.rounds import close_round, reopen_round
from assessment.service.versions import (
    adopt,
    reopen,
    withdraw,
)
from tests.conftest import NOW
from tests.reading import reading

ROUND, HOUSE_ID, UNIT = "2026-najaar", "waterwolde", "noord-holland"
OWN, THEIRS = f"{ROUND}.{HOUSE_ID}.huis.1", f"{ROUND}.{HOUSE_ID}.politie.1"
ADOPTED = f"{ROUND}.zilverdam.huis.1"
WHY = "Daarom"


def join(where: Installation) -> None:
    adopt_jointly(where, (OWN, THEIRS), {}, NOW)


def adopt_one(where: Installation) -> None:
    adopt(where, f"{ROUND}.duinsloot.huis.1", NOW)


USE_CASES: dict[str, Callable[[Installation], object]] = {
    "withdraw": lambda where: withdraw(where, OWN, WHY, NOW),
    "withdraw of the police": lambda where: withdraw(where, THEIRS, WHY, NOW),
    "adopt": adopt_one,
    "adopt jointly": join,
    "find pair": lambda where: reading(where).find_pair(ROUND, HOUSE_ID),
    "adopt for house": lambda where: adopt_for_house(where, (ROUND, HOUSE_ID), {}, OF_HOUSE, NOW),
    "reopen": lambda where: reopen(where, ADOPTED, WHY, NOW),
    "close": lambda where: close_round(where, ROUND, NOW),
    "reopen round": lambda where: reopen_round(where, "2025-najaar", WHY, NOW),
    "show": lambda where: reading(where).find_version(OWN),
    "show of the police": lambda where: reading(where).find_version(THEIRS),
    "compare": lambda where: reading(where).compare_versions(OWN, THEIRS),
    "export": lambda where: reading(where).find_file(OWN),
    "export of the police": lambda where: reading(where).find_file(THEIRS),
}
"""Each is about waterwolde, or about another house of its unit (noord-holland)."""

SEEING = {"show", "show of the police", "compare"}
ADOPTING = {"adopt", "adopt jointly", "find pair", "adopt for house"}
ALLOWED: dict[Role, set[str]] = {
    Role.MANAGER: {"withdraw", "export", "export of the police"} | SEEING,
    Role.POLICE: {"withdraw of the police", "show of the police", "export of the police"},
    Role.UNIT: {"reopen", "export", "export of the police"} | ADOPTING | SEEING,
    Role.COUNTRY: {"reopen", "close", "reopen round"} | SEEING,
    Role.ADMINISTRATOR: set(),
}


def as_role(demo: Installation, role: Role, house_id: str = HOUSE_ID, unit_id: str = UNIT) -> Installation:
    on = {Role.MANAGER: {"house_id": house_id}, Role.POLICE: {"unit_id": unit_id}}
    on[Role.UNIT] = on[Role.POLICE]
    given = Grant.model_validate({"role": role, **on.get(role, {})})
    return replace(demo, visitor=Visitor(who="a1", name="A", grants=(given,)))


def is_refused(act: Callable[[Installation], object], where: Installation) -> bool:
    """Whether the visitor may not; what is refused for another reason was allowed."""
    try:
        act(where)
    except UserError as error:
        return isinstance(error, NotAllowedError)
    return False


@pytest.mark.sqlite
@pytest.mark.parametrize("use_case", USE_CASES)
def test_each_role_may_do_what_was_agreed_with_its_own_houses_and_nothing_with_others(
    demo: Installation, use_case: str
) -> None:
    act = USE_CASES[use_case]
    own_only = (Role.MANAGER, Role.POLICE, Role.UNIT)

    strangers = [role for role in own_only if not is_refused(act, as_role(demo, role, "veenrijk", "limburg"))]
    allowed = {role for role in Role if not is_refused(act, as_role(demo, role))}

    assert strangers == []
    assert allowed == {role for role in Role if use_case in ALLOWED[role]}


def test_a_board_and_a_list_hold_what_the_visitor_may_know_of(demo: Installation) -> None:
    boards = {role: reading(as_role(demo, role)).find_board(ROUND) for role in Role}
    listed = {role: reading(as_role(demo, role)).list_versions(ROUND).versions for role in Role}

    assert {role: len(board.lines) for role, board in boards.items()} == {
        Role.MANAGER: 1,
        Role.POLICE: 3,
        Role.UNIT: 3,
        Role.COUNTRY: 30,
        Role.ADMINISTRATOR: 30,
    }
    assert {each.house_id for each in listed[Role.MANAGER]} == {HOUSE_ID}
    assert len(reading(as_role(demo, Role.UNIT)).make_reminders(ROUND)) == 2
    nobody = replace(demo, visitor=Visitor(who="a2", name="B"))
    with pytest.raises(NotAllowedError):
        reading(nobody).find_board(ROUND)


def test_texts_that_a_house_does_not_share_are_left_out_of_a_version(demo: Installation) -> None:
    reopened = f"{ROUND}.peelakker.huis.1"

    seen = reading(as_role(demo, Role.COUNTRY)).find_version(reopened)
    own = reading(as_role(demo, Role.MANAGER, "peelakker")).find_version(reopened)

    assert [each.reason for each in seen.events] == ["", WITHHELD]
    assert own.events[1].reason.startswith("De stuurgroep")
    assert (seen.version.file_name, seen.submission.file_name) == (WITHHELD, WITHHELD)
    assert own.version.perspective is Perspective.HOUSE
