"""Scoring on workers of Dask: the same digits, also when a worker is lost on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import sleep

import numpy as np
import pandas as pd
import pytest
from distributed import Client, LocalCluster

from assessment.errors import ComputingError
from assessment.readers.framework import read_questionnaire
from assessment.service.answer_table import TableOfAnswers, score_table
from assessment.service.computing import Engine, open_dask
from assessment.settings import HOME
from tests.conftest import NOW, Run
from tests.dashboards import find_port

POLITIE = HOME / "questionnaires" / "politie" / "1.1.yaml"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two workers, processes of their own."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> TableOfAnswers:
    """More houses than one batch holds, in many row groups, in no order."""
    asked = read_questionnaire((POLITIE,))
    draw = np.random.default_rng(5)
    rows = [
        (f"huis-{house}", question.question_id, str(draw.choice(list(dict(question.lettered)))))
        for question in asked.choices[:4]
        for house in range(20_000)
    ]
    path = tmp_path_factory.mktemp("tabel") / "antwoorden.parquet"
    columns = ["house_id", "question_id", "option_id"]
    pd.DataFrame(rows, columns=columns).to_parquet(path, row_group_size=7_000)
    return TableOfAnswers(path, None, NOW.date())


def score(table: TableOfAnswers, engine: Engine) -> pd.DataFrame:
    return pd.concat([scores.totals for scores in score_table((POLITIE,), table, None, engine).batches])


def test_workers_give_the_same_digits(table: TableOfAnswers, scheduler: str) -> None:
    with open_dask(scheduler, 2) as engine:
        assert engine.workers == 2
        pd.testing.assert_frame_equal(score(table, engine), score(table, Engine()), check_exact=True)


def square_or_die(last_breath: Path, number: int) -> int:
    """Square a number; the first who gets the fifth is lost with its worker."""
    sleep(0.05)
    if number == 5 and not last_breath.exists():
        last_breath.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_a_worker_that_is_killed_midway_loses_nothing(tmp_path: Path) -> None:
    with open_dask(None, 2) as engine:
        squares = list(engine.map(partial(square_or_die, tmp_path / "weg"), range(40)))

    assert (tmp_path / "weg").exists()
    assert squares == [number * number for number in range(40)]


def die(_part: int) -> int:
    """Take the worker along each time."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_a_part_that_kills_every_worker_is_told() -> None:
    with open_dask(None, 2) as engine, pytest.raises(ComputingError, match="ging telkens verloren"):
        list(engine.map(die, range(1)))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nergens", "http://127.0.0.1:9"])
def test_a_scheduler_that_does_not_answer_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.service.computing._WAIT", "1s")

    with pytest.raises(ComputingError, match="daar antwoordt geen planner van Dask"), open_dask(address, 1):
        pass


def be_slow(number: int) -> int:
    """Take a moment."""
    sleep(0.1)
    return number


@contextmanager
def running(part: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A part of Dask as a process of its own."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{part}", *words]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_scheduler_that_vanishes_midway_is_told(caplog: pytest.LogCaptureFixture) -> None:
    port = find_port()
    address = f"tcp://127.0.0.1:{port}"
    with (
        running("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard") as scheduler,
        running("worker", address, "--no-nanny", "--no-dashboard"),
        open_dask(address, 1) as engine,
    ):
        results = engine.map(be_slow, range(100))
        assert next(results) == 0
        scheduler.kill()
        with pytest.raises(ComputingError, match="viel onderweg weg"):
            list(results)
    assert not [each for each in caplog.records if each.name == "distributed.client"]


def test_a_worker_without_the_file_says_so(scheduler: str, tmp_path: Path) -> None:
    """A fault of a part comes through as it is."""
    with open_dask(scheduler, 2) as engine, pytest.raises(FileNotFoundError):
        list(engine.map(Path.read_bytes, [tmp_path / "weg"]))


def test_the_command_scores_on_dask(
    table: TableOfAnswers, scheduler: str, tmp_path: Path, runner: Run
) -> None:
    here, there = tmp_path / "hier.parquet", tmp_path / "daar.parquet"
    common = ("score", "--framework", POLITIE, "--answers", table.answers)

    assert runner(*common, "-o", here).returncode == 0
    ended = runner(*common, "-o", there, "--engine", "dask", "--scheduler", scheduler)

    assert ended.stdout == f"Geschreven: {there}\n"
    assert here.read_bytes() == there.read_bytes()
    with Client(scheduler) as client:
        assert len(client.scheduler_info()["workers"]) == 2
