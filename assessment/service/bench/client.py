"""A small client of the socket over which the dashboard sends its pages: as a browser, without drawing.

It names the page that it wants, reads until the page is whole, and counts what came in. It keeps no messages
from one run to the next, as a browser does with the largest, so it is sent a little more than that.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.asyncio.client import ClientConnection, connect

_PROTOCOL = Subprotocol("streamlit")
_WRONG = {Alert.ERROR, Alert.WARNING}


class PageRun(NamedTuple):
    """One run of a page: until it was whole, in bytes on the wire and unpacked, and what went wrong.

    `html` are the bytes of what the page writes itself; `size` those of all messages, tables and choices too.
    """

    seconds: float
    wire: int
    size: int
    html: int
    error: str = ""


class _Connection(ClientConnection):
    """Counts the bytes as they come in, which compression made fewer."""

    received = 0

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)


@dataclass(frozen=True)
class Tab:
    """One tab of a browser, with a session of its own."""

    socket: _Connection
    address: str

    async def open(self, page: str, choices: Mapping[str, str]) -> PageRun:
        """Ask for a page with what its address says, and read until it is whole.

        Raises:
            ConnectionClosed: the dashboard went away.
        """
        begin, before = perf_counter(), self.socket.received
        query = urlencode(choices)
        told = ContextInfo(timezone="Europe/Amsterdam", locale="nl-NL", url=f"{self.address}/{page}?{query}")
        state = ClientState(query_string=query, page_name=page, context_info=told)
        await self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        size, html, error = 0, 0, ""
        while True:
            data = await self.socket.recv(decode=False)
            message = ForwardMsg.FromString(data)
            size += len(data)
            html += _count_html(message)
            error = error or _find_error(message)
            if _is_last(message):
                break
        return PageRun(perf_counter() - begin, self.socket.received - before, size, html, error)


@asynccontextmanager
async def open_tab(port: int) -> AsyncIterator[Tab]:
    """Open a tab on the dashboard of this machine that listens on a port, until the block ends."""
    where = f"127.0.0.1:{port}"
    address = f"ws://{where}/_stcore/stream"
    async with connect(
        address, subprotocols=[_PROTOCOL], max_size=None, create_connection=_Connection
    ) as socket:
        assert isinstance(socket, _Connection)  # noqa: S101 - as asked
        yield Tab(socket, f"http://{where}")


def _is_last(message: ForwardMsg) -> bool:
    """Whether a page is whole; a run that begins again by itself goes on."""
    return (
        message.WhichOneof("type") == "script_finished"
        and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
    )


def _count_html(message: ForwardMsg) -> int:
    element = message.delta.new_element
    return len(element.html.body.encode()) + len(element.markdown.body.encode())


def _find_error(message: ForwardMsg) -> str:
    """What a page could not show; what it asks to repair counts too."""
    if message.WhichOneof("type") == "page_not_found":
        return "page not found"
    element = message.delta.new_element
    if element.WhichOneof("type") == "exception":
        return element.exception.type
    if element.WhichOneof("type") == "alert" and element.alert.format in _WRONG:
        return element.alert.body
    return "" if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY else "not finished"
