"""What takes so long to plan or to write that it goes on behind a page, while the page can be used."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from multiprocessing.pool import AsyncResult, ThreadPool
from threading import current_thread
from typing import Generic, Protocol, TypeVar

Value = TypeVar("Value")
Part = TypeVar("Part")
Done = TypeVar("Done")


class Counting(Protocol):
    """Calls a function for each part, and counts them."""

    def __call__(self, act: Callable[[Part], Done], parts: Iterable[Part], /) -> Iterator[Done]:
        """What the function makes of each part, one after the other."""
        ...


@cache
def _open_pool(queue: str) -> ThreadPool:
    """One thread for a queue, so that pages stay quick; a process that ends does not wait for it."""
    return ThreadPool(1, initializer=_name_thread, initargs=(queue,))


def _name_thread(queue: str) -> None:
    """Say in what a profile or a log shows which queue it is."""
    current_thread().name = queue


class Underway(Generic[Value]):
    """Something that is made behind the page; `done` of `parts` tells how far it is.

    Args:
        compute: makes it.
        queue: with what it takes turns; nothing waits for what is in another queue.
    """

    def __init__(self, compute: Callable[[Counting], Value], queue: str = "plans") -> None:
        self._compute, self._queue = compute, queue
        self._begin()

    def _begin(self) -> None:
        self.done, self.parts = 0, 0
        self._outcome: AsyncResult[Value] = _open_pool(self._queue).apply_async(self._compute, (self._count,))

    def _count(self, act: Callable[[Part], Done], parts: Iterable[Part]) -> Iterator[Done]:
        each = list(parts)
        self.parts = len(each)
        for part in each:
            yield act(part)
            self.done += 1

    def wait(self, seconds: float) -> bool:
        """Wait for at most so long, and tell whether it has come to an end."""
        self._outcome.wait(seconds)
        return self._outcome.ready()

    def get(self) -> Value:
        """What was made, as soon as it is there.

        Raises:
            whatever `compute` raises; that is told once, and it begins anew for who asks next.
        """
        outcome = self._outcome
        outcome.wait()
        if not outcome.successful():
            self._begin()
        return outcome.get()
