"""Use cases on accounts: who may sign in, as whom, and with which rights."""

from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.orm import Session

from assessment.errors import AccountError
from assessment.model.access import Account, Grant, Identity, Role, Task, Visitor, read_grant
from assessment.model.audit import Action, Change, Json, Signature
from assessment.model.register import Register
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.store.accounts import (
    add_former_identity,
    find_account,
    load_account,
    save_account,
)
from assessment.store.audit import append_changes
from assessment.store.register import load_register


def add_account(
    installation: Installation, account_id: str, name: str, identity: Identity | None, now: datetime
) -> Account:
    """Add a person, without any right yet.

    Args:
        installation: where.
        account_id: how the audit trail calls the person; no name.
        name: the name that the person sees.
        identity: who this is when signing in; None where nobody can sign in as this account.
        now: the moment.

    Raises:
        NotAllowedError: the visitor may not.
        AccountError: the id is taken or not sound, or the identity has an account already.
    """
    require(installation, Task.MANAGE_ACCOUNTS)
    account = make_account(account_id, name, identity, now)
    with installation.store.writing() as session:
        if load_account(session, account_id) is not None:
            raise AccountError(f"Account '{account_id}' bestaat al. Kies een andere naam voor het account.")
        if identity is not None and (other := find_account(session, identity)) is not None:
            raise AccountError(f"Deze aanmelding hoort al bij account '{other.account_id}'.")
        store_account(session, None, account, Signature(installation.who, now))
    return account


def grant_role(installation: Installation, account_id: str, grant: Grant, now: datetime) -> Account:
    """Give an account a role; one that it has already changes nothing.

    Raises:
        NotAllowedError: the visitor may not.
        AccountError: there is no such account, it ended, or the house or unit is not in the register.
    """
    require(installation, Task.MANAGE_ACCOUNTS)
    with installation.store.writing() as session:
        before = get_account(session, account_id)
        if before.ended:
            raise AccountError(f"Account '{account_id}' is beëindigd. Maak een nieuw account.")
        refuse_unknown_place(load_register(session), grant)
        return _save_grants(session, before, {*before.grants, grant}, Signature(installation.who, now))


def revoke_role(installation: Installation, account_id: str, grant: Grant, now: datetime) -> Account:
    """Take a role away; who is signed in loses it at the next click.

    Raises:
        NotAllowedError: the visitor may not.
        AccountError: there is no such account, or it does not have the role.
    """
    require(installation, Task.MANAGE_ACCOUNTS)
    with installation.store.writing() as session:
        before = get_account(session, account_id)
        if grant not in before.grants:
            has = ", ".join(map(str, before.grants)) or "geen rechten"
            raise AccountError(f"Account '{account_id}' heeft het recht {grant} niet. Wel: {has}.")
        return _save_grants(session, before, {*before.grants} - {grant}, Signature(installation.who, now))


def end_account(installation: Installation, account_id: str, now: datetime) -> Account:
    """End an account: it keeps its id for the audit trail and loses every right.

    Raises:
        NotAllowedError: the visitor may not.
        AccountError: there is no such account.
    """
    require(installation, Task.MANAGE_ACCOUNTS)
    with installation.store.writing() as session:
        before = get_account(session, account_id)
        ended = before.model_copy(update={"ended": before.ended or now.date(), "grants": ()})
        store_account(session, before, ended, Signature(installation.who, now))
    return ended


def act_as(installation: Installation, account_id: str) -> Visitor:
    """The visitor that an account is now; only who works on the database itself may choose one.

    Raises:
        NotAllowedError: the visitor may not.
        AccountError: there is no such account, or it ended.
    """
    require(installation, Task.MANAGE_ACCOUNTS)
    with installation.store.reading() as session:
        account = get_account(session, account_id)
    if account.ended:
        raise AccountError(f"Account '{account_id}' is beëindigd.")
    return account.visitor.model_copy(update={"acting": installation.who})


def read_role(text: str) -> Grant:
    """Read a role as it is typed: manager:veenrijk, eenheid:oost-nederland, landelijk.

    Raises:
        AccountError: it is not written like that.
    """
    try:
        return read_grant(text)
    except ValueError as error:
        known = ", ".join(Role)
        raise AccountError(
            f"'{text}' is geen recht. Schrijf bijvoorbeeld manager:veenrijk, politie:oost-nederland, "
            f"eenheid:oost-nederland, landelijk of beheerder. Rollen zijn: {known}."
        ) from error


_FAULTS = {
    "account_id": (
        "Noem het account met kleine letters, cijfers en streepjes, hoogstens 60, bijvoorbeeld a-12."
    ),
    "name": "Geef ook de naam die de persoon ziet: op één regel, zonder onzichtbare stuurtekens.",
}


def make_account(account_id: str, name: str, identity: Identity | None, now: datetime) -> Account:
    """An account without rights, not stored yet.

    Raises:
        AccountError: the id or the name is not sound.
    """
    try:
        return Account(account_id=account_id, name=name, identity=identity, added=now.date())
    except ValidationError as error:
        wrong = {str(fault["loc"][0]) for fault in error.errors()}
        raise AccountError(" ".join(text for field, text in _FAULTS.items() if field in wrong)) from error


def get_account(session: Session, account_id: str) -> Account:
    """An account, in a transaction that does more.

    Raises:
        AccountError: there is none.
    """
    account = load_account(session, account_id)
    if account is None:
        raise AccountError(f"Account '{account_id}' bestaat niet. Zie: kaderscan account list.")
    return account


def refuse_unknown_place(register: Register, grant: Grant) -> None:
    """Refuse a role on a house or unit that is not there.

    Raises:
        AccountError: the register does not know it.
    """
    known = register.house if grant.house_id else register.unit
    if grant.granted_on and grant.granted_on not in known:
        what = "Huis" if grant.house_id else "Eenheid"
        raise AccountError(f"{what} '{grant.granted_on}' staat niet in het register.")


def _save_grants(session: Session, before: Account, grants: set[Grant], signature: Signature) -> Account:
    after = before.model_copy(update={"grants": tuple(sorted(grants, key=str))})
    store_account(session, before, after, signature)
    return after


def store_account(session: Session, before: Account | None, after: Account, signature: Signature) -> None:
    """Store an account with its line in the trail; one that did not change leaves none."""
    if after == before:
        return
    save_account(session, after)
    action = Action.ACCOUNT_CHANGED if before else Action.ACCOUNT_ADDED
    old = _describe(before) if before else None
    change = Change(action=action, subject=after.account_id, old=old, new=_describe(after))
    append_changes(session, signature, [change])


def _describe(account: Account) -> dict[str, Json]:
    """An account without the name of the person; the checksum tells whether it is the same identity."""
    return {
        "grants": [str(grant) for grant in account.grants],
        "ended": account.ended.isoformat() if account.ended else None,
        "identity_sha256": account.identity.sha256 if account.identity else None,
    }


def link_identity(
    installation: Installation, account_id: str, identity: Identity, now: datetime
) -> tuple[Account, Account]:
    """Let somebody sign in as an account; who could do so before, no longer can.

    Returns:
        The account as it was, and as it is now.

    Raises:
        NotAllowedError: the visitor may not.
        AccountError: there is no such account, it ended, or who signs in belongs to another one.
    """
    require(installation, Task.MANAGE_ACCOUNTS)
    with installation.store.writing() as session:
        before = get_account(session, account_id)
        if before.ended:
            raise AccountError(f"Account '{account_id}' is beëindigd. Maak een nieuw account.")
        other = find_account(session, identity)
        if other is not None and other.account_id != account_id:
            raise AccountError(
                f"Dit nummer hoort al bij account '{other.account_id}'. Er is niets gewijzigd. Beëindig dat "
                "account eerst als dit de goede persoon is."
            )
        if before.identity is not None and before.identity != identity:
            add_former_identity(session, before.identity, account_id)
        after = before.model_copy(update={"identity": identity})
        store_account(session, before, after, Signature(installation.who, now))
    return before, after


def describe_linked(before: Account, after: Account) -> str:
    """Say who can sign in from now on."""
    if before.identity == after.identity:
        return f"Dit nummer hoorde al bij account {after.account_id}. Er is niets veranderd."
    told = f"Wie met dit nummer aanmeldt, werkt voortaan als account {after.account_id}."
    return f"{told} Het nummer van eerst hoort er niet meer bij." if before.identity else told
