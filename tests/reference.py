"""The rules of questionnaires/scoring.md once more, naively: one house at a time, plain Python, no numpy.

Slow on purpose and written apart from the engine, so that both must be wrong in the same way to agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assessment.model.framework import Criterion
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire

Range = tuple[float, float] | None


@dataclass(frozen=True)
class House:
    conformity: Range
    recommendations: Range
    hard_norms: dict[str, int]
    phases: list[str]
    themes: dict[str, Range]
    criteria: dict[str, tuple[Range, str]]
    answered: int
    applicable: int


def score_house(
    asked: Questionnaire, given: Mapping[str, str], deviating: frozenset[str] = frozenset()
) -> House:
    """Score one house from its option per question; a question that is not there is empty."""
    judged = {
        c.criterion_id: judge(c, given, c.criterion_id in deviating, asked.rules) for c in asked.criteria
    }
    counting = ["hard_norm", "core_norm"] if asked.rules == "2" else ["hard_norm", "core_norm", "local_room"]
    conforming = [c for c in asked.criteria if c.kind in counting]
    recommended = [c for c in asked.criteria if c.kind == "recommendation"]
    not_applicable = [q for q in asked.questions if mark_of(q, given) == "not_applicable"]
    return House(
        conformity=mean(conforming, judged),
        recommendations=mean(recommended, judged),
        hard_norms=count_hard_norms(asked, judged),
        phases=phases(asked, judged),
        themes={
            theme.theme_id: mean([c for c in theme.criteria if c in conforming], judged)
            for theme in asked.themes
        },
        criteria=judged,
        answered=len([q for q in asked.questions if given.get(q.question_id)]) - len(not_applicable),
        applicable=len([q for q in asked.questions if q.options]) - len(not_applicable),
    )


def mark_of(question: Question, given: Mapping[str, str]) -> str:
    letter = given.get(question.question_id)
    return question.options["abcdefghijklmnopqrstuvwxyz".index(letter)].mark if letter else "unknown"


def worth_of(question: Question, given: Mapping[str, str], unknown_as: float) -> float | None:
    """What the answer is worth; None where it does not count."""
    offered = {option.mark for option in question.options}
    only_described = "descriptive" in offered and offered <= {"descriptive", "unknown", "not_applicable"}
    if only_described or not question.options:
        return None
    mark = mark_of(question, given)
    if mark in ("not_applicable", "descriptive"):
        return None
    if mark == "unknown":
        return unknown_as
    option = question.options["abcdefghijklmnopqrstuvwxyz".index(given[question.question_id])]
    if option.value is not None:
        return option.value
    return {"meets": 1.0, "partly": 0.5, "not_yet": 0.0}[mark]


def score(criterion: Criterion, given: Mapping[str, str], unknown_as: float) -> float | None:
    counted = [(q, worth_of(q, given, unknown_as)) for q in criterion.questions]
    pairs = [(q, worth) for q, worth in counted if worth is not None]
    if not pairs:
        return None
    average = sum(q.weight * worth for q, worth in pairs) / sum(q.weight for q, _ in pairs)
    return min([average] + [worth for q, worth in pairs if q.core])


def judge(  # noqa: PLR0911
    criterion: Criterion,
    given: Mapping[str, str],
    deviates: bool,  # noqa: FBT001
    rules: str = "1",
) -> tuple[Range, str]:
    if criterion.kind == "open_issue" or (criterion.kind == "local_room" and rules == "2"):
        return None, "not_scored"
    if deviates and criterion.kind != "hard_norm":
        return (1.0, 1.0), "explained"
    low, high = score(criterion, given, 0.0), score(criterion, given, 1.0)
    if low is None or high is None:
        return None, "not_applicable"
    if low == 1:
        return (low, high), "meets"
    if high == 0:
        return (low, high), "not_yet"
    if low > 0 and high < 1:
        return (low, high), "partly"
    return (low, high), "undetermined"


def mean(criteria: list[Criterion], judged: Mapping[str, tuple[Range, str]]) -> Range:
    scored = [(c.weight, judged[c.criterion_id][0]) for c in criteria]
    pairs = [(weight, low_high) for weight, low_high in scored if low_high is not None]
    if not pairs:
        return None
    total = sum(weight for weight, _ in pairs)
    return (
        sum(weight * low for weight, (low, _) in pairs) / total,
        sum(weight * high for weight, (_, high) in pairs) / total,
    )


def count_hard_norms(asked: Questionnaire, judged: Mapping[str, tuple[Range, str]]) -> dict[str, int]:
    if asked.rules == "2":
        names = {"meets": "met", "partly": "partly", "not_yet": "not_yet", "undetermined": "undetermined"}
        verdicts = [judged[c.criterion_id][1] for c in asked.criteria if c.kind == "hard_norm"]
        return {name: verdicts.count(verdict) for verdict, name in names.items()}
    counts = {"met": 0, "not_met": 0, "undetermined": 0}
    for criterion in asked.criteria:
        low_high, verdict = judged[criterion.criterion_id]
        if criterion.kind == "hard_norm" and low_high is not None:
            if verdict == "meets":
                counts["met"] += 1
            elif low_high[1] < 1:
                counts["not_met"] += 1
            else:
                counts["undetermined"] += 1
    return counts


def phases(asked: Questionnaire, judged: Mapping[str, tuple[Range, str]]) -> list[str]:
    found = [phase_at(end, asked, judged) for end in (0, 1)]
    return [phase for phase in dict.fromkeys(found) if phase]


def phase_at(end: int, asked: Questionnaire, judged: Mapping[str, tuple[Range, str]]) -> str:
    norms = [c for c in asked.criteria if c.kind in ("hard_norm", "core_norm")]
    scored = {c.criterion_id: judged[c.criterion_id][0] for c in norms}
    met = {key: low_high[end] == 1 for key, low_high in scored.items() if low_high is not None}
    if not met:
        return ""
    if all(met.values()):
        return "by_framework"
    hard = [met[c.criterion_id] for c in norms if c.kind == "hard_norm" and c.criterion_id in met]
    return "pioneering" if sum(hard) < len(hard) / 2 else "transition"


def face(judged: list[tuple[Range, str]]) -> tuple[float | None, str]:
    """How uniform the houses are on one criterion by the second rules, and the face that is."""
    applying = [(low_high, verdict) for low_high, verdict in judged if low_high is not None]
    settled = [(low_high[0], verdict) for low_high, verdict in applying if low_high[0] == low_high[1]]
    own = sorted(score for score, verdict in settled if verdict != "explained")
    if len(settled) < 5 or not own:
        return None, "undetermined"
    other_face = 0.0 if sum(own) / len(own) >= 0.5 else 1.0
    shown = [other_face if verdict == "explained" else score for score, verdict in settled]
    mean = sum(shown) / len(shown)
    uniformity = 1 - 2 * (sum((score - mean) ** 2 for score in shown) / len(shown)) ** 0.5
    median = (own[(len(own) - 1) // 2] + own[len(own) // 2]) / 2
    if len(settled) < len(applying) / 2:
        return uniformity, "undetermined"
    if uniformity < 0.8 - 1e-9:
        return uniformity, "many"
    return uniformity, "same_gap" if median < 1 else "one"
