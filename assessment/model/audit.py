"""The audit trail: who did what when, each entry chained to the one before by its hash.

An entry names no citizen and holds no free text: ids, settled words, letters of options, dates and checksums.
"""

import json
import re
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from pydantic import Field, JsonValue

from assessment.errors import CommandUsageError
from assessment.model.rules import Frozen, write_moment

Json: TypeAlias = JsonValue

# Who did it, as long as there is no signing in.
NOBODY_SIGNED_IN = "lokaal"

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")

# What the first entry has as the hash of the one before.
ORIGIN = "0" * 64


class Action(StrEnum):
    """What was done, as it stands in the trail; a word that was used once keeps its meaning."""

    UNIT_ADDED = "eenheid-toegevoegd"
    UNIT_CHANGED = "eenheid-gewijzigd"
    HOUSE_ADDED = "huis-toegevoegd"
    HOUSE_CHANGED = "huis-gewijzigd"
    DISTRICT_CHANGED = "district-gewijzigd"
    DISTRICT_REMOVED = "district-verwijderd"
    ROUND_OPENED = "ronde-geopend"
    ROUND_CLOSED = "ronde-gesloten"
    ROUND_REOPENED = "ronde-heropend"
    HANDED_IN = "vragenlijst-ingeleverd"
    ADOPTED = "inlevering-vastgesteld"
    WITHDRAWN = "inlevering-ingetrokken"
    REOPENED = "inlevering-heropend"
    VERSION_REMOVED = "inlevering-verwijderd"
    DRAFT_BEGUN = "concept-begonnen"
    DRAFT_CHANGED = "concept-gewijzigd"
    DRAFT_HANDED_IN = "concept-ingeleverd"
    DRAFT_REMOVED = "concept-verwijderd"
    DEMO_FILLED = "demo-gevuld"
    ACCOUNT_ADDED = "account-toegevoegd"
    ACCOUNT_CHANGED = "account-gewijzigd"
    SIGNED_IN = "aangemeld"
    SIGNED_OUT = "afgemeld"
    SIGN_IN_REFUSED = "aanmelden-geweigerd"
    TEXT_SHARED = "toelichtingen-wel-of-niet-gedeeld"
    BACKED_UP = "reservekopie-gemaakt"
    RESTORED = "reservekopie-teruggezet"
    HANDED_OUT = "bestand-uitgegeven"
    REFUSED = "geweigerd"
    PLAN_CHANGED = "plan-gewijzigd"
    PLAN_ADOPTED = "plan-vastgesteld"
    CAPACITY_CHANGED = "capaciteit-gewijzigd"
    FORMULA_CHANGED = "formule-gewijzigd"
    FORMULA_REMOVED = "formule-versie-verwijderd"
    PARTY_CAPACITY_CHANGED = "inzet-van-partij-gewijzigd"


OF_FORMULAS = frozenset({Action.FORMULA_CHANGED, Action.FORMULA_REMOVED, Action.PARTY_CAPACITY_CHANGED})
"""What changes formulas, or the capacity that they ask for."""

PASSING = OF_FORMULAS | {
    Action.DRAFT_BEGUN,
    Action.DRAFT_CHANGED,
    Action.DRAFT_REMOVED,
    Action.PLAN_CHANGED,
    Action.PLAN_ADOPTED,
    Action.CAPACITY_CHANGED,
    Action.ACCOUNT_ADDED,
    Action.ACCOUNT_CHANGED,
    Action.SIGNED_IN,
    Action.SIGNED_OUT,
    Action.SIGN_IN_REFUSED,
    Action.BACKED_UP,
    Action.HANDED_OUT,
    Action.REFUSED,
}
"""What changes neither the register nor what was handed in, so that no score rests on it."""


class Signature(NamedTuple):
    """Who does something, and when."""

    who: str
    moment: datetime


class Change(NamedTuple):
    """What a use case changed: old is None where there was nothing, new where nothing is left.

    The subject is the id of what was changed.
    """

    action: Action
    subject: str
    old: Json = None
    new: Json = None


class AuditHead(Frozen):
    """The end of the trail: how many entries it has, and the hash of the last."""

    number: int = 0
    sha256: str = ORIGIN

    def __str__(self) -> str:
        """As it is printed to be kept elsewhere."""
        return f"{self.number}:{self.sha256}"


def read_head(text: str) -> AuditHead:
    """Read a head as it is printed.

    Raises:
        CommandUsageError: it is not written like that.
    """
    written = _HEAD.fullmatch(text.strip().lower())
    if written is None:
        raise CommandUsageError(
            f"'{text}' is geen slot. Schrijf het zoals audit verify het toont: regel:hash."
        )
    return AuditHead(number=int(written[1]), sha256=written[2])


class AuditEntry(Frozen):
    """One entry as it is stored, text by text: a change of any byte changes what is hashed."""

    number: int = Field(description="From 1, without holes.")
    moment: str = Field(description="ISO 8601 with its offset; Dutch time without one before version 0.3.0.")
    who: str = Field(description="An id; where somebody acts in the name of somebody else, both.")
    action: str
    subject: str
    old: str = Field(description="Canonical JSON.")
    new: str = Field(description="Canonical JSON.")
    previous_sha256: str = Field(description="The hash of the entry before.")
    sha256: str = Field(default="", description="The hash of this entry.")

    @property
    def is_sound(self) -> bool:
        """Whether it is still what was hashed, byte by byte."""
        try:
            written = all(write_canonical(json.loads(text)) == text for text in (self.old, self.new))
            return written and self.sha256 == self.compute_hash()
        except (ValueError, RecursionError):
            return False

    def compute_hash(self) -> str:
        """The sha256 over the canonical JSON of everything but the hash itself.

        Raises:
            ValueError, RecursionError: a value is no JSON.
        """
        return sha256(write_canonical(self._facts).encode()).hexdigest()

    def write_line(self) -> str:
        """One line of JSON; whoever leaves `sha256` out and hashes the rest finds the same hash.

        A value that was damaged stands there as it is stored.
        """
        try:
            return write_canonical(self._facts | {"sha256": self.sha256})
        except (ValueError, RecursionError):
            return write_canonical(self.model_dump())

    @property
    def _facts(self) -> dict[str, Json]:
        texts = self.model_dump(exclude={"sha256", "old", "new"})
        return texts | {"old": json.loads(self.old), "new": json.loads(self.new)}


def write_canonical(value: object) -> str:
    """Write JSON in the one way that is hashed: keys sorted, no spaces, ASCII, no fractions out of range.

    Raises:
        ValueError: a number that JSON does not have.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def chain_change(head: AuditHead, signature: Signature, change: Change) -> AuditEntry:
    """Make of a change the entry that follows on the head."""
    entry = AuditEntry(
        number=head.number + 1,
        moment=write_moment(signature.moment),
        who=signature.who,
        action=change.action.value,
        subject=change.subject,
        old=write_canonical(change.old),
        new=write_canonical(change.new),
        previous_sha256=head.sha256,
    )
    return entry.model_copy(update={"sha256": entry.compute_hash()})
