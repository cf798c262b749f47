"""The pages of the dashboard and the way between them; Streamlit runs this at every turn."""

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from assessment.errors import UserError
from assessment.ui import country, filling, home, house, intake, lost, roadmap, rounds, unit, versions
from assessment.ui.cache import share_installation
from assessment.ui.pieces import show_look, show_menu
from assessment.ui.state import keep_pages
from assessment.ui.visitor import admit

ICON = str(Path(__file__).with_name("icon.png"))
_HOME = "kaderscan"


def _show() -> None:
    """Show the page that is asked."""
    st.set_page_config(page_title="Kaderscan", page_icon=ICON, layout="wide", menu_items={"About": None})
    show_look()
    pages = {
        "start": st.Page(home.render, title="Start", url_path=_HOME, default=True),
        "zelfscan": st.Page(intake.render, title="Zelfscan", url_path="zelfscan"),
        "invullen": st.Page(filling.render, title="Invullen", url_path="invullen"),
        "huis": st.Page(house.render, title="Mijn huis", url_path="mijn-huis"),
        "routekaart": st.Page(roadmap.render, title="Routekaart", url_path="routekaart"),
        "eenheid": st.Page(unit.render, title="Mijn eenheid", url_path="mijn-eenheid"),
        "ronde": st.Page(rounds.render, title="Ronde", url_path="ronde"),
        "inleveringen": st.Page(versions.render, title="Inleveringen", url_path="inleveringen"),
        "land": st.Page(country.render, title="Landelijk beeld", url_path="landelijk-beeld"),
    }
    keep_pages(pages)
    known = list(pages.values())
    try:
        chosen = st.navigation([*known, *_find_lost(known)], position="top")
        show_menu(known)
        admit(share_installation())
        chosen.run()
    except UserError as error:
        st.warning(str(error))


def _find_lost(known: list[Page]) -> list[Page]:
    """A page for an address that none of ours has; else the framework says in English that it is lost."""
    asked = urlsplit(st.context.url or "").path.strip("/").rpartition("/")[2]
    if not asked or asked in {page.url_path for page in known} | {_HOME}:
        return []
    shown = home.render if asked == "start" else lost.render
    return [st.Page(shown, title="Niet gevonden", url_path=asked, visibility="hidden")]


if __name__ == "__main__":  # not in the processes that read files, which import the main script again
    _show()
