"""How fast the dashboard shows its pages: one after the other, to many people at once, and just started."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np

from assessment.errors import KaderscanError
from assessment.model.access import Role
from assessment.model.register import House
from assessment.service.bench.client import PageRun, Tab, open_tab
from assessment.service.bench.filled import Filled
from assessment.settings import Settings

RUNS = 20
"""How often each page is run once it was opened."""

_LONGEST_START = 120.0
_THINKING = (3.0, 8.0)
"""Seconds between what somebody sees and what they ask next, at least and at most."""

_SEED = 2026


class View(NamedTuple):
    """A page as somebody opens it: its address, and whose."""

    page: str
    choices: Mapping[str, str]

    @property
    def name(self) -> str:
        """The page as its address has it; the first has none."""
        return self.page or "start"


class PageTiming(NamedTuple):
    """A page that was run again and again: seconds of wall time, seconds of the processor per run, bytes.

    `first` is the run that opened it; `processor` is None where the machine does not tell.
    """

    name: str
    first: float
    median: float
    slow: float
    processor: float | None
    wire: int
    html: int
    errors: int


class CrowdTiming(NamedTuple):
    """What many people at once had: seconds of wall time, of the processor per run, megabytes of memory."""

    people: int
    runs: int
    errors: int
    median: float
    slow: float
    processor: float | None
    memory: tuple[float | None, float | None]


@dataclass(frozen=True)
class Dashboard:
    """A dashboard that runs in a process of its own."""

    port: int
    process: int

    def find_seconds(self) -> float | None:
        """Seconds of the processor that it took so far; known on Linux only."""
        told = _read_process(self.process, "stat")
        if told is None:
            return None
        user, system = told.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def find_megabytes(self) -> float | None:
        """The memory that it uses now; known on Linux only."""
        told = _read_process(self.process, "statm")
        return None if told is None else int(told.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _read_process(process: int, what: str) -> str | None:
    file = Path("/proc", str(process), what)
    return file.read_text(encoding="ascii", errors="replace") if file.is_file() else None


@contextmanager
def serving(settings: Settings) -> Iterator[Dashboard]:
    """Start a dashboard on a database, as `kaderscan serve` does, until the block ends.

    Raises:
        KaderscanError: it does not start.
    """
    port = _find_port()
    command = [sys.executable, "-m", "assessment", "serve", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603 - our own program, our own words
        command, env=os.environ | settings.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield Dashboard(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    until = monotonic() + _LONGEST_START
    while monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/gezond"):
                return
        except URLError:
            sleep(0.05)
    raise KaderscanError("the dashboard that the bench started does not answer")


def list_views(filled: Filled) -> list[View]:
    """Every page, each as a role that works with it."""
    house, drafting = filled.answering[0], filled.drafting[0]
    manager, drafter = _as_manager(house), _as_manager(drafting)
    unit, country = _as_unit(house, filled), _as_country(house)
    return [
        View("", manager),
        View("zelfscan", manager),
        View("invullen", drafter),
        *(View(page, manager) for page in ("mijn-huis", "routekaart", "leverkaart")),
        View("mijn-eenheid", unit),
        *(View(page, country) for page in ("landelijk-beeld", "ronde", "inleveringen", "rapporten", "kader")),
        View("beheer", {"rol": Role.ADMINISTRATOR.value}),
    ]


def _as_manager(house: House) -> dict[str, str]:
    """As the address says it: who tries a role names its place by its title."""
    return {"rol": Role.MANAGER.value, f"rol-bij-{Role.MANAGER}": house.short_title, "huis": house.house_id}


def _as_unit(house: House, filled: Filled) -> dict[str, str]:
    unit = next(each for each in filled.units if each.unit_id == house.unit_id)
    own = {"mijn-eenheid": unit.unit_id, "huis": house.house_id}
    return {"rol": Role.UNIT.value, f"rol-bij-{Role.UNIT}": unit.short_title, **own}


def _as_country(house: House) -> dict[str, str]:
    return {"rol": Role.COUNTRY.value, "huis": house.house_id}


def measure_first_visit(settings: Settings, view: View) -> PageRun:
    """Open a page in a dashboard that started just now."""

    async def visit(port: int) -> PageRun:
        async with open_tab(port) as tab:
            return await tab.open(*view)

    with serving(settings) as dashboard:
        return asyncio.run(visit(dashboard.port))


def measure_pages(dashboard: Dashboard, views: Sequence[View]) -> Iterator[PageTiming]:
    """Run each page again and again, with nobody else there."""
    for view in views:
        yield asyncio.run(_measure_page(dashboard, view))


async def _measure_page(dashboard: Dashboard, view: View) -> PageTiming:
    async with open_tab(dashboard.port) as tab:
        first = await tab.open(*view)
        begin = dashboard.find_seconds()
        runs = [await tab.open(*view) for _ in range(RUNS)]
        processor = _share(begin, dashboard.find_seconds(), RUNS)
    errors = sum(bool(each.error) for each in [first, *runs])
    median, slow = _summarise(runs)
    return PageTiming(view.name, first.seconds, median, slow, processor, first.wire, first.html, errors)


def _summarise(runs: Sequence[PageRun]) -> tuple[float, float]:
    """The median of the seconds, and what 95 % stays within."""
    median, slow = np.quantile([each.seconds for each in runs], [0.5, 0.95]).tolist()
    return median, slow


def _share(begin: float | None, end: float | None, runs: int) -> float | None:
    return None if begin is None or end is None else (end - begin) / runs


def measure_crowd(dashboard: Dashboard, filled: Filled, people: int, minutes: float) -> CrowdTiming:
    """Let people work side by side: each goes through the pages of a role, and thinks in between.

    Each opens its pages once before it is measured. The dice are the same every time.

    Args:
        dashboard: where.
        filled: what is in it.
        people: how many; of ten, seven of a house, two of a unit and one of the country.
        minutes: for how long.
    """
    return asyncio.run(_measure_crowd(dashboard, _list_ways(filled, people), minutes))


def _list_ways(filled: Filled, people: int) -> list[list[View]]:
    """The pages that each of them goes through."""
    houses = filled.answering
    return [_list_own(place, houses[place % len(houses)], filled) for place in range(people)]


def _list_own(place: int, house: House, filled: Filled) -> list[View]:
    match place % 10:
        case 0:
            pages = ("landelijk-beeld", "ronde", "inleveringen", "rapporten")
            whose = _as_country(house)
        case 1 | 2:
            pages = ("mijn-eenheid", "mijn-huis", "leverkaart", "routekaart")
            whose = _as_unit(house, filled)
        case _:
            pages, whose = ("", "mijn-huis", "routekaart", "invullen"), _as_manager(house)
    return [View(page, whose) for page in (*pages, "kader")]


async def _measure_crowd(dashboard: Dashboard, ways: Sequence[Sequence[View]], minutes: float) -> CrowdTiming:
    ready = asyncio.Barrier(len(ways) + 1)
    async with asyncio.TaskGroup() as group:
        working = [
            group.create_task(_work(dashboard.port, way, 60 * minutes, Random(f"{_SEED} {place}"), ready))  # noqa: S311 - what to look at, not a secret
            for place, way in enumerate(ways)
        ]
        await ready.wait()
        seconds, memory = dashboard.find_seconds(), dashboard.find_megabytes()
    runs = [run for each in working for run in each.result()]
    median, slow = _summarise(runs)
    return CrowdTiming(
        len(ways),
        len(runs),
        sum(bool(each.error) for each in runs),
        median,
        slow,
        _share(seconds, dashboard.find_seconds(), len(runs)),
        (memory, dashboard.find_megabytes()),
    )


async def _work(
    port: int, way: Sequence[View], seconds: float, dice: Random, ready: asyncio.Barrier
) -> list[PageRun]:
    """Open every page once, wait until everybody did, and go on for so many seconds."""
    async with open_tab(port) as tab:
        for view in way:
            await tab.open(*view)
        await ready.wait()
        return [run async for run in _go_on(tab, way, monotonic() + seconds, dice)]


async def _go_on(tab: Tab, way: Sequence[View], until: float, dice: Random) -> AsyncIterator[PageRun]:
    while True:
        await asyncio.sleep(dice.uniform(*_THINKING))
        if monotonic() > until:
            return
        yield await tab.open(*dice.choice(way))
