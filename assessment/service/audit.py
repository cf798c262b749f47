"""Use cases on the audit trail: check it, and give it away.

They are the operator's own stories, on all entries at once, so they stand apart from `service.queries`.
"""

import re
from collections.abc import Iterator

from assessment.engine.validation.audit_chain import find_breaks
from assessment.errors import AuditError, CommandUsageError
from assessment.model.access import Task
from assessment.model.audit import AuditHead
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.store.audit import load_entries, load_head

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
_MOST_TOLD = 20


def verify_trail(installation: Installation, kept: AuditHead | None = None) -> AuditHead:
    """Check that nothing in the trail was changed, taken out, put in or moved behind the program's back.

    Args:
        installation: whose trail.
        kept: a head that was printed before and kept elsewhere: without it nobody can tell that someone with
            full access to the database wrote the whole trail anew, head and all.

    Returns:
        The head, to be kept elsewhere.

    Raises:
        NotAllowedError: the visitor may not.
        AuditError: the trail is not whole; one line per fault, with the number of the entry.
    """
    require(installation, Task.READ_AUDIT)
    with installation.store.reading() as session:
        head = load_head(session)
        breaks = find_breaks(load_entries(session), head, kept)
    if breaks or head is None:
        told = [f"Logboek, regel {each.number} {each.fault}." for each in breaks[:_MOST_TOLD]]
        more = [f"En nog {len(breaks) - _MOST_TOLD} fouten."] if len(breaks) > _MOST_TOLD else []
        raise AuditError("\n".join([*told, *more, "Zet een reservekopie terug, of zoek uit wie dit deed."]))
    return head


def read_kept_head(text: str) -> AuditHead:
    """Read a head as `verify_trail` gave it.

    Raises:
        CommandUsageError: it is not written like that.
    """
    written = _HEAD.fullmatch(text.strip().lower())
    if written is None:
        raise CommandUsageError(
            f"'{text}' is geen slot. Schrijf het zoals audit verify het toont: regel:hash."
        )
    return AuditHead(number=int(written[1]), sha256=written[2])


def write_trail(installation: Installation) -> Iterator[str]:
    """Write every entry as a line of JSON, by number, as it is stored and unchecked.

    Raises:
        NotAllowedError: the visitor may not.
    """
    require(installation, Task.READ_AUDIT)
    with installation.store.reading() as session:
        for entry in load_entries(session):
            yield f"{entry.write_line()}\n"
