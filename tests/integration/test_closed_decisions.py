"""After a round is closed nothing that a house decides shows to who may not see that house, in any query."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import singledispatch
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel

from assessment.errors import PlanError, UserError
from assessment.model.access import Role, Visitor
from assessment.model.decisions import Resource
from assessment.model.scale import Actor, Perspective
from assessment.service.installation import Installation
from assessment.service.plans.baselines import adopt_plan
from assessment.service.plans.capacities import CapacityEdit
from assessment.service.plans.decisions import Edit, change_lines, set_capacities
from assessment.service.plans.planning import find_transition
from assessment.service.plans.underway import Underway
from assessment.service.queries.reader import Computed, Value
from assessment.service.round_scores import Which, score_round
from assessment.service.rounds import close_round, reopen_round
from tests import use_cases
from tests.conftest import NOW
from tests.permissions import grant_on
from tests.reading import reading
from tests.use_cases import ALL, CLOSED, HOUSE, OPEN, QUERIES, THE_HOUSE, Stage, set_stage

pytestmark = pytest.mark.sqlite

OWN = "terpmark"
"""The house of who visits; `use_cases.HOUSE` is of another unit, and hidden."""
HIDDEN = Which(None, Perspective.HOUSE, HOUSE)
UNIT = Which(CLOSED, Perspective.HOUSE, unit_id="midden-nederland")
TELLS_ALL = {"verify_trail", "write_trail"}
"""What whoever runs the installation may read: that something was decided, by whom, and when."""
SEES_NO_OTHER = [Role.MANAGER, Role.POLICE, Role.UNIT, Role.ADMINISTRATOR]


def visited_by(stage: Stage, role: Role) -> Stage:
    grant = grant_on(role, stage.operated.register().house[OWN])
    visitor = Visitor(who="a-1", name="A", grants=(grant,))
    return replace(stage, where=replace(stage.operated, visitor=visitor))


def look_at_all(stage: Stage) -> dict[str, object]:
    """What every query gives, on the hidden house, on the own one and on all together."""
    calls: dict[str, Any] = {name: query.call for name, query in QUERIES.items() if name not in TELLS_ALL}
    calls["find_transition"] = lambda s: s.queries.find_transition(CLOSED, Perspective.HOUSE)
    for name, which in (
        ("own", Which(CLOSED, Perspective.HOUSE, OWN)),
        ("all", Which(CLOSED, Perspective.HOUSE)),
    ):
        calls[f"find_roadmap {name}"] = lambda s, which=which: s.queries.find_roadmap(which)
        calls[f"find_scores {name}"] = lambda s, which=which: s.queries.find_scores(which)
    return {name: describe(call, stage) for name, call in calls.items()}


def describe(call: Any, stage: Stage) -> object:  # noqa: ANN401 - whatever a query gives
    try:
        return spell(call(stage))
    except UserError as error:
        return str(error)


@singledispatch
def spell(value: object) -> object:
    """A value in parts that can be compared."""
    if is_dataclass(value):
        return {field.name: spell(getattr(value, field.name)) for field in fields(value)}
    return str(value)


@spell.register(Underway)
def _(value: Underway[object]) -> object:
    return spell(value.get())


@spell.register(pd.DataFrame)
@spell.register(pd.Series)
def _(value: pd.DataFrame) -> object:
    return value.to_csv()


@spell.register
def _(value: np.ndarray) -> object:
    return str(value.tolist())  # what is no number is not equal to itself


@spell.register
def _(value: BaseModel) -> object:
    return {name: spell(getattr(value, name)) for name in type(value).model_fields}


@spell.register(Mapping)
def _(value: Mapping[object, object]) -> object:
    return {str(key): spell(each) for key, each in value.items()}


@spell.register(list)
@spell.register(tuple)
def _(value: Iterable[object]) -> object:
    return [spell(each) for each in value]


@spell.register(set)
@spell.register(frozenset)
def _(value: Iterable[object]) -> object:
    return sorted(map(str, value))


def decide_much(operated: Installation) -> None:
    """Drop every measure of the hidden house but one, set what its actors carry, and adopt that plan."""
    scores = score_round(operated, None, Perspective.HOUSE, NOW.date())
    planned = reading(operated).find_roadmap(HIDDEN)
    measure_ids = [str(each) for each in planned.measures["measure_id"].unique()]
    edits = [Edit(HOUSE, each, {"dropped": "Dat doen wij niet."}) for each in measure_ids[1:]]
    change_lines(operated, scores, edits, NOW)
    set_capacities(operated, scores, [CapacityEdit(Resource(Actor.HOUSE, HOUSE), 1)], NOW)
    adopt_plan(operated, reading(operated).find_roadmap(HIDDEN), [HOUSE], NOW)


@pytest.fixture
def one_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """All who visit share what was computed, as on the pages."""
    kept: dict[tuple[Computed, str], Any] = {}

    def keep(what: Computed, key: str, compute: Callable[[], Value]) -> Value:
        if (what, key) not in kept:
            kept[what, key] = compute()
        value: Value = kept[what, key]
        return value

    monkeypatch.setattr(use_cases, "reading", lambda where: replace(reading(where), cache=keep))


@pytest.mark.usefixtures("one_cache")
def test_a_decision_of_a_hidden_house_after_the_closing_shows_in_no_query(
    demo: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stage = set_stage(demo, tmp_path_factory.mktemp("stage"))
    visits = {role: visited_by(stage, role) for role in SEES_NO_OTHER}
    before = {role: look_at_all(visit) for role, visit in visits.items()}
    own = describe(lambda s: s.queries.find_roadmap(HIDDEN), stage)

    decide_much(demo)

    assert describe(lambda s: s.queries.find_roadmap(HIDDEN), stage) != own
    for role, visit in visits.items():
        after = look_at_all(visit)
        assert [name for name in after if after[name] != before[role][name]] == [], role


@pytest.mark.parametrize("which", [THE_HOUSE, UNIT], ids=["house", "unit"])
def test_the_plan_of_a_closed_round_stays_once_a_later_round_has_answers(
    demo: Installation, which: Which
) -> None:
    at_first = spell(reading(demo).find_roadmap(which))
    followed = spell(reading(demo).follow_plan(reading(demo).find_roadmap(which), HOUSE))

    decide_much(demo)

    planned = reading(demo).find_roadmap(which)
    assert spell(planned) == at_first
    assert spell(reading(demo).follow_plan(planned, HOUSE)) == followed


def test_a_house_goes_on_with_its_plan_after_the_closing_until_it_hands_in_again(demo: Installation) -> None:
    close_round(demo, OPEN, NOW)
    at_first = spell(reading(demo).find_transition(OPEN, Perspective.HOUSE))

    decide_much(demo)

    planned = reading(demo).find_roadmap(HIDDEN)
    assert planned.dropped["house_id"].unique().tolist() == [HOUSE]
    assert planned.decisions.closed is None
    assert spell(reading(demo).find_transition(OPEN, Perspective.HOUSE)) == at_first


def test_a_plan_that_changes_no_more_is_neither_changed_nor_adopted(demo: Installation) -> None:
    planned = reading(demo).find_roadmap(THE_HOUSE)
    measure_id = str(planned.measures["measure_id"].iloc[0])
    edit = Edit(HOUSE, measure_id, {"remark": "Eerst praten."})
    told = (
        "Een plan in ronde voorjaar 2026 verandert niet meer: er is daarna ingeleverd voor ronde najaar 2026"
    )

    with pytest.raises(PlanError, match=told):
        change_lines(demo, planned.scores, [edit], NOW)
    with pytest.raises(PlanError, match=told):
        adopt_plan(demo, planned, [HOUSE], NOW)


def test_the_forecast_of_a_closed_round_is_what_everybody_is_told_together(demo: Installation) -> None:
    decide_much(demo)

    told = reading(demo).find_roadmap(ALL, together=True)

    assert spell(find_transition(told)) == spell(reading(demo).find_transition(CLOSED, Perspective.HOUSE))


def test_a_plan_of_then_keeps_the_reason_of_a_drop_that_still_stands(demo: Installation) -> None:
    reopen_round(demo, CLOSED, "Er is iets vergeten.", NOW)
    decide_much(demo)
    close_round(demo, CLOSED, NOW)

    planned = reading(demo).find_roadmap(THE_HOUSE)

    assert planned.decisions.closed == NOW
    assert {line.dropped for line in planned.decisions.lines if line.dropped} == {"Dat doen wij niet."}


def test_the_curve_of_a_round_rests_on_what_was_decided_until_it_closed(demo: Installation) -> None:
    manager = replace(
        demo,
        visitor=Visitor(who="a-1", name="A", grants=(grant_on(Role.MANAGER, demo.register().house[OWN]),)),
    )
    at_first = spell(reading(manager).find_transition(CLOSED, Perspective.HOUSE))
    decide_much(demo)
    assert spell(reading(manager).find_transition(CLOSED, Perspective.HOUSE)) == at_first

    reopen_round(demo, CLOSED, "Er is iets vergeten.", NOW)
    close_round(demo, CLOSED, NOW)

    assert spell(reading(manager).find_transition(CLOSED, Perspective.HOUSE)) != at_first
