"""Rapporten: what can I take along, and what is each file for?"""

from collections.abc import Iterator, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessment.model.access import Task
from assessment.model.document import Document, name_file
from assessment.model.register import House, Register, Round
from assessment.model.scale import Perspective
from assessment.service.clock import now
from assessment.service.reports import (
    DATA_FILES,
    ON_PAPER,
    Follow,
    PlanFile,
    name_data,
    write_plan_file,
    write_plans,
)
from assessment.service.round_scores import RoundScores, Which
from assessment.tables.delivery import compose_delivery
from assessment.tables.formats import format_counted, format_with_capital
from assessment.tables.house_plan import HousePlan
from assessment.tables.national import compose_national
from assessment.tables.plan_document import compose_partners
from assessment.ui.cache import get_queries
from assessment.ui.components import JSON, ZIP, describe_nothing_yet, open_head, show_quietly, show_title
from assessment.ui.forms.papers import (
    MIMES,
    Bundle,
    OfferedFile,
    list_papers,
    offer,
    offer_bundle,
    offer_joint_agenda,
    offer_unit_bundle,
)
from assessment.ui.navigation import link_to
from assessment.ui.notices import show_info
from assessment.ui.selectors import (
    choose_house,
    choose_own_unit,
    choose_perspective,
    choose_round,
    load_register,
)
from assessment.ui.session import Key

_SEVERAL = 2


def render() -> None:
    """Show the page."""
    head = open_head()
    with head.choices:
        register = load_register()
        round_ = choose_round(register)
        perspective = choose_perspective(register, round_)
    scores = get_queries().find_scores(Which(round_.round_id, perspective))
    told = format_counted(len(scores.houses), "huis")
    with head.title:
        show_title(
            f"Rapporten over {told}, {round_.title}",
            "Elk bestand wordt gemaakt op het moment dat u het downloadt, met de cijfers van nu.",
            about=round_.title,
        )
    if not scores.houses:
        show_info(
            "Van de huizen die u mag zien leverde nog geen in. Kies hierboven een andere ronde, of lever in."
        )
        link_to("ronde", "Naar Ronde: wie er nog moet inleveren")
        if get_queries().count_handed_in(round_, perspective):
            _show_country(register, round_, perspective)
        return
    _show_house(register, round_, perspective, scores)
    _show_several(register, scores)
    _show_country(register, round_, perspective)
    _show_data(scores)
    _show_unit(register, scores)


def _show_house(register: Register, round_: Round, perspective: Perspective, scores: RoundScores) -> None:
    """What there is of one house."""
    with _open_section("Van één huis"):
        house = choose_house(register, round_, Task.SEE_PLAN, scores.houses)
    if house not in scores.houses:
        show_info(describe_nothing_yet(house, round_, perspective))
        offer_joint_agenda(round_, perspective, house)
        return
    which = Which(round_.round_id, perspective, house.house_id)
    offer(
        "Verbeterplan",
        "Waar het huis staat, wat wanneer gebeurt en wie dat doet. Pdf om te tekenen, Word om in "
        "verder te werken, Excel om de voortgang bij te houden, agenda voor alle datums.",
        _list_plans(which, round_, house),
    )
    offer(
        "Leverkaart",
        "Voor de partners: wat de politie levert, sinds wanneer, en waaraan zij mag worden gehouden.",
        list_papers(
            name_file("leverkaart", round_.round_id, house.house_id),
            f"delivery/{house.house_id}",
            partial(_compose_card, which, house.house_id),
        ),
    )
    offer(
        "Rapport voor de partners",
        "Voor OM, burgemeesters, gemeenten en stuurgroep: wat de politie loslaat, waarom, wanneer en wie het "
        "overneemt, met de leverkaart erbij.",
        list_papers(
            name_file("partners", round_.round_id, house.house_id),
            f"partners/{house.house_id}",
            partial(_compose_partners, which, house.house_id),
        ),
    )
    offer_joint_agenda(round_, perspective, house)


def _list_plans(which: Which, round_: Round, house: House) -> Iterator[OfferedFile]:
    queries = get_queries()
    for kind in (*ON_PAPER, PlanFile.XLSX, PlanFile.ICS):

        def write(kind: PlanFile = kind) -> bytes:
            plan = queries.find_house_plan(queries.find_roadmap(which), house.house_id)
            return write_plan_file(plan, kind, queries.installation.settings.reports)

        name = f"{name_file('verbeterplan', round_.round_id, house.house_id)}.{kind}"
        yield OfferedFile(format_with_capital(kind.dutch), name, MIMES[kind], f"plan/{house.house_id}", write)


def _compose_card(which: Which, house_id: str) -> Document:
    queries = get_queries()
    return compose_delivery(queries.find_delivery(queries.find_roadmap(which), house_id))


def _compose_partners(which: Which, house_id: str) -> Document:
    queries = get_queries()
    planned = queries.find_roadmap(which)
    return compose_partners(
        queries.find_house_plan(planned, house_id), queries.find_delivery(planned, house_id)
    )


def _show_several(register: Register, scores: RoundScores) -> None:
    """Offer the plans of several houses as one zip."""
    places = set(get_queries().list_places(register, scores.round, Task.SEE_PLAN))
    offered = [house for house in scores.houses if (house, scores.perspective) in places]
    if len(offered) < _SEVERAL:
        return
    st.header("Van meer huizen tegelijk", anchor=False)
    st.markdown("De verbeterplannen van de huizen die u kiest, samen in één zip.")
    houses, kinds = _choose_several(offered)
    if not (houses and kinds):
        show_quietly("Kies ten minste één huis en één soort.")
        return
    _offer_several(scores, houses, kinds)


def _choose_several(offered: Sequence[House]) -> tuple[Sequence[House], Sequence[PlanFile]]:
    """Let the user choose houses, or all of them at once, and kinds of files."""
    houses = {house.house_id: house for house in offered}
    of_houses, of_kinds = st.columns([3, 2])
    with of_houses:
        every = st.checkbox(f"Alle {len(offered)} huizen", key=Key.SEVERAL_ALL)
        chosen = st.multiselect(
            "Huizen",
            list(houses),
            format_func=lambda house_id: houses[house_id].short_title,
            placeholder="Kies huizen",
            key=Key.SEVERAL_HOUSES,
            disabled=every,
        )
    with of_kinds:
        kinds = st.pills(
            "Soorten",
            list(PlanFile),
            format_func=lambda kind: format_with_capital(kind.dutch),
            selection_mode="multi",
            default=[PlanFile.PDF],
            key=Key.SEVERAL_KINDS,
        )
    return offered if every else [houses[house_id] for house_id in chosen], kinds


def _offer_several(scores: RoundScores, houses: Sequence[House], kinds: Sequence[PlanFile]) -> None:
    """Offer the zip of these houses, each planned alone as on its Routekaart."""
    queries, moment = get_queries(), now()

    def find(house: House) -> HousePlan:
        which = Which(scores.round.round_id, scores.perspective, house.house_id)
        return queries.find_house_plan(queries.find_roadmap(which), house.house_id)

    def write(follow: Follow) -> bytes:
        reports = queries.installation.settings.reports
        return write_plans(houses, find, kinds, reports, moment=moment, follow=follow)

    offer_bundle(
        Bundle(
            (scores.round, scores.perspective, *houses, *kinds),
            f"Maak de zip van {format_counted(len(houses), 'huis')}",
            f"{name_file('verbeterplannen', scores.round.round_id)}.zip",
            houses,
            write,
        )
    )


def _show_country(register: Register, round_: Round, perspective: Perspective) -> None:
    """Show what there is of all houses together, where the visitor may know of them."""
    queries = get_queries()
    if round_ not in queries.list_group_rounds(register):
        return
    st.header("Van het land", anchor=False)
    offer(
        "Landelijk rapport",
        "Of er één gezicht is, waar hetzelfde gat terugkomt, hoe de eenheden ervoor staan en wanneer het "
        "land er is. Noemt geen huis.",
        list_papers(
            name_file("landelijk", round_.round_id),
            f"national/{round_.round_id}",
            lambda: compose_national(queries.find_nation(round_.round_id, perspective)),
        ),
    )


def _show_data(scores: RoundScores) -> None:
    """What somebody reckons with."""
    which = Which(scores.round.round_id, scores.perspective)
    told = name_data(scores.round.round_id, scores.grid.house_ids)
    name = name_file("open-data", scores.round.round_id)
    st.header("Om zelf mee te rekenen", anchor=False)
    files = (
        OfferedFile(label, f"{name}{ending}", mime, told, partial(_write_data, which, ending))
        for ending, (label, mime) in {".zip": ("Zip", ZIP), ".json": ("JSON", JSON)}.items()
    )
    offer(
        "Open data",
        "Alles wat u mag zien. In de zip: tabellen voor Excel en voor programma's, met een woordenboek. De "
        "JSON is één bestand waaruit iedereen dezelfde cijfers weer kan berekenen.",
        files,
    )


def _write_data(which: Which, ending: str) -> bytes:
    return DATA_FILES[ending](get_queries().find_open_data(which))


def _open_section(title: str) -> DeltaGenerator:
    """Begin a section, with room beside its heading for what is chosen in it."""
    heading, choice = st.columns([3, 1], vertical_alignment="center")
    heading.header(title, anchor=False)
    return choice


def _show_unit(register: Register, scores: RoundScores) -> None:
    """Show what there is of a police unit, for who may see every house of it."""
    queries = get_queries()
    if not queries.visitor.sees_units:
        return
    with _open_section("Van een politie-eenheid"):
        unit = choose_own_unit(register, scores.round)
    houses = [house for house in scores.houses if house.unit_id == unit.unit_id]
    if not houses:
        show_info(f"Van {unit.title} leverde nog geen huis in.")
        return
    told, button = st.columns([3, 2], vertical_alignment="center")
    with told:
        st.markdown(
            "**Alle verbeterplannen van de eenheid**  \nEen leeswijzer, een werkmap met alle huizen en wie "
            "wat doet, en per huis elk soort plan. Het maken duurt even; u kunt zolang verder."
        )
    with button, st.container(horizontal=True, horizontal_alignment="right"):
        offer_unit_bundle(scores, unit.unit_id, "Alles in één zip")
