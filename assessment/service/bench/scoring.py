"""How fast this machine scores a table of answers, beside one query of DuckDB and the mere reading of it.

Each is a process of its own from start to end, so that starting counts. DuckDB gives the same figures by
`totals.sql`; it comes with the tests, and is left out where it is not installed.
"""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from string import Template, ascii_lowercase
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Mark
from assessment.readers.framework import list_published, read_questionnaire
from assessment.readers.tables import ANSWER_COLUMNS
from assessment.service.bench.processes import Process, run_process
from assessment.settings import Settings

_SEED = 20261129
_HOUSES_AT_ONCE = 1 << 13
_READ = (
    "import sys; from pyarrow.parquet import ParquetFile; "
    f"file = ParquetFile(sys.argv[1], read_dictionary={list(ANSWER_COLUMNS)}); "
    "[len(each) for each in file.iter_batches(1 << 18)]"
)
_QUERY = (
    "import sys, duckdb; from pathlib import Path; "
    "duckdb.sql('set enable_progress_bar = false'); duckdb.sql(Path(sys.argv[1]).read_text())"
)
_READ_CSV = (
    "import sys; from pathlib import Path; from assessment.readers.answer_rows import open_answers; "
    "[len(each.numbers) for each in open_answers(Path(sys.argv[1])).read()]"
)
_QUERY_CSV = (
    "import sys, duckdb; duckdb.sql('set enable_progress_bar = false'); "
    "duckdb.sql(f\"create table answers as from read_csv('{sys.argv[1]}')\")"
)


class TableFiles(NamedTuple):
    """An invented table of answers, as Parquet and as CSV, and the framework files that it answers."""

    frameworks: tuple[Path, ...]
    questionnaire: Questionnaire
    as_parquet: Path
    as_csv: Path
    outcome: Path
    yardstick: Path


def measure_scoring(settings: Settings, answers: int) -> Iterator[Process]:
    """Measure the way from a table of answers to what each house comes to.

    Args:
        settings: where the questionnaires are.
        answers: how many, about; a house has one to each question.

    Yields:
        From Parquet: Kaderscan, DuckDB, and the mere reading; from CSV: Kaderscan, and DuckDB reading it.
    """
    with TemporaryDirectory() as folder:
        files = make_table(settings, Path(folder), answers)
        duckdb = find_spec("duckdb") is not None
        yield run_process("Parquet: Kaderscan, tot het geheel per huis", list_score(files, files.as_parquet))
        if duckdb:
            yield run_process("Parquet: dezelfde uitkomst met DuckDB", list_query(files))
        yield run_process("Parquet: alleen lezen, met pyarrow", _python(_READ, files.as_parquet))
        yield run_process("CSV: Kaderscan, tot het geheel per huis", list_score(files, files.as_csv))
        yield run_process("CSV: alleen lezen, Kaderscan", _python(_READ_CSV, files.as_csv))
        if duckdb:
            yield run_process("CSV: alleen lezen, met DuckDB", _python(_QUERY_CSV, files.as_csv))


def make_table(settings: Settings, folder: Path, answers: int) -> TableFiles:
    """Write random answers of invented houses to the newest questionnaires, house after house."""
    frameworks = _find_newest(settings)
    files = TableFiles(
        frameworks,
        read_questionnaire(frameworks),
        *(folder / name for name in ("answers.parquet", "answers.csv", "ours.parquet", "duckdb.parquet")),
    )
    schema = pa.schema([(name, pa.string()) for name in ANSWER_COLUMNS])
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    with (
        parquet.ParquetWriter(files.as_parquet, schema) as columns,
        files.as_csv.open("wb") as lines,
    ):
        lines.write(",".join(ANSWER_COLUMNS).encode() + b"\n")
        for table in _draw(files.questionnaire, answers):
            columns.write_table(table.cast(schema))
            csv.write_csv(table.cast(schema), lines, options)
    return files


def list_score(files: TableFiles, answers: Path) -> list[str]:
    """The command by which Kaderscan scores one of these tables, into `files.outcome`."""
    frameworks = [word for path in files.frameworks for word in ("--framework", str(path))]
    score = [sys.executable, "-m", "assessment", "score", "--houses", "-o", str(files.outcome)]
    return [*score, *frameworks, "--answers", str(answers)]


def list_yardstick(files: TableFiles) -> tuple[str, list[str]]:
    """What lies beside that on Parquet, and its command: DuckDB, or mere reading where that is not there."""
    if find_spec("duckdb") is None:
        return "Parquet: alleen lezen, met pyarrow", _python(_READ, files.as_parquet)
    return "Parquet: dezelfde uitkomst met DuckDB", list_query(files)


def list_query(files: TableFiles) -> list[str]:
    """The command by which DuckDB computes what Kaderscan does, into `files.yardstick`."""
    folder = files.yardstick.parent
    for name, rows in _describe_rules(files.questionnaire).items():
        pd.DataFrame(rows).to_parquet(folder / f"{name}.parquet")
    query = folder / "totals.sql"
    text = Path(__file__).with_name("totals.sql").read_text(encoding="utf-8")
    places = {"FOLDER": folder, "ANSWERS": files.as_parquet, "OUT": files.yardstick}
    query.write_text(Template(text).substitute({name: path.as_posix() for name, path in places.items()}))
    return _python(_QUERY, query)


def _find_newest(settings: Settings) -> tuple[Path, ...]:
    """The newest version of each published framework, by its file."""
    newest = {path.parent.name: path for path in list_published(settings.questionnaires)}
    return tuple(newest.values())


def _draw(questionnaire: Questionnaire, answers: int) -> Iterator[pa.Table]:
    """Answers to every question with options, of some thousands of houses at a time."""
    draw = np.random.default_rng(_SEED)
    asked = questionnaire.choices
    ids, letters = pa.array([each.question_id for each in asked]), pa.array(list(ascii_lowercase))
    sizes = np.array([len(each.options) for each in asked])
    houses = -(-answers // len(asked))
    for first in range(0, houses, _HOUSES_AT_ONCE):
        some = np.arange(first, min(first + _HOUSES_AT_ONCE, houses))
        names = pa.array([f"meting-{number:07}" for number in some])
        columns = (
            pa.DictionaryArray.from_arrays(np.repeat(np.arange(len(some)), len(asked)), names),
            pa.DictionaryArray.from_arrays(np.tile(np.arange(len(asked)), len(some)), ids),
            pa.DictionaryArray.from_arrays(draw.integers(np.tile(sizes, len(some))), letters),
        )
        yield pa.table(columns, names=ANSWER_COLUMNS)


def _describe_rules(questionnaire: Questionnaire) -> dict[str, list[dict[str, object]]]:
    """What a query must know of a questionnaire: its questions, options and criteria."""
    rules = questionnaire.rules
    criteria = [
        {
            "criterion_id": each.criterion_id,
            "weight": float(each.weight),
            "conforms": each.kind.conforms(rules),
            "recommends": each.kind is Kind.RECOMMENDATION,
            "hard": each.kind is Kind.HARD_NORM,
            "norm": each.kind.is_norm,
            "scored": each.kind.is_scored(rules),
        }
        for each in questionnaire.criteria
    ]
    questions = [
        {
            "question_id": each.question_id,
            "criterion_id": each.criterion_id,
            "weight": float(each.weight),
            "core": each.core,
            "describes": each.describes,
            "open": each.is_open,
        }
        for each in questionnaire.questions
    ]
    options = [
        {
            "question_id": question.question_id,
            "option_id": letter,
            "low": 0.0 if option.worth is None else option.worth,
            "high": 1.0 if option.worth is None else option.worth,
            "counted": not question.describes and option.mark not in {Mark.NOT_APPLICABLE, Mark.DESCRIPTIVE},
            "left_out": option.mark is Mark.NOT_APPLICABLE,
        }
        for question in questionnaire.questions
        for letter, option in question.lettered
    ]
    return {"criterion": criteria, "question": questions, "option": options}


def _python(program: str, path: Path) -> list[str]:
    return [sys.executable, "-c", program, str(path)]
