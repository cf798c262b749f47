"""Accounts and logins in and out of the store."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assessment.model.access import Account, Grant, Identity, Login, read_grant
from assessment.model.wording import clean_name
from assessment.store.tables import AccountRow, FormerIdentityRow, GrantRow, LoginRow


def load_accounts(session: Session) -> tuple[Account, ...]:
    """All accounts by id, those that ended too."""
    granted: dict[str, list[Grant]] = {}
    ordered = select(GrantRow).order_by(GrantRow.account_id, GrantRow.role, GrantRow.granted_on)
    for row in session.scalars(ordered):
        granted.setdefault(row.account_id, []).append(_grant(row))
    rows = session.scalars(select(AccountRow).order_by(AccountRow.account_id))
    return tuple(_account(row, granted.get(row.account_id, [])) for row in rows)


def load_account(session: Session, account_id: str) -> Account | None:
    """One account, or None where there is none."""
    return _complete(session, session.get(AccountRow, account_id))


def find_account(session: Session, identity: Identity) -> Account | None:
    """The account of somebody who signed in, or None where there is none."""
    found = select(AccountRow).filter_by(issuer=identity.issuer, subject=identity.subject)
    return _complete(session, session.scalars(found).one_or_none())


def save_account(session: Session, account: Account) -> None:
    """Store an account as it is now, with its rights."""
    identity = account.identity
    session.merge(
        AccountRow(
            account_id=account.account_id,
            name=account.name,
            issuer=identity and identity.issuer,
            subject=identity and identity.subject,
            added=account.added,
            ended=account.ended,
        )
    )
    session.flush()
    session.execute(delete(GrantRow).filter_by(account_id=account.account_id))
    session.add_all(
        GrantRow(account_id=account.account_id, role=grant.role.value, granted_on=grant.granted_on)
        for grant in account.grants
    )
    session.flush()


def add_former_identity(session: Session, identity: Identity, account_id: str) -> None:
    """Remember that somebody can no longer sign in as an account."""
    session.merge(FormerIdentityRow(identity_sha256=identity.sha256, account_id=account_id))


def find_former_account(session: Session, identity: Identity) -> str | None:
    """The id of the account that somebody could once sign in as and no longer can, or None."""
    row = session.get(FormerIdentityRow, identity.sha256)
    return row.account_id if row else None


def list_former_accounts(session: Session) -> set[str]:
    """The accounts that somebody could once sign in as and no longer can."""
    return set(session.scalars(select(FormerIdentityRow.account_id)))


def load_login(session: Session, login_id: str) -> Login | None:
    """One login, or None where it was not seen yet."""
    row = session.get(LoginRow, login_id)
    return Login.model_validate(row, from_attributes=True) if row else None


def save_login(session: Session, login: Login) -> None:
    """Store a login as it is now."""
    session.merge(LoginRow(**login.model_dump()))


def forget_logins(session: Session, before: datetime) -> None:
    """Remove the logins that were last used before a moment."""
    session.execute(delete(LoginRow).where(LoginRow.last_seen < before))


def end_logins(session: Session, now: datetime) -> None:
    """End every login, so that everybody signs in anew."""
    session.execute(update(LoginRow).where(LoginRow.ended.is_(None)).values(ended=now))


def _complete(session: Session, row: AccountRow | None) -> Account | None:
    if row is None:
        return None
    granted = select(GrantRow).filter_by(account_id=row.account_id)
    ordered = granted.order_by(GrantRow.role, GrantRow.granted_on)
    return _account(row, [_grant(each) for each in session.scalars(ordered)])


def _account(row: AccountRow, grants: list[Grant]) -> Account:
    known = row.issuer is not None and row.subject is not None
    return Account(
        account_id=row.account_id,
        name=clean_name(row.name),
        identity=Identity(issuer=row.issuer, subject=row.subject) if known else None,
        grants=tuple(grants),
        added=row.added,
        ended=row.ended,
    )


def _grant(row: GrantRow) -> Grant:
    return read_grant(f"{row.role}:{row.granted_on}")
