"""Mijn huis: where do we stand, and what now? Every figure opens to the answers and the rule behind it."""

from collections.abc import Hashable, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from assessment.engine.scoring import count_unsure
from assessment.engine.totals import divide_range
from assessment.errors import NoAnswersError, NotAllowedError
from assessment.figures.charts import draw_theme_ranges
from assessment.figures.signs import (
    Card,
    write_cards,
    write_cells,
    write_line,
    write_link,
    write_moves,
    write_range,
)
from assessment.model.document import Answer
from assessment.model.frames import GROUPS, Subject
from assessment.model.register import House
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.service.round_scores import Country, RoundScores, Which
from assessment.service.trend import Agenda, Trend
from assessment.tables.forecasts import find_when
from assessment.tables.formats import describe_mark, format_counted, keep_quarters, name_actors, name_whose
from assessment.tables.groups import describe_parties, find_due, find_due_quarter, find_now
from assessment.tables.houses import (
    ACTIONS,
    UNTIL,
    describe_certainty,
    describe_conformity,
    describe_counted,
    describe_ending,
    describe_first,
    describe_hard_norms,
    describe_house,
    describe_more,
    describe_reached,
    explain_steps,
    find_narrowing,
    keep_hard_norms,
    list_actions,
    list_cells,
    list_certainty,
    list_hard_norms,
    name_who_fills_in,
    sort_steps,
)
from assessment.tables.plans import describe_reasons
from assessment.tables.progress import describe_steps, list_steps
from assessment.tables.scores import describe_unscored_themes, list_theme_ranges
from assessment.tables.trend import (
    describe_agenda,
    describe_changes,
    describe_differences,
    describe_not_carried,
    describe_other_moves,
    describe_parts,
    describe_trend,
    list_agenda,
    list_agenda_questions,
    list_criterion_changes,
    list_moves,
    list_not_carried,
)
from assessment.ui.cache import get_queries, made, show_figure
from assessment.ui.components import (
    find_standing,
    open_head,
    show_drafts,
    show_quietly,
    show_rows,
    show_rows_of,
    show_title,
    write_rows,
)
from assessment.ui.forms.formulas import find_formula_picture, show_formula_actions
from assessment.ui.navigation import find_criterion_addresses, link_to
from assessment.ui.notices import as_text, show_info
from assessment.ui.parts import (
    CRITERIA,
    find_answer_addresses,
    find_answers,
    show_agreements,
    show_criteria,
    show_nothing_yet,
    show_table,
)
from assessment.ui.selectors import choose_house_and_round, find_newest_round

_HARD_NORMS, _AGENDA = "harde-normen", "huis-en-politie"
_RULES = """
- **Volgens het kader**: het gemiddelde van {counted}.
  De ondergrens telt elke onbekende vraag als nog niet, de bovengrens als voldaan.
- **Harde normen**: voldoen, deels, nog niet of nog onbepaald, zoals hun oordeel; samen zijn dat alle rijen.
- **Fase**: volgens het kader als elke harde norm en elke kernnorm voldoet of bewust anders is;
  pioniersfase als minder dan de helft van de harde normen voldoet; anders in transitie. Zijn alle drie nog
  mogelijk, dan is er nog niets over te zeggen.
- **Bewust anders**: een afgesproken afwijking telt als voldaan zolang zij geldt, en staat altijd apart.
- **Beantwoord**: weet ik niet telt als antwoord; niet van toepassing telt niet mee.
- **Aanbevelingen** en **ontwikkelpunten** tellen niet mee in het percentage.
"""


def render() -> None:
    """Show the page."""
    head = open_head()
    with head.choices:
        register, round_, house, perspective = choose_house_and_round()
    queries, which = get_queries(), Which(round_.round_id, perspective, house.house_id)
    where = f"{register.unit[house.unit_id].title} · {round_.title}"
    show = partial(show_title, about=house.short_title, invented=house.invented)
    try:
        scores = queries.find_scores(which)
    except NoAnswersError:
        with head.title:
            show(house.title, f"{where} · {name_whose(perspective)}")
        show_nothing_yet(house, round_, perspective)
        return
    with head.title:
        show(made(_find_finding, scores, house.short_title), f"{where} · {find_standing(scores, house)}")
    planned, formulas = queries.find_roadmap(which), find_formula_picture(house)
    trend, agenda = queries.find_trend(scores, house.house_id), _find_agenda(scores, house)
    show_drafts(house, round_)
    _show_answers_in_short(planned, trend)
    found = find_answers(scores, house)
    is_newest = round_ == find_newest_round(register)  # an earlier one does not know what was agreed since
    if is_newest and (ending := describe_ending(found.submission.deviations, today())):
        show_info(ending)
    actions, beside = st.columns([8, 5], gap="large") if trend or agenda else (st.container(), None)
    with actions:
        _show_actions(planned)
        show_formula_actions(formulas)
    if beside is not None:
        with beside:
            _show_changes(trend, agenda)
    _show_hard_norms(planned)
    show_agreements(found, scores, today() if is_newest else scores.moment)
    if trend is not None:
        _show_trend(trend)
    if agenda is not None:
        _show_agenda(agenda)
    country = _show_themes(scores)
    show_criteria(planned, found, formulas, country.met if country else {})
    with st.expander("Hoe komen deze cijfers tot stand?"):
        st.markdown(_RULES.format(counted=describe_counted(scores.questionnaire.rules)))


def _find_finding(scores: RoundScores, name: str) -> str:
    return f"{name}: {describe_house(scores.totals.iloc[0].to_dict(), keep_hard_norms(scores.criteria))}"


def _show_answers_in_short(planned: Roadmap, trend: Trend | None) -> None:
    st.html(made(_write_answers_in_short, planned, trend))


def _write_answers_in_short(planned: Roadmap, trend: Trend | None) -> str:
    scores = planned.scores
    return write_cards([_draw_conformity(scores, trend), _draw_hard_norms(scores), _draw_when(planned)])


def _draw_conformity(scores: RoundScores, trend: Trend | None) -> Card:
    """How far the house is, with a mark where it was in the round before."""
    total = scores.totals.iloc[0]
    unsure = int(count_unsure(scores.choices, scores.questionnaire).iloc[0])
    card = _make_card(describe_conformity(total.to_dict(), unsure), write_range(total["low"], total["high"]))
    card = card._replace(link=(CRITERIA, "Bekijk de antwoorden"))
    if trend is None:
        return card
    low, high = trend.changes[["before_low", "before_high"]].iloc[0]
    return card._replace(
        drawing=write_range(total["low"], total["high"], (low + high) / 2),
        note=f"{card.note}{describe_mark(low, high, trend.earlier.round.title)}",
    )


def _draw_hard_norms(scores: RoundScores) -> Card:
    hard = keep_hard_norms(scores.criteria)
    card = _make_card(describe_hard_norms(hard))
    if hard.empty:
        return card
    cells = write_cells(list_cells(hard, scores.questionnaire))
    return card._replace(drawing=cells, link=(_HARD_NORMS, "Bekijk ze één voor één"))


def _draw_when(planned: Roadmap) -> Card:
    begin, estimates = planned.begin, planned.estimates
    own = estimates[estimates["house_id"] == planned.scores.grid.house_ids[0]]
    when = find_when(own, Subject.BY_FRAMEWORK, begin)
    phase = planned.scores.totals["phase_low"].iloc[0]
    line = write_line(begin, when.likely - begin, when.at_80 - begin) if when else ""
    return _make_card(describe_reached(when, phase, len(planned.scores.houses)), line)


def _make_card(answer: Answer, drawing: str = "") -> Card:
    return Card(answer.label, answer.figure, answer.beside, drawing, answer.note)


class _Actions(NamedTuple):
    """What to do first: what that comes to, the rows, what more there is, and what to find out."""

    told: str
    rows: pd.DataFrame
    more: str
    certainty: str
    unknown: str


def _show_actions(planned: Roadmap) -> None:
    actions = made(_find_actions, planned, today())
    if actions is None:
        _show_no_actions(planned)
        return
    st.header(actions.told, anchor=False)
    show_rows(actions.rows, find_answer_addresses(planned.scores.questionnaire))
    show_quietly(f"{actions.more}K1 is het eerste kwartaal van een jaar.")
    if actions.unknown:
        with st.expander(actions.certainty):
            st.html(actions.unknown)
    link_to("routekaart", "Hele routekaart")
    link_to("leverkaart", "Leverkaart: wat de politie toezegt en levert")


def _find_actions(planned: Roadmap, day: date) -> _Actions | None:
    """What to do first in a plan, on a day; None where it has nothing to do."""
    scores, asked = planned.scores, planned.scores.questionnaire
    widths = divide_range(scores.grid, asked).iloc[0]
    steps = sort_steps(planned.steps, widths)
    verdict_of = dict(zip(scores.criteria["criterion_id"], scores.criteria["verdict"], strict=True))
    who = name_who_fills_in(scores.perspective_of(scores.grid.house_ids[0]))
    measures, begin = planned.measures, planned.begin
    quarter = find_due_quarter(measures, find_now(begin, day))
    due = find_due(measures, quarter)
    named = due.assign(
        actor=name_actors(due, scores.register), why=describe_reasons(due, begin, asked, of_one_actor=True)
    )
    actions = list_actions(explain_steps(steps, widths, who), named, verdict_of, begin, asked)
    if actions.empty:
        return None
    up = describe_parties(measures, quarter, begin, scores.register)
    later = int((measures["first"] > quarter).sum())
    narrowing = find_narrowing(steps, widths)
    return _Actions(
        told=keep_quarters(describe_first(steps, up)),
        rows=_put_why_beneath(actions.head(ACTIONS)),
        more=describe_more(len(actions) - ACTIONS, later, begin + quarter),
        certainty=describe_certainty(narrowing, widths),
        unknown="" if narrowing.empty else write_rows(list_certainty(narrowing, widths, asked)),
    )


def _put_why_beneath(actions: pd.DataFrame) -> pd.DataFrame:
    """Put under each quarter why it is that one."""
    return actions.drop(columns="Waarom").assign(**{UNTIL: actions[UNTIL] + "\n" + actions["Waarom"]})


def _show_no_actions(planned: Roadmap) -> None:
    if not planned.steps.empty:
        st.header(describe_steps(planned.steps), anchor=False)
        show_rows(list_steps(planned.steps, planned.scores.questionnaire))
    elif planned.gaps.empty:
        st.header("Er is niets meer te doen", anchor=False)
        st.markdown("Dit huis voldoet aan alles wat is gevraagd.")
    else:
        st.header("Er staat niets meer in het plan", anchor=False)
        st.markdown("Dit huis voldoet aan alle normen; een aanbeveling is een keuze van het huis.")


def _show_hard_norms(planned: Roadmap) -> None:
    """Each hard norm with its verdict, and when the plan has it done."""
    st.header("Harde normen", anchor=_HARD_NORMS)
    if made(keep_hard_norms, planned.scores.criteria).empty:
        st.markdown("Er is geen harde norm gevraagd die voor dit huis geldt.")
    else:
        show_rows(made(_list_hard_norms, planned), _find_criterion_addresses(planned.scores))


def _find_criterion_addresses(scores: RoundScores) -> dict[str, str]:
    return find_criterion_addresses(scores.questionnaire.criterion)


def _list_hard_norms(planned: Roadmap) -> pd.DataFrame:
    hard, asked = keep_hard_norms(planned.scores.criteria), planned.scores.questionnaire
    return list_hard_norms(hard, planned.measures, planned.estimates, planned.begin, asked)


def _show_changes(trend: Trend | None, agenda: Agenda | None) -> None:
    """Show beside the actions what changed since the round before, and where to talk with the police."""
    if trend is not None:
        change = made(_find_change, trend)
        st.header(f"Sinds {as_text(trend.earlier.round.title)}", anchor=False)
        show_quietly(f"Op de vragen die in beide rondes gelijk zijn ({trend.carried} van {trend.asked}):")
        st.html(made(_write_moves, trend))
        if others := made(describe_other_moves, trend.criteria):
            show_quietly(others)
        show_quietly(describe_parts(change))
    if agenda is not None:
        st.html(write_link(_AGENDA, made(describe_differences, agenda.criteria)))


def _find_change(trend: Trend) -> dict[Hashable, Any]:
    (change,) = trend.changes.to_dict("records")
    return change


def _write_moves(trend: Trend) -> str:
    return write_moves(list_moves(trend.criteria, trend.later.criteria, trend.questionnaire))


def _show_trend(trend: Trend) -> None:
    """Show what changed since the round before, criterion by criterion, and what cannot be compared."""
    st.header(f"Wat veranderde sinds {as_text(trend.earlier.round.title)}", anchor=False)
    st.markdown(describe_trend(made(_find_change, trend), trend.carried, trend.asked))
    with st.expander(made(describe_changes, trend.criteria)):
        facts = trend.criteria, trend.later.criteria, trend.questionnaire
        show_rows(made(list_criterion_changes, *facts), _find_criterion_addresses(trend.later))
    if trend.common.others:
        with st.expander(describe_not_carried(trend.common)):
            show_rows_of(list_not_carried, trend.common)


def _find_agenda(scores: RoundScores, house: House) -> Agenda | None:
    """Where house and police differ, for whoever may see both, once both handed in."""
    try:
        return get_queries().find_agenda(scores.round.round_id, house.house_id)
    except (NoAnswersError, NotAllowedError):
        return None


def _show_agenda(agenda: Agenda) -> None:
    st.header("Huis en politie naast elkaar", anchor=_AGENDA)
    st.markdown(
        f"{made(describe_agenda, agenda.criteria, agenda.differences)} Verschil is iets om over te praten; "
        "niemand heeft vooraf gelijk."
    )
    with st.expander("Per criterium"):
        facts = agenda.criteria, agenda.questionnaire
        show_rows(made(list_agenda, *facts), find_criterion_addresses(agenda.questionnaire.criterion))
    with st.expander("Vraag voor vraag, met beide toelichtingen"):
        show_rows_of(list_agenda_questions, agenda.differences, agenda.questionnaire)


def _show_themes(scores: RoundScores) -> Country | None:
    """Show each theme beside all houses, as far as the visitor may see those, and return them."""
    st.header("Thema's", anchor=False)
    country, told = _compare_with_country(scores)
    st.markdown(
        f"De balk is dit huis, van zeker tot mogelijk; een stip waar bijna alles bekend is. {told}"
        f"{made(_describe_unscored, scores)}"
    )
    ranges = made(_find_ranges, scores, country)
    everyone = " en van alle huizen" if country else ""
    name = f"themas_{scores.round.round_id}_{scores.grid.house_ids[0]}"
    show_figure(name, draw_theme_ranges, *ranges, alt=f"Per thema de score van dit huis{everyone}.")
    st.html(write_link(CRITERIA, "Open een thema: wat er is geantwoord, criterium voor criterium"))
    with st.expander("Als tabel"):
        show_table(name, list_theme_ranges, *ranges)
    return country


def _describe_unscored(scores: RoundScores) -> str:
    return describe_unscored_themes(scores.themes, _name_themes(scores))


def _find_ranges(
    scores: RoundScores, country: Country | None
) -> tuple[pd.DataFrame, pd.DataFrame, Mapping[str, str]]:
    """THEME_SCORES, GROUPS as far as they go beside one house, and the titles of the themes."""
    return scores.themes, country.large if country else GROUPS.empty(), _name_themes(scores)


def _name_themes(scores: RoundScores) -> Mapping[str, str]:
    return {theme.theme_id: theme.title for theme in scores.questionnaire.themes}


def _compare_with_country(scores: RoundScores) -> tuple[Country | None, str]:
    """All houses together, as far as the visitor may see them, and what they are."""
    try:
        country = get_queries().find_country(scores.round.round_id, scores.perspective)
    except NotAllowedError as refusal:
        return None, str(refusal)
    if country.large.empty:
        return None, "Er leverden minder dan vijf huizen in. Daarom staat het land er niet naast."
    if country.complete:
        told = f"laagste, midden en hoogste van {format_counted(country.houses, 'huis')}."
        return country, f"De dunne lijn met de ruit is het land: {told}"
    return country, f"De ruit is het land: het midden van {format_counted(country.houses, 'huis')}."
