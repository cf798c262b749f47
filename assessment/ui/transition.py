"""The transition curve, at the foot of the country and of a unit."""

import streamlit as st

from assessment.figures.layout import CONFIG
from assessment.figures.transition import draw_transition, write_phases
from assessment.service.plans.planning import Transition
from assessment.tables.estimates import WHAT_IT_IS
from assessment.tables.transition import list_transition, say_last_house, say_transition
from assessment.ui.components import show_rows


def show_transition(transition: Transition) -> None:
    """Show how many houses are in which phase after each quarter, by their plans together."""
    st.subheader(say_transition(transition.counts, transition.begin), anchor=False)
    st.markdown(
        f"Zo gaan de {transition.houses} huizen die hebben ingeleverd van fase naar fase, als elk "
        "zijn beste plan volgt en de huizen van een eenheid capaciteit delen. Een huis mag er twee tot drie "
        f"jaar over doen. {say_last_house(transition.estimates, transition.begin)}"
    )
    st.html(write_phases())
    figure = draw_transition(transition.counts, transition.begin)
    st.plotly_chart(figure, config=CONFIG, theme=None, alt="Huizen per fase en kwartaal; zie de tabel.")
    with st.expander("Huizen per fase en kwartaal, als tabel"):
        show_rows(list_transition(transition.counts, transition.begin))
        st.markdown(WHAT_IT_IS)
