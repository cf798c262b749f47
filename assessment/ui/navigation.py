"""The way from one page to another."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page

from assessment.ui.session import PAGES


def keep_pages(pages: Mapping[str, Page]) -> None:
    """Remember the pages, so that each can link to the others."""
    PAGES.put(pages)


def name_window(*parts: str) -> None:
    """Name the window of the browser after the page, and what it is about: "Mijn huis · Waterwolde"."""
    st.set_page_config(page_title=" · ".join([*parts, "Kaderscan"]))


def find_address(page: str, **choices: str) -> str:
    """The address of another page with everything that is chosen now, and what is chosen there."""
    return f"{page}?{urlencode(st.query_params.to_dict() | choices)}"


def link_to(name: str, label: str) -> None:
    """Show a link to another page."""
    st.page_link(PAGES.get()[name], label=label)


def go_to(name: str, label: str) -> None:
    """Show one large button that goes to another page."""
    if st.button(label, type="primary", width=360):
        st.switch_page(PAGES.get()[name])
