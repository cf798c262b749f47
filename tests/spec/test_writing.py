"""questionnaires/writing.md tells every field there is, and its example is a framework that works."""

import re
from pathlib import Path

import pytest

from assessment.engine.scoring import list_scores
from assessment.model.framework import Criterion, Framework, Measure, Theme
from assessment.model.question import Option, Question
from assessment.model.rules import Frozen
from assessment.model.scale import Actor, Basis, Kind, Mark
from assessment.readers.framework import read_questionnaire
from assessment.settings import HOME
from tests import builders

PAGE = (HOME / "questionnaires" / "writing.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_example_is_a_whole_framework_of_twenty_lines(tmp_path: Path) -> None:
    (example,) = EXAMPLE
    file = tmp_path / "buurthuis.yaml"
    file.write_text(example, encoding="utf-8")

    asked = read_questionnaire([file])

    assert len(example.splitlines()) == 20
    assert [question.question_id for question in asked.choices] == ["BAL-1.1"]
    assert [option.text for option in asked.question["BAL-1.1"].options] == ["Ja", "Nee", "Weet ik niet"]
    scores = list_scores(builders.scores(asked, builders.answers(("h0", "BAL-1.1", "b"))), asked)
    assert scores["verdict"].tolist() == ["not_yet"]


@pytest.mark.parametrize("model", [Framework, Theme, Criterion, Question, Option, Measure])
def test_every_field_is_told(model: type[Frozen]) -> None:
    told = set(re.findall(r"`(\w+)`", PAGE))

    assert set(model.model_fields) - told == set()


@pytest.mark.parametrize("words", [Mark, Kind, Basis, Actor])
def test_every_word_that_may_be_chosen_is_told(words: type[Mark | Kind | Basis | Actor]) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in PAGE] == []
