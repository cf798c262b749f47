"""What is kept: what a backup says about itself, and which records are old enough to go."""

import re
from datetime import datetime
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from assessment.model.audit import AuditHead
from assessment.model.rules import Frozen
from assessment.model.scale import Worded

KIND: Final = "kaderscan-backup"
FORMAT: Final = 1

MANIFEST = "manifest.json"
_NUMBERS = re.compile(r"\d+(\.\d+)*")


class Maker(Frozen):
    """By which program a backup was made, of a database of which migration, and when (Dutch time)."""

    program: str = Field(pattern=r"^\d+(\.\d+)*")
    migration: str
    made: datetime

    @property
    def release(self) -> tuple[int, ...]:
        """The version of the program as numbers: 0.10.1 is newer than 0.9."""
        numbers = _NUMBERS.match(self.program)
        return tuple(map(int, numbers[0].split("."))) if numbers else ()


class TableFacts(Frozen):
    """How many rows of a table a backup holds, and the size and checksum of its part."""

    rows: int = Field(ge=0)
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Frozen):
    """The list of contents of a backup.

    Its parts: `tables/NAME.jsonl` with a row per line, `files/SHA256` for each file as it was handed in.
    """

    kind: Literal["kaderscan-backup"] = KIND
    format: Literal[1] = FORMAT
    maker: Maker
    audit: AuditHead = Field(description="The end of the audit trail in this backup.")
    tables: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")], TableFacts]
    files: int = Field(ge=0, description="How many files; the same file handed in twice counts once.")

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: facts.rows for name, facts in self.tables.items()}


def name_table_part(table: str) -> str:
    """Where the rows of a table are in a backup."""
    return f"tables/{table}.jsonl"


def name_file_part(checksum: str) -> str:
    """Where a file with this sha256 is in a backup."""
    return f"files/{checksum}"


class RecordKind(Worded):
    """A kind of record that has a term; everything else, the audit trail first of all, is kept."""

    DRAFT = "draft", "concept"
    VERSION = "version", "vervangen versie met haar bestand"
    FORMULA = "formula", "vervangen versie van een formule"


class OldRecord(NamedTuple):
    """A record that is older than its term: a draft by its last change, a version by when it came."""

    kind: RecordKind
    record_id: str
    moment: datetime
