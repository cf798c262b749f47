"""What steers a plan, on whichever page shows one: the chain that decides its end, and what comes late."""

import streamlit as st

from assessment.figures.estimate_band import PLANNED, write_estimates
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.tables.estimates import WHAT_IT_IS, list_estimates, say_how_sure
from assessment.tables.steering import list_chain, list_hold_ups, say_chain, say_hold_ups
from assessment.ui.components import show_rows


def show_steering(planned: Roadmap, house_id: str) -> None:
    """Show the critical chain of a plan with measures, what is late and how sure it is.

    Args:
        planned: the plan.
        house_id: whose estimates to show; ALL_HOUSES for all together.
    """
    asked, register = planned.scores.questionnaire, planned.scores.register
    st.subheader("Wat bepaalt het einde?", anchor=False)
    st.markdown(say_chain(planned.chain, planned.begin, asked))
    with st.expander("Deze keten van maatregelen"):
        show_rows(list_chain(planned.chain, planned.begin, asked, register))
    show_late(planned)
    show_estimates(planned, house_id)


def show_estimates(planned: Roadmap, house_id: str) -> None:
    """Show how sure the end of a plan is, of one house or of all houses together."""
    asked, estimates = planned.scores.questionnaire, planned.estimates
    own = estimates[estimates["house_id"] == house_id]
    st.subheader(f"Schatting: {say_how_sure(own, planned.begin)}", anchor=False)
    st.markdown(f"{WHAT_IT_IS} {PLANNED} is gepland; de balk loopt van 50 % tot 80 % kans.")
    st.html(write_estimates(own, planned.begin, asked, today()))
    with st.expander("De schatting als tabel"):
        show_rows(list_estimates(own, planned.begin, asked))


def show_late(planned: Roadmap) -> None:
    """Show what is finished after three years, and what holds it up; nothing where all fits."""
    if planned.hold_ups.empty:
        return
    asked, register = planned.scores.questionnaire, planned.scores.register
    st.subheader(say_hold_ups(planned.hold_ups, asked), anchor=False)
    st.markdown("Langzaam is niet slecht; dit is wat er nodig zou zijn om eerder klaar te zijn.")
    show_rows(list_hold_ups(planned.hold_ups, planned.begin, asked, register, planned.resources))
