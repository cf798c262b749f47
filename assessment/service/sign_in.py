"""On which addresses the dashboard may be reached, and how people sign in there."""

from ipaddress import ip_address

from assessment.errors import SettingsError
from assessment.settings import Settings

_METADATA = "/.well-known/openid-configuration"


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
            "server_metadata_url": f"{settings.oidc_issuer.rstrip('/')}{_METADATA}",
        }
    }
