"""Slow files of one visitor hold up no other, at the real server; `measure_slow_files` says how long."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from assessment.service.installation import Installation
from tests.dashboards import serving, sign_in, sign_in_at
from tests.e2e.test_signing_in import issuer
from tests.slow_files import (
    FILES_PER_WINDOW,
    NOT_READ,
    OTHER,
    READ,
    READING,
    add_managers,
    deliver,
    deliver_slow_files,
    make_good_file,
    open_delivery,
)

__all__ = ["issuer"]

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.fixture
def dashboard(demo: Installation, issuer: str) -> Iterator[str]:
    add_managers(demo, issuer)
    with serving(demo.settings.database_url, **sign_in_at(issuer)) as address:
        yield address


def test_a_good_file_is_read_while_twelve_slow_ones_of_somebody_else_wait(
    dashboard: str, demo: Installation, browser: Browser
) -> None:
    with browser.new_context() as others, browser.new_context() as strangers:
        sign_in(page := others.new_page(), dashboard, OTHER)
        open_delivery(page, dashboard)
        slow = deliver_slow_files(strangers, dashboard)

        deliver(page, [make_good_file(demo)])
        expect(page.get_by_text(READ)).to_be_visible()

        for window in slow:
            expect(window.get_by_text(READING)).to_be_visible()  # of each file anew
            assert window.get_by_text(NOT_READ).count() < FILES_PER_WINDOW
