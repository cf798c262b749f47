"""Use case without any database: score a table of answers, of one house or of a hundred million answers.

Rows become a matrix of a byte per house and question, and that is scored batch by batch, each by a function
that knows nothing but its houses: what runs them, here or on other machines, changes no digit.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn

import numpy as np
import pandas as pd

from assessment.engine.answers import (
    Collected,
    OutOfOrderError,
    code_rows,
    collect_answers,
    collect_in_order,
    find_grid,
    find_row_faults,
    is_sound_house,
    merge_collected,
)
from assessment.engine.scoring import score_criteria
from assessment.engine.totals import count_answers, score_houses
from assessment.errors import AnswerTableError, SchemaError
from assessment.model.frames import DEVIATIONS, ChoiceGrid, Scores
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Rules
from assessment.model.wording import read_day
from assessment.readers.answer_rows import AnswerFile, NotPlainError, Stamp, open_answers, read_row_groups
from assessment.readers.framework import read_questionnaire
from assessment.readers.tables import DEVIATION_COLUMNS, read_table
from assessment.service.computing import Engine
from assessment.tables.formats import format_counted

_MOST_FAULTS = 20
_HOUSES = 1 << 14
"""Houses of a batch: few enough for their answers to stay near the processor."""


class ScoredTable(NamedTuple):
    """The scores of all houses of a table, batch by batch; to be gone through once."""

    questionnaire: Questionnaire
    batches: Iterable[Scores]


class TableOfAnswers(NamedTuple):
    """What to score: answers, what was agreed about them (or None), on which day that must be in force."""

    answers: Path
    deviations: Path | None
    today: date


def score_table(
    frameworks: tuple[Path, ...],
    table: TableOfAnswers,
    rules: Rules | None = None,
    engine: Engine | None = None,
) -> ScoredTable:
    """Score the houses in a table of answers.

    Args:
        frameworks: the framework files, taken together in this order.
        table: CSV, .xlsx, .ods or Parquet with house_id, question_id and option_id, which orders houses; and
            the same, with what was agreed.
        rules: by which to score; None for those that the frameworks were made for.
        engine: what runs it; None for this process.

    Raises:
        FrameworkError: a framework is not sound, or made for other rules.
        FileAccessError: a file cannot be read.
        AnswerTableError: a row is not understood; the message names the first twenty.
    """
    questionnaire = read_questionnaire(frameworks, rules)
    run = engine or Engine()
    choices = _read_choices(table.answers, questionnaire, run)
    agreed = DEVIATIONS.empty()
    if table.deviations is not None:
        agreed = _read_agreed(table.deviations, questionnaire, choices.house_ids, table.today)
    score = partial(score_answers, deviations=agreed, questionnaire=questionnaire)
    return ScoredTable(questionnaire, run.map(score, _divide(choices)))


def score_into(
    write: Callable[[ScoredTable], None],
    frameworks: tuple[Path, ...],
    table: TableOfAnswers,
    rules: Rules | None = None,
    engine: Engine | None = None,
) -> None:
    """Score a table as `score_table` does, into a file: one that is sorted by house is never held whole.

    Args:
        write: writes what is scored, whole or not at all, as a fault may show at the last row; called anew
            where the table turns out to be in another order.
        frameworks: as for `score_table`.
        table: the same.
        rules: the same.
        engine: the same; workers of Dask hold the table whole.

    Raises:
        FileAccessError: a file cannot be read or written.
        FrameworkError, AnswerTableError: as `score_table`.
    """
    if table.deviations is None and (engine is None or engine.workers == 1):
        questionnaire = read_questionnaire(frameworks, rules)
        score = partial(score_answers, deviations=DEVIATIONS.empty(), questionnaire=questionnaire)
        try:
            write(ScoredTable(questionnaire, map(score, _read_in_order(table.answers, questionnaire))))
        except (OutOfOrderError, NotPlainError):
            pass
        else:
            return
    write(score_table(frameworks, table, rules, engine))


def _read_in_order(path: Path, questionnaire: Questionnaire) -> Iterator[ChoiceGrid]:
    file = open_answers(path)
    for collected in collect_in_order(file.read(), questionnaire, _HOUSES):
        yield _find_choices(collected, path, file, questionnaire)


def _read_choices(path: Path, questionnaire: Questionnaire, engine: Engine) -> ChoiceGrid:
    try:
        return _collect(path, open_answers(path), questionnaire, engine)
    except NotPlainError:
        return _collect(path, open_answers(path, plain=False), questionnaire, engine)


def _collect(path: Path, file: AnswerFile, questionnaire: Questionnaire, engine: Engine) -> ChoiceGrid:
    if engine.workers > 1 and file.groups:
        parts = np.array_split(range(file.groups), min(engine.workers, file.groups))
        collect = partial(collect_groups, path, file.stamp, questionnaire)
        collected = merge_collected(list(engine.map(collect, map(np.ndarray.tolist, parts))))
    else:
        collected = collect_answers(file.read(), questionnaire)
    return _find_choices(collected, path, file, questionnaire)


def _find_choices(
    collected: Collected, path: Path, file: AnswerFile, questionnaire: Questionnaire
) -> ChoiceGrid:
    """What was answered; all that is wrong in the file is told where anything is in these rows."""
    grid = find_grid(collected, questionnaire)
    if grid is None or not all(map(is_sound_house, grid.house_ids)):
        _refuse_rows(path, file, questionnaire)
    return grid


def collect_groups(path: Path, stamp: Stamp, questionnaire: Questionnaire, groups: list[int]) -> Collected:
    """What some row groups of a Parquet file hold: a function of its own, for another process to run."""
    return collect_answers(read_row_groups(path, stamp, groups), questionnaire)


def score_answers(choices: ChoiceGrid, deviations: pd.DataFrame, questionnaire: Questionnaire) -> Scores:
    """Score houses; of each the same, to the last digit, whatever others are scored with it.

    Args:
        choices: what was answered.
        deviations: DEVIATIONS in force, also of other houses.
        questionnaire: the rules.
    """
    houses = set(choices.house_ids)
    own = np.array([house_id in houses for house_id in deviations["house_id"]], dtype=bool)
    grid = score_criteria(choices, deviations[own], questionnaire)
    return Scores(grid, score_houses(grid, count_answers(choices, questionnaire), questionnaire))


def score_frame(answers: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Score the houses in a frame: what any engine can run over parts of a table, whole houses at a time.

    Args:
        answers: `house_id`, `question_id` and `option_id`, as texts; an empty option is no answer.
        questionnaire: the rules.

    Returns:
        HOUSE_SCORES, in the order in which the rows name the houses.

    Raises:
        SchemaError: a question or an option that is not asked, or a row that is there twice.
    """
    rows = code_rows(answers, np.arange(len(answers)))
    grid = find_grid(collect_answers([rows], questionnaire), questionnaire)
    if grid is None:
        raise SchemaError("a row names what is not asked, or is there twice; score_table tells which")
    return score_answers(grid, DEVIATIONS.empty(), questionnaire).totals


def _divide(choices: ChoiceGrid) -> Iterator[ChoiceGrid]:
    """The grid in batches; one without houses where there are none, so that its columns are told."""
    for first in range(0, len(choices.house_ids) or 1, _HOUSES):
        last = first + _HOUSES
        yield ChoiceGrid(choices.house_ids[first:last], choices.choices[first:last])


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
    _refuse_agreed(path, table, faults)
    return DEVIATIONS.conform(table.loc[until >= pd.Timestamp(today), list(DEVIATIONS.columns)])


def _refuse_rows(path: Path, file: AnswerFile, questionnaire: Questionnaire) -> NoReturn:
    """Tell what is wrong with the rows of a table in which something is."""
    faults = find_row_faults(file.read(), questionnaire, _MOST_FAULTS)
    _refuse(path, [(file.describe_place(number), told) for number, told in faults.told], faults.wrong)


def _refuse_agreed(path: Path, table: pd.DataFrame, faults: list[tuple[str, pd.Series]]) -> None:
    """Raise when any row has a fault; each row is told all of its own."""
    has = np.column_stack([rows.to_numpy() for _, rows in faults])
    wrong = np.flatnonzero(has.any(axis=1))
    shown = wrong[:_MOST_FAULTS]
    rows = table.iloc[shown].to_dict("records")
    remarks = [[faults[fault][0] for fault in np.flatnonzero(has[place])] for place in shown]
    told = [
        (f"regel {row['line']}", [remark.format_map(row) for remark in of_row])
        for row, of_row in zip(rows, remarks, strict=True)
    ]
    if told:
        _refuse(path, told, len(wrong))


def _refuse(path: Path, told: list[tuple[str, list[str]]], wrong: int) -> NoReturn:
    lines = [f"{path}, {place}: {'; '.join(faults)}." for place, faults in told]
    if wrong > len(told):
        lines.append(f"{path}: nog {format_counted(wrong - len(told), 'regel')} met een fout.")
    raise AnswerTableError("\n".join(lines))
