"""The scores of a table of answers as Parquet, CSV or JSON; one batch of houses is in memory at a time."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from assessment.engine.scoring import list_scores
from assessment.engine.totals import score_themes
from assessment.errors import FileAccessError, describe_reason
from assessment.model.frames import VERDICTS, Scores
from assessment.model.questionnaire import Questionnaire
from assessment.model.sheets import write_harmless
from assessment.writers.json_output import describe_framework, dump, list_house_scores

_COLUMNS = ["house_id", "criterion_id", "low", "high", "verdict"]


def write_json(
    questionnaire: Questionnaire, batches: Iterable[Scores], *, whole: bool = True
) -> Iterator[str]:
    """Write scores as one line of JSON, in pieces.

    Args:
        questionnaire: what was asked.
        batches: the scores of houses.
        whole: whether themes and criteria are told too, beside what a house comes to.
    """
    told = {"framework": describe_framework(questionnaire), "rules": questionnaire.rules.value, "houses": []}
    begin, end = dump(told)[:-2], dump(told)[-2:]
    yield begin
    first = True
    for scores in batches:
        houses = list_house_scores(
            questionnaire,
            scores.totals,
            score_themes(scores.grid, questionnaire) if whole else None,
            list_scores(scores.grid, questionnaire) if whole else None,
        )
        for house in houses:
            yield dump(house) if first else f", {dump(house)}"
            first = False
    yield f"{end}\n"


def write_csv(
    questionnaire: Questionnaire, batches: Iterable[Scores], *, whole: bool = True
) -> Iterator[str]:
    """Write scores as CSV, in pieces; arguments as `write_json`.

    A row per house and criterion, or one per house where not all is told. No text in it becomes a
    formula in a spreadsheet program.
    """
    header = True
    for scores in batches:
        table = list_scores(scores.grid, questionnaire)[_COLUMNS] if whole else scores.totals
        harmless = table.assign(house_id=table["house_id"].map(write_harmless))
        yield harmless.to_csv(index=False, header=header, lineterminator="\n")
        header = False


def write_score_file(path: Path, pieces: Iterable[str]) -> None:
    """Write a text in pieces, whole or not at all.

    Raises:
        FileAccessError: it cannot be written; what stood there stays.
    """
    with _replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


def write_score_parquet(
    path: Path, questionnaire: Questionnaire, batches: Iterable[Scores], *, whole: bool = True
) -> None:
    """Write scores as Parquet, a row group per batch, whole or not at all; arguments as `write_json`.

    Raises:
        FileAccessError: it cannot be written; what stood there stays.
    """
    arrange: Callable[[Scores], pa.Table] = (
        (lambda scores: _arrange_criteria(scores, questionnaire))
        if whole
        else lambda scores: pa.Table.from_pandas(scores.totals, preserve_index=False)
    )
    with _replacing(path) as part:
        tables = map(arrange, batches)
        first = next(tables)
        with parquet.ParquetWriter(part, first.schema, write_statistics=_COLUMNS[:1]) as writer:
            writer.write_table(first)
            for table in tables:
                writer.write_table(table)


def _arrange_criteria(scores: Scores, questionnaire: Questionnaire) -> pa.Table:
    """The columns of the CSV; a text that comes back often stands there once."""
    grid = scores.grid
    ids = list(questionnaire.criterion)
    houses = np.repeat(np.arange(len(grid.house_ids), dtype=np.int32), len(ids))
    criteria = np.tile(np.arange(len(ids), dtype=np.int16), len(grid.house_ids))
    verdicts = [verdict.value for verdict in VERDICTS]
    columns = (
        pa.DictionaryArray.from_arrays(houses, pa.array(grid.house_ids, pa.string())),
        pa.DictionaryArray.from_arrays(criteria, pa.array(ids, pa.string())),
        pa.array(grid.low.ravel(), from_pandas=True),
        pa.array(grid.high.ravel(), from_pandas=True),
        pa.DictionaryArray.from_arrays(grid.verdict.ravel().astype(np.int8), pa.array(verdicts, pa.string())),
    )
    return pa.Table.from_arrays(columns, names=_COLUMNS)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file beside it, which takes its place once it is whole, and is gone when it never is."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise FileAccessError(
            f"{path}: kan het bestand niet schrijven ({describe_reason(error)})."
        ) from error
    finally:
        part.unlink(missing_ok=True)
