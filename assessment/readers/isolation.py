"""Files of others are read in processes of their own, with a limit on memory and time.

Whatever a file does to its reader, loop, fill the memory or break it, it costs one process and one sentence.
"""

import gc
import os
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import RLock
from threading import Lock, Semaphore
from types import ModuleType
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar, TypeVarTuple

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from assessment.errors import UnreadableFileError, UserError

Arguments = TypeVarTuple("Arguments")
Given = ParamSpec("Given")
Result = TypeVar("Result")

MAX_SECONDS = 10
# Bytes of address space of a process, the interpreter itself included.
MAX_MEMORY = 500 * 10**6
_SECONDS_TO_END = 2
# The exit code of a process that ended itself because a file took too much memory.
_OUT_OF_MEMORY = 77
# How many results are kept: those of the files that people look at now, about 100 kB each.
_MOST_KEPT = 64
# How many files of one visitor are read at a time.
MOST_AT_ONCE = 2
# So many that, where two visitors have slow files, those of others need not wait.
_FEWEST_WORKERS = 4
# A process is replaced after so many files, so that nothing piles up.
_TASKS_PER_PROCESS = 2_000


if sys.platform == "win32":
    from multiprocessing.context import SpawnContext as _Context
    from multiprocessing.context import SpawnProcess as _Process
else:
    from multiprocessing.context import ForkServerContext as _Context
    from multiprocessing.context import ForkServerProcess as _Process


class _ReadingProcess(_Process):
    """A process that knows what reading needs, and not the program that started it.

    The standard library has every new process import the main module again: the whole command line, or the
    page of the dashboard that happens to run. Here it is not told which that is.
    """

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: ANN401, N802 - the library's own
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return _Process._Popen(process_obj)  # noqa: SLF001
        finally:
            sys.modules["__main__"] = main


class _ReadingContext(_Context):
    """Makes the processes of a pool, and keeps its locks for as long as there is a pool.

    A pool lets its locks go before it stops its processes; one that is still starting would look for a lock
    in vain, and say so in a traceback on the screen of a command that is ready.
    """

    Process = _ReadingProcess

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[RLock] = []

    def RLock(self) -> RLock:  # noqa: N802 - the library's own
        lock = super().RLock()
        self._kept.append(lock)
        return lock


class Pending(Generic[Result]):
    """Work that goes on in another process."""

    def __init__(
        self, future: ProcessFuture[Result], file_name: str, keep: Callable[[Result], None] = lambda _: None
    ) -> None:
        self._future = future
        self._file_name = file_name
        self._keep = keep

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
        except ProcessExpired as error:
            too_large = error.exitcode == _OUT_OF_MEMORY
            reason = "het lezen kost te veel geheugen" if too_large else "het loopt vast bij het lezen"
            raise self._unreadable(reason) from error
        except Exception as error:  # a parser may raise anything at all on a file made to break it
            raise self._unreadable("het loopt vast bij het lezen") from error
        self._keep(found)
        return found

    def _unreadable(self, reason: str) -> UnreadableFileError:
        return UnreadableFileError(
            f"{self._file_name}: niet gelezen, want {reason}. Download een nieuwe vragenlijst en neem uw "
            "antwoorden over."
        )


class Known(NamedTuple, Generic[Result]):
    """Work that was done before, with what it gave."""

    found: Result

    def result(self) -> Result:
        """Give it."""
        return self.found


class ReaderPool:
    """The processes that read files; they start with the first file.

    What stands in `loaded_once`, names of modules, every process needs: where processes can be forked it is
    loaded once for all of them.
    """

    def __init__(self, workers: int | None = None, loaded_once: Sequence[str] = ()) -> None:
        self.workers = workers or max(os.cpu_count() or 1, _FEWEST_WORKERS)
        self._turns: dict[str, Semaphore] = {}
        self._loaded_once = list(loaded_once)
        self._lock = Lock()
        self._pool: ProcessPool | None = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def submit(
        self, file_name: str, work: Callable[[*Arguments], Result], *args: *Arguments, whose: str = ""
    ) -> Pending[Result]:
        """Hand work on one file to a process; who has two at work waits here until one is ready.

        Args:
            file_name: what the file is called.
            work: a function of a module.
            args: what it gets.
            whose: the visitor whose file it is; empty for one who waits for nobody.
        """
        return Pending(self._schedule(whose, work, *args), file_name)

    def submit_once(
        self,
        key: Hashable,
        file_name: str,
        work: Callable[[*Arguments], Result],
        *args: *Arguments,
        whose: str = "",
    ) -> Pending[Result] | Known[Result]:
        """As `submit`; where work with this key gave a result not long ago, that result.

        A refusal is not kept: it names the file, and the file may be mended. Nothing of who asks is in a
        result, so whether somebody may see it has to be decided each time.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return Known(self._kept[key])
        return Pending(self._schedule(whose, work, *args), file_name, partial(self._keep, key))

    def _schedule(
        self, whose: str, work: Callable[[*Arguments], Result], *args: *Arguments
    ) -> ProcessFuture[Result]:
        """Hand work to a process, when it is the turn of its visitor."""
        turns = self._find_turns(whose)
        turns.acquire()
        try:
            future = self._open().schedule(_work_within_limits, args=[work, *args], timeout=MAX_SECONDS)
        except BaseException:
            turns.release()
            raise
        future.add_done_callback(lambda _: turns.release())
        return future

    def _find_turns(self, whose: str) -> Semaphore:
        if not whose:
            return Semaphore()  # of one use: nobody else waits for it
        with self._lock:
            return self._turns.setdefault(whose, Semaphore(MOST_AT_ONCE))

    def _keep(self, key: Hashable, found: object) -> None:
        with self._lock:
            self._kept[key] = found
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)

    def warm_up(self) -> None:
        """Start the processes now, so that the first file does not wait for them."""
        pool = self._open()
        for _ in range(self.workers):
            pool.schedule(gc.collect)

    def close(self) -> None:
        """Let the processes end; those that are still busy after a moment are stopped."""
        with self._lock:
            if self._pool is None:
                return
            self._pool.close()  # type: ignore[no-untyped-call]
            try:
                self._pool.join(timeout=_SECONDS_TO_END)
            except TimeoutError:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
            self._pool = None

    def _open(self) -> ProcessPool:
        """The pool; a new one where the processes of the last could not be kept alive."""
        with self._lock:
            if self._pool is None or not self._pool.active:
                os.environ["PYTHONSAFEPATH"] = "1"  # a process started with -c imports from where one stands
                context = _ReadingContext()
                context.set_forkserver_preload(self._loaded_once)
                self._pool = ProcessPool(
                    max_workers=self.workers,
                    max_tasks=_TASKS_PER_PROCESS,
                    initializer=_prepare,
                    context=context,
                )
            return self._pool


def _work_within_limits(
    work: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
) -> Result:
    """Do the work in this process with a limit on its memory.

    The limit holds during the work only: taking the next file from the queue must not fail. A process that
    ran out of memory ends itself, because what is left of it may be too small for the next file.
    """
    _limit_memory(MAX_MEMORY)
    try:
        return work(*args, **kwargs)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    finally:
        _limit_memory(None)
        gc.collect(0)


def _prepare() -> None:
    """Make a new process ready: quick at many small objects, and silent.

    Objects that hold each other are let go after a file, not looked for over and over during it. What a
    parser prints when it breaks is of no use to a user, who gets a sentence instead.
    """
    gc.freeze()
    gc.disable()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno())


def _limit_memory(most: int | None) -> None:
    """Keep this process within its memory; Windows has no such limit, there only the time is limited."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - does not exist on Windows

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard if most is None else most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
