"""What is open in the newest round of the demo, as its pages show it, is planned or it is said why not."""

from collections.abc import Iterator

import pandas as pd
import pytest

from assessment.model.scale import Kind, Mark, Perspective, Verdict
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.round_scores import Which
from tests.reading import reading

pytestmark = pytest.mark.sqlite
OPEN = {Mark.PARTLY, Mark.NOT_YET, Mark.UNKNOWN}


@pytest.fixture(scope="module")
def planned(opened: Installation) -> Roadmap:
    return reading(opened).find_roadmap(Which(None, Perspective.RECORD))


@pytest.fixture(scope="module")
def marks(planned: Roadmap) -> dict[str, dict[str, Mark]]:
    """The mark of each question with options of each house; what was not answered is unknown."""
    grid, asked = planned.scores.choices, planned.scores.questionnaire
    return {
        house_id: {
            question.question_id: question.options[choice - 1].mark if choice else Mark.UNKNOWN
            for question, choice in zip(asked.questions, row, strict=True)
            if not question.is_open
        }
        for house_id, row in zip(grid.house_ids, grid.choices, strict=True)
    }


def list_pairs(rows: pd.DataFrame, column: str) -> set[tuple[str, str]]:
    return set(rows[["house_id", column]].itertuples(index=False, name=None))


def list_unmet(planned: Roadmap, marks: dict[str, dict[str, Mark]]) -> Iterator[tuple[str, str, str]]:
    """Each open answer that counts: the house, the criterion and the question."""
    for house_id, own in marks.items():
        for criterion in planned.scores.questionnaire.criteria:
            if criterion.kind.asks_work(planned.scores.questionnaire.rules):
                for question in criterion.counted:
                    if own[question.question_id] in OPEN:
                        yield house_id, criterion.criterion_id, question.question_id


def test_all_houses_of_the_demo_are_planned(planned: Roadmap) -> None:
    assert len(planned.scores.houses) == 30
    assert not planned.dropped.empty
    assert not planned.steps.empty


def test_no_planned_measure_has_only_settled_questions(
    planned: Roadmap, marks: dict[str, dict[str, Mark]]
) -> None:
    """One that settles nothing itself, or nothing that applies, is there for what it follows."""
    measure = planned.scores.questionnaire.measure

    in_plan = list_pairs(planned.measures, "measure_id")

    for house_id, measure_id in in_plan:
        own = {marks[house_id][key] for key in measure[measure_id].settles} - {Mark.NOT_APPLICABLE}
        followed = {(house_id, need) for need in measure[measure_id].needs}
        assert own & OPEN or (not own and followed & in_plan), (house_id, measure_id)


def test_every_open_answer_has_a_measure_or_a_written_reason(
    planned: Roadmap, marks: dict[str, dict[str, Mark]]
) -> None:
    criterion = planned.scores.questionnaire.criterion
    measures = list_pairs(planned.measures, "measure_id") | list_pairs(planned.dropped, "measure_id")
    steps = list_pairs(planned.steps, "about")
    verdicts = planned.scores.criteria
    explained = list_pairs(verdicts[verdicts["verdict"] == Verdict.EXPLAINED.value], "criterion_id")

    unmet = list(list_unmet(planned, marks))

    assert len(unmet) > 1000
    assert (planned.dropped["why"] != "").all()
    for house_id, criterion_id, question_id in unmet:
        brought = {
            (house_id, each.measure_id)
            for each in criterion[criterion_id].measures
            if question_id in each.settles
        }
        optional = criterion[criterion_id].kind is Kind.RECOMMENDATION
        not_taken = optional and (house_id, criterion_id) not in planned.decisions.taken
        told = not_taken or (house_id, criterion_id) in explained or (house_id, question_id) in steps
        assert told or brought & measures, (house_id, question_id)
