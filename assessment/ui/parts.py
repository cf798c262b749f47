"""Parts of a page about a house and its plan, each made once for the same facts."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd
import streamlit as st

from assessment.figures.quarters import DECIDES, PLANNED, write_estimates, write_gantt
from assessment.model.access import Task
from assessment.model.frames import Subject, of_house
from assessment.model.framework import Criterion
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Round
from assessment.model.scale import Perspective, Verdict
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
from assessment.tables.formats import format_counted, format_range, format_with_capital
from assessment.tables.frameworks import describe_met, list_demands
from assessment.tables.groups import list_work
from assessment.tables.house_plan import list_agreements
from assessment.tables.houses import list_old_evidence
from assessment.tables.plans import (
    describe_chain,
    describe_settled,
    explain_bars,
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
from assessment.ui.cache import get_queries, hand_out, made
from assessment.ui.components import (
    CSV,
    describe_nothing_yet,
    show_drafts,
    show_late,
    show_link,
    show_quietly,
    show_rows,
    show_rows_of,
    write_rows,
)
from assessment.ui.forms.formulas import show_formula_evidence
from assessment.ui.navigation import find_address, find_criterion_addresses, link_to
from assessment.ui.notices import show_info
from assessment.ui.selectors import choose_theme_of, find_asked_criterion
from assessment.ui.session import Key
from assessment.writers.downloads import write_table_csv

CRITERIA = "per-criterium"
"""Where on the page of a house its criteria stand."""


def show_table(name: str, list_: Callable[..., pd.DataFrame], *facts: object) -> None:
    """Show a table that is made once for the same facts, with a button that takes it along as csv.

    Args:
        name: of the file and in the audit trail, without an ending; of one table on the page.
        list_: makes the table of the facts.
        facts: as `made` has them.
    """
    show_rows_of(list_, *facts)
    offer_csv(name, lambda: list_(*facts))


def show_table_of_links(name: str, table: pd.DataFrame, addresses: Mapping[str, str]) -> None:
    """Show a table of which names lead on (see `show_rows`), with a button that takes it along as csv."""
    show_rows(table, addresses)
    offer_csv(name, lambda: table)


def offer_csv(name: str, list_: Callable[[], pd.DataFrame]) -> None:
    """Offer a table as csv, which is written when somebody takes it; `name` as `show_table` has it."""
    st.download_button(
        "Neem mee als csv",
        hand_out(f"tabel/{name}", lambda: write_table_csv(list_())),
        f"{name}.csv",
        CSV,
        key=Key.TABLE.of(name),
        on_click="ignore",
    )


def find_answers(scores: RoundScores, house: House) -> ShownVersion:
    """The answers on which the figures of a house rest."""
    return get_queries().find_version(scores.submissions[house.house_id])


def show_agreements(found: ShownVersion, scores: RoundScores, day: date) -> None:
    """Show what is agreed otherwise and until when, and what evidence is old on a day, where any is."""
    asked, submission = scores.questionnaire, found.submission
    if submission.deviations:
        st.header("Bewust anders, zo afgesproken", anchor=False)
        show_rows(
            list_agreements(submission.deviations, asked, scores.moment),
            find_criterion_addresses(asked.criterion),
        )
    old = list_old_evidence(submission, found.evidence, asked, day)
    if len(old):
        with st.expander(f"Bewijs van meer dan een jaar oud: bij {format_counted(len(old), 'vraag')}"):
            st.markdown("Klopt het nog? Vernieuw het dan bij de volgende keer invullen.")
            show_rows(old)


def show_nothing_yet(house: House, round_: Round, perspective: Perspective) -> None:
    """Say that a house has no answers yet, and lead to where they are handed in."""
    show_info(f"{describe_nothing_yet(house, round_, perspective)} Daarom is er nog niets te zien.")
    if not show_drafts(house, round_):
        lead_to_handing_in(round_, [house], perspective)


def lead_to_handing_in(round_: Round, houses: Iterable[House], missing: Perspective) -> None:
    """Lead who may hand in what is missing to the questionnaire, and others to who is to hand in."""
    may, asked = get_queries().may, [each for each in round_.perspectives if each is missing]
    if any(may(Task.HAND_IN, house, each) for house in houses for each in asked or round_.perspectives):
        link_to("zelfscan", "Naar Zelfscan: download de vragenlijst en lever in")
    else:
        link_to("ronde", "Naar Ronde: wie er nog moet inleveren")


def show_criteria(
    planned: Roadmap,
    found: ShownVersion,
    formulas: FormulaPicture | None,
    met: Mapping[str, tuple[int, int]],
) -> None:
    """Show the criteria of a theme, each to be opened, with what was answered to it.

    Args:
        planned: the plan of the house, with its scores.
        found: the answers.
        formulas: what formulas say beside them.
        met: by criterion_id how many houses meet it, of how many; nothing is told of others.
    """
    scores = planned.scores
    st.header("Per criterium", anchor=CRITERIA)
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
                _show_outcome(outcome, describe_met(*met[key]) if key in met else "")


def find_answer_addresses(asked: Questionnaire) -> dict[str, str]:
    """For each criterion the address at which it is opened here: its answers, its rule and its source."""
    return {
        key: f"{find_address('mijn-huis', thema=theme.theme_id, criterium=key)}#{CRITERIA}"
        for key, theme in asked.theme_of.items()
    }


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


def _show_outcome(outcome: _Outcome, beside: str) -> None:
    st.markdown(outcome.told)
    if beside:
        show_quietly(beside)
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


def show_in_time(planned: Roadmap, ordered: pd.DataFrame, name: str) -> None:
    """Show measures of several houses until their plan ends, of each house under its name, and as a table.

    Args:
        planned: the plan of the houses together.
        ordered: the measures, as `sort_measures` orders them; at least one.
        name: which these are, in the name of a file.
    """
    scores = planned.scores
    told = format_with_capital(format_counted(len(ordered), "maatregel"))
    drawn = made(_write_in_time, planned, ordered, today())
    with st.expander(f"{told} in de tijd, per huis, tot het einde van het plan"):
        bars = explain_bars(ordered, "Donker: zonder speling.", "Licht: met speling.")
        last = name_last(planned.chain, scores.questionnaire)
        decides = f" {DECIDES} bepaalt wanneer de {last} van de eenheid klaar is." * (DECIDES in drawn)
        show_quietly(f"{bars}{decides} Alles staat waar het valt als niets tegenzit.")
        st.html(drawn)
    with st.expander("De maatregelen in de tijd, als tabel"):
        facts = ordered, planned.begin, scores.questionnaire, scores.register
        show_table(f"maatregelen_{scores.round.round_id}_{name}", list_work, *facts)


def _write_in_time(planned: Roadmap, ordered: pd.DataFrame, day: date) -> str:
    shown = set(ordered["house_id"])
    return write_gantt(
        ordered,
        planned.begin,
        planned.quarters,
        planned.scores.questionnaire,
        day,
        chain=planned.chain,
        names={each.house_id: each.short_title for each in planned.scores.houses if each.house_id in shown},
    )


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
        name = f"schatting_{planned.scores.round.round_id}_{house_id or 'samen'}"
        show_table(name, _list_estimates, planned, house_id)
        st.markdown(describe_estimating(planned.scores.questionnaire))


class _Steering(NamedTuple):
    """What decides when a plan ends, and how sure that end is: in words, as rows and as a drawing."""

    last: str
    told: str
    chain: str
    how_sure: str
    drawn: str


def _find_steering(planned: Roadmap, house_id: str, day: date) -> _Steering:
    asked, begin, register = planned.scores.questionnaire, planned.begin, planned.scores.register
    own = keep_main(of_house(planned.estimates, house_id), asked)
    return _Steering(
        last=name_last(planned.chain, asked),
        told=describe_chain(planned.chain, begin, asked),
        chain=write_rows(list_chain(planned.chain, begin, asked, register)),
        how_sure=describe_how_sure(own, begin),
        drawn=write_estimates(own, begin, asked, day),
    )


def _list_estimates(planned: Roadmap, house_id: str) -> pd.DataFrame:
    asked = planned.scores.questionnaire
    return list_estimates(keep_main(of_house(planned.estimates, house_id), asked), planned.begin, asked)


def show_beyond(planned: Roadmap, house_id: str) -> None:
    """Say that working by the kader takes more than three years, of one house or of all; nothing else."""
    when = find_when(of_house(planned.estimates, house_id), Subject.BY_FRAMEWORK, planned.begin)
    if told := describe_beyond(when, planned.begin):
        show_quietly(told)


def show_closed(planned: Roadmap) -> None:
    """Say of a plan that it is as it was when its round closed; nothing of a plan of today."""
    if told := describe_closed(planned.decisions, planned.scores.round):
        show_info(told)
