"""Handing in a file or a draft: what was read, and what became of it; a draft may also be removed."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from assessment.model.answers import Submission, Whose
from assessment.model.draft import Draft, add_up
from assessment.model.issue import Issue, IssueCode, Weight
from assessment.model.receipt import Receipt, RowClass
from assessment.model.scale import Verdict
from assessment.service.clock import now, today
from assessment.service.drafts import check_draft, drop_draft, hand_in_draft
from assessment.service.intake import FileOutcome, find_refusal
from assessment.service.receipts import make_receipt, name_in_trail, name_receipt
from assessment.tables.formats import format_answered, format_counted, format_day
from assessment.ui.cache import get_installation, get_queries, hand_out, trying
from assessment.ui.components import XLSX, lead_to_house, show_counts
from assessment.ui.forms.questions import list_held
from assessment.ui.notices import as_text, show_info, show_success, show_warning
from assessment.ui.session import CHECKED, DELIVERED, Key, keep_handed_in, toggle_meant

_ALWAYS_SHOWN = {RowClass.READ, RowClass.UNKNOWN, RowClass.EMPTY, RowClass.NOT_UNDERSTOOD}


def show_receipt(receipt: Receipt, what: str = "Bestand", sha256: str = "") -> None:
    """Show what was read, with every remark.

    Args:
        receipt: what was read.
        what: what it was read from.
        sha256: the checksum of a file of which a suggestion may be taken; empty where there is none.
    """
    st.subheader(f"{what} gelezen: {format_answered(receipt.answered)}", anchor=False)
    st.markdown(
        f"**{as_text(receipt.house.title)}**, {as_text(receipt.round.title)}, "
        f"ingevuld door {receipt.perspective.dutch}. Bestand: {as_text(receipt.file_name)}."
    )
    counts = receipt.of_questions.items()
    shown = [
        (f"row-{each.value}", f"{count} {each.dutch}")
        for each, count in counts
        if count or each in _ALWAYS_SHOWN
    ]
    show_counts([*shown, (Verdict.EXPLAINED, f"{receipt.deviations} bewust anders")])
    _show_remarks("Niet begrepen", receipt, Weight.FAULT, sha256)
    _show_remarks("Een vraag aan u", receipt, Weight.ASK, sha256)
    _show_remarks("Ter informatie", receipt, Weight.NOTE, sha256)


def _show_remarks(title: str, receipt: Receipt, weight: Weight, sha256: str) -> None:
    remarks = receipt.of_weight(weight)
    if remarks:
        with st.expander(f"{title} ({len(remarks)})", expanded=weight is not Weight.NOTE):
            for issue in remarks:
                st.text(issue.message)
                if sha256:
                    _offer_meant(issue, sha256)


def _offer_meant(issue: Issue, sha256: str) -> None:
    """Offer to take what was suggested with one click, or to take that back."""
    if issue.code is not IssueCode.MEANT and not issue.facts.get("meant"):
        return
    taken, key = issue.code is IssueCode.MEANT, issue.facts["key"]
    st.button(
        f"Toch niet bij {key}" if taken else f"Ja, bij {key} bedoel ik: {issue.facts['chosen']}",
        key=Key.MEANT.of(sha256, key),
        on_click=partial(toggle_meant, sha256, key),
    )


def offer_receipt(handed_in: FileOutcome, key: str) -> None:
    """Offer the file with the remarks in it."""
    st.download_button(
        "Download uw bestand met opmerkingen",
        hand_out(name_in_trail(handed_in.file), lambda: make_receipt(get_installation(), handed_in).content),
        name_receipt(handed_in.file.name),
        XLSX,
        key=Key.RECEIPT.of(key),
        on_click="ignore",
    )


def offer_to_hand_in(receipt: Receipt, hand_in: Callable[[str], None], key: str) -> None:
    """Offer to hand in; where something asks for a repair or a reason, only with a reason.

    What is emptier than the version that it replaces is handed in only by who says that it may.

    Args:
        receipt: what handing in would bring.
        hand_in: does it, with the reason or with none.
        key: tells the widgets from those of another file.
    """
    refusal = find_refusal(get_installation(), receipt)
    if refusal is not None:
        show_warning(str(refusal))
        return
    earlier = get_queries().find_current(receipt.whose)
    if earlier is not None:
        show_info(
            f"Op {format_day(earlier.handed_in)} is voor dit huis al versie {earlier.version} ingeleverd. "
            "Inleveren maakt een nieuwe versie, die daarna geldt. De eerdere versie blijft bewaard."
        )
    may_replace = earlier is None or _ask_to_replace(earlier, receipt, key)
    if not receipt.blocking:
        st.button(
            "Lever in",
            type="primary",
            key=Key.HAND_IN.of(key),
            disabled=not may_replace,
            on_click=partial(hand_in, ""),
        )
        return
    st.markdown(
        "Er is nog niets ingeleverd. Herstel wat hierboven staat. Of ga door en zeg waarom: wat niet "
        "begrepen is blijft dan open."
    )
    reason = st.text_input("Waarom gaat u door?", key=Key.HAND_IN_REASON.of(key), max_chars=500)
    st.button(
        "Lever toch in",
        key=Key.HAND_IN_ANYWAY.of(key),
        disabled=not (reason.strip() and may_replace),
        on_click=partial(hand_in, reason),
    )


def _ask_to_replace(earlier: Submission, receipt: Receipt, key: str) -> bool:
    """Whether a version may be replaced: one with more answers only if somebody says so."""
    before, answered = sum(bool(each.option_id) for each in earlier.answers), receipt.answered.answered
    return answered >= before or st.checkbox(
        f"Ja, vervang versie {earlier.version} ({format_counted(before, 'vraag')} beantwoord) door deze "
        f"({answered} beantwoord).",
        key=Key.HAND_IN_EMPTIER.of(key),
    )


def show_stored(handed_in: FileOutcome, receipt: Receipt, place: str) -> None:
    """Say that it was handed in, and lead on; `place` tells it from what else was handed in on the page."""
    if handed_in.already:
        show_success("Dit bestand was al ingeleverd. Er is niets veranderd.")
    else:
        show_success(f"Ingeleverd. De antwoorden van {receipt.house.title} zijn bewaard.")
    lead_to_house(receipt.whose, place)


def show_delivery(draft: Draft) -> None:
    """Offer to check a draft, and then to hand it in as it was checked."""
    st.header("Inleveren", anchor=False)
    if held := list_held(draft):
        show_info(f"Eerst nog kiezen of bewaren: {', '.join(held)}.")
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


def show_delivered(whose: Whose) -> bool:
    """Show the receipt of what this session handed in last; False where it was not for this house."""
    delivered = DELIVERED.get()
    if delivered is None or delivered[0] != whose or delivered[1].receipt is None:
        return False
    with st.container(border=True):
        show_stored(delivered[1], delivered[1].receipt, "concept")
        show_receipt(delivered[1].receipt, "Concept")
        offer_receipt(delivered[1], "ingeleverd")
    return True


def offer_to_remove(draft: Draft) -> None:
    """Offer to remove a draft for good, after somebody said that it may go."""
    answered = add_up(get_queries().find_progress(draft))
    with st.expander("Haal dit concept weg"):
        st.markdown(
            f"Alles wat u en uw collega's in dit concept invulden gaat weg: {format_answered(answered)}. "
            "Dat is niet terug te halen. Wat al is ingeleverd, blijft."
        )
        sure = st.checkbox("Ja, dit concept mag weg.", key=Key.DRAFT_REMOVE.of(draft.draft_id))
        st.button("Haal het concept weg", disabled=not sure, on_click=partial(_remove, draft))


def _remove(draft: Draft) -> None:
    trying(
        lambda: drop_draft(get_installation(), draft, now()),
        "Het concept is weggehaald. Wat al was ingeleverd, is er nog.",
    )


def _check(draft: Draft) -> None:
    CHECKED.put((draft, check_draft(get_installation(), draft, today())))


def _hand_in(draft: Draft, because: str) -> None:
    handed_in = hand_in_draft(get_installation(), draft, now(), because)
    keep_handed_in(handed_in)
    DELIVERED.put((draft.whose, handed_in))
