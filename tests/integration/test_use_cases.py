"""Every use case, called as every role on an own house and on another: allowed where the table says so."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, replace
from inspect import getmembers, isfunction
from pathlib import Path

import pytest

from assessment.errors import DraftError, NotAllowedError, UserError
from assessment.model.access import Role, Visitor
from assessment.model.scale import Perspective
from assessment.service.drafts import Edit, begin_draft, save
from assessment.service.intake import check_files, hand_in_files
from assessment.service.queries import Queries
from assessment.service.queries.reader import Cache
from assessment.service.register import edit_house
from assessment.settings import HOME
from tests.conftest import NOW, open_copy
from tests.databases import Databases
from tests.permissions import EVERYWHERE, EXPECTED, grant_on
from tests.reading import make_cache
from tests.use_cases import EXEMPT, HOUSE, QUERIES, USE_CASES, WHOSE, Stage, set_stage

pytestmark = pytest.mark.sqlite

OTHER = "terpmark"
_ON_WHAT = {"Installation", "Replacement"}
CALLS = {**USE_CASES, **{f"queries.{name}": query for name, query in QUERIES.items()}}


@pytest.fixture(scope="module")
def stage(
    databases: Databases, demo_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    for operated in open_copy(databases, demo_database):
        yield set_stage(operated, tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def keep() -> Cache:
    """What keeps for all visitors, for all tests of this file together."""
    return make_cache()[1]


def visited_by(stage: Stage, role: Role, house_id: str) -> Stage:
    grant = grant_on(role, stage.operated.register().house[house_id])
    visitor = Visitor(who="a-1", name="A", grants=(grant,))
    return replace(stage, where=replace(stage.operated, visitor=visitor))


@pytest.mark.parametrize("whose", ["own", "other"])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", CALLS)
def test_a_use_case_is_refused_to_who_may_not_and_to_nobody_else(
    stage: Stage, name: str, role: Role, whose: str
) -> None:
    visited = visited_by(stage, role, HOUSE if whose == "own" else OTHER)

    assert is_allowed(visited, name) == may(name, role, whose)


@pytest.mark.parametrize("whose", ["own", "other"])
@pytest.mark.parametrize("role", Role)
def test_what_is_kept_for_all_is_refused_to_who_may_not_see_it(
    stage: Stage, keep: Cache, role: Role, whose: str
) -> None:
    queries = [name for name in CALLS if name.startswith("queries.")]
    assert all(is_allowed(replace(stage, cache=keep), name) for name in queries)
    visited = visited_by(replace(stage, cache=keep), role, HOUSE if whose == "own" else OTHER)

    allowed = {name: is_allowed(visited, name) for name in queries}

    assert allowed == {name: may(name, role, whose) for name in queries}


def may(name: str, role: Role, whose: str) -> bool:
    """Whether the table lets a role use this, on an own house or on another."""
    use_case = CALLS[name]
    letter = "h" if use_case.perspective is Perspective.HOUSE else "p"
    cell = letter if whose == "own" else letter.upper()
    reach = EXPECTED[role].get(use_case.task, "")
    return cell in reach if use_case.on_a_house else reach == EVERYWHERE


def is_allowed(stage: Stage, name: str) -> bool:
    """Whether a use case gets past the check; what it then stumbles over is no matter here."""
    try:
        with suppress(FileNotFoundError):
            CALLS[name].call(stage)
    except NotAllowedError:
        return False
    except UserError:
        return True
    return True


@pytest.mark.parametrize("role", [Role.COUNTRY, Role.UNIT])
def test_of_many_files_each_that_is_not_allowed_is_refused_by_its_name(stage: Stage, role: Role) -> None:
    where = visited_by(stage, role, HOUSE).where

    (handed_in,) = hand_in_files(where, [stage.file], NOW)
    (checked,) = check_files(where, [stage.file], NOW.date())

    assert isinstance(handed_in.error, NotAllowedError)
    assert str(handed_in.error).startswith(f"{stage.file.name}: U mag dit niet: antwoorden inleveren")
    assert checked.error is None


def list_use_cases() -> Iterator[str]:
    """Every public function of `service` that works on an installation, and so knows who visits."""
    for path in sorted(Path(HOME / "assessment" / "service").rglob("*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
                asked = {ast.unparse(a.annotation) for a in function.args.args if a.annotation}
                if asked & _ON_WHAT:
                    yield f"{path.stem}.{function.name}"


def test_every_use_case_is_in_the_table_or_says_why_not() -> None:
    """Whoever adds a use case adds it to tests/use_cases.py: with its task, or with the reason for none."""
    assert sorted(list_use_cases()) == sorted([*USE_CASES, *EXEMPT])


def test_every_query_is_in_the_table_too() -> None:
    """Whoever adds a method to `Queries` adds it to tests/use_cases.py, with the task that it is."""
    given = {field.name for field in fields(Queries)}
    methods = {name for name, _ in getmembers(Queries, isfunction) if not name.startswith("_")}

    assert {name.partition(" ")[0] for name in QUERIES} | {"may"} == methods - given


@pytest.mark.parametrize(
    ("check", "name"),
    [
        ("assessment.service.accounts.require", "accounts.end_account"),
        ("assessment.service.queries.reader.require_of", "queries.list_accounts"),
    ],
)
def test_a_forgotten_check_is_seen(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, check: str, name: str
) -> None:
    monkeypatch.setattr(check, lambda *_: None)

    assert is_allowed(visited_by(stage, Role.MANAGER, HOUSE), name)


def test_who_has_no_right_at_all_gets_nowhere(stage: Stage) -> None:
    nobody = Visitor(who="a-1", name="A")
    visited = replace(stage, where=replace(stage.operated, visitor=nobody))

    assert [name for name in CALLS if is_allowed(visited, name)] == []


def test_the_operator_gets_everywhere(stage: Stage) -> None:
    assert [name for name in CALLS if not is_allowed(stage, name)] == []


def test_an_administrator_does_not_share_the_texts_of_a_house(stage: Stage) -> None:
    where = visited_by(stage, Role.ADMINISTRATOR, HOUSE).where

    with pytest.raises(NotAllowedError, match="toelichtingen van een huis landelijk delen"):
        edit_house(where, stage.revision, {"shares_text": True}, NOW)


def test_a_row_of_the_draft_of_another_house_is_not_there(stage: Stage) -> None:
    """Whose draft it is and which draft it is must agree, or the check would be on another house."""
    theirs = begin_draft(stage.operated, WHOSE._replace(house_id=OTHER), NOW)
    question_id = next(iter(theirs.answers))
    where = visited_by(stage, Role.MANAGER, HOUSE).where
    answer = theirs.answers[question_id].content._replace(option_id=None, evidence="x")

    with pytest.raises(DraftError):
        save(where, Edit(WHOSE, theirs.draft_id, answer, 1), NOW)
