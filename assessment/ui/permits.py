"""Who may send files up and take them down: a session in which a page let its visitor in.

The framework takes an upload for any session that has a socket, and gives a download to whoever knows its
address. Here an upload needs a session with a permit, and both need the cookie with which that session came.

Source: OWASP ASVS 4.0, V4.2.1, V12.1 and V12.5.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

import streamlit as st
from starlette.concurrency import run_in_threadpool
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


class Permit(NamedTuple):
    """That a session was let in: the checksum of its cookie, and what tells whether its visitor still may.

    Who signed out elsewhere, or did nothing for hours, may no longer.
    """

    cookie: str
    is_open: Callable[[], bool]


@dataclass
class Permits:
    """The sessions that were let in."""

    sessions: dict[str, Permit] = field(default_factory=dict)
    coming: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def grant(self, session_id: str, permit: Permit) -> None:
        """Let a session send and take files from now on; those that are gone are forgotten."""
        with self.lock:
            if session_id not in self.sessions:
                gone = [each for each in self.sessions if not get_instance().is_active_session(each)]
                for each in gone:
                    del self.sessions[each]
            self.sessions[session_id] = permit

    def withdraw(self, session_id: str) -> None:
        """Let a session send and take files no longer, nor any other with its cookie."""
        with self.lock:
            permit = self.sessions.get(session_id)
            for each in self._list_with(permit.cookie) if permit else ():
                del self.sessions[each]

    def may_send(self, session_id: str, cookie: str) -> bool:
        """Whether a session may send files."""
        permit = self.sessions.get(session_id)
        return permit is not None and permit.cookie == cookie and permit.is_open()

    def is_too_much(self, session_id: str, size: int, stored: Mapping[str, int]) -> bool:
        """Whether a file of this size is more than a session may store, or all together.

        Args:
            session_id: of which session it is.
            size: in bytes.
            stored: the bytes that each session holds already; what is still coming is counted with it.
        """
        own = stored.get(session_id, 0) + self.coming.get(session_id, 0)
        everything = sum(stored.values()) + sum(self.coming.values())
        return own + size > MOST_OF_ONE or everything + size > MOST_OF_ALL

    def may_take(self, file_id: str, cookie: str) -> bool:
        """Whether a file is for who comes with this cookie: a session of theirs asked for it.

        While a page is drawn anew a file has no session for a moment; any visitor who was let in and knows
        its address, a checksum of its bytes, may then have it.
        """
        own = self._list_with(cookie)
        owners = _find_owners(get_instance(), file_id)
        return any(permit.is_open() for each, permit in own.items() if each in owners or not owners)

    def _list_with(self, cookie: str) -> dict[str, Permit]:
        return {each: permit for each, permit in list(self.sessions.items()) if permit.cookie == cookie}

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


def grant_permit(is_open: Callable[[], bool]) -> None:
    """Let the session of this run send and take files, as long as its visitor may come in."""
    if (context := get_script_run_ctx()) is not None:
        permit = Permit(_sum_up(st.context.cookies.to_dict()), is_open)
        PERMITS.grant(context.session_id, permit)


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
        may = await run_in_threadpool(PERMITS.may_take, file_id, _sum_up(Request(scope).cookies))
        await (self.app if may else _answer(NOT_YOURS))(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        session_id, size = scope["path"].removeprefix(_UPLOADS).partition("/")[0], _find_size(scope)
        if not await run_in_threadpool(PERMITS.may_send, session_id, _sum_up(Request(scope).cookies)):
            await _answer(NOT_LET_IN)(scope, receive, send)
        elif PERMITS.is_too_much(
            session_id, size, _count_stored(get_instance())
        ):  # nothing is awaited from here until it is counted
            await _answer(TOO_MUCH)(scope, receive, send)
        else:
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
