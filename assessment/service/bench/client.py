"""A small client of the socket over which the dashboard sends its pages: as a browser, without drawing.

It names the page that it wants, reads until the page is whole, and counts what came in; it types and clicks
as well. It keeps no messages from one run to the next, as a browser does with the largest, so it is sent a
little more than that.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets import Origin, Subprotocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.protocol import State

_PROTOCOL = Subprotocol("streamlit")
_WRONG = {Alert.ERROR, Alert.WARNING}


class Door(NamedTuple):
    """Where a dashboard is, and as whom one comes in.

    Attributes:
        address: of the dashboard, as `https://kaderscan.example.nl`.
        cookies: of who signed in, as a browser sends them; empty for who did not.
        token: what the cookie against forged requests says, which a browser says once more.
        source: the address of this machine to come from; None for any.
        tls: the certificates that are trusted at an https address; None for those that the machine trusts.
    """

    address: str
    cookies: str = ""
    token: str = ""
    source: str | None = None
    tls: SSLContext | None = None


class PageRun(NamedTuple):
    """One run of a page: until it was whole, in bytes on the wire and unpacked, and what went wrong.

    `html` are the bytes of what the page writes itself; `size` those of all messages, tables and choices too.
    """

    seconds: float
    wire: int
    size: int
    html: int
    error: str = ""


@dataclass
class Shown:
    """What a page shows: where one types and what one clicks, by key, what it says, and where it sends one.

    The keys are those that a page gives its widgets; what has none goes by its label. `holds` is what the
    widgets of its forms say as the page brings them, which a browser tells along with what is typed.
    """

    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    holds: list[WidgetState] = field(default_factory=list)
    elsewhere: str = ""

    def add(self, message: ForwardMsg) -> None:
        """Take in what a message brings."""
        element = message.delta.new_element
        match kind := element.WhichOneof("type"):
            case "text_area" | "text_input":
                widget = getattr(element, kind)
                self.fields[_find_key(widget.id) or widget.label] = widget.id
            case "button":
                self.buttons[_find_key(element.button.id) or element.button.label] = element.button.id
            case "alert" | "markdown" | "html":
                self.texts.append(getattr(element, kind).body)
        self.holds.extend(_list_held(element))
        self.elsewhere = message.auth_redirect.url or self.elsewhere

    def says(self, words: str) -> bool:
        """Whether these words stand on the page."""
        return any(words in text for text in self.texts)


def _find_key(widget_id: str) -> str:
    """The key that a page gave a widget; empty where it gave none."""
    key = widget_id.split("-", 2)[-1]
    return "" if key == "None" else key


def _list_held(element: Element) -> Iterator[WidgetState]:
    """What the widget of a form says at first; of other widgets the dashboard knows what they say."""
    match kind := element.WhichOneof("type"):
        case "text_area" | "text_input" | "selectbox" | "number_input" | "date_input":
            widget = getattr(element, kind)
        case _:
            return
    if not widget.form_id:
        return
    state = WidgetState(id=widget.id)
    match kind:
        case "selectbox":
            state.string_value = widget.options[widget.default]
        case "number_input" if widget.HasField("default"):
            state.double_value = widget.default
        case "date_input":
            state.string_array_value.data.extend(widget.default)
        case "text_area" | "text_input":
            state.string_value = widget.default
    yield state


class _Connection(ClientConnection):
    """Counts the bytes as they come in, which compression made fewer."""

    received = 0

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)


@dataclass
class Tab:
    """One tab of a browser, with a session of its own."""

    socket: _Connection
    address: str
    shown: Shown = field(default_factory=Shown)
    _state: ClientState = field(default_factory=ClientState)

    @property
    def is_gone(self) -> bool:
        """Whether the dashboard at the other end went away."""
        return self.socket.state is not State.OPEN

    async def open(self, page: str, choices: Mapping[str, str]) -> PageRun:
        """Ask for a page with what its address says, and read until it is whole.

        Raises:
            ConnectionClosed: the dashboard went away.
        """
        query = urlencode(choices)
        told = ContextInfo(timezone="Europe/Amsterdam", locale="nl-NL", url=f"{self.address}/{page}?{query}")
        self._state = ClientState(query_string=query, page_name=page, context_info=told)
        return await self._run(self._state)

    async def enter(self, typed: Mapping[str, str], click: str | None = None) -> PageRun:
        """Type in fields of the page that is open, click a button where one is named, and read what follows.

        Args:
            typed: what to type, by the key of the field.
            click: the key of the button.

        Raises:
            KeyError: the page shows no such field or button.
            ConnectionClosed: the dashboard went away; what was typed is stored or is not.
        """
        new = [WidgetState(id=self.shown.fields[key], string_value=text) for key, text in typed.items()]
        changed = {state.id for state in new}
        states = [*(state for state in self.shown.holds if state.id not in changed), *new]
        if click is not None:
            states.append(WidgetState(id=self.shown.buttons[click], trigger_value=True))
        same = ClientState()
        same.CopyFrom(self._state)
        same.widget_states.widgets.extend(states)
        return await self._run(same)

    async def _run(self, asked: ClientState) -> PageRun:
        begin, before = perf_counter(), self.socket.received
        self.shown = Shown()
        await self.socket.send(BackMsg(rerun_script=asked).SerializeToString())
        size, html, error = 0, 0, ""
        while True:
            data = await self.socket.recv(decode=False)
            message = ForwardMsg.FromString(data)
            self.shown.add(message)
            size += len(data)
            html += _count_html(message.delta.new_element)
            error = error or _find_error(message)
            if _is_last(message):
                break
        return PageRun(perf_counter() - begin, self.socket.received - before, size, html, error)


@asynccontextmanager
async def open_tab(door: Door) -> AsyncIterator[Tab]:
    """Open a tab on a dashboard, until the block ends.

    Raises:
        OSError, InvalidHandshake: no dashboard answers there.
    """
    safe = door.address.startswith("https:")
    async with connect(
        f"ws{door.address.removeprefix('http')}/_stcore/stream",
        subprotocols=[_PROTOCOL, *([Subprotocol(door.token)] if door.token else [])],
        origin=Origin(door.address),
        additional_headers={"Cookie": door.cookies} if door.cookies else None,
        max_size=None,
        create_connection=_Connection,
        ssl=(door.tls or True) if safe else None,
        local_addr=(door.source, 0) if door.source else None,
    ) as socket:
        assert isinstance(socket, _Connection)  # noqa: S101 - as asked
        yield Tab(socket, door.address)


def _is_last(message: ForwardMsg) -> bool:
    """Whether a page is whole; a run that begins again by itself goes on."""
    return (
        message.WhichOneof("type") == "script_finished"
        and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
    )


def _count_html(element: Element) -> int:
    return len(element.html.body.encode()) + len(element.markdown.body.encode())


def _find_error(message: ForwardMsg) -> str:
    """What a page could not show; what it asks to repair counts too."""
    if message.WhichOneof("type") == "page_not_found":
        return "page not found"
    element = message.delta.new_element
    if element.WhichOneof("type") == "exception":
        return element.exception.type or "exception"  # what it is may be hidden from the browser
    if element.WhichOneof("type") == "alert" and element.alert.format in _WRONG:
        return element.alert.body
    return "" if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY else "not finished"
