"""What a file is, by its content and never by its name; what we do not read, with what to do instead.

Sources: the OOXML and ODF packages (ECMA-376 part 2, ODF 1.3 part 2); names in compound files, [MS-CFB] and
[MS-OFFCRYPTO].
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from assessment.readers.package import Parts, find_main_part

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_LOCK_FILE_SIZE = 165
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
"""What may be read in the first 2,000 bytes, in small letters."""


class FileKind(StrEnum):
    """The kinds of file that we read."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    ODS = "ods"
    CSV = "csv"


def recognise_outside(content: bytes, file_name: str) -> str | None:
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


def is_zip(content: bytes) -> bool:
    """Whether the content is a zip archive, as every modern workbook is."""
    return content.startswith(_ZIP)


def recognise_inside(names: Sequence[str]) -> str | None:
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


def recognise_package(parts: Parts) -> FileKind | str:
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
