"""What a database says went wrong, as one Dutch line with what to do, whichever database it is."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from assessment.errors import StoreError

NOTHING_STORED = "Er is niets bewaard."
NOT_CERTAIN = "Of het laatste is bewaard, is niet zeker. Doe het opnieuw: dubbel bewaren kan niet."

_log = logging.getLogger(__name__)

_BUSY = "hij is bezet; probeer het zo opnieuw"
_FULL = "de schijf is vol"
_READ_ONLY = "er kan alleen uit worden gelezen"
_GONE = "hij is niet te bereiken; probeer het later opnieuw"
_TOO_MANY = "er zijn te veel verbindingen; probeer het zo opnieuw"
_NOT_ALLOWED = "de gebruiker van de database mag dit niet; maak hem eigenaar van de database"

# By SQLite's primary result code, and by the SQLSTATE of PostgreSQL (appendix A of its manual).
_BY_CODE: dict[object, str] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "het bestand kan niet worden geopend",
    sqlite3.SQLITE_NOTADB: "het bestand is geen database",
    sqlite3.SQLITE_CORRUPT: "het bestand is beschadigd; zet een reservekopie terug",
    "25006": _READ_ONLY,
    "40001": _BUSY,
    "40P01": _BUSY,
    "42501": _NOT_ALLOWED,
    "53100": _FULL,
    "53300": _TOO_MANY,
    "55P03": _BUSY,
}

# PostgreSQL gives no code while a connection is being made, only words.
_AT_THE_DOOR = {
    "password": "gebruiker of wachtwoord klopt niet",
    "does not exist": "er is daar geen database of gebruiker met deze naam",
    "too many c": _TOO_MANY,
    "remaining connection slots": _TOO_MANY,
}


@contextmanager
def telling_faults(consequence: str = NOTHING_STORED) -> Iterator[None]:
    """Tell what a database says as one Dutch line.

    Args:
        consequence: what is so when the database went away in this block; what any other fault stopped was
            never stored.

    Raises:
        StoreError: the database gave a fault.
    """
    try:
        yield
    except NoConnectionLeft as error:
        raise StoreError(f"De database doet het niet: {_TOO_MANY}. {NOTHING_STORED}") from error
    except DBAPIError as error:
        after = consequence if error.connection_invalidated else NOTHING_STORED
        raise StoreError(f"De database doet het niet: {_find_reason(error)}. {after}") from error


def _find_reason(error: DBAPIError) -> str:
    code = _find_code(error.orig)
    if code in _BY_CODE:
        return _BY_CODE[code]
    said = " ".join(str(error.orig).split())
    if _has_no_connection(error, code):
        _log.warning("%s", said)  # it names machines and users: for who runs this, not for who uses it
        return next((reason for words, reason in _AT_THE_DOOR.items() if words in said), _GONE)
    return _describe_itself(error.orig) or said


def _find_code(fault: BaseException | None) -> object:
    sqlite_code = getattr(fault, "sqlite_errorcode", None)
    return getattr(fault, "sqlstate", None) if sqlite_code is None else sqlite_code & 0xFF


def _has_no_connection(error: DBAPIError, code: object) -> bool:
    """Whether a connection was lost, or was never made."""
    never_made = isinstance(error, OperationalError) and code is None and hasattr(error.orig, "sqlstate")
    return error.connection_invalidated or never_made


def _describe_itself(fault: BaseException | None) -> str | None:
    """The words of PostgreSQL without the values of the row that it would not take."""
    return getattr(getattr(fault, "diag", None), "message_primary", None)
