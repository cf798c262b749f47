"""Everything that is checked of a file before any parser sees it.

A workbook is unpacked here once, part by part and within limits; who reads it gets its parts by their names.

Source of the limits: over 362 real workbooks the highest ratio was 24 to 1 in all and 30 to 1 in one part.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePath
from typing import NamedTuple
from xml.etree.ElementTree import ParseError  # only the fault; the parsing is defusedxml's
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from assessment.errors import NotAWorkbookError, UnsafeFileError
from assessment.model.issue import Issue, IssueCode
from assessment.readers.files import read_bytes
from assessment.readers.package import Parts, normalise_name
from assessment.readers.recognise import (
    FileKind,
    is_zip,
    recognise_inside,
    recognise_outside,
    recognise_package,
)

MEGABYTE = 2**20
MAX_SIZE = 10 * MEGABYTE
MAX_PARTS = 2_000
MAX_UNPACKED = 64 * MEGABYTE
MAX_RATIO = 50
RATIO_FROM = MEGABYTE
"""Below this size a part may be as compressible as it likes."""
_ZIP_FAULTS = (
    *(BadZipFile, struct.error, EOFError, OSError, ValueError, KeyError, IndexError),
    *(RuntimeError, OverflowError, zlib.error),
)
_ENCRYPTED = 0x1
_UNSAFE_NAME = re.compile(r"(^|/)\.\.(/|$)|[\x00-\x1f:]")
_NOTICES = {
    IssueCode.MACROS: re.compile(r"vbaProject|macrosheets|Basic/|Scripts/", re.IGNORECASE),
    IssueCode.LINKS: re.compile(r"externalLinks?/", re.IGNORECASE),
    IssueCode.EMBEDDED: re.compile(r"embeddings/|media/|Pictures/|Object ", re.IGNORECASE),
}


class GuardedFile(NamedTuple):
    """A file that is safe to parse; `parts` is what a workbook holds, by names as `normalise_name` gives."""

    kind: FileKind
    parts: Parts = {}  # noqa: RUF012 - never changed
    notices: tuple[Issue, ...] = ()


def guard_file(content: bytes, file_name: str) -> GuardedFile:
    """Check a file before it is parsed.

    Raises:
        NotAWorkbookError: it is something else than we read, or it is damaged.
        UnsafeFileError: it is larger, deeper or stranger than any honest workbook.
    """
    _refuse_large(len(content), file_name)
    if (reason := recognise_outside(content, PurePath(file_name).name)) is not None:
        raise NotAWorkbookError(f"{file_name}: {reason}")
    if not is_zip(content):
        return GuardedFile(FileKind.CSV)
    try:
        return _guard_archive(content, file_name)
    except (*_ZIP_FAULTS, ParseError) as error:
        raise NotAWorkbookError(
            f"{file_name}: het bestand is beschadigd of niet helemaal aangekomen. Open het in Excel of "
            "LibreOffice, bewaar het opnieuw als .xlsx en lever dat in."
        ) from error


def read_upload(path: Path) -> bytes:
    """Read a file whole, unless it is larger than may be.

    Raises:
        UnsafeFileError: it is larger.
        FileAccessError: it cannot be read.
    """
    if path.is_file():
        _refuse_large(path.stat().st_size, path.name)
    return read_bytes(path)


def _refuse_large(size: int, file_name: str) -> None:
    if size > MAX_SIZE:
        raise UnsafeFileError(
            f"{file_name}: groter dan {MAX_SIZE // MEGABYTE} MB. Haal plaatjes en andere bestanden eruit."
        )


def _guard_archive(content: bytes, file_name: str) -> GuardedFile:
    with ZipFile(BytesIO(content)) as archive:
        infos = archive.infolist()
        names = [normalise_name(info.filename) for info in infos]
        _check_directory(infos, names, len(content), file_name)
        if (reason := recognise_inside(names)) is not None:
            raise NotAWorkbookError(f"{file_name}: {reason}")
        parts = dict(zip(names, _unpack(archive, infos, file_name), strict=True))
    kind = recognise_package(parts)
    if not isinstance(kind, FileKind):
        raise NotAWorkbookError(f"{file_name}: {kind}")
    return GuardedFile(kind, parts, tuple(_tell_notices(names)))


def _check_directory(infos: list[ZipInfo], names: list[str], size: int, file_name: str) -> None:
    faults = {
        f"het bestaat uit meer dan {MAX_PARTS} delen": len(names) > MAX_PARTS,
        "twee delen heten hetzelfde": len(set(names)) < len(names),
        "een deel heeft een naam die buiten het bestand wijst": any(map(_UNSAFE_NAME.search, names)),
        "de delen zijn samen groter dan het bestand zelf": sum(info.compress_size for info in infos) > size,
        "een deel is versleuteld": any(info.flag_bits & _ENCRYPTED for info in infos),
        "een deel is op een vreemde manier ingepakt": any(
            info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for info in infos
        ),
    }
    _refuse_first(faults, file_name)


def _refuse_first(faults: Mapping[str, bool], file_name: str) -> None:
    fault = next((fault for fault, found in faults.items() if found), None)
    if fault is not None:
        raise UnsafeFileError(
            f"{file_name}: dit bestand is niet te vertrouwen ({fault}). Download een nieuwe vragenlijst en "
            "neem uw antwoorden over."
        )


def _unpack(archive: ZipFile, infos: list[ZipInfo], file_name: str) -> Iterator[bytes]:
    """Unpack every part, counting what really comes out."""
    total, packed = 0, sum(info.compress_size for info in infos)
    for info in infos:
        with archive.open(info) as packed_part:
            part = packed_part.read(MAX_UNPACKED - total + 1)
        total += len(part)
        faults = {
            "het wordt uitgepakt te groot": total > MAX_UNPACKED,
            "het is verdacht sterk ingepakt": _is_bomb(len(part), info.compress_size)
            or _is_bomb(total, packed),
        }
        _refuse_first(faults, file_name)
        yield part


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed


def _tell_notices(names: Iterable[str]) -> Iterator[Issue]:
    listed = list(names)
    for code, pattern in _NOTICES.items():
        if any(map(pattern.search, listed)):
            yield Issue(code, "", "", {})
