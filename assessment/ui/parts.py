"""Parts of a page about a house and its plan, each made once for the same facts."""

from datetime import date
from typing import NamedTuple

import pandas as pd
import streamlit as st

from assessment.figures.quarters import PLANNED, write_estimates
from assessment.model.frames import Subject, of_house
from assessment.model.framework import Criterion
from assessment.model.scale import Verdict
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.service.queries.formulas import FormulaPicture
from assessment.service.round_scores import RoundScores
from assessment.service.versions import ShownVersion
from assessment.tables.decisions import describe_closed
from assessment.tables.forecasts import (
    describe_beyond,
    describe_estimating,
    describe_how_sure,
    describe_when,
    find_when,
    keep_main,
    list_estimates,
)
from assessment.tables.formats import format_range
from assessment.tables.frameworks import list_demands
from assessment.tables.plans import (
    describe_chain,
    describe_settled,
    list_chain,
    list_measures,
    list_settled,
    name_last,
)
from assessment.tables.progress import list_steps
from assessment.tables.scores import (
    describe_deviation,
    describe_who_answered,
    explain_rule,
    list_answers,
)
from assessment.ui.cache import made
from assessment.ui.components import show_late, show_link, show_quietly, show_rows_of, write_rows
from assessment.ui.forms.formulas import show_formula_evidence
from assessment.ui.navigation import find_address
from assessment.ui.notices import show_info
from assessment.ui.selectors import choose_theme_of, find_asked_criterion

_CRITERIA = "per-criterium"


def show_criteria(planned: Roadmap, found: ShownVersion, formulas: FormulaPicture | None) -> None:
    """Show the criteria of a theme, each to be opened, with what was answered to it."""
    scores = planned.scores
    st.header("Per criterium", anchor=_CRITERIA)
    st.markdown("Open een criterium en zie de antwoorden, de regel, de bron en de maatregelen.")
    chosen = choose_theme_of(scores.questionnaire)
    asked = find_asked_criterion()
    with st.container(key="criteria"):
        for criterion in chosen.criteria if chosen else ():
            key = criterion.criterion_id
            outcome = made(_find_outcome, planned, key)
            look = f"verdict-{outcome.verdict.value}-{key}"
            told = f"{outcome.verdict.dutch} · {key} {criterion.title}"
            with st.container(key=look), st.expander(told, expanded=key == asked):
                _show_demand(criterion)
                _show_answers(criterion, found, scores)
                show_formula_evidence(formulas, key)
                _show_outcome(outcome)


def _show_demand(criterion: Criterion) -> None:
    lines = {
        **list_demands(criterion),
        "Voorstel van de makers": " ".join(q.proposal for q in criterion.questions if q.proposal),
    }
    st.markdown("\n\n".join(f"**{label}:** {text}" for label, text in lines.items() if text))
    address = find_address("kader", criterium=criterion.criterion_id)
    show_link(address, f"Alles over {criterion.criterion_id} bij Kader")


def _show_answers(criterion: Criterion, found: ShownVersion, scores: RoundScores) -> None:
    submission = found.submission
    show_rows_of(list_answers, criterion, submission, scores.questionnaire.rules, found.evidence)
    show_quietly(describe_who_answered(submission))
    for deviation in submission.deviations:
        if deviation.criterion_id == criterion.criterion_id:
            st.text(describe_deviation(deviation, scores.moment))


class _Outcome(NamedTuple):
    """What came of a criterion: its verdict, the rule behind it, and the rows of what there is to do."""

    verdict: Verdict
    told: str
    steps: str
    measures: str
    settled: tuple[str, str] | None


def _show_outcome(outcome: _Outcome) -> None:
    st.markdown(outcome.told)
    if outcome.steps:
        st.html(outcome.steps)
    if outcome.measures:
        st.html(outcome.measures)
        show_quietly("Begin en eind: als niets tegenzit.")
    if outcome.settled:
        told, rows = outcome.settled
        st.markdown(f"{told}.")
        st.html(rows)


def _find_outcome(planned: Roadmap, criterion_id: str) -> _Outcome:
    scores, asked = planned.scores, planned.scores.questionnaire
    steps, own, settled = (
        each[each["criterion_id"] == criterion_id]
        for each in (planned.steps, planned.measures, planned.settled)
    )
    (score,) = scores.criteria[scores.criteria["criterion_id"] == criterion_id].to_dict("records")
    verdict, share = Verdict(score["verdict"]), format_range(score["low"], score["high"])
    rule = explain_rule(asked.criterion[criterion_id].kind, verdict)
    return _Outcome(
        verdict=verdict,
        told=f"**Uitkomst: {share}, {verdict.dutch}.** {rule}",
        steps=write_rows(list_steps(steps, asked)[["Wat"]]) if len(steps) else "",
        measures=_write_measures(own, planned) if len(own) else "",
        settled=(describe_settled(settled), write_rows(list_settled(settled, asked)))
        if len(settled)
        else None,
    )


def _write_measures(own: pd.DataFrame, planned: Roadmap) -> str:
    asked, register = planned.scores.questionnaire, planned.scores.register
    table = list_measures(own, planned.begin, asked, register)
    return write_rows(table[["Maatregel", "Aan zet", "Begin", "Eind", "Waarom dan"]])


def list_dates(planned: Roadmap, house_id: str, what: str) -> list[tuple[str, str]]:
    """When the kader and every hard norm are reached, as facts: in large, and how sure that is.

    Args:
        planned: the plan.
        house_id: of which house; ALL_HOUSES for all together.
        what: what to call working by the kader.
    """
    own = of_house(planned.estimates, house_id)
    (figure, beside), (hard, _) = (
        describe_when(subject, own, planned.conformity, planned.begin)
        for subject in (Subject.BY_FRAMEWORK, Subject.HARD_NORMS)
    )
    return [
        (what, figure),
        *([("Hoe zeker is dat?", beside)] if beside else []),
        ("Alle harde normen", hard),
    ]


def show_steering(planned: Roadmap, house_id: str) -> None:
    """Show the critical chain of a plan with measures, what is late and how sure it is.

    Args:
        planned: the plan.
        house_id: whose estimates to show; ALL_HOUSES for all together.
    """
    steering = made(_find_steering, planned, house_id, today())
    st.header(f"Wat bepaalt de {steering.last}?", anchor=False)
    st.markdown(steering.told)
    with st.expander("Deze keten van maatregelen"):
        st.html(steering.chain)
    show_late(planned)
    st.header(f"Schatting: {steering.how_sure}", anchor=False)
    st.markdown(
        f"De balk loopt van waarschijnlijk (50 % kans) tot 80 % zeker; {PLANNED} is het kwartaal als niets "
        "tegenzit."
    )
    st.html(steering.drawn)
    with st.expander("De schatting als tabel, en hoe zij is gemaakt"):
        st.html(steering.estimates)
        st.markdown(describe_estimating(planned.scores.questionnaire))


class _Steering(NamedTuple):
    """What decides when a plan ends, and how sure that end is: in words, as rows and as a drawing."""

    last: str
    told: str
    chain: str
    how_sure: str
    drawn: str
    estimates: str


def _find_steering(planned: Roadmap, house_id: str, day: date) -> _Steering:
    asked, begin, register = planned.scores.questionnaire, planned.begin, planned.scores.register
    own = keep_main(of_house(planned.estimates, house_id), asked)
    return _Steering(
        last=name_last(planned.chain, asked),
        told=describe_chain(planned.chain, begin, asked),
        chain=write_rows(list_chain(planned.chain, begin, asked, register)),
        how_sure=describe_how_sure(own, begin),
        drawn=write_estimates(own, begin, asked, day),
        estimates=write_rows(list_estimates(own, begin, asked)),
    )


def show_beyond(planned: Roadmap, house_id: str) -> None:
    """Say that working by the kader takes more than three years, of one house or of all; nothing else."""
    when = find_when(of_house(planned.estimates, house_id), Subject.BY_FRAMEWORK, planned.begin)
    if told := describe_beyond(when, planned.begin):
        show_quietly(told)


def show_closed(planned: Roadmap) -> None:
    """Say of a plan that it is as it was when its round closed; nothing of a plan of today."""
    if told := describe_closed(planned.decisions, planned.scores.round):
        show_info(told)
