"""A backup, read with distrust: no part is unpacked by its name, and each is held against the manifest."""

import json
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import ValidationError

from assessment.errors import BackupError, FileAccessError, NewerBackupError, describe_reason
from assessment.model.records import (
    FORMAT,
    KIND,
    MANIFEST,
    Manifest,
    name_file_part,
    name_table_part,
)

MEGABYTE = 2**20
MAX_MANIFEST = MEGABYTE
MAX_LINE = 16 * MEGABYTE
MAX_FILE = 64 * MEGABYTE
MAX_UNPACKED = 16 * 1024 * MEGABYTE
MAX_RATIO = 200
# Below this size the tables may be as compressible as they like.
RATIO_FROM = 64 * MEGABYTE

_ENCRYPTED = 0x1
_ZIP = b"PK\x03\x04"
_FILE_PART = re.compile(r"files/[0-9a-f]{64}")
_FAULTS = (
    *(BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError, IndexError),
    *(RuntimeError, OverflowError, RecursionError),
)


@dataclass(frozen=True)
class BackupFile:
    """A backup that is open; its parts are checked while they are read."""

    path: Path
    manifest: Manifest
    archive: ZipFile

    def read_rows(self, table: str) -> Iterator[dict[str, object]]:
        """Read the rows of a table, one by one.

        Raises:
            BackupError: after the last row, or before it, where the part is not what the manifest says.
        """
        facts, count, size, checksum = self.manifest.tables[table], 0, 0, sha256()
        with _telling_damage(self.path), self.archive.open(name_table_part(table)) as part:
            while line := part.readline(MAX_LINE + 1):
                count, size = count + 1, size + len(line)
                if size > facts.bytes or len(line) > MAX_LINE:
                    raise _damaged(self.path)
                checksum.update(line)
                yield _read_row(line)
        if (count, size, checksum.hexdigest()) != (facts.rows, facts.bytes, facts.sha256):
            raise _damaged(self.path)

    def read_file(self, checksum: str) -> bytes:
        """Read a file as it was handed in.

        Raises:
            BackupError: it is not there, or it is not the file with this sha256.
        """
        with _telling_damage(self.path), self.archive.open(name_file_part(checksum)) as part:
            content = part.read(MAX_FILE + 1)
        if len(content) > MAX_FILE or sha256(content).hexdigest() != checksum:
            raise _damaged(self.path)
        return content


@contextmanager
def open_backup(path: Path) -> Iterator[BackupFile]:
    """Open a backup.

    Raises:
        FileAccessError: the file is not there or may not be read.
        BackupError: it is no backup of Kaderscan, or it is damaged.
        NewerBackupError: it is written in a newer way.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise FileAccessError(f"{path}: kan het bestand niet lezen ({describe_reason(error)}).") from error
    with stream:
        with _telling_damage(path):
            if not stream.read(len(_ZIP)) == _ZIP:
                raise _foreign(path)
            archive = ZipFile(stream)
        with archive:
            manifest = _read_manifest(path, archive)
            _check_parts(path, archive.infolist(), manifest)
            yield BackupFile(path, manifest, archive)


def compute_checksum(path: Path) -> str:
    """The sha256 of a file of any size.

    Raises:
        FileAccessError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise FileAccessError(f"{path}: kan het bestand niet lezen ({describe_reason(error)}).") from error


def _read_manifest(path: Path, archive: ZipFile) -> Manifest:
    """Read the manifest; what is written in a newer way is told from what is no backup at all."""
    with _telling_damage(path):
        if MANIFEST not in archive.namelist():
            raise _foreign(path)
        with archive.open(MANIFEST) as part:
            text = part.read(MAX_MANIFEST + 1)
    if len(text) > MAX_MANIFEST:
        raise _damaged(path)
    with _telling_damage(path):
        given = json.loads(text)
    if not isinstance(given, dict) or given.get("kind") != KIND:
        raise _foreign(path)
    if isinstance(given.get("format"), int) and given["format"] > FORMAT:
        raise NewerBackupError(
            f"{path}: gemaakt met een nieuwere versie van Kaderscan. Werk dit programma bij."
        )
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise _damaged(path) from error


def _check_parts(path: Path, parts: list[ZipInfo], manifest: Manifest) -> None:
    """Refuse any part but those that belong there, and sizes that no honest backup has."""
    names = [part.filename for part in parts]
    expected = {MANIFEST, *map(name_table_part, manifest.tables)}
    others = set(names) - expected
    sizes = [facts.bytes for facts in manifest.tables.values()]
    sizes += [part.file_size for part in parts if part.filename in others]
    packed = sum(part.compress_size for part in parts)
    sound = (
        len(set(names)) == len(names)
        and expected <= set(names)
        and len(others) == manifest.files
        and all(map(_FILE_PART.fullmatch, others))
        and not any(part.flag_bits & _ENCRYPTED for part in parts)
        and {part.compress_type for part in parts} <= {ZIP_STORED, ZIP_DEFLATED}
        and sum(sizes) <= min(MAX_UNPACKED, max(RATIO_FROM, MAX_RATIO * packed))
    )
    if not sound:
        raise _damaged(path)


def _read_row(line: bytes) -> dict[str, object]:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("a row is a JSON object")  # noqa: TRY004 - damage, told as such
    return row


@contextmanager
def _telling_damage(path: Path) -> Iterator[None]:
    """Turn whatever a damaged or hostile zip or JSON brings about into one sentence."""
    try:
        yield
    except _FAULTS as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> BackupError:
    return BackupError(
        f"{path}: deze reservekopie is beschadigd of niet helemaal aangekomen. Er is niets vervangen. "
        "Neem een andere kopie."
    )


def _foreign(path: Path) -> BackupError:
    return BackupError(
        f"{path}: dit is geen reservekopie van Kaderscan. Maak er een met: kaderscan backup BESTAND."
    )
