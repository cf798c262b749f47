"""Whatever a file does to the process that reads it costs that process, and one sentence."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from assessment.errors import UnreadableFileError
from assessment.readers import isolation
from assessment.readers.isolation import MAX_MEMORY, MOST_AT_ONCE, ReaderPool
from assessment.readers.plan_workbook import read_plan
from assessment.service.reading import make_marked_receipt, read_file
from assessment.writers.receipt import make_separate_receipt


@pytest.fixture
def pool() -> Iterator[ReaderPool]:
    made = ReaderPool(workers=1)
    yield made
    made.close()


def test_a_process_that_is_broken_off_is_told_and_the_next_file_is_read(pool: ReaderPool) -> None:
    broken = pool.submit("brief.xlsx", os.abort)

    with pytest.raises(UnreadableFileError, match=r"^brief.xlsx: niet gelezen, want het loopt vast"):
        broken.result()

    assert pool.submit("goed.xlsx", len, "abc").result() == 3


def test_too_much_memory_is_told_and_the_next_file_is_read(pool: ReaderPool) -> None:
    greedy = pool.submit("groot.xlsx", bytearray, MAX_MEMORY)

    with pytest.raises(UnreadableFileError, match="kost te veel geheugen"):
        greedy.result()

    assert pool.submit("goed.xlsx", len, "abc").result() == 3


def test_too_much_time_is_told_and_the_next_file_is_read(
    pool: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "MAX_SECONDS", 1)
    endless = pool.submit("traag.xlsx", sum, iter(int, 1))

    with pytest.raises(UnreadableFileError, match="duurt langer dan"):
        endless.result()

    assert pool.submit("goed.xlsx", len, "abc").result() == 3


def test_a_pool_whose_processes_all_died_opens_again(pool: ReaderPool) -> None:
    lost = [pool.submit("weg.xlsx", os.abort) for _ in range(4)]
    for each in lost:
        with pytest.raises(UnreadableFileError):
            each.result()

    assert pool.submit("goed.xlsx", len, "abc").result() == 3


def test_a_program_that_ends_while_its_processes_still_start_says_nothing() -> None:
    script = (
        "from assessment.readers.isolation import ReaderPool\n"
        "pool = ReaderPool(workers=24)\n"
        "print(pool.submit('x', len, 'abc').result())\n"
        "pool.close()\n"
    )

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert (ended.stdout, ended.stderr) == ("3\n", "")


def test_reading_loads_neither_the_dashboard_nor_the_frames() -> None:
    """The main module of a program may be anything; the processes that read do not load it."""
    script = (
        "import pandas, streamlit\n"
        "from assessment.readers.isolation import ReaderPool\n"
        "pool = ReaderPool(workers=1)\n"
        "loaded = pool.submit('x', eval, 'sorted(__import__(\"sys\").modules)').result()\n"
        "pool.close()\n"
        "print({'pandas', 'streamlit', 'sqlalchemy'} & set(loaded))\n"
    )

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "set()"


@pytest.mark.parametrize("work", [read_file, make_marked_receipt, make_separate_receipt, read_plan])
def test_no_work_on_a_file_loads_what_needs_much_memory(work: Callable[..., object]) -> None:
    """A process has 500 MB of address space: frames and the database would leave too little for a file."""
    script = f"import sys, {work.__module__}; print({{'pandas', 'sqlalchemy'}} & set(sys.modules))"

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "set()"


def test_what_was_found_for_a_key_is_not_looked_for_again(pool: ReaderPool) -> None:
    first = pool.submit_once("a", "a.xlsx", os.urandom, 8).result()

    assert pool.submit_once("a", "b.xlsx", os.urandom, 8).result() == first
    assert pool.submit_once("b", "b.xlsx", os.urandom, 8).result() != first


def test_a_refusal_is_not_kept(pool: ReaderPool) -> None:
    with pytest.raises(UnreadableFileError, match=r"^a\.xlsx"):
        pool.submit_once("a", "a.xlsx", int, "geen getal").result()

    with pytest.raises(UnreadableFileError, match=r"^b\.xlsx"):
        pool.submit_once("a", "b.xlsx", int, "geen getal").result()


def test_of_many_results_only_the_last_are_kept(pool: ReaderPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_MOST_KEPT", 2)
    first, *_ = [pool.submit_once(key, "a.xlsx", os.urandom, 8).result() for key in "abc"]

    assert pool.submit_once("a", "a.xlsx", os.urandom, 8).result() != first


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is of POSIX")
def test_a_good_file_is_read_while_two_of_twelve_of_somebody_else_are_at_work_and_ten_wait(
    tmp_path: Path,
) -> None:
    endless = tmp_path / "traag.xlsx"
    os.mkfifo(endless)
    holds = os.open(endless, os.O_RDWR)  # who reads it waits until this is closed
    pool = ReaderPool()
    pool.warm_up()
    pool.submit("warm.xlsx", len, "abc").result()

    with ThreadPoolExecutor() as stranger:
        start = partial(pool.submit, "traag.xlsx", Path.read_bytes, endless, whose="a-1")
        bad = [stranger.submit(start) for _ in range(_MANY)]
        try:
            list(islice(as_completed(bad), MOST_AT_ONCE))  # until these are at work
            good = pool.submit("goed.xlsx", len, "abc", whose="a-2").result()
            at_work = sum(each.done() for each in bad)
        finally:
            endless.unlink()
            endless.touch()
            os.close(holds)
        read = [each.result().result() for each in bad]
    pool.close()

    assert good == 3
    assert at_work == MOST_AT_ONCE
    assert read == [b""] * _MANY


_MANY = 12
