"""Routekaart: what happens when, and who is up?"""

from contextlib import suppress
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from assessment.errors import NoAnswersError
from assessment.figures.charts import draw_conformity_band
from assessment.figures.quarters import DECIDES, write_gantt
from assessment.model.decisions import Progress
from assessment.model.document import name_file
from assessment.model.plan import Step
from assessment.model.register import House
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.service.reports import PlanFile, write_plan_file
from assessment.service.round_scores import Which
from assessment.tables.decisions import describe_capacity, find_numbers
from assessment.tables.forecasts import describe_end
from assessment.tables.formats import AT_PRESENT, format_counted, format_progress, join_words
from assessment.tables.plans import (
    describe_best,
    describe_nothing_planned,
    describe_pace,
    describe_settled,
    explain_bars,
    list_measures,
    list_projection,
    list_settled,
    name_last,
    sort_measures,
)
from assessment.tables.progress import describe_steps, list_steps
from assessment.ui.cache import get_queries, hand_out, made, show_figure
from assessment.ui.components import (
    DOCX,
    ICS,
    PDF,
    XLSX,
    open_head,
    show_facts,
    show_quietly,
    show_rows_of,
    show_title,
)
from assessment.ui.forms.plan_line import show_followed, show_recommendations
from assessment.ui.forms.what_if import show_what_if
from assessment.ui.notices import as_text
from assessment.ui.parts import (
    list_dates,
    show_beyond,
    show_closed,
    show_nothing_yet,
    show_steering,
    show_table,
)
from assessment.ui.selectors import choose_house_and_round, find_newest_round


def render() -> None:
    """Show the page."""
    head = open_head()
    with head.choices:
        register, round_, house, perspective = choose_house_and_round()
    subtitle = f"{register.unit[house.unit_id].title} · op de antwoorden van {round_.title}"
    title, planned = f"Routekaart {house.title}", None
    with suppress(NoAnswersError):
        planned = get_queries().find_roadmap(Which(round_.round_id, perspective, house.house_id))
        title = f"{house.short_title}: {describe_end(planned.estimates, planned.conformity, planned.begin)}"
    with head.title:
        show_title(title, subtitle, about=house.short_title, invented=house.invented)
    if planned is None:
        show_nothing_yet(house, round_, perspective)
        return
    with head.choices:
        _offer_plan(planned, house)
    show_closed(planned)
    if planned.measures.empty:
        _show_steps(planned)
        st.markdown(describe_nothing_planned(planned.gaps, planned.dropped))
        show_what_if(planned)
        show_recommendations(planned, house)
        return
    _show_figures(planned)
    _show_gantt(planned)
    _show_steps(planned)
    show_steering(planned, house.house_id)
    show_what_if(planned)
    show_recommendations(planned, house)
    show_followed(planned, house)
    _show_projection(planned)


# What each kind of file of a plan is for.
_FILES = {
    PlanFile.PDF: ("Pdf: om te bespreken en te tekenen", PDF),
    PlanFile.DOCX: ("Word: om in verder te werken", DOCX),
    PlanFile.XLSX: ("Excel: om de voortgang bij te houden", XLSX),
    PlanFile.ICS: ("Agenda: alle datums, voor Outlook en andere", ICS),
}


def _offer_plan(planned: Roadmap, house: House) -> None:
    """Offer the plan as each kind of file; it is written when somebody takes it."""
    queries = get_queries()
    name = name_file("verbeterplan", planned.scores.round.round_id, house.house_id)

    def write(kind: PlanFile) -> bytes:
        plan = queries.find_house_plan(planned, house.house_id)
        return write_plan_file(plan, kind, queries.installation.settings.reports)

    with st.popover("Verbeterplan", type="primary"):
        for kind, (label, mime) in _FILES.items():
            told = hand_out(f"plan/{house.house_id}", partial(write, kind))
            st.download_button(label, told, f"{name}.{kind}", mime, on_click="ignore")


def _show_figures(planned: Roadmap) -> None:
    show_facts(
        [
            *list_dates(planned, planned.scores.grid.house_ids[0], "Volgens het kader")[1:],
            ("Werk", format_counted(int(planned.measures["days"].sum()), "dag")),
        ],
        headline=False,
    )
    show_beyond(planned, planned.scores.grid.house_ids[0])


def _explain_plan(planned: Roadmap) -> str:
    capacity = {actor: numbers[0] for actor, numbers in find_numbers(planned.resources).items()}
    best = describe_best(proven=planned.optimality_gap == 0)
    return (
        f"{describe_pace(planned.measures, planned.begin, planned.scores.questionnaire)} Doorlooptijden en "
        f"dagen zijn een voorstel van de makers. {best} {describe_capacity(capacity)}"
    )


def _show_steps(planned: Roadmap) -> None:
    """Show what to do now beside the measures: what is unknown is first a question."""
    steps = planned.steps
    if steps.empty:
        return
    st.header(describe_steps(steps), anchor=False)
    if (steps["what"] == Step.FIND_OUT).any():
        st.markdown(
            "Zolang iets onbekend is, gaat het plan uit van de laagste uitkomst. Zoek het dus eerst uit."
        )
    show_rows_of(list_steps, steps, planned.scores.questionnaire)


_DARK = "Donker: schuift deze maatregel, dan schuift het einde mee."


def _show_gantt(planned: Roadmap) -> None:
    ordered = made(sort_measures, planned.measures)
    parties, asked = ordered["actor"].nunique(), planned.scores.questionnaire
    decides = f"{DECIDES} bepaalt wanneer de {name_last(planned.chain, asked)} klaar is."
    st.header(
        f"{format_counted(len(ordered), 'maatregel')} bij {format_counted(parties, 'partij')}",
        anchor=False,
    )
    bars = explain_bars(ordered, "Donker: zonder speling.", "Licht: met speling tot het einde van het plan.")
    show_quietly(f"{bars} {decides} Alles staat waar het valt als niets tegenzit.")
    st.html(made(_write_gantt, planned, ordered, today()))
    with st.expander("Als tabel, met waarom dan"):
        facts = ordered, planned.begin, asked, planned.scores.register
        show_table(f"maatregelen_{_name(planned)}", list_measures, *facts)
    if len(planned.settled):
        with st.expander(describe_settled(planned.settled)):
            show_rows_of(list_settled, planned.settled, asked)
    with st.expander("Hoe leest u dit, en hoe is dit plan gemaakt?"):
        st.markdown(
            f"{explain_bars(ordered, _DARK, 'Licht: er is nog speling.')} "
            f"Vet, met {decides} "
            "Een pijl is een overdracht: de politie stopt pas als het huis de taak heeft overgenomen. "
            f"K1 is het eerste kwartaal van een jaar. {_describe_begun(planned)}"
        )
        st.markdown(made(_explain_plan, planned))


def _write_gantt(planned: Roadmap, ordered: pd.DataFrame, day: date) -> str:
    asked = planned.scores.questionnaire
    return write_gantt(ordered, planned.begin, planned.quarters, asked, day, chain=planned.chain)


def _describe_begun(planned: Roadmap) -> str:
    """Explain the signs of what has begun, where anything has."""
    told = [format_progress(each) for each in Progress if each.value in set(planned.measures["status"])]
    begun = [text for text in told if text != format_progress(Progress.PLANNED)]
    return f"Voor de titel: {join_words(begun)}." if begun else ""


def _show_projection(planned: Roadmap) -> None:
    scores = planned.scores
    newest = find_newest_round(scores.register)
    now = AT_PRESENT if scores.round == newest else scores.round.title
    facts = planned.conformity, planned.begin, now
    first, last = made(list_projection, *facts)["Volgens het kader"].iloc[[0, -1]]
    when = now if now == AT_PRESENT else f"in {as_text(now)}"
    st.header(f"Volgens het kader: van {first} {when} naar {last}", anchor=False)
    st.markdown(
        "De balken: als niets tegenzit. Het getal in elke balk is de ondergrens, in procenten. Gearceerd is "
        "wat er bij kan komen als het onbekende meevalt."
    )
    alt = "Conformiteit per kwartaal; zie de tabel."
    name = f"verloop_{_name(planned)}"
    show_figure(name, draw_conformity_band, *facts, alt=alt)
    with st.expander("Als tabel"):
        show_table(name, list_projection, *facts)


def _name(planned: Roadmap) -> str:
    """Of which house and round, in the name of a file."""
    return f"{planned.scores.round.round_id}_{planned.scores.grid.house_ids[0]}"
