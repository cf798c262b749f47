"""The configuration of nginx in docs/shared-installation.md, run by nginx itself."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from assessment.service.installation import Installation
from assessment.settings import HOME
from tests.conftest import find_program
from tests.dashboards import find_port, serving
from tests.e2e.test_signing_in import issuer, variables

__all__ = ["issuer", "variables"]

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.sqlite]

_CERTIFICATE = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1")
_OWN_CERTIFICATE = "ssl_certificate cert.pem; ssl_certificate_key key.pem;"
DOCS = HOME / "docs" / "shared-installation.md"


@pytest.fixture
def proxy(demo: Installation, variables: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of the example before one dashboard."""
    port = find_port()
    safe = variables | {"KADERSCAN_OIDC_REDIRECT_URI": f"https://127.0.0.1:{port}/oauth2callback"}
    with serving(demo.settings.database_url, **safe) as dashboard:
        configuration = write_configuration(tmp_path, port, dashboard.rpartition(":")[2])
        words = [str(find_program("nginx")), "-c", str(configuration), "-e", str(tmp_path / "errors.log")]
        with subprocess.Popen(words, cwd=tmp_path) as process:
            wait_for_port(port)
            yield f"https://127.0.0.1:{port}"
            process.terminate()


def wait_for_port(port: int) -> None:
    for _ in range(120):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.25)
        else:
            return
    raise TimeoutError(port)


def write_configuration(folder: Path, port: int, upstream: str) -> Path:
    """The example, with a certificate, on a port of its own and before one process."""
    subprocess.run(
        [*_CERTIFICATE, "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    found = re.search(r"(?ms)^    upstream kaderscan.*?^    }\n(?=\n`GET /gezond)", DOCS.read_text("utf-8"))
    assert found
    example = dedent(found[0]).replace("listen 443 ssl;", f"listen {port} ssl;").replace("8601", upstream)
    example = re.sub(r".*8602.*\n", "", example).replace("$host;", "$http_host;")  # with its port
    example = example.replace("server_name kaderscan.example.nl;", _OWN_CERTIFICATE)
    path = folder / "nginx.conf"
    path.write_text(f"daemon off; pid nginx.pid; events {{}} http {{ access_log off; {example} }}", "utf-8")
    return path


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
