"""The worked examples of questionnaires/roadmap.md, planned as for a house, in the words of the sheet."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from assessment.engine.scoring import score_criteria
from assessment.engine.totals import count_answers
from assessment.errors import PlanError
from assessment.model.decisions import Agreed, Decisions, PlanLine
from assessment.model.frames import ALL_HOUSES, NEVER
from assessment.model.framework import Criterion
from assessment.model.plan import Quarter
from assessment.model.register import House, Register, Round, Unit
from assessment.model.scale import Actor, Kind, Mark, Perspective, Phase, Rules
from assessment.service.plans.planning import Roadmap, plan_houses
from assessment.service.plans.what_if import WhatIf, try_out
from assessment.service.round_scores import RoundScores
from assessment.tables.formats import format_ranges
from assessment.tables.plans import describe_reasons, list_hold_ups
from assessment.tables.progress import list_steps
from tests import builders

CASES = yaml.safe_load(Path(__file__).with_name("roadmap.yaml").read_text(encoding="utf-8"))
RULES = Path("questionnaires/roadmap.md").read_text(encoding="utf-8")
BY_SIGN = {mark.sign: mark for mark in Mark}
BEGIN = Quarter(2027, 1)
TODAY = date(2026, 11, 22)
Case = Mapping[str, Any]


def that_expect(what: str) -> pytest.MarkDecorator:
    """Run a test for every case that expects something of this kind."""
    return pytest.mark.parametrize(
        "case", [case for case in CASES if what in case], ids=lambda case: case["name"]
    )


def make_criterion(given: Case) -> Criterion:
    kind = Kind(given.get("kind", Kind.LOCAL_ROOM))
    measures = [builders.measure(each["id"], **_without(each, "id")) for each in given["measures"]]
    changes = _without(given, "id", "kind", "answer", "answers", "core", "measures") | {"quarters": None}
    core = given.get("core", [kind.is_norm] * len(given.get("answers", "?")))
    return builders.criterion(given["id"], kind=kind, core=core, measures=measures, **changes)


def _without(given: Case, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key not in keys}


def list_marks(case: Case) -> list[list[Mark]]:
    """What each house answered to each criterion."""
    per_criterion = [answers for each in case["criteria"] for answers in _list_answers(each)]
    return [[BY_SIGN[sign] for sign in signs] for signs in zip(*per_criterion, strict=True)]


def _list_answers(criterion: Case) -> list[list[str]]:
    """What each house answered, per question; several `answers` are of one house."""
    if "answers" in criterion:
        return [[sign] for sign in criterion["answers"]]
    given = criterion.get("answer", Mark.NOT_YET.sign)
    return [given if isinstance(given, list) else [given]]


def make_scores(case: Case) -> RoundScores:
    """Where the houses of a case stand; they are of one unit, or each of its own where they are `apart`."""
    criteria = [make_criterion(each) for each in case["criteria"]]
    rules, estimates = Rules(str(case.get("rules", 1))), case.get("outcomes")
    asked = builders.questionnaire(
        *criteria,
        rules=rules,
        estimates=estimates and {"note": "Een voorstel.", "outcomes": estimates},
    )
    choices = builders.choices(list_marks(case))
    unit_of = {key: key if case.get("apart") else "noord" for key in choices.house_ids}
    return RoundScores(
        round=Round(
            round_id="proef",
            title="Proefronde",
            opens=date(2026, 9, 1),
            closes=date(2026, 11, 30),
            frameworks=("proef/1.0",),
            house_ids=choices.house_ids,
        ),
        perspective=Perspective.HOUSE,
        questionnaire=asked,
        register=Register(
            units=tuple(Unit(unit_id=key, title=key, regions=()) for key in dict.fromkeys(unit_of.values())),
            houses=tuple(House(house_id=key, title=f"Huis {key}", unit_id=unit_of[key]) for key in unit_of),
        ),
        submissions={},
        moment=TODAY,
        choices=choices,
        grid=score_criteria(choices, builders.deviations(), asked),
        answered=count_answers(choices, asked),
    )


def make_plan(case: Case) -> Roadmap:
    scores = make_scores(case)
    capacity = dict.fromkeys(Actor, int(case.get("capacity", 9)))
    return plan_houses(scores, scores.grid.house_ids, capacity, make_decisions(case, scores))


def make_decisions(case: Case, scores: RoundScores) -> Decisions:
    lines = [
        PlanLine.model_validate({"house_id": house_id, "measure_id": measure_id} | decided)
        for house_id in scores.grid.house_ids
        for measure_id, decided in case.get("decided", {}).items()
    ]
    agreed = [
        Agreed(house_id, measure_id, first, first)
        for house_id in scores.grid.house_ids
        for measure_id, text in case.get("agreed", {}).items()
        for first in [Quarter.parse(text)]
    ]
    return Decisions(lines=tuple(lines), agreed=tuple(agreed), now=Quarter.of(case.get("today", TODAY)))


def name_rows(made: Roadmap) -> list[str]:
    """Each measure of a plan, with its house where there are several."""
    several = len(made.scores.houses) > 1
    rows = zip(made.measures["house_id"], made.measures["measure_id"], strict=True)
    return [f"{house_id} {measure_id}" if several else measure_id for house_id, measure_id in rows]


def tell_plan(made: Roadmap) -> dict[str, list[str]]:
    reasons = describe_reasons(made.measures, BEGIN, made.scores.questionnaire)
    rows = zip(name_rows(made), made.measures["first"], made.measures["last"], reasons, strict=True)
    return {key: [name(first), name(last), reason] for key, first, last, reason in rows}


def name(quarter: int) -> str:
    return "nooit" if quarter == NEVER else "nu" if quarter < 0 else str(BEGIN + int(quarter))


@that_expect("plan")
def test_plan(case: Case) -> None:
    made = make_plan(case)

    assert tell_plan(made) == case["plan"]
    assert made.measures[made.measures["assumed"]]["measure_id"].tolist() == case.get("assumed", [])


@that_expect("settled")
def test_what_is_settled_is_not_planned_and_told_apart(case: Case) -> None:
    made = make_plan(case)

    assert made.settled["measure_id"].tolist() == case["settled"]
    assert not set(case["settled"]) & set(made.measures["measure_id"])


@that_expect("chain")
def test_the_chain_is_what_decides_the_end_and_says_what_the_plan_says(case: Case) -> None:
    made = make_plan(case)

    chain = made.chain.set_index("measure_id")["why"]

    plan = made.measures.set_index("measure_id")["why"]
    assert chain.index.tolist() == case["chain"]
    assert chain.to_dict() == plan[chain.index].to_dict()


@that_expect("slack")
def test_slack(case: Case) -> None:
    made = make_plan(case)

    assert dict(zip(name_rows(made), made.measures["slack"], strict=True)) == case["slack"]


@that_expect("hold_ups")
def test_what_is_late_says_what_holds_it_up(case: Case) -> None:
    made = make_plan(case)

    told = list_hold_ups(
        made.hold_ups, BEGIN, made.scores.questionnaire, made.scores.register, made.resources
    )
    named = dict(zip(made.hold_ups["criterion_id"], told["Wat houdt het op"], strict=True))
    assert named == case["hold_ups"]


@that_expect("conformity")
def test_projection(case: Case) -> None:
    made = make_plan(case)

    shown = [each.replace("\N{NO-BREAK SPACE}", " ") for each in format_ranges(made.conformity)]
    told = dict(zip(map(name, made.conformity["quarter"]), shown, strict=True))
    assert {key: told[key] for key in case["conformity"]} == case["conformity"]


@that_expect("phases")
def test_transition_curve(case: Case) -> None:
    made = make_plan(case)

    for quarter, expected in case["phases"].items():
        counts = made.phases[made.phases["quarter"].map(name) == quarter]
        told = {
            Phase(row["phase"]).dutch: row["houses"] for row in counts.to_dict("records") if row["houses"]
        }
        assert told == expected


@that_expect("estimates")
def test_estimate(case: Case) -> None:
    made = make_plan(case)

    together = made.estimates[made.estimates["house_id"] == ALL_HOUSES].set_index("subject")
    told = {
        subject: subject in together.index
        and [name(together[column][subject]) for column in ("if_nothing_goes_wrong", "likely", "at_80")]
        for subject in case["estimates"]
    }
    assert told == case["estimates"]


@that_expect("steps")
def test_what_to_do_beside_the_measures(case: Case) -> None:
    made = make_plan(case)

    told = list_steps(made.steps, made.scores.questionnaire)
    by_criterion = told["Wat"].groupby(made.steps["criterion_id"]).agg(list)
    assert by_criterion.to_dict() == case["steps"]


@that_expect("refused")
def test_what_cannot_be_is_refused_with_the_reason(case: Case) -> None:
    with pytest.raises(PlanError) as refused:
        make_plan(case)

    assert str(refused.value) == case["refused"]


@that_expect("what_if")
def test_what_if(case: Case) -> None:
    present, tried = make_plan(case), case["what_if"]
    capacity = {Actor(actor): number for actor, number in tried.get("capacity", {}).items()}
    pins = {measure_id: Quarter.parse(text) for measure_id, text in tried.get("pins", {}).items()}
    what_if = WhatIf(capacity, tried.get("national", ()), pins, tried.get("dropped", ()))

    comparison = try_out(present, what_if, case.get("today", TODAY))

    assert tell_plan(comparison.tried) == tried["plan"]
    ends = comparison.ends[comparison.ends["house_id"] == ALL_HOUSES].set_index("subject")
    told = {
        subject: [name(ends["present"][subject]), name(ends["tried"][subject])] for subject in tried["ends"]
    }
    assert told == tried["ends"]
    room = comparison.room.to_dict("records")
    made = {
        f"{row['house_id']} {row['measure_id']}": f"{row['for_house_id']} {row['for_measure_id']}"
        for row in room
    }
    assert made == tried.get("room", {})


def list_rules() -> Iterator[str]:
    """The name of every rule: what a line begins with in italics, or a code in the table of reasons."""
    yield from re.findall(r"^- \*(.+?)\*", RULES, re.MULTILINE)
    yield from re.findall(r"^\| `(\w+)` \|", RULES, re.MULTILINE)


def test_every_rule_has_a_name_of_its_own_and_a_worked_example() -> None:
    shown = pd.Series([rule for case in CASES for rule in case["shows"]])

    assert len(re.findall("^- ", RULES, re.MULTILINE)) == len(re.findall(r"^- \*", RULES, re.MULTILINE))
    assert sorted(list_rules()) == sorted(shown.unique())


def test_every_example_expects_something_and_has_a_name_of_its_own() -> None:
    known = {
        "plan",
        "settled",
        "chain",
        "slack",
        "hold_ups",
        "conformity",
        "phases",
        "estimates",
        "refused",
        "what_if",
        "steps",
    }

    assert all(known & set(case) for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)
