"""The parts of an Office file, found as the package itself says: by its relationships, not by fixed names.

Source: the Open Packaging Conventions, ECMA-376 part 2: names of parts (6.2.2), relationships (6.5).
"""

from collections.abc import Mapping
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element  # only the type; the parsing is defusedxml's

from defusedxml.ElementTree import fromstring

Parts = Mapping[str, bytes]
"""What an archive holds, by names as `normalise_name` gives them."""

CONTENT_TYPES = "[content_types].xml"
_WORKBOOK_TYPE = "sheet.main+xml"
_USUAL_WORKBOOK = "xl/workbook.xml"


class Relationship(NamedTuple):
    """What one part says of another: the last word of its kind, and the name of that part."""

    kind: str
    target: str


def normalise_name(name: str) -> str:
    """The name of a part as all ways to write it: capitals, back slashes, %20 and a leading slash are one."""
    return unquote(name).replace("\\", "/").lstrip("/").casefold()


def parse_xml(part: bytes) -> Element:
    """Parse a part of a stranger's file.

    Raises:
        ParseError: it is not well formed.
        DefusedXmlException: it has a document type or entities of its own.
    """
    root: Element = fromstring(part, forbid_dtd=True)
    return root


def find_relationships(parts: Parts, source: str = "") -> dict[str, Relationship]:
    """What a part, or the package itself, refers to inside the package, by the ids that it uses."""
    content = parts.get(name_relationships(source))
    if content is None:
        return {}
    return {
        link.get("Id", ""): _read_relationship(link, source)
        for link in parse_xml(content)
        if link.get("TargetMode") != "External"
    }


def find_external_targets(parts: Parts, source: str) -> dict[str, str]:
    """The addresses outside the package that a part refers to, by the ids that it uses."""
    content = parts.get(name_relationships(source))
    links = parse_xml(content) if content is not None else ()
    return {
        link.get("Id", ""): link.get("Target", "") for link in links if link.get("TargetMode") == "External"
    }


def name_relationships(source: str) -> str:
    """The part that tells what another refers to; that of the package itself where that other is empty."""
    return join(dirname(source), "_rels", f"{basename(source)}.rels")


def _read_relationship(link: Element, source: str) -> Relationship:
    """A target is seen from the folder of its source, unless it begins at the root."""
    target = link.get("Target", "").replace("\\", "/")
    name = target if target.startswith("/") else normpath(join(dirname(source), target))
    return Relationship(basename(link.get("Type", "")), normalise_name(name))


def find_main_part(parts: Parts) -> str | None:
    """The part that an Office file begins with; None where this is no Office file.

    The relationships of the package name it; where they are gone, its content type or its usual name does.
    """
    links = find_relationships(parts).values()
    linked = (link.target for link in links if link.kind == "officeDocument")
    candidates = (*linked, *_find_by_content_type(parts), _USUAL_WORKBOOK)
    return next((name for name in candidates if name in parts), None)


def _find_by_content_type(parts: Parts) -> list[str]:
    if CONTENT_TYPES not in parts:
        return []
    types = parse_xml(parts[CONTENT_TYPES])
    return [
        normalise_name(each.get("PartName", ""))
        for each in types
        if each.get("ContentType", "").endswith(_WORKBOOK_TYPE)
    ]
