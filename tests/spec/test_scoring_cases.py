"""The worked examples of questionnaires/scoring.md, run through the engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from assessment.engine.comparison import compare_groups
from assessment.engine.scoring import list_scores, score_criteria
from assessment.engine.totals import count_answers, list_hard_norms, score_houses
from assessment.model.frames import ScoreGrid
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Mark, Rules
from assessment.tables.formats import format_percentage
from tests import builders

CASES = yaml.safe_load(Path(__file__).with_name("scoring.yaml").read_text(encoding="utf-8"))
BY_SIGN = {mark.sign: mark for mark in Mark} | {None: None}


def score_case(
    criteria: list[Mapping[str, Any]], rules: str
) -> tuple[Questionnaire, ScoreGrid, pd.DataFrame]:
    asked = builders.questionnaire(
        *(
            builders.criterion(
                f"POS-{place}", kind=Kind(case["kind"]), core=case["core"], weight=case.get("weight", 1)
            )
            for place, case in enumerate(criteria, 1)
        ),
        rules=Rules(rules),
    )
    grid = builders.choices([[BY_SIGN[sign] for case in criteria for sign in case["answers"]]])
    deviating = [("h0", f"POS-{place}") for place, case in enumerate(criteria, 1) if "deviation" in case]
    return asked, score_criteria(grid, builders.deviations(*deviating), asked), count_answers(grid, asked)


@pytest.mark.parametrize("case", CASES["criteria"], ids=lambda case: case["name"])
def test_criterion(case: Mapping[str, Any]) -> None:
    asked, scores, _ = score_case([case], case.get("rules", "1"))

    row = list_scores(scores, asked).iloc[0]

    expected = [np.nan if case[end] is None else case[end] for end in ("low", "high")]
    assert row["verdict"] == case["verdict"]
    np.testing.assert_allclose([row["low"], row["high"]], expected, atol=5e-7)


@pytest.mark.parametrize("case", CASES["houses"], ids=lambda case: case["name"])
def test_house(case: Mapping[str, Any]) -> None:
    asked, scores, answered = score_case(case["criteria"], case.get("rules", "1"))

    house = score_houses(scores, answered, asked).iloc[0]

    phases = [case["phase"]] * 2 if isinstance(case["phase"], str) else case["phase"]
    assert list_hard_norms(house.to_dict(), asked.rules) == case["hard_norms"]
    assert [house["phase_low"], house["phase_high"]] == phases
    np.testing.assert_allclose([house["low"], house["high"]], case["conformity"], atol=5e-7)


@pytest.mark.parametrize("case", CASES["faces"], ids=lambda case: case["name"])
def test_face(case: Mapping[str, Any]) -> None:
    norm = builders.criterion("POS-1", kind=Kind.CORE_NORM, core=(True, False))
    asked = builders.questionnaire(norm, rules=Rules.TWO)
    grid = builders.choices([[BY_SIGN[sign] for sign in answers] for answers in case["houses"]])
    deviating = builders.deviations(*((f"h{place}", "POS-1") for place in case.get("deviating", [])))
    criteria = list_scores(score_criteria(grid, deviating, asked), asked)

    group_of = pd.Series("alle", index=criteria["house_id"])
    group = compare_groups(criteria, group_of, "criterion_id", Rules.TWO).iloc[0]

    assert (group["determined"], group["face"]) == (case["determined"], case["face"])
    uniformity = np.nan if case["uniformity"] is None else case["uniformity"]
    np.testing.assert_allclose(group["uniformity"], uniformity, atol=5e-7)


@pytest.mark.parametrize("case", CASES["shown_percentages"], ids=lambda case: str(case["value"]))
def test_percentage_as_shown(case: Mapping[str, Any]) -> None:
    assert format_percentage(case["value"]) == case["shown"].replace(" ", "\N{NO-BREAK SPACE}")
