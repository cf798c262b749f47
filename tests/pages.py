"""Pages run by Streamlit itself, without a browser."""

import re

from streamlit.testing.v1 import AppTest

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
ONE_PAGE = """
import streamlit as st
from assessment.ui.pages import {page}
from assessment.ui.navigation import begin_run, write_address
only = st.Page({page}.render, title="Alleen deze", default=True)
names = ["zelfscan", "invullen", "huis", "routekaart", "leverkaart", "ronde", "inleveringen", "eenheid"]
names += ["formules", "start", "land", "rapporten", "kader", "beheer"]
begin_run(dict.fromkeys(names, only))
st.navigation([only]).run()
write_address()
"""


def make_page(page: str) -> AppTest:
    """A page that has not run yet."""
    return AppTest.from_string(ONE_PAGE.format(page=page), default_timeout=180)


def open_page(page: str) -> AppTest:
    shown = make_page(page).run()
    assert not shown.exception
    return shown


def texts(shown: AppTest) -> str:
    """Everything that can be read on the page."""
    kinds = (
        shown.title,
        shown.header,
        shown.subheader,
        shown.markdown,
        shown.info,
        shown.warning,
        shown.success,
        shown.text,
    )
    written = [str(element.value) for kind in kinds for element in kind]
    return "\n".join([*map(as_read, written), *(str(element.value) for element in shown.html)])


def as_read(text: str) -> str:
    """A text as a reader sees it: without the signs that keep it from being markup."""
    return _ESCAPED.sub(r"\1", text)
