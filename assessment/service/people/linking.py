"""Use case: link who signs in to an account that is there already."""

from datetime import datetime

from assessment.errors import AccountError
from assessment.model.access import Task
from assessment.model.accounts import Account, Identity
from assessment.model.audit import Signature
from assessment.service.installation import Installation
from assessment.service.people.access import require
from assessment.service.people.accounts import get_account, store_account
from assessment.settings import Settings
from assessment.store.accounts import find_account


def make_identity(settings: Settings, subject: str) -> Identity:
    """Who signs in with a number, at the organisation that the settings name.

    Raises:
        AccountError: signing in is not set up, or there is no number.
    """
    if not settings.oidc_issuer:
        raise AccountError(
            "Een nummer kan pas als aanmelden is ingesteld. Zie KADERSCAN_OIDC_ISSUER en: kaderscan settings."
        )
    if not subject.strip():
        raise AccountError("Geef het nummer dat de persoon na het aanmelden ziet.")
    return Identity(issuer=settings.oidc_issuer, subject=subject.strip())


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
        after = before.model_copy(update={"identity": identity})
        store_account(session, before, after, Signature(installation.who, now))
    return before, after


def say_linked(before: Account, after: Account) -> str:
    """Say who can sign in from now on."""
    if before.identity == after.identity:
        return f"Dit nummer hoorde al bij account {after.account_id}. Er is niets veranderd."
    told = f"Wie met dit nummer aanmeldt, werkt voortaan als account {after.account_id}."
    return f"{told} Het nummer van eerst hoort er niet meer bij." if before.identity else told
