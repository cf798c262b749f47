"""The tasks of a plan, and what waits for what.

Source: questionnaires/roadmap.md, sections 1 and 2.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from assessment.engine.roadmap.network import Goal, Network
from assessment.model.frames import TASKS
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind


def list_tasks(gaps: pd.DataFrame, resources: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """List the measures that the gaps bring in, a row per house and measure.

    Args:
        gaps: GAPS.
        resources: RESOURCES.
        questionnaire: gives the measures.

    Returns:
        TASKS; a criterion that has come halfway takes half the quarters, rounded up.
    """
    measures = pd.DataFrame(
        [
            {"criterion_id": criterion.criterion_id, **measure.model_dump(include=_MEASURE_FIELDS)}
            for criterion in questionnaire.criteria
            for measure in criterion.measures
        ]
    )
    tasks = gaps.merge(measures, on="criterion_id", validate="many_to_many").merge(
        resources, on=["house_id", "actor"], validate="many_to_one"
    )
    halved = (tasks["quarters"] + 1) // 2
    tasks = tasks.assign(quarters=tasks["quarters"].where(~tasks["halfway"], halved))
    return TASKS.conform(tasks[list(TASKS.columns)])


def link_tasks(tasks: pd.DataFrame, questionnaire: Questionnaire) -> Network:
    """Number the tasks by their row and link them.

    A need of something that is not in the plan (it is settled, or was not asked) falls away.

    Args:
        tasks: TASKS.
        questionnaire: gives what needs what.
    """
    keys = list(zip(tasks["house_id"], tasks["measure_id"], strict=True))
    number = {key: place for place, key in enumerate(keys)}
    before = _measures_before(questionnaire)
    needs = tuple(
        tuple(number[house_id, need] for need in before[measure_id] if (house_id, need) in number)
        for house_id, measure_id in keys
    )
    resource, _ = pd.factorize(tasks["resource"])
    return Network(
        quarters=tasks["quarters"].to_numpy(),
        needs=needs,
        resource=np.asarray(resource, dtype=np.int64),
        capacity=tasks.drop_duplicates("resource")["capacity"].to_numpy(),
        goals=_find_goals(tasks, number, questionnaire),
    )


_MEASURE_FIELDS = {"measure_id", "actor", "quarters", "days"}


def _measures_before(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """What each measure needs first, within its criterion and through the criteria that this one needs."""
    before: dict[str, list[str]] = {}
    for criterion in questionnaire.criteria:
        earlier = [questionnaire.criterion.get(key) for key in criterion.needs_first]
        ends = [measure_id for needed in earlier if needed for measure_id in needed.last_measures]
        for measure in criterion.measures:
            before[measure.measure_id] = list(measure.needs) or ends
    return before


def _find_goals(
    tasks: pd.DataFrame, number: Mapping[tuple[str, str], int], questionnaire: Questionnaire
) -> tuple[Goal, ...]:
    pairs = dict.fromkeys(zip(tasks["house_id"], tasks["criterion_id"], strict=True))
    goals = []
    for house_id, criterion_id in pairs:
        criterion = questionnaire.criterion[criterion_id]
        last = tuple(number[house_id, measure_id] for measure_id in criterion.last_measures)
        goals.append(Goal(last, criterion.kind.plan_weight, criterion.kind is Kind.HARD_NORM))
    return tuple(goals)
