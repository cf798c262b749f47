"""What is published in questionnaires/: whole, sourced, plain, and planned as the criteria say."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assessment.engine.comparison import EditionChange, count_classes, find_changes
from assessment.engine.gaps import find_gaps, list_work
from assessment.engine.roadmap.plan import find_finishes, plan_quarters
from assessment.engine.roadmap.problem import build_problem
from assessment.engine.scoring import list_scores, score_criteria, score_measures
from assessment.model.frames import RESOURCES, ChoiceGrid
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor, Basis, ChangeClass, Kind, Mark, Rules
from assessment.readers.framework import find_published, list_published, read_framework, read_questionnaire
from assessment.service.frameworks import check_frameworks, make_schema
from assessment.settings import HOME, Settings
from tests import builders

FOLDER = HOME / "questionnaires"
ALL = ("politie", "landelijk-kader", "integrale-veiligheid")


HARD_NORMS = ["POS-3", "POS-5", "POS-6", "POS-7", "LOS-1", "LOS-2", "LOS-3", "INV-1", "INF-2"]


@cache
def read(*names: str, version: str = "1.0") -> Questionnaire:
    return read_questionnaire(find_published(FOLDER, name, version) for name in names)


def finishes_from_nothing(asked: Questionnaire, capacity: int) -> dict[str, int]:
    """The quarter (1 is the first) in which each criterion is finished when every answer is "nog niet"."""
    marks = [[option.mark for option in question.options] for question in asked.questions]
    nothing = [each.index(Mark.NOT_YET) + 1 if Mark.NOT_YET in each else 1 for each in marks]
    grid = ChoiceGrid(("huis",), np.array([nothing], dtype=np.uint8))
    scores = list_scores(score_criteria(grid, builders.deviations(), asked), asked)
    rows = [("huis", actor.value, actor.value, capacity) for actor in Actor]
    resources = RESOURCES.conform(pd.DataFrame(rows, columns=list(RESOURCES.columns)))
    work = list_work(find_gaps(scores, asked.rules), score_measures(grid, asked), asked)
    planned = plan_quarters(build_problem(work, resources, Quarter(2027, 1), asked))
    finishes = find_finishes(planned.roadmap)
    return dict(zip(finishes["criterion_id"], finishes["last"] + 1, strict=True))


def test_there_are_44_criteria_with_103_questions_in_8_themes() -> None:
    asked = read(*ALL)

    assert (len(asked.criteria), len(asked.questions), len(asked.themes)) == (44, 103, 8)
    assert [c.kind for c in asked.criteria].count(Kind.HARD_NORM) == 15


@pytest.mark.parametrize("path", list_published(FOLDER), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_is_named_after_what_it_holds(path: Path) -> None:
    framework = read_framework(path)

    assert (framework.framework_id, framework.version) == (path.parent.name, path.stem)


def test_every_need_is_known_in_some_published_framework() -> None:
    assert len(list(check_frameworks(Settings(), ()))) == 6


def test_every_criterion_has_measures_with_an_actor_that_takes_part_in_it() -> None:
    for criterion in read(*ALL).criteria:
        taking_part = {role.actor for role in criterion.actors}
        assert {measure.actor for measure in criterion.measures} & taking_part, criterion.criterion_id


@pytest.mark.parametrize("criterion_id", ["LOS-2", "LOS-3"])
def test_what_the_police_lets_go_is_taken_over_by_the_house_first(criterion_id: str) -> None:
    takes_over, stops = read("politie").criterion[criterion_id].measures

    assert takes_over.actor is Actor.HOUSE
    assert stops.actor is Actor.TEAM
    assert stops.lets_go_after == takes_over.measure_id


def test_the_form_in_which_the_police_is_present_is_never_scored() -> None:
    assert read("politie").question["POS-2.3"].describes


def test_from_nothing_with_enough_capacity_everything_takes_12_quarters() -> None:
    finishes = finishes_from_nothing(read(*ALL), capacity=99)

    assert max(finishes.values()) == 12
    assert set(finishes) == set(read(*ALL).criterion)


def test_with_only_the_police_questionnaire_letting_go_takes_5_quarters() -> None:
    finishes = finishes_from_nothing(read("politie"), capacity=99)

    assert (finishes["LOS-2"], finishes["LOS-3"]) == (5, 5)


def test_measure_titles_are_short_enough_for_a_row() -> None:
    measures = [*read(*ALL).measure.values(), *read(*ALL, version="1.1").measure.values()]

    assert {measure.title for measure in measures if len(measure.title) > 72} == set()


def test_version_1_1_keeps_the_44_criteria_and_has_nine_hard_norms() -> None:
    old, new = read(*ALL), read(*ALL, version="1.1")

    assert list(old.criterion) == list(new.criterion)
    assert set(old.question) < set(new.question)
    assert [c.criterion_id for c in new.criteria if c.kind is Kind.HARD_NORM] == HARD_NORMS
    assert (old.rules, new.rules) == (Rules.ONE, Rules.TWO)


def test_every_criterion_of_1_1_says_in_words_what_it_rests_on() -> None:
    new = read(*ALL, version="1.1")

    assert all(criterion.basis for criterion in new.criteria)
    assert [c.criterion_id for c in new.criteria if c.basis is Basis.LAW] == ["INF-2"]
    assert {c.needs_first for c in new.criteria if c.criterion_id.startswith("INF")} == {()}


def test_core_questions_of_1_1_say_what_counts_and_where_to_look() -> None:
    new = read(*ALL, version="1.1")

    assert [q.question_id for q in new.questions if q.core and not q.help] == []


def test_couleur_locale_and_open_issues_of_1_1_only_describe_and_bring_no_work() -> None:
    new = read(*ALL, version="1.1")
    free = [c for c in new.criteria if c.kind in {Kind.LOCAL_ROOM, Kind.OPEN_ISSUE}]

    assert [c.criterion_id for c in free] == ["INV-4", "AAN-1", "AAN-2", "AAN-3"]
    assert all(question.describes for c in free for question in c.questions)
    assert all(not c.measures for c in free)
    assert all(c.questions[-1].is_open and c.conform_when is None for c in free[1:])


def test_a_norm_of_1_1_waits_for_norms_only() -> None:
    new = read(*ALL, version="1.1")
    needs = {need for c in new.criteria if c.kind.is_norm for need in c.needs_first}

    assert {new.criterion[need].kind.is_norm for need in needs} == {True}


def test_the_three_headlines_count_one_question_each() -> None:
    new = read(*ALL, version="1.1")

    assert [question.question_id for question in new.headlines] == ["POS-4.1", "LOS-2.1", "LOS-3.1"]


def test_the_schema_beside_the_files_is_that_of_the_models() -> None:
    assert (FOLDER / "framework.schema.json").read_text(encoding="utf-8") == make_schema()


@pytest.mark.parametrize("name", ALL)
def test_the_changes_between_two_versions_are_told_and_the_other_way_round_in_reverse(name: str) -> None:
    (old,), (new,) = (read(name, version=version).frameworks for version in ("1.0", "1.1"))
    assert find_changes(new, new) == ()

    there, back = find_changes(old, new), find_changes(new, old)

    def swap(change: EditionChange) -> EditionChange:
        turned = {ChangeClass.ADDED: ChangeClass.REMOVED, ChangeClass.REMOVED: ChangeClass.ADDED}
        return change._replace(
            change=turned.get(change.change, change.change), old=change.new, new=change.old
        )

    assert sorted(map(repr, there)) == sorted(repr(swap(each)) for each in back)
    assert sum(count_classes(there).values()) == len(there) > 0
    texts = {each.question_id: each.text for each in read(name, version="1.1").questions}
    assert {
        each.key: each.new for each in there if each.field == "text" and each.old
    }.items() <= texts.items()
