"""Kader: what is every criterion about, where does it come from, and how does a house get there?"""

from collections.abc import Mapping

import streamlit as st

from assessment.engine.comparison import EditionChange
from assessment.figures.signs import Card, write_cards, write_questions, write_range
from assessment.model.framework import Criterion, Framework, find_longest_path
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Kind, Perspective
from assessment.service.frameworks import EditionDifference
from assessment.service.queries.administration import Met
from assessment.tables.formats import (
    NOTHING,
    agree,
    format_counted,
    format_part,
    format_with_capital,
    name_whose,
)
from assessment.tables.frameworks import (
    describe_changes,
    list_changes,
    list_facts,
    list_named_sources,
    list_overview,
    list_steps,
    search_criteria,
)
from assessment.tables.scores import explain_kind
from assessment.ui.cache import get_queries
from assessment.ui.components import open_head, show_quietly, show_rows, show_terms, show_title
from assessment.ui.navigation import find_criterion_addresses
from assessment.ui.selectors import choose_criterion, choose_earlier, choose_questionnaire
from assessment.ui.session import SOUGHT

_DEMAND, _TOGETHER = "Voldoet als", "Kwartalen samen"


def render() -> None:
    """Show the page."""
    editions = get_queries().find_editions()
    head = open_head()
    with head.choices:
        asked = choose_questionnaire(editions)
        criterion = choose_criterion(asked)
    met = get_queries().find_met([f"{each.framework_id}/{each.version}" for each in asked.frameworks])
    with head.title:
        _show_finding(asked, criterion)
    if criterion is None:
        _show_criteria(asked, met)
        _show_versions(asked, editions)
    else:
        _show_criterion(criterion, asked, met)
        _show_other_versions(criterion, asked, editions)
    _show_words(asked)


def _show_finding(asked: Questionnaire, criterion: Criterion | None) -> None:
    if criterion is None:
        hard = sum(each.kind is Kind.HARD_NORM for each in asked.criteria)
        criteria = format_counted(len(asked.criteria), "criterium")
        title = f"{criteria}, waarvan {format_counted(hard, 'harde norm')}"
        show_title(title, " · ".join(map(_name, asked.frameworks)))
        return
    theme = next(each.title for each in asked.themes if criterion in each.criteria)
    told = f"{theme} · {criterion.kind.dutch} · {_name(_find_framework(criterion, asked))}"
    show_title(f"{criterion.criterion_id} {criterion.title}", told, about=criterion.criterion_id)


def _find_framework(criterion: Criterion, asked: Questionnaire) -> Framework:
    return next(each for each in asked.frameworks if criterion in each.criteria)


def _name(framework: Framework) -> str:
    return f"{framework.title} {framework.version}"


def _show_criteria(asked: Questionnaire, met: Met) -> None:
    """All criteria by theme, or those in which something is sought."""
    sought = st.text_input(
        "Zoek in het kader",
        key=SOUGHT.key,
        bind="query-params",
        placeholder="bijvoorbeeld liaison",
        width=420,
    )
    found = search_criteria(asked, sought)
    if sought:
        st.markdown(_describe_found(len(found), len(asked.criteria)))
    if told := _describe_met(met):
        show_quietly(told)
    for theme in asked.themes:
        own = [criterion for criterion in theme.criteria if criterion in found]
        if own:
            st.header(theme.title, anchor=False)
            with st.container(key=f"overview-{theme.theme_id}"):
                show_rows(list_overview(own, met.counts), find_criterion_addresses(asked.criterion))


def _describe_found(found: int, all_: int) -> str:
    if not found:
        return "Nergens gevonden. Zoek met een ander woord, of met een deel ervan."
    return f"Gevonden in {format_part(found, all_, 'criterium')}."


def _show_criterion(criterion: Criterion, asked: Questionnaire, met: Met) -> None:
    """All of one criterion: what it asks, why, who, what first, the questions and the measures."""
    facts, addresses = list_facts(criterion, asked), find_criterion_addresses(asked.criterion)
    facts.pop(_TOGETHER, None)  # stands on a card
    st.markdown(facts.pop(_DEMAND, explain_kind(criterion.kind, asked.rules)))
    st.html(write_cards([_tell_met(criterion, asked, met), _tell_time(criterion)]))
    show_terms(facts, addresses)
    st.header("Wat wordt er gevraagd?", anchor=False)
    show_quietly(explain_kind(criterion.kind, asked.rules))
    st.html(write_questions(criterion.questions))
    st.header("Welke maatregelen helpen?", anchor=False)
    if criterion.measures:
        show_rows(list_steps(criterion))
    else:
        st.markdown("Bij dit criterium horen geen maatregelen.")


def _tell_met(criterion: Criterion, asked: Questionnaire, met: Met) -> Card:
    count = met.counts.get(criterion.criterion_id)
    label = "Huizen die voldoen"
    if not criterion.kind.is_scored(asked.rules):
        return Card(label, NOTHING, note=explain_kind(criterion.kind, asked.rules))
    if count is None:
        return Card(label, NOTHING, note=_describe_met(met))
    share = count[0] / count[1]
    return Card(label, str(count[0]), f"van {count[1]}", write_range(share, share), _describe_met(met))


def _describe_met(met: Met) -> str:
    if met.round is None:
        return met.why_not
    whose = f"{format_with_capital(met.round.title)}, {name_whose(Perspective.RECORD)}"
    return f"{whose}. Bewust anders telt hier niet mee; bij minder dan vijf huizen staat er niets."


def _tell_time(criterion: Criterion) -> Card:
    days = sum(measure.days for measure in criterion.measures)
    if not criterion.measures:
        return Card("Zo lang duurt het", NOTHING, note="Er horen geen maatregelen bij.")
    quarters = find_longest_path(criterion.measures)
    return Card(
        "Zo lang duurt het",
        str(quarters),
        agree(quarters, "kwartaal", "kwartalen"),
        note=f"{format_counted(len(criterion.measures), 'maatregel')}, {format_counted(days, 'dag')} werk.",
    )


def _show_words(asked: Questionnaire) -> None:
    with st.expander("Woorden uitgelegd"):
        kinds = {each.kind: explain_kind(each.kind, asked.rules) for each in asked.criteria}
        told = {format_with_capital(kind.dutch): text.partition(": ")[2] for kind, text in kinds.items()}
        words = told | get_queries().find_words()
        show_terms({word: format_with_capital(meaning) for word, meaning in words.items()})
    with st.expander("Alle bronnen"):
        show_rows(list_named_sources(asked), find_criterion_addresses(asked.criterion))


def _show_versions(asked: Questionnaire, editions: Mapping[str, Framework]) -> None:
    """What another version of a framework says otherwise."""
    shown = {each.framework_id: each for each in asked.frameworks}
    others = {
        ref: f"{each.title}: {each.version} naast {shown[each.framework_id].version}"
        for ref, each in editions.items()
        if each.framework_id in shown and each != shown[each.framework_id]
    }
    if not others:
        return
    st.header("Wat verschilt tussen versies?", anchor=False)
    other = choose_earlier(others)
    difference = _find_difference(other, shown[editions[other].framework_id], editions)
    st.markdown(describe_changes(difference.changes, difference.same, difference.asked))
    with st.expander("Elke wijziging"):
        show_rows(list_changes(difference.changes))


def _show_other_versions(
    criterion: Criterion, asked: Questionnaire, editions: Mapping[str, Framework]
) -> None:
    """What other versions of its framework say otherwise of one criterion."""
    framework = _find_framework(criterion, asked)
    for ref, other in editions.items():
        if other.framework_id == framework.framework_id and other != framework:
            changes = _find_difference(ref, framework, editions).changes
            own = [each for each in changes if _is_about(each, criterion)]
            with st.expander(
                f"Anders dan in versie {other.version}: {format_counted(len(own), 'wijziging')}"
            ):
                show_rows(list_changes(own))


def _find_difference(
    other: str, framework: Framework, editions: Mapping[str, Framework]
) -> EditionDifference:
    """Two versions beside each other, the oldest first."""
    refs = [other, f"{framework.framework_id}/{framework.version}"]
    return get_queries().find_difference(*sorted(refs, key=list(editions).index))


def _is_about(change: EditionChange, criterion: Criterion) -> bool:
    return change.key.partition(".")[0] == criterion.criterion_id
