"""The workbook of a plan that comes back: every change with a box to accept it."""

from collections.abc import Sequence

import streamlit as st

from assessment.errors import UserError
from assessment.model.register import House
from assessment.service.clock import now, today
from assessment.service.intake import NamedFile
from assessment.service.plans.workbook import LoadedPlan, Proposal, open_plan, take_over
from assessment.tables.plan_lines import list_changes
from assessment.ui.cache import get_installation
from assessment.ui.components import show_quietly
from assessment.ui.notices import keep_success, trying
from assessment.ui.session import Key, Widget, proposal_box


def show_upload(house: House) -> None:
    """Let somebody load the plan of a house back, and choose what to take over."""
    show_quietly(
        "Download het verbeterplan, vul het blad Voortgang in en laad het bestand hier. U ziet eerst wat er "
        "verandert; pas daarna wordt iets bewaard."
    )
    upload = st.file_uploader("Het ingevulde plan (.xlsx of .ods)", key=Key.PLAN_FILE)
    if upload is None:
        return
    try:
        file = NamedFile(upload.name, upload.getvalue())
        loaded = open_plan(get_installation(), file, house.house_id, today())
    except UserError as error:
        st.warning(str(error))
        return
    for line in (*loaded.faults, *loaded.notes):
        st.warning(line)
    if not loaded.proposals:
        st.markdown("Dit bestand wijzigt niets.")
        return
    _show_proposals(loaded, file.sha256)


def _show_proposals(loaded: LoadedPlan, sha256: str) -> None:
    boxes = [_show_proposal(loaded, each, sha256) for each in loaded.proposals]
    st.button(
        "Neem over wat is aangevinkt",
        type="primary",
        key=Key.PLAN_TAKE_OVER,
        on_click=_take_over,
        args=(loaded, boxes),
    )


def _show_proposal(loaded: LoadedPlan, proposal: Proposal, sha256: str) -> Widget[bool]:
    """Show what changes in one line, with a box to accept it, which is returned."""
    measure_id = proposal.wanted.measure_id
    box = proposal_box(sha256, proposal.stored)
    title = loaded.scores.questionnaire.measure[measure_id].title
    st.checkbox(f"{measure_id} {title}", proposal.is_calm, key=box.key)
    for row in list_changes(proposal.stored, proposal.wanted).to_dict("records"):
        st.text(f"{row['Wat']}: {row['Was']} → {row['Wordt']}")
    for line in proposal.personal:
        st.warning(f"{line} Vink deze regel alleen aan als het niet over een inwoner gaat.")
    if proposal.conflict:
        show_quietly(
            "Deze regel is gewijzigd nadat het bestand is gemaakt: links staat wat er nu geldt. Vink aan om "
            "toch te nemen wat in het bestand staat."
        )
    return box


def _take_over(loaded: LoadedPlan, boxes: Sequence[Widget[bool]]) -> None:
    def take() -> None:
        pairs = zip(loaded.proposals, boxes, strict=True)
        chosen = [each.wanted.measure_id for each, box in pairs if box.read()]
        changed = take_over(get_installation(), loaded, chosen, now())
        keep_success(f"Overgenomen: {', '.join(new.measure_id for _, new in changed) or 'niets'}.")

    trying(take)
