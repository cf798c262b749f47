"""The menu of the dashboard; Streamlit runs this at every turn.

It stands outside `ui`: beside a folder called pages Streamlit would make a menu of its own.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from assessment.errors import UserError
from assessment.model.access import Role, Task, Visitor
from assessment.ui.cache import (
    find_visitor_or_nobody,
    get_queries,
    note_if_refused,
    share_installation,
    taking_turn,
)
from assessment.ui.components import show_look, show_menu
from assessment.ui.navigation import begin_run, give_title, go_on, open_page, write_address
from assessment.ui.notices import show_warning
from assessment.ui.pages import (
    beheer,
    formules,
    inleveringen,
    invullen,
    kader,
    landelijk_beeld,
    leverkaart,
    mijn_eenheid,
    mijn_huis,
    rapporten,
    ronde,
    routekaart,
    start,
    zelfscan,
)
from assessment.ui.permits import grant_permit, withdraw_permit
from assessment.ui.visitor import admit, watch_visitor

ICON = str(Path(__file__).parent / "ui" / "icon.png")
# Names of the first page, which has no address: the framework knows it by one that nobody asked for.
_START = ("kaderscan", "start")
_OWN = ("huis", "routekaart", "formules", "zelfscan")
# The menu in the order of the work of a role; of another it is that of `_show`.
_WORK = {
    Role.UNIT: ("start", "eenheid", "ronde", "inleveringen", "land", "rapporten", "kader", *_OWN),
    Role.COUNTRY: ("start", "land", "ronde", "inleveringen", "rapporten", "kader", "eenheid", *_OWN),
    Role.ADMINISTRATOR: ("start", "beheer", "ronde", "inleveringen", "kader"),
}


def _show() -> None:
    """Show the page that is asked."""
    st.set_page_config(page_title="Kaderscan", page_icon=ICON, layout="wide", menu_items={"About": None})
    show_look()
    visitor = find_visitor_or_nobody()
    if visitor.who:
        grant_permit(watch_visitor(share_installation()))
    else:
        withdraw_permit()
    may, asked = visitor.may_somewhere, _find_asked()
    name = next(each for each in _START if each != asked)
    pages = {
        "start": st.Page(start.render, title="Start", url_path=name, default=True),
        "zelfscan": _page(zelfscan.render, "Zelfscan", "zelfscan", may(Task.GET_FORM)),
        "invullen": _page(invullen.render, "Invullen", "invullen", may(Task.FILL_IN)),
        "huis": _page(mijn_huis.render, "Mijn huis", "mijn-huis", may(Task.SEE_SCORES)),
        "routekaart": _page(routekaart.render, "Routekaart", "routekaart", may(Task.SEE_PLAN)),
        "formules": _page(formules.render, "Formules", "formules", may(Task.SEE_FORMULAS)),
        "eenheid": _page(mijn_eenheid.render, "Mijn eenheid", "mijn-eenheid", visitor.sees_units),
        "leverkaart": _page(leverkaart.render, "Leverkaart", "leverkaart", shown=False),
        "ronde": _page(ronde.render, "Ronde", "ronde", may(Task.SEE_PROGRESS)),
        "inleveringen": _page(inleveringen.render, "Inleveringen", "inleveringen", may(Task.SEE_PROGRESS)),
        "land": _page(landelijk_beeld.render, "Landelijk beeld", "landelijk-beeld", may(Task.SEE_GROUPS)),
        "rapporten": _page(rapporten.render, "Rapporten", "rapporten", may(Task.SEE_SCORES)),
        "kader": _page(kader.render, "Kader", "kader", may(Task.SEE_REGISTER)),
        "beheer": _page(beheer.render, "Beheer", "beheer", may(Task.MANAGE_ACCOUNTS)),
    }
    begin_run(pages)
    known = _sort_pages(pages, visitor)
    try:
        chosen = st.navigation([*known, *_find_unknown(asked, known)], position="top")
        show_menu(page for page in known if page.visibility == "visible")
        with taking_turn():
            admit(share_installation(), lambda: get_queries().find_register())
            go_on()
            open_page(chosen.title)
            chosen.run()
    except UserError as error:
        note_if_refused(error)
        give_title()
        show_warning(str(error))
    write_address()


def _sort_pages(pages: Mapping[str, Page], visitor: Visitor) -> list[Page]:
    """The pages in the order of the work of who has one role."""
    roles = {grant.role for grant in visitor.grants}
    first = _WORK.get(roles.pop(), ()) if len(roles) == 1 else ()
    return [pages[name] for name in dict.fromkeys([*first, *pages])]


def _page(render: Callable[[], None], title: str, path: str, shown: bool) -> Page:  # noqa: FBT001
    """A page that is in the menu of who may do its task somewhere; by its address it says who may."""
    visibility: Literal["visible", "hidden"] = "visible" if shown else "hidden"
    return st.Page(render, title=title, url_path=path, visibility=visibility)


def _find_asked() -> str:
    """The last part of the address; empty for the first page."""
    return urlsplit(st.context.url or "").path.strip("/").rpartition("/")[2]


def _find_unknown(asked: str, known: list[Page]) -> list[Page]:
    """A page for an address that none of ours has; else the framework says in English that it is lost."""
    if not asked or asked in {page.url_path for page in known}:
        return []
    if asked in _START:
        return [st.Page(start.render, title="Start", url_path=asked, visibility="hidden")]
    return [st.Page(_show_not_found, title="Niet gevonden", url_path=asked, visibility="hidden")]


def _show_not_found() -> None:
    st.title("Deze pagina bestaat niet", anchor=False)
    st.markdown("Misschien is het adres niet goed overgenomen. Kies hierboven waar u naartoe wilt.")


if __name__ == "__main__":  # not in the processes that read files, which import the main script again
    _show()
