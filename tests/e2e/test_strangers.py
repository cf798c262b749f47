"""What the real server answers to whom it does not know."""

import http.client
from contextlib import closing
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.sqlite

WEBSOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def address(dashboard: str) -> str:
    return urlsplit(dashboard).netloc


def ask(address: str, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """What is answered, without its body."""
    connection = http.client.HTTPConnection(address, timeout=20)
    with closing(connection):
        connection.request("GET", path, headers=headers)
        with connection.getresponse() as answer:
            return answer


def test_without_signing_in_it_answers_to_names_of_this_machine_only(address: str) -> None:
    port = address.rpartition(":")[2]

    for path, more, answer in (("/", {}, 200), ("/_stcore/stream", WEBSOCKET, 101)):
        for name in (address, f"localhost:{port}", f"[::1]:{port}"):
            assert ask(address, path, {"Host": name, "Origin": f"http://{name}", **more}).status == answer
        for wrong in (
            {"Host": "kwaad.example"},
            {"Host": f"localhost.kwaad.example:{port}"},
            {"Host": "["},
            {"Origin": "http://kwaad.example"},
            {"Origin": "null"},
        ):
            assert ask(address, path, {"Host": address, **more, **wrong}).status == 403


def test_a_download_is_kept_in_no_cache(address: str) -> None:
    assert ask(address, "/media/onbekend.xlsx", {}).getheader("cache-control") == "no-store"
