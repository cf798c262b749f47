"""Mijn eenheid: how do my houses stand, and who is up?"""

import streamlit as st

from assessment.errors import NoAnswersError
from assessment.model.access import Task
from assessment.model.frames import ALL_HOUSES
from assessment.model.plan import Quarter
from assessment.model.register import House, Register, Round, Unit
from assessment.model.scale import Perspective
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.service.round_scores import Which
from assessment.tables.groups import count_waits, describe_up, list_side_by_side, list_up, list_waits
from assessment.tables.plans import describe_pace
from assessment.ui.cache import get_queries
from assessment.ui.components import (
    ZIP,
    list_dates,
    open_head,
    show_facts,
    show_rows,
    show_steering,
    show_title,
)
from assessment.ui.forms.what_if import show_what_if
from assessment.ui.navigation import link_to
from assessment.ui.selectors import choose_own_unit, choose_perspective, choose_round, load_register
from assessment.writers.plan import write_plans

_SHARED = (
    "De huizen van deze eenheid delen hier de capaciteit van de politie-eenheid, de districten samen en het "
    "OM. Op Routekaart staat elk huis alleen; daar kan iets eerder klaar zijn."
)


def render() -> None:
    """Show the page."""
    head = open_head()
    with head.choices:
        register, asked, unit, perspective = _choose()
    houses = tuple(house for house in register.houses_of(asked) if house.unit_id == unit.unit_id)
    subtitle = f"{asked.title} · antwoorden van {perspective.dutch}"
    invented = all(house.invented for house in houses)
    with head.title:
        show_title(unit.title, subtitle, invented=invented, demo="deze huizen zijn verzonnen")
    try:
        planned = get_queries().find_roadmap(Which(asked.round_id, perspective, unit_id=unit.unit_id))
    except NoAnswersError:
        _show_nothing_yet(unit, asked, perspective)
        return
    _show_figures(planned)
    _show_houses(planned, houses)
    if planned.measures.empty:
        st.markdown(
            "Er zijn geen maatregelen nodig: de huizen voldoen aan alles wat is gevraagd."
            if planned.dropped.empty
            else "Er staan geen maatregelen in het plan: wat nog nodig was is vervallen, en blijft open."
        )
        return
    _show_up(planned)
    _show_waits(planned)
    show_steering(planned, ALL_HOUSES)
    show_what_if(planned)


def _choose() -> tuple[Register, Round, Unit, Perspective]:
    register = load_register()
    for_unit = st.container(width="content")
    round_ = choose_round(register)
    with for_unit:
        unit = choose_own_unit(register, round_)
    perspective = choose_perspective(register, round_, Task.SEE_PLAN)
    return register, round_, unit, perspective


def _show_nothing_yet(unit: Unit, round_: Round, perspective: Perspective) -> None:
    st.info(
        f"{perspective.dutch.capitalize()} heeft voor {round_.title} nog bij geen enkel huis van "
        f"{unit.title} ingeleverd. Kies hierboven een andere ronde of andere antwoorden, of lever in."
    )
    link_to("zelfscan", "Naar Zelfscan: download de vragenlijst en lever in")


def _show_figures(planned: Roadmap) -> None:
    show_facts(
        [
            *list_dates(planned, ALL_HOUSES, "Laatste huis volgens het kader"),
            ("Maatregelen", str(len(planned.measures))),
            ("Dagen werk", str(planned.measures["days"].sum())),
        ]
    )
    st.markdown(f"{_SHARED} {describe_pace(planned.measures['criterion_id'], planned.scores.questionnaire)}")
    queries = get_queries()

    def write() -> bytes:
        return write_plans(queries.list_house_plans(planned))

    name = f"verbeterplannen_{planned.scores.round.round_id}.zip"
    st.download_button("Download de verbeterplannen (zip)", write, name, ZIP, on_click="ignore")


def _show_houses(planned: Roadmap, houses: tuple[House, ...]) -> None:
    handed_in = len(planned.scores.houses)
    st.subheader(f"{handed_in} van {len(houses)} huizen leverden in", anchor=False)
    st.markdown("Op naam. Huizen krijgen geen ranglijst.")
    show_rows(list_side_by_side(houses, planned.scores.totals, planned.estimates, planned.begin))


def _show_up(planned: Roadmap) -> None:
    """This quarter and the next; before the plan begins, its first two."""
    now = max(0, Quarter.of(today()) - planned.begin)
    asked, register = planned.scores.questionnaire, planned.scores.register
    up, then = (
        list_up(planned.measures, quarter, planned.begin, asked, register) for quarter in (now, now + 1)
    )
    st.subheader(describe_up(up, str(planned.begin + now)), anchor=False)
    if not up.empty:
        show_rows(up)
    with st.expander(describe_up(then, str(planned.begin + (now + 1)))):
        show_rows(then)


def _show_waits(planned: Roadmap) -> None:
    if planned.waits.empty:
        return
    asked, register = planned.scores.questionnaire, planned.scores.register
    st.subheader("Wie wacht op wie?", anchor=False)
    st.markdown(
        "Zo vaak kan de een pas beginnen als de ander klaar is. Aan zo'n afspraak zitten twee partijen vast."
    )
    show_rows(count_waits(planned.waits))
    with st.expander("Waarop, per huis"):
        show_rows(list_waits(planned.waits, planned.begin, asked, register))
