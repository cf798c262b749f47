"""What formulas of a house ask for, and show, beside its answers: never in their place, and never scored."""

import streamlit as st

from assessment.model.access import Task
from assessment.model.register import House
from assessment.service.queries.formulas import FormulaPicture
from assessment.tables.formula_board import list_formula_actions
from assessment.tables.formulas import describe_evidence
from assessment.ui.cache import get_queries
from assessment.ui.components import show_quietly, show_rows
from assessment.ui.navigation import link_to
from assessment.ui.notices import as_text


def find_formula_picture(house: House) -> FormulaPicture | None:
    """What follows from the formulas of a house; None where it has none, or the visitor may not see them."""
    queries = get_queries()
    if not queries.may(Task.SEE_FORMULAS, house):
        return None
    picture = queries.find_formula_picture(house.house_id)
    return picture if picture.formulas else None


def show_formula_actions(picture: FormulaPicture | None) -> None:
    """Show which formulas are to be reviewed within sixty days, or should have been, and which are half."""
    if picture is None:
        return
    actions = list_formula_actions(picture.formulas, picture.reviews)
    if not actions.empty:
        show_quietly("Uit de veiligheidsformules van dit huis")
        show_rows(actions)
    link_to("formules", "Formules: wie zet wat in, en wat levert het op")


def show_formula_evidence(picture: FormulaPicture | None, criterion_id: str) -> None:
    """Show beside an answer what the formulas of the house show; the answer stays what it is."""
    for evidence in picture.evidence if picture else ():
        if evidence.criterion_id == criterion_id:
            told = as_text(describe_evidence(evidence))
            st.markdown(f"**Naast dit antwoord, uit de formules:** {told} Dit telt niet mee in de uitkomst.")
