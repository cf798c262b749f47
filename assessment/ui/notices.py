"""What the last click brought about, or what went wrong with it, shown once."""

from collections.abc import Callable

import streamlit as st

from assessment.errors import UserError
from assessment.ui.session import NOTICE, SUCCESS


def trying(act: Callable[[], object], done: str = "") -> None:
    """Do something on a click; that it is done, or a fault that the user can repair, is kept to be shown."""
    try:
        act()
    except UserError as error:
        keep_notice(str(error))
    else:
        if done:
            keep_success(done)


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
            st.warning(told)
        if done := SUCCESS.take():
            st.success(done)
