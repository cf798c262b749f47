"""The demo: thirty invented houses, three rounds, a believable story, figures that do not drift."""

import re
import subprocess
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from zipfile import ZipFile

import pytest

from assessment.engine.formulas import find_missing
from assessment.engine.roadmap.plan import split_houses
from assessment.model.access import OPERATOR
from assessment.model.decisions import Decisions, Progress
from assessment.model.frames import ALL_HOUSES
from assessment.model.plan import HORIZON, Quarter
from assessment.model.scale import Kind, Perspective, Rules
from assessment.readers.tables import read_table
from assessment.service.demo import fill_demo
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap, plan_houses
from assessment.service.queries import Queries
from assessment.service.round_scores import score_round
from assessment.settings import HOME
from assessment.store.plans import load_lines
from assessment.store.submissions import load_newest, load_submission
from assessment.tables.forecasts import keep_main
from assessment.tables.plans import name_quarters
from tests.conftest import NOW, count_submissions
from tests.reading import write_scores

DEMO = HOME / "data" / "demo"
GOLDEN = Path(__file__).parents[1] / "golden"
WHEN = ("if_nothing_goes_wrong", "likely", "at_80")


def test_all_houses_are_invented_and_spread_over_the_ten_units(demo: Installation) -> None:
    register = demo.register()

    assert len(register.houses) == 30
    assert all(house.invented for house in register.houses)
    assert {house.unit_id for house in register.houses} == set(register.unit)


def test_there_are_three_rounds_and_two_perspectives_for_a_third(demo: Installation) -> None:
    scores_of = {
        (asked.round_id, perspective): score_round(demo, asked.round_id, perspective, NOW.date())
        for asked in demo.register().rounds
        for perspective in Perspective
    }

    counts = {key: len(scores.houses) for key, scores in scores_of.items()}
    assert [counts[asked.round_id, Perspective.HOUSE] for asked in demo.register().rounds] == [30, 30, 30]
    assert counts["2026-najaar", Perspective.POLICE] == 10


def test_the_story_has_every_phase_most_in_transition(demo: Installation) -> None:
    totals = score_round(demo, None, Perspective.HOUSE, NOW.date()).totals

    phases = totals["phase_high"].value_counts()
    assert phases.idxmax() == "transition"
    assert set(phases.index) == {"pioneering", "transition", "by_framework"}
    assert (totals["answered"] < totals["applicable"]).sum() == 3
    assert totals["explained"].sum() == 4


def test_filling_the_demo_twice_adds_nothing(demo: Installation) -> None:
    assert list(fill_demo(demo, NOW)) == []


def test_a_demo_that_was_cut_off_is_completed(installation: Installation, demo: Installation) -> None:
    list(islice(fill_demo(installation, NOW), 5))
    assert 0 < count_submissions(installation) < count_submissions(demo)

    list(fill_demo(installation, NOW))

    assert count_submissions(installation) == count_submissions(demo)
    assert list(fill_demo(installation, NOW)) == []


def test_it_takes_less_than_four_megabytes() -> None:
    assert sum(file.stat().st_size for file in DEMO.rglob("*") if file.is_file()) < 4_000_000


def parts(file: Path) -> dict[str, bytes]:
    """What is in a workbook; how it is packed may differ between machines."""
    with ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, DEMO / "make_answers.py", tmp_path], check=True, cwd=HOME)

    made = {file.name: parts(file) for file in (tmp_path / "2026-najaar").iterdir()}
    assert made == {file.name: parts(file) for file in (DEMO / "2026-najaar").iterdir()}
    assert (tmp_path / "answers.csv").read_bytes() == (DEMO / "answers.csv").read_bytes()


def test_earlier_rounds_keep_their_questionnaires_and_rules(demo: Installation) -> None:
    rounds = demo.register().rounds

    assert [round_.rules for round_ in rounds] == [Rules.ONE, Rules.ONE, Rules.TWO]
    assert [{ref.partition("/")[2] for ref in round_.frameworks} for round_ in rounds] == [
        {"1.0"},
        {"1.0"},
        {"1.1"},
    ]


def test_one_house_is_finished(demo: Installation) -> None:
    scores = score_round(demo, None, Perspective.HOUSE, NOW.date())

    (total,) = scores.totals[scores.totals["house_id"] == "dommelrade"].to_dict("records")
    assert (total["low"], total["phase_low"], total["recommendations_low"]) == (1.0, "by_framework", 1.0)


def test_what_was_dropped_and_done_is_told_with_its_reason(demo: Installation) -> None:
    with demo.store.reading() as session:
        lines = load_lines(session, ["bollenmeer", "scheldekreek"])

    assert [(line.measure_id, line.progress) for line in lines] == [
        ("POS-8.M1", Progress.DROPPED),
        ("POS-8.M2", Progress.DROPPED),
        ("INV-1.M1", Progress.BUSY),
        ("POS-7.M1", Progress.DONE),
    ]


def test_police_differs_in_what_is_worth_talking_about_with_a_reason() -> None:
    told = read_table(DEMO / "told.csv", ("house_id", "perspective", "question_id", "explanation"))
    police = told[told["perspective"] == "politie"]

    differing = police.merge(told[told["perspective"] == "huis"], on=["house_id", "question_id"])

    assert len(differing) == len(police) == 14
    assert (police["explanation"] != "").all()
    assert len(set(police["house_id"])) == 9


def test_houses_agreed_with_their_police_on_joint_versions(demo: Installation) -> None:
    joint = score_round(demo, "2026-najaar", Perspective.JOINT, NOW.date())

    assert len(joint.houses) == 5


def test_houses_write_what_they_want_to_talk_about(demo: Installation) -> None:
    with demo.store.reading() as session:
        stored = load_newest(session, "2026-najaar", Perspective.HOUSE)
        written = [load_submission(session, submission_id) for submission_id in stored.values()]

    texts = {
        answer.explanation
        for each in written
        if each is not None
        for answer in each.answers
        if answer.question_id in {"POS-6.4", "POS-6.5", "AAN-1.4", "AAN-2.3", "AAN-3.3"}
    }
    assert len(texts) > 15


def test_six_houses_have_formulas_one_half_two_asked_too_much_and_two_that_contradict(
    demo: Installation,
) -> None:
    picture = Queries(demo, OPERATOR, now=lambda: NOW).find_formula_picture(year=2026)

    counts = {each.house.house_id: len(each.formulas) for each in picture.houses if each.formulas}
    assert counts == {
        "terpmark": 4,
        "waddehorst": 2,
        "ijpoort": 2,
        "kranendam": 3,
        "dommelrade": 2,
        "waterwolde": 2,
    }
    half = [each.formula_id for each in picture.formulas if find_missing(each)]
    assert sorted(half) == ["bedrijven", "buitengebied"]
    assert {(each.house_id, each.party): round(each.excess) for each in picture.too_much} == {
        ("terpmark", "Politie"): 300,
        ("kranendam", "Gemeente"): 64,
    }
    pairs = {(each.one.subject, each.other.subject) for each in picture.contradictions}
    assert ("terpmark/jeugd-oosterveen", "terpmark/jeugd-terpmark") in pairs
    figures = [figure for each in picture.formulas for figure in each.indicators]
    assert {figure.source for figure in figures} == {"verzonnen voor de demo"}


def test_the_figures_of_the_demo_are_those_of_before(demo: Installation) -> None:
    """A change of a figure is a change of a rule: it belongs in the CHANGELOG, and then in these files.

    The two earlier rounds are closed, by rules 1: their files never change.
    """
    for round_ in demo.register().rounds:
        scores = score_round(demo, round_.round_id, Perspective.HOUSE, NOW.date())

        written = write_scores(scores)

        golden = GOLDEN / f"demo_scores.{round_.round_id}.json"
        assert written + "\n" == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("round_id", ["2025-najaar", "2026-voorjaar"])
def test_the_plans_of_closed_rounds_are_those_of_before_rules_2(demo: Installation, round_id: str) -> None:
    """The files were made by the last version that knew one version of the rules; they never change.

    A processor that rounds otherwise in the solver may find another plan of a unit, which is then as good.
    """
    scores = score_round(demo, round_id, Perspective.HOUSE, NOW.date())

    planned = plan_houses(scores, scores.grid.house_ids, decisions=Decisions(now=Quarter.of(NOW.date())))

    found = sorted(list_plan(planned))
    before = (GOLDEN / f"demo_plan.{round_id}.txt").read_text(encoding="utf-8").splitlines()
    assert len(found) == len(before)
    if found != before:
        differing = {line.split()[0] for line in set(found) ^ set(before)} & set(scores.grid.house_ids)
        assert any(differing <= houses for houses in split_houses(planned.resources))
        assert planned.status == "optimal"
        assert weigh(found, planned) == weigh(before, planned)


_MEASURE_LINE = re.compile(r"(\S+) ([A-Z]+-\d+)\.M\d+ \S+ (\d{4})-K(\d) -?\d+")


def weigh(lines: Iterable[str], planned: Roadmap) -> tuple[int, int]:
    """What a plan comes to: the hard norms that are late, and weight times quarter of finish, added up."""
    asked, horizon = planned.scores.questionnaire, planned.begin + (HORIZON - 1)
    finishes: dict[tuple[str, str], int] = {}
    for found in filter(None, map(_MEASURE_LINE.fullmatch, lines)):
        key, quarter = (found[1], found[2]), 4 * int(found[3]) + int(found[4])
        finishes[key] = max(finishes.get(key, 0), quarter)
    ends = [(asked.criterion[key].kind, last) for (_, key), last in finishes.items()]
    late = sum(kind is Kind.HARD_NORM and last > 4 * horizon.year + horizon.number for kind, last in ends)
    return late, sum(kind.plan_weight * last for kind, last in ends)


def list_plan(planned: Roadmap) -> list[str]:
    """A line per measure, per date, and per phase in a quarter."""
    begin, dates = planned.begin, keep_main(planned.estimates, planned.scores.questionnaire)
    named = {name: [str(begin + quarter) for quarter in dates[name]] for name in WHEN}
    whose = dates["house_id"].replace({ALL_HOUSES: "allemaal"})
    tables = (
        name_quarters(planned.measures, begin)[["house_id", "measure_id", "first", "last", "slack"]],
        dates.assign(house_id=whose, **named)[["house_id", "subject", *WHEN]],
        name_quarters(planned.phases[planned.phases["quarter"] >= 0], begin),
    )
    return [" ".join(map(str, row)) for table in tables for row in table.to_numpy()]
