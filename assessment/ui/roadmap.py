"""Routekaart: what happens when, and who is up?"""

import streamlit as st

from assessment.figures.conformity_band import draw_conformity_band
from assessment.figures.gantt import draw_gantt
from assessment.figures.layout import CONFIG
from assessment.service.clock import today
from assessment.service.improvement_plan import make_plan
from assessment.service.roadmap import Roadmap
from assessment.tables.plan import list_measures, list_projection, say_when_done, sort_measures
from assessment.ui.cache import get_installation, get_roadmap
from assessment.ui.pieces import XLSX, show_facts, show_rows, show_title
from assessment.ui.state import choose_house_and_round


def render() -> None:
    """Show the page."""
    register, asked, house, perspective = choose_house_and_round()
    planned = get_roadmap(house.house_id, asked.round_id, perspective)
    subtitle = f"{register.unit[house.unit_id].title} · op de antwoorden van {asked.title}"
    show_title(f"Routekaart {house.title}", subtitle, invented=house.invented)
    if planned.measures.empty:
        st.markdown("Er zijn geen maatregelen nodig: het huis voldoet aan alles wat is gevraagd.")
        return
    _show_figures(planned)
    file_name, content = make_plan(get_installation(), planned, house.house_id)
    st.download_button("Download het verbeterplan (Excel)", content, file_name, XLSX, on_click="ignore")
    _show_gantt(planned)
    _show_projection(planned)


def _show_figures(planned: Roadmap) -> None:
    done = say_when_done(planned.conformity, planned.begin)
    show_facts(
        [
            ("Volgens het kader in", done.by_framework),
            ("Alle harde normen in", done.hard_norms),
            ("Maatregelen", str(len(planned.measures))),
            ("Dagen werk", str(planned.measures["days"].sum())),
            ("Laatste kwartaal", str(planned.begin + int(planned.measures["last"].max()))),
        ]
    )
    st.markdown(
        "Langzaam is niet slecht: een huis mag er twee tot drie jaar over doen. Doorlooptijden en dagen zijn "
        "een voorstel van de makers. Dit is het beste plan dat met deze tijden en deze capaciteit kan."
    )


def _show_gantt(planned: Roadmap) -> None:
    ordered = sort_measures(planned.measures)
    last = planned.begin + int(ordered["last"].max())
    st.subheader(f"{len(ordered)} maatregelen, de laatste klaar in {last}", anchor=False)
    st.markdown(
        "Donker: schuift deze maatregel, dan schuift het einde mee. Licht: er is nog speling. "
        "Een pijl is een overdracht: de politie stopt pas als het huis de taak heeft overgenomen."
    )
    figure = draw_gantt(ordered, planned.begin, planned.quarters, planned.standing.questionnaire, today())
    st.plotly_chart(
        figure, config=CONFIG, theme=None, alt="De maatregelen per actor en kwartaal; zie de tabel."
    )
    with st.expander("Als tabel, met waarom dan"):
        show_rows(list_measures(ordered, planned.begin, planned.standing.questionnaire))


def _show_projection(planned: Roadmap) -> None:
    there = say_when_done(planned.conformity, planned.begin).by_framework
    st.subheader(f"Volgens het kader: {there}", anchor=False)
    st.markdown(
        "Het percentage is de ondergrens; gearceerd is wat er bij kan komen als het onbekende meevalt."
    )
    figure = draw_conformity_band(planned.conformity, planned.begin)
    st.plotly_chart(figure, config=CONFIG, theme=None, alt="Conformiteit per kwartaal; zie de tabel.")
    with st.expander("Als tabel"):
        show_rows(list_projection(planned.conformity, planned.begin))
