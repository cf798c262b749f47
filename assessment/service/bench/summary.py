"""One line per thing that is measured: our time, and that of what else could do it, in one run."""

import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from itertools import islice
from multiprocessing import get_context
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

import numpy as np

from assessment.engine.roadmap.plan import plan_quarters
from assessment.engine.roadmap.simulation import estimate, simulate
from assessment.service.bench.documents import measure_documents
from assessment.service.bench.filled import filled_database
from assessment.service.bench.intake import find_peak, measure_intake
from assessment.service.bench.pages import list_views, measure_pages, serving
from assessment.service.bench.processes import Process, run_process
from assessment.service.bench.roadmap import COUNTRY, make_problems, measure_roadmap, read_newest
from assessment.service.bench.scoring import list_score, list_yardstick, make_table
from assessment.service.plans.planning import RUNS, SEED
from assessment.settings import Settings

_LIBRARIES = ("kaderscan", "numpy", "pandas", "pyarrow", "highspy", "streamlit", "typst", "python-calamine")
_FILES, _ANSWERS, _UNIT = 100, 10_000_000, 5
_TURNS, _QUICK_TURNS = 3, 6
"""How often ours and a yardstick take turns: whatever else the machine does slows each of them at times, and
the quickest of each tells most."""
_PAGES = 12, 2
"""Houses and rounds of the installation of which pages are opened."""


class Job(NamedTuple):
    """What was done, its seconds and most megabytes, and the seconds of a yardstick, where there is one."""

    part: str
    what: str
    seconds: float
    megabytes: float | None = None
    yardstick: str | None = None
    beside: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the yardstick ours takes."""
        return None if self.beside is None else self.seconds / self.beside


class Machine(NamedTuple):
    """On what was measured, and the versions of what counts."""

    system: str
    cores: int
    versions: dict[str, str]


def describe_machine() -> Machine:
    """This machine."""
    versions = {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}
    return Machine(platform.platform(terse=True), os.cpu_count() or 1, versions)


def _measure_intake(settings: Settings) -> Job:
    turns = (islice(measure_intake(settings, _FILES), 2) for _ in range(_TURNS))
    ours, parser = (min(of, key=attrgetter("seconds")) for of in zip(*turns, strict=True))
    what = f"{_FILES} vragenlijsten lezen, controleren, bewaren en scoren"
    return Job("intake", what, ours.seconds, ours.megabytes, parser.what, parser.seconds)


def _take_turns(turns: int, *commands: Sequence[str]) -> list[Process]:
    """Run commands one after the other, again and again; gives the quickest run of each."""
    ran = [[run_process("", command) for command in commands] for _ in range(turns)]
    return [min(of, key=attrgetter("seconds")) for of in zip(*ran, strict=True)]


def _measure_score(settings: Settings) -> Job:
    with TemporaryDirectory() as folder:
        files = make_table(settings, Path(folder), _ANSWERS)
        yardstick, command = list_yardstick(files)
        ours, other = _take_turns(_TURNS, list_score(files, files.as_parquet), command)
    what = f"{_ANSWERS} antwoorden in Parquet scoren"
    return Job("score", what, ours.seconds, ours.megabytes, yardstick, other.seconds)


def _measure_forecast(settings: Settings) -> Job:
    (problem,) = make_problems(read_newest(settings), COUNTRY)
    plan = plan_quarters(problem)
    begin = perf_counter()
    np.random.default_rng(SEED).random((len(plan.starts), RUNS))
    drawn = perf_counter()
    estimate(plan, simulate(plan, RUNS, SEED))
    what = f"voorspellen van {COUNTRY.houses} huizen, {RUNS} keer gespeeld"
    return Job(
        "forecast", what, perf_counter() - drawn, find_peak(), "alleen de kansen trekken", drawn - begin
    )


def _measure_roadmap(settings: Settings) -> Job:
    compared = list(measure_roadmap(settings, hard=False))
    plans, proven = sum(each.plans for each in compared), sum(each.proven for each in compared)
    ours, rule = (
        sum(each.seconds for each in of) for of in zip(*((c.ours, c.rule) for c in compared), strict=True)
    )
    what = f"{plans} plannen maken, {proven} bewezen best"
    return Job("roadmap", what, ours, find_peak(), "een vuistregel, niet de beste", rule)


def _measure_pages(settings: Settings) -> Job:
    with filled_database(settings, *_PAGES) as filled, serving(filled.settings) as dashboard:
        views = {view.name: view for view in list_views(filled)}
        ours, least = measure_pages(dashboard, [views["mijn-huis"], views["rapporten"]])
        memory = dashboard.find_megabytes()
    what = "Mijn huis opnieuw openen"
    return Job("pages", what, ours.median, memory, "Rapporten, de lichtste pagina", least.median)


def _measure_documents(settings: Settings) -> Job:
    *_, unit, _ = measure_documents(settings, _UNIT)
    return Job(
        "documents", f"plannen van {_UNIT} huizen als elke soort bestand", unit.seconds, unit.megabytes
    )


def _measure_start(_settings: Settings) -> Job:
    own, bare = ["-m", "assessment", "--help"], ["-c", "import pandas"]
    ours, theirs = _take_turns(_QUICK_TURNS, [sys.executable, *own], [sys.executable, *bare])
    return Job("start", "kaderscan --help", ours.seconds, ours.megabytes, "import pandas", theirs.seconds)


_MEASURES: Mapping[str, Callable[[Settings], Job]] = {
    "intake": _measure_intake,
    "score": _measure_score,
    "forecast": _measure_forecast,
    "roadmap": _measure_roadmap,
    "pages": _measure_pages,
    "documents": _measure_documents,
    "start": _measure_start,
}
PARTS = tuple(_MEASURES)


def measure_jobs(settings: Settings, part: str | None = None) -> Iterator[Job]:
    """Measure every part on a small scale, or one; each in a process of its own, so that its memory is too.

    Args:
        settings: where the demo, questionnaires and templates are; its database is left alone.
        part: one of `PARTS`; None for all.
    """
    for name in PARTS if part is None else (part,):
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            yield process.submit(_MEASURES[name], settings).result()
