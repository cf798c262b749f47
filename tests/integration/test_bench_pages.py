"""The bench of the pages: each page is really shown, as a browser would get it."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from assessment.service.bench.client import open_tab
from assessment.service.bench.filled import Filled, filled_database
from assessment.service.bench.pages import (
    Dashboard,
    list_people,
    list_views,
    measure_crowd,
    measure_first_visit,
    measure_pages,
    serving,
)
from assessment.service.installation import open_installation
from assessment.service.queries import Queries
from assessment.settings import HOME, Settings

pytestmark = pytest.mark.sqlite
Result = TypeVar("Result")


def apart(measure: Callable[[], Result]) -> Result:
    """Measure in a thread of its own: a browser of another test may have left a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(measure).result()


@pytest.fixture(scope="module")
def filled() -> Iterator[Filled]:
    with filled_database(Settings(), houses=20, rounds=2) as made:
        yield made


@pytest.fixture(scope="module")
def dashboard(filled: Filled) -> Iterator[Dashboard]:
    with serving(filled.settings) as started:
        yield started


def test_the_bench_fills_a_database_of_its_own(filled: Filled) -> None:
    where = open_installation(filled.settings)
    register = Queries(where, where.visitor).find_register()
    where.close()

    assert all(house.invented for house in register.houses)
    assert (len(register.houses), len(register.rounds), len(filled.drafting)) == (20, 2, 2)
    assert str(HOME) not in filled.settings.database_url


def test_every_page_is_opened_and_shows_what_it_is_for(filled: Filled, dashboard: Dashboard) -> None:
    views = list_views(filled)

    async def open_all() -> dict[str, str]:
        found = {}
        for view in views:
            async with open_tab(dashboard.door) as tab:
                found[view.name] = (await tab.open(*view)).error
        return found

    assert apart(lambda: asyncio.run(open_all())) == dict.fromkeys((each.name for each in views), "")
    assert {each.name for each in views} == {
        *("start", "zelfscan", "invullen", "mijn-huis", "routekaart", "formules", "leverkaart"),
        "mijn-eenheid",
        *("landelijk-beeld", "ronde", "inleveringen", "rapporten", "kader", "beheer"),
    }


def test_what_a_page_refuses_counts_as_an_error(dashboard: Dashboard) -> None:
    async def ask() -> str:
        async with open_tab(dashboard.door) as tab:
            return (await tab.open("mijn-huis", {"huis": "bestaat-niet"})).error

    assert "bestaat-niet" in apart(lambda: asyncio.run(ask()))


def test_a_page_is_timed_and_weighed(filled: Filled, dashboard: Dashboard) -> None:
    views = [each for each in list_views(filled) if each.name == "kader"]

    (kader,) = apart(lambda: list(measure_pages(dashboard, views)))

    assert 0 < kader.median <= kader.slow
    assert 0 < kader.html < 300_000
    assert kader.errors == 0


def test_people_work_side_by_side_and_everything_they_ask_is_counted(
    filled: Filled, dashboard: Dashboard
) -> None:
    people = list_people(filled, 4, lambda *_: dashboard.door)

    crowd = apart(lambda: measure_crowd(dashboard, filled, people[2:], minutes=0.2))

    assert crowd.people == 2
    assert crowd.runs >= 2
    assert crowd.errors == 0
    assert (crowd.lost, crowd.away) == (0, 0.0)


def test_a_first_visit_is_measured_in_a_dashboard_of_its_own(filled: Filled) -> None:
    start = list_views(filled)[0]

    assert apart(lambda: measure_first_visit(filled.settings, start)).error == ""
