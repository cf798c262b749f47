"""What the tests in a browser share."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.intake import make_form
from tests.dashboards import open_browser

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong

ONCE_MORE = pytest.mark.flaky(reruns=1)
"""A click may fall in the moment in which a page is drawn anew; the summary says what was run once more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a test in a browser once more before it fails; no other test."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(ONCE_MORE)


@pytest.fixture
def page() -> Iterator[Page]:
    with open_browser() as browser:
        yield browser.new_context(viewport={"width": 1440, "height": 1200}).new_page()


@pytest.fixture
def filled(demo: Installation, tmp_path: Path) -> Path:
    """A questionnaire of which the police answers to letting go were filled in."""
    book = load_workbook(BytesIO(make_form(demo, "veenrijk", None, Perspective.HOUSE)[1]))
    for row in book["LOS"].iter_rows(min_row=4):
        if "." in str(row[0].value):
            row[3].value = str(row[2].value).split("\n")[0][3:]
    path = tmp_path / "veenrijk.xlsx"
    book.save(path)
    return path
