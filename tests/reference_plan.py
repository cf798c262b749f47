"""The rules of questionnaires/roadmap.md, sections 1 and 2, once more: one house at a time, plain Python.

Says which measures a house has to do, how long each takes and what each waits for; not when. Slow on purpose
and written apart from the engine, so that both must be wrong in the same way to agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assessment.model.framework import Criterion, Measure
from assessment.model.questionnaire import Questionnaire
from tests.reference import score


@dataclass(frozen=True)
class Work:
    quarters: int
    needs: frozenset[str]
    weight: int
    hard: bool


def plan_house(
    asked: Questionnaire, given: Mapping[str, str], taken: frozenset[str] = frozenset()
) -> dict[str, Work]:
    """What a house has to do, by measure, from its option per question and the recommendations it took in."""
    open_ = {c.criterion_id: c for c in asked.criteria if is_open(asked, c, given, taken)}
    todo = {key: [m for m in c.measures if is_needed(asked, c, m, given)] for key, c in open_.items()}
    return {
        measure.measure_id: Work(
            quarters=quarters_of(asked, open_[key], measure, given),
            needs=frozenset(needs_of(asked, open_[key], measure, todo)),
            weight=weight_of(asked, open_[key]),
            hard=open_[key].kind == "hard_norm",
        )
        for key, measures in todo.items()
        for measure in measures
    }


def is_open(
    asked: Questionnaire, criterion: Criterion, given: Mapping[str, str], taken: frozenset[str]
) -> bool:
    low = score(criterion, given, 0.0)
    if low is None or low == 1:
        return False
    if asked.rules == "1" or criterion.kind in ("hard_norm", "core_norm"):
        return True
    return criterion.kind == "recommendation" and criterion.criterion_id in everything_taken(asked, taken)


def everything_taken(asked: Questionnaire, taken: frozenset[str]) -> set[str]:
    """With every recommendation come those that it needs."""
    found: set[str] = set()
    for criterion in asked.criteria:
        if criterion.criterion_id in taken and criterion.kind == "recommendation":
            found |= {criterion.criterion_id} | everything_taken(asked, frozenset(criterion.needs_first))
    return found


def own_score(criterion: Criterion, measure: Measure, given: Mapping[str, str]) -> float | None:
    own = [q for q in criterion.questions if q.question_id in measure.settles] or list(criterion.questions)
    return score(criterion.model_copy(update={"questions": tuple(own)}), given, 0.0)


def is_needed(asked: Questionnaire, criterion: Criterion, measure: Measure, given: Mapping[str, str]) -> bool:
    if asked.rules == "1":
        return True
    low = own_score(criterion, measure, given)
    if low is None:
        before = [m for m in criterion.measures if m.measure_id in measure.needs]
        return any(is_needed(asked, criterion, m, given) for m in before)
    return low < 1


def quarters_of(
    asked: Questionnaire, criterion: Criterion, measure: Measure, given: Mapping[str, str]
) -> int:
    if asked.rules == "1":
        halves = criterion.kind != "open_issue" and (score(criterion, given, 0.0) or 0) > 0  # never "partly"
    else:
        halves = measure.halvable and (own_score(criterion, measure, given) or 0) > 0
    return -(-measure.quarters // 2) if halves else measure.quarters


def needs_of(
    asked: Questionnaire, criterion: Criterion, measure: Measure, todo: Mapping[str, list[Measure]]
) -> set[str]:
    beside = {m.measure_id for m in todo[criterion.criterion_id]}
    own = beside & set(measure.needs)
    if own or (asked.rules == "2" and criterion.basis == "wet"):
        return own
    return {end for key in criterion.needs_first if key in todo for end in ends_of(todo[key])}


def ends_of(measures: list[Measure]) -> set[str]:
    """The measures that no other of these waits for."""
    return {m.measure_id for m in measures if not any(m.measure_id in other.needs for other in measures)}


def weight_of(asked: Questionnaire, criterion: Criterion) -> int:
    if asked.rules == "2" and criterion.basis == "wet":
        return 4
    return {"hard_norm": 3, "core_norm": 2}.get(criterion.kind, 1)
