"""Each criterion of a house: what is asked, the answers, the rule, and what there is to do."""

from typing import NamedTuple

import streamlit as st

from assessment.model.framework import Criterion
from assessment.model.register import House
from assessment.model.scale import Verdict
from assessment.service.plans.planning import Roadmap
from assessment.service.queries.formulas import FormulaPicture
from assessment.service.round_scores import RoundScores
from assessment.service.versions import ShownVersion
from assessment.tables.formats import format_range, format_verdict
from assessment.tables.frameworks import list_demands
from assessment.tables.plans import describe_settled, list_measures, list_settled
from assessment.tables.progress import list_steps
from assessment.tables.scores import (
    describe_deviation,
    describe_who_answered,
    explain_rule,
    list_answers,
)
from assessment.ui.cache import get_queries, made
from assessment.ui.components import show_link, show_quietly, show_rows_of, write_rows
from assessment.ui.forms.formulas import show_formula_evidence
from assessment.ui.navigation import find_address
from assessment.ui.selectors import choose_theme_of, find_asked_criterion

_CRITERIA = "per-criterium"


def show_criteria(planned: Roadmap, house: House, formulas: FormulaPicture | None) -> None:
    """Show the criteria of a theme, each to be opened."""
    scores = planned.scores
    st.header("Per criterium", anchor=_CRITERIA)
    st.markdown("Open een criterium en zie de antwoorden, de regel, de bron en de maatregelen.")
    chosen = choose_theme_of(scores.questionnaire)
    found = get_queries().find_version(scores.submissions[house.house_id])
    asked = find_asked_criterion()
    with st.container(key="criteria"):
        for criterion in chosen.criteria if chosen else ():
            key = criterion.criterion_id
            outcome = made(_find_outcome, planned, key)
            with st.expander(f"{outcome.verdict} · {key} {criterion.title}", expanded=key == asked):
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

    verdict: str
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
    verdict, share = format_verdict(score["verdict"]), format_range(score["low"], score["high"])
    rule = explain_rule(asked.criterion[criterion_id].kind, Verdict(score["verdict"]))
    measures = list_measures(own, planned.begin, asked, scores.register)
    shown = ["Maatregel", "Aan zet", "Begin", "Eind", "Waarom dan"]
    return _Outcome(
        verdict=verdict,
        told=f"**Uitkomst: {share}, {verdict}.** {rule}",
        steps=write_rows(list_steps(steps, asked)[["Wat"]]) if len(steps) else "",
        measures=write_rows(measures[shown]) if len(own) else "",
        settled=(describe_settled(settled), write_rows(list_settled(settled, asked)))
        if len(settled)
        else None,
    )
