"""The tasks of a plan, and what waits for what.

Source: questionnaires/roadmap.md, sections 1 and 2.
"""

from collections.abc import Iterator, Mapping, Sequence

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


def link_tasks(
    tasks: pd.DataFrame, questionnaire: Questionnaire, begun: frozenset[int] = frozenset()
) -> Network:
    """Number the tasks by their row and link them.

    A need of a criterion that is not in the plan (it is settled, or was not asked) falls away. What waits for
    a measure that was dropped waits for what that one needed.

    Args:
        tasks: TASKS.
        questionnaire: gives what needs what.
        begun: the tasks that have begun or are done: they wait for nothing any more.
    """
    keys = list(zip(tasks["house_id"], tasks["measure_id"], strict=True))
    links = _Links({key: place for place, key in enumerate(keys)}, questionnaire)
    needs = tuple(
        () if task in begun else tuple(dict.fromkeys(links.find_needs(*key))) for task, key in enumerate(keys)
    )
    resource, _ = pd.factorize(tasks["resource"])
    return Network(
        quarters=tasks["quarters"].to_numpy(),
        needs=needs,
        resource=np.asarray(resource, dtype=np.int64),
        capacity=tasks.drop_duplicates("resource")["capacity"].to_numpy(),
        goals=_find_goals(tasks, needs, questionnaire),
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


class _Links:
    """Which tasks need which, by their numbers."""

    def __init__(self, number: Mapping[tuple[str, str], int], questionnaire: Questionnaire) -> None:
        self.number = number
        self.before = _measures_before(questionnaire)
        self.planned = {(house_id, _criterion_of(measure_id)) for house_id, measure_id in number}

    def find_needs(self, house_id: str, measure_id: str) -> Iterator[int]:
        """The tasks that a measure of a house needs first, itself in the plan or dropped."""
        for need in self.before[measure_id]:
            if (house_id, need) in self.number:
                yield self.number[house_id, need]
            elif (house_id, _criterion_of(need)) in self.planned:
                yield from self.find_needs(house_id, need)


def _criterion_of(measure_id: str) -> str:
    return measure_id.partition(".")[0]


def _find_goals(
    tasks: pd.DataFrame, needs: Sequence[tuple[int, ...]], questionnaire: Questionnaire
) -> tuple[Goal, ...]:
    """A goal per house and criterion; its last tasks are those that no other task of it waits for."""
    pairs = list(zip(tasks["house_id"], tasks["criterion_id"], strict=True))
    members: dict[tuple[str, str], list[int]] = {}
    for task, pair in enumerate(pairs):
        members.setdefault(pair, []).append(task)
    goals = []
    for (_, criterion_id), own in members.items():
        needed = {need for task in own for need in needs[task]}
        kind = questionnaire.criterion[criterion_id].kind
        last = tuple(task for task in own if task not in needed)
        goals.append(Goal(last, kind.plan_weight, kind is Kind.HARD_NORM))
    return tuple(goals)
