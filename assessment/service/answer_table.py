"""Use cases without any database: score a table of answers, or the file of open data that scores anew."""

import json
import re
from collections.abc import Collection
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import ValidationError

from assessment.engine.scoring import arrange_answers, list_choices, list_scores, score_criteria
from assessment.engine.totals import count_answers, score_houses, score_themes
from assessment.errors import AnswerTableError, SchemaError
from assessment.model.exchange import Exchange, Seals, group_answers, list_frameworks, seal
from assessment.model.frames import ANSWERS, DEVIATIONS, ChoiceGrid
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Rules
from assessment.model.wording import read_day
from assessment.readers.files import describe_faults, read_bytes
from assessment.readers.framework import read_questionnaire
from assessment.readers.tables import ANSWER_COLUMNS, DEVIATION_COLUMNS, read_table
from assessment.service.round_scores import RoundScores
from assessment.tables.formats import format_counted
from assessment.writers.json_output import write_scores

_MOST_FAULTS = 20
_FORMULA = re.compile(r"[=+\-@\t\r]")


class Scored(NamedTuple):
    """The scores of houses, as the frames HOUSE_SCORES, THEME_SCORES and CRITERION_SCORES."""

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
    return _score(arrange_answers(given, house_ids, questionnaire), agreed, questionnaire)


def make_exchange(scores: RoundScores, deviations: pd.DataFrame) -> Exchange:
    """The file from which the scores of houses are computed anew.

    Args:
        scores: at least one house.
        deviations: DEVIATIONS of these houses that were in force on the day of the scores.
    """
    asked, house_ids = scores.questionnaire, scores.grid.house_ids
    answers = list_choices(scores.choices, asked)
    content: dict[str, Any] = {
        "frameworks": list_frameworks(asked),
        "answers": group_answers(answers.itertuples(index=False, name=None), house_ids),
        "deviations": deviations.sort_values(list(DEVIATIONS.key)).to_dict("records"),
        "results": json.loads(write_scores(asked, scores.totals, scores.themes, scores.criteria)),
    }
    return Exchange(
        kaderscan=version("kaderscan"),
        round_id=scores.round.round_id,
        perspective=scores.perspective,
        as_of=scores.moment,
        rules=asked.rules,
        sha256=asked.sha256,
        seals=Seals(**{part: seal(told) for part, told in content.items()}),
        **content,
    )


def score_exchange(path: Path) -> Scored:
    """Score the houses in a file of open data anew, by the rules and the questionnaire that it holds.

    Raises:
        AnswerTableError: it is no such file, a part was changed after it was made, or the scores in it are
            not those of its answers.
        FileAccessError: the file cannot be read.
    """
    exchange = _read_exchange(path)
    if broken := exchange.broken_seals:
        raise AnswerTableError(
            f"{path}: veranderd nadat het is gemaakt: {', '.join(broken)}. Vraag het bestand opnieuw op."
        )
    try:
        scored = _score_exchanged(exchange)
    except (ValidationError, SchemaError) as error:
        raise AnswerTableError(
            f"{path}: vragenlijst en antwoorden passen niet bij elkaar, of niet bij deze versie "
            "van Kaderscan. Maak het bestand opnieuw."
        ) from error
    if json.loads(write_scores(*scored)) != exchange.results:
        raise AnswerTableError(
            f"{path}: bij deze antwoorden horen andere uitkomsten dan erin staan. Gebruik dezelfde versie "
            f"van Kaderscan ({exchange.kaderscan}), of maak het bestand opnieuw."
        )
    return scored


def _read_exchange(path: Path) -> Exchange:
    try:
        return Exchange.model_validate_json(read_bytes(path))
    except ValidationError as error:
        faults = "; ".join(describe_faults(error.errors(), None)[:_MOST_FAULTS])
        raise AnswerTableError(f"{path}: geen open data van Kaderscan: {faults}.") from error


def _score_exchanged(exchange: Exchange) -> Scored:
    asked = exchange.questionnaire
    rows = [
        (house_id, question_id, option_id)
        for house_id, answers in exchange.answers.items()
        for question_id, option_id in answers.items()
    ]
    agreed = [(each.house_id, each.criterion_id) for each in exchange.deviations]
    given = ANSWERS.conform(pd.DataFrame(rows, columns=list(ANSWERS.columns), dtype="str"))
    deviations = DEVIATIONS.conform(pd.DataFrame(agreed, columns=list(DEVIATIONS.columns), dtype="str"))
    return _score(arrange_answers(given, tuple(exchange.answers), asked), deviations, asked)


def _score(choices: ChoiceGrid, agreed: pd.DataFrame, questionnaire: Questionnaire) -> Scored:
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
