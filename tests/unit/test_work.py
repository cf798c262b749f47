"""What houses have to do by either version of the rules: the engine against the naive reference."""

import os
from functools import cache

import numpy as np
import pandas as pd
import pytest

from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.roadmap.problem import Problem, build_problem
from assessment.engine.scoring import find_unknown, list_scores, score_criteria, score_measures
from assessment.model.frames import RESOURCES, ChoiceGrid
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor, Kind, Mark, Rules
from assessment.readers.framework import find_published, read_questionnaire
from assessment.settings import HOME
from tests import builders, reference_plan

ALL = ("politie", "landelijk-kader", "integrale-veiligheid")
BOTH = [("1.0", Rules.ONE), ("1.0", Rules.TWO), ("1.1", Rules.TWO)]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# A thousand take fifteen seconds; CI has those.
HOUSES = 1000 if "CI" in os.environ else 25


@cache
def read(version: str, rules: Rules) -> Questionnaire:
    return read_questionnaire([find_published(HOME / "questionnaires", each, version) for each in ALL], rules)


def draw(asked: Questionnaire, houses: int) -> ChoiceGrid:
    """Houses of which half of the answers are in order, and the others are by the die."""
    dice = np.random.default_rng(7)
    sizes = [len(question.options) + 1 for question in asked.questions]
    shape = (houses, len(sizes))
    choices = np.where(
        dice.random(shape) < 0.5, np.minimum(1, np.array(sizes) - 1), dice.integers(0, sizes, shape)
    )
    return ChoiceGrid(tuple(f"h{row}" for row in range(houses)), choices.astype(np.uint8))


def draw_taken(asked: Questionnaire, grid: ChoiceGrid) -> frozenset[tuple[str, str]]:
    dice = np.random.default_rng(8)
    optional = [c.criterion_id for c in asked.criteria if c.kind is Kind.RECOMMENDATION]
    return frozenset((house, key) for house in grid.house_ids for key in optional if dice.random() < 0.2)


def list_gaps(asked: Questionnaire, grid: ChoiceGrid) -> pd.DataFrame:
    return find_gaps(list_scores(score_criteria(grid, builders.deviations(), asked), asked), asked.rules)


def build(asked: Questionnaire, grid: ChoiceGrid, taken: frozenset[tuple[str, str]]) -> Problem:
    work = list_work(list_gaps(asked, grid), score_measures(grid, asked), asked, taken)
    rows = [(house, actor.value, f"{actor.value} {house}", 2) for house in grid.house_ids for actor in Actor]
    resources = RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))
    return build_problem(work, resources, Quarter(2027, 1), asked)


def find_work(problem: Problem) -> dict[str, dict[str, reference_plan.Work]]:
    """What the engine made of each house, in the words of the reference."""
    network, keys = problem.network, list(problem.number)
    goal_of = {
        keys[goal.last[0]][0] + keys[goal.last[0]][1].partition(".")[0]: goal for goal in network.goals
    }
    found: dict[str, dict[str, reference_plan.Work]] = {}
    for task, (house_id, measure_id) in enumerate(keys):
        goal = goal_of[house_id + measure_id.partition(".")[0]]
        needs = frozenset(keys[need][1] for need in network.needs[task])
        work = reference_plan.Work(int(network.durations[task]), needs, goal.weight, goal.hard)
        found.setdefault(house_id, {})[measure_id] = work
    return found


def give(asked: Questionnaire, grid: ChoiceGrid, row: int) -> dict[str, str]:
    chosen = zip(asked.questions, grid.choices[row], strict=True)
    return {question.question_id: LETTERS[choice - 1] for question, choice in chosen if choice}


@pytest.mark.parametrize(("version", "rules"), BOTH)
def test_what_a_house_has_to_do_is_what_the_naive_reference_says(version: str, rules: Rules) -> None:
    asked = read(version, rules)
    grid = draw(asked, HOUSES)
    taken = draw_taken(asked, grid)

    found = find_work(build(asked, grid, taken))

    for row, house_id in enumerate(grid.house_ids):
        own = frozenset(key for house, key in taken if house == house_id)
        assert found.get(house_id, {}) == reference_plan.plan_house(asked, give(asked, grid, row), own)


def test_no_planned_measure_has_only_settled_questions_and_every_open_answer_brings_its_work() -> None:
    asked = read("1.1", Rules.TWO)
    grid = draw(asked, HOUSES)

    planned = build(asked, grid, frozenset()).tasks.groupby("house_id")["measure_id"].agg(set).to_dict()
    counted = list_counted(asked, list_gaps(asked, grid))

    for row, house_id in enumerate(grid.house_ids):
        marks = find_marks(asked, grid, row)
        measures = [asked.measure[key] for key in planned.get(house_id, ())]
        for measure in measures:
            own = {marks[key] for key in measure.settles}
            assert own & OPEN or (own == {Mark.NOT_APPLICABLE} and measure.needs)
        brought = {key for measure in measures for key in measure.settles}
        assert {key for key in counted.get(house_id, ()) if marks[key] in OPEN} <= brought


OPEN = {Mark.PARTLY, Mark.NOT_YET, Mark.UNKNOWN}


def find_marks(asked: Questionnaire, grid: ChoiceGrid, row: int) -> dict[str, Mark]:
    chosen = zip(asked.questions, grid.choices[row], strict=True)
    return {q.question_id: q.options[choice - 1].mark if choice else Mark.UNKNOWN for q, choice in chosen}


def list_counted(asked: Questionnaire, gaps: pd.DataFrame) -> dict[str, set[str]]:
    """By house, the questions that count of the norms where it has something to do."""
    found: dict[str, set[str]] = {}
    for house_id, criterion_id in zip(gaps["house_id"], gaps["criterion_id"], strict=True):
        criterion = asked.criterion[criterion_id]
        if criterion.kind.is_norm:
            found.setdefault(house_id, set()).update(each.question_id for each in criterion.counted)
    return found


def test_an_unknown_is_an_answer_that_counts_and_is_empty_or_says_so() -> None:
    asked = read("1.1", Rules.TWO)
    grid = draw(asked, 5)

    unknown = find_unknown(grid, asked)

    for row, house_id in enumerate(grid.house_ids):
        marks = find_marks(asked, grid, row)
        expected = [
            key for key, mark in marks.items() if mark is Mark.UNKNOWN and not asked.question[key].describes
        ]
        assert unknown.loc[unknown["house_id"] == house_id, "question_id"].tolist() == expected
