"""Things to test with, with dull defaults, so that a test shows only what it is about."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from assessment.engine.scoring import arrange_answers, score_criteria
from assessment.model.frames import ANSWERS, DEVIATIONS, ChoiceGrid, ScoreGrid
from assessment.model.framework import Criterion, Framework, Theme
from assessment.model.question import Option, Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Mark, Rules

ALL_MARKS = tuple(Mark)
"""A question made here offers these, so option a is `meets`, b `partly` … f `descriptive`."""

LETTER = dict(zip(ALL_MARKS, "abcdef", strict=True)) | {None: ""}


def question(question_id: str, *, core: bool = False, marks: Sequence[Mark] = ALL_MARKS) -> Question:
    options = tuple(Option(mark=mark, text=f"Antwoord {mark.dutch}") for mark in marks)
    return Question(question_id=question_id, text="Hoe gaat het?", core=core, options=options)


def criterion(
    criterion_id: str = "POS-1",
    *,
    kind: Kind = Kind.LOCAL_ROOM,
    core: Sequence[bool] = (False,),
    marks: Sequence[Mark] = ALL_MARKS,
    **changes: object,
) -> Criterion:
    questions = [
        question(f"{criterion_id}.{place}", core=flag, marks=marks) for place, flag in enumerate(core, 1)
    ]
    dull: dict[str, object] = {
        "criterion_id": criterion_id,
        "title": f"Titel van {criterion_id}",
        "kind": kind,
        "conform_when": "Het is geregeld.",
        "room": "Vorm is vrij.",
        "source": "S1, kop 'Inleiding'",
        "source_basis": "rechtstreeks",
        "actors": [{"actor": "Veiligheidshuis"}],
        "needs_first": [],
        "needs_first_because": "kan meteen beginnen",
        "quarters": 1,
        "evidence": "Een verslag.",
        "questions": questions,
        "measures": [measure(f"{criterion_id}.M1")],
    }
    return Criterion.model_validate(dull | changes)


def measure(measure_id: str, **changes: object) -> dict[str, object]:
    dull: dict[str, object] = {
        "measure_id": measure_id,
        "title": f"Doe {measure_id}",
        "actor": "Veiligheidshuis",
        "quarters": 1,
        "days": 2,
    }
    return dull | changes


def framework(criteria: Iterable[Criterion], **changes: object) -> Framework:
    by_theme: dict[str, list[Criterion]] = {}
    for each in criteria:
        by_theme.setdefault(each.criterion_id.split("-")[0], []).append(each)
    themes = [
        Theme(theme_id=theme_id, title=f"Thema {theme_id}", note="voor de test", criteria=tuple(members))
        for theme_id, members in by_theme.items()
    ]
    dull: dict[str, object] = {
        "framework_id": "proef",
        "version": "1.0",
        "title": "Proefkader",
        "introduction": "Om te proberen.",
        "proposals": "Alles is een voorstel.",
        "sources": {"S1": "Een interview"},
        "themes": themes,
    }
    return Framework.model_validate(dull | changes)


def questionnaire(*criteria: Criterion, rules: Rules = Rules.ONE, **changes: object) -> Questionnaire:
    """The criteria as one framework that takes these changes."""
    made = framework(criteria or (criterion(),), **changes)
    return Questionnaire(frameworks=(made,), sha256="0" * 64, rules=rules)


def answers(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """ANSWERS from (house_id, question_id, option_id)."""
    return ANSWERS.conform(pd.DataFrame(list(rows), columns=list(ANSWERS.columns)))


def deviations(*rows: tuple[str, str]) -> pd.DataFrame:
    """DEVIATIONS in force from (house_id, criterion_id)."""
    return DEVIATIONS.conform(pd.DataFrame(list(rows), columns=list(DEVIATIONS.columns)))


def choices(rows: Iterable[Sequence[Mark | None]]) -> ChoiceGrid:
    """A grid with a house per row of marks (None is empty), for questions that offer ALL_MARKS."""
    table = [[0 if mark is None else ALL_MARKS.index(mark) + 1 for mark in row] for row in rows]
    return ChoiceGrid(tuple(f"h{place}" for place in range(len(table))), np.array(table, dtype=np.uint8))


def scores(asked: Questionnaire, given: pd.DataFrame, house_ids: tuple[str, ...] = ("h0",)) -> ScoreGrid:
    """Score answers without deviations."""
    return score_criteria(arrange_answers(given, house_ids, asked), deviations(), asked)
