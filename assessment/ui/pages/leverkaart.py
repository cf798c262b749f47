"""Leverkaart: what did the police promise this house, in which form, since when, and is it kept?"""

from functools import partial

import streamlit as st

from assessment.errors import NoAnswersError
from assessment.figures.signs import write_table
from assessment.model.document import Part
from assessment.service.reports import PlanFile, write_document
from assessment.service.round_scores import Which
from assessment.tables.delivery import (
    Delivery,
    compose_delivery,
    describe_answers,
    describe_delivered,
    list_parts,
)
from assessment.ui.cache import get_queries, hand_out
from assessment.ui.components import DOCX, PDF, open_head, show_title
from assessment.ui.navigation import link_to
from assessment.ui.parts import show_nothing_yet
from assessment.ui.selectors import choose_house_and_round

_FILES = {
    PlanFile.PDF: ("Pdf: om te bespreken", PDF),
    PlanFile.DOCX: ("Word: om in verder te werken", DOCX),
}


def render() -> None:
    """Show the page."""
    head = open_head()
    with head.choices:
        register, round_, house, perspective = choose_house_and_round()
    where = f"{register.unit[house.unit_id].title} · {round_.title}"
    queries = get_queries()
    try:
        planned = queries.find_roadmap(Which(round_.round_id, perspective, house.house_id))
    except NoAnswersError:
        with head.title:
            show_title(f"Leverkaart {house.title}", where, about=house.short_title, invented=house.invented)
        show_nothing_yet(house, round_, perspective)
        return
    card = queries.find_delivery(planned, house.house_id)
    with head.title:
        title = f"Leverkaart {house.short_title}: {describe_delivered(card)}"
        subtitle = f"{where} · {describe_answers(card)}"
        show_title(title, subtitle, about=house.short_title, invented=house.invented)
    if card.promises:
        with head.choices:
            _offer_files(card)
    for part in list_parts(card):
        _show_part(part)
    link_to("huis", "Naar Mijn huis")


def _offer_files(card: Delivery) -> None:
    """Offer the card as each kind of file; it is written when somebody takes it."""
    reports = get_queries().installation.settings.reports
    with st.popover("Neem mee", type="primary"):
        for kind, (label, mime) in _FILES.items():
            write = partial(write_document, compose_delivery(card), kind, reports)
            told = hand_out(f"delivery/{card.house.house_id}", write)
            st.download_button(label, told, f"{card.name}.{kind}", mime, on_click="ignore")


def _show_part(part: Part) -> None:
    """Show a part of the card under its heading; the first says the finding, which is the title already."""
    if part.lead:
        st.markdown(part.lead)
    for table in part.tables:
        st.header(table.told, anchor=False)
        st.html(write_table(table))
