"""Scores one large table by each engine: `python -m tests.measure_engines --answers 100000000`.

Every criterion of every house is written, which is what takes long. The table stands as CSV too while it is
made, some 3 GB for so many answers.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from assessment.service.bench.processes import Process, run_process
from assessment.service.bench.scoring import TableFiles, make_table
from assessment.settings import read_settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000_000)
    with TemporaryDirectory() as folder:
        files = make_table(read_settings(), Path(folder), parser.parse_args().answers)
        files.as_csv.unlink()
        alone, together = (_measure(engine, files) for engine in ("local", "dask"))
    for each in (alone, together):
        print(each)  # noqa: T201 - a script
    print(f"dask: {alone.seconds / together.seconds:.2f} times as fast")  # noqa: T201 - a script


def _measure(engine: str, files: TableFiles) -> Process:
    command = [sys.executable, "-m", "assessment", "score", "--engine", engine, "-o", str(files.outcome)]
    for path in files.frameworks:
        command += ["--framework", str(path)]
    measured = run_process(engine, [*command, "--answers", str(files.as_parquet)])
    files.outcome.unlink()
    return measured


if __name__ == "__main__":
    main()
