"""What pages offer to take along: what it is for, and a button for each kind of file, written when taken."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import streamlit as st

from assessment.errors import UserError
from assessment.model.access import Task
from assessment.model.document import Document
from assessment.model.register import House, Register, Round
from assessment.model.scale import Perspective
from assessment.service.clock import now, today
from assessment.service.plans.underway import Counting, Underway
from assessment.service.reports import (
    ON_PAPER,
    Follow,
    PlanFile,
    name_all,
    name_unit_bundle,
    write_document,
    write_unit_bundle,
)
from assessment.service.round_scores import RoundScores, Which
from assessment.tables.formats import format_counted, format_moment, format_with_capital
from assessment.tables.joint_agenda import compose_joint_agenda, name_agenda
from assessment.ui.cache import get_queries, hand_out
from assessment.ui.components import DOCX, ICS, PDF, XLSX, ZIP
from assessment.ui.session import WRITTEN, Key, Written

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


class Bundle(NamedTuple):
    """A zip of many documents: of what, what its button says, its name, of whom, and how it is written."""

    of: tuple[object, ...]
    label: str
    name: str
    houses: Sequence[House]
    write: Callable[[Follow], bytes]


def offer_bundle(bundle: Bundle) -> None:
    """Offer a zip that is made behind the page, which shows how far it is and stays usable.

    What was made of another choice, or for who had other rights, is not offered.
    """
    of, written = (get_queries().installation.visitor, *bundle.of), WRITTEN.get()
    key = Key.BUNDLE_WRITE.of(bundle.name)
    if written is None or written.of != of:
        if st.button(bundle.label, key=key, type="primary"):
            _begin_writing(bundle, of)
    elif written.making.wait(0):
        _hand_out_bundle(bundle, written)
        if st.button("Maak opnieuw", key=key, type="tertiary"):
            _begin_writing(bundle, of)
    else:
        _show_making(written.making)


def _begin_writing(bundle: Bundle, of: tuple[object, ...]) -> None:
    def write(count: Counting) -> bytes:
        return bundle.write(lambda documents: count(lambda each: each, documents))

    WRITTEN.put(Written(of, now(), Underway(write, "documents")))
    st.rerun()


def offer_unit_bundle(scores: RoundScores, unit_id: str, label: str) -> None:
    """Offer everything of a unit as one zip, to who may see every house of it."""
    queries, round_, whose = get_queries(), scores.round, scores.perspective
    houses = [house for house in scores.houses if house.unit_id == unit_id]

    def write(follow: Follow) -> bytes:
        planned = queries.find_roadmap(Which(round_.round_id, whose, unit_id=unit_id))
        plans = queries.list_house_plans(planned)
        return write_unit_bundle(planned, plans, queries.installation.settings.reports, follow)

    name = name_unit_bundle(round_, unit_id)
    offer_bundle(Bundle((round_, whose, unit_id), label, name, houses, write))


def _hand_out_bundle(bundle: Bundle, written: Written) -> None:
    try:
        content = written.making.get()
    except UserError:
        WRITTEN.forget()
        raise
    st.download_button(
        f"Zip van {format_counted(len(bundle.houses), 'huis')}, gemaakt op {format_moment(written.made)}",
        hand_out(name_all(bundle.houses), lambda: content),
        bundle.name,
        ZIP,
        key=Key.BUNDLE_TAKE.of(bundle.name),
        type="primary",
        on_click="ignore",
    )


@st.fragment(run_every=1)
def _show_making(making: Underway[bytes]) -> None:
    """Show each second how far a zip is; once it is there, the whole page is shown anew."""
    if making.wait(0):
        st.rerun()
    if making.parts:
        up = min(making.done + 1, making.parts)
        st.progress(making.done / making.parts, f"Document {up} van {making.parts}")
    else:
        st.progress(0.0, "De plannen worden berekend")


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
