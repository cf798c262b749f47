"""Random plans to test with: houses of one unit or two, criteria with measures that wait for each other."""

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.roadmap.plan import Plan, plan_quarters
from assessment.engine.roadmap.problem import build_problem
from assessment.engine.scoring import list_scores, score_criteria, score_measures
from assessment.model.decisions import NOTHING_DECIDED, Decisions
from assessment.model.frames import RESOURCES, WORK, ChoiceGrid
from assessment.model.framework import Criterion
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor, Kind
from assessment.tables.plans import write_reasons
from tests import builders

BEGIN = Quarter(2027, 1)
_ACTORS = ("Veiligheidshuis", "politie-eenheid", "basisteam")


def make(
    asked: Questionnaire, houses: int = 1, capacity: int = 1, decisions: Decisions = NOTHING_DECIDED
) -> Plan:
    """The best plan where nothing is known, so from nothing, of houses that share the police unit."""
    house_ids = tuple(f"h{place}" for place in range(houses))
    nothing = ChoiceGrid(house_ids, np.zeros((houses, len(asked.questions)), dtype=np.uint8))
    grid = score_criteria(nothing, builders.deviations(), asked)
    rows = [
        (house_id, actor.value, actor.value if actor is Actor.UNIT else f"{actor.value} {house_id}", capacity)
        for house_id in house_ids
        for actor in Actor
    ]
    resources = RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))
    work = list_work(find_gaps(list_scores(grid, asked), asked.rules), score_measures(nothing, asked), asked)
    return plan_quarters(build_problem(work, resources, BEGIN, asked, decisions))


def make_nothing() -> Plan:
    """The plan of a house where nothing is left to do."""
    return plan_quarters(build_problem(WORK.empty(), RESOURCES.empty(), BEGIN, builders.questionnaire()))


def tell_reasons(plan: Plan) -> dict[str, str]:
    """Why each measure of one house stands where it stands, in words."""
    told = write_reasons(plan.roadmap, plan.problem.begin, plan.problem.questionnaire)
    return dict(zip(told["measure_id"], told["why"], strict=True))


def chained(
    criterion_id: str,
    *quarters: int,
    actor: str = "Veiligheidshuis",
    **changes: Any,  # noqa: ANN401 - as a criterion takes
) -> Criterion:
    """A criterion whose measures follow each other and take so many quarters."""
    ids = [f"{criterion_id}.M{place}" for place in range(1, len(quarters) + 1)]
    measures = [
        builders.measure(measure_id, actor=actor, quarters=length, needs_first=[before] if before else [])
        for measure_id, length, before in zip(ids, quarters, ["", *ids], strict=False)
    ]
    return builders.criterion(criterion_id, quarters=sum(quarters), measures=measures, **changes)


@st.composite
def criteria(draw: st.DrawFn, place: int) -> Criterion:
    hard = draw(st.booleans())
    return chained(
        f"POS-{place}",
        *draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)),
        actor=draw(st.sampled_from(_ACTORS)),
        kind=Kind.HARD_NORM if hard else Kind.LOCAL_ROOM,
        core=(hard,),
        needs_first=draw(st.lists(st.sampled_from([f"POS-{n}" for n in range(1, place)]), max_size=1))
        if place > 1
        else [],
    )


@st.composite
def made_plans(draw: st.DrawFn) -> Plan:
    """Best plans of one or two houses."""
    asked = [draw(criteria(place)) for place in range(1, draw(st.integers(1, 4)) + 1)]
    return make(builders.questionnaire(*asked), draw(st.integers(1, 2)), draw(st.integers(1, 2)))
