"""The end of a draft: handed in, after seeing what would be read; or removed, after saying so."""

from functools import partial

import streamlit as st

from assessment.model.answers import Whose
from assessment.model.draft import Draft
from assessment.service.clock import now
from assessment.service.drafts import check_draft, drop_draft, hand_in_draft, write_draft
from assessment.service.intake import FileOutcome
from assessment.ui.cache import get_installation
from assessment.ui.forms.edits import list_held
from assessment.ui.forms.receipt import offer_receipt, offer_to_hand_in, show_receipt, show_stored
from assessment.ui.notices import trying
from assessment.ui.session import CHECKED, DELIVERED, Key, keep_handed_in


def show_delivery(draft: Draft) -> None:
    """Offer to check a draft, and then to hand it in as it was checked."""
    st.header("Inleveren", anchor=False)
    if held := list_held(draft):
        st.info(f"Eerst nog kiezen of bewaren: {', '.join(held)}.")
        return
    checked = CHECKED.get()
    if checked is None or checked[0] != draft:
        st.markdown("Klaar, of klaar voor nu? U ziet eerst wat er is ingevuld; daarna beslist u.")
        st.button("Controleer het concept", on_click=partial(trying, partial(_check, draft)))
        return
    receipt = checked[1].receipt
    assert receipt is not None  # noqa: S101 - a draft that was checked has one
    with st.container(border=True):
        show_receipt(receipt, "Concept")
        offer_receipt(checked[1], "concept")
        offer_to_hand_in(receipt, lambda because: trying(partial(_hand_in, draft, because)), "concept")


def show_delivered(whose: Whose) -> None:
    """Show the receipt of what this session handed in last, where that was for this house."""
    delivered = DELIVERED.get()
    if delivered is None or delivered[0] != whose or delivered[1].receipt is None:
        return
    with st.container(border=True):
        show_stored(delivered[1], delivered[1].receipt)
        show_receipt(delivered[1].receipt, "Concept")
        offer_receipt(delivered[1], "ingeleverd")


def offer_to_remove(draft: Draft) -> None:
    """Offer to remove a draft for good, after somebody said that it may go."""
    with st.expander("Haal dit concept weg"):
        st.markdown(
            f"Alles wat u en uw collega's in dit concept invulden gaat weg: {len(draft.answered)} van "
            f"{len(draft.answers)} vragen. Dat is niet terug te halen. Wat al is ingeleverd, blijft."
        )
        sure = st.checkbox("Ja, dit concept mag weg.", key=Key.DRAFT_REMOVE.of(draft.draft_id))
        st.button("Haal het concept weg", disabled=not sure, on_click=partial(_remove, draft))


def _remove(draft: Draft) -> None:
    trying(
        lambda: drop_draft(get_installation(), draft, now()),
        "Het concept is weggehaald. Wat al was ingeleverd, is er nog.",
    )


def _check(draft: Draft) -> None:
    file = write_draft(get_installation(), draft)
    CHECKED.put((draft, FileOutcome(file, check_draft(get_installation(), draft))))


def _hand_in(draft: Draft, because: str) -> None:
    handed_in = hand_in_draft(get_installation(), draft, now(), because)
    keep_handed_in(handed_in)
    DELIVERED.put((draft.whose, handed_in))
