"""Invullen: a theme at a time, stored as you go, with colleagues; handed in at the end."""

from collections.abc import Iterable, Sequence
from functools import partial

import streamlit as st

from assessment.model.access import Task
from assessment.model.answers import Whose
from assessment.model.draft import Draft, ThemeProgress, add_up
from assessment.model.register import Round
from assessment.service.clock import now
from assessment.service.drafts import begin_draft, take_draft
from assessment.service.intake import NamedFile
from assessment.tables.formats import format_day, format_part
from assessment.tables.versions import list_progress
from assessment.ui.cache import get_installation, get_queries, trying
from assessment.ui.components import (
    find_first_waiting,
    lead_to_house,
    open_head,
    show_quietly,
    show_rows,
    show_title,
    show_waiting,
)
from assessment.ui.forms.hand_in import offer_to_remove, show_delivered, show_delivery
from assessment.ui.forms.questions import ask_share, ask_theme, find_saved, list_held
from assessment.ui.navigation import link_to
from assessment.ui.notices import show_info, show_notice
from assessment.ui.selectors import choose_house_and_round, choose_theme
from assessment.ui.session import Key, go_to_theme

_SETTLED = (
    "Wat is ingeleverd, is vastgesteld. Wilt u iets veranderen, vraag uw politie-eenheid dan om de "
    "vastgestelde versie te heropenen."
)
_NOT_BEGUN = "Een concept beginnen kan nu niet: u zou het niet kunnen inleveren."
_KEPT = "Dit concept blijft bewaard, maar inleveren kan nu niet."


def render() -> None:
    """Show the page."""
    head = open_head()
    with head.choices:
        _, round_, house, side = choose_house_and_round(Task.SEE_CONCEPTS, find_first_waiting)
    whose = Whose(round_.round_id, house.house_id, side)
    subtitle = f"{house.title} · {round_.title} · antwoorden van {side.dutch}"
    draft = get_queries().find_draft(whose)
    with head.title:
        title = f"{house.short_title}: {_describe_state(whose, draft)}"
        show_title(title, subtitle, about=house.short_title, invented=house.invented)
    show_notice()
    obstacle = _find_obstacle(round_, whose)
    is_delivered = draft is None and show_delivered(whose)
    if is_delivered:
        show_waiting(round_, whose)
    is_ready = draft is None and not is_delivered and _tell_it_is_ready(round_, whose)
    if obstacle:
        show_info(f"{obstacle} {_KEPT if draft else _NOT_BEGUN}")
    if obstacle or is_ready:
        link_to("inleveringen", "Bekijk wat is ingeleverd")
    if draft is not None:
        _show_draft(draft)
    elif not obstacle:
        _offer_to_begin(whose)


def _describe_state(whose: Whose, draft: Draft | None) -> str:
    if draft is not None:
        told = add_up(get_queries().find_progress(draft))
        return f"{format_part(told.answered, told.asked, 'vraag')} beantwoord in het concept"
    current = get_queries().find_current(whose)
    return "nog niet begonnen" if current is None else f"ingeleverd op {format_day(current.handed_in)}"


def _tell_it_is_ready(round_: Round, whose: Whose) -> bool:
    """Say that answers are ready where they were handed in, and lead to what waits and to what came of it."""
    if get_queries().find_current(whose) is None:
        return False
    told = st.container()
    others = show_waiting(round_, whose)
    nothing = "" if others else " Hier hoeft u niets meer te doen."
    told.markdown(f"**Klaar:** wat is ingevuld, is ingeleverd.{nothing}")
    lead_to_house(whose, "klaar")
    return True


def _find_obstacle(round_: Round, whose: Whose) -> str:
    """Why nothing can be handed in at present; an empty text where it can."""
    closing = get_queries().find_closing(round_)
    if closing is not None:
        return f"Ronde {round_.title} is gesloten op {format_day(closing.moment)}."
    return _SETTLED if get_queries().find_settled(whose) else ""


def _offer_to_begin(whose: Whose) -> None:
    newest = get_queries().find_current(whose)
    asked = "Wilt u iets veranderen? Begin dan een concept." if newest else "Waarmee wilt u beginnen?"
    st.markdown(f"{asked} Uw collega's zien en vullen hetzelfde concept.")
    with st.container(horizontal=True):
        if newest is not None:
            label = f"Ga verder met versie {newest.version} van {format_day(newest.handed_in)}"
            st.button(label, on_click=partial(_begin, whose))
        st.button(
            "Begin leeg",
            type="secondary" if newest else "primary",
            on_click=partial(_begin, whose, empty=True),
        )
    with st.expander("Of begin met een bestand dat al (deels) is ingevuld"):
        upload = st.file_uploader("Uw vragenlijst (.xlsx, .xlsm, .ods of .csv)", key=Key.DRAFT_FILE)
        if upload is not None:
            _offer_file(NamedFile(upload.name, upload.getvalue()))


def _offer_file(file: NamedFile) -> None:
    reason = st.text_input("Staan er opmerkingen bij? Zeg dan waarom u doorgaat", key=Key.DRAFT_FILE_REASON)
    st.button("Begin met dit bestand", on_click=partial(_take, file, reason))


def _begin(whose: Whose, *, empty: bool = False) -> None:
    trying(lambda: begin_draft(get_installation(), whose, now(), empty=empty))


def _take(file: NamedFile, reason: str) -> None:
    trying(lambda: take_draft(get_installation(), file, now(), reason))


def _show_draft(draft: Draft) -> None:
    progress = get_queries().find_progress(draft)
    chosen = choose_theme(progress)
    _show_progress(progress, chosen)
    st.header(chosen.theme.title, anchor=False)
    with st.container(key="vragen"):
        ask_share(draft, chosen.theme)
        ask_theme(draft, chosen.theme, get_queries().find_earlier(draft.whose))
    _show_way_on(progress, chosen)
    show_delivery(draft)
    offer_to_remove(draft)
    _show_bar(draft, progress, chosen)


def _show_progress(progress: Sequence[ThemeProgress], chosen: ThemeProgress) -> None:
    """Show how far each theme is; a theme is a button that goes to it."""
    with st.container(horizontal=True, key="themas"):
        for each in progress:
            st.button(
                f"{each.theme.title}: {each.answered} van {each.asked}",
                key=Key.DRAFT_THEME.of(each.theme.theme_id),
                type="primary" if each is chosen else "secondary",
                on_click=partial(go_to_theme, each.theme.theme_id),
            )
    with (
        st.container(key="overzicht"),
        st.expander("Wie doet wat, en wat is nog open?", type="compact"),
    ):
        show_rows(list_progress(progress))


def _show_way_on(progress: Sequence[ThemeProgress], chosen: ThemeProgress) -> None:
    """Tell what is left of a theme, and lead to the next that is not done."""
    st.divider()
    left = ", ".join(chosen.missing)
    st.markdown(f"**Nog zonder antwoord in dit thema:** {left}." if left else "**Dit thema is klaar.**")
    after = progress.index(chosen) + 1
    waiting = [each for each in (*progress[after:], *progress[: after - 1]) if each.missing]
    if waiting:
        st.button(
            f"Verder met: {waiting[0].theme.title}",
            on_click=partial(go_to_theme, waiting[0].theme.theme_id),
        )


def _describe_all(progress: Iterable[ThemeProgress]) -> str:
    answered = add_up(progress)
    told = f"{answered.answered} van {answered.asked}"
    written = format_part(answered.written, answered.open, "open vraag")
    return f"{told} · {written}" if answered.written else told


def _show_bar(draft: Draft, progress: Sequence[ThemeProgress], chosen: ThemeProgress) -> None:
    """Show at the foot of the window that everything is stored, and how far one is."""
    held, saved = list_held(draft), find_saved(draft)
    told = f"Nog niet bewaard: {', '.join(held)}" if held else "Alles is bewaard"
    if saved and not held:
        told = f"Bewaard om {saved[1]:%H:%M}"
    with st.container(key="stand"):
        show_quietly(
            f"{told} · dit thema {chosen.answered} van {chosen.asked} · alles {_describe_all(progress)}"
        )
