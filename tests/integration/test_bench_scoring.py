"""The yardstick of scoring: DuckDB comes to the same figures by a query of its own."""

import subprocess
import sys
from pathlib import Path

import pandas as pd

from assessment.service.answer_table import TableOfAnswers, score_table
from assessment.service.bench.scoring import list_query, make_table, measure_scoring
from assessment.settings import Settings
from tests.conftest import NOW


def test_a_query_of_its_own_comes_to_the_same_figures(tmp_path: Path) -> None:
    files = make_table(Settings(), tmp_path, 20_000)
    subprocess.run(list_query(files), check=True)
    theirs = pd.read_parquet(files.yardstick).sort_values("house_id", ignore_index=True)

    for path in (files.as_parquet, files.as_csv):
        scored = score_table(files.frameworks, TableOfAnswers(path, None, NOW.date()))
        (ours,) = (scores.totals for scores in scored.batches)
        assert len(ours) > 100
        pd.testing.assert_frame_equal(
            ours[list(theirs.columns)], theirs, check_dtype=False, check_exact=False, rtol=0, atol=1e-12
        )


def test_every_process_is_measured_from_start_to_end() -> None:
    measured = list(measure_scoring(Settings(), 1_000))

    assert len(measured) == 6
    assert all(each.seconds > 0 for each in measured)
    if sys.platform != "win32":
        assert all(each.megabytes and each.megabytes > 10 for each in measured)
