"""Landelijk beeld: one face? Where the country stands, and where the same gap returns."""

import streamlit as st

from assessment.engine.comparison import count_faces
from assessment.errors import NoAnswersError
from assessment.figures.charts import CONFIG, draw_transition, write_phases
from assessment.figures.matrix import find_look, write_legend, write_matrix, write_strip, write_themes
from assessment.model.access import Task
from assessment.model.register import Round
from assessment.model.scale import Perspective, Rules, Verdict
from assessment.service.plans.planning import Transition
from assessment.service.round_scores import Country, RoundScores, find_marks
from assessment.tables.forecasts import (
    describe_estimating,
    describe_last_house,
    describe_transition,
    list_transition,
)
from assessment.tables.groups import describe_faces, describe_let_go, list_headlines
from assessment.tables.scores import list_groups, list_houses
from assessment.ui.cache import get_queries
from assessment.ui.components import open_head, show_counts, show_facts, show_list, show_quietly, show_rows
from assessment.ui.navigation import link_to
from assessment.ui.selectors import choose_perspective, choose_round, load_register

_ORDER = "De volgorde is die van eenheid en naam; er is geen ranglijst."
_GROUP = (
    "U ziet alle huizen samen, en geen ander huis apart. Laagste en hoogste staan er niet bij: dat zijn "
    "cijfers van één huis. Waar minder dan vijf andere huizen meetellen, staat niets."
)
_FACE = (
    "Dit is een voorstel: een norm telt als de uitkomst bij ten minste de helft van de huizen vaststaat en "
    "zij voor 80 % of meer gelijk zijn. Bewust anders is een ander gezicht. Zijn de huizen gelijk, maar "
    "voldoen zij nog niet, dan is het overal hetzelfde gat. Per criterium staat het bij de tabellen."
)
_FOOT = (
    "Onderaan staat per criterium of de huizen één gezicht laten zien. Bij 100 % scoren alle huizen "
    "hetzelfde. Bij 0 % voldoet de ene helft helemaal en de andere helft helemaal niet."
)
_FOOT_OF_RULES = {
    Rules.ONE: "Alleen huizen waarvan het oordeel vaststaat tellen mee.",
    Rules.TWO: "Alleen huizen waarvan de uitkomst vaststaat tellen mee; bij minder dan vijf staat er niets.",
}
# What is told of a questionnaire that names no headlines.
_STRIPS = {
    "LOS-2": "Administratie los (de politie doet geen casusadministratie meer)",
    "LOS-3": "Gespreksleiding los (de politie leidt het overleg niet meer)",
    "POS-4": "Liaison aangewezen",
}


def render() -> None:
    """Show the page."""
    register = load_register()
    head = open_head()
    with head.choices:
        round_ = choose_round(register)
        perspective = choose_perspective(register, round_, Task.SEE_GROUPS)
    with head.title:
        st.title("Landelijk beeld", anchor=False)
    try:
        country = get_queries().find_country(round_.round_id, perspective)
    except NoAnswersError:
        _show_nothing_yet(round_, perspective)
        return
    st.markdown(
        f"{country.houses} van {len(round_.house_ids)} huizen leverden in voor {round_.title}; "
        f"dit zijn de antwoorden van {perspective.dutch}. {_ORDER if country.complete else _GROUP}"
    )
    if country.complete:
        _show_each(country)
    else:
        _show_together(country)
    _show_transition(get_queries().find_transition(round_.round_id, perspective))


def _show_nothing_yet(round_: Round, perspective: Perspective) -> None:
    st.markdown(
        f"0 van {len(round_.house_ids)} huizen leverden in voor {round_.title}. Er is nog niets te zien: "
        f"{perspective.dutch} heeft voor {round_.title} nog bij geen enkel huis ingeleverd."
    )
    link_to("zelfscan", "Naar Zelfscan: download de vragenlijst en lever in")


def _show_each(country: Country) -> None:
    scores = country.scores
    _show_strips(scores)
    _show_face(country)
    _show_phases(country)
    with st.container(key="beside"):
        matrix, gaps = st.columns([4, 1], gap="medium")
    with matrix:
        _show_matrix(country)
    with gaps:
        _show_returning_gaps(country)
    with st.expander("Alle huizen als tabel"):
        show_rows(list_houses(scores.totals, scores.register))
    _show_tables(country)


def _show_together(country: Country) -> None:
    """For who may not see each house: counts and means of all of them."""
    _show_headlines(country.scores, each_house=False)
    _show_face(country)
    _show_phases(country)
    _show_returning_gaps(country)
    _show_tables(country)


def _show_strips(scores: RoundScores) -> None:
    """Show a sign per house for each headline, or for each finding where nothing is named as a headline."""
    if scores.questionnaire.headlines:
        return _show_headlines(scores)
    for criterion_id, finding in _STRIPS.items():
        own = scores.criteria[scores.criteria["criterion_id"] == criterion_id]
        if not own.empty:
            st.markdown(f"**{describe_let_go(finding, own)}**")
            told = zip(own["house_id"], map(Verdict, own["verdict"]), strict=True)
            st.html(write_strip(dict(told), scores.register))
    return None


def _show_headlines(scores: RoundScores, *, each_house: bool = True) -> None:
    for headline in list_headlines(scores.headlines, scores.criteria, scores.questionnaire):
        st.markdown(f"**{headline.question.headline}.** {headline.question.text}")
        show_counts((find_look(mark).value, mark.sign, text) for mark, text in headline.counts)
        if each_house:
            st.html(write_strip(find_marks(scores, headline.question), scores.register))
        show_quietly(f"Het hele criterium: {headline.verdict}.")


def _show_phases(country: Country) -> None:
    phases = country.phases
    st.subheader("In welke fase zijn de huizen?", anchor=False)
    show_facts(list(zip(phases["Fase"], phases["Huizen (n)"].astype("str"), strict=True)), headline=False)


def _show_face(country: Country) -> None:
    questionnaire = country.scores.questionnaire
    if said := describe_faces(count_faces(country.groups, questionnaire)):
        st.subheader(said, anchor=False)
        show_quietly(_FACE)


def _show_matrix(country: Country) -> None:
    scores = country.scores
    st.subheader("Huizen en criteria", anchor=False)
    st.html(write_legend())
    st.html(write_themes(scores.questionnaire))
    st.html(write_matrix(scores.criteria, country.groups, scores.register, scores.questionnaire))
    show_quietly(f"{_FOOT} {_FOOT_OF_RULES[scores.questionnaire.rules]}")


def _show_returning_gaps(country: Country) -> None:
    st.subheader("Waar hetzelfde gat terugkomt", anchor=False)
    st.markdown("De criteria waaraan de meeste huizen nog niet of niet zeker voldoen.")
    show_list(country.returning, "Criterium", ["Soort", "Nog te doen"])


def _show_tables(country: Country) -> None:
    with st.expander("Waar hetzelfde gat terugkomt, als tabel"):
        show_rows(country.returning)
    with st.expander("Thema's en criteria als tabel"):
        show_rows(list_groups(country.groups, country.scores.questionnaire))


def _show_transition(transition: Transition) -> None:
    """Show how many houses are in which phase after each quarter, by their plans together."""
    told = describe_transition(transition.counts, transition.estimates, transition.begin)
    st.subheader(told, anchor=False)
    st.markdown(
        f"Zo gaan de {transition.houses} huizen die hebben ingeleverd van fase naar fase, als elk "
        "zijn beste plan volgt en de huizen van een eenheid capaciteit delen. Een huis mag er twee tot drie "
        f"jaar over doen. {describe_last_house(transition.estimates, transition.begin)} De lijn is het "
        "aantal huizen dat met 80 % kans volgens het kader werkt; het lichte vlak is wat nog onzeker is."
    )
    st.html(write_phases())
    figure = draw_transition(transition.counts, transition.sure, transition.begin)
    st.plotly_chart(figure, config=CONFIG, theme=None, alt="Huizen per fase en kwartaal; zie de tabel.")
    with st.expander("Huizen per fase en kwartaal, als tabel"):
        show_rows(list_transition(transition.counts, transition.sure, transition.begin))
        st.markdown(describe_estimating(transition.questionnaire))
