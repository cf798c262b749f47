"""Files of others are read in processes of their own, with a limit on memory and time.

Whatever a file does to its reader, loop, fill the memory or break it, it costs one process and one sentence.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from assessment.errors import UnreadableFileError, UserError

Given = ParamSpec("Given")
Result = TypeVar("Result")

MAX_SECONDS = 10
MAX_MEMORY = 450 * 2**20
"""Bytes of address space; with the interpreter itself a process stays under 500 MB."""
_TASKS_PER_PROCESS = 500
"""A process is replaced after so many files, so that nothing piles up."""


class Pending(Generic[Result]):
    """Work that goes on in another process."""

    def __init__(self, future: ProcessFuture[Result], file_name: str) -> None:
        self._future = future
        self._file_name = file_name

    def result(self) -> Result:
        """Wait for the work, and give what it gave.

        Raises:
            UserError: what the work itself raised.
            UnreadableFileError: it took too long or too much memory, or it broke.
        """
        try:
            found = self._future.result()
        except UserError:
            raise
        except TimeoutError as error:
            raise self._unreadable(f"het lezen duurt langer dan {MAX_SECONDS} seconden") from error
        except MemoryError as error:
            raise self._unreadable("het lezen kost te veel geheugen") from error
        except ProcessExpired as error:
            raise self._unreadable("het lezen kost te veel geheugen of loopt vast") from error
        except Exception as error:  # a parser may raise anything at all on a file made to break it
            raise self._unreadable("het loopt vast bij het lezen") from error
        return found

    def _unreadable(self, reason: str) -> UnreadableFileError:
        return UnreadableFileError(
            f"{self._file_name}: niet gelezen, want {reason}. Download een nieuwe vragenlijst en neem uw "
            "antwoorden over."
        )


class ReadingRoom:
    """The processes that read files; they start with the first file."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._lock = Lock()
        self._pool: ProcessPool | None = None

    def submit(
        self, file_name: str, work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Pending[Result]:
        """Hand work on one file to a process; `work` must be a function of a module."""
        future = self._open().schedule(work, args=list(args), kwargs=kwargs, timeout=MAX_SECONDS)
        return Pending(future, file_name)

    def close(self) -> None:
        """Stop the processes."""
        with self._lock:
            if self._pool is not None:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
                self._pool = None

    def _open(self) -> ProcessPool:
        with self._lock:
            if self._pool is None:
                method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
                self._pool = ProcessPool(
                    max_workers=self.workers,
                    max_tasks=_TASKS_PER_PROCESS,
                    initializer=_limit_memory,
                    context=multiprocessing.get_context(method),
                )
            return self._pool


def _limit_memory() -> None:
    """Keep this process within its memory; Windows has no such limit, there only the time is limited."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - does not exist on Windows

    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
