"""Uploads and downloads of a real server: for sessions that were let in, with the cookie they came with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from sqlalchemy import update
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from assessment.model.access import Grant, Role
from assessment.service.accounts import add_account, grant_role
from assessment.service.clock import now
from assessment.service.installation import Installation
from assessment.service.sign_in import make_identity
from assessment.store.tables import LoginRow
from tests.dashboards import serving, sign_in
from tests.e2e.test_signing_in import issuer, variables

__all__ = ["issuer", "variables"]

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

MEGABYTE = 2**20


@pytest.fixture(scope="module")
def dashboard(opened: Installation, issuer: str, variables: dict[str, str]) -> Iterator[str]:
    settings = opened.settings.model_copy(update={"oidc_issuer": issuer})
    for account_id, house_id in (("a-1", "veenrijk"), ("a-2", "terpmark")):
        add_account(opened, account_id, account_id, make_identity(settings, account_id), now())
        grant_role(opened, account_id, Grant(role=Role.MANAGER, house_id=house_id), now())
    with serving(opened.settings.database_url, **variables) as address:
        yield address


@contextmanager
def open_session(dashboard: str) -> Iterator[tuple[httpx2.Client, str]]:
    """A session as a program opens it, without signing in: its cookies, and its id once a page was drawn."""
    begin = BackMsg()
    begin.rerun_script.query_string = ""
    with httpx2.Client(base_url=dashboard) as client:
        client.get("/_stcore/health")
        xsrf = client.headers["X-Xsrftoken"] = client.cookies["_streamlit_xsrf"]
        with connect(
            f"{dashboard.replace('http', 'ws')}/_stcore/stream",
            origin=Origin(dashboard),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(xsrf)],
            additional_headers={"Cookie": f"_streamlit_xsrf={xsrf}"},
            max_size=None,
        ) as socket:
            socket.send(begin.SerializeToString())
            yield client, find_session_id(socket)


def find_session_id(socket: ClientConnection) -> str:
    """The id of a session, when its page is drawn."""
    session_id = ""
    while True:
        told = ForwardMsg.FromString(bytes(socket.recv(decode=False)))
        session_id = told.new_session.initialize.session_id or session_id
        if told.WhichOneof("type") == "script_finished":
            return session_id


def send_file(client: httpx2.Client, session_id: str, name: str, size: int) -> int:
    answer = client.put(f"/_stcore/upload_file/{session_id}/{name}", files={"file": ("a.csv", b"x" * size)})
    return answer.status_code


def test_a_session_that_did_not_sign_in_can_store_nothing(dashboard: str) -> None:
    with open_session(dashboard) as (client, session_id):
        assert session_id
        assert send_file(client, session_id, "a", 10) == 403


def test_a_session_of_a_trial_stores_no_more_than_its_cap(demo: Installation) -> None:
    with serving(demo.settings.database_url) as dashboard, open_session(dashboard) as (client, session_id):
        sent = [send_file(client, session_id, str(number), 9 * MEGABYTE) for number in range(13)]

        assert sent == [204] * 11 + [413] * 2
        assert client.delete(f"/_stcore/upload_file/{session_id}/0").status_code == 204
        assert send_file(client, session_id, "0", 9 * MEGABYTE) == 204
        assert send_file(client, "unknown-session", "0", 10) == 403


def test_a_download_is_for_the_session_that_asked_for_it(
    dashboard: str, browser: Browser, page: Page, tmp_path: Path
) -> None:
    sign_in(page, dashboard, "a-1")
    page.get_by_role("link", name="Zelfscan", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download de vragenlijst").click()
    download.value.save_as(tmp_path / "eigen.xlsx")
    address = download.value.url

    assert (tmp_path / "eigen.xlsx").stat().st_size > 10_000
    assert page.request.get(address).status == 200
    assert page.request.get(address).headers["cache-control"] == "no-store"
    assert httpx2.get(address).status_code == 404
    with browser.new_context() as elsewhere:
        sign_in_as_other(elsewhere.new_page(), dashboard, "a-2")
        assert elsewhere.request.get(address).status == 404
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_role("button", name="End session")).to_be_visible()
    assert page.request.get(address).status == 404


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        ({"ended": timedelta()}, "U bent afgemeld."),
        ({"last_seen": timedelta(hours=9)}, "U hebt langer dan 8 uur niets gedaan."),
        ({"begun": timedelta(days=15)}, "U bent langer dan 14 dagen geleden aangemeld."),
    ],
)
def test_a_login_that_is_over_takes_no_file_and_sends_none(
    dashboard: str, opened: Installation, page: Page, passed: dict[str, timedelta], told: str
) -> None:
    sign_in(page, dashboard, "a-1")
    page.get_by_role("link", name="Zelfscan", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download de vragenlijst").click()
    with opened.store.writing() as session:
        session.execute(update(LoginRow).values({name: now() - ago for name, ago in passed.items()}))

    assert page.request.get(download.value.url).status == 404
    with page.expect_response("**/_stcore/upload_file/**") as answer:
        page.set_input_files("input[type=file]", FilePayload(name="a.csv", mimeType="", buffer=b"a"))
    assert answer.value.status == 403
    page.get_by_role("link", name="Start", exact=True).click()
    expect(page.get_by_text(told)).to_be_visible()


def sign_in_as_other(page: Page, dashboard: str, subject: str) -> None:
    """Somebody else signs in, and is that for the dashboard."""
    sign_in(page, dashboard, subject)
    expect(page.get_by_text(f"Aangemeld als {subject}")).to_be_visible()


def test_where_the_address_is_https_cookies_go_over_https_only(
    demo: Installation, variables: dict[str, str]
) -> None:
    safe = variables | {"KADERSCAN_OIDC_REDIRECT_URI": "https://kaderscan.example.nl/oauth2callback"}
    with serving(demo.settings.database_url, **safe) as dashboard:
        answers = [httpx2.get(f"{dashboard}{path}") for path in ("/_stcore/health", "/auth/logout")]

    cookies = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
    assert len(cookies) >= 3
    assert all("; Secure" in cookie for cookie in cookies), cookies
