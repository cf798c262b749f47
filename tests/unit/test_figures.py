"""Charts as they are written: what stands where, without a browser."""

import math
import re
from datetime import date

import pandas as pd
import pytest

from assessment.figures.charts import draw_conformity_band, draw_theme_ranges
from assessment.figures.quarters import write_gantt
from assessment.model.frames import GROUPS
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor, Rules
from assessment.readers.framework import read_questionnaire
from assessment.settings import HOME
from assessment.tables.decisions import describe_capacity, describe_sharing, describe_unfit
from assessment.tables.frameworks import name_sources
from tests import builders

BEGIN = Quarter(2027, 1)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return read_questionnaire((HOME / "questionnaires" / "politie" / "1.0.yaml",))


def measures(questionnaire: Questionnaire, *measure_ids: str) -> pd.DataFrame:
    """ROADMAP in which each measure takes one quarter after the one before it."""
    return pd.DataFrame(
        {
            "house_id": ["a"] * len(measure_ids),
            "measure_id": list(measure_ids),
            "actor": [questionnaire.measure[key].actor.value for key in measure_ids],
            "first": range(len(measure_ids)),
            "last": range(len(measure_ids)),
            "slack": [0] * len(measure_ids),
            "status": ["planned"] * len(measure_ids),
            "why": ["at_once"] * len(measure_ids),
            "waits_for": [""] * len(measure_ids),
            "lapsed": [""] * len(measure_ids),
        }
    )


def write(questionnaire: Questionnaire, today: date, *measure_ids: str, quarters: int = 12) -> str:
    return write_gantt(measures(questionnaire, *measure_ids), BEGIN, quarters, questionnaire, today)


def test_today_before_the_plan_gets_a_column_of_its_own(questionnaire: Questionnaire) -> None:
    shown = write(questionnaire, date(2026, 11, 22), "POS-1.M1")

    assert "--ks-quarters:13" in shown
    assert ">vandaag<" in shown
    assert 'style="grid-column:3/4"' in shown


def test_today_within_the_plan_needs_no_more_columns(questionnaire: Questionnaire) -> None:
    shown = write(questionnaire, date(2027, 5, 1), "POS-1.M1")

    assert "--ks-quarters:12" in shown
    assert ">vandaag<" in shown
    assert 'style="grid-column:2/3"' in shown


def test_today_long_before_or_after_the_plan_is_not_marked(questionnaire: Questionnaire) -> None:
    assert ">vandaag<" not in write(questionnaire, date(2024, 1, 1), "POS-1.M1")
    assert ">vandaag<" not in write(questionnaire, date(2031, 1, 1), "POS-1.M1")


def test_a_plan_over_the_horizon_says_where_three_years_end(questionnaire: Questionnaire) -> None:
    assert ">na drie jaar<" in write(questionnaire, date(2027, 5, 1), "POS-1.M1", quarters=14)
    assert ">na drie jaar<" not in write(questionnaire, date(2027, 5, 1), "POS-1.M1")


def test_a_title_is_never_cut(questionnaire: Questionnaire) -> None:
    keys = list(questionnaire.measure)

    shown = write(questionnaire, date(2027, 5, 1), *keys, quarters=len(keys))

    assert "…" not in shown
    assert shown.count('class="ks-title"') >= len(keys)


def test_a_hand_over_is_a_pair_with_an_arrow(questionnaire: Questionnaire) -> None:
    stops = next(m for m in questionnaire.measure.values() if m.lets_go_after)
    takes = questionnaire.measure[str(stops.lets_go_after)]

    shown = write(questionnaire, date(2027, 5, 1), takes.measure_id, stops.measure_id)

    assert f"{takes.title} → {stops.title}" in shown
    assert shown.index("ks-takes") < shown.index("ks-stops")
    assert "ks-takes" not in write(questionnaire, date(2027, 5, 1), stops.measure_id)


def test_a_low_percentage_stands_above_its_bar_and_only_where_it_changes() -> None:
    conformity = pd.DataFrame(
        {
            "quarter": [-1, 0, 1],
            "low": [0.0, 0.5, 0.5],
            "high": [1.0, 0.5, 0.5],
            "phase_low": ["pioneering"] * 3,
        }
    )

    labels = draw_conformity_band(conformity, BEGIN).layout.annotations

    assert [(label.text, label.yanchor) for label in labels] == [("0", "bottom"), ("50", "top")]


def test_the_first_bar_of_an_earlier_round_has_its_name() -> None:
    conformity = pd.DataFrame(
        {"quarter": [-1, 0], "low": [0.5, 0.6], "high": [0.5, 0.6], "phase_low": ["transition"] * 2}
    )

    newest, earlier = (
        draw_conformity_band(conformity, BEGIN, *now) for now in ((), ("voorjaar <b>2026</b>",))
    )

    assert newest.layout.xaxis.ticktext[0] == "nu"
    assert earlier.layout.xaxis.ticktext[0] == "<br><br>voorjaar<br>&lt;b&gt;2026&lt;/b&gt;"
    assert "nu" not in earlier.data[0].x


def test_the_title_of_a_theme_stands_above_its_bar() -> None:
    themes = pd.DataFrame({"theme_id": ["POS"], "low": [0.2], "high": [0.4]})
    groups = pd.DataFrame(
        {"subject_id": ["POS"], "n": [3], "minimum": [0.1], "median": [0.5], "maximum": [0.9]}
    )

    figure = draw_theme_ranges(themes, groups, {"POS": "Positie"})

    title = next(each for each in figure.layout.annotations if each.text == "Positie")
    assert title.yshift > 0
    assert not figure.layout.yaxis.showticklabels


def test_a_range_without_width_is_a_dot_and_another_a_bar() -> None:
    themes = pd.DataFrame({"theme_id": ["POS", "LOS"], "low": [0.2, 0.8], "high": [0.4, 0.8]})
    groups = pd.DataFrame(columns=["subject_id", "n", "minimum", "median", "maximum"])

    *_, bar, dot, _tick = draw_theme_ranges(themes, groups, {"POS": "Positie", "LOS": "Loslaten"}).data[-3:]

    assert [list(map(math.isnan, drawn.x)) for drawn in (bar, dot)] == [[True, False], [False, True]]


def test_a_group_that_may_not_be_seen_leaves_the_bar_of_the_house() -> None:
    themes = pd.DataFrame({"theme_id": ["POS"], "low": [0.2], "high": [0.4]})

    figure = draw_theme_ranges(themes, GROUPS.empty(), {"POS": "Positie"})

    assert [each.text for each in figure.layout.annotations if each.text == "Positie"] == ["Positie"]


def test_capacity_is_said_in_words() -> None:
    said = describe_capacity({Actor.DISTRICT: 2, Actor.HOUSE: 3, Actor.PROSECUTION: 2})

    assert said.endswith(": 3 bij het Veiligheidshuis; 2 bij het district en het OM.")


def test_it_is_said_whose_capacity_is_shared() -> None:
    both = describe_sharing([Actor.HOUSE, Actor.UNIT, Actor.PROSECUTION], Rules.TWO)

    assert both.startswith("De politie-eenheid en het OM werken voor alle huizen van een eenheid samen.")
    assert describe_sharing([Actor.UNIT], Rules.TWO).startswith("De politie-eenheid werkt voor")
    assert describe_sharing([Actor.HOUSE], Rules.TWO).startswith("Deze capaciteit is er voor elk huis apart")


def test_what_nobody_can_carry_is_told_apart_from_what_is_too_much() -> None:
    assert describe_unfit([(Actor.HOUSE, 1), (Actor.UNIT, 99)]) == ""
    assert describe_unfit([(Actor.HOUSE, 0), (Actor.UNIT, 100)]) == (
        "Capaciteit moet ten minste 1 zijn: Veiligheidshuis=0.\n"
        "Capaciteit moet hoogstens 99 zijn: politie-eenheid=100."
    )


def test_a_source_has_a_short_name(questionnaire: Questionnaire) -> None:
    assert name_sources(questionnaire.criterion["POS-1"], questionnaire) == "Politie in Veiligheidshuizen"


def test_what_is_done_is_grey_with_its_sign_also_where_it_began_before_the_plan() -> None:
    asked = builders.questionnaire()
    done = measures(asked, "POS-1.M1").assign(first=-9, last=0, status="done")

    written = write_gantt(done, Quarter(2027, 1), 12, asked, date(2027, 2, 1))

    assert "✓ Doe POS-1.M1" in written
    assert 'ks-bar ks-done" style="grid-column:2/3"' in written


def test_of_several_houses_each_stands_under_its_name_in_their_order(questionnaire: Questionnaire) -> None:
    own = measures(questionnaire, "POS-1.M1", "POS-1.M2")
    both = pd.concat([own.assign(house_id="b"), own.assign(house_id="a")], ignore_index=True)
    chain = own.head(1).assign(house_id="a")

    written = write_gantt(
        both, BEGIN, 12, questionnaire, date(2027, 1, 1), chain=chain, names={"a": "A & Co", "b": "Bosrand"}
    )

    assert re.findall(r'<div class="ks-actor">(.*?)</div>', written)[0].startswith("A &amp; Co · ")
    assert written.index("A &amp; Co · ") < written.index("Bosrand · ")
    assert written.count("ks-decides") == 1
