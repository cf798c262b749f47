"""What surrounds the pages: the language of the page, security headers, a health check, a warm start.

Source: https://www.w3.org/TR/WCAG21/#language-of-page and #character-key-shortcuts.
"""

import gc
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.config import get_option
from streamlit.runtime.secrets import SecretsValue

from assessment.errors import UserError
from assessment.service.reports import refuse_unsound_texts
from assessment.service.sign_in import arrange_signing_in, is_own_machine, refuse_open_door
from assessment.settings import read_settings
from assessment.ui.permits import OnlyWithPermit

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    # The framework and its charts make their styles while they run, and our grids place their bars with them.
    "style-src": "'self' 'unsafe-inline'",
    # Arrows and signs in the style sheet of the charts; a chart that is taken along is a picture first.
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",  # a font in the style sheet of the framework
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def write_policy(scripts: Iterable[bytes] = ()) -> str:
    """What a page may load and run, as a content security policy.

    Args:
        scripts: what stands between the tags of the scripts in the page itself; no other such script runs.
    """
    sums = (f" 'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in scripts)
    policy = _POLICY | {"script-src": _POLICY["script-src"] + "".join(sums)}
    return "; ".join(f"{what} {allowed}" for what, allowed in policy.items())


_HEADERS = {
    "content-security-policy": write_policy(),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
}
_FROM_ELSEWHERE = (
    "Zonder aanmelden is dit dashboard alleen op de machine zelf te bereiken.\n"
    "Zie docs/shared-installation.md."
)
_HIDDEN = "/_stcore/metrics"
_DOWNLOADS = "/media/"
_NO_SINGLE_KEYS = (
    b"addEventListener('keydown', e => { if (/^[rc]$/i.test(e.key) && !e.ctrlKey && !e.metaKey "
    b"&& !e.target.closest?.('input, textarea, select, [contenteditable]')) "
    b"e.stopImmediatePropagation() }, true);"
)
"""The framework reruns on the single key r, which somebody who speaks to the machine presses unawares."""

_NO_STEP_WHEN_COMPLETED = (
    b"history.pushState = (push => (state, title, to) => { "
    b"const now = new URL(location), then = new URL(to, now); "
    b"const completed = then.pathname === now.pathname "
    b"&& [...now.searchParams].every(([name, value]) => then.searchParams.get(name) === value); "
    b"completed ? history.replaceState(state, title, to) : push(state, title, to) "
    b"})(history.pushState.bind(history));"
)
"""An address to which only is added what is shown already is no step: going back would seem to do nothing."""

_CELLS_LEAD_ON = (
    b"addEventListener('click', e => { "
    b"const cell = e.target.closest?.('.ks-matrix tbody td'), row = cell?.parentElement; "
    b"const house = row?.querySelector('th a'); if (!house || !cell.firstChild) return; "
    b"const to = new URL(house.href), heads = row.closest('table').querySelectorAll('[data-criterion]'); "
    b"const { theme, criterion } = heads[cell.cellIndex - 1].dataset; "
    b"to.searchParams.set('thema', theme); to.searchParams.set('criterium', criterion); "
    b"to.hash = 'per-criterium'; location.assign(to) });"
)
"""A cell of a matrix leads to where its row and its column meet: thousands of links would weigh too much."""

_DUTCH = Path(__file__).with_name("dutch.js").read_bytes()
"""Says in Dutch what the framework says in English only, in names and texts that no page can set."""

_REWRITTEN = {
    b'<html lang="en">': b'<html lang="nl">',
    b"<title>Streamlit</title>": b"<title>Kaderscan</title>",
    b"</head>": b"<script>"
    + _NO_SINGLE_KEYS
    + _NO_STEP_WHEN_COMPLETED
    + _CELLS_LEAD_ON
    + _DUTCH
    + b"</script></head>",
}


class SecurityHeaders:
    """Add headers to every answer that keep a page to itself; hide the framework's own statistics."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.is_safe = app, read_settings().oidc_redirect_uri.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith(_HIDDEN):
            await PlainTextResponse("Niet gevonden", 404, _HEADERS)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({name: value for name, value in _HEADERS.items() if name not in headers})
                if self.is_safe or scope["scheme"] == "https":
                    _make_cookies_secure(headers)
                if scope["path"].startswith(_DOWNLOADS):
                    headers["cache-control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _make_cookies_secure(headers: MutableHeaders) -> None:
    """Let cookies go over https only; the framework leaves that out, for a proxy hides https from it."""
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")


class DutchPage:
    """Rewrite the page that holds the application: language, words, no single-key shortcuts, going back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an answer that is a page is collected, rewritten and sent whole."""
        if scope.get("method") != "GET" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        plain = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in plain]
        await self.app(scope, receive, _PageSender(send))


class _PageSender:
    """Holds the parts of an HTML answer back until it is complete."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_rewritten(self.start)
            return
        await self.send(message)

    async def _send_rewritten(self, start: Message) -> None:
        for theirs, ours in _REWRITTEN.items():
            self.body = self.body.replace(theirs, ours)
        headers = MutableHeaders(raw=start["headers"])
        headers["content-length"] = str(len(self.body))
        headers["content-security-policy"] = write_policy(_find_scripts(self.body))
        for stale in ("etag", "last-modified"):
            del headers[stale]
        await self.send({**start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": self.body})


def _find_scripts(page: bytes) -> list[bytes]:
    return [piece.partition(b"</script>")[0] for piece in page.split(b"<script>")[1:]]


class OnlyThisMachine:
    """Without signing in, refuse what came in from elsewhere, by whatever way the dashboard was started.

    Also what a web page elsewhere lets the browser of this machine ask: its address, or a name of its own
    that it points at this machine, then stands in Origin or Host.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.open = app, bool(read_settings().oidc_issuer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if self.open or scope["type"] == "lifespan" or _is_from_here(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse(_FROM_ELSEWHERE, 403, _HEADERS)(scope, receive, send)


def _is_from_here(scope: Scope) -> bool:
    """Whether a request reached this machine itself, under its own name, and came from a page of its own."""
    reached, headers = scope.get("server"), Headers(scope=scope)
    named = [f"//{host}" for host in headers.getlist("host")] + headers.getlist("origin")
    return (not reached or is_own_machine(reached[0])) and all(map(_names_own_machine, named))


def _names_own_machine(address: str) -> bool:
    try:
        return is_own_machine(urlsplit(address).hostname or "")
    except ValueError:
        return False


def open_door() -> Mapping[str, SecretsValue]:
    """What signing in needs; where others could come in without it, the dashboard does not start.

    Nor does it with a text or a template of which no document can be made.
    """
    try:
        settings = read_settings()
        refuse_open_door(settings, get_option("server.address") or "")
        refuse_unsound_texts(settings.reports)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    return {name: {**section} for name, section in arrange_signing_in(settings).items()}


def describe_health(_request: Request) -> PlainTextResponse:
    """Tell a reverse proxy that the dashboard is up."""
    return PlainTextResponse("ok")


@asynccontextmanager
async def prepare(_app: object) -> AsyncIterator[None]:
    """Take what was loaded at the start out of the garbage collector's rounds."""
    gc.collect()
    gc.freeze()
    yield


MIDDLEWARE = [
    Middleware(OnlyThisMachine),
    Middleware(SecurityHeaders),
    Middleware(OnlyWithPermit),
    Middleware(DutchPage),
]
ROUTES = [Route("/gezond", describe_health)]
