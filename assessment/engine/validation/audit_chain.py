"""What was done to the audit trail behind the program's back, as far as a chain can tell.

A chain sees an entry that was changed, taken out, put in or moved. It cannot see that its newest entries were
cut off, nor that someone who knows how wrote all of it anew: against the first there is a head beside the
trail, against the second a head that was kept elsewhere.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assessment.model.audit import Action, AuditEntry, AuditHead


class ChainBreak(NamedTuple):
    """A fault in the trail: the entry where it shows, and what is wrong in Dutch."""

    number: int
    fault: str


def find_breaks(
    entries: Iterable[AuditEntry], head: AuditHead | None, kept: AuditHead | None = None
) -> list[ChainBreak]:
    """Follow the chain from its first entry to its head.

    Args:
        entries: all entries, by number.
        head: the end of the trail as the store keeps it apart; None where that is gone.
        kept: a head that was printed before and kept elsewhere.

    Returns:
        Every fault, in the order of the trail; none where the trail is whole.
    """
    found = list(_follow(entries, head, kept))
    return sorted(found, key=lambda each: each.number)


def _follow(
    entries: Iterable[AuditEntry], head: AuditHead | None, kept: AuditHead | None
) -> Iterator[ChainBreak]:
    last, kept_is_there, restored = AuditHead(), kept is None or kept == AuditHead(), 0
    for entry in entries:
        yield from _check_entry(entry, last)
        last = AuditHead(number=entry.number, sha256=entry.sha256)
        kept_is_there = kept_is_there or last == kept
        restored = entry.number if entry.action == Action.RESTORED else restored
    yield from _check_head(last, head)
    if kept is not None and not kept_is_there:
        yield ChainBreak(kept.number, _describe_kept(restored))


def _check_entry(entry: AuditEntry, last: AuditHead) -> Iterator[ChainBreak]:
    expected = last.number + 1
    if entry.number < 1:
        yield ChainBreak(entry.number, "is ertussen gezet")
    elif entry.number == expected + 1:
        yield ChainBreak(expected, "is weg")
    elif entry.number > expected:
        yield ChainBreak(expected, f"tot en met {entry.number - 1} zijn weg")
    if not entry.is_sound:
        yield ChainBreak(entry.number, "is veranderd")
    elif entry.number == expected and entry.previous_sha256 != last.sha256:
        yield ChainBreak(entry.number, "sluit niet aan op de regel ervoor: een van beide is vervangen")


def _check_head(last: AuditHead, head: AuditHead | None) -> Iterator[ChainBreak]:
    if head is None:
        yield ChainBreak(last.number, "is de laatste, maar het slot van het logboek is weg")
    elif last.number < head.number:
        yield ChainBreak(last.number + 1, f"tot en met {head.number}: afgeknipt van het einde")
    elif last.number > head.number:
        yield ChainBreak(head.number + 1, f"tot en met {last.number}: erachter gezet")
    elif last.sha256 != head.sha256:
        yield ChainBreak(last.number, "past niet op het slot van het logboek: een van beide is vervangen")


def _describe_kept(restored: int) -> str:
    told = "is niet meer de regel die u apart hebt bewaard"
    if not restored:
        return told
    return (
        f"{told}. Bij regel {restored} is een reservekopie teruggezet: zoek hem dan in de kopie die toen is "
        "gemaakt van wat er was"
    )
