"""The installation that this process serves, and Streamlit's cache under `Queries`: all that is cached."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import streamlit as st
from plotly.graph_objects import Figure

from assessment.errors import NotAllowedError, UserError
from assessment.figures.charts import configure
from assessment.model.access import Visitor
from assessment.service.access import note_handed_out, note_refusal
from assessment.service.clock import now
from assessment.service.installation import Installation, open_installation
from assessment.service.queries import Queries
from assessment.service.queries.reader import Computed
from assessment.settings import read_settings
from assessment.ui.notices import keep_notice, keep_success
from assessment.ui.visitor import find_visitor

Value = TypeVar("Value")


@st.cache_resource(show_spinner=False)
def share_installation() -> Installation:
    """The installation that this process serves, ready to read files; with every right, so for this module.

    The one other that needs it is the door, where it is still to be found out who visits.
    """
    installation = open_installation(read_settings())
    installation.reader_pool.warm_up()
    return installation


@dataclass
class _Turn:
    """What was found out while a page is made: who visits, and what was stored last until then.

    From where something may change on the page itself, `changing`, both are found out anew each time.
    """

    visitor: Visitor | None = None
    state: str | None = None
    changing: bool = False


_TURN: ContextVar[_Turn | None] = ContextVar("turn", default=None)


@contextmanager
def taking_turn() -> Iterator[None]:
    """Let a page be made for one visitor, whose rights are those of its beginning, until the block ends.

    Whatever is changed, on the page or by a click before it, looks at the rights anew.
    """
    token = _TURN.set(_Turn())
    try:
        yield
    finally:
        _TURN.reset(token)


def get_installation() -> Installation:
    """The installation, for whoever visits, to change something in it.

    Raises:
        SignInError: the visitor has no account (any more).
    """
    if (turn := _TURN.get()) is not None:
        turn.changing = True
    shared = share_installation()
    return replace(shared, visitor=find_visitor(shared))


def get_queries() -> Queries:
    """Everything that the visitor may read.

    Raises:
        SignInError: the visitor has no account (any more).
    """
    installation = _read_installation()
    return Queries(installation, installation.visitor, keep, ask=_ask_once)


def _read_installation() -> Installation:
    shared, turn = share_installation(), _TURN.get()
    if turn is None or turn.changing:
        return replace(shared, visitor=find_visitor(shared))
    turn.visitor = turn.visitor or find_visitor(shared)
    return replace(shared, visitor=turn.visitor)


def show_figure(name: str, draw: Callable[..., Figure], *given: object, alt: str) -> None:
    """Show a figure, drawn once for all who see the same facts, with what takes it along as png.

    Args:
        name: of that file, without an ending.
        draw: draws it; the same facts give the same figure.
        given: the facts: tables, and what is plain.
        alt: what it shows, in words.
    """
    named = f"{draw.__module__}.{draw.__qualname__}", *given
    st.plotly_chart(_draw_once(named, draw), config=configure(name), theme=None, alt=alt)


@st.cache_resource(show_spinner=False, max_entries=500)
def _draw_once(named: tuple[object, ...], _draw: Callable[..., Figure]) -> Figure:
    """The figure of these facts, kept under them and the name of what draws it: a function has no hash."""
    return _draw(*named[1:])


def made(make: Callable[..., Value], *facts: object) -> Value:
    """What is made of facts, made once for all who see the same; nobody changes it.

    Args:
        make: makes it, a function of a module that looks at nothing but these facts.
        facts: what is plain, or what `Queries` keeps: the same object as long as nothing is stored.
    """
    named = f"{make.__module__}.{make.__qualname__}", *map(_name_fact, facts)
    kept: Value = _make_once(named, make, facts)[1]
    return kept


def _name_fact(fact: object) -> object:
    return fact if fact is None or isinstance(fact, str | int | date) else ("", id(fact))


@st.cache_resource(show_spinner=False, max_entries=2000)
def _make_once(
    named: tuple[object, ...],  # noqa: ARG001 - under this it is kept
    _make: Callable[..., object],
    _facts: tuple[object, ...],
) -> tuple[object, Any]:
    """What is made, with its facts: while these are kept no other object has the identity of one."""
    return _facts, _make(*_facts)


def hand_out(what: str, write: Callable[[], bytes]) -> Callable[[], bytes]:
    """What writes a file when the visitor asks for it, and then tells the audit trail what it holds.

    Raises:
        SignInError: the visitor has no account (any more).
    """
    installation = _read_installation()

    def write_and_tell() -> bytes:
        content = write()
        note_handed_out(installation, what, now())
        return content

    return write_and_tell


def note_if_refused(error: UserError) -> None:
    """Tell the audit trail of what the visitor was refused; who did not sign in was told of there."""
    if isinstance(error, NotAllowedError):
        note_refusal(get_installation(), error, now())


def trying(act: Callable[[], object], done: str = "") -> None:
    """Do something on a click; that it is done, or a fault that the user can repair, is kept to be shown.

    What the visitor was refused stands in the audit trail too, as where a page refuses.
    """
    try:
        act()
    except UserError as error:
        note_if_refused(error)
        keep_notice(str(error))
    else:
        if done:
            keep_success(done)


def find_visitor_or_nobody() -> Visitor:
    """The visitor, for what is offered; somebody who may do nothing while it is not known who that is."""
    try:
        return get_installation().visitor
    except UserError:
        return Visitor(who="", name="")


def _ask_once(load_state: Callable[[], str]) -> str:
    """What was stored last, asked once while a page is made; each time where something may change on it."""
    turn = _TURN.get()
    if turn is None or turn.changing:
        return load_state()
    turn.state = turn.state or load_state()
    return turn.state


@st.cache_resource(show_spinner="De uitkomsten worden berekend …", max_entries=16)
def _keep_scores(key: str, _compute: Callable[[], Any]) -> Any:  # noqa: ANN401, ARG001 - whatever is computed
    return _compute()


@st.cache_resource(show_spinner="De routekaart wordt berekend …", max_entries=256)
def _keep_plan(key: str, _compute: Callable[[], Any]) -> Any:  # noqa: ANN401, ARG001 - as above
    return _compute()


@st.cache_resource(show_spinner="De routekaarten worden berekend …", max_entries=32)
def _keep_plans(key: str, _compute: Callable[[], Any]) -> Any:  # noqa: ANN401, ARG001 - as above
    return _compute()


@st.cache_resource(show_spinner="Het plan wordt opnieuw gemaakt …", max_entries=512)
def _keep_trial(key: str, _compute: Callable[[], Any]) -> Any:  # noqa: ANN401, ARG001 - as above
    return _compute()


@st.cache_resource(show_spinner=False, max_entries=1024)
def _keep_of_houses(key: str, _compute: Callable[[], Any]) -> Any:  # noqa: ANN401, ARG001 - as above
    return _compute()


@st.cache_resource(show_spinner=False, max_entries=512)
def _keep_quietly(key: str, _compute: Callable[[], Any]) -> Any:  # noqa: ANN401, ARG001 - as above
    return _compute()


_KEEPERS: Mapping[Computed, Callable[[str, Callable[[], Any]], Any]] = {
    Computed.REGISTER: _keep_quietly,
    Computed.REVISION: _keep_quietly,
    Computed.SCORES: _keep_scores,
    Computed.COUNTRY: _keep_scores,
    Computed.PLAN: _keep_plan,
    Computed.PLANS: _keep_plans,
    Computed.TRANSITION: _keep_quietly,
    Computed.TRIAL: _keep_trial,
    Computed.SUBMISSION: _keep_quietly,
    Computed.OF_HOUSES: _keep_of_houses,
}


def keep(what: Computed, key: str, compute: Callable[[], Value]) -> Value:
    """Compute once for this process, and show that it takes a moment where it does."""
    kept: Value = _KEEPERS[what](f"{what.name} {key}", compute)
    return kept
