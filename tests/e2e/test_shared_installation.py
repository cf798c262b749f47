"""Two processes of the dashboard on one PostgreSQL, set up as docs/shared-installation.md says."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from assessment.service.installation import Installation
from tests.conftest import SIGNING_IN
from tests.dashboards import serving
from tests.e2e.test_browser import let_it_replace
from tests.shared import SHARED

pytestmark = [pytest.mark.browser, pytest.mark.postgres]

SCORE = re.compile(r"^\d+\s% \d+–100\s%$")


@pytest.fixture
def dashboards(demo: Installation) -> Iterator[list[str]]:
    """The addresses of two dashboards on the demo."""
    with ExitStack() as running:
        yield [running.enter_context(serving(demo.settings.database_url, **SHARED)) for _ in range(2)]


def test_what_is_handed_in_through_one_process_is_seen_in_the_other(
    dashboards: list[str], page: Page, filled: Path
) -> None:
    first, second = dashboards
    house = f"{second}/mijn-huis?huis=veenrijk"
    title = page.get_by_role("heading", name="Veenrijk: ")
    page.goto(house)
    expect(title).to_be_visible()
    expect(page.locator(".ks-answer", has_text=SCORE)).not_to_be_visible()

    page.goto(f"{first}/zelfscan")
    page.set_input_files("input[type=file]", filled)
    let_it_replace(page)
    page.get_by_role("button", name="Lever in").click()
    expect(page.get_by_role("link", name="Bekijk waar Veenrijk staat")).to_be_visible()

    page.goto(house)
    expect(title).to_be_visible()
    expect(page.locator(".ks-answer", has_text=SCORE)).to_be_visible()


def test_only_the_names_that_were_allowed_are_answered(demo: Installation) -> None:
    hosts = ("kaderscan.example.nl", "127.0.0.1", "elders.example.nl")
    signing_in = {f"KADERSCAN_OIDC_{name}": value for name, value in SIGNING_IN.items()}

    with serving(demo.settings.database_url, **SHARED, **signing_in) as dashboard:
        answers = [knock(dashboard, host) for host in hosts]

    assert answers == [101, 101, 403]


def knock(dashboard: str, host: str) -> int:
    """Ask for a websocket under a name, as a browser does through a reverse proxy."""
    handshake = {
        "Host": host,
        "Origin": f"http://{host}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    with closing(HTTPConnection(urlsplit(dashboard).netloc, timeout=10)) as connection:
        connection.request("GET", "/_stcore/stream", headers=handshake)
        return connection.getresponse().status
