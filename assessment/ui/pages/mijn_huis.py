"""Mijn huis: where do we stand, and what now? Every figure opens to the answers and the rule behind it."""

from functools import partial

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
from assessment.model.framework import Criterion
from assessment.model.plan import Step
from assessment.model.register import House
from assessment.model.scale import Kind, Verdict
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.service.queries.formulas import FormulaPicture
from assessment.service.round_scores import RoundScores, Which
from assessment.service.trend import Agenda, Trend
from assessment.service.versions import ShownVersion
from assessment.tables.forecasts import find_when
from assessment.tables.formats import (
    format_counted,
    format_range,
    format_verdict,
    keep_quarters,
    name_whose,
)
from assessment.tables.frameworks import list_demands
from assessment.tables.groups import describe_parties, find_now
from assessment.tables.houses import (
    ACTIONS,
    describe_certainty,
    describe_conformity,
    describe_counted,
    describe_first,
    describe_hard_norms,
    describe_house,
    describe_reached,
    list_actions,
    list_cells,
    list_certainty,
    list_hard_norms,
    name_who_fills_in,
    sort_steps,
)
from assessment.tables.plans import describe_settled, list_measures, list_settled
from assessment.tables.progress import describe_steps, list_steps
from assessment.tables.scores import (
    describe_deviation,
    describe_unscored_themes,
    describe_who_answered,
    explain_rule,
    list_answers,
    list_theme_ranges,
)
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
from assessment.ui.cache import get_queries, show_figure
from assessment.ui.components import (
    find_standing,
    open_head,
    show_drafts,
    show_link,
    show_nothing_yet,
    show_quietly,
    show_rows,
    show_title,
)
from assessment.ui.forms.formulas import (
    find_formula_picture,
    show_formula_actions,
    show_formula_evidence,
)
from assessment.ui.navigation import find_address, link_to
from assessment.ui.notices import as_text
from assessment.ui.selectors import choose_house_and_round, choose_theme_of, find_asked_criterion

_HARD_NORMS, _AGENDA, _CRITERIA = "harde-normen", "huis-en-politie", "per-criterium"
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
        show(_find_finding(scores, house), f"{where} · {find_standing(scores, house)}")
    planned, formulas = queries.find_roadmap(which), find_formula_picture(house)
    trend, agenda = queries.find_trend(scores, house.house_id), _find_agenda(scores, house)
    show_drafts(house, round_)
    _show_answers_in_short(planned)
    actions, beside = st.columns([8, 5], gap="large") if trend or agenda else (st.container(), None)
    with actions:
        _show_actions(planned)
        show_formula_actions(formulas)
    if beside is not None:
        with beside:
            _show_changes(trend, agenda)
    _show_hard_norms(planned)
    if trend is not None:
        _show_trend(trend)
    if agenda is not None:
        _show_agenda(agenda)
    _show_themes(scores)
    _show_criteria(planned, house, formulas)
    with st.expander("Hoe komen deze cijfers tot stand?"):
        st.markdown(_RULES.format(counted=describe_counted(scores.questionnaire.rules)))


def _find_finding(scores: RoundScores, house: House) -> str:
    hard = scores.criteria[scores.criteria["kind"] == Kind.HARD_NORM.value]
    return f"{house.short_title}: {describe_house(scores.totals.iloc[0].to_dict(), hard)}"


def _show_answers_in_short(planned: Roadmap) -> None:
    st.html(
        write_cards([_draw_conformity(planned.scores), _draw_hard_norms(planned.scores), _draw_when(planned)])
    )


def _draw_conformity(scores: RoundScores) -> Card:
    total = scores.totals.iloc[0]
    unsure = int(count_unsure(scores.choices, scores.questionnaire).iloc[0])
    return _make_card(describe_conformity(total.to_dict(), unsure), write_range(total["low"], total["high"]))


def _draw_hard_norms(scores: RoundScores) -> Card:
    hard = scores.criteria[scores.criteria["kind"] == Kind.HARD_NORM.value]
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


def _show_actions(planned: Roadmap) -> None:
    scores, asked = planned.scores, planned.scores.questionnaire
    widths = divide_range(scores.grid, asked).iloc[0]
    steps = sort_steps(planned.steps, widths)
    verdict_of = dict(zip(scores.criteria["criterion_id"], scores.criteria["verdict"], strict=True))
    who = name_who_fills_in(scores.perspective_of(scores.grid.house_ids[0]))
    all_ = list_actions(steps.assign(actor=who), planned.measures, verdict_of, planned.begin, asked)
    actions = all_.head(ACTIONS)
    if actions.empty:
        _show_no_actions(planned)
        return
    up = describe_parties(planned.measures, find_now(planned.begin, today()), planned.begin, scores.register)
    st.header(keep_quarters(describe_first(steps, up)), anchor=False)
    show_rows(actions)
    others = len(all_) - len(actions)
    more = f"En nog {format_counted(others, 'maatregel')}: zie de hele routekaart. " if others else ""
    show_quietly(f"{more}K1 is het eerste kwartaal van een jaar.")
    if (steps["what"] == Step.FIND_OUT).any():
        with st.expander(describe_certainty(steps, widths)):
            show_rows(list_certainty(steps, widths, asked))
    link_to("routekaart", "Hele routekaart")
    link_to("leverkaart", "Leverkaart: wat de politie toezegt en levert")


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
    scores = planned.scores
    hard = scores.criteria[scores.criteria["kind"] == Kind.HARD_NORM.value]
    st.header("Harde normen", anchor=_HARD_NORMS)
    if hard.empty:
        st.markdown("Er is geen harde norm gevraagd die voor dit huis geldt.")
        return
    show_rows(list_hard_norms(hard, planned.measures, planned.estimates, planned.begin, scores.questionnaire))


def _show_changes(trend: Trend | None, agenda: Agenda | None) -> None:
    """Show beside the actions what changed since the round before, and where to talk with the police."""
    if trend is not None:
        (change,) = trend.changes.to_dict("records")
        st.header(f"Sinds {as_text(trend.earlier.round.title)}", anchor=False)
        show_quietly("Op de vragen die in beide rondes gelijk zijn:")
        st.html(write_moves(list_moves(trend.criteria, trend.later.criteria, trend.questionnaire)))
        if others := describe_other_moves(trend.criteria):
            show_quietly(others)
        show_quietly(describe_parts(change))
    if agenda is not None:
        st.html(write_link(_AGENDA, describe_differences(agenda.criteria)))


def _show_trend(trend: Trend) -> None:
    """Show what changed since the round before, criterion by criterion, and what cannot be compared."""
    (change,) = trend.changes.to_dict("records")
    st.header(f"Wat veranderde sinds {as_text(trend.earlier.round.title)}", anchor=False)
    st.markdown(describe_trend(change, trend.carried, trend.asked))
    with st.expander(describe_changes(trend.criteria)):
        show_rows(list_criterion_changes(trend.criteria, trend.later.criteria, trend.questionnaire))
    if trend.common.others:
        with st.expander(describe_not_carried(trend.common)):
            show_rows(list_not_carried(trend.common))


def _find_agenda(scores: RoundScores, house: House) -> Agenda | None:
    """Where house and police differ, for whoever may see both, once both handed in."""
    try:
        return get_queries().find_agenda(scores.round.round_id, house.house_id)
    except (NoAnswersError, NotAllowedError):
        return None


def _show_agenda(agenda: Agenda) -> None:
    st.header("Huis en politie naast elkaar", anchor=_AGENDA)
    st.markdown(
        f"{describe_agenda(agenda.criteria, agenda.differences)} Verschil is iets om over te praten; niemand "
        "heeft vooraf gelijk."
    )
    with st.expander("Per criterium"):
        show_rows(list_agenda(agenda.criteria, agenda.questionnaire))
    with st.expander("Vraag voor vraag, met beide toelichtingen"):
        show_rows(list_agenda_questions(agenda.differences, agenda.questionnaire))


def _show_themes(scores: RoundScores) -> None:
    titles = {theme.theme_id: theme.title for theme in scores.questionnaire.themes}
    st.header("Thema's", anchor=False)
    groups, told = _compare_with_country(scores)
    st.markdown(
        f"De balk is dit huis, van zeker tot mogelijk; een stip waar bijna alles bekend is. {told}"
        f"{describe_unscored_themes(scores.themes, titles)}"
    )
    facts = scores.themes, groups, titles
    show_figure(draw_theme_ranges, *facts, alt="Per thema de score van dit huis en van alle huizen.")
    with st.expander("Als tabel"):
        show_rows(list_theme_ranges(*facts))


def _compare_with_country(scores: RoundScores) -> tuple[pd.DataFrame, str]:
    """GROUPS as far as the visitor may see them, and what they are."""
    try:
        country = get_queries().find_country(scores.round.round_id, scores.perspective)
    except NotAllowedError as refusal:
        return GROUPS.empty(), str(refusal)
    if country.complete:
        told = f"laagste, midden en hoogste van {format_counted(country.houses, 'huis')}."
        return country.groups, f"De dunne lijn met de ruit is het land: {told}"
    return country.groups, f"De ruit is het land: het midden van {format_counted(country.houses, 'huis')}."


def _show_criteria(planned: Roadmap, house: House, formulas: FormulaPicture | None) -> None:
    scores = planned.scores
    st.header("Per criterium", anchor=_CRITERIA)
    st.markdown("Open een criterium en zie de antwoorden, de regel, de bron en de maatregelen.")
    chosen = choose_theme_of(scores.questionnaire)
    found = get_queries().find_version(scores.submissions[house.house_id])
    score_of = {row["criterion_id"]: row for row in scores.criteria.to_dict("records")}
    asked = find_asked_criterion()
    with st.container(key="criteria"):
        for criterion in chosen.criteria if chosen else ():
            score = score_of[criterion.criterion_id]
            verdict = score["verdict"]
            title = f"{format_verdict(verdict)} · {criterion.criterion_id} {criterion.title}"
            with st.expander(title, expanded=criterion.criterion_id == asked):
                _show_demand(criterion)
                _show_answers(criterion, found, scores)
                show_formula_evidence(formulas, criterion.criterion_id)
                _show_outcome(criterion, verdict, format_range(score["low"], score["high"]), planned)


def _show_outcome(criterion: Criterion, verdict: str, share: str, planned: Roadmap) -> None:
    rule = explain_rule(criterion.kind, Verdict(verdict))
    st.markdown(f"**Uitkomst: {share}, {format_verdict(verdict)}.** {rule}")
    _show_measures(criterion, planned)


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
    show_rows(list_answers(criterion, submission, scores.questionnaire.rules, found.evidence))
    show_quietly(describe_who_answered(submission))
    for deviation in submission.deviations:
        if deviation.criterion_id == criterion.criterion_id:
            st.text(describe_deviation(deviation, scores.moment))


def _show_measures(criterion: Criterion, planned: Roadmap) -> None:
    asked = planned.scores.questionnaire
    own, settled = (
        each[each["criterion_id"] == criterion.criterion_id] for each in (planned.measures, planned.settled)
    )
    steps = planned.steps[planned.steps["criterion_id"] == criterion.criterion_id]
    if len(steps):
        show_rows(list_steps(steps, asked)[["Wat"]])
    if len(own):
        table = list_measures(own, planned.begin, asked, planned.scores.register)
        show_rows(table[["Maatregel", "Aan zet", "Begin", "Eind", "Waarom dan"]])
        show_quietly("Begin en eind: als niets tegenzit.")
    if len(settled):
        st.markdown(f"{describe_settled(settled)}.")
        show_rows(list_settled(settled, asked))
