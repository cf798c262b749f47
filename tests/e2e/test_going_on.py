"""Two processes behind nginx that go away while people work: what is stored stays, the page comes back."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import monotonic

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assessment.model.answers import Whose
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from tests.dashboards import identity_provider, sign_in
from tests.measure_shared import update
from tests.reading import reading
from tests.shared import Shared, sharing

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.postgres]

PATIENCE = 20.0
"""Seconds until a page is seen again on a busy machine; `tests.measure_shared` measures an idle one."""


@pytest.fixture(scope="module")
def shared(opened: Installation) -> Iterator[Shared]:
    roles = "jip=manager:veenrijk; kim=manager:terpmark"
    with identity_provider() as issuer, sharing(opened.settings.database_url, issuer, roles) as both:
        yield both


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(ignore_https_errors=True) as context:
        yield context.new_page()


def begin_draft(page: Page, shared: Shared, subject: str) -> Locator:
    """Sign in, begin to fill in, and return the field in which goes who takes a theme."""
    sign_in(page, shared.address, subject)
    page.goto(f"{shared.address}/invullen")
    field = page.get_by_label("Wie neemt dit thema?")
    begin = page.get_by_role("button", name="Begin leeg")
    expect(begin.or_(field)).to_be_visible()
    if begin.is_visible():  # where the test runs once more the draft is there
        begin.click()
    expect(field).to_be_visible()
    return field


def store(field: Locator, text: str, opened: Installation, house_id: str) -> None:
    """Type a text, also once more where nobody answered, until it is stored."""
    whose = Whose("2026-najaar", house_id, Perspective.HOUSE)
    until = monotonic() + PATIENCE
    while all(row.content.taken_by != text for row in reading(opened).get_draft(whose).themes.values()):
        assert monotonic() < until
        field.fill(text)
        field.press("Enter")
        field.page.wait_for_timeout(200)


def test_when_a_process_is_killed_the_other_goes_on_with_what_was_stored(
    opened: Installation, shared: Shared, page: Page
) -> None:
    field = begin_draft(page, shared, "jip")

    for place in range(len(shared.ports)):
        store(field, f"Verzonnen naam {place}", opened, "veenrijk")
        shared.stop(place, signal.SIGKILL)
        begin = monotonic()
        page.reload()
        expect(field).to_have_value(f"Verzonnen naam {place}")
        assert monotonic() - begin < PATIENCE
        shared.start(place)


def test_an_update_of_one_process_after_the_other_stops_nobody(
    opened: Installation, shared: Shared, page: Page
) -> None:
    field, written = begin_draft(page, shared, "kim"), count(1)

    with ThreadPoolExecutor(1) as thread:
        updating = thread.submit(update, shared)
        while not updating.done():
            store(field, f"Verzonnen naam {next(written)}", opened, "terpmark")
