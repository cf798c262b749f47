"""Everything that is checked of a file before any parser sees it: what it is, and whether it is safe.

What it is follows from its content and never from its name; what we do not read is told with what to do.
A workbook is unpacked here once, part by part and within limits; who reads it gets its parts by their names.

Sources: the OOXML and ODF packages (ECMA-376 part 2, ODF 1.3 part 2); names in compound files, [MS-CFB] and
[MS-OFFCRYPTO]. Of the limits: over 362 real workbooks the highest ratio was 24 to 1 in all and 30 to 1 in one
part.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import Path, PurePath
from typing import NamedTuple
from xml.etree.ElementTree import ParseError  # only the fault; the parsing is defusedxml's
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException

from assessment.errors import NotAWorkbookError, UnsafeFileError
from assessment.model.issue import Issue, IssueCode
from assessment.readers.files import read_bytes
from assessment.readers.package import Parts, find_main_part, normalise_name

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_LOCK_FILE_SIZE = 165
OWN_ENTITIES = "een deel heeft een eigen documenttype of entiteiten"
_REMEDY = "Bewaar de vragenlijst als .xlsx en lever dat bestand in."
_PROTECTED = (
    "dit bestand is beveiligd met een wachtwoord. Open het, haal het wachtwoord eraf (Bestand > Info > "
    "Werkmap beveiligen > Versleutelen met wachtwoord, en maak het veld leeg) en bewaar het opnieuw."
)
_RIGHTS_MANAGED = (
    "dit bestand is beveiligd met een vertrouwelijkheidslabel of rechtenbeheer, zodat alleen uw organisatie "
    "het kan lezen. Zet het label op een niveau zonder versleuteling en bewaar het opnieuw."
)
_OLD_EXCEL = (
    "dit is een oud Excel-bestand (.xls). Open het in Excel of LibreOffice, kies Opslaan als .xlsx en lever "
    "dat bestand in."
)
_NUMBERS = "dit is een Numbers-bestand. Kies in Numbers: Exporteer > Excel, en lever dat in."
_INSIDE_OLE = {
    "DRMEncrypted": _RIGHTS_MANAGED,
    "EncryptedPackage": _PROTECTED,
    **dict.fromkeys(("Workbook", "WORKBOOK", "Book", "BOOK"), _OLD_EXCEL),
    "WordDocument": f"dit is een oud Word-document. {_REMEDY}",
}
_BEGINNINGS = {
    b".pfile": _RIGHTS_MANAGED,
    b"%PDF": f"dit is een pdf. {_REMEDY}",
    b"\x89PNG": f"dit is een afbeelding. {_REMEDY}",
    b"\xff\xd8\xff": f"dit is een foto. {_REMEDY}",
    b"GIF8": f"dit is een afbeelding. {_REMEDY}",
    b"{\\rtf": f"dit is een tekstdocument. {_REMEDY}",
    b"Rar!": "dit is een gecomprimeerde map. Pak hem uit en lever de vragenlijst zelf in.",
    b"7z\xbc\xaf": "dit is een gecomprimeerde map. Pak hem uit en lever de vragenlijst zelf in.",
    **dict.fromkeys((b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"), _OLD_EXCEL),
    b"\x1f\x8b": "dit is een gecomprimeerd bestand. Pak het uit en lever de vragenlijst zelf in.",
}
_INSIDE_ZIP = {
    "word/document.xml": f"dit is een Word-document. {_REMEDY}",
    "ppt/presentation.xml": f"dit is een PowerPoint-bestand. {_REMEDY}",
    "xl/workbook.bin": f"dit is een binaire Excel-werkmap (.xlsb). {_REMEDY}",
    "encrypted-package": _PROTECTED,
    "index/document.iwa": _NUMBERS,
    "index.zip": _NUMBERS,
}
_CONTENT_TYPES, _ODF_CONTENT = "[content_types].xml", "content.xml"


# What may be read in the first 2,000 bytes, in small letters.
_MARKUP = {
    re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet"): (
        f"dit is een Excel-bestand in een oude XML-vorm. {_REMEDY}"
    ),
    re.compile(rb"^<.*<office:document\b|urn:oasis:names:tc:opendocument:xmlns:office", re.DOTALL): (
        f"dit is een plat OpenDocument-bestand (.fods). {_REMEDY}"
    ),
    re.compile(rb"^(<\?xml.*)?(<!doctype html|<html|<table|<meta)", re.DOTALL): (
        f"dit is een webpagina, ook al heet het bestand anders. {_REMEDY}"
    ),
    re.compile(rb"^<\?xml"): f"dit is een XML-bestand. {_REMEDY}",
}


class FileKind(StrEnum):
    """The kinds of file that we read."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    ODS = "ods"
    CSV = "csv"


def _recognise_outside(content: bytes, file_name: str) -> str | None:
    """Tell by its first bytes why a file cannot be read; None where it may be a workbook or a CSV."""
    if not content:
        return f"dit bestand is leeg. {_REMEDY}"
    if file_name.startswith("~$") and len(content) <= _LOCK_FILE_SIZE:
        return (
            "dit is het tijdelijke bestand dat Excel maakt zolang de vragenlijst openstaat. Sluit Excel en "
            "lever het bestand zonder '~$' in."
        )
    if content.startswith(_OLE):
        return _recognise_ole(content)
    beginning = next((start for start in _BEGINNINGS if content.startswith(start)), None)
    if beginning is not None:
        return _BEGINNINGS[beginning]
    return _recognise_markup(content[:2000].lstrip().lower())


def _is_zip(content: bytes) -> bool:
    """Whether the content is a zip archive, as every modern workbook is."""
    return content.startswith(_ZIP)


def _recognise_inside(names: Sequence[str]) -> str | None:
    """Tell by the names of its parts why a zip archive cannot be read; None where it may be a workbook.

    Args:
        names: as `normalise_name` gives them.
    """
    known = next((_INSIDE_ZIP[part] for part in _INSIDE_ZIP if any(map(_ends_with(part), names))), None)
    if known is not None or {_CONTENT_TYPES, _ODF_CONTENT} & set(names):
        return known
    if any(name.endswith((".xlsx", ".ods", ".xlsm", ".csv")) for name in names):
        return "dit is een gecomprimeerde map. Pak hem uit en lever de vragenlijsten zelf in."
    return None


def _ends_with(part: str) -> Callable[[str], bool]:
    """Whether a name is this part, at the root or in a folder that was zipped."""
    return lambda name: name == part or name.endswith(f"/{part}")


def _recognise_package(parts: Parts) -> FileKind | str:
    """Tell what an archive is by what it says itself: a kind that we read, or why not."""
    if _ODF_CONTENT in parts:
        return _recognise_odf(parts)
    main = find_main_part(parts)
    if main is None:
        return f"dit is geen werkmap. {_REMEDY}"
    macros = any(name.endswith("vbaproject.bin") for name in parts)
    return FileKind.XLSM if macros else FileKind.XLSX


def _recognise_odf(parts: Parts) -> FileKind | str:
    """By its media type; a program may leave out where that stands first, but not in the manifest."""
    manifest = parts.get("meta-inf/manifest.xml", b"")
    if b"encryption-data" in manifest:
        return _PROTECTED
    said = parts.get("mimetype", b"") or manifest
    if b"sun.xml.calc" in said:
        return f"dit is een oud OpenOffice-bestand (.sxc). {_REMEDY}"
    if b"opendocument.spreadsheet" in said or b"office:spreadsheet" in parts[_ODF_CONTENT]:
        return FileKind.ODS
    return f"dit is een OpenDocument-bestand, maar geen rekenblad. {_REMEDY}"


def _recognise_ole(content: bytes) -> str:
    names = (name for name in _INSIDE_OLE if name.encode("utf-16-le") in content)
    found = next(names, None)
    return f"dit is geen werkmap. {_REMEDY}" if found is None else _INSIDE_OLE[found]


def _recognise_markup(beginning: bytes) -> str | None:
    return next((reason for mark, reason in _MARKUP.items() if mark.search(beginning)), None)


MEGABYTE = 2**20
MAX_SIZE = 10 * MEGABYTE
MAX_PARTS = 2_000
MAX_UNPACKED = 64 * MEGABYTE
MAX_RATIO = 50
# Below this size a part may be as compressible as it likes.
RATIO_FROM = MEGABYTE
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
    if (reason := _recognise_outside(content, PurePath(file_name).name)) is not None:
        raise NotAWorkbookError(f"{file_name}: {reason}")
    if not _is_zip(content):
        return GuardedFile(FileKind.CSV)
    try:
        return _guard_archive(content, file_name)
    except DefusedXmlException as error:
        raise distrust(OWN_ENTITIES, file_name) from error
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
        if (reason := _recognise_inside(names)) is not None:
            raise NotAWorkbookError(f"{file_name}: {reason}")
        parts = dict(zip(names, _unpack(archive, infos, file_name), strict=True))
    kind = _recognise_package(parts)
    if not isinstance(kind, FileKind):
        raise NotAWorkbookError(f"{file_name}: {kind}")
    return GuardedFile(kind, parts, tuple(_describe_notices(names)))


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
        raise distrust(fault, file_name)


def distrust(fault: str, file_name: str) -> UnsafeFileError:
    """The refusal of a file that no honest program wrote, with what is wrong with it."""
    return UnsafeFileError(
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


def _describe_notices(names: Iterable[str]) -> Iterator[Issue]:
    listed = list(names)
    for code, pattern in _NOTICES.items():
        if any(map(pattern.search, listed)):
            yield Issue(code, "", "", {})
