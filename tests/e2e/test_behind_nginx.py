"""The configuration of nginx in docs/shared-installation.md, run by nginx itself."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from assessment.service.installation import Installation
from tests.dashboards import find_port, serving
from tests.e2e.test_signing_in import issuer, variables
from tests.shared import proxying

__all__ = ["issuer", "variables"]

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.sqlite]


@pytest.fixture
def proxy(demo: Installation, variables: dict[str, str]) -> Iterator[str]:
    """The address of the example before one dashboard."""
    port = find_port()
    safe = variables | {"KADERSCAN_OIDC_REDIRECT_URI": f"https://127.0.0.1:{port}/oauth2callback"}
    with (
        serving(demo.settings.database_url, **safe) as dashboard,
        proxying(port, [dashboard.rpartition(":")[2]]) as address,
    ):
        yield address


def test_a_page_works_and_the_browser_is_told_to_stay_on_https(proxy: str, browser: Browser) -> None:
    with browser.new_context(ignore_https_errors=True) as context:
        page = context.new_page()
        answer = page.goto(proxy)
        expect(page.get_by_role("button", name="Aanmelden")).to_be_visible()

    assert answer is not None
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_who_knocks_too_often_is_held_up_and_pages_go_on(proxy: str) -> None:
    with httpx2.Client(base_url=proxy, verify=False) as client:
        knocks = [client.get("/auth/logout").status_code for _ in range(100)]
        page = client.get("/gezond")

    assert knocks[:60] == [302] * 60
    assert 429 in knocks
    assert page.text == "ok"
