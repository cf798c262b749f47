"""Zelfscan: how do I fill it in, and did everything come across?"""

from functools import partial

import streamlit as st

from assessment.errors import UserError
from assessment.model.access import Task
from assessment.model.issue import Weight
from assessment.model.receipt import OF_QUESTIONS, Receipt, RowClass
from assessment.model.sheet import Part
from assessment.service.clock import now
from assessment.service.desk import HandedIn, NamedFile
from assessment.service.forms import make_form
from assessment.service.intake import check_file, find_current, hand_in
from assessment.service.receipts import make_receipt, name_receipt
from assessment.tables.shown import show_day
from assessment.ui.cache import get_installation
from assessment.ui.pieces import XLSX, show_counts
from assessment.ui.state import (
    choose_house,
    choose_perspective,
    choose_round,
    find_handed_in,
    keep_handed_in,
    link_to,
    load_register,
)

_ALWAYS_SHOWN = {RowClass.READ, RowClass.UNKNOWN, RowClass.EMPTY, RowClass.NOT_UNDERSTOOD}


def render() -> None:
    """Show the page."""
    st.title("Zelfscan", anchor=False)
    st.markdown("Vul de vragenlijst in met uw collega's, lever hem in en zie meteen wat er is gelezen.")
    download, fill_in, deliver = st.columns(3, gap="large")
    with download:
        _show_download()
    with fill_in:
        st.subheader("2  Vul in met uw collega's", anchor=False)
        st.markdown(
            "Elk thema heeft een eigen blad. Kies bij elke vraag een antwoord uit de lijst. "
            "Weet ik niet is een gewoon antwoord, en leeg laten mag. "
            "Zet er geen gegevens van casussen of inwoners in."
        )
    with deliver:
        st.subheader("3  Lever in", anchor=False)
        uploads = st.file_uploader(
            "Uw ingevulde vragenlijst (.xlsx, .xlsm, .ods of .csv); meer bestanden mag ook",
            key="bestand",
            accept_multiple_files=True,
        )
    for place, upload in enumerate(uploads):
        with st.container(border=True):
            _show_file(NamedFile(upload.name, upload.getvalue()), place)


def _show_download() -> None:
    st.subheader("1  Download de vragenlijst", anchor=False)
    register = load_register()
    asked = choose_round(register)
    house = choose_house(register, asked, Task.GET_FORM)
    perspective = choose_perspective(register, asked, Task.GET_FORM)
    file_name, content = make_form(get_installation(), house.house_id, asked.round_id, perspective)
    st.download_button("Download de vragenlijst", content, file_name, XLSX, type="primary", on_click="ignore")


def _show_file(file: NamedFile, place: int) -> None:
    handed_in = find_handed_in(file)
    if handed_in is None:
        handed_in = _check(file)
    if handed_in.receipt is None:
        st.subheader("Niet gelezen", anchor=False)
        st.warning(str(handed_in.error))
        return
    _show_receipt(handed_in.receipt)
    _offer_receipt(handed_in, place)
    if handed_in.submission_id:
        _show_stored(handed_in, handed_in.receipt)
        return
    if handed_in.error is not None:
        st.warning(str(handed_in.error))
    _offer_to_hand_in(file, handed_in.receipt, place)


def _check(file: NamedFile) -> HandedIn:
    try:
        with st.spinner("Het bestand wordt gelezen …"):
            return HandedIn(file, check_file(get_installation(), file))
    except UserError as error:
        return HandedIn(file, error=error)


def _show_receipt(receipt: Receipt) -> None:
    st.subheader(f"Bestand gelezen: {receipt.answered} van {receipt.asked} vragen beantwoord", anchor=False)
    st.markdown(
        f"**{receipt.house.title}**, {receipt.round.title}, ingevuld door {receipt.perspective.dutch}. "
        f"Bestand: {receipt.file_name}."
    )
    counts = [(each, receipt.count(each, parts=[Part.QUESTIONS])) for each in OF_QUESTIONS]
    shown = [(each.sign, f"{count} {each.dutch}") for each, count in counts if count or each in _ALWAYS_SHOWN]
    show_counts([("not_scored", *each) for each in [*shown, ("◆", f"{receipt.deviations} bewust anders")]])
    _show_remarks("Niet begrepen", receipt, Weight.FAULT)
    _show_remarks("Een vraag aan u", receipt, Weight.ASK)
    _show_remarks("Ter informatie", receipt, Weight.NOTE)


def _show_remarks(title: str, receipt: Receipt, weight: Weight) -> None:
    remarks = receipt.of_weight(weight)
    if remarks:
        with st.expander(f"{title} ({len(remarks)})", expanded=weight is not Weight.NOTE):
            for issue in remarks:
                st.text(issue.message)


def _offer_receipt(handed_in: HandedIn, place: int) -> None:
    st.download_button(
        "Download uw bestand met opmerkingen",
        lambda: make_receipt(get_installation(), handed_in).content,
        name_receipt(handed_in.file.name),
        XLSX,
        key=f"ontvangst-{place}",
        on_click="ignore",
    )


def _offer_to_hand_in(file: NamedFile, receipt: Receipt, place: int) -> None:
    earlier = find_current(get_installation(), receipt)
    if earlier is not None:
        st.info(
            f"Op {show_day(earlier.handed_in)} is voor dit huis al versie {earlier.version} ingeleverd. "
            f"Inleveren maakt hier versie {earlier.version + 1} van, die daarna geldt. "
            "De eerdere versie blijft bewaard."
        )
    if not receipt.blocking:
        st.button("Lever in", type="primary", key=f"lever-{place}", on_click=_hand_in, args=(file,))
        return
    st.markdown(
        "Er is nog niets bewaard. Herstel het bestand en lever het opnieuw in. Of ga door en zeg waarom: wat "
        "niet begrepen is blijft dan open."
    )
    reason = st.text_input("Waarom gaat u door?", key=f"reden-{place}", max_chars=500)
    st.button(
        "Lever toch in",
        key=f"toch-{place}",
        disabled=not reason.strip(),
        on_click=partial(_hand_in, file, reason),
    )


def _hand_in(file: NamedFile, accepted_because: str = "") -> None:
    try:
        keep_handed_in(hand_in(get_installation(), file, now(), accepted_because))
    except UserError as error:
        keep_handed_in(HandedIn(file, _check(file).receipt, error=error))


def _show_stored(handed_in: HandedIn, receipt: Receipt) -> None:
    if handed_in.already:
        st.success("Dit bestand was al ingeleverd. Er is niets veranderd.")
    else:
        st.success(f"Ingeleverd. De antwoorden van {receipt.house.title} zijn bewaard.")
    link_to("huis", "Bekijk waar uw huis staat")
