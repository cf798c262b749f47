"""The worked examples of questionnaires/roadmap.md, planned by the engine, in the words of the sheet."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from assessment.engine.gaps import find_gaps
from assessment.engine.roadmap.chain import find_critical_chain
from assessment.engine.roadmap.plan import Plan, plan_quarters
from assessment.engine.roadmap.problem import build_problem
from assessment.engine.scoring import list_scores, score_criteria
from assessment.model.decisions import Agreed, Decisions, PlanLine
from assessment.model.frames import RESOURCES
from assessment.model.framework import Criterion
from assessment.model.plan import Quarter
from assessment.model.scale import Actor, Kind, Mark
from assessment.tables.plans import describe_reasons
from tests import builders

CASES = yaml.safe_load(Path(__file__).with_name("roadmap.yaml").read_text(encoding="utf-8"))
BY_SIGN = {mark.sign: mark for mark in Mark}
BEGIN = Quarter(2027, 1)
TODAY = date(2026, 11, 22)
HOUSE = "h0"


def make_criterion(given: Mapping[str, Any]) -> Criterion:
    kind = Kind(given.get("kind", Kind.LOCAL_ROOM))
    measures = [builders.measure(each["id"], **_without(each, "id")) for each in given["measures"]]
    changes = _without(given, "id", "kind", "answer", "measures") | {"quarters": None}
    return builders.criterion(
        given["id"], kind=kind, core=(kind is Kind.HARD_NORM,), measures=measures, **changes
    )


def _without(given: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key not in keys}


def make_plan(case: Mapping[str, Any]) -> Plan:
    asked = builders.questionnaire(*(make_criterion(each) for each in case["criteria"]))
    marks = [BY_SIGN[each.get("answer", Mark.NOT_YET.sign)] for each in case["criteria"]]
    grid = score_criteria(builders.choices([marks]), builders.deviations(), asked)
    rows = [(HOUSE, actor.value, actor.value, case.get("capacity", 9)) for actor in Actor]
    resources = RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))
    gaps = find_gaps(list_scores(grid, asked))
    return plan_quarters(build_problem(gaps, resources, BEGIN, asked, make_decisions(case)))


def make_decisions(case: Mapping[str, Any]) -> Decisions:
    lines = [
        PlanLine.model_validate({"house_id": HOUSE, "measure_id": measure_id} | decided)
        for measure_id, decided in case.get("decided", {}).items()
    ]
    agreed = [
        Agreed(HOUSE, measure_id, first, first)
        for measure_id, text in case.get("agreed", {}).items()
        for first in [Quarter.parse(text)]
    ]
    today = case.get("today", TODAY)
    return Decisions(lines=tuple(lines), agreed=tuple(agreed), now=Quarter.of(today))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_plan(case: Mapping[str, Any]) -> None:
    made = make_plan(case)

    roadmap = made.roadmap
    reasons = describe_reasons(roadmap, BEGIN, made.problem.questionnaire)
    rows = zip(roadmap["measure_id"], roadmap["first"], roadmap["last"], reasons, strict=True)
    planned = {key: [str(BEGIN + first), str(BEGIN + last), reason] for key, first, last, reason in rows}
    assert planned == case["plan"]
    assert roadmap[roadmap["assumed"]]["measure_id"].tolist() == case.get("assumed", [])
    if "chain" in case:
        assert find_critical_chain(made)["measure_id"].tolist() == case["chain"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_chain_says_of_a_measure_what_the_plan_says(case: Mapping[str, Any]) -> None:
    made = make_plan(case)

    chain = find_critical_chain(made).set_index("measure_id")["why"]
    plan = made.roadmap.set_index("measure_id")["why"]
    assert chain.to_dict() == plan[chain.index].to_dict()
