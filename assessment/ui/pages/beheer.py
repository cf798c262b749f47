"""Beheer: who may sign in, and with which rights?"""

from functools import partial

import streamlit as st

from assessment.model.access import Account, Role
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
from assessment.service.sign_in import make_identity
from assessment.tables.administration import list_account_rows
from assessment.ui.cache import get_installation, get_queries
from assessment.ui.components import show_rows
from assessment.ui.notices import keep_success, show_notice, trying
from assessment.ui.selectors import load_register
from assessment.ui.session import NEW_ACCOUNT, NEW_NAME, NEW_SUBJECT, Key, subject_of

_PLACED = {Role.MANAGER: "Huis", Role.POLICE: "Eenheid", Role.UNIT: "Eenheid"}


def render() -> None:
    """Show the page."""
    st.title("Beheer", anchor=False)
    accounts = get_queries().list_accounts()
    st.markdown(
        "Wie mag aanmelden, en met welke rechten? Een wijziging geldt vanaf de volgende klik. "
        "Zij staat in het logboek, zonder naam."
    )
    show_notice()
    if accounts:
        show_rows(list_account_rows(accounts))
    else:
        st.markdown("Er zijn nog geen accounts.")
    _offer_to_add()
    going = {each.account_id: each for each in accounts if not each.ended}
    if going:
        _offer_to_change(going)


def _offer_to_add() -> None:
    st.subheader("Account toevoegen", anchor=False)
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
    st.subheader("Rechten wijzigen", anchor=False)
    chosen = st.selectbox(
        "Account",
        list(accounts),
        format_func=lambda key: f"{key} · {accounts[key].name}",
        key=Key.ACCOUNT,
    )
    for grant in accounts[chosen].grants:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(str(grant), width=320)
            st.button(
                "Trek in", key=Key.ACCOUNT_REVOKE.of(grant), on_click=partial(_revoke, chosen, str(grant))
            )
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
    trying(
        lambda: grant_role(get_installation(), account_id, read_role(text), now()),
        f"{account_id} heeft nu het recht {text}.",
    )


def _revoke(account_id: str, text: str) -> None:
    trying(
        lambda: revoke_role(get_installation(), account_id, read_role(text), now()),
        f"Het recht {text} van {account_id} is ingetrokken.",
    )


def _end(account_id: str) -> None:
    trying(lambda: end_account(get_installation(), account_id, now()), f"Account {account_id} is beëindigd.")
