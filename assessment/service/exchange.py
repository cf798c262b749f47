"""Use cases of open data that scores anew: questionnaire, rules, answers and results in one file, sealed."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from assessment.engine.scoring import arrange_answers, list_choices
from assessment.errors import AnswerTableError, SchemaError
from assessment.model.exchange import Exchange, Seals, group_answers, list_frameworks, seal
from assessment.model.frames import ANSWERS, DEVIATIONS, Scores
from assessment.readers.files import describe_faults, read_bytes
from assessment.service.answer_table import ScoredTable, score_answers
from assessment.service.round_scores import RoundScores
from assessment.writers.score_table import write_json

_MOST_FAULTS = 20


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
        "results": json.loads("".join(write_json(asked, [Scores(scores.grid, scores.totals)]))),
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


def score_exchange(path: Path) -> ScoredTable:
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
        scores = _score_exchanged(exchange)
    except (ValidationError, SchemaError) as error:
        raise AnswerTableError(
            f"{path}: vragenlijst en antwoorden passen niet bij elkaar, of niet bij deze versie "
            "van Kaderscan. Maak het bestand opnieuw."
        ) from error
    asked = exchange.questionnaire
    if json.loads("".join(write_json(asked, [scores]))) != exchange.results:
        raise AnswerTableError(
            f"{path}: bij deze antwoorden horen andere uitkomsten dan erin staan. Gebruik dezelfde versie "
            f"van Kaderscan ({exchange.kaderscan}), of maak het bestand opnieuw."
        )
    return ScoredTable(asked, [scores])


def _read_exchange(path: Path) -> Exchange:
    try:
        return Exchange.model_validate_json(read_bytes(path))
    except ValidationError as error:
        faults = "; ".join(describe_faults(error.errors(), None)[:_MOST_FAULTS])
        raise AnswerTableError(f"{path}: geen open data van Kaderscan: {faults}.") from error


def _score_exchanged(exchange: Exchange) -> Scores:
    asked = exchange.questionnaire
    rows = [
        (house_id, question_id, option_id)
        for house_id, answers in exchange.answers.items()
        for question_id, option_id in answers.items()
    ]
    agreed = [(each.house_id, each.criterion_id) for each in exchange.deviations]
    given = ANSWERS.conform(pd.DataFrame(rows, columns=list(ANSWERS.columns), dtype="str"))
    deviations = DEVIATIONS.conform(pd.DataFrame(agreed, columns=list(DEVIATIONS.columns), dtype="str"))
    return score_answers(arrange_answers(given, tuple(exchange.answers), asked), deviations, asked)
