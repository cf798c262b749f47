from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.engine.comparison import Faces, compare_groups, count_faces, count_options
from assessment.engine.scoring import list_scores, score_criteria
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Mark, Rules
from tests import builders, reference

HOUSES = pd.Series({"a": "noord", "b": "noord", "c": "zuid"})


def scores(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["house_id", "low", "high"])


def test_a_group_has_its_size_its_means_and_its_spread() -> None:
    groups = compare_groups(scores(("a", 0.2, 0.4), ("b", 0.6, 0.6), ("c", 1, 1)), HOUSES, None)

    north = groups.to_dict("records")[0]
    assert (north["group_id"], north["n"]) == ("noord", 2)
    spread = [north[name] for name in ("low", "high", "minimum", "median", "maximum")]
    assert spread == pytest.approx([0.4, 0.5, 0.3, 0.45, 0.6])


@pytest.mark.parametrize(
    ("values", "uniformity"), [([0.5, 0.5], 1.0), ([0.0, 1.0], 0.0), ([0.0, 0.0, 1.0, 1.0], 0.0)]
)
def test_uniformity_runs_from_all_the_same_to_half_at_each_end(
    values: list[float], uniformity: float
) -> None:
    rows = scores(*((f"h{place}", value, value) for place, value in enumerate(values)))
    group_of = pd.Series("alle", index=rows["house_id"])

    assert compare_groups(rows, group_of, None)["uniformity"].item() == pytest.approx(uniformity)


def test_uniformity_needs_two_houses_that_are_determined() -> None:
    groups = compare_groups(scores(("a", 1, 1), ("b", 0, 1)), HOUSES, None)

    assert np.isnan(groups["uniformity"].item())


def test_what_does_not_apply_leaves_the_group() -> None:
    groups = compare_groups(scores(("a", np.nan, np.nan), ("b", 1, 1)), HOUSES, None)

    assert groups["n"].tolist() == [1]


def test_nobody_is_no_group() -> None:
    assert compare_groups(scores(), HOUSES, None).empty


SCORED = st.sampled_from([Mark.MEETS, Mark.PARTLY, Mark.NOT_YET, Mark.UNKNOWN, Mark.NOT_APPLICABLE])


def judge(marks: Sequence[Sequence[Mark]], explained: Sequence[str] = ()) -> pd.DataFrame:
    """CRITERION_SCORES of one core norm, a house per row of marks."""
    asked = builders.questionnaire(
        builders.criterion(kind=Kind.CORE_NORM, core=(True, False)), rules=Rules.TWO
    )
    agreed = builders.deviations(*((house_id, "POS-1") for house_id in explained))
    return list_scores(score_criteria(builders.choices(marks), agreed, asked), asked)


def describe(criteria: pd.DataFrame) -> dict[str, object]:
    group_of = pd.Series("alle", index=criteria["house_id"])
    (group,) = compare_groups(criteria, group_of, "criterion_id", Rules.TWO).to_dict("records")
    return {str(name): value for name, value in group.items()}


@given(st.lists(st.tuples(SCORED, SCORED), min_size=1, max_size=12), st.sets(st.integers(0, 11), max_size=4))
def test_the_face_of_a_criterion_agrees_with_the_naive_reference(
    marks: list[tuple[Mark, Mark]], deviating: set[int]
) -> None:
    explained = [f"h{place}" for place in deviating if place < len(marks)]
    criteria = judge(marks, explained)
    rows = criteria.to_dict("records")
    judged = [(None if np.isnan(row["low"]) else (row["low"], row["high"]), row["verdict"]) for row in rows]

    groups = compare_groups(
        criteria, pd.Series("alle", index=criteria["house_id"]), "criterion_id", Rules.TWO
    )

    uniformity, face = reference.face(judged)
    assert groups["face"].tolist() == ([] if all(each is None for each, _ in judged) else [face])
    if not groups.empty:
        assert groups["uniformity"].item() == pytest.approx(
            np.nan if uniformity is None else uniformity, nan_ok=True
        )


def test_an_agreed_deviation_is_another_face_and_no_1() -> None:
    alike = [(Mark.MEETS, Mark.MEETS)] * 10

    assert describe(judge(alike))["face"] == "one"
    deviating = describe(judge(alike, ["h0"]))
    assert deviating["uniformity"] == pytest.approx(1 - 2 * 0.3)
    assert deviating["face"] == "many"


def test_all_alike_below_meets_is_everywhere_the_same_gap() -> None:
    assert describe(judge([(Mark.NOT_YET, Mark.MEETS)] * 6))["face"] == "same_gap"


@pytest.mark.parametrize(("determined", "unknown"), [(4, 0), (5, 6)])
def test_with_few_determined_houses_there_is_no_face(determined: int, unknown: int) -> None:
    marks = [(Mark.MEETS, Mark.MEETS)] * determined + [(Mark.UNKNOWN, Mark.MEETS)] * unknown

    assert describe(judge(marks))["face"] == "undetermined"


def test_by_the_second_rules_neither_a_theme_nor_the_total_has_a_uniformity() -> None:
    rows = scores(*((f"h{place}", 1.0, 1.0) for place in range(9)))
    total = compare_groups(rows, pd.Series("alle", index=rows["house_id"]), None, Rules.TWO)

    assert np.isnan(total["uniformity"].item())
    assert (total["determined"].item(), total["face"].item()) == (9, "")


def test_only_norms_of_the_themes_that_are_the_face_of_the_police_are_counted() -> None:
    norm = builders.criterion("POS-1", kind=Kind.CORE_NORM, core=(True,))
    elsewhere = builders.criterion("KAD-1", kind=Kind.HARD_NORM, core=(True,))
    plain = builders.framework([norm, builders.criterion("POS-2"), elsewhere])
    themes = [theme.model_copy(update={"one_face": theme.theme_id == "POS"}) for theme in plain.themes]
    marked = plain.model_copy(update={"themes": tuple(themes)})
    asked = Questionnaire(frameworks=(marked,), sha256="0" * 64, rules=Rules.TWO)
    groups = pd.DataFrame({"subject_id": ["POS-1", "KAD-1"], "face": ["one", "one"]})

    assert count_faces(groups, asked) == Faces(norms=1, one=1, same_gap=0)


def test_a_headline_counts_one_question_in_its_own_options_and_nothing_said_is_unknown() -> None:
    named = builders.question("POS-1.1").model_copy(update={"headline": "Liaison"})
    asked = builders.questionnaire(builders.criterion(questions=[named, builders.question("POS-1.2")]))
    grid = builders.choices([[Mark.MEETS, Mark.NOT_YET], [Mark.UNKNOWN, None], [None, Mark.MEETS]])

    headlines = count_options(grid, asked, asked.headlines)

    counted = dict(zip(headlines["mark"], headlines["houses"], strict=True))
    assert set(headlines["question_id"]) == {"POS-1.1"}
    assert (counted["meets"], counted["unknown"], counted["not_yet"]) == (1, 2, 0)


def test_nobody_has_no_face_and_no_headline() -> None:
    nobody = judge([(Mark.MEETS, Mark.MEETS)])[:0]

    assert compare_groups(nobody, pd.Series(dtype="str"), "criterion_id", Rules.TWO).empty
