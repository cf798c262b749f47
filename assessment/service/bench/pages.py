"""How fast the dashboard shows its pages: one after the other, to many people at once, and just started."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple, Protocol
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np

from assessment.errors import KaderscanError
from assessment.model.access import Grant, Role
from assessment.model.register import House
from assessment.service.bench.changes import find_lost, load_contents
from assessment.service.bench.client import Door, PageRun, open_tab
from assessment.service.bench.crowd import Person, View, Visit, visit_together
from assessment.service.bench.filled import Filled
from assessment.service.installation import open_installation
from assessment.settings import Settings

RUNS = 20
"""How often each page is run once it was opened."""

_LONGEST_START = 120.0
_TEN, _DRAFTER = 10, 3
"""People come in tens, of whom the one with this number fills in a draft."""


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
    """What many people at once had: seconds of wall time, of the processor per run, megabytes of memory.

    `changes` were acknowledged by a page, of which `lost` are not there. `away` is how long the dashboard was
    gone at most for somebody, and 0 where it never was. `told` is what went wrong, each once.
    """

    people: int
    runs: int
    errors: int
    median: float
    slow: float
    processor: float | None
    memory: tuple[float | None, float | None]
    changes: int
    lost: int
    away: float
    told: tuple[str, ...]


class Meter(Protocol):
    """What a dashboard takes of the machine, be it one process or several."""

    def find_seconds(self) -> float | None:
        """Seconds of the processor that it took so far; known on Linux only."""

    def find_megabytes(self) -> float | None:
        """The memory that it uses now; known on Linux only."""


@dataclass(frozen=True)
class Dashboard:
    """A dashboard that runs in a process of its own."""

    port: int
    process: int

    @property
    def door(self) -> Door:
        """Where one comes in without signing in."""
        return Door(f"http://127.0.0.1:{self.port}")

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
        *(View(page, manager) for page in ("mijn-huis", "routekaart", "formules", "leverkaart")),
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

    async def visit(door: Door) -> PageRun:
        async with open_tab(door) as tab:
            return await tab.open(*view)

    with serving(settings) as dashboard:
        return asyncio.run(visit(dashboard.door))


def measure_pages(dashboard: Dashboard, views: Sequence[View]) -> Iterator[PageTiming]:
    """Run each page again and again, with nobody else there."""
    for view in views:
        yield asyncio.run(_measure_page(dashboard, view))


async def _measure_page(dashboard: Dashboard, view: View) -> PageTiming:
    async with open_tab(dashboard.door) as tab:
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


def list_people(filled: Filled, people: int, enter: Callable[[int, Grant], Door]) -> list[Person]:
    """So many people, each of a house of their own.

    Of ten, one is of the country, two of a unit, and seven of a house, one of whom fills in its draft.

    Args:
        filled: what is in the dashboard.
        people: how many; at most as many as there are houses that handed in.
        enter: gives the door at which a person comes in, by number and by what they may.
    """
    answering, drafting = iter(filled.answering), cycle(filled.drafting)
    found = []
    for place in range(people):
        house = next(answering) if place % _TEN != _DRAFTER else next(drafting)
        grant, pages, choices = _find_part(place % _TEN, house, filled)
        way = tuple(View(page, choices) for page in (*pages, "kader"))
        found.append(Person(enter(place, grant), way, house.house_id))
    return found


def _find_part(place: int, house: House, filled: Filled) -> tuple[Grant, Sequence[str], Mapping[str, str]]:
    """What somebody may, the pages that they go through, and what the address of those says."""
    match place:
        case 0:
            pages = ("landelijk-beeld", "ronde", "inleveringen", "rapporten")
            return Grant(role=Role.COUNTRY), pages, _as_country(house)
        case 1 | 2:
            pages = ("mijn-eenheid", "mijn-huis", "leverkaart", "routekaart")
            return Grant(role=Role.UNIT, unit_id=house.unit_id), pages, _as_unit(house, filled)
        case _:
            pages = ("", "mijn-huis", "routekaart", "invullen")
            return Grant(role=Role.MANAGER, house_id=house.house_id), pages, _as_manager(house)


def measure_crowd(
    meter: Meter,
    filled: Filled,
    people: Sequence[Person],
    minutes: float,
    meanwhile: Callable[[], None] | None = None,
) -> CrowdTiming:
    """Let people work side by side: each reads pages, thinks in between, and stores something at times.

    Args:
        meter: what the dashboard takes.
        filled: what is in it.
        people: of `list_people`.
        minutes: for how long.
        meanwhile: what else happens, in a thread of its own, once the time has begun.

    Raises:
        ExceptionGroup: the dashboard went away, and did not come back.
    """
    house_ids = [each.house_id for each in people]
    where = open_installation(filled.settings)
    before = load_contents(where, filled.newest.round_id, house_ids)
    visits, took, memory = asyncio.run(_visit(meter, people, 60 * minutes, meanwhile))
    after = load_contents(where, filled.newest.round_id, house_ids)
    where.close()
    runs = [run for visit in visits for run in visit.runs]
    changes = [change for visit in visits for change in visit.changes]
    median, slow = _summarise(runs)
    return CrowdTiming(
        len(people),
        len(runs),
        sum(bool(each.error) for each in runs),
        median,
        slow,
        None if took is None else took / len(runs),
        memory,
        sum(change.acknowledged for change in changes),
        len(list(find_lost(changes, before, after))),
        max((seconds for visit in visits for seconds in visit.away), default=0.0),
        tuple(dict.fromkeys(run.error for run in runs if run.error)),
    )


async def _visit(
    meter: Meter, people: Sequence[Person], seconds: float, meanwhile: Callable[[], None] | None
) -> tuple[list[Visit], float | None, tuple[float | None, float | None]]:
    """Let them work; tell with it what that took of the processor, and the memory before and after."""
    begun = asyncio.Event()
    working = asyncio.create_task(visit_together(people, seconds, begun))
    waiting = asyncio.create_task(begun.wait())
    await asyncio.wait([working, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    begin, memory = meter.find_seconds(), meter.find_megabytes()
    if meanwhile is not None:
        await asyncio.to_thread(meanwhile)
    visits = await working
    end = meter.find_seconds()
    took = None if begin is None or end is None else end - begin
    return visits, took, (memory, meter.find_megabytes())
