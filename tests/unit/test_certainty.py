"""What is unknown makes a range wide; finding it out is an action, and it is said what it brings."""

import pandas as pd
import pytest

from assessment.engine.scoring import find_unknown, score_criteria
from assessment.engine.totals import count_answers, divide_range, score_houses
from assessment.model.frames import STEPS
from assessment.model.plan import Quarter, Step
from assessment.model.scale import Kind, Mark, Perspective
from assessment.tables.groups import find_due, find_due_quarter
from assessment.tables.houses import (
    describe_certainty,
    describe_first,
    describe_more,
    explain_steps,
    find_asked_first,
    find_narrowing,
    list_actions,
    list_certainty,
    name_who_fills_in,
    sort_steps,
)
from tests import builders

NBSP = "\N{NO-BREAK SPACE}"
ASKED = builders.questionnaire(
    builders.criterion("POS-1", kind=Kind.HARD_NORM, core=(True,)),
    builders.criterion("POS-2", kind=Kind.CORE_NORM, core=(True,)),
    builders.criterion("POS-3", kind=Kind.RECOMMENDATION),
)


def steps_of(*known: tuple[str, Step, str]) -> pd.DataFrame:
    """STEPS of one house."""
    rows = [("h0", criterion_id, what.value, about, "") for criterion_id, what, about in known]
    return STEPS.conform(pd.DataFrame(rows, columns=list(STEPS.columns)))


def unknown_steps(marks: list[Mark]) -> tuple[pd.DataFrame, pd.Series]:
    """What to find out of one house, and what each criterion makes of its range."""
    choices = builders.choices([marks])
    unknown = find_unknown(choices, ASKED)
    pairs = zip(unknown["criterion_id"], unknown["question_id"], strict=True)
    steps = steps_of(*((criterion_id, Step.FIND_OUT, question_id) for criterion_id, question_id in pairs))
    return steps, divide_range(score_criteria(choices, builders.deviations(), ASKED), ASKED).iloc[0]


@pytest.mark.parametrize("second", list(Mark))
@pytest.mark.parametrize("first", list(Mark))
def test_the_widths_of_the_criteria_add_up_to_the_range_of_a_house(first: Mark, second: Mark) -> None:
    choices = builders.choices([[first, second, Mark.UNKNOWN]])
    grid = score_criteria(choices, builders.deviations(), ASKED)

    widths = divide_range(grid, ASKED)

    total = score_houses(grid, count_answers(choices, ASKED), ASKED).iloc[0]
    width = total["high"] - total["low"]
    assert widths.sum(axis=1).iloc[0] == pytest.approx(0 if pd.isna(width) else width)


def test_what_would_not_narrow_the_range_matters_to_the_plan_alone_and_comes_last() -> None:
    steps, widths = unknown_steps([Mark.UNKNOWN, Mark.MEETS, Mark.UNKNOWN])
    first = sort_steps(steps, widths)

    assert first["criterion_id"].tolist() == ["POS-1", "POS-3"]
    assert find_narrowing(first, widths)["criterion_id"].tolist() == ["POS-1"]


def test_what_is_to_be_found_out_is_not_among_the_first_where_more_is_to_be_judged_again() -> None:
    steps = steps_of(
        ("POS-1", Step.JUDGE_AGAIN, ""), ("POS-2", Step.JUDGE_AGAIN, ""), ("POS-3", Step.FIND_OUT, "POS-3.1")
    )
    first = sort_steps(steps, pd.Series({"POS-1": 0.5, "POS-2": 0.25, "POS-3": 0.0}))

    assert find_asked_first(first)["criterion_id"].tolist() == ["POS-1", "POS-2"]


def test_finding_out_comes_first_and_says_what_it_brings() -> None:
    steps, widths = unknown_steps([Mark.UNKNOWN, Mark.MEETS, Mark.UNKNOWN])
    first = sort_steps(steps, widths)
    narrowing = find_narrowing(first, widths)

    assert describe_first(first, "in 2027-K1 is niemand aan zet") == (
        "Eerst dit: twee vragen uitzoeken voor het plan, in 2027-K1 is niemand aan zet"
    )
    assert (
        describe_certainty(narrowing, widths)
        == f"Zoek deze vraag uit: de score wordt 50{NBSP}punten zekerder"
    )
    assert list_certainty(narrowing, widths, ASKED)["Wordt zekerder"].tolist() == [f"50{NBSP}punten"]


def test_what_finding_out_brings_is_that_of_the_questions_that_are_named() -> None:
    steps, widths = unknown_steps([Mark.UNKNOWN, Mark.MEETS, Mark.MEETS])
    wide = widths.where(widths > 0, 0.25)  # a criterion of which the verdict is known may be wide too

    said = describe_certainty(find_narrowing(sort_steps(steps, wide), wide), wide)

    assert said == f"Zoek deze vraag uit: de score wordt 50{NBSP}punten zekerder"


def test_judging_again_is_what_comes_first_where_all_is_done() -> None:
    steps = steps_of(("POS-2", Step.JUDGE_AGAIN, "POS-2.M1"), ("POS-2", Step.JUDGE_AGAIN, "POS-2.M2"))

    assert describe_first(steps, "in 2027-K1 is niemand aan zet") == (
        "Eerst dit: één criterium opnieuw beoordelen, in 2027-K1 is niemand aan zet"
    )


def test_what_is_ready_but_not_judged_again_is_an_action_of_who_fills_in() -> None:
    steps = steps_of(("POS-2", Step.JUDGE_AGAIN, ""), ("POS-1", Step.OPEN, "POS-1.M1"))
    widths = pd.Series({"POS-1": 0.0, "POS-2": 0.0, "POS-3": 0.0})
    roadmap = pd.DataFrame(columns=["criterion_id", "measure_id", "actor", "first", "last", "why"])

    verdict_of = {"POS-1": "not_yet", "POS-2": "partly"}
    first = explain_steps(sort_steps(steps, widths), widths, name_who_fills_in(Perspective.POLICE))
    actions = list_actions(first, roadmap, verdict_of, Quarter(2027, 1), ASKED)

    assert actions["Aan zet"].tolist() == ["Politie (wie de vragen invult)"]
    assert actions["Voor norm"].tolist()[0].startswith("◐ POS-2")
    assert actions["Waarom"].tolist() == ["alles is gereed"]


def test_what_is_to_be_found_out_says_what_that_brings() -> None:
    steps, widths = unknown_steps([Mark.UNKNOWN, Mark.MEETS, Mark.UNKNOWN])

    told = explain_steps(steps, widths, "Veiligheidshuis")

    assert told["why"].tolist() == [f"tot 50{NBSP}punten zekerder", "het kan minder werk zijn"]


def roadmap_of(*rows: tuple[int, int, str]) -> pd.DataFrame:
    """ROADMAP of one house as far as it says what is up: first and last quarter, and status."""
    return pd.DataFrame(rows, columns=["first", "last", "status"])


def test_what_comes_first_is_of_this_quarter_or_else_of_the_first_in_which_somebody_is_up() -> None:
    roadmap = roadmap_of((0, 1, "done"), (0, 2, "busy"), (1, 1, "planned"), (4, 4, "planned"))
    coming = roadmap_of((0, 0, "done"), (3, 5, "planned"), (4, 4, "planned"))

    quarters = [find_due_quarter(each, 1) for each in (roadmap, coming, roadmap.head(1))]

    assert quarters == [1, 3, 1]
    assert find_due(roadmap, 1).index.tolist() == [1, 2]
    assert find_due(coming, 3).index.tolist() == [1]


def test_it_is_said_how_many_measures_there_are_beside_those_that_are_shown() -> None:
    begin = Quarter(2027, 1)

    assert describe_more(3, 24, begin) == (
        "En nog 3 maatregelen in 2027-K1 en 24 maatregelen daarna: zie de hele routekaart. "
    )
    assert describe_more(-1, 1, begin) == "En nog 1 maatregel daarna: zie de hele routekaart. "
    assert describe_more(0, 0, begin) == ""
