"""Everything that is checked of a file before any parser sees it.

A workbook is unpacked here once, part by part and within limits; the parser then gets a plain archive of the
parts that hold cells and nothing else: no macros, links, pictures or embedded files.

Source of the limits: over 362 real workbooks the highest ratio was 24 to 1 in all and 30 to 1 in one part.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path, PurePath
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from assessment.errors import NotAWorkbookError, UnsafeFileError
from assessment.model.issue import Issue, IssueCode
from assessment.readers.files import read_bytes
from assessment.readers.recognise import FileKind, is_zip, recognise_inside, recognise_outside

MEGABYTE = 2**20
MAX_SIZE = 10 * MEGABYTE
MAX_PARTS = 2_000
MAX_UNPACKED = 64 * MEGABYTE
MAX_RATIO = 50
RATIO_FROM = MEGABYTE
"""Below this size a part may be as compressible as it likes."""
_FAR = re.compile(rb'r="(?:[A-Z]{3}|[A-Z]{1,2}\d{4})\d')
_FAR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*?\br="([A-Z]{3}\d+|[A-Z]+\d{5,})")[^>]*[^/>]>(?!\s*</)',
)
"""A cell beyond row 9,999 or column ZZ that holds something; one that only has a colour closes at once."""

_ZIP_FAULTS = (
    *(BadZipFile, struct.error, EOFError, OSError, ValueError, KeyError, IndexError),
    *(RuntimeError, OverflowError, zlib.error),
)
_ENCRYPTED = 0x1
_UNSAFE_NAME = re.compile(r"^[/\\]|(^|[/\\])\.\.([/\\]|$)|[\x00-\x1f:\\]")
_CELLS = re.compile(
    r"xl/(?!theme|drawings|charts|externalLinks|comments|threadedComments|persons|ctrlProps|tables|queryTables)"
    r".*\.(xml|rels)$",
    re.IGNORECASE,
)
_PACKAGE = {
    *("[Content_Types].xml", "_rels/.rels"),
    *("mimetype", "content.xml", "styles.xml", "META-INF/manifest.xml"),
}
_FAR_REPEATED = re.compile(
    rb'rows-repeated="\d{5,}"[^>]*>(?:(?!</table:table-row>).)*?<text:p'
    rb'|columns-repeated="\d{4,}"[^>]*[^/]>\s*<text:p',
    re.DOTALL,
)
"""In an .ods: cells that hold something, repeated thousands of times."""
_SHEETS = ("xl/worksheets/", "content.xml")
_NOTICES = {
    IssueCode.MACROS: re.compile(r"vbaProject|macrosheets|Basic/|Scripts/", re.IGNORECASE),
    IssueCode.LINKS: re.compile(r"externalLinks?/", re.IGNORECASE),
    IssueCode.EMBEDDED: re.compile(r"embeddings/|media/|Pictures/|Object ", re.IGNORECASE),
}


class GuardedFile(NamedTuple):
    """A file that is safe to parse.

    `plain` is what the parser gets: for a workbook an archive with only the parts that hold cells, for a CSV
    the bytes as they came. `parts` are those parts, by name.
    """

    kind: FileKind
    plain: bytes
    parts: Mapping[str, bytes]
    notices: tuple[Issue, ...]


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
        return GuardedFile(FileKind.CSV, content, {}, ())
    try:
        return _guard_archive(content, file_name)
    except _ZIP_FAULTS as error:
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
        _check_directory(infos, len(content), file_name)
        kind = recognise_inside(frozenset(info.filename for info in infos))
        if not isinstance(kind, FileKind):
            raise NotAWorkbookError(f"{file_name}: {kind}")
        parts = _unpack(archive, infos, file_name)
    _check_xml(parts, file_name)
    _check_password(parts, file_name)
    _check_extent(parts, file_name)
    notices = tuple(_tell_notices(info.filename for info in infos))
    return GuardedFile(kind, _put_together(parts), parts, notices)


def _check_directory(infos: list[ZipInfo], size: int, file_name: str) -> None:
    names = [info.filename for info in infos]
    faults = {
        f"het bestaat uit meer dan {MAX_PARTS} delen": len(names) > MAX_PARTS,
        "twee delen heten hetzelfde": len({name.casefold() for name in names}) < len(names),
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


def _unpack(archive: ZipFile, infos: list[ZipInfo], file_name: str) -> dict[str, bytes]:
    """Unpack every part, counting what really comes out; keep the parts that hold cells."""
    parts, total, packed = {}, 0, sum(info.compress_size for info in infos)
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
        if info.filename in _PACKAGE or _CELLS.match(info.filename):
            parts[info.filename] = part
    return parts


def _put_together(parts: Mapping[str, bytes]) -> bytes:
    """An archive of only these parts, not packed."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), part)
    return stream.getvalue()


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed


def _check_xml(parts: Mapping[str, bytes], file_name: str) -> None:
    """Refuse what no spreadsheet program writes: DTDs, entities, another encoding than UTF-8."""
    texts = [part for name, part in parts.items() if name != "mimetype"]
    faults = {
        "een deel heeft een eigen documenttype of entiteiten": any(
            b"!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text) for text in texts
        ),
        "een deel is niet in UTF-8 geschreven": any(map(_is_strangely_encoded, texts)),
    }
    _refuse_first(faults, file_name)


def _is_strangely_encoded(text: bytes) -> bool:
    declared = re.search(rb"""encoding=["']([^"']*)""", text[:200])
    utf_8 = declared is None or declared.group(1).lower() in {b"utf-8", b"us-ascii", b"ascii"}
    return b"\x00" in text[:4] or text[:2] in {b"\xff\xfe", b"\xfe\xff"} or not utf_8


def _check_password(parts: Mapping[str, bytes], file_name: str) -> None:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise NotAWorkbookError(
            f"{file_name}: dit bestand is beveiligd met een wachtwoord. Bewaar het zonder wachtwoord "
            "(Opslaan als, zonder 'Opslaan met wachtwoord') en lever dat in."
        )


def _check_extent(parts: Mapping[str, bytes], file_name: str) -> None:
    """Refuse cells that hold something far away; cells that only have a colour there are harmless."""
    for name, part in parts.items():
        if name.startswith(_SHEETS) and (where := _find_far_cell(part)) is not None:
            raise UnsafeFileError(
                f"{file_name}: er staat iets ver buiten de vragenlijst, in {where}. Verwijder daar de "
                "rijen en kolommen en bewaar het bestand opnieuw."
            )


def _find_far_cell(part: bytes) -> str | None:
    """Where something stands beyond row 9,999 or column ZZ."""
    if _FAR.search(part) and (far := _FAR_CELL.search(part)) is not None:
        return f"cel {far.group(1).decode()}"
    if b"-repeated=" in part and _FAR_REPEATED.search(part):
        return "cellen die duizenden keren herhaald zijn"
    return None


def _tell_notices(names: Iterable[str]) -> Iterable[Issue]:
    listed = list(names)
    for code, pattern in _NOTICES.items():
        if any(map(pattern.search, listed)):
            yield Issue(code, "", "", {})
