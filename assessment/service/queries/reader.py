"""Who reads, with which rights, and where is kept what takes long to compute."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from functools import partial
from operator import call
from typing import Protocol, TypeVar

from assessment.model.access import Task, Visitor
from assessment.model.audit import PASSING, Action
from assessment.model.register import House, Register
from assessment.model.scale import Perspective
from assessment.service import clock
from assessment.service.access import require_of
from assessment.service.installation import Installation
from assessment.store.audit import load_head, load_last

Value = TypeVar("Value")


class Computed(Enum):
    """What takes so long to compute or to load that it is kept."""

    REGISTER = auto()
    REVISION = auto()
    SCORES = auto()
    COUNTRY = auto()
    PLAN = auto()
    PLANS = auto()
    TRANSITION = auto()
    TRIAL = auto()
    SUBMISSION = auto()
    OF_HOUSES = auto()


class Cache(Protocol):
    """Keeps what was computed, for all visitors; nobody changes what is kept."""

    def __call__(self, what: Computed, key: str, compute: Callable[[], Value], /) -> Value:
        """Return what is kept under this key, or else compute and keep it."""


def keep_nothing(_what: Computed, _key: str, compute: Callable[[], Value]) -> Value:
    """Compute: a cache for a command, which asks everything once."""
    return compute()


@dataclass(frozen=True)
class Reader:
    """Somebody who reads; `now` tells the moment, which is that of the clock.

    `ask` asks for the end of the audit trail: each time, or once while a page is made.
    """

    installation: Installation
    visitor: Visitor
    cache: Cache = keep_nothing
    now: Callable[[], datetime] = clock.now
    ask: Callable[[Callable[[], str]], str] = call

    @property
    def _today(self) -> date:
        return self.now().date()

    def may(self, task: Task, house: House | None = None, perspective: Perspective | None = None) -> bool:
        """Whether the visitor may do this, so that a page need not offer what would be refused."""
        return self.visitor.may(task, house, perspective)

    def _require(
        self, task: Task, house: House | None = None, perspective: Perspective | None = None
    ) -> None:
        require_of(self.visitor, task, house, perspective)

    def _find_state(self, passing: Collection[Action] = PASSING) -> str:
        """A short text that changes whenever anything is stored but this, as the audit trail tells it."""
        key = repr(("state", self.ask(self._load_end), sorted(passing)))
        return self.cache(Computed.REVISION, key, partial(self._load_state, passing))

    def _load_end(self) -> str:
        with self.installation.store.reading() as session:
            return str(load_head(session))

    def _load_state(self, passing: Collection[Action]) -> str:
        with self.installation.store.reading() as session:
            return load_last(session, passing)

    def _load_register(self) -> Register:
        """The register as it is now."""
        return self._load_register_of(self._find_state())

    def _load_register_of(self, state: str) -> Register:
        return self.cache(Computed.REGISTER, state, self.installation.register)
