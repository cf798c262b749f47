"""What the command that measures this machine says of the pages."""

import pandas as pd

from assessment.cli.console import format_progress, print_table
from assessment.cli.terminal import echo
from assessment.service.bench.client import PageRun
from assessment.service.bench.filled import HOUSES, ROUNDS, filled_database
from assessment.service.bench.pages import (
    RUNS,
    CrowdTiming,
    PageTiming,
    list_people,
    list_views,
    measure_crowd,
    measure_first_visit,
    measure_pages,
    serving,
)
from assessment.settings import read_settings
from assessment.tables.formats import NOTHING

# Which pages are opened as the first of all after a start.
_FIRST = {"start", "mijn-huis", "landelijk-beeld"}


def bench_pages(people: int, minutes: float) -> None:
    """Measure the pages of a filled installation: each, the first after a start, and with many people."""
    with filled_database(read_settings()) as filled:
        views = list_views(filled)
        opened = [each for each in views if each.name in _FIRST]
        first = [(each.name, measure_first_visit(filled.settings, each)) for each in opened]
        with serving(filled.settings) as dashboard:
            timed = format_progress(measure_pages(dashboard, views), "Pagina's openen", total=len(views))
            print_table(pd.DataFrame([_describe_page(each) for each in timed]))
            door = dashboard.door
            crowd = measure_crowd(dashboard, filled, list_people(filled, people, lambda *_: door), minutes)
    echo(f"Elke pagina {RUNS} keer opnieuw, bij {HOUSES} huizen en {ROUNDS} rondes, zonder anderen.")
    print_table(pd.DataFrame([{"Eerste bezoek na start": name, **_describe_run(run)} for name, run in first]))
    print_table(pd.DataFrame([_describe_crowd(crowd)]))
    echo(
        f"Zij denken 3 tot 8 seconden na en werken {minutes:g} minuten, met één proces; eerst opende ieder "
        "de eigen pagina's."
    )


def _describe_page(timing: PageTiming) -> dict[str, object]:
    return {
        "Pagina": timing.name,
        "Eerste keer (s)": round(timing.first, 2),
        "Midden (ms)": round(1000 * timing.median),
        "95 % binnen (ms)": round(1000 * timing.slow),
        "Processor (ms)": _in_milliseconds(timing.processor),
        "kB op de lijn": round(timing.wire / 1000),
        "kB HTML": round(timing.html / 1000),
        "Fouten": timing.errors,
    }


def _describe_run(run: PageRun) -> dict[str, object]:
    return {"Seconden": round(run.seconds, 2), "Fout": run.error or NOTHING}


def _describe_crowd(crowd: CrowdTiming) -> dict[str, object]:
    begin, end = (None if each is None else round(each) for each in crowd.memory)
    return {
        "Mensen": crowd.people,
        "Keer": crowd.runs,
        "Midden (ms)": round(1000 * crowd.median),
        "95 % binnen (ms)": round(1000 * crowd.slow),
        "Processor (ms)": _in_milliseconds(crowd.processor),
        "Fouten": crowd.errors,
        "Bewaard": crowd.changes,
        "Verloren": crowd.lost,
        "MB begin": begin,
        "MB eind": end,
    }


def _in_milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(1000 * seconds)
