"""Use case: score a table of answers without any database."""

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from assessment.engine.scoring import arrange_answers, list_scores, score_criteria
from assessment.engine.totals import count_answers, score_houses, score_themes
from assessment.errors import AnswerTableError
from assessment.model.frames import ANSWERS, DEVIATIONS
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Rules
from assessment.model.wording import read_day
from assessment.readers.framework import read_questionnaire
from assessment.readers.tables import ANSWER_COLUMNS, DEVIATION_COLUMNS, read_table
from assessment.tables.formats import format_counted

_MOST_FAULTS = 20
_FORMULA = re.compile(r"[=+\-@\t\r]")


class Scored(NamedTuple):
    """The scores of a table, as the frames HOUSE_SCORES, THEME_SCORES and CRITERION_SCORES."""

    questionnaire: Questionnaire
    totals: pd.DataFrame
    themes: pd.DataFrame
    criteria: pd.DataFrame


def score_table(
    frameworks: tuple[Path, ...],
    answers: Path,
    deviations: Path | None,
    today: date,
    rules: Rules | None = None,
) -> Scored:
    """Score the houses in a table of answers.

    Args:
        frameworks: the framework files, taken together in this order.
        answers: CSV, .xlsx, .ods or Parquet with house_id, question_id and option_id, which orders houses.
        deviations: the same, with what was agreed, or None.
        today: the day on which a deviation must be in force.
        rules: by which to score; None for those that the frameworks were made for.

    Raises:
        FrameworkError: a framework is not sound, or made for other rules.
        AnswerTableError: a row is not understood; the message names the first twenty.
    """
    questionnaire = read_questionnaire(frameworks, rules)
    table = read_table(answers, ANSWER_COLUMNS)
    _refuse(answers, table, _answer_faults(table, questionnaire))
    house_ids = tuple(table["house_id"].unique())
    agreed = DEVIATIONS.empty()
    if deviations is not None:
        agreed = _read_agreed(deviations, questionnaire, house_ids, today)
    given = ANSWERS.conform(table.loc[table["option_id"] != "", list(ANSWERS.columns)])
    choices = arrange_answers(given, house_ids, questionnaire)
    scores = score_criteria(choices, agreed, questionnaire)
    return Scored(
        questionnaire,
        score_houses(scores, count_answers(choices, questionnaire), questionnaire),
        score_themes(scores, questionnaire),
        list_scores(scores, questionnaire),
    )


def _answer_faults(table: pd.DataFrame, questionnaire: Questionnaire) -> list[tuple[str, pd.Series]]:
    """Each kind of fault as a remark with {columns}, and the rows that have it."""
    options = [(q.question_id, letter) for q in questionnaire.questions for letter, _ in q.lettered]
    empty = [(question_id, "") for question_id in questionnaire.question]
    known = table["question_id"].isin(list(questionnaire.question))
    pairs = pd.MultiIndex.from_frame(table[["question_id", "option_id"]])
    return [
        ("house_id is leeg", table["house_id"] == ""),
        (
            "house_id '{house_id}' begint met een teken waarmee Excel een formule begint; kies een ander",
            table["house_id"].str.match(_FORMULA),
        ),
        ("onbekende vraag '{question_id}'", ~known),
        ("'{option_id}' is geen keuze bij {question_id}", known & ~pairs.isin(options + empty)),
        ("{question_id} staat er twee keer voor dit huis", table.duplicated(["house_id", "question_id"])),
    ]


def _read_agreed(
    path: Path, questionnaire: Questionnaire, house_ids: Collection[str], today: date
) -> pd.DataFrame:
    """Read the agreed deviations and keep those in force, as DEVIATIONS."""
    table = read_table(path, DEVIATION_COLUMNS)
    until = pd.to_datetime(table["until"].map(read_day))
    allowed = [c.criterion_id for c in questionnaire.criteria if c.kind.may_deviate]
    faults = [
        ("huis '{house_id}' heeft geen antwoorden", ~table["house_id"].isin(list(house_ids))),
        ("bij '{criterion_id}' kan niet worden afgeweken", ~table["criterion_id"].isin(allowed)),
        ("reason en agreed_by moeten zijn ingevuld", (table["reason"] == "") | (table["agreed_by"] == "")),
        ("'{until}' is geen datum; schrijf bijvoorbeeld 31-12-2027", until.isna()),
        ("{criterion_id} staat er twee keer", table.duplicated(["house_id", "criterion_id"])),
    ]
    _refuse(path, table, faults)
    return DEVIATIONS.conform(table.loc[until >= pd.Timestamp(today), list(DEVIATIONS.columns)])


def _refuse(path: Path, table: pd.DataFrame, faults: list[tuple[str, pd.Series]]) -> None:
    """Raise when any row has a fault; each row is told all of its own."""
    has = np.column_stack([rows.to_numpy() for _, rows in faults])
    wrong = pd.DataFrame(table[has.any(axis=1)])
    told = zip(wrong.head(_MOST_FAULTS).to_dict("records"), has[has.any(axis=1)], strict=False)
    lines = [
        f"{path}, regel {row['line']}: "
        f"{'; '.join(faults[place][0].format_map(row) for place in np.flatnonzero(of_row))}."
        for row, of_row in told
    ]
    if len(wrong) > _MOST_FAULTS:
        lines.append(f"{path}: nog {format_counted(len(wrong) - _MOST_FAULTS, 'regel')} met een fout.")
    if lines:
        raise AnswerTableError("\n".join(lines))
