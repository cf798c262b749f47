"""Whatever a file does to the process that reads it costs that process, and one sentence."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from assessment.errors import UnreadableFileError
from assessment.readers import isolation
from assessment.readers.isolation import MAX_MEMORY, ReadingRoom


@pytest.fixture
def room() -> Iterator[ReadingRoom]:
    made = ReadingRoom(workers=1)
    yield made
    made.close()


def test_a_process_that_is_broken_off_is_told_and_the_next_file_is_read(room: ReadingRoom) -> None:
    broken = room.submit("brief.xlsx", os.abort)

    with pytest.raises(UnreadableFileError, match=r"^brief.xlsx: niet gelezen, want het loopt vast"):
        broken.result()

    assert room.submit("goed.xlsx", len, "abc").result() == 3


def test_too_much_memory_is_told_and_the_next_file_is_read(room: ReadingRoom) -> None:
    greedy = room.submit("groot.xlsx", bytearray, MAX_MEMORY)

    with pytest.raises(UnreadableFileError, match="kost te veel geheugen"):
        greedy.result()

    assert room.submit("goed.xlsx", len, "abc").result() == 3


def test_too_much_time_is_told_and_the_next_file_is_read(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "MAX_SECONDS", 1)
    endless = room.submit("traag.xlsx", sum, iter(int, 1))

    with pytest.raises(UnreadableFileError, match="duurt langer dan"):
        endless.result()

    assert room.submit("goed.xlsx", len, "abc").result() == 3


def test_a_room_whose_processes_all_died_opens_again(room: ReadingRoom) -> None:
    lost = [room.submit("weg.xlsx", os.abort) for _ in range(4)]
    for each in lost:
        with pytest.raises(UnreadableFileError):
            each.result()

    assert room.submit("goed.xlsx", len, "abc").result() == 3


def test_reading_loads_neither_the_dashboard_nor_the_frames() -> None:
    """The main module of a program may be anything; the processes that read do not load it."""
    script = (
        "import pandas, streamlit\n"
        "from assessment.readers.isolation import ReadingRoom\n"
        "room = ReadingRoom(workers=1)\n"
        "loaded = room.submit('x', eval, 'sorted(__import__(\"sys\").modules)').result()\n"
        "room.close()\n"
        "print({'pandas', 'streamlit', 'sqlalchemy'} & set(loaded))\n"
    )

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "set()"
