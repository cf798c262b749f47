"""What groups tell of houses that one may not see: never of fewer than five, not by subtraction either."""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as some

from assessment.engine.comparison import compare_groups
from assessment.engine.disclosure import SMALLEST, choose_groups, withhold_few

HOUSES = [f"h{number}" for number in range(16)]
groups_of_houses = some.lists(some.frozensets(some.sampled_from(HOUSES)), max_size=6)
few_houses = some.frozensets(some.sampled_from(HOUSES), max_size=6)


@given(groups_of_houses, few_houses)
@example([frozenset(HOUSES), frozenset(HOUSES[1:])], frozenset())
@example([frozenset(HOUSES), frozenset(HOUSES[:5]), frozenset(HOUSES[4:9])], frozenset(HOUSES[:1]))
def test_no_sums_and_differences_of_what_is_shown_leave_fewer_than_five_others(
    groups: list[frozenset[str]], known: frozenset[str]
) -> None:
    chosen = choose_groups(groups, known)

    shown = [group for group, is_shown in zip(groups, chosen, strict=True) if is_shown]
    for parts in product([True, False], repeat=len(shown)):
        inside = [group for group, part in zip(shown, parts, strict=True) if part]
        outside = [group for group, part in zip(shown, parts, strict=True) if not part]
        if inside:
            left = frozenset.intersection(*inside).difference(*outside) - known
            assert not 0 < len(left) < SMALLEST


@given(groups_of_houses, few_houses)
def test_a_group_that_fits_beside_the_earlier_ones_is_shown(
    groups: list[frozenset[str]], known: frozenset[str]
) -> None:
    chosen = choose_groups(groups, known)

    for place, group in enumerate(groups):
        earlier = [each for each, is_shown in zip(groups[:place], chosen[:place], strict=True) if is_shown]
        assert choose_groups([*earlier, group], known)[-1] == chosen[place]


def test_two_groups_that_differ_by_one_house_are_not_both_shown() -> None:
    assert choose_groups([set(HOUSES), set(HOUSES[1:])], set()) == (True, False)


def test_a_group_of_five_with_the_own_house_in_it_is_too_small() -> None:
    assert choose_groups([set(HOUSES[:5])], {"h0"}) == (False,)
    assert choose_groups([set(HOUSES[:6])], {"h0"}) == (True,)


def test_a_unit_and_the_rest_of_the_country_both_hold_five_others() -> None:
    country, unit = set(HOUSES[:9]), set(HOUSES[:5])

    assert choose_groups([country, unit], set()) == (True, False)
    assert choose_groups([country | {"h9"}, unit], set()) == (True, True)


def test_a_group_of_known_houses_only_tells_nothing_new() -> None:
    assert choose_groups([{"h0", "h1"}, set()], {"h0", "h1"}) == (True, True)


def scores_of(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["house_id", "criterion_id", "low", "high"])


def describe(scores: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    group_of = pd.Series("alle", index=list(scores["house_id"].unique()), dtype="str")
    groups = compare_groups(scores, group_of, "criterion_id")
    return withhold_few(groups, scores, "criterion_id", known).set_index("subject_id")


def test_a_criterion_that_applies_to_four_other_houses_is_left_out() -> None:
    everywhere = [(house_id, "A", 0.5, 0.5) for house_id in HOUSES[:6]]
    somewhere = [(house_id, "B", 0.5, 0.5) for house_id in HOUSES[:5]]
    nowhere = [("h5", "B", np.nan, np.nan)]

    shown = describe(scores_of(*everywhere, *somewhere, *nowhere), {"h0"})

    assert list(shown.index) == ["A"]


def test_the_lowest_and_the_highest_house_are_not_told_and_the_middle_is() -> None:
    rows = [(house_id, "A", place / 10, place / 10) for place, house_id in enumerate(HOUSES[:6])]

    shown = describe(scores_of(*rows), {"h0"}).loc["A"]

    assert np.isnan([shown["minimum"], shown["maximum"]]).all()
    assert (shown["n"], shown["median"]) == (6, 0.25)
    assert not np.isnan(shown["uniformity"])


def test_uniformity_is_told_where_five_other_houses_are_determined() -> None:
    determined = [(house_id, "A", 0.5, 0.5) for house_id in HOUSES[:5]]
    open_ = [(house_id, "A", 0.0, 1.0) for house_id in HOUSES[5:9]]

    shown = describe(scores_of(*determined, *open_), {"h0"}).loc["A"]

    assert np.isnan(shown["uniformity"])
    assert shown["n"] == 9


def test_totals_and_nothing_at_all_are_described_too() -> None:
    totals = pd.DataFrame({"house_id": HOUSES, "low": 0.5, "high": 0.6})
    group_of = pd.Series("alle", index=HOUSES, dtype="str")

    everyone = withhold_few(compare_groups(totals, group_of, None), totals, None, set())
    nobody = withhold_few(compare_groups(totals[:0], group_of, None), totals[:0], None, set())

    assert list(everyone["n"]) == [16]
    assert nobody.empty
