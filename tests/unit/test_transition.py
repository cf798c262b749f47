"""Houses per phase per quarter, and when the last one is there."""

import pandas as pd
import pytest

from assessment.engine.projection import count_phases, count_sure
from assessment.figures.charts import draw_transition, write_phases
from assessment.figures.palette import PHASE_PAINT
from assessment.model.frames import ESTIMATES, PROJECTED_SCORES, SURE_COUNTS
from assessment.model.scale import Phase
from assessment.tables.forecasts import describe_curves, describe_transition, list_transition
from tests.plans import BEGIN


def projected(*rows: tuple[int, str, str]) -> pd.DataFrame:
    """PROJECTED_SCORES of which only the phase matters, from (quarter, house_id, phase)."""
    dull = dict.fromkeys(PROJECTED_SCORES.columns, 0)
    return PROJECTED_SCORES.conform(
        pd.DataFrame(
            [
                dull | {"quarter": quarter, "house_id": house, "phase_low": phase, "phase_high": phase}
                for quarter, house, phase in rows
            ],
            columns=list(PROJECTED_SCORES.columns),
        )
    )


TWO_HOUSES = projected(
    (-1, "a", "pioneering"),
    (-1, "b", "transition"),
    (0, "a", "transition"),
    (0, "b", "by_framework"),
    (1, "a", "by_framework"),
    (1, "b", "by_framework"),
)


SURE_NOW = SURE_COUNTS.conform(pd.DataFrame({"quarter": [-1, 0, 1], "houses": [0, 0, 1]}))


def test_every_quarter_counts_every_house_once() -> None:
    counts = count_phases(TWO_HOUSES)

    assert counts.groupby("quarter")["houses"].sum().tolist() == [2, 2, 2]
    assert list_transition(counts, SURE_NOW, BEGIN).to_dict("list") == {
        "Kwartaal": ["nu", "na 2027-K1", "na 2027-K2"],
        "pioniersfase": [1, 0, 0],
        "in transitie": [1, 1, 0],
        "volgens het kader": [0, 1, 2],
        "80 % zeker volgens het kader": [0, 0, 1],
    }


def test_a_house_without_norms_is_counted_apart() -> None:
    counts = count_phases(projected((-1, "a", ""), (-1, "b", "by_framework")))

    assert list_transition(counts, SURE_NOW.head(1), BEGIN)["geen norm gevraagd"].tolist() == [1]
    assert (
        describe_transition(counts, SURE_NOW, ESTIMATES.empty(), BEGIN)
        == "Alle huizen werken nu al volgens het kader"
    )


def test_no_houses_give_no_counts() -> None:
    assert count_phases(PROJECTED_SCORES.empty()).empty


LOST = "bij 1 huis verviel een maatregel"
TOGETHER = ESTIMATES.conform(
    pd.DataFrame([dict(zip(ESTIMATES.columns, ("", "by_framework", 6, 8, 5), strict=True))])
)


@pytest.mark.parametrize(
    ("rows", "estimates", "said"),
    [
        (TWO_HOUSES, TOGETHER, "Waarschijnlijk in 2028-K3 werkt het laatste van 2 huizen volgens het kader"),
        (
            TWO_HOUSES.head(4),
            ESTIMATES.empty(),
            "Eind 2027-K1 werkt geen van de 2 huizen met 80 % kans volgens het kader, "
            "1 als niets tegenzit; " + LOST,
        ),
        (
            projected((-1, "a", "transition")),
            ESTIMATES.empty(),
            "Het huis komt met dit plan niet bij het kader: een maatregel is vervallen",
        ),
    ],
)
def test_the_title_says_when_the_last_house_is_likely_there(
    rows: pd.DataFrame, estimates: pd.DataFrame, said: str
) -> None:
    assert describe_transition(count_phases(rows), SURE_NOW.head(2), estimates, BEGIN) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (projected((0, "a", "")), "Bij geen enkel huis is een norm gevraagd"),
        (
            projected((0, "a", ""), (0, "b", ""), (0, "c", "transition")),
            "Eind 2027-K1 werkt 0 van 1 huis met 80 % kans volgens het kader, geen als niets tegenzit; "
            + LOST,
        ),
    ],
)
def test_houses_of_which_no_norm_is_asked_are_no_houses_that_do_not_come_there(
    rows: pd.DataFrame, said: str
) -> None:
    assert describe_transition(count_phases(rows), SURE_NOW.head(1), ESTIMATES.empty(), BEGIN) == said


def test_what_is_sure_and_what_is_planned_at_the_end_are_both_told() -> None:
    third = projected((-1, "c", "pioneering"), (0, "c", "pioneering"), (1, "c", "pioneering"))
    counts = count_phases(pd.concat([TWO_HOUSES, third]))

    assert describe_transition(counts, SURE_NOW, ESTIMATES.empty(), BEGIN) == (
        f"Eind 2027-K2 werkt 1 van 3 huizen met 80 % kans volgens het kader, 2 als niets tegenzit; {LOST}"
    )


def test_bars_and_curve_each_say_what_they_are_and_when_the_last_house_is_there() -> None:
    assert describe_curves(ESTIMATES.empty(), BEGIN) == "Balken: als niets tegenzit. Streepjes: 80 % zeker."
    assert describe_curves(TOGETHER, BEGIN) == (
        "Balken: als niets tegenzit, het laatste huis in 2028-K2. "
        "Streepjes: 80 % zeker, het laatste huis in 2029-K1."
    )


def test_a_house_counts_as_sure_from_its_own_quarter_of_eighty_percent_on() -> None:
    one = TOGETHER.assign(house_id="a", at_80=1)

    sure = count_sure(TWO_HOUSES, pd.concat([TOGETHER, one]))

    assert sure.equals(SURE_NOW)


def test_the_curve_stacks_the_houses_by_the_kader_at_the_foot() -> None:
    figure = draw_transition(count_phases(TWO_HOUSES), SURE_NOW, BEGIN)

    assert [trace.marker.color for trace in figure.data[:3]] == [
        PHASE_PAINT[phase].fill for phase in (Phase.BY_FRAMEWORK, Phase.TRANSITION, Phase.PIONEERING)
    ]
    assert list(figure.data[0].y) == [0, 1, 2]
    assert [list(trace.y) for trace in figure.data[3:]] == [[0, 0, 1], [0, 0, 1]]
    assert write_phases().count("<li>") == 3
