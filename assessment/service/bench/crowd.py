"""Many people on one dashboard, each in the pages of a role: they read, think, and store something at times.

A dashboard may go away under them. As a browser does, they then knock until one answers, and open their page
again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import NamedTuple

from websockets import ConnectionClosed, InvalidHandshake

from assessment.service.bench.changes import Change, choose_field, find_row, store_text
from assessment.service.bench.client import Door, PageRun, Tab, open_tab

_THINKING = (3.0, 8.0)
"""Seconds between what somebody sees and what they ask next, at least and at most."""

_SEED = 2026
_CHANGES = 0.3
"""How often somebody who sees a field to type in does so."""

_KNOCK_AGAIN, _PATIENCE = 0.25, 300.0
"""Seconds between two tries to come in again, and until somebody gives up."""

_GONE = (ConnectionClosed, InvalidHandshake, OSError)


class View(NamedTuple):
    """A page as somebody opens it: its address, and whose."""

    page: str
    choices: Mapping[str, str]

    @property
    def name(self) -> str:
        """The page as its address has it; the first has none."""
        return self.page or "start"


class Person(NamedTuple):
    """Somebody on a dashboard: where they come in, the pages they go through, and the house they work for.

    Nobody else works for that house, so that each change that they store must still be there.
    """

    door: Door
    way: tuple[View, ...]
    house_id: str


@dataclass
class Visit:
    """What somebody had of it.

    `away` are the seconds from each moment in which the dashboard was gone until their page was whole again.
    """

    runs: list[PageRun] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    away: list[float] = field(default_factory=list)


async def visit_together(
    people: Sequence[Person], seconds: float, begun: asyncio.Event | None = None
) -> list[Visit]:
    """Let people work side by side for so many seconds; what each does is the same every time.

    Each opens all of their pages once before the time begins.

    Args:
        people: each of a house of their own.
        seconds: for how long.
        begun: set when the time begins.

    Raises:
        ExceptionGroup: somebody came in no more, however often they knocked.
    """
    ready = asyncio.Barrier(len(people) + 1)
    async with asyncio.TaskGroup() as group:
        visitors = [
            _Visitor(person, Random(f"{_SEED} {place}"))  # noqa: S311 - what to look at, not a secret
            for place, person in enumerate(people)
        ]
        working = [group.create_task(each.work(seconds, ready)) for each in visitors]
        await ready.wait()
        if begun is not None:
            begun.set()
    return [each.result() for each in working]


class _Visitor:
    """One of them at work, in one tab at a time."""

    def __init__(self, person: Person, dice: Random) -> None:
        self.person, self.dice, self.visit = person, dice, Visit()
        self.view = person.way[0]

    async def work(self, seconds: float, ready: asyncio.Barrier) -> Visit:
        """Open every page once, wait until everybody did, and go on for so many seconds."""
        async with AsyncExitStack() as stack:
            tab = await stack.enter_async_context(open_tab(self.person.door))
            for view in self.person.way:
                await tab.open(*view)
            await ready.wait()
            until = monotonic() + seconds
            while await self._think(tab, until):
                try:
                    await self._do_next(tab)
                except _GONE:
                    await tab.socket.close()
                if tab.is_gone:
                    tab = await self._come_back(stack)
        return self.visit

    async def _think(self, tab: Tab, until: float) -> bool:
        """Look at the page for a while, or until the dashboard goes away; tell whether there is time left."""
        thinking = self.dice.uniform(*_THINKING)
        try:
            await asyncio.wait_for(tab.socket.wait_closed(), thinking)
        except TimeoutError:
            return monotonic() < until
        return True

    async def _do_next(self, tab: Tab) -> None:
        """Store something in the page that is open, where it lets one, or go to another."""
        if tab.is_gone:
            return
        key = choose_field(tab, self.dice)
        if key is not None and self.dice.random() < _CHANGES:
            await self._store(tab, key)
            return
        self.view = self.dice.choice(self.person.way)
        self.visit.runs.append(await tab.open(*self.view))

    async def _store(self, tab: Tab, key: str) -> None:
        """Note a change before it is sent: when the dashboard goes away it may be stored, or not."""
        text = f"Verzonnen afspraak {len(self.visit.changes) + 1}"
        change = Change(find_row(self.person.house_id, key), text, acknowledged=False)
        self.visit.changes.append(change)
        run, acknowledged = await store_text(tab, key, text)
        self.visit.runs.append(run)
        self.visit.changes[-1] = change._replace(acknowledged=acknowledged)

    async def _come_back(self, stack: AsyncExitStack) -> Tab:
        """Knock until somebody answers, and open the page that was open.

        Raises:
            TimeoutError: nobody does for minutes.
        """
        begin = monotonic()
        async with asyncio.timeout(_PATIENCE):
            while True:
                try:
                    tab = await stack.enter_async_context(open_tab(self.person.door))
                    run = await tab.open(*self.view)
                except _GONE:
                    await asyncio.sleep(_KNOCK_AGAIN)
                else:
                    break
        self.visit.runs.append(run)
        self.visit.away.append(monotonic() - begin)
        return tab
