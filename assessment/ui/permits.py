"""Who may send files up and take them down: a session in which a page let its visitor in.

The framework takes an upload for any session that has a socket, and gives a download to whoever knows its
address. Here an upload needs a session with a permit, and both need the cookie with which that session came.

Source: OWASP ASVS 4.0, V4.2.1, V12.1 and V12.5.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime, get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

MEGABYTE = 2**20
MOST_OF_ONE = 100 * MEGABYTE
MOST_OF_ALL = 1000 * MEGABYTE
# What an upload is taken for that does not say how large it is: the framework breaks off there.
LARGEST = 11 * MEGABYTE

_UPLOADS, _DOWNLOADS = "/_stcore/upload_file/", "/media/"
# The only picture there is; who has yet to sign in sees it too.
_ICON = ".png"
# The cookie that says who signed in, and those that follow on it; empty where nobody signs in.
_IDENTITY = "_streamlit_user"


class Refusal(NamedTuple):
    """Why an upload or a download is not for whoever asks."""

    status: int
    reason: str


NOT_LET_IN = Refusal(403, "Meld u aan en open de pagina opnieuw.")
NOT_YOURS = Refusal(404, "Dit bestand is er niet (meer). Open de pagina opnieuw.")
TOO_MUCH = Refusal(413, "Er staan al veel bestanden klaar. Haal er weg en probeer het opnieuw.")


@dataclass
class Permits:
    """The sessions that were let in, each with the checksum of the cookie with which it came."""

    sessions: dict[str, str] = field(default_factory=dict)
    coming: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def grant(self, session_id: str, cookie: str) -> None:
        """Let a session send and take files from now on; those that are gone are forgotten."""
        with self.lock:
            if session_id not in self.sessions:
                gone = [each for each in self.sessions if not get_instance().is_active_session(each)]
                for each in gone:
                    del self.sessions[each]
            self.sessions[session_id] = cookie

    def withdraw(self, session_id: str) -> None:
        """Let a session send and take files no longer, nor any other with its cookie."""
        with self.lock:
            cookie = self.sessions.get(session_id)
            for each in [each for each, own in self.sessions.items() if own == cookie]:
                del self.sessions[each]

    def find_upload_refusal(self, session_id: str, cookie: str, size: int) -> Refusal | None:
        """Why a session may not send a file of this size; None where it may."""
        if self.sessions.get(session_id) != cookie:
            return NOT_LET_IN
        stored = _count_stored(get_instance())
        own = stored.get(session_id, 0) + self.coming.get(session_id, 0)
        everything = sum(stored.values()) + sum(self.coming.values())
        return TOO_MUCH if own + size > MOST_OF_ONE or everything + size > MOST_OF_ALL else None

    def find_download_refusal(self, file_id: str, cookie: str) -> Refusal | None:
        """Why a file is not for who comes with this cookie; None where a session of theirs asked for it.

        While a page is drawn anew a file has no session for a moment; any visitor who was let in and knows
        its address, a checksum of its bytes, may then have it.
        """
        if cookie not in self.sessions.values():
            return NOT_YOURS
        owners = _find_owners(get_instance(), file_id)
        return NOT_YOURS if owners and cookie not in map(self.sessions.get, owners) else None

    @contextmanager
    def reserving(self, session_id: str, size: int) -> Iterator[None]:
        """Count a file while it comes in, so that many at once do not pass the cap together."""
        with self.lock:
            self.coming[session_id] = self.coming.get(session_id, 0) + size
        try:
            yield
        finally:
            with self.lock:
                self.coming[session_id] -= size
                if not self.coming[session_id]:
                    del self.coming[session_id]


PERMITS = Permits()


def grant_permit() -> None:
    """Let the session of this run send and take files."""
    if (context := get_script_run_ctx()) is not None:
        PERMITS.grant(context.session_id, _sum_up(st.context.cookies.to_dict()))


def withdraw_permit() -> None:
    """Let the session of this run send and take files no longer."""
    if (context := get_script_run_ctx()) is not None:
        PERMITS.withdraw(context.session_id)


class OnlyWithPermit:
    """Refuse uploads and downloads that no page allowed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it before any of its body is read."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path.startswith(_UPLOADS):
            await self._take(scope, receive, send)
        elif path.startswith(_DOWNLOADS) and not path.endswith(_ICON):
            await self._give(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _give(self, scope: Scope, receive: Receive, send: Send) -> None:
        file_id = scope["path"].removeprefix(_DOWNLOADS).partition(".")[0]
        refusal = PERMITS.find_download_refusal(file_id, _sum_up(Request(scope).cookies))
        await (_answer(refusal) if refusal else self.app)(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        session_id, size = scope["path"].removeprefix(_UPLOADS).partition("/")[0], _find_size(scope)
        refusal = PERMITS.find_upload_refusal(session_id, _sum_up(Request(scope).cookies), size)
        if refusal:
            await _answer(refusal)(scope, receive, send)
            return
        with PERMITS.reserving(session_id, size):
            await self.app(scope, receive, send)


def _answer(refusal: Refusal) -> PlainTextResponse:
    return PlainTextResponse(refusal.reason, refusal.status)


def _find_size(scope: Scope) -> int:
    """How large an upload says it is; whoever does not say so is taken for the largest."""
    if scope["method"] != "PUT":
        return 0
    told = Headers(scope=scope).get("content-length", "")
    return int(told) if told.isdecimal() else LARGEST


def _sum_up(cookies: Mapping[str, str]) -> str:
    """A checksum of what says who signed in: equal for the socket of a page and what its browser asks."""
    own = sorted((name, value) for name, value in cookies.items() if name.startswith(_IDENTITY))
    return sha256(repr(own).encode()).hexdigest()


def _count_stored(runtime: Runtime) -> dict[str, int]:
    """How many bytes each session holds that were sent and not yet let go."""
    manager = runtime.uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # noqa: S101 - there is no other without a host
    return {
        session_id: sum(len(file.data) for file in list(files.values()))
        for session_id, files in list(manager.file_storage.items())
    }


def _find_owners(runtime: Runtime, file_id: str) -> list[str]:
    """The sessions in which a page offers a file; the framework keeps that, and tells nobody."""
    offered = runtime.media_file_mgr._files_by_session_and_coord  # noqa: SLF001 - as said
    return [session_id for session_id, files in list(offered.items()) if file_id in list(files.values())]
