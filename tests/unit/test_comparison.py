import numpy as np
import pandas as pd
import pytest

from assessment.engine.comparison import compare_groups

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
