"""The bench as one table, and as JSON."""

import json
from io import StringIO

import pandas as pd
import pytest

from assessment.service.bench.summary import PARTS, Job
from tests.conftest import Run


def test_a_part_is_told_beside_its_yardstick_with_machine_and_versions(runner: Run) -> None:
    told = json.loads(runner("bench", "start", "--format", "json").stdout)

    (job,) = told["jobs"]
    assert (job["part"], job["yardstick"]) == ("start", "import pandas")
    assert job["ratio"] == pytest.approx(job["seconds"] / job["beside"])
    assert told["machine"]["cores"] >= 1
    assert {"python", "kaderscan", "numpy"} <= told["machine"]["versions"].keys()


def test_the_table_has_a_line_per_part(runner: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [Job(part, f"werk {part}", 1.25, 30.4, "maatstaf", 0.5) for part in PARTS]
    monkeypatch.setattr("assessment.cli.bench.measure_jobs", lambda _settings, _part: iter(jobs))

    lines = runner("bench").stdout.splitlines()

    for job in jobs:
        (line,) = (line for line in lines if job.what in line)
        assert line.split() == [job.part, *job.what.split(), "1,25", "maatstaf", "0,50", "2,50", "30"]


def test_each_line_of_the_csv_names_the_machine(runner: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [Job("start", "kaderscan --help", 0.1), Job("score", "scoren", 2.0, None, "DuckDB", 4.0)]
    monkeypatch.setattr("assessment.cli.bench.measure_jobs", lambda _settings, _part: iter(jobs))

    told = pd.read_csv(StringIO(runner("bench", "--format", "csv").stdout))

    assert list(told["ratio"])[1] == pytest.approx(0.5)
    assert (told["cores"] >= 1).all()
    assert told["system"].notna().all()
    assert told["versions"].str.contains("numpy ").all()
