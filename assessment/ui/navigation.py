"""The way from one page to another."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NoReturn
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.scriptrunner import get_script_run_ctx

from assessment.ui.session import ADDRESS, BY_HAND, GOING, MOVED, PAGE, PAGES, UNTITLED, Choice, Going


def begin_run(pages: Mapping[str, Page]) -> None:
    """Begin a run with these pages, each of which can link to the others."""
    PAGES.put(pages)
    BY_HAND.put(MOVED.take() and not _goes_through_history())


def open_page(title: str) -> None:
    """Begin a page, which has its name as title should it end before it says anything."""
    PAGE.put(title)
    ADDRESS.rows.clear()
    UNTITLED.put(st.empty())
    name_window()


def give_title() -> None:
    """Give a page that has no title its name."""
    if place := UNTITLED.take():
        place.title(PAGE.get(), anchor=False)


def stop_page() -> NoReturn:
    """End a page here, under its title."""
    give_title()
    write_address()
    st.stop()


def find_news(choice: Choice) -> str | None:
    """What the address newly says of a choice: at the first visit, by a link, and after back or forward.

    Nothing where somebody moved a choice by hand: a second move may come before the browser has taken up the
    address that the first one wrote, and what it then says is no wish but what was.
    """
    asked = st.query_params.get(choice.name)
    return None if BY_HAND.get() or _is_of_a_part() or asked == choice.seen.get() else asked


def note_move() -> None:
    """Remember that the next run is of a choice moved by hand; one in a part of a page need not call this."""
    MOVED.put(value=True)


def _goes_through_history() -> bool:
    """Whether this run is of somebody who went back or forward; it may cut off one of a choice just moved."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _is_of_a_part() -> bool:
    """Whether this run is of a part of the page, which nothing but a move by hand in that part begins."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def note_address(name: str, chosen: str) -> None:
    """Let the address say what is chosen: at once where it said something else, else when the page is whole.

    The browser may take up the first writing of a page that just opened before it has left the page
    before, whose address would then be in the history twice, without what was chosen.
    """
    if name in st.query_params:
        st.query_params[name] = chosen
    else:
        ADDRESS.rows[name] = chosen


def write_address() -> None:
    """Let the address say, in one go, what is chosen on a page that just opened."""
    if ADDRESS.rows:
        st.query_params.update(ADDRESS.rows)
        ADDRESS.rows.clear()


def name_window(about: str = "") -> None:
    """Name the window of the browser after its page: "Mijn huis · Waterwolde · Kaderscan"."""
    st.set_page_config(page_title=" · ".join(filter(None, [PAGE.get(), about, "Kaderscan"])))


def find_address(page: str, **choices: str) -> str:
    """The address of another page with everything that is chosen now, and what is chosen there."""
    return f"{page}?{urlencode(st.query_params.to_dict() | ADDRESS.rows | choices)}"


def find_criterion_addresses(criterion_ids: Iterable[str]) -> dict[str, str]:
    """For each criterion the address at which it is read for itself."""
    return {each: find_address("kader", criterium=each) for each in criterion_ids}


def link_to(name: str, label: str, choices: Mapping[str, str] = MappingProxyType({})) -> None:
    """Show a link to another page, and to what is chosen there."""
    st.page_link(PAGES.get()[name], label=label, query_params=dict(choices) or None)


def go_to(
    name: str,
    label: str,
    choices: Mapping[str, str] = MappingProxyType({}),
    first: Callable[[], None] | None = None,
) -> None:
    """Show one large button that goes to another page, and to what is chosen there, after doing `first`."""

    def leave() -> None:
        if first:
            first()
        GOING.put(Going(name, dict(choices)))

    st.button(label, type="primary", width=360, on_click=leave)


def go_on() -> None:
    """Go where the last click on such a button leads, whatever the page that it stood on would show now."""
    if going := GOING.take():
        st.switch_page(PAGES.get()[going.page], query_params=going.choices)
