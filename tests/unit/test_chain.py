"""What decides the end of a plan, and what holds it up."""

from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
from hypothesis import given

from assessment.engine.roadmap.chain import find_critical_chain, find_hold_ups
from assessment.engine.roadmap.plan import Plan, find_sharing, plan_quarters, split_houses
from assessment.figures.quarters import DECIDES, write_gantt
from assessment.model.frames import RESOURCES
from assessment.model.plan import HORIZON
from assessment.model.register import House, Register, Unit
from assessment.model.scale import Kind
from assessment.tables.plans import describe_chain, describe_hold_ups, list_chain, list_hold_ups
from tests import builders
from tests.conftest import at_most
from tests.plans import BEGIN, chained, made_plans, make, make_nothing

REGISTER = Register(
    units=(Unit(unit_id="noord", title="Noord", regions=()),),
    houses=tuple(House(house_id=key, title=f"Huis {key}", unit_id="noord") for key in ("h0", "h1")),
)


@given(made_plans())
@at_most(30)
def test_a_chain_runs_without_a_hole_from_the_first_quarter_to_the_last_hard_norm(made: Plan) -> None:
    chain = find_critical_chain(made)

    kinds = {key: criterion.kind for key, criterion in made.problem.questionnaire.criterion.items()}
    hard = made.roadmap["criterion_id"].map(kinds) == Kind.HARD_NORM
    wanted = made.roadmap[hard] if hard.any() else made.roadmap
    assert chain["first"].iloc[0] == 0
    assert chain["last"].iloc[-1] == wanted["last"].max()
    assert (chain["first"].iloc[1:].to_numpy() == chain["last"].iloc[:-1].to_numpy() + 1).all()
    assert chain["why"].tolist()[0] == "at_once"
    assert set(chain["why"].iloc[1:]) <= {"waits", "capacity"}


@given(made_plans())
@at_most(20)
def test_everything_after_three_years_has_what_holds_it_up(made: Plan) -> None:
    hold_ups = find_hold_ups(made)

    finishes = made.roadmap.groupby(["house_id", "criterion_id"])["last"].max()
    assert len(hold_ups) == (finishes >= HORIZON).sum()
    assert ((hold_ups["without_capacity"] != "") | (hold_ups["quarters"] > HORIZON)).all()


def test_without_measures_there_is_no_chain() -> None:
    assert find_critical_chain(make_nothing()).empty
    assert find_hold_ups(make_nothing()).empty


def test_a_chain_says_whose_capacity_it_waits_for_and_marks_itself_in_the_gantt() -> None:
    hard = partial(chained, kind=Kind.HARD_NORM, core=(True,))
    made = make(builders.questionnaire(hard("POS-1", 2), hard("POS-2", 2, 1)))

    chain = find_critical_chain(made)
    shown = list_chain(chain, BEGIN, made.problem.questionnaire, REGISTER)

    assert "hangt af van 3 maatregelen achter elkaar; 1 daarvan wacht op capaciteit." in describe_chain(
        chain, BEGIN, made.problem.questionnaire
    )
    assert shown["Waarom dan"].tolist()[0] == "kan meteen"
    assert "geen capaciteit bij het Veiligheidshuis tot de vorige klaar is" in shown["Waarom dan"].tolist()
    assert "Huis" not in shown
    gantt = write_gantt(
        made.roadmap,
        BEGIN,
        12,
        made.problem.questionnaire,
        date(2027, 1, 1),
        chain=chain,
    )
    assert gantt.count(f">{DECIDES}<") == 3


def test_what_is_late_says_whether_capacity_or_the_work_itself_holds_it_up() -> None:
    first = chained("POS-1", 4, 4, actor="basisteam")
    long = chained("POS-6", 6, actor="basisteam", needs_first=["POS-1"])
    waits = [chained(f"POS-{n}", 4, kind=Kind.HARD_NORM, core=(True,)) for n in range(2, 6)]
    made = make(builders.questionnaire(first, *waits, long))

    hold_ups = find_hold_ups(made)
    told = list_hold_ups(hold_ups, BEGIN, made.problem.questionnaire, REGISTER, made.problem.resources)

    assert describe_hold_ups(hold_ups, made.problem.questionnaire) == (
        "2 criteria zijn pas na drie jaar klaar, waaronder 1 harde norm"
    )
    assert told["Wat houdt het op"].tolist() == [
        "te weinig capaciteit bij het Veiligheidshuis (1 tegelijk)",
        "wat eerst moet, duurt samen al 14 kwartalen",
    ]


def test_houses_are_planned_apart_unless_they_share_capacity() -> None:
    rows = [
        ("a", "OM", "OM x", 1),
        ("b", "OM", "OM y", 1),
        ("c", "OM", "OM x", 1),
        ("b", "Rijk", "Rijk b", 1),
    ]
    resources = RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))

    assert split_houses(resources) == (frozenset("ac"), frozenset("b"))
    assert split_houses(RESOURCES.empty()) == ()
    assert [find_sharing(resources, house_id) for house_id in "abc"] == [
        frozenset("ac"),
        frozenset("b"),
        frozenset("ac"),
    ]


def test_plans_made_apart_come_together_in_order_with_the_worst_gap() -> None:
    """Houses that share nothing are planned side by side; each plan is the one that it has alone."""
    problem = make(builders.questionnaire(chained("POS-1", 2), chained("POS-2", 1)), houses=3).problem
    apart = replace(problem, resources=problem.resources[problem.resources["actor"] == "Veiligheidshuis"])
    gaps = iter([0.0, 0.2, 0.1])

    planned = plan_quarters(
        apart, lambda place, parts: [place(part)._replace(optimality_gap=next(gaps)) for part in parts]
    )

    assert planned.roadmap.equals(plan_quarters(problem).roadmap)
    assert planned.roadmap["house_id"].tolist() == ["h0", "h0", "h1", "h1", "h2", "h2"]
    assert planned.optimality_gap == 0.2
    assert make_nothing().roadmap.empty
