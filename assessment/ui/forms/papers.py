"""What pages offer to take along: what it is for, and a button for each kind of file, written when taken."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import streamlit as st

from assessment.model.access import Task
from assessment.model.document import Document
from assessment.model.register import House, Register, Round
from assessment.model.scale import Perspective
from assessment.service.clock import today
from assessment.service.reports import ON_PAPER, PlanFile, write_document
from assessment.tables.formats import format_with_capital
from assessment.tables.joint_agenda import compose_joint_agenda, name_agenda
from assessment.ui.cache import get_queries, hand_out
from assessment.ui.components import DOCX, ICS, PDF, XLSX

MIMES = {PlanFile.PDF: PDF, PlanFile.DOCX: DOCX, PlanFile.XLSX: XLSX, PlanFile.ICS: ICS}


class OfferedFile(NamedTuple):
    """A file that is offered: what its button says, its name, what it is, what the trail calls it."""

    label: str
    name: str
    mime: str
    told: str
    write: Callable[[], bytes]


def offer(title: str, what_for: str, files: Iterable[OfferedFile]) -> None:
    """Show what something is and what it is for, with a button for each kind of file."""
    told, buttons = st.columns([3, 2], vertical_alignment="center")
    with told:
        st.markdown(f"**{title}**  \n{what_for}")
    with buttons, st.container(horizontal=True, horizontal_alignment="right"):
        for each in files:
            write = hand_out(each.told, each.write)
            st.download_button(each.label, write, each.name, each.mime, key=each.name, on_click="ignore")


def list_papers(name: str, told: str, compose: Callable[[], Document]) -> Iterator[OfferedFile]:
    """A document as each kind of file on paper; it is composed when somebody takes it."""
    reports = get_queries().installation.settings.reports
    for kind in ON_PAPER:

        def write(kind: PlanFile = kind) -> bytes:
            return write_document(compose(), kind, reports)

        yield OfferedFile(format_with_capital(kind.dutch), f"{name}.{kind}", MIMES[kind], told, write)


def offer_newest_agenda(register: Register, house: House) -> None:
    """Offer the joint agenda on the newest round of a house, where the visitor may see answers of it."""
    opened = (each for each in reversed(register.rounds) if each.opens <= today())
    round_ = next((each for each in opened if house.house_id in each.house_ids), None)
    places = get_queries().list_places(register, round_, Task.SEE_SCORES) if round_ else ()
    whose = next((whose for seen, whose in places if seen == house), None)
    if round_ and whose:
        offer_joint_agenda(round_, whose, house)


def offer_joint_agenda(round_: Round, perspective: Perspective, house: House) -> None:
    """Offer the joint agenda of a house for its driehoek, whether it answered or not."""
    find = get_queries().find_joint_agenda
    offer(
        "Gezamenlijke agenda voor de driehoek",
        "Eén bladzijde voor burgemeester, officier van justitie en politiechef: wat het advies is, wat het "
        "huis antwoordde, wat zijn formules laten zien, en waarover te praten.",
        list_papers(
            name_agenda(round_.round_id, house.house_id),
            f"agenda/{house.house_id}",
            lambda: compose_joint_agenda(find(round_.round_id, perspective, house.house_id)),
        ),
    )
