"""What the command line prints for machines of houses together, of two rounds and of house beside police."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from assessment.engine.comparison import count_faces
from assessment.engine.trend import Common
from assessment.model.answers import Answer, Difference
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Rules
from assessment.writers.json_output import describe_framework, dump, list_by_house


def write_groups(questionnaire: Questionnaire, groups: pd.DataFrame, headlines: pd.DataFrame) -> str:
    """Write houses together; by the second rules also their faces and headlines.

    Args:
        questionnaire: what was asked.
        groups: GROUPS of one group.
        headlines: HEADLINES.
    """
    by_first = questionnaire.rules is Rules.ONE
    told = groups.drop(columns=["determined", "face"]) if by_first else groups
    newer = {} if by_first else _write_faces(questionnaire, groups, headlines)
    return dump(
        {
            "framework": describe_framework(questionnaire),
            "rules": questionnaire.rules.value,
            "groups": told.to_dict("records"),
            **newer,
        }
    )


def _write_faces(
    questionnaire: Questionnaire, groups: pd.DataFrame, headlines: pd.DataFrame
) -> dict[str, object]:
    options = headlines.assign(
        text=[dict(questionnaire.question[q].lettered)[o].text for q, o in _pairs(headlines)]
    )
    return {
        "one_face": count_faces(groups, questionnaire)._asdict(),
        "headlines": [
            {
                "question_id": question.question_id,
                "headline": question.headline,
                "options": options[options["question_id"] == question.question_id]
                .drop(columns="question_id")
                .to_dict("records"),
            }
            for question in questionnaire.headlines
        ],
    }


def _pairs(headlines: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(headlines["question_id"], headlines["option_id"], strict=True)


def write_trend(
    rounds: tuple[str, str],
    coverage: Mapping[str, int],
    common: Common,
    changes: pd.DataFrame,
    criteria: pd.DataFrame,
) -> str:
    """Write two rounds side by side.

    Args:
        rounds: the ids of the earlier and of the later one.
        coverage: how many questions carry over, of how many that are asked.
        common: which questions are not compared, and why.
        changes: HOUSE_CHANGES.
        criteria: CRITERION_CHANGES.
    """
    criteria_of = list_by_house(criteria)
    houses = [
        {**row, "criteria": criteria_of.get(str(row["house_id"]), [])} for row in changes.to_dict("records")
    ]
    return dump(
        {
            "earlier": rounds[0],
            "later": rounds[1],
            "coverage": coverage,
            "not_compared": [
                {"question_id": q.question_id, "because": why.value} for q, why in common.others
            ],
            "houses": houses,
        }
    )


def write_agendas(agendas: Iterable[tuple[str, pd.DataFrame, Sequence[Difference]]]) -> str:
    """Write houses beside their police.

    Args:
        agendas: of each house its id, its AGENDA, and the questions at which the answers differ.
    """
    houses = [
        {
            "house_id": house_id,
            "criteria": criteria.drop(columns="house_id").to_dict("records"),
            "questions": [
                {"question_id": each.key, "own": _write_said(each.old), "theirs": _write_said(each.new)}
                for each in differences
            ],
        }
        for house_id, criteria, differences in agendas
    ]
    return dump({"houses": houses})


def _write_said(said: object) -> dict[str, object] | None:
    return {**said._asdict()} if isinstance(said, Answer) else None
