"""Two processes behind nginx that go away while people work: what is stored stays, and pages come back."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assessment.service.bench.pages import measure_crowd
from tests.measure_shared import SharedFilled, filled_and_shared, update

pytestmark = [pytest.mark.nginx, pytest.mark.postgres]

PEOPLE = 7
MINUTES = 0.25
WHERE_ONE_STORES = {"invullen", "routekaart"}


@pytest.fixture(scope="module")
def installed() -> Iterator[SharedFilled]:
    with filled_and_shared(PEOPLE, houses=10, rounds=1) as made:
        yield made


def test_people_work_on_while_a_process_is_killed_and_both_are_updated(installed: SharedFilled) -> None:
    shared, filled, people = installed
    storing = [
        each._replace(way=tuple(view for view in each.way if view.page in WHERE_ONE_STORES))
        for each in people
        if each.way[0].name == "start"  # of a house
    ]

    def disturb() -> None:
        shared.stop(0, signal.SIGKILL)
        shared.start(0)
        update(shared)

    # In a thread of its own: a browser of another test may have left a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        crowd = thread.submit(measure_crowd, shared, filled, storing, MINUTES, disturb).result()

    assert crowd.changes > 0
    assert (crowd.lost, crowd.errors) == (0, 0)
    assert crowd.away > 0
