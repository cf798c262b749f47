"""Landelijk beeld: one face? Where the country stands, and where the same gap returns."""

from collections.abc import Iterable, Iterator

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessment.engine.comparison import count_faces
from assessment.errors import NoAnswersError, NotAllowedError
from assessment.figures.charts import draw_transition, write_phases
from assessment.figures.country import ALIKE_MEANS, Strip, write_bars, write_norms, write_strips, write_tiles
from assessment.figures.matrix import Addresses, write_legend, write_matrix, write_themes
from assessment.figures.signs import find_look
from assessment.model.access import Task
from assessment.model.register import Register, Round
from assessment.model.scale import Perspective, Rules, Verdict
from assessment.service.plans.planning import Transition
from assessment.service.plans.underway import Underway
from assessment.service.round_scores import Country, Which, find_marks
from assessment.tables.administration import count_response
from assessment.tables.forecasts import (
    OPEN_PHASE,
    describe_curves,
    describe_estimating,
    describe_transition,
    list_transition,
)
from assessment.tables.formats import describe_handed_in, describe_who_has, format_counted, keep_quarters
from assessment.tables.groups import (
    Headline,
    describe_country,
    describe_faces,
    gather_answers,
    list_headlines,
    list_inventory,
    list_written,
    search_rows,
)
from assessment.tables.houses import count_verdicts
from assessment.tables.scores import count_met, describe_norms, keep_part, list_groups, list_houses
from assessment.tables.versions import describe_standing_of_houses
from assessment.ui.cache import get_queries, show_figure
from assessment.ui.components import open_head, show_facts, show_quietly, show_rows, show_title
from assessment.ui.forms.what_if import show_solved
from assessment.ui.navigation import find_address, find_criterion_addresses, link_to
from assessment.ui.notices import as_text, show_info
from assessment.ui.parts import lead_to_handing_in, offer_csv, show_table_of_links
from assessment.ui.selectors import (
    choose_cells,
    choose_group_round,
    choose_on_map,
    choose_perspective,
    choose_solved,
    find_newest_round,
    load_register,
)
from assessment.ui.session import INVENTORY_SOUGHT

# Seconds to wait for plans before the rest is shown, and after which it is told how far they are.
_AT_ONCE, _EVERY = 0.2, 0.5

_SOLVED = "opgelost"
_CURVE = "huizen-per-fase-en-kwartaal"
_ON_THE_MAP = "POS-4"  # at first; whether a liaison exists is what the country asks most
_GROUP = (
    "U ziet alle huizen samen, en geen ander huis apart. Laagste en hoogste staan er niet bij: dat zijn "
    "cijfers van één huis. Waar minder dan vijf andere huizen meetellen, staat niets."
)
_COUNTED = (
    "De kaart telt alle vragen van {0}, bij huizen waarvoor {0} geldt. De rij bovenaan telt één vraag, bij "
    "alle huizen."
)
_GAPS = "Harde normen eerst; grijs: onbepaald."
_FACE = (
    "Dit is een voorstel: een norm telt als de uitkomst bij ten minste de helft van de huizen vaststaat en "
    f"zij voor 80 % of meer gelijk zijn. {ALIKE_MEANS} Bewust anders is een ander gezicht. Zijn de huizen "
    "gelijk, maar voldoen zij nog niet, dan is het overal hetzelfde gat. Per criterium staat het bij de "
    "tabellen."
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
    "LOS-2": "politie doet geen casusadministratie meer",
    "LOS-3": "politie leidt het overleg niet meer",
    "POS-4": "liaison aangewezen",
}


def render() -> None:
    """Show the page."""
    register = load_register()
    head = open_head()
    with head.choices:
        round_ = choose_group_round(register)
        perspective = choose_perspective(register, round_, Task.SEE_GROUPS)
    try:
        country = get_queries().find_country(round_.round_id, perspective)
    except (NoAnswersError, NotAllowedError) as error:
        with head.title:
            show_title("Landelijk beeld", about=round_.title)
        if isinstance(error, NotAllowedError):
            _show_not_told(error)
        else:
            _show_nothing_yet(round_, perspective)
            lead_to_handing_in(round_, register.houses_of(round_), perspective)
        return
    with head.title:
        _show_finding(country)
    if not country.complete:
        st.markdown(f"{_GROUP}{_tell_what_is_open(register, round_)}")
    st.html(write_strips(_find_strips(country), register))
    with st.container(key="country"):
        gaps, where, when = st.columns([28, 50, 41], gap="small")
    with gaps:
        _show_returning_gaps(country)
    with where:
        (_show_where if country.complete else _show_phases)(country)
    planning = get_queries().begin_transition(round_.round_id, perspective)
    planning.wait(_AT_ONCE)
    if _sees_each_plan(country):
        _show_solved(country, perspective)
    _show_face(country)
    if country.complete:
        _show_phases(country)
        _show_response(country)
        _show_matrix(country)
    _show_tables(country)
    by_quarter = st.container()
    _show_inventory(round_, perspective)
    link_to("rapporten", "Neem dit mee: landelijk rapport en open data", {"ronde": round_.round_id})
    transition = _wait_for(planning, country, when)
    with when:
        _show_transition(transition)
    with by_quarter:
        _show_quarters(transition)


def _show_inventory(round_: Round, perspective: Perspective) -> None:
    """Show how houses work, and what they wrote as far as that may be read; to search and to take along."""
    inventory = get_queries().find_inventory(round_.round_id, perspective)
    with st.expander("Inventaris: hoe de huizen werken en wat er leeft; dit telt nooit mee"):
        sought = st.text_input(
            "Zoek in de inventaris", key=INVENTORY_SOUGHT.key, placeholder="bijvoorbeeld wijkagent", width=420
        )
        counted, written = (
            search_rows(table, sought) for table in (list_inventory(inventory), list_written(inventory))
        )
        st.subheader("Wat huizen antwoordden", anchor=False)
        show_quietly(f"Van {format_counted(inventory.houses, 'huis')}; leeg telt als weet ik niet.")
        if not counted.empty:
            show_rows(gather_answers(counted))
        st.subheader("Wat huizen schreven", anchor=False)
        show_quietly(_describe_withheld(inventory.withheld))
        if not written.empty:
            show_rows(written)
        both = pd.concat([counted, written], ignore_index=True).fillna("")
        offer_csv(f"inventaris_{round_.round_id}", lambda: both)


def _describe_withheld(withheld: int | None) -> str:
    """Say that a text is read only where a house shares it, and how many are not shared."""
    rule = "U leest alleen wat een huis met u deelt."
    return f"{rule} Niet gedeeld: {format_counted(withheld, 'tekst')}." if withheld else rule


def _show_finding(country: Country) -> None:
    scores = country.scores
    faces = count_faces(country.groups, scores.questionnaire)
    basis = describe_standing_of_houses(scores.perspective, scores.adopted_jointly, country.houses)
    handed_in = describe_handed_in(country.houses, len(scores.round.house_ids), scores.perspective)
    show_title(
        describe_country(faces, scores.totals),
        f"{scores.round.title} · {handed_in} · {basis}",
        about=scores.round.title,
    )
    if faces.norms:
        norms, told = scores.questionnaire.one_face, describe_norms(country.groups, scores.criteria)
        addresses = find_criterion_addresses(each.criterion_id for each in norms)
        st.html(write_norms(norms, told, addresses, find_address("kader")))


def _tell_what_is_open(register: Register, shown: Round) -> str:
    newest = find_newest_round(register)
    if newest.opens <= shown.opens or newest in get_queries().list_group_rounds(register):
        return ""
    return f" Ronde {as_text(newest.title)} is nog open; die ziet u hier zodra zij is gesloten."


def _show_not_told(refusal: NotAllowedError) -> None:
    """Say why this group is not shown, and lead to what is; who may see no group at all is refused."""
    if refusal.task:
        raise refusal
    show_info(str(refusal))
    if get_queries().visitor.may_somewhere(Task.SEE_SCORES):
        link_to("huis", "Naar Mijn huis")


def _show_nothing_yet(round_: Round, perspective: Perspective) -> None:
    st.markdown(
        f"Er is nog niets te zien: {describe_who_has(perspective)} bij geen van de {len(round_.house_ids)} "
        f"huizen al ingeleverd voor {round_.title}."
    )


def _find_strips(country: Country) -> list[Strip]:
    """The headlines of a questionnaire, or what is told of one that names none."""
    scores = country.scores
    if not scores.questionnaire.headlines:
        return [strip for each in _STRIPS for strip in _find_norm(country, each)]
    told = list_headlines(scores.headlines, scores.criteria, scores.questionnaire)
    may_be_told = set(country.groups["subject_id"])
    return [_find_headline(country, each) for each in told if each.question.criterion_id in may_be_told]


def _find_headline(country: Country, headline: Headline) -> Strip:
    """What was answered: the first answer is what the kader asks, the others are counted beside it."""
    marks = find_marks(country.scores, headline.question) if country.complete else {}
    signs = {house_id: (find_look(mark), mark.dutch) for house_id, mark in marks.items()}
    (_, first), *others = headline.counts
    number, _, said = first.partition(" ")
    rest = ", ".join(text for _, text in others if not text.startswith("0 "))
    return Strip(int(number), country.houses, f"{headline.question.headline}: {said}", rest, signs)


def _find_norm(country: Country, criterion_id: str) -> Iterator[Strip]:
    criteria = country.scores.criteria
    own = criteria[criteria["criterion_id"] == criterion_id]
    if own.empty or criterion_id not in set(country.groups["subject_id"]):
        return
    verdicts = {key: Verdict(verdict) for key, verdict in zip(own["house_id"], own["verdict"], strict=True)}
    signs = {key: (verdict, verdict.dutch) for key, verdict in verdicts.items()} if country.complete else {}
    met, rest = count_verdicts(own["verdict"])
    yield Strip(int(met), len(own), _STRIPS[criterion_id], rest.partition(", ")[2], signs)


def _show_phases(country: Country) -> None:
    phases = country.phases
    st.header("In welke fase zijn de huizen?", anchor=False)
    show_facts(list(zip(phases["Fase"], phases["Aantal huizen"].astype("str"), strict=True)), headline=False)


def _show_response(country: Country) -> None:
    """Show of how many houses the answers are there, and how good they are; to who may know it of each."""
    scores, may = country.scores, get_queries().may
    if all(may(Task.SEE_PROGRESS, house) for house in scores.register.houses_of(scores.round)):
        board = get_queries().find_board(scores.round.round_id)
        st.header("Wat is er ingeleverd?", anchor=False)
        show_facts(count_response(board, scores.perspective), headline=False)
        link_to("ronde", "Bekijk het per huis bij Ronde", {"ronde": scores.round.round_id})


def _show_face(country: Country) -> None:
    questionnaire = country.scores.questionnaire
    if said := describe_faces(count_faces(country.groups, questionnaire)):
        st.header(said, anchor=False)
        show_quietly(_FACE)


def _show_matrix(country: Country) -> None:
    scores = country.scores
    st.header("Huizen en criteria", anchor=False)
    with st.container(horizontal=True, key="part"):
        part = choose_cells(scores)
    if part is None:
        return  # the address asks for what is not there, which is told
    shown = keep_part(scores.criteria, part, scores.register, scores.questionnaire)
    if shown.empty:
        st.markdown("Dit oordeel komt hier niet voor. Kies een ander deel.")
        return
    st.html(write_legend())
    st.html(write_themes(scores.questionnaire))
    show_quietly("Een vak leidt naar dat criterium van dat huis; de naam erboven naar wat het vraagt.")
    houses, criteria = (dict.fromkeys(shown[name]) for name in ("house_id", "criterion_id"))
    addresses = Addresses(
        {key: find_address("mijn-huis", huis=key) for key in houses}, find_criterion_addresses(criteria)
    )
    st.html(write_matrix(shown, country.groups, scores.register, scores.questionnaire, addresses))
    show_quietly(f"{_FOOT} {_FOOT_OF_RULES[scores.questionnaire.rules]}")


def _show_returning_gaps(country: Country) -> None:
    scores, bars = country.scores, country.recurring
    st.header("Hier komt hetzelfde gat terug", anchor=False)
    if bars:
        show_quietly(_GAPS)
        criteria = scores.questionnaire.criterion
        solved = _find_solved_addresses(criteria) if _sees_each_plan(country) else {}
        st.html(write_bars(bars, find_criterion_addresses(criteria), solved))
    else:
        st.markdown("Geen enkele norm staat bij een huis nog open.")


def _find_solved_addresses(criterion_ids: Iterable[str]) -> dict[str, str]:
    """For each criterion the address at which it is tried as solved nationally."""
    return {each: f"{find_address('landelijk-beeld', opgelost=each)}#{_SOLVED}" for each in criterion_ids}


def _sees_each_plan(country: Country) -> bool:
    may, whose = get_queries().may, country.scores.perspective_of
    return all(may(Task.SEE_PLAN, house, whose(house.house_id)) for house in country.scores.houses)


def _show_solved(country: Country, perspective: Perspective) -> None:
    """Try what comes of all plans once one norm is solved nationally; nothing while none is chosen.

    The heading comes last: who follows a link to it comes to stand there once there is room beneath it.
    """
    asked = country.scores.questionnaire
    norms = [each for each in asked.criteria if each.kind.is_norm]
    heading = st.container()
    chosen = choose_solved({each.criterion_id: f"{each.criterion_id} {each.title}" for each in norms})
    if chosen:
        which = Which(country.scores.round.round_id, perspective)
        planned = get_queries().find_roadmap(which, together=True)
        show_solved(planned, chosen)
    else:
        show_quietly("Kies een norm. U ziet dan wat dat met alle plannen samen doet.")
    heading.header("Wat als dit landelijk is opgelost?", anchor=_SOLVED)


def _show_where(country: Country) -> None:
    """The units as tiles, for a criterion of choice."""
    scores = country.scores
    with st.container(horizontal=True, vertical_alignment="center", key="map"):
        heading = st.container()
        chosen = choose_on_map(scores.questionnaire, _ON_THE_MAP)
    heading.header(f"Waar voldoen de huizen aan {chosen.criterion_id if chosen else '…'}?", anchor=False)
    if chosen:
        counts = count_met(scores.criteria, chosen.criterion_id, scores.register)
        st.html(write_tiles(counts, scores.register))
        if chosen.criterion_id in {each.criterion_id for each in scores.questionnaire.headlines}:
            show_quietly(_COUNTED.format(chosen.criterion_id))


def _show_tables(country: Country) -> None:
    scores, round_id = country.scores, country.scores.round.round_id
    criteria = find_criterion_addresses(scores.questionnaire.criterion)
    if country.complete:
        places, houses = _find_place_addresses(country), list_houses(scores.totals, scores.register)
        with st.expander("Alle huizen als tabel"):
            show_table_of_links(f"huizen_{round_id}", houses, places)
        with st.expander("De politie-eenheden naast elkaar, als tabel"):
            show_table_of_links(f"eenheden_{round_id}", country.units, places)
    with st.expander("Waar hetzelfde gat terugkomt, harde normen eerst, als tabel"):
        show_table_of_links(f"gaten_{round_id}", country.returning, criteria)
    with st.expander("Thema's en criteria als tabel"):
        groups = list_groups(country.groups, scores.questionnaire)
        show_table_of_links(f"criteria_{round_id}", groups, criteria)


def _find_place_addresses(country: Country) -> dict[str, str]:
    """Where each house is shown, by its title, and each unit to who may see all plans."""
    scores, register = country.scores, country.scores.register
    houses = {each.title: find_address("mijn-huis", huis=each.house_id) for each in scores.houses}
    if not _sees_each_plan(country):
        return houses
    units = ((each.title, {"mijn-eenheid": each.unit_id}) for each in register.units)
    return {title: find_address("mijn-eenheid", **chosen) for title, chosen in units} | houses


def _wait_for(planning: Underway[Transition], country: Country, where: DeltaGenerator) -> Transition:
    """Wait for the plans of all houses, and show how far they are; who chooses something else goes on."""
    told = f"Wij berekenen de plannen van {format_counted(country.houses, 'huis')}."
    shown = where.empty()
    while not planning.wait(_EVERY):
        done, parts = planning.done, max(planning.parts, 1)
        shown.progress(done / parts, f"{told} Klaar: {done} van {parts} delen. De rest staat er al.")
    shown.empty()
    return planning.get()


def _show_quarters(transition: Transition) -> None:
    table = list_transition(transition.counts, transition.sure, transition.begin)
    with st.expander("Huizen per fase en kwartaal, als tabel"):
        show_table_of_links(_CURVE, table, {})
        st.markdown(describe_estimating(transition.questionnaire))


def _show_transition(transition: Transition) -> None:
    """Show how many houses are in which phase after each quarter, by their plans together."""
    told = describe_transition(transition.counts, transition.sure, transition.estimates, transition.begin)
    st.header(keep_quarters(told), anchor=False)
    facts = transition.counts, transition.sure, transition.begin
    show_quietly(describe_curves(transition.estimates, transition.begin))
    show_figure(
        _CURVE, draw_transition, *facts, alt="Huizen per fase en kwartaal, als niets tegenzit; zie de tabel."
    )
    st.html(write_phases())
    show_quietly(
        f"Van {format_counted(transition.houses, 'huis')}, als elk zijn beste plan volgt en de huizen van "
        f"een eenheid capaciteit delen. {OPEN_PHASE} K1 is het eerste kwartaal van een jaar."
    )
