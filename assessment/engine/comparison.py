"""What is put side by side: groups of houses, and two versions of a framework with what carries over.

Houses are never ranked: a group is described, its members are not put in order.

Source: questionnaires/scoring.md, section 4; questionnaires/writing.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from pydantic import BaseModel

from assessment.model.compared import AGENDA
from assessment.model.frames import GROUPS, HEADLINES, ChoiceGrid
from assessment.model.framework import Criterion, Framework, Measure, Theme
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Agreement, ChangeClass, Face, Mark, Rules, Verdict

TOTAL = "total"
_FEWEST_DETERMINED = 5
ALIKE = 0.8  # from here on houses show one face
_HALF = 0.5
DIGITS = 9  # past these a figure is noise of floating point


def compare_groups(
    scores: pd.DataFrame, group_of: pd.Series, subject: str | None, rules: Rules = Rules.ONE
) -> pd.DataFrame:
    """Describe each group of houses on each subject.

    Args:
        scores: rows with house_id, low and high, NaN where nothing counts; of criteria also the verdict.
        group_of: the group of each house, by house_id.
        subject: the column with what was scored (criterion_id, theme_id), or None for totals.
        rules: by the second, only criteria have a uniformity, and a face.

    Returns:
        GROUPS, by group in order of first appearance; a subject that applies nowhere in a group is left out.
    """
    applying = scores[scores["low"].notna()]
    rows = pd.DataFrame(
        {
            "group_id": applying["house_id"].map(group_of),
            "subject_id": TOTAL if subject is None else applying[subject],
            "low": applying["low"],
            "high": applying["high"],
            "midpoint": (applying["low"] + applying["high"]) / 2,
            "score": applying["low"].where(applying["low"] == applying["high"]),
        }
    )
    grouped = rows.groupby(_KEY, sort=False, as_index=False)
    groups = grouped.agg(
        n=("low", "size"),
        low=("low", "mean"),
        high=("high", "mean"),
        minimum=("midpoint", "min"),
        median=("midpoint", "median"),
        maximum=("midpoint", "max"),
        determined=("score", "count"),
    )
    if rules is Rules.ONE:
        uniformity = rows.groupby(_KEY, sort=False)["score"].agg(_find_uniformity)
        return GROUPS.conform(groups.assign(uniformity=uniformity.to_numpy(), face=""))
    if subject != "criterion_id":
        return GROUPS.conform(groups.assign(uniformity=np.nan, face=""))
    explained = applying["verdict"] == Verdict.EXPLAINED.value
    return GROUPS.conform(_find_faces(groups, rows, explained))


_KEY = ["group_id", "subject_id"]


def _find_uniformity(scores: pd.Series) -> float:
    """1 where every determined house scores the same, 0 where half stands at each end."""
    determined = scores.dropna()
    return 1 - 2 * float(determined.std(ddof=0)) if len(determined) > 1 else np.nan


def _find_faces(groups: pd.DataFrame, rows: pd.DataFrame, explained: pd.Series) -> pd.DataFrame:
    """GROUPS of criteria with the uniformity and the face of the second rules.

    Args:
        groups: a row per group and criterion.
        rows: a row per house and criterion that applies, with its `score` where it is determined.
        explained: for each of these rows whether a deviation is in force.
    """
    own = rows["score"].mask(explained)
    beside = own.groupby([rows[name] for name in _KEY], sort=False)
    mean = beside.transform("mean")
    other_face = mean.lt(_HALF).astype("float64").where(mean.notna())
    shown = rows.assign(score=own.where(~explained, other_face))
    uniformity = shown.groupby(_KEY, sort=False)["score"].agg(_find_uniformity).to_numpy()
    told = groups["determined"] >= _FEWEST_DETERMINED
    described = groups.assign(uniformity=pd.Series(uniformity, index=groups.index).where(told))
    return described.assign(face=_judge_faces(described, beside.median().to_numpy()))


def _judge_faces(groups: pd.DataFrame, median: np.ndarray) -> np.ndarray:
    """The face of each row; `median` is that of the determined houses without a deviation."""
    uniformity = groups["uniformity"].round(DIGITS)
    few = uniformity.isna() | (2 * groups["determined"] < groups["n"])
    chosen: np.ndarray = np.select(
        [few, uniformity < ALIKE, median < 1],
        [Face.UNDETERMINED.value, Face.MANY.value, Face.SAME_GAP.value],
        default=Face.ONE.value,
    )
    return chosen


class Faces(NamedTuple):
    """Of how many norms of the police all houses show one face, and of how many the same gap."""

    norms: int
    one: int
    same_gap: int


def count_faces(groups: pd.DataFrame, questionnaire: Questionnaire) -> Faces:
    """Count the faces of the norms on which the police is to be the same everywhere.

    Args:
        groups: GROUPS of one group; a norm that is not in it shows no face.
        questionnaire: tells which norms these are.
    """
    if questionnaire.rules is Rules.ONE:
        return Faces(0, 0, 0)  # by these rules no face is told
    norms = [criterion.criterion_id for criterion in questionnaire.one_face]
    faces = groups[groups["subject_id"].isin(norms)]["face"].tolist()
    return Faces(len(norms), faces.count(Face.ONE), faces.count(Face.SAME_GAP))


def count_options(
    grid: ChoiceGrid, questionnaire: Questionnaire, questions: Iterable[Question]
) -> pd.DataFrame:
    """Count how many houses chose each option of some questions.

    Args:
        grid: what was answered.
        questionnaire: what was asked.
        questions: those to count, of the questionnaire; an open one has no options.

    Returns:
        HEADLINES, in the order of the questions; an empty answer is counted as unknown.
    """
    places = {question.question_id: place for place, question in enumerate(questionnaire.questions)}
    rows = []
    for question in questions:
        if question.is_open:
            continue
        chosen = grid.choices[:, places[question.question_id]]
        counts = np.bincount(chosen, minlength=len(question.options) + 1)
        counts[_find_unknown(question)] += counts[0]
        rows += [
            (question.question_id, letter, option.mark.value, int(counts[place]))
            for place, (letter, option) in enumerate(question.lettered, 1)
        ]
    return HEADLINES.conform(pd.DataFrame(rows, columns=list(HEADLINES.columns)))


def _find_unknown(question: Question) -> int:
    """The place of the option that says that it is not known, which every question has."""
    return 1 + [option.mark for option in question.options].index(Mark.UNKNOWN)


_WORDING = """
title introduction proposals sources conform_when room source source_basis needs_first_because evidence
text text_for help headline proposal
"""
_MEASURES = "estimates actors actor needs_first quarters days lets_go_after settles halvable"
# The class of a change, by the field that changed; ids, parts and notes for the makers are in none.
CLASS_OF: Mapping[str, ChangeClass] = {
    **dict.fromkeys(_WORDING.split(), ChangeClass.WORDING),
    "options": ChangeClass.OPTIONS,
    **dict.fromkeys(("kind", "basis", "core", "rules", "one_face"), ChangeClass.KIND),
    "weight": ChangeClass.WEIGHT,
    **dict.fromkeys(_MEASURES.split(), ChangeClass.MEASURES),
}


class EditionChange(NamedTuple):
    """One thing that changed: at which id, in which field (empty where a whole part came or went)."""

    key: str
    change: ChangeClass
    field: str
    old: object
    new: object


def find_changes(old: Framework, new: Framework) -> tuple[EditionChange, ...]:
    """All that a reader, a score or a plan may notice, in the order of the new version; then what went."""
    changed = list(_compare_fields(old.framework_id, old, new))
    before, after = _list_parts(old), _list_parts(new)
    for key, part in after.items():
        if key in before:
            changed += _compare_fields(key, before[key], part)
        else:
            changed.append(EditionChange(key, ChangeClass.ADDED, "", None, part))
    gone = (key for key in before if key not in after)
    changed += [EditionChange(key, ChangeClass.REMOVED, "", before[key], None) for key in gone]
    return tuple(changed)


Part: TypeAlias = Theme | Criterion | Question | Measure


def _list_parts(framework: Framework) -> dict[str, Part]:
    """Each theme, criterion, question and measure by its id."""
    return {key: part for theme in framework.themes for key, part in _list_theme(theme)}


def _list_theme(theme: Theme) -> Iterator[tuple[str, Part]]:
    yield theme.theme_id, theme
    for criterion in theme.criteria:
        yield criterion.criterion_id, criterion
        yield from ((question.question_id, question) for question in criterion.questions)
        yield from ((measure.measure_id, measure) for measure in criterion.measures)


def _compare_fields(key: str, old: BaseModel, new: BaseModel) -> Iterator[EditionChange]:
    for field, change in CLASS_OF.items():
        was, becomes = getattr(old, field, None), getattr(new, field, None)
        if was != becomes:
            yield EditionChange(key, change, field, was, becomes)


def count_classes(changes: Sequence[EditionChange]) -> dict[ChangeClass, int]:
    """How many changes there are in each class that has any."""
    counts = {change: sum(each.change is change for each in changes) for change in ChangeClass}
    return {change: count for change, count in counts.items() if count}


def compare_perspectives(own: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Compare the verdicts of houses with those of their police; what is never scored is left out.

    Args:
        own: CRITERION_SCORES of houses.
        theirs: CRITERION_SCORES of the police of the same houses, on the same criteria.

    Returns:
        AGENDA, in the order of `own`.

    Source: questionnaires/scoring.md, section 5.
    """
    key = ["house_id", "criterion_id"]
    both = own.merge(theirs, on=key, suffixes=("_own", "_theirs"), validate="one_to_one")
    scored = both[both["verdict_own"] != Verdict.NOT_SCORED.value]
    mine, other, unknown = scored["verdict_own"], scored["verdict_theirs"], Verdict.UNDETERMINED.value
    agreement = np.select(
        [(mine == unknown) | (other == unknown), mine == other],
        [Agreement.OPEN.value, Agreement.AGREE.value],
        default=Agreement.DIFFER.value,
    )
    named = scored.rename(columns={"verdict_own": "own", "verdict_theirs": "theirs"})
    return AGENDA.conform(named.assign(agreement=agreement)[list(AGENDA.columns)])
