"""A backup as one file: a zip with a part per table, the files as they were handed in, and a manifest."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from assessment.errors import FileAccessError, describe_reason
from assessment.model.audit import AuditHead
from assessment.model.records import (
    MANIFEST,
    Maker,
    Manifest,
    TableFacts,
    name_file_part,
    name_table_part,
)

_Rows = Iterable[Mapping[str, object]]


def write_backup(
    path: Path, maker: Maker, audit: AuditHead, tables: Iterable[tuple[str, _Rows]], files: Iterable[bytes]
) -> Manifest:
    """Write a backup row by row; the file is there whole or not at all, and its owner alone may read it.

    Args:
        path: where; its folder is made where it is not there.
        maker: what made it.
        audit: the end of the audit trail.
        tables: each table with its rows, whose values are JSON; bytes stand there as their sha256.
        files: those bytes.

    Raises:
        FileAccessError: there is something already, or it cannot be written.
    """
    with _whole_file(path) as stream, ZipFile(stream, "w") as archive:
        count = _write_files(archive, files)
        facts = {name: _write_table(archive, name, rows) for name, rows in tables}
        manifest = Manifest(maker=maker, audit=audit, tables=facts, files=count)
        archive.writestr(_part(MANIFEST, ZIP_DEFLATED), manifest.model_dump_json(indent=1))
    return manifest


def _write_files(archive: ZipFile, files: Iterable[bytes]) -> int:
    written: set[str] = set()
    for content in files:
        checksum = sha256(content).hexdigest()
        if checksum not in written:
            archive.writestr(_part(name_file_part(checksum), ZIP_STORED), content)
            written.add(checksum)
    return len(written)


def _write_table(archive: ZipFile, name: str, rows: _Rows) -> TableFacts:
    count, size, checksum = 0, 0, sha256()
    with archive.open(_part(name_table_part(name), ZIP_DEFLATED), "w", force_zip64=True) as part:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n"
            part.write(line)
            checksum.update(line)
            count, size = count + 1, size + len(line)
    return TableFacts(rows=count, bytes=size, sha256=checksum.hexdigest())


def _part(name: str, packing: int) -> ZipInfo:
    """A part without a date of its own: the same contents give the same part."""
    part = ZipInfo(name)
    part.compress_type = packing
    return part


@contextmanager
def _whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file under another name, which gets its own when all of it is on the disk."""
    if path.exists():
        raise FileAccessError(f"{path}: er staat al een bestand met deze naam. Kies een andere naam.")
    partial: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            partial = Path(stream.name)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as error:
        raise FileAccessError(
            f"{path}: kan het bestand niet schrijven ({describe_reason(error)})."
        ) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
