"""What the tests in a browser share."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from assessment.model.answers import Whose
from assessment.model.register import House
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.lookup import find_default_round
from assessment.service.round_scores import Which, score_round
from tests.conftest import NOW
from tests.dashboards import open_browser, serving
from tests.reading import reading, write_form

expect.set_options(timeout=60_000)  # a busy machine is slow, not wrong

ONCE_MORE = pytest.mark.flaky(reruns=1)
"""A click may fall in the moment in which a page is drawn anew; the summary says what was run once more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a test in a browser once more before it fails; no other test."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(ONCE_MORE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; whoever visits does so in a context of their own, with nothing in it."""
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1440, "height": 1200}) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def dashboard(opened: Installation) -> Iterator[str]:
    """The address of a dashboard on the demo, started as a user starts it, for the tests of a file."""
    with serving(opened.settings.database_url) as address:
        yield address


@pytest.fixture(scope="module")
def houses(opened: Installation) -> Iterator[House]:
    """The houses with answers in the newest round, with work in their plan and nothing adopted, each once."""
    queries = reading(opened)
    newest = find_default_round(queries.find_register(), NOW.date())
    handed_in = score_round(opened, newest.round_id, Perspective.HOUSE, NOW.date()).houses
    whose = {house: Whose(newest.round_id, house.house_id, Perspective.HOUSE) for house in handed_in}
    open_ = (house for house in handed_in if queries.find_settled(whose[house]) is None)
    return (house for house in open_ if len(queries.find_roadmap(_find_which(house)).measures))


def _find_which(house: House) -> Which:
    return Which(None, Perspective.HOUSE, house.house_id)


@pytest.fixture
def house(houses: Iterator[House]) -> House:
    """A house that no test has changed, also not this one where it is run once more."""
    return next(houses)


@pytest.fixture
def filled(demo: Installation, tmp_path: Path) -> Path:
    """A questionnaire of which the police answers to letting go were filled in."""
    book = load_workbook(BytesIO(write_form(demo, "veenrijk", None, Perspective.HOUSE)))
    for row in book["LOS"].iter_rows(min_row=4):
        if "." in str(row[0].value):
            row[3].value = str(row[2].value).split("\n")[0][3:]
    path = tmp_path / "veenrijk.xlsx"
    book.save(path)
    return path
