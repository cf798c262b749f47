"""Frameworks of another kind, written without code, score to the last decimal what their makers say.

What is expected is computed here in fractions, from the definition of each model alone.
"""

from copy import deepcopy
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.roadmap.plan import plan_quarters
from assessment.engine.roadmap.problem import build_problem
from assessment.engine.scoring import arrange_answers, list_scores, score_criteria, score_measures
from assessment.engine.totals import count_answers, score_houses
from assessment.errors import FrameworkError
from assessment.model.frames import DEVIATIONS
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House
from assessment.model.scale import Actor
from assessment.readers.framework import read_questionnaire
from assessment.service.frameworks import check_frameworks
from assessment.service.plans.planning import share_capacity
from assessment.settings import Settings
from tests import builders
from tests.conftest import at_most

FOLDER = Path(__file__).parents[1] / "files" / "frameworks"
USABILITY, SECURITY, AUDIT = (
    read_questionnaire([FOLDER / f"{name}.yaml"]) for name in ("gebruiksgemak", "weerbaarheid", "rekenkamer")
)
CLOSE = 1e-12


def score(asked: Questionnaire, letters: dict[str, str]) -> pd.Series:
    answers = builders.answers(*(("h0", key, letter) for key, letter in letters.items()))
    choices = arrange_answers(answers, ("h0",), asked)
    scores = score_criteria(choices, DEVIATIONS.empty(), asked)
    return score_houses(scores, count_answers(choices, asked), asked).iloc[0]


@pytest.mark.parametrize("name", ["gebruiksgemak", "weerbaarheid", "rekenkamer"])
def test_each_is_sound(name: str) -> None:
    (told,) = check_frameworks(Settings(), (FOLDER / f"{name}.yaml",))

    assert "in orde" in told


@at_most(20)
@given(st.lists(st.integers(1, 5), min_size=10, max_size=10))
def test_ten_statements_for_and_against_give_the_usual_figure(answers: list[int]) -> None:
    """Odd statements count their answer less one, even ones five less it; the sum, times 2.5, of 100."""
    counts = (each - 1 if place % 2 else 5 - each for place, each in enumerate(answers, 1))
    figure = sum(counts) * Fraction(5, 2)

    total = score(USABILITY, {f"GEM-1.{place}": "abcde"[each - 1] for place, each in enumerate(answers, 1)})

    assert total["recommendations_low"] == total["recommendations_high"] == float(figure / 100)


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_levels_weigh_as_their_functions_do(levels: list[int]) -> None:
    weights = [Fraction(weight) for weight in ("3", "1", "2", "1.5", "2", "0.5")]
    figure = sum(weight * level / 3 for weight, level in zip(weights, levels, strict=True)) / sum(weights)

    total = score(SECURITY, {f"CYB-{place}.1": "abcd"[level] for place, level in enumerate(levels, 1)})

    assert total["low"] == pytest.approx(float(figure), abs=CLOSE)
    assert total["high"] == total["low"]


@given(st.sampled_from("abc"), st.sampled_from("ab"), st.sampled_from("abc"), st.sampled_from("abc"))
def test_a_decisive_question_bounds_its_norm_and_what_does_not_apply_is_left_out(
    measurable: str, decided: str, report: str, asked_on: str
) -> None:
    aim = {"a": Fraction(1), "b": Fraction(4, 10), "c": Fraction(0)}[measurable]
    first = min(aim, (3 * aim + 2 * (decided == "a")) / 5)
    told = {"a": Fraction(1), "b": Fraction(1, 4), "c": Fraction(0)}[report]
    second = told if asked_on == "c" else min(told, (5 * told + (asked_on == "a")) / 6)

    total = score(AUDIT, {"NRM-1.1": measurable, "NRM-1.2": decided, "NRM-2.1": report, "NRM-2.2": asked_on})

    assert total["low"] == pytest.approx(float((4 * first + second) / 5), abs=CLOSE)
    assert (total["recommendations_low"], total["recommendations_high"]) == (0.0, 1.0)


def test_actors_of_its_own_are_planned_each_with_a_capacity() -> None:
    house = House(house_id="h0", title="Dienst", unit_id="u")
    resources = share_capacity([house], {Actor("directie"): 1}, SECURITY)
    answers = builders.answers(*(("h0", f"CYB-{place}.1", "a") for place in range(1, 7)))
    choices = arrange_answers(answers, ("h0",), SECURITY)
    scores = list_scores(score_criteria(choices, DEVIATIONS.empty(), SECURITY), SECURITY)
    work = list_work(find_gaps(scores, SECURITY.rules), score_measures(choices, SECURITY), SECURITY)

    plan = plan_quarters(build_problem(work, resources, Quarter(2027, 1), SECURITY))

    assert plan.roadmap[["measure_id", "actor", "first", "last"]].to_numpy().tolist() == [
        ["CYB-1.M1", "directie", 0, 0],
        ["CYB-1.M2", "beheerders", 1, 2],
    ]
    known = dict(zip(resources["actor"], resources["capacity"], strict=True))
    assert (known["directie"], known["beheerders"], known["Veiligheidshuis"]) == (1, 2, 3)


def test_an_actor_that_nobody_named_is_refused(tmp_path: Path) -> None:
    draft = tmp_path / "ontwerp.yaml"
    text = (FOLDER / "weerbaarheid.yaml").read_text("utf-8")
    draft.write_text(text.replace("actor: directie", "actor: direktie"), "utf-8")

    with pytest.raises(FrameworkError, match="onbekend wie dit zijn: direktie"):
        read_questionnaire([draft])


def test_an_actor_is_copied_as_it_is() -> None:
    there = deepcopy(Actor("directie"))

    assert there == Actor("directie")
    assert there not in list(Actor)
    assert (there.value, there.dutch, there.capacity) == ("directie", "directie", 2)
    with pytest.raises(ValueError, match="is not a valid Actor"):
        Actor(" ")
