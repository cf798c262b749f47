"""What the second rules promise: local room moves no figure, and being finished costs nothing."""

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engine.scoring import score_criteria
from assessment.engine.totals import count_answers, list_hard_norms, score_houses, score_themes
from assessment.model.frames import HOUSE_SCORES, ChoiceGrid
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Mark, Rules
from assessment.readers.framework import find_published, read_questionnaire
from assessment.settings import HOME
from tests import builders, reference

ALL = ("politie", "landelijk-kader", "integrale-veiligheid")
FIGURES = [name for name in HOUSE_SCORES.columns if name not in {"house_id", "answered", "applicable"}]
CORE = {Kind.HARD_NORM: [(True,), (True, False)], Kind.CORE_NORM: [(True,), (True, False)]}


class Figures(NamedTuple):
    """Every figure of houses that is no count of answers."""

    houses: list[list[object]]
    themes: list[list[object]]


@cache
def read(version: str, rules: Rules = Rules.TWO) -> Questionnaire:
    paths = [find_published(HOME / "questionnaires", name, version) for name in ALL]
    return read_questionnaire(paths, rules)


def find_figures(asked: Questionnaire, choices: np.ndarray) -> Figures:
    grid = ChoiceGrid(tuple(f"h{row}" for row in range(len(choices))), choices.astype(np.uint8))
    scores = score_criteria(grid, builders.deviations(), asked)
    houses = score_houses(scores, count_answers(grid, asked), asked)[FIGURES]
    return Figures(houses.astype("str").to_numpy().tolist(), score_themes(scores, asked).to_numpy().tolist())


def fill_in(asked: Questionnaire, seed: int, houses: int = 20) -> np.ndarray:
    sizes = [len(question.options) + 1 for question in asked.questions]
    return np.random.default_rng(seed).integers(0, sizes, (houses, len(sizes)))


def answer_room_anew(asked: Questionnaire, choices: np.ndarray, seed: int) -> np.ndarray:
    free = [asked.criterion[q.criterion_id].kind is Kind.LOCAL_ROOM for q in asked.questions]
    return np.where(free, fill_in(asked, seed, len(choices)), choices)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    kinds = draw(st.lists(st.sampled_from(Kind), min_size=1, max_size=6))
    return builders.questionnaire(
        *(
            builders.criterion(
                f"{draw(st.sampled_from(['POS', 'LOS']))}-{place}",
                kind=kind,
                core=draw(st.sampled_from(CORE.get(kind, [(False,), (False, False)]))),
                weight=draw(st.sampled_from([0.5, 1, 3])),
            )
            for place, kind in enumerate([*kinds, Kind.LOCAL_ROOM], 1)
        ),
        rules=Rules.TWO,
    )


@given(questionnaires(), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_no_answer_to_local_room_moves_a_figure_of_any_framework(
    asked: Questionnaire, seed: int, other: int
) -> None:
    choices = fill_in(asked, seed)

    changed = answer_room_anew(asked, choices, other)

    assert str(find_figures(asked, changed)) == str(find_figures(asked, choices))


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_no_answer_to_local_room_moves_a_figure_of_what_is_published(version: str) -> None:
    asked = read(version)
    choices = fill_in(asked, 1, 200)

    changed = answer_room_anew(asked, choices, 2)

    assert (changed != choices).any()
    assert str(find_figures(asked, changed)) == str(find_figures(asked, choices))


def find_places(question: Question, *marks: Mark) -> list[int]:
    return [place for place, option in enumerate(question.options, 1) if option.mark in marks]


def list_truthful_answers(asked: Questionnaire, criterion_id: str) -> list[tuple[int, ...]]:
    """Every way in which a house that is finished may answer: of a norm what meets it or says n.v.t."""
    criterion = asked.criterion[criterion_id]
    fitting = (Mark.MEETS, Mark.NOT_APPLICABLE) if criterion.kind.is_norm else tuple(Mark)
    return list(product(*(find_places(question, *fitting) or [0] for question in criterion.questions)))


def test_being_finished_costs_nothing() -> None:
    asked = read("1.1")
    transition = [c.criterion_id for theme in asked.themes if theme.theme_id == "INV" for c in theme.criteria]
    finished = [(find_places(question, Mark.MEETS) or [0])[0] for question in asked.questions]
    rows = []
    for criterion_id in transition:
        own = [place for place, q in enumerate(asked.questions) if q.criterion_id == criterion_id]
        for answers in list_truthful_answers(asked, criterion_id):
            row = np.array(finished)
            row[own] = answers
            rows.append(row)

    figures = find_figures(asked, np.array(rows))

    ends = [FIGURES.index(name) for name in ("low", "high", "phase_low", "phase_high")]
    told = {tuple(house[end] for end in ends) for house in figures.houses}
    assert len(rows) > 150
    assert told == {("1.0", "1.0", "by_framework", "by_framework")}


@pytest.mark.parametrize(("version", "rules"), [("1.0", Rules.ONE), ("1.0", Rules.TWO), ("1.1", Rules.TWO)])
def test_random_houses_agree_with_the_naive_reference(version: str, rules: Rules) -> None:
    asked = read(version, rules)
    choices = fill_in(asked, 3, 1000)
    grid = ChoiceGrid(tuple(f"h{row}" for row in range(len(choices))), choices.astype(np.uint8))

    houses = score_houses(
        score_criteria(grid, builders.deviations(), asked), count_answers(grid, asked), asked
    )

    for row, house in zip(choices, houses.to_dict("records"), strict=True):
        letters = {
            q.question_id: " abcdefghijkl"[c].strip() for q, c in zip(asked.questions, row, strict=True)
        }
        expected = reference.score_house(asked, letters)
        assert (house["low"], house["high"]) == pytest.approx(expected.conformity)
        assert (house["answered"], house["applicable"]) == (expected.answered, expected.applicable)
        assert list_hard_norms(house, rules) == expected.hard_norms
        assert list(dict.fromkeys([house["phase_low"], house["phase_high"]])) == expected.phases
