"""What a manager sees of other houses: all of them together, of a closed round, and never one of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assessment.engine.disclosure import SMALLEST
from assessment.errors import NotAllowedError
from assessment.model.access import OPERATOR, Grant, Role, Visitor
from assessment.model.audit import AuditHead
from assessment.model.register import Register
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.queries import Queries
from assessment.service.queries.reader import Computed
from assessment.service.register import Asks, open_round
from assessment.service.round_scores import Country, RoundScores, Which, score_round
from assessment.service.rounds import close_round
from assessment.store.submissions import add_submissions, load_submission
from tests.conftest import NOW, Run
from tests.reading import make_cache, reading

OPEN, CLOSED = "2026-najaar", "2026-voorjaar"


def as_role(installation: Installation, role: Role, place: str | None = None) -> Installation:
    names = {Role.MANAGER: "house_id", Role.POLICE: "unit_id", Role.UNIT: "unit_id"}
    grant = Grant.model_validate({"role": role} | ({names[role]: place} if role in names else {}))
    return replace(installation, visitor=Visitor(who="a-1", name="A", grants=(grant,)))


def country_of(
    installation: Installation, round_id: str, perspective: Perspective = Perspective.HOUSE
) -> Country:
    return reading(installation).find_country(round_id, perspective)


def test_what_somebody_else_looked_at_before_shows_a_manager_no_more(opened: Installation) -> None:
    _, keep = make_cache()
    manager = as_role(opened, Role.MANAGER, "veenrijk")
    whole = replace(reading(opened), cache=keep).find_country(CLOSED, Perspective.HOUSE)
    shown = replace(reading(manager), cache=keep).find_country(CLOSED, Perspective.HOUSE)

    assert (whole.complete, shown.complete) == (True, False)
    pd.testing.assert_frame_equal(shown.groups, country_of(manager, CLOSED).groups)


def test_a_manager_sees_all_houses_together_of_a_closed_round(opened: Installation) -> None:
    whole = country_of(opened, CLOSED)
    shown = country_of(as_role(opened, Role.MANAGER, "veenrijk"), CLOSED)

    assert whole.complete
    assert not shown.complete
    assert shown.groups[["minimum", "maximum"]].isna().all(axis=None)
    both = shown.groups.merge(whole.groups, on="subject_id", validate="one_to_one")
    for column in ("n", "low", "high", "median"):
        np.testing.assert_array_equal(both[f"{column}_x"], both[f"{column}_y"])


def test_of_an_open_round_a_manager_sees_no_other_house_yet(opened: Installation) -> None:
    with pytest.raises(NotAllowedError, match="nog open"):
        country_of(as_role(opened, Role.MANAGER, "veenrijk"), OPEN)


@pytest.mark.parametrize("role", [Role.UNIT, Role.POLICE])
def test_who_sees_a_unit_sees_the_other_houses_together_only(opened: Installation, role: Role) -> None:
    visited = as_role(opened, role, "oost-nederland")

    assert not country_of(visited, CLOSED).complete
    with pytest.raises(NotAllowedError):
        country_of(visited, OPEN)


def test_the_country_sees_every_house_at_any_moment(opened: Installation) -> None:
    visited = as_role(opened, Role.COUNTRY)

    assert country_of(visited, OPEN).complete
    pd.testing.assert_frame_equal(country_of(visited, OPEN).groups, country_of(opened, OPEN).groups)


def test_an_administrator_sees_no_groups(opened: Installation) -> None:
    with pytest.raises(NotAllowedError, match="groepen huizen zien"):
        country_of(as_role(opened, Role.ADMINISTRATOR), CLOSED)


def add_small_round(installation: Installation, houses: int, police: int = 0) -> str:
    """Close a round of the first houses of an earlier one, with the answers that they gave then.

    Returns:
        The first of these houses.
    """
    earlier = score_round(installation, CLOSED, Perspective.HOUSE, NOW.date())
    chosen = earlier.grid.house_ids[:houses]
    days = (NOW.date(), NOW.date())
    open_round(installation, ("klein", "Klein"), days, Asks(earlier.round.frameworks, chosen), NOW)
    copy_answers(installation, chosen, Perspective.HOUSE)
    copy_answers(installation, chosen[:police], Perspective.POLICE)
    close_round(installation, "klein", NOW)
    return chosen[0]


def copy_answers(installation: Installation, house_ids: tuple[str, ...], perspective: Perspective) -> None:
    changes = {"round_id": "klein", "perspective": perspective}
    with installation.store.writing() as session:
        found = [load_submission(session, f"{CLOSED}.{house_id}.huis.1") for house_id in house_ids]
        add_submissions(session, [(each.model_copy(update=changes), b"") for each in found if each])


@pytest.mark.parametrize(("houses", "told"), [(4, False), (5, True)])
def test_no_house_is_put_beside_fewer_than_five_for_who_sees_each(
    demo: Installation,
    houses: int,
    told: bool,  # noqa: FBT001
) -> None:
    add_small_round(demo, houses)

    country = country_of(as_role(demo, Role.COUNTRY), "klein")

    assert country.complete
    assert (len(country.large) > 0, len(country.met) > 0) == (told, told)
    assert (country.large["n"] >= SMALLEST).all()


@pytest.mark.parametrize(("houses", "seen"), [(5, False), (6, True)])
def test_a_manager_needs_five_others(demo: Installation, houses: int, seen: bool) -> None:  # noqa: FBT001
    visited = as_role(demo, Role.MANAGER, add_small_round(demo, houses))

    if seen:
        assert country_of(visited, "klein").houses == houses
    else:
        with pytest.raises(NotAllowedError, match="minder dan 5 andere huizen"):
            country_of(visited, "klein")


@pytest.mark.parametrize(("police", "seen"), [(12, True), (11, False), (8, False), (7, True), (4, False)])
def test_the_police_of_a_few_houses_less_are_not_shown_beside_the_houses(
    demo: Installation,
    police: int,
    seen: bool,  # noqa: FBT001
) -> None:
    visited = as_role(demo, Role.MANAGER, add_small_round(demo, 12, police))

    assert country_of(visited, "klein").houses == 12
    if seen:
        assert country_of(visited, "klein", Perspective.POLICE).houses == police
    else:
        with pytest.raises(NotAllowedError):
            country_of(visited, "klein", Perspective.POLICE)


def test_a_unit_of_others_is_no_group_for_a_manager(opened: Installation) -> None:
    visited = as_role(opened, Role.MANAGER, "veenrijk")
    own = reading(visited).find_scores(Which(CLOSED, Perspective.HOUSE))

    assert own.grid.house_ids == ("veenrijk",)
    with pytest.raises(NotAllowedError):
        reading(visited).find_scores(Which(CLOSED, Perspective.HOUSE, "terpmark"))


def test_what_was_reckoned_for_all_is_cut_down_to_what_one_may_see(opened: Installation) -> None:
    kept, keep = make_cache()
    visitor = as_role(opened, Role.MANAGER, "veenrijk").visitor
    which = Which(CLOSED, Perspective.HOUSE)
    everyone = Queries(opened, OPERATOR, keep, lambda: NOW).find_scores(which)
    own = Queries(opened, visitor, keep, lambda: NOW).find_scores(which)

    assert len([what for what, _ in kept if what is Computed.SCORES]) == 1
    assert len(everyone.houses) > len(own.houses)
    for frame in (own.totals, own.themes, own.criteria):
        assert set(frame["house_id"]) == {"veenrijk"}


def test_groups_by_command_are_those_of_the_account(on_demo: Run) -> None:
    on_demo("account", "add", "a-1", "--name", "Jip")
    on_demo("account", "grant", "a-1", "manager:veenrijk")

    assert on_demo("--as", "a-1", "compare", "--round", CLOSED).returncode == 0
    assert on_demo("--as", "a-1", "compare").returncode == NotAllowedError.exit_code
    assert on_demo("--as", "a-1", "compare", "--unit", "oost-nederland").returncode == 22
    assert on_demo("compare").returncode == 0


HOUSE = ("--house", "waterwolde")


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "capacity", *HOUSE, "--set", "gemeenten=1"),
        ("account", "add", "a-1", "--name", "Jip"),
        ("template", *HOUSE, "-o", "{folder}/vragen.xlsx"),
        ("backup", "{folder}/alles.zip"),
    ],
)
def test_what_no_score_rests_on_leaves_what_is_kept(
    on_demo: Run, demo: Installation, tmp_path: Path, words: tuple[str, ...]
) -> None:
    _, keep = make_cache()

    def read() -> tuple[RoundScores, Register, AuditHead]:
        queries = replace(reading(demo), cache=keep)
        which = Which(OPEN, Perspective.RECORD)
        return queries.find_scores(which), queries.find_register(), queries.verify_trail()

    before = read()
    assert on_demo(*(each.format(folder=tmp_path) for each in words)).returncode == 0
    after = read()

    assert after[0] is before[0]
    assert after[1] is before[1]
    assert after[2] != before[2]


@pytest.mark.parametrize(
    "words",
    [
        ("house", "change", "waterwolde", "--title", "Anders", "--version", "1"),
        ("house", "share", "waterwolde", "--yes"),
        ("submission", "withdraw", "2026-najaar.waterwolde.huis.1", "--reason", "Verkeerd huis"),
        ("round", "close", OPEN, "--yes"),
    ],
)
def test_what_scores_rest_on_is_read_anew(on_demo: Run, demo: Installation, words: tuple[str, ...]) -> None:
    _, keep = make_cache()
    before = replace(reading(demo), cache=keep).find_register()

    assert on_demo(*words).returncode == 0

    assert replace(reading(demo), cache=keep).find_register() is not before
