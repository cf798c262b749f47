"""How long records are kept: what is old enough to go, and is not kept for another reason."""

from datetime import datetime
from typing import NamedTuple

from assessment.model.scale import Worded


class RecordKind(Worded):
    """A kind of record that has a term; everything else, the audit trail first of all, is kept."""

    DRAFT = "draft", "concept"
    VERSION = "version", "vervangen versie met haar bestand"


class OldRecord(NamedTuple):
    """A record that is older than its term: a draft by its last change, a version by its handing in."""

    kind: RecordKind
    record_id: str
    moment: datetime
