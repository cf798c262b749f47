"""Beheer: the first steps, who may sign in with which rights, and which houses and districts there are."""

from functools import partial

import streamlit as st

from assessment.model.access import Account, Grant, Role, Task
from assessment.model.register import House, Register
from assessment.service.accounts import (
    add_account,
    describe_linked,
    end_account,
    grant_role,
    link_identity,
    read_role,
    revoke_role,
)
from assessment.service.clock import now
from assessment.service.register import HouseRevision, edit_house, put_district, remove_district
from assessment.service.sign_in import make_identity
from assessment.tables.administration import describe_right, list_account_rows
from assessment.tables.formats import format_counted
from assessment.ui.cache import get_installation, get_queries, trying
from assessment.ui.components import show_rows, show_title
from assessment.ui.forms.first_days import (
    is_signing_in,
    list_first_steps,
    offer_register,
    offer_round,
    show_first_steps,
)
from assessment.ui.notices import keep_success, show_notice
from assessment.ui.selectors import load_register
from assessment.ui.session import (
    DISTRICT_ID,
    DISTRICT_TITLE,
    DISTRICT_UNIT,
    NEW_ACCOUNT,
    NEW_NAME,
    NEW_SUBJECT,
    Key,
    house_districts,
    house_teams,
    subject_of,
)

_PLACED = {Role.MANAGER: "Huis", Role.POLICE: "Eenheid", Role.UNIT: "Eenheid"}


def render() -> None:
    """Show the page."""
    accounts = get_queries().list_accounts()
    going = {each.account_id: each for each in accounts if not each.ended}
    register = get_queries().find_register()
    _show_finding(register, len(going))
    show_notice()
    if not register.rounds:
        show_first_steps(register)
    if not (register.houses and register.rounds):
        _offer_first(register)
    st.header("Accounts", anchor=False)
    st.markdown(
        "Wie mag aanmelden, en met welke rechten? Een wijziging geldt vanaf de volgende klik. "
        "Zij staat in het logboek, zonder naam."
    )
    if accounts:
        show_rows(list_account_rows(accounts, _name))
    else:
        needless = "" if is_signing_in() else " Hier meldt niemand zich aan, dus dat hoeft ook niet."
        st.markdown(f"Er zijn nog geen accounts.{needless}")
    _offer_to_add()
    if going:
        _offer_to_change(going)
    if register.rounds and get_queries().may(Task.CHANGE_REGISTER):
        offer_register(register)
    if get_queries().may(Task.CHANGE_REGISTER):
        show_districts()


def _show_finding(register: Register, accounts: int) -> None:
    """Say in the title what comes first, and once there is a round how many may sign in."""
    if register.rounds:
        show_title(f"Beheer: {format_counted(accounts, 'account')} om mee aan te melden")
    else:
        first = next(each for each in list_first_steps(register) if not each.done)
        show_title(f"Beheer: eerst {first.needed}")


def _offer_first(register: Register) -> None:
    """Offer the first steps, in their order; what was done can still be bettered until there is a round."""
    may = get_queries().may
    if may(Task.MANAGE_ROUNDS) and register.houses:
        offer_round(register)
    if may(Task.CHANGE_REGISTER):
        offer_register(register)


def _offer_to_add() -> None:
    st.header("Account toevoegen", anchor=False)
    signing_in = bool(get_installation().settings.oidc_issuer)
    with st.form(Key.ACCOUNT_FORM, clear_on_submit=True):
        st.text_input("Account", key=NEW_ACCOUNT.key, help="Kort, zonder naam: zo staat het in het logboek.")
        st.text_input("Naam", key=NEW_NAME.key, help="Ziet alleen de persoon zelf, en u.")
        if signing_in:
            st.text_input("Nummer", key=NEW_SUBJECT.key, help="Dat de persoon na het aanmelden ziet.")
        st.form_submit_button("Voeg toe", on_click=_add)


def _add() -> None:
    installation = get_installation()
    account_id, name = NEW_ACCOUNT.read().strip(), NEW_NAME.read().strip()
    subject = NEW_SUBJECT.read_or("").strip()

    def add() -> None:
        identity = make_identity(installation.settings, subject) if subject else None
        add_account(installation, account_id, name, identity, now())

    trying(
        add,
        f"Account {account_id} is toegevoegd.",
    )


def _offer_to_change(accounts: dict[str, Account]) -> None:
    st.header("Rechten wijzigen", anchor=False)
    chosen = st.selectbox(
        "Account",
        list(accounts),
        format_func=lambda key: f"{key} · {accounts[key].name}",
        key=Key.ACCOUNT,
    )
    for grant in accounts[chosen].grants:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(_name(grant), width=320)
            st.button("Trek in", key=Key.ACCOUNT_REVOKE.of(grant), on_click=partial(_revoke, chosen, grant))
    _offer_to_grant(chosen)
    if get_installation().settings.oidc_issuer:
        _offer_to_link(accounts[chosen])
    st.button(f"Beëindig account {chosen}", on_click=partial(_end, chosen), key=Key.ACCOUNT_END)


def _offer_to_grant(account_id: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        role = Role(st.selectbox("Recht", [each.value for each in Role], key=Key.ACCOUNT_ROLE, width=200))
        place = _choose_place(role)
        text = f"{role.value}:{place}" if place else role.value
        st.button("Geef recht", type="primary", on_click=partial(_grant, account_id, text))


def _offer_to_link(account: Account) -> None:
    """Let somebody who signs in work as an account that is there already."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = "Ander nummer om aan te melden" if account.identity else "Nummer om aan te melden"
        key = subject_of(account.account_id).key
        st.text_input(label, key=key, help="Dat de persoon na het aanmelden ziet.", width=320)
        st.button("Koppel", key=Key.ACCOUNT_LINK, on_click=partial(_link, account.account_id))


def _link(account_id: str) -> None:
    def link() -> None:
        where = get_installation()
        identity = make_identity(where.settings, subject_of(account_id).read())
        keep_success(describe_linked(*link_identity(where, account_id, identity, now())))

    trying(link)


def _choose_place(role: Role) -> str | None:
    if role not in _PLACED:
        return None
    register = load_register()
    houses = {house.house_id: house.title for house in register.sort_houses(register.houses)}
    offered = houses if role is Role.MANAGER else {unit.unit_id: unit.title for unit in register.units}
    key = Key.ACCOUNT_PLACE.of(role.value)
    return st.selectbox(
        _PLACED[role], list(offered), format_func=lambda each: offered[each], key=key, width=320
    )


def _grant(account_id: str, text: str) -> None:
    def grant() -> None:
        right = read_role(text)
        grant_role(get_installation(), account_id, right, now())
        keep_success(f"{account_id} heeft nu het recht {_name(right)}.")

    trying(grant)


def _revoke(account_id: str, grant: Grant) -> None:
    trying(
        lambda: revoke_role(get_installation(), account_id, grant, now()),
        f"Het recht {_name(grant)} van {account_id} is ingetrokken.",
    )


def _name(grant: Grant) -> str:
    """A right in words."""
    return describe_right(grant, get_queries().find_register())


def _end(account_id: str) -> None:
    trying(lambda: end_account(get_installation(), account_id, now()), f"Account {account_id} is beëindigd.")


def show_districts() -> None:
    """Show the districts, and what may be changed about them and about a house."""
    register = get_queries().find_register()
    st.header("Districten en basisteams", anchor=False)
    st.markdown(
        "Huizen van één district delen zijn capaciteit in de routekaart. Een huis zonder district heeft een "
        "eigen plek. Weet u het district niet? Laat het leeg."
    )
    table = get_queries().list_register_districts()
    if not table.empty:
        show_rows(table)
    if not register.units:
        st.markdown("Neem eerst huizen over: met hen komen de eenheden waarin een district ligt.")
        return
    _offer_district(register)
    _offer_to_remove(register)
    if register.houses:
        _offer_house(register)


def _offer_district(register: Register) -> None:
    titles = {unit.unit_id: unit.title for unit in register.units}
    st.subheader("District toevoegen of wijzigen", anchor=False)
    with st.form(Key.DISTRICT_FORM, clear_on_submit=True):
        st.text_input("Kenmerk", key=DISTRICT_ID.key, help="Kort, kleine letters: zo staat het in bestanden.")
        st.text_input("Naam van het district", key=DISTRICT_TITLE.key)
        st.selectbox("Eenheid", list(titles), format_func=lambda key: titles[key], key=DISTRICT_UNIT.key)
        st.form_submit_button("Bewaar district", on_click=_put)


def _put() -> None:
    given = {
        "district_id": DISTRICT_ID.read().strip(),
        "title": DISTRICT_TITLE.read().strip(),
        "unit_id": DISTRICT_UNIT.read(),
    }
    trying(lambda: put_district(get_installation(), given, now()), f"District {given['title']} is bewaard.")


def _offer_to_remove(register: Register) -> None:
    unused = [
        each
        for each in register.districts
        if all(each.district_id not in house.districts for house in register.houses)
    ]
    for district in unused:
        key = Key.DISTRICT_REMOVE.of(district.district_id)
        st.button(f"Verwijder {district.title}", key=key, on_click=partial(_remove, district.district_id))


def _remove(district_id: str) -> None:
    trying(
        lambda: remove_district(get_installation(), district_id, now()),
        f"District {district_id} is verwijderd.",
    )


def _offer_house(register: Register) -> None:
    houses = {house.house_id: house for house in register.sort_houses(register.houses)}
    st.subheader("Districten en basisteams van een huis", anchor=False)
    chosen = st.selectbox(
        "Huis", list(houses), format_func=lambda key: houses[key].title, key=Key.DISTRICT_HOUSE
    )
    seen = get_queries().get_house(chosen)
    _show_fields(seen.house, register, seen.version)
    st.button("Bewaar bij dit huis", type="primary", key=Key.DISTRICT_SAVE, on_click=partial(_save, seen))


def _show_fields(house: House, register: Register, version: int) -> None:
    """The fields of a house; those of another version of it are others, so that no stale choice stays."""
    titles = {each.district_id: each.title for each in register.districts_of(house.unit_id)}
    st.multiselect(
        "Districten, het district dat aan zet is eerst",
        list(titles),
        default=[key for key in house.districts if key in titles],
        format_func=lambda key: titles[key],
        key=house_districts(house.house_id, version).key,
        placeholder="Nog geen",
    )
    st.text_input(
        "Basisteams, met een komma ertussen",
        value=", ".join(house.teams),
        key=house_teams(house.house_id, version).key,
    )


def _save(seen: HouseRevision) -> None:
    teams = house_teams(seen.house.house_id, seen.version).read().split(",")
    changes = {
        "districts": tuple(house_districts(seen.house.house_id, seen.version).read()),
        "teams": tuple(filter(None, (team.strip() for team in teams))),
    }
    trying(lambda: edit_house(get_installation(), seen, changes, now()), f"Bewaard bij {seen.house.title}.")
