"""Mijn eenheid: how do my houses stand, and who is up?"""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from assessment.errors import NoAnswersError
from assessment.figures.unit import HouseRow, LaneCard, write_house_rows, write_lanes
from assessment.model.access import Task
from assessment.model.frames import ALL_HOUSES, of_house
from assessment.model.register import House, Register, Round, Unit
from assessment.model.rounds import Board
from assessment.model.scale import Kind, Perspective
from assessment.service.clock import today
from assessment.service.plans.planning import Roadmap
from assessment.service.round_scores import Which
from assessment.tables.administration import describe_awaited, list_to_adopt
from assessment.tables.delivery import list_deliveries
from assessment.tables.forecasts import tell_when
from assessment.tables.formats import (
    NOTHING,
    describe_basis,
    describe_handed_in,
    describe_not_yet,
    describe_part,
    describe_who_has,
    format_with_capital,
    name_actors,
    name_whose,
)
from assessment.tables.groups import (
    OF_THE_POLICE,
    count_waits,
    describe_parties_of_unit,
    find_ahead,
    find_now,
    group_by_actor,
    keep_police,
    list_up,
    list_waits,
)
from assessment.tables.houses import keep_hard_norms, list_cells
from assessment.tables.plans import (
    describe_nothing_planned,
    describe_pace,
    describe_reasons,
    sort_measures,
)
from assessment.tables.versions import describe_standing_of_houses
from assessment.ui.cache import get_queries, made
from assessment.ui.components import (
    open_head,
    show_facts,
    show_link,
    show_quietly,
    show_rows,
    show_rows_of,
    show_title,
)
from assessment.ui.forms.papers import offer_unit_bundle
from assessment.ui.forms.what_if import show_what_if
from assessment.ui.navigation import find_address
from assessment.ui.notices import show_info
from assessment.ui.parts import (
    lead_to_handing_in,
    list_dates,
    show_beyond,
    show_closed,
    show_in_time,
    show_steering,
)
from assessment.ui.selectors import (
    ALL,
    choose_own_unit,
    choose_part,
    choose_perspective,
    choose_round,
    load_register,
)

_COLUMNS = 3
# Whose lanes can be chosen at once.
_POLICE = "politie"
_DATES = (
    "Hier delen de huizen capaciteit. Op Mijn huis en Routekaart is elk huis zonder de andere gepland: daar "
    "kan een maatregel in een ander kwartaal staan. K1 is het eerste kwartaal van een jaar."
)
_SHARED = (
    "De huizen van deze eenheid delen hier de capaciteit van de politie-eenheid en het OM, en huizen van één "
    "district die van hun district."
)


def render() -> None:
    """Show the page."""
    head = open_head()
    with head.choices:
        register, asked, unit, perspective = _choose()
    houses = tuple(house for house in register.houses_of(asked) if house.unit_id == unit.unit_id)
    try:
        planned = get_queries().find_roadmap(Which(asked.round_id, perspective, unit_id=unit.unit_id))
    except NoAnswersError:
        with head.title:
            show_title(unit.title, f"{asked.title} · {name_whose(perspective)}")
        _show_nothing_yet(unit, asked, perspective)
        lead_to_handing_in(asked, houses, perspective)
        return
    with head.choices:
        offer_unit_bundle(planned.scores, unit.unit_id, "Verbeterplannen")
    with head.title:
        _show_finding(planned, unit, houses)
        board = get_queries().find_board(asked.round_id, unit.unit_id)
        _show_awaited(planned, board, unit)
    show_closed(planned)
    rows = made(_list_houses, planned, unit.unit_id)
    addressed = (row._replace(address=find_address("mijn-huis", huis=key)) for key, row in rows.items())
    st.html(write_house_rows(addressed, _count_hard_norms(planned)))
    if planned.measures.empty:
        show_quietly(_DATES)
        st.markdown(describe_nothing_planned(planned.gaps, planned.dropped))
        _show_to_adopt(board)
        _show_deliveries(planned)
        show_what_if(planned)
        return
    _show_lanes(planned, houses)
    show_quietly(_DATES)
    _show_to_adopt(board)
    _show_deliveries(planned)
    _show_figures(planned, len(houses))
    _show_waits(planned)
    show_steering(planned, ALL_HOUSES)
    show_what_if(planned)


def _show_finding(planned: Roadmap, unit: Unit, houses: tuple[House, ...]) -> None:
    scores, asked, handed_in = planned.scores, planned.scores.round, len(planned.scores.houses)
    basis = describe_standing_of_houses(scores.perspective, scores.adopted_jointly, handed_in)
    up, _ = _describe_up(planned)
    show_title(
        f"{unit.short_title}: {up}{describe_basis(handed_in, len(houses))}",
        f"{asked.title} · {describe_handed_in(handed_in, len(houses), scores.perspective)} · {basis} · "
        "op naam, zonder ranglijst",
        about=unit.short_title,
        invented=all(house.invented for house in houses),
        demo="deze huizen zijn verzonnen",
    )


def _show_awaited(planned: Roadmap, board: Board, unit: Unit) -> None:
    """Say whose answers beside those that are shown are still missing, and lead to where that stands."""
    scores = planned.scores
    if told := describe_awaited(board, scores.perspective, today()):
        show_link(find_address("ronde", eenheid=unit.unit_id), told, quiet=True)


def _describe_up(planned: Roadmap) -> tuple[str, str]:
    """Who is up now: of the police in the title, which lanes show at first, and the others beside them."""
    return made(_find_up, planned, today())


def _find_up(planned: Roadmap, day: date) -> tuple[str, str]:
    now, register = find_now(planned.begin, day), planned.scores.register
    return describe_parties_of_unit(planned.measures, now, planned.begin, register)


def _show_to_adopt(board: Board) -> None:
    """Show of which houses the answers wait to be adopted, each with a link to where that is done."""
    round_ = board.round
    waiting = list_to_adopt(board)
    if waiting.empty:
        return
    told = describe_part(len(waiting), len(board.lines), "huis", ("wacht", "wachten"))
    with st.expander(f"Vaststellen: {told}"):
        st.markdown(
            "Tot er is vastgesteld, telt wat het huis zelf invulde. Vaststellen gaat op Inleveringen."
        )
        addresses = {
            line.house.title: find_address("inleveringen", ronde=round_.round_id, huis=line.house.house_id)
            for line in board.lines
        }
        show_rows(waiting, addresses)


def _show_deliveries(planned: Roadmap) -> None:
    """Show of each house what the police promised and keeps, with a link to its card."""
    cards = [card for card in get_queries().list_deliveries(planned) if card.promises]
    if not cards:
        return
    with st.expander("Leverkaart per huis: wat de politie toezegt en levert"):
        addresses = {card.house.title: find_address("leverkaart", huis=card.house.house_id) for card in cards}
        show_rows(list_deliveries(cards), addresses)


def _count_hard_norms(planned: Roadmap) -> int:
    return sum(criterion.kind is Kind.HARD_NORM for criterion in planned.scores.questionnaire.criteria)


def _list_houses(planned: Roadmap, unit_id: str) -> dict[str, HouseRow]:
    """Where each house of the unit stands, by its id; without an address."""
    scores = planned.scores
    houses = [house for house in scores.register.houses_of(scores.round) if house.unit_id == unit_id]
    return {house.house_id: _make_row(planned, house) for house in houses}


def _make_row(planned: Roadmap, house: House) -> HouseRow:
    scores = planned.scores
    own = of_house(scores.totals, house.house_id)
    if own.empty:
        return HouseRow(house.short_title, "", None, (), describe_not_yet(scores.perspective), NOTHING)
    total = own.iloc[0]
    hard = keep_hard_norms(scores.criteria)
    return HouseRow(
        house.short_title,
        "",
        (total["low"], total["high"]),
        list_cells(of_house(hard, house.house_id), scores.questionnaire),
        *tell_when(of_house(planned.estimates, house.house_id), total["phase_low"], planned.begin),
    )


def _show_lanes(planned: Roadmap, houses: tuple[House, ...]) -> None:
    """This quarter and the two after it, of every actor and house or of those that are chosen."""
    title, choices = st.columns([2, 1], vertical_alignment="center")
    with title:
        st.header("Wie is aan zet?", anchor=False)
        beside = st.container()
    with choices, st.container(horizontal=True, key="lanes"):
        present = [_POLICE, *made(_list_actors, planned)]
        parties = {each: each for each in present}
        actor = choose_part("Partij", "partij", "alle partijen", parties, _find_first_party(present))
        names = {house.house_id: house.short_title for house in houses}
        house_id = choose_part("Alleen huis", "alleen-huis", "alle huizen", names)
    if actor is None or house_id is None:
        return  # the address asks for what is not there, which is told
    if actor == _POLICE:
        with beside:
            show_quietly(_describe_up(planned)[1])
    now = find_now(planned.begin, today())
    quarters = _list_quarters(planned, now)
    chosen = planned, actor, house_id, now
    if lanes := made(_write_lanes, *chosen):
        st.html(lanes)
        with st.expander(f"Wat in {quarters[0]} loopt, als tabel"):
            show_rows_of(_list_up, *chosen)
    else:
        show_quietly(f"Van {quarters[0]} tot en met {quarters[-1]} is hier niemand aan zet.")
    _show_in_time(planned, actor, house_id)


def _show_in_time(planned: Roadmap, actor: str, house_id: str) -> None:
    """Show all that the chosen parties do, until the plan ends."""
    ordered = made(_sort_chosen, planned, actor, house_id)
    if len(ordered):
        show_in_time(planned, ordered, f"{planned.scores.houses[0].unit_id}_{actor}_{house_id}")


def _sort_chosen(planned: Roadmap, actor: str, house_id: str) -> pd.DataFrame:
    return sort_measures(_choose_measures(planned, actor, house_id))


def _list_actors(planned: Roadmap) -> list[str]:
    return [actor for actor, _ in group_by_actor(planned.measures)]


def _choose_measures(planned: Roadmap, actor: str, house_id: str) -> pd.DataFrame:
    """ROADMAP of the chosen party and house; both may be all."""
    measures = planned.measures
    if actor == _POLICE:
        measures = keep_police(measures)
    elif actor != ALL:
        measures = measures[measures["actor"] == actor]
    return measures if house_id == ALL else of_house(measures, house_id)


def _write_lanes(planned: Roadmap, actor: str, house_id: str, now: int) -> str:
    """The lanes of the quarters that are shown; an empty text where nobody is up in them."""
    ahead = find_ahead(_choose_measures(planned, actor, house_id), now)
    placed = ahead.assign(**{"from": ahead["first"].clip(lower=now)})  # what runs already stands first
    shown = placed[placed["from"] < now + _COLUMNS]
    return "" if shown.empty else write_lanes(_list_lanes(planned, shown, now), _list_quarters(planned, now))


def _list_quarters(planned: Roadmap, now: int) -> list[str]:
    """This quarter and those after it, of which the lanes are shown."""
    return [str(planned.begin + (now + each)) for each in range(_COLUMNS)]


def _list_up(planned: Roadmap, actor: str, house_id: str, now: int) -> pd.DataFrame:
    measures, scores = _choose_measures(planned, actor, house_id), planned.scores
    return list_up(measures, now, planned.begin, scores.questionnaire, scores.register)


def _find_first_party(present: list[str]) -> str:
    """What is shown at first: what the police of a unit does itself, where there is any of that."""
    return _POLICE if set(present) & set(OF_THE_POLICE) else ALL


def _list_lanes(planned: Roadmap, measures: pd.DataFrame, now: int) -> dict[str, list[list[LaneCard]]]:
    """The cards of each actor in each quarter that is shown; a district and basisteams by their names."""
    told = measures.assign(
        why=describe_reasons(measures, planned.begin, planned.scores.questionnaire, of_one_actor=True),
        who=name_actors(measures, planned.scores.register),
    )
    lanes: dict[str, list[list[LaneCard]]] = {}
    for _, of_actor in group_by_actor(told):
        for who, own in of_actor.groupby("who"):
            lane = lanes.setdefault(format_with_capital(str(who)), [[] for _ in range(_COLUMNS)])
            for row in own.to_dict("records"):
                lane[row["from"] - now].append(_make_card(planned, row))
    return lanes


def _make_card(planned: Roadmap, row: Mapping[Hashable, Any]) -> LaneCard:
    measure = planned.scores.questionnaire.measure[row["measure_id"]]
    house = planned.scores.register.house[row["house_id"]]
    return LaneCard(measure.title, f"{house.short_title}: {row['why']}", row["slack"] == 0)


def _choose() -> tuple[Register, Round, Unit, Perspective]:
    register = load_register()
    for_unit = st.container(width="content")
    round_ = choose_round(register)
    with for_unit:
        unit = choose_own_unit(register, round_)
    own = [house for house in register.houses_of(round_) if house.unit_id == unit.unit_id]
    perspective = choose_perspective(register, round_, Task.SEE_PLAN, own)
    return register, round_, unit, perspective


def _show_nothing_yet(unit: Unit, round_: Round, perspective: Perspective) -> None:
    show_info(
        f"{format_with_capital(describe_who_has(perspective))} bij geen huis van {unit.short_title} al "
        f"ingeleverd voor {round_.title}. Kies hierboven een andere ronde of andere antwoorden."
    )


def _show_figures(planned: Roadmap, houses: int) -> None:
    basis = describe_basis(len(planned.scores.houses), houses)
    show_facts(
        [
            *list_dates(planned, ALL_HOUSES, f"Laatste huis volgens het kader{basis}"),
            ("Maatregelen", str(len(planned.measures))),
            ("Dagen werk", str(planned.measures["days"].sum())),
        ],
        headline=False,
    )
    st.markdown(f"{_SHARED} {describe_pace(planned.measures, planned.begin, planned.scores.questionnaire)}")
    show_beyond(planned, ALL_HOUSES)


def _show_waits(planned: Roadmap) -> None:
    if planned.waits.empty:
        return
    asked, register = planned.scores.questionnaire, planned.scores.register
    st.header("Wie wacht op wie?", anchor=False)
    st.markdown(
        "Zo vaak kan de een pas beginnen als de ander klaar is. Aan zo'n afspraak zitten twee partijen vast."
    )
    show_rows_of(count_waits, planned.waits)
    with st.expander("Waarop, per huis"):
        show_rows_of(list_waits, planned.waits, planned.begin, asked, register)
