"""Zelfscan: how do I fill it in, and did everything come across?"""

from functools import partial

import streamlit as st

from assessment.errors import UserError
from assessment.model.access import Task
from assessment.model.answers import Whose
from assessment.model.register import Register
from assessment.model.rounds import find_current
from assessment.service.clock import now, today
from assessment.service.drafts import take_draft
from assessment.service.intake import FileOutcome, NamedFile, check_file, hand_in
from assessment.tables.versions import describe_zelfscan
from assessment.ui.cache import get_installation, get_queries, hand_out, note_if_refused
from assessment.ui.components import (
    XLSX,
    find_first_waiting,
    lead_to_house,
    show_drafts,
    show_title,
    show_waiting,
)
from assessment.ui.forms.hand_in import offer_receipt, offer_to_hand_in, show_receipt, show_stored
from assessment.ui.navigation import link_to
from assessment.ui.notices import show_info, show_warning
from assessment.ui.selectors import choose_house, choose_perspective, choose_round, load_register
from assessment.ui.session import MEANT, PAGES, Key, find_handed_in, keep_handed_in
from assessment.writers.questionnaire import write_questionnaire

_FINISHING = "Wordt op het scherm aangevuld."


def render() -> None:
    """Show the page."""
    register = load_register()
    head = st.container(gap="xsmall")
    download, fill_in, deliver = st.columns(3, gap="large")
    with download:
        whose = _show_download(register)
    may = get_queries().visitor.may_somewhere
    with fill_in:
        st.header("2  Vul in met uw collega's", anchor=False)
        st.markdown(
            "Elk thema heeft een eigen blad. Kies bij elke vraag een antwoord uit de lijst. "
            "Weet ik niet is een gewoon antwoord, en leeg laten mag. "
            "Zet er geen gegevens van casussen of inwoners in."
        )
        if may(Task.FILL_IN):
            st.markdown("Liever op het scherm, een thema tegelijk, met collega's?")
            link_to("invullen", "Vul op het scherm in")
    with deliver:
        st.header("3  Lever in" if may(Task.HAND_IN) else "3  Laat uw bestand controleren", anchor=False)
        uploads = st.file_uploader(
            "Uw ingevulde vragenlijst (.xlsx, .xlsm, .ods of .csv); meer bestanden mag ook",
            key=Key.FILES,
            accept_multiple_files=True,
        )
    with head:
        _show_finding(whose, leads_on=not uploads)
    for place, upload in enumerate(uploads):
        with st.container(border=True):
            file = NamedFile(upload.name, upload.getvalue())
            _show_file(file._replace(meant=MEANT.rows.get(file.sha256, frozenset())), place)


def _show_finding(whose: Whose, *, leads_on: bool) -> None:
    """Say in the title whether the house handed in, or until when it may; and where to go then.

    Whoever hands in a file is led on beside it, and not here.
    """
    register = get_queries().find_register()
    house, round_ = register.house[whose.house_id], register.round[whose.round_id]
    versions = find_current(get_queries().list_versions(round_.round_id, house.house_id).versions)
    newest = versions.get((house.house_id, whose.perspective))
    closing = get_queries().find_closing(round_)
    show_title(
        f"{house.short_title}: {describe_zelfscan(round_, newest, closing)}",
        f"Zelfscan · {round_.title} · antwoorden van {whose.perspective.dutch}",
        about=house.short_title,
        invented=house.invented,
    )
    if newest is not None:
        if leads_on:
            lead_to_house(whose, "boven")
        show_waiting(round_, whose)
    show_drafts(house, round_)


def _show_download(register: Register) -> Whose:
    st.header("1  Download de vragenlijst", anchor=False)
    round_ = choose_round(register)
    house = choose_house(register, round_, Task.GET_FORM, find_first_waiting(round_))
    perspective = choose_perspective(register, round_, Task.GET_FORM)
    whose = Whose(round_.round_id, house.house_id, perspective)
    form = get_queries().find_form(whose)
    write = hand_out(form.subject, partial(write_questionnaire, form))
    st.download_button(
        "Download de vragenlijst",
        write,
        form.file_name,
        XLSX,
        type="secondary" if get_queries().find_current(whose) else "primary",
        on_click="ignore",
    )
    return whose


def _show_file(file: NamedFile, place: int) -> None:
    handed_in = find_handed_in(file)
    if handed_in is None:
        handed_in = _check(file)
    if handed_in.receipt is None:
        st.subheader("Niet gelezen", anchor=False)
        show_warning(str(handed_in.error))
        return
    show_receipt(handed_in.receipt, sha256="" if handed_in.submission_id else file.sha256)
    offer_receipt(handed_in, str(place))
    if handed_in.submission_id:
        show_stored(handed_in, handed_in.receipt, str(place))
        return
    if handed_in.error is not None:
        show_warning(str(handed_in.error))
    house, side = handed_in.receipt.house, handed_in.receipt.perspective
    if get_queries().may(Task.HAND_IN, house, side):
        offer_to_hand_in(handed_in.receipt, partial(_hand_in, file), str(place))
    else:
        show_info("Dit is een controle. U kunt dit bestand niet inleveren; dat doet wie antwoordt.")
    unfinished = handed_in.receipt.answered.answered < handed_in.receipt.asked
    if unfinished and get_queries().may(Task.FILL_IN, house, side):
        _offer_to_finish(file, handed_in.receipt.whose, str(place))


def _offer_to_finish(file: NamedFile, whose: Whose, key: str) -> None:
    """Offer to answer on screen what is open, without another file."""
    if not st.button("Vul op het scherm aan wat nog open is", key=Key.FINISH.of(key)):
        return
    try:
        take_draft(get_installation(), file, now(), _FINISHING)
    except UserError as error:
        note_if_refused(error)
        show_warning(str(error))
        link_to("invullen", "Naar het concept")
    else:
        chosen = {"ronde": whose.round_id, "huis": whose.house_id, "wie": whose.perspective.value}
        st.switch_page(PAGES.get()["invullen"], query_params=chosen)


def _check(file: NamedFile) -> FileOutcome:
    try:
        with st.spinner("Het bestand wordt gelezen …"):
            return FileOutcome(file, check_file(get_installation(), file, today()))
    except UserError as error:
        note_if_refused(error)
        return FileOutcome(file, error=error)


def _hand_in(file: NamedFile, accepted_because: str) -> None:
    try:
        keep_handed_in(hand_in(get_installation(), file, now(), accepted_because))
    except UserError as error:
        note_if_refused(error)
        keep_handed_in(FileOutcome(file, _check(file).receipt, error=error))
