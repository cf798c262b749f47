"""What is said in a box, as text whatever somebody typed in it; and what the last click brought about."""

import re

import streamlit as st

from assessment.model.wording import show_unseen
from assessment.ui.session import NOTICE, SUCCESS

_MARKUP = re.compile(r"[\\`*_{}\[\]#$~<>|&@]|:(?=\w|//)|(?<=www)\.|(?m:^)[-+=]")


def as_text(text: str) -> str:
    """A text such that markup shows it as it is, with a sign for what would steer a screen."""
    return _MARKUP.sub(r"\\\g<0>", show_unseen(text))


def show_info(text: str) -> None:
    """Show a text in a box: something to know."""
    st.info(as_text(text))


def show_warning(text: str) -> None:
    """Show a text in a box: something to repair."""
    st.warning(as_text(text))


def show_success(text: str) -> None:
    """Show a text in a box: something is done."""
    st.success(as_text(text))


def keep_notice(told: str) -> None:
    """Keep something to be shown once."""
    NOTICE.put(told)


def keep_success(told: str) -> None:
    """Keep what a click brought about, to be shown once."""
    SUCCESS.put(told)


def show_notice() -> None:
    """Show once what the last click did, or what went wrong with it.

    In a place of its own that is always there: else what is opened below it would close when it comes.
    """
    with st.container():
        if told := NOTICE.take():
            show_warning(told)
        if done := SUCCESS.take():
            show_success(done)
