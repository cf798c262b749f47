"""Ronde: how far is every house, and what is still expected? By unit and name; nobody is ranked."""

from functools import partial

import streamlit as st

from assessment.figures.matrix import write_board
from assessment.model.access import Task
from assessment.model.register import Register, Round
from assessment.model.rounds import Board
from assessment.service.clock import now
from assessment.service.rounds import close_round, reopen_round
from assessment.tables.administration import (
    count_states,
    describe_adopted,
    describe_closing,
    describe_deadline,
    describe_questionnaires,
    list_round_events,
)
from assessment.ui.cache import get_installation, get_queries, trying
from assessment.ui.components import (
    describe_going_on,
    find_choices,
    find_own_drafts,
    open_head,
    show_facts,
    show_link,
    show_quietly,
    show_rows,
    show_title,
)
from assessment.ui.forms.first_days import offer_round, show_first_steps
from assessment.ui.navigation import find_address, link_to
from assessment.ui.notices import show_notice
from assessment.ui.selectors import choose_round, choose_unit, load_register
from assessment.ui.session import Key

_ALL = "alle huizen waarvan nog iets ontbreekt"


def render() -> None:
    """Show the page."""
    if _show_first_round():
        return
    register = load_register()
    head = open_head()
    with head.choices:
        round_ = choose_round(register)
    everyone = get_queries().find_board(round_.round_id)
    with head.choices:
        unit_id = choose_unit(register, [line.house for line in everyone.lines])
    board = _limit(everyone, unit_id)
    invented = all(line.house.invented for line in board.lines)
    deadline = describe_deadline(board, now())
    with head.title:
        show_title(
            describe_questionnaires(board),
            deadline,
            about=round_.title,
            invented=invented,
            demo="deze huizen zijn verzonnen",
        )
    show_notice()
    st.markdown(f"{describe_adopted(board)} Zo staat het met de vragenlijsten:")
    show_facts(count_states(board), headline=False)
    _show_own_draft(round_)
    st.html(write_board(board, register, _find_addresses(register, round_)))
    link_to("inleveringen", "Bekijk wat een huis heeft ingeleverd")
    if board.closing is None:
        _show_reminders(round_, unit_id)
    _show_history(round_)
    if get_queries().may(Task.MANAGE_ROUNDS):
        _show_closing(everyone)
        with st.expander("Nieuwe ronde"):
            offer_round(register)


def _show_first_round() -> bool:
    """Show how to open the first round to who may; tell whether that is all there is to see."""
    queries = get_queries()
    register = queries.find_register()
    if register.rounds or not queries.may(Task.MANAGE_ROUNDS):
        return False
    show_title("Ronde: open de eerste")
    show_notice()
    show_first_steps(register)
    offer_round(register)
    return True


def _show_own_draft(round_: Round) -> None:
    """Lead on to the draft of who has one; who has more finds them by house."""
    own = find_own_drafts(round_)
    if len(own) == 1:
        show_link(find_address("invullen", **find_choices(own[0].whose)), describe_going_on(own[0]))


def _find_addresses(register: Register, round_: Round) -> dict[str, str]:
    """Where each house that the visitor may see stands."""
    may = get_queries().may
    seen = (
        house.house_id
        for house in register.houses_of(round_)
        if any(may(Task.SEE_SCORES, house, whose) for whose in round_.perspectives)
    )
    return {house_id: find_address("mijn-huis", huis=house_id) for house_id in seen}


def _limit(board: Board, unit_id: str | None) -> Board:
    return board._replace(lines=tuple(line for line in board.lines if unit_id in {None, line.house.unit_id}))


def _show_reminders(round_: Round, unit_id: str | None) -> None:
    reminders = get_queries().make_reminders(round_.round_id)
    own = [each for each in reminders if unit_id in {None, each.house.unit_id}]
    if not own:
        return
    with st.expander(f"Herinneringen om te kopiëren ({len(own)})"):
        st.markdown("Er gaat geen mail uit. Kopieer de tekst naar uw eigen mail.")
        titles = {each.house.house_id: each.house.title for each in own}
        chosen = st.selectbox(
            "Voor", ["", *titles], format_func=lambda key: titles.get(key, _ALL), key=Key.REMINDER
        )
        texts = [f"{each.subject}\n\n{each.text}" for each in own if chosen in {"", each.house.house_id}]
        st.code("\n\n\n".join(texts), language=None, wrap_lines=True, height=320)


def _show_history(round_: Round) -> None:
    events = get_queries().find_history(round_.round_id)
    if events:
        with st.expander("Wat er met deze ronde is gedaan"):
            show_rows(list_round_events(events))
            show_quietly(
                "Op de peildag moet gelden wat bewust anders is, om mee te tellen. Na de sluiting verandert "
                "die dag niet meer."
            )


def _show_closing(board: Board) -> None:
    round_id = board.round.round_id
    if board.closing is not None:
        with st.expander("Ronde heropenen"):
            st.markdown("Wat bevroren is, is dan weer vastgesteld, en huizen kunnen weer inleveren.")
            reason = st.text_input("Waarom heropent u de ronde?", key=Key.REOPENING_REASON, max_chars=500)
            reopening = partial(_reopen, round_id, reason)
            st.button("Heropen de ronde", disabled=not reason.strip(), on_click=reopening)
        return
    with st.expander("Ronde sluiten"):
        frozen, *left = describe_closing(board)
        st.markdown(
            f"Na sluiten kan er niets meer bij of af, en de cijfers blijven zoals zij dan zijn. {frozen}"
        )
        if left:
            st.markdown("Nog niet vastgesteld:")
            st.text("\n".join(left))
        read = st.checkbox("Ik heb gezien wat er wordt bevroren en wat niet.", key=Key.CLOSING_READ)
        st.button("Sluit de ronde", disabled=not read, on_click=partial(_close, round_id))


def _close(round_id: str) -> None:
    trying(
        lambda: close_round(get_installation(), round_id, now()),
        "De ronde is gesloten. Wat was vastgesteld, is bevroren.",
    )


def _reopen(round_id: str, reason: str) -> None:
    trying(lambda: reopen_round(get_installation(), round_id, reason, now()), "De ronde is weer open.")
