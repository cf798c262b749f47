"""Zelfscan: how do I fill it in, and did everything come across?"""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from assessment.errors import UserError
from assessment.service.clock import now
from assessment.service.forms import make_form
from assessment.service.intake import Receipt, check_file, hand_in
from assessment.ui.cache import get_installation
from assessment.ui.pieces import XLSX, show_counts
from assessment.ui.state import (
    choose_house,
    choose_perspective,
    choose_round,
    keep_handed_in,
    last_handed_in,
    link_to,
    load_register,
)


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
        file = st.file_uploader("Uw ingevulde vragenlijst (.xlsx)", key="bestand")
    if file is not None:
        _show_file(file)


def _show_download() -> None:
    st.subheader("1  Download de vragenlijst", anchor=False)
    register = load_register()
    asked = choose_round(register)
    house = choose_house(register, asked)
    perspective = choose_perspective(asked)
    file_name, content = make_form(get_installation(), house.house_id, asked.round_id, perspective)
    st.download_button("Download de vragenlijst", content, file_name, XLSX, type="primary", on_click="ignore")


def _show_file(file: UploadedFile) -> None:
    content = file.getvalue()
    with st.container(border=True):
        try:
            receipt = check_file(get_installation(), content, file.name)
        except UserError as error:
            st.subheader("Niet gelezen", anchor=False)
            st.warning(str(error))
            return
        _show_receipt(receipt)
        stored = last_handed_in()
        if stored is not None and stored.receipt == receipt:
            _show_stored(receipt)
        elif not receipt.issues:
            st.button("Lever in", type="primary", on_click=_hand_in, args=(content, file.name))


def _show_receipt(receipt: Receipt) -> None:
    st.subheader(f"Bestand gelezen: {receipt.answered} van {receipt.asked} vragen beantwoord", anchor=False)
    st.markdown(f"{receipt.house.title}, {receipt.round.title}, ingevuld door {receipt.perspective.dutch}.")
    show_counts(
        [
            ("meets", "●", f"{receipt.chosen} gelezen"),
            ("undetermined", "?", f"{receipt.unknown} weet ik niet"),
            ("not_applicable", "–", f"{receipt.not_applicable} niet van toepassing"),
            ("not_yet", "○", f"{receipt.empty} leeg"),
            ("explained", "◆", f"{receipt.deviations} bewust anders"),
            ("not_scored", "!", f"{len(receipt.issues)} niet begrepen"),
        ]
    )
    if receipt.issues:
        st.warning(
            "Er is iets niet begrepen; er is nog niets bewaard. Herstel dit en lever het bestand opnieuw in."
        )
        for issue in receipt.issues:
            st.text(issue.message)


def _hand_in(content: bytes, file_name: str) -> None:
    keep_handed_in(hand_in(get_installation(), content, file_name, now()))


def _show_stored(receipt: Receipt) -> None:
    st.success(f"Ingeleverd. De antwoorden van {receipt.house.title} zijn bewaard.")
    link_to("huis", "Bekijk waar uw huis staat")
