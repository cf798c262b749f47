"""Dashboards that run in processes of their own, as a user starts them, and the browser that opens them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from assessment.service.demo import fill_demo
from assessment.service.installation import Installation
from assessment.settings import HOME
from tests.conftest import NOW, find_program, installation_at

SECRET = "a-secret-of-the-client"  # noqa: S105 - of a provider that lives as long as a test
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def filled_demo() -> Iterator[Installation]:
    """An installation with the demo in it, on a database of its own, until the block ends."""
    with TemporaryDirectory() as folder:
        installation = installation_at(f"sqlite:///{(Path(folder) / 'demo.sqlite').as_posix()}")
        list(fill_demo(installation, NOW))
        yield installation
        installation.close()


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser that this machine has, until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program("browser"), args=_QUIET)
        yield browser
        browser.close()


@contextmanager
def serving(database: str, **variables: str) -> Iterator[str]:
    """The address of a dashboard on a database, until the block ends."""
    port = find_port()
    process = serve(database, port, variables=variables)
    try:
        wait_for(f"http://127.0.0.1:{port}/gezond")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def identity_provider() -> Iterator[str]:
    """The address of an identity provider in a process of its own; everybody is whoever they say."""
    address = f"http://localhost:{find_port()}"
    words = [sys.executable, "-m", "oidc_provider_mock", "--port", address.rpartition(":")[2]]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"{address}/.well-known/openid-configuration")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def sign_in_at(issuer: str) -> dict[str, str]:
    """The settings with which a dashboard has people sign in there."""
    return {
        "KADERSCAN_OIDC_ISSUER": f"{issuer}/",
        "KADERSCAN_OIDC_CLIENT_ID": "kaderscan",
        "KADERSCAN_OIDC_CLIENT_SECRET": SECRET,
        "KADERSCAN_OIDC_REDIRECT_URI": "http://127.0.0.1:{port}/oauth2callback",
        "KADERSCAN_OIDC_COOKIE_SECRET": "a cookie secret of at least 32 characters",
        "KADERSCAN_OIDC_ROLE_CLAIM": "sub",
        "KADERSCAN_OIDC_ROLES": "iemand-van-land=landelijk; iemand-van-beheer=beheerder",
    }


def sign_in(page: Page, dashboard: str, subject: str) -> None:
    """Sign in on a page as somebody."""
    page.goto(dashboard)
    page.get_by_role("button", name="Aanmelden").click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.wait_for_url(f"{dashboard}/**")


def serve(
    database: str,
    port: int,
    *words: str,
    output: int | None = None,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.Popen[str]:
    """A dashboard as it starts; `output` is where what it prints goes."""
    return subprocess.Popen(
        [sys.executable, "-m", "assessment", "serve", "--no-browser", "--port", str(port), *words],
        env={**os.environ, "KADERSCAN_DATABASE_URL": database, **variables},
        cwd=HOME,
        text=True,
        stdout=output,
        stderr=output,
    )


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    for _ in range(480):
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.25)
    raise TimeoutError(address)
