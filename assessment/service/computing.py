"""What runs a pure function over many parts: this process, or workers of Dask, here or elsewhere.

A part goes in and a result comes out; nothing is kept between two of them. So a part that got lost with its
worker is run again, and what runs them changes no digit.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from assessment.errors import ComputingError

if TYPE_CHECKING:
    from distributed import Client

Part = TypeVar("Part")
Result = TypeVar("Result")

_PER_WORKER = 4
"""Parts that are under way for a worker at once: enough to keep it at work, few enough to bound memory."""
_WAIT = "10s"
_KEEP = {"MALLOC_TRIM_THRESHOLD_": 1 << 30, "MALLOC_MMAP_THRESHOLD_": 1 << 25}
"""Bytes that a worker of our own gives back at once, and that it asks for apart: by the thresholds that Dask
sets, each array of each part is new memory, which takes as long as the scoring itself."""


class Engine:
    """This process, which takes parts one by one."""

    workers = 1

    def map(self, function: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
        """The result of each part, in the order of the parts."""
        return map(function, parts)


class _DaskEngine(Engine):
    """Workers of Dask."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self.workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))

    def map(self, function: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
        """The result of each part, in order.

        Raises:
            ComputingError: the workers of a part were lost, one after the other, or the scheduler was.
        """
        from distributed import KilledWorker  # noqa: PLC0415 - an extra
        from distributed.client import ClosedClientError  # noqa: PLC0415 - an extra
        from distributed.comm.core import CommClosedError  # noqa: PLC0415 - an extra

        rest = iter(parts)
        under_way = deque(
            self._client.submit(function, part, pure=False)
            for part in islice(rest, _PER_WORKER * self.workers)
        )
        while under_way:
            try:
                result = under_way.popleft().result()
                under_way.extend(self._client.submit(function, part, pure=False) for part in islice(rest, 1))
            except KilledWorker as error:
                raise ComputingError(
                    "Een deel ging telkens verloren met wie het berekende; hebben de workers van Dask genoeg "
                    "geheugen? Reken anders zonder --engine dask."
                ) from error
            except (CancelledError, ClosedClientError, CommClosedError) as error:
                raise ComputingError(
                    "De planner van Dask viel onderweg weg. Start hem opnieuw en probeer het nog eens, of "
                    "reken zonder --engine dask."
                ) from error
            yield result


@contextmanager
def open_dask(scheduler: str | None, workers: int) -> Iterator[Engine]:
    """Give an engine of Dask, for as long as it is needed.

    Args:
        scheduler: its address, "tcp://…:8786"; None for workers on this machine.
        workers: how many of those.

    Raises:
        ComputingError: Dask is not installed, or nothing answers at that address.
    """
    if find_spec("distributed") is None:
        raise ComputingError(
            "Dask is niet geïnstalleerd. Installeer het met: pip install 'kaderscan[scale]'."
        )
    import dask  # noqa: PLC0415 - an extra
    from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra

    if scheduler is None:
        with (
            dask.config.set(
                {f"distributed.nanny.pre-spawn-environ.{name}": size for name, size in _KEEP.items()}
            ),
            LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
            Client(cluster) as client,
        ):
            yield _DaskEngine(client)
        return
    # What it logs of a connection that is lost is told in one sentence here.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(scheduler, timeout=_WAIT)
    except (OSError, ValueError) as error:
        raise ComputingError(
            f"{scheduler}: daar antwoordt geen planner van Dask. Klopt het adres?"
        ) from error
    with client:
        yield _DaskEngine(client)
