"""On which addresses the dashboard may be reached, how people sign in there, and how long that lasts.

Source: https://openid.net/specs/openid-connect-core-1_0.html (iss, sub, iat, nonce); OWASP ASVS, V3.3.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address

import httpx2

from assessment.errors import AccountError, SettingsError, SignedOutError, SignInError
from assessment.model.access import UNKNOWN, Account, Identity, IdToken, Login, LoginLimits, Visitor
from assessment.model.audit import Action, Change, Signature
from assessment.service.accounts import make_account, read_role, refuse_unknown_place, store_account
from assessment.service.installation import Installation
from assessment.settings import Settings
from assessment.store.accounts import (
    find_account,
    find_former_account,
    forget_logins,
    load_account,
    load_login,
    save_login,
)
from assessment.store.audit import append_changes
from assessment.store.register import load_register

_METADATA = "/.well-known/openid-configuration"
_PATIENCE = 10
"""Seconds until an organisation that does not answer is given up."""
_NOTED_EVERY = timedelta(minutes=5)
"""A login is not stored anew at every click."""


def refuse_open_door(settings: Settings, address: str) -> None:
    """Refuse to be reached from elsewhere where nobody signs in.

    Args:
        settings: whether people sign in.
        address: on which the dashboard listens; empty is every address of this machine.

    Raises:
        SettingsError: others could reach it, and everybody would see everything.
    """
    if not settings.oidc_issuer and not is_own_machine(address):
        raise SettingsError(
            f"Zonder aanmelden mag het dashboard alleen op deze machine luisteren (127.0.0.1), niet op "
            f"'{address or 'elk adres'}': iedereen zou alles zien. Stel aanmelden in (KADERSCAN_OIDC_ISSUER; "
            "zie docs/shared-installation.md), of laat --server.address weg."
        )


def is_own_machine(address: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def arrange_signing_in(settings: Settings) -> dict[str, dict[str, str]]:
    """What the framework of the pages wants to know for signing in; empty where nobody signs in.

    It is handed over in memory, so that no secret is written to a file.
    """
    if not settings.oidc_issuer:
        return {}
    return {
        "auth": {
            "redirect_uri": settings.oidc_redirect_uri,
            "cookie_secret": settings.oidc_cookie_secret.get_secret_value(),
            "client_id": settings.oidc_client_id,
            "client_secret": settings.oidc_client_secret.get_secret_value(),
            "server_metadata_url": _name_metadata(settings),
        }
    }


def make_identity(settings: Settings, subject: str) -> Identity:
    """Who signs in with a number, at the organisation that the settings name, as that names itself.

    Raises:
        AccountError: signing in is not set up, there is no number, or the organisation does not answer.
    """
    if not settings.oidc_issuer:
        raise AccountError(
            "Een nummer kan pas als aanmelden is ingesteld. Zie KADERSCAN_OIDC_ISSUER en: kaderscan settings."
        )
    if not subject.strip():
        raise AccountError("Geef het nummer dat de persoon na het aanmelden ziet.")
    return Identity(issuer=_ask_issuer(settings), subject=subject.strip())


def _ask_issuer(settings: Settings) -> str:
    """The name that the organisation gives itself; in what it says of people it has no other."""
    address = _name_metadata(settings)
    try:
        return str(httpx2.get(address, timeout=_PATIENCE).raise_for_status().json()["issuer"])
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        raise AccountError(
            f"{address} zegt niet hoe de organisatie heet waar mensen aanmelden; er is niets gewijzigd. "
            "Klopt KADERSCAN_OIDC_ISSUER, en is dat adres te bereiken? Probeer het daarna opnieuw."
        ) from error


def _name_metadata(settings: Settings) -> str:
    return f"{settings.oidc_issuer.rstrip('/')}{_METADATA}"


def recognise(installation: Installation, identity: Identity) -> Visitor:
    """Who somebody is that signed in, with the rights that the database holds at this moment.

    Raises:
        SignInError: there is no account for this person, or it ended.
    """
    with installation.store.reading() as session:
        account = find_account(session, identity)
    return _find_visitor(account, identity)


def _find_visitor(account: Account | None, identity: Identity) -> Visitor:
    if account is None:
        raise SignInError(
            "U bent aangemeld, maar hebt in Kaderscan nog geen account. Geef dit nummer aan de beheerder: "
            f"{identity.subject}"
        )
    if account.ended:
        raise SignInError(
            f"Uw account ({account.account_id}) is beëindigd. Vraag de beheerder om een nieuw account."
        )
    return account.visitor


def sign_in(installation: Installation, token: IdToken, now: datetime) -> Visitor:
    """Who somebody is that signed in, as long as that lasts; asked at every click.

    The roles that were claimed count the first time only, when there is no account yet: a role that was
    taken away stays away.

    Raises:
        SignedOutError: the login was ended, is too long ago, or was not used for too long.
        SignInError: there is no account for this person and nothing that gives one, it ended, or it was
            linked to somebody else since: what was bound once is never taken over by signing in.
        AccountError: a role in the settings is not sound.
    """
    login, account = _find_login(installation, token, now)
    try:
        visitor = _recognise_or_welcome(installation, token, account, now)
    except SignInError:
        _note_login(installation, login, UNKNOWN, now)
        raise
    _note_login(installation, login, visitor.who, now)
    return visitor


def is_signed_in(installation: Installation, token: IdToken, now: datetime) -> bool:
    """Whether somebody may still come in with a login; asking does not count as using it."""
    try:
        _, account = _find_login(installation, token, now)
        _find_visitor(account, token.identity)
    except SignInError:
        return False
    return True


def sign_out(installation: Installation, token: IdToken, now: datetime) -> None:
    """End a login: whoever still has its cookie, in this browser or another, no longer gets in with it."""
    with installation.store.writing() as session:
        login = load_login(session, token.login.login_id) or token.login
        if login.ended:
            return
        save_login(session, login.model_copy(update={"ended": now}))
        who = login.who or UNKNOWN
        append_changes(session, Signature(who, now), [Change(Action.SIGNED_OUT, subject=who)])


def find_limits(settings: Settings) -> LoginLimits:
    """How long a login lasts."""
    return LoginLimits(
        idle=timedelta(hours=settings.sign_in_idle_hours),
        longest=timedelta(days=settings.sign_in_longest_days),
    )


def _find_login(installation: Installation, token: IdToken, now: datetime) -> tuple[Login, Account | None]:
    """A login that has not ended, and the account of who signed in, both as they are at this moment."""
    with installation.store.reading() as session:
        login = load_login(session, token.login.login_id) or token.login
        account = find_account(session, token.identity)
    if (end := login.find_end(find_limits(installation.settings), now)) is not None:
        raise SignedOutError(f"{end} Meld u opnieuw aan.")
    return login, account


def _note_login(installation: Installation, login: Login, who: str, now: datetime) -> None:
    """Store that a login was used, and in the trail as whom where that is new; not at every click."""
    if login.who == who and now - login.last_seen < _NOTED_EVERY:
        return
    with installation.store.writing() as session:
        stored = load_login(session, login.login_id) or login
        forget_logins(session, now - max(find_limits(installation.settings)))
        save_login(session, stored.model_copy(update={"who": who, "last_seen": now}))
        if stored.who != who:
            action = Action.SIGN_IN_REFUSED if who == UNKNOWN else Action.SIGNED_IN
            append_changes(session, Signature(who, now), [Change(action, subject=who)])


def _recognise_or_welcome(
    installation: Installation, token: IdToken, account: Account | None, now: datetime
) -> Visitor:
    try:
        return _find_visitor(account, token.identity)
    except SignInError:
        if not token.claimed:
            raise
    _welcome(installation, token, now)
    return recognise(installation, token.identity)


def _welcome(installation: Installation, token: IdToken, now: datetime) -> None:
    """Give somebody an account with the roles that were claimed, unless there is or was one."""
    account_id = f"a-{token.identity.sha256[:12]}"
    grants = tuple(sorted({read_role(each) for each in token.claimed}, key=str))
    with installation.store.writing() as session:
        if find_account(session, token.identity) is not None:
            return
        former = find_former_account(session, token.identity)
        if former is not None or load_account(session, account_id) is not None:
            raise SignInError(
                f"Bij uw aanmelding hoort account {former or account_id}, maar daar kunt u niet meer mee "
                "aanmelden. Vraag de beheerder om een nieuw account."
            )
        register = load_register(session)
        for grant in grants:
            refuse_unknown_place(register, grant)
        account = make_account(account_id, token.name, token.identity, now)
        store_account(
            session, None, account.model_copy(update={"grants": grants}), Signature(account_id, now)
        )
