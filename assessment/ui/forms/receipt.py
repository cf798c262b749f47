"""What was read and what became of it, for a file and for a draft alike."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from assessment.model.issue import Weight
from assessment.model.receipt import OF_QUESTIONS, Receipt, RowClass
from assessment.model.sheets import Part
from assessment.service.intake import FileOutcome, find_current, find_refusal
from assessment.service.receipts import make_receipt, name_receipt
from assessment.tables.shown import show_day
from assessment.ui.cache import get_installation
from assessment.ui.components import XLSX, show_counts
from assessment.ui.navigation import link_to
from assessment.ui.session import Key

_ALWAYS_SHOWN = {RowClass.READ, RowClass.UNKNOWN, RowClass.EMPTY, RowClass.NOT_UNDERSTOOD}


def show_receipt(receipt: Receipt, what: str = "Bestand") -> None:
    """Show what was read, with every remark."""
    st.subheader(f"{what} gelezen: {receipt.answered} van {receipt.asked} vragen beantwoord", anchor=False)
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


def offer_receipt(handed_in: FileOutcome, key: str) -> None:
    """Offer the file with the remarks in it."""
    st.download_button(
        "Download uw bestand met opmerkingen",
        lambda: make_receipt(get_installation(), handed_in).content,
        name_receipt(handed_in.file.name),
        XLSX,
        key=Key.RECEIPT.of(key),
        on_click="ignore",
    )


def offer_to_hand_in(receipt: Receipt, hand_in: Callable[[str], None], key: str) -> None:
    """Offer to hand in; where something asks for a repair or a reason, only with a reason.

    Args:
        receipt: what handing in would bring.
        hand_in: does it, with the reason or with none.
        key: tells the widgets from those of another file.
    """
    refusal = find_refusal(get_installation(), receipt)
    if refusal is not None:
        st.warning(str(refusal))
        return
    earlier = find_current(get_installation(), receipt)
    if earlier is not None:
        st.info(
            f"Op {show_day(earlier.handed_in)} is voor dit huis al versie {earlier.version} ingeleverd. "
            "Inleveren maakt een nieuwe versie, die daarna geldt. De eerdere versie blijft bewaard."
        )
    if not receipt.blocking:
        st.button("Lever in", type="primary", key=Key.HAND_IN.of(key), on_click=partial(hand_in, ""))
        return
    st.markdown(
        "Er is nog niets ingeleverd. Herstel wat hierboven staat. Of ga door en zeg waarom: wat niet "
        "begrepen is blijft dan open."
    )
    reason = st.text_input("Waarom gaat u door?", key=Key.HAND_IN_REASON.of(key), max_chars=500)
    st.button(
        "Lever toch in",
        key=Key.HAND_IN_ANYWAY.of(key),
        disabled=not reason.strip(),
        on_click=partial(hand_in, reason),
    )


def show_stored(handed_in: FileOutcome, receipt: Receipt) -> None:
    """Say that it was handed in."""
    if handed_in.already:
        st.success("Dit bestand was al ingeleverd. Er is niets veranderd.")
    else:
        st.success(f"Ingeleverd. De antwoorden van {receipt.house.title} zijn bewaard.")
    link_to("huis", "Bekijk waar uw huis staat")
