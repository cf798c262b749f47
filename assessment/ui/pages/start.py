"""Start: what is this, and what do I do now?"""

from functools import partial
from typing import NamedTuple

import streamlit as st

from assessment.model.access import Role, Task, Visitor, describe_who_may
from assessment.model.register import Register, Round
from assessment.model.scale import Perspective
from assessment.tables.formats import describe_handed_in, describe_part, format_day, format_with_capital
from assessment.ui.cache import get_queries
from assessment.ui.components import describe_going_on, find_choices, find_own_drafts, show_title
from assessment.ui.forms.first_days import show_first_steps
from assessment.ui.navigation import go_to
from assessment.ui.notices import as_text, show_info
from assessment.ui.selectors import find_newest_round
from assessment.ui.visitor import try_role


class _Way(NamedTuple):
    """Where somebody begins: who that is, the page, what its button says and what is found there."""

    who: str
    page: str
    label: str
    promise: str


_WAYS = {
    Role.MANAGER: _Way(
        "Manager van een huis",
        "zelfscan",
        "Zelfscan invullen",
        "Vul in met uw collega's en zie meteen waar uw huis staat.",
    ),
    Role.POLICE: _Way(
        "Politie bij een huis",
        "zelfscan",
        "Zelfscan invullen",
        "Vul in wat de politie antwoordt, en zie waar de huizen van uw eenheid staan.",
    ),
    Role.UNIT: _Way(
        "Politie-eenheid",
        "eenheid",
        "Mijn eenheid bekijken",
        "Zie hoe de huizen van uw eenheid ervoor staan, wie er nu aan zet is en wie op wie wacht.",
    ),
    Role.COUNTRY: _Way(
        "Landelijk",
        "land",
        "Landelijk beeld bekijken",
        "Zie waar het land staat en waar hetzelfde gat terugkomt.",
    ),
    Role.ADMINISTRATOR: _Way(
        "Beheerder", "beheer", "Accounts beheren", "Zie wie mag aanmelden, en met welke rechten."
    ),
}


_GOING_ON = "Er is een concept voor {house}. Het telt pas mee als het is ingeleverd."
_ASKS = "Komt u er niet uit, vraag het dan aan de beheerder van deze installatie."
_HELPS = "Wie er niet uitkomt, vraagt het aan u: u bent de beheerder. Alle opdrachten toont kaderscan --help."
# Where somebody goes on who handed in all: to the own house, or to those of the unit.
_DONE = {
    "huis": (
        "Bekijk waar uw huis staat",
        "U hebt ingeleverd. Zie waar uw huis staat en wat er nu te doen is.",
    ),
    "eenheid": (
        "Bekijk waar uw huizen staan",
        "U hebt ingeleverd. Zie waar de huizen van uw eenheid staan en wat er nu te doen is.",
    ),
}


def render() -> None:
    """Show the page."""
    show_title("Kaderscan")
    st.markdown(
        f"Zie waar {_name_houses(get_queries().visitor)} ten opzichte van het Landelijk kader, waarom, "
        "en welke stappen er in twee tot drie jaar naartoe leiden."
    )
    if not get_queries().visitor.grants and not get_queries().may(Task.SEE_REGISTER):
        show_info(
            f"Er is nog geen huis of eenheid waarvoor u hier iets mag. Aan zet zijn "
            f"{describe_who_may(Task.CHANGE_REGISTER)}, die het register overneemt en u uw rechten geeft, en "
            f"{describe_who_may(Task.MANAGE_ROUNDS)}, die de eerste ronde opent."
        )
        return
    register = get_queries().find_register()
    if not register.rounds:
        _show_first_days(register)
        return
    round_ = find_newest_round(register)
    _show_round(register, round_)
    _lead_on(register, round_)
    _show_promises()


def _lead_on(register: Register, round_: Round) -> None:
    """Show one large button: to what came of what was handed in, to a draft, or to where a role begins."""
    visitor = get_queries().visitor
    role = _choose_role(visitor)
    way, drafts, house = _WAYS[role], find_own_drafts(round_), None
    if visitor.operator:  # who may try every right goes on with those of a role
        drafts = [
            each for each in drafts if (each.whose.perspective is Perspective.POLICE) == (role is Role.POLICE)
        ]
    if way.page == "zelfscan" and _has_handed_in(register, round_):
        page = "eenheid" if role is Role.POLICE else "huis"
        label, promise = _DONE[page]
        way = way._replace(page=page, label=label, promise=promise)
    elif way.page == "zelfscan" and len(drafts) == 1:
        house = register.house[drafts[0].whose.house_id]
        told = _GOING_ON.format(house=as_text(house.short_title))
        way = way._replace(page="invullen", label=as_text(describe_going_on(drafts[0])), promise=told)
    st.markdown(way.promise)
    choices = find_choices(drafts[0].whose) if way.page == "invullen" else {}
    go_to(way.page, way.label, choices, partial(try_role, role, house) if visitor.operator else None)


def _find_roles(visitor: Visitor) -> set[Role]:
    return {grant.role for grant in visitor.grants}


def _name_houses(visitor: Visitor) -> str:
    """The houses that somebody has to do with, as "zie waar …" goes on."""
    roles = _find_roles(visitor)
    if roles == {Role.MANAGER}:
        return "uw Veiligheidshuis staat"
    if roles and roles <= {Role.POLICE, Role.UNIT}:
        return "de Veiligheidshuizen van uw eenheid staan"
    return "de Veiligheidshuizen staan"


def _show_first_days(register: Register) -> None:
    """Lead whoever is up to the first round; others see who that is."""
    st.header("Zo begint u: in drie stappen", anchor=False)
    show_first_steps(register)
    may = get_queries().may
    if may(Task.MANAGE_ACCOUNTS):
        go_to("beheer", "Begin bij Beheer")
    elif may(Task.MANAGE_ROUNDS) and register.houses:
        go_to("ronde", "Open de eerste ronde")
    elif may(Task.MANAGE_ROUNDS):
        st.markdown("Zodra er huizen in het register staan, opent u hier de eerste ronde.")
    else:
        st.markdown("Zodra de eerste ronde is geopend, kunt u hier verder.")
    st.markdown(
        "Eerst zien hoe het werkt? De demo heeft verzonnen huizen en een eigen database: kaderscan demo. "
        "Zij is niet om echt mee te werken."
    )
    _show_promises()


def _choose_role(visitor: Visitor) -> Role:
    """As whom a visitor begins; who has one role is not asked which."""
    granted = _find_roles(visitor)
    own = {way.who: role for role, way in _WAYS.items() if role in granted}
    if len(own) == 1:
        return next(iter(own.values()))
    offered = own or {way.who: role for role, way in _WAYS.items()}
    return offered[st.segmented_control("Ik ben", list(offered), default=next(iter(offered)), required=True)]


def _has_handed_in(register: Register, round_: Round) -> bool:
    """Whether all that the visitor hands in was handed in."""
    queries, houses = get_queries(), register.houses_of(round_)
    own = [
        (house, whose)
        for house in houses
        for whose in round_.perspectives
        if queries.may(Task.HAND_IN, house, whose)
    ]
    if not own:
        return False
    missing = {line.house: line.missing for line in queries.find_board(round_.round_id).lines}
    return all(whose not in missing[house] for house, whose in own)


def _show_round(register: Register, round_: Round) -> None:
    handed_in = get_queries().count_handed_in(round_, Perspective.HOUSE)
    told = describe_part(handed_in, len(round_.house_ids), "huis", ("heeft", "hebben"))
    closing = get_queries().find_closing(round_)
    until = f"Inleveren kan tot en met {format_day(round_.closes)}."
    st.markdown(
        f"**Ronde {as_text(round_.title)}.** "
        f"{f'Gesloten op {format_day(closing.moment)}.' if closing else until} "
        f"{format_with_capital(told)} ingeleverd.{_describe_own_police(register, round_)}"
    )
    if all(register.house[house_id].invented for house_id in round_.house_ids):
        show_info(
            "Dit is de demo. Alle huizen en hun antwoorden zijn verzonnen; zij bestaan niet. "
            "De politie-eenheden bestaan wel. Dit is een lokale proefopstelling: zonder aanmelden, alleen op "
            "deze machine. Bovenaan kiest u als wie u kijkt."
        )


def _describe_own_police(register: Register, round_: Round) -> str:
    """Say to police and unit at how many houses of theirs the police handed in; nothing to others."""
    units = {grant.unit_id for grant in get_queries().visitor.grants if grant.unit_id}
    asked = {house.house_id for house in register.houses_of(round_) if house.unit_id in units}
    if not asked or Perspective.POLICE not in round_.perspectives:
        return ""
    own = [line for line in get_queries().find_board(round_.round_id).lines if line.house.house_id in asked]
    number = sum(Perspective.POLICE not in line.missing for line in own)
    told = describe_handed_in(number, len(own), Perspective.POLICE)
    return f" {format_with_capital(told)} van uw eenheid."


def _show_promises() -> None:
    st.header("Wat gebeurt er met wat u invult?", anchor=False)
    st.markdown(
        "- Kaderscan gaat over de organisatie van huizen. Vul nooit gegevens in over casussen of inwoners.\n"
        "- Weet ik niet wordt nooit een nee. Het maakt de uitkomst alleen minder zeker.\n"
        "- Huizen krijgen geen ranglijst. Langzaam is niet slecht.\n"
        "- Alles blijft op deze installatie; er gaat niets naar buiten."
    )
    st.header("Hulp", anchor=False)
    st.markdown(
        "In de vragenlijst staat op het eerste blad hoe het werkt en wat de woorden betekenen. "
        f"{_HELPS if Role.ADMINISTRATOR in _find_roles(get_queries().visitor) else _ASKS}"
    )
