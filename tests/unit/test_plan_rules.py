"""What holds in every plan, whatever the framework and the answers: the rules of roadmap.md, section 2."""

from collections import Counter
from typing import NamedTuple

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.roadmap.plan import Plan, plan_quarters
from assessment.engine.roadmap.problem import build_problem
from assessment.engine.scoring import list_scores, score_criteria, score_measures
from assessment.model.frames import RESOURCES
from assessment.model.framework import Criterion
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House
from assessment.model.scale import Actor, Kind, Mark
from assessment.service.plans.planning import share_capacity
from tests import builders
from tests.conftest import at_most
from tests.plans import BEGIN

_ACTORS = ("Veiligheidshuis", "politie-eenheid", "basisteam")


class Case(NamedTuple):
    """A framework, and what houses of one unit answered to it."""

    asked: Questionnaire
    marks: list[list[Mark]]

    @property
    def gaps(self) -> pd.DataFrame:
        grid = score_criteria(builders.choices(self.marks), builders.deviations(), self.asked)
        return find_gaps(list_scores(grid, self.asked), self.asked.rules)

    def share(self, capacity: int) -> pd.DataFrame:
        houses = tuple(House(house_id=f"h{n}", title="huis", unit_id="u") for n in range(len(self.marks)))
        return RESOURCES.conform(share_capacity(houses, dict.fromkeys(Actor, capacity), self.asked))

    def plan(self, capacity: int = 1) -> Plan:
        scores = score_measures(builders.choices(self.marks), self.asked)
        work = list_work(self.gaps, scores, self.asked)
        return plan_quarters(build_problem(work, self.share(capacity), BEGIN, self.asked))


@st.composite
def criteria(draw: st.DrawFn, place: int) -> Criterion:
    """A criterion of up to three measures; the last may let go what the first takes over."""
    lengths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    ids = [f"POS-{place}.M{number}" for number in range(1, len(lengths) + 1)]
    hard, handed_over = draw(st.booleans()), draw(st.booleans())
    links: list[dict[str, object]] = [{"needs_first": [before]} for before in ids[:-1]]
    if links and handed_over:
        links[-1] |= {"lets_go_after": ids[0]}
    measures = [
        builders.measure(measure_id, quarters=length, actor=draw(st.sampled_from(_ACTORS)), **link)
        for measure_id, length, link in zip(ids, lengths, [{}, *links], strict=True)
    ]
    earlier = [f"POS-{number}" for number in range(1, place)]
    return builders.criterion(
        f"POS-{place}",
        quarters=sum(lengths),
        measures=measures,
        kind=Kind.HARD_NORM if hard else Kind.LOCAL_ROOM,
        core=(hard,),
        needs_first=draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else [],
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    asked = builders.questionnaire(*(draw(criteria(place)) for place in range(1, draw(st.integers(2, 5)))))
    answers = st.sampled_from([Mark.MEETS, Mark.PARTLY, Mark.NOT_YET, Mark.UNKNOWN])
    row = st.lists(answers, min_size=len(asked.questions), max_size=len(asked.questions))
    return Case(asked, draw(st.lists(row, min_size=1, max_size=2)))


def list_spans(roadmap: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """First and last quarter per house and measure."""
    keys = zip(roadmap["house_id"], roadmap["measure_id"], strict=True)
    return dict(zip(keys, zip(roadmap["first"], roadmap["last"], strict=True), strict=True))


@given(cases(), st.integers(1, 2))
@at_most(30)
def test_nothing_starts_before_what_it_needs_nor_stops_before_it_is_taken_over(
    case: Case, capacity: int
) -> None:
    spans = list_spans(case.plan(capacity).roadmap)

    for (house_id, measure_id), (first, _) in spans.items():
        measure = case.asked.measure[measure_id]
        criterion = case.asked.criterion[measure_id.partition(".")[0]]
        before = {m for key in criterion.needs_first for m in case.asked.criterion[key].last_measures}
        for need in {*measure.needs, *before}:
            assert spans.get((house_id, need), (0, -1))[1] < first


@given(cases(), st.integers(1, 2))
@at_most(30)
def test_nobody_carries_more_than_the_capacity_in_any_quarter(case: Case, capacity: int) -> None:
    resources = case.share(capacity).set_index(["house_id", "actor"])["resource"]

    roadmap = case.plan(capacity).roadmap

    carried = Counter(
        (resources[house_id, actor], quarter)
        for house_id, actor, first, last in roadmap[["house_id", "actor", "first", "last"]].to_numpy()
        for quarter in range(first, last + 1)
    )
    assert max(carried.values(), default=0) <= capacity


@given(cases())
@at_most(30)
def test_every_gap_has_its_measures_in_the_plan_and_nothing_else_has(case: Case) -> None:
    gaps = case.gaps[["house_id", "criterion_id"]].to_numpy().tolist()
    wanted = {
        (house_id, measure.measure_id)
        for house_id, criterion_id in gaps
        for measure in case.asked.criterion[criterion_id].measures
    }

    assert set(list_spans(case.plan().roadmap)) == wanted


@given(cases())
@at_most(15)
def test_the_same_answers_give_the_same_plan(case: Case) -> None:
    one, other = case.plan(), case.plan()

    assert one.roadmap.equals(other.roadmap)
    assert one.optimality_gap == other.optimality_gap == 0


@given(cases())
@at_most(30)
def test_with_more_capacity_nothing_that_counts_gets_worse(case: Case) -> None:
    assert find_costs(case, case.plan(2)) <= find_costs(case, case.plan(1))


def find_costs(case: Case, planned: Plan) -> tuple[int, int]:
    """Hard norms after three years, and the weighted finish, computed from the plan as people see it."""
    finishes = planned.roadmap.groupby(["house_id", "criterion_id"], as_index=False)["last"].max()
    kinds = [case.asked.criterion[key].kind for key in finishes["criterion_id"]]
    late = sum(
        kind is Kind.HARD_NORM and last >= 12 for kind, last in zip(kinds, finishes["last"], strict=True)
    )
    return late, sum(kind.plan_weight * int(last) for kind, last in zip(kinds, finishes["last"], strict=True))
