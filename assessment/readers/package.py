"""The parts of an Office file, found as the package itself says: by its relationships, not by fixed names.

The library that marks a file leaves some parts out when it saves it. Those to which only a relationship leads
(the settings of a printer, a label of how confidential a file is, notes of an archive) can stand in the saved
file as they were, and so can what formulas gave and the letters of a remark. What sheets or cells refer to (a
drawing, a pivot table) is not put back: it may not fit any more.

Source: the Open Packaging Conventions, ECMA-376 part 2: names of parts (6.2.2), content types (6.2.3),
relationships (6.5); part 1: printer settings (15.2.15), workbook (18.2), cells (18.3.1.4), pages (18.3.1.63),
comments (18.7.3).
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element, tostring  # the parsing is defusedxml's
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

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


_LINK_ID = re.compile(r"\{.*/relationships\}id")


class Sheet(NamedTuple):
    """One sheet of a workbook: its title, whether it shows, its kind, and its part by name and content."""

    title: str
    state: str
    kind: str
    name: str
    content: bytes


class Workbook:
    """The parts of a workbook, each found through the one before."""

    def __init__(self, parts: Parts) -> None:
        name = find_main_part(parts) or ""
        links = find_relationships(parts, name)
        by_kind = {link.kind: parts.get(link.target, b"") for link in links.values()}
        self.strings, self.styles = by_kind.get("sharedStrings", b""), by_kind.get("styles", b"")
        self.content = parts[name]
        root = parse_xml(self.content)
        self.from_1904 = any(each.get("date1904") in {"1", "true"} for each in root.iterfind("{*}workbookPr"))
        self.sheets = [
            Sheet(
                sheet.get("name", ""),
                sheet.get("state", "visible"),
                link.kind,
                link.target,
                parts[link.target],
            )
            for sheet in root.iterfind("{*}sheets/{*}sheet")
            if (link := links.get(find_link_id(sheet))) is not None
        ]


def find_link_id(element: Element) -> str:
    """The id by which an element refers to another part; empty where it refers to none."""
    return next((value for name, value in element.items() if _LINK_ID.fullmatch(name)), "")


_PRINTER, _REWRITTEN, _REMARKS = "printerSettings", "custom-properties", "comments"
_BESIDE = {_PRINTER, _REWRITTEN, "classificationlabels", "customXml", "customXmlProps"}
"""Kinds of parts to which nothing but a relationship leads, and the settings of a printer."""
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_PAGE_SETUP, _WORKBOOK_SETTINGS = re.compile(rb"<pageSetup(?= |/)(?! xmlns)"), re.compile(rb"<workbookPr\b")
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"((?: s="\d+")?)>(<f\b[^>]*(?:/>|>[^<]*</f>))<v ?/?>(?:</v>)?</c>')
"""A formula as the marking library writes it: without what it gave."""


class _Package(NamedTuple):
    """The parts of an archive by their normalised names, and those names as they are written."""

    parts: dict[str, bytes]
    written: dict[str, str]

    def add(self, name: str, written: str, part: bytes) -> None:
        """Put a part in, or another in its place."""
        self.parts[name] = part
        self.written.setdefault(name, written)

    def insert(self, name: str, text: str) -> None:
        """Put a text at the end of the root of a part."""
        before, end, after = self.parts[name].rpartition(b"</")
        self.parts[name] = before + text.encode() + end + after


class _Link(NamedTuple):
    """How a part leads to another: its name, the kind of the link, and that kind as it is written."""

    target: str
    kind: str
    type_: str


class _Pair(NamedTuple):
    """A part by its name before, and by its name in the saved file."""

    before: str
    after: str


def put_back(before: bytes, after: bytes) -> bytes:
    """Put in a saved .xlsx what its sheets, formulas and remarks had before.

    Args:
        before: the file as it was.
        after: the same file as the marking library saved it; nothing is taken out of it.

    Raises:
        ParseError, KeyError, ValueError: the file as it was is damaged.
    """
    old, new = _unzip(before), _unzip(after)
    package, book, *sheets = _pair_parts(old, new)
    for pair in (package, book, *sheets):
        for link in _list_links(old, pair.before):
            _put_back_part(link, pair.after, old, new)
    _put_back_settings(book, old, new)
    for sheet in sheets:
        _put_back_outcomes(sheet, old, new)
        _put_back_letters(sheet, old, new)
    return _zip(new)


def _unzip(content: bytes) -> _Package:
    with ZipFile(BytesIO(content)) as archive:
        written = {normalise_name(name): name for name in archive.namelist()}
        return _Package({name: archive.read(real) for name, real in written.items()}, written)


def _zip(package: _Package) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, part in package.parts.items():
            archive.writestr(package.written[name], part)
    return stream.getvalue()


def _pair_parts(old: _Package, new: _Package) -> Iterator[_Pair]:
    """The package, the workbook, and each worksheet."""
    yield _Pair("", "")
    yield _Pair(find_main_part(old.parts) or "", find_main_part(new.parts) or "")
    saved = {sheet.title: sheet.name for sheet in Workbook(new.parts).sheets}
    for sheet in Workbook(old.parts).sheets:
        if sheet.title in saved and sheet.kind == "worksheet":
            yield _Pair(sheet.name, saved[sheet.title])


def _list_links(package: _Package, source: str) -> Iterator[_Link]:
    """What leads from a part to one of the kinds that can be put back."""
    content = package.parts.get(name_relationships(source))
    inside = find_relationships(package.parts, source)
    for each in parse_xml(content) if content is not None else ():
        link = inside.get(each.get("Id", ""))
        if link is not None and link.kind in _BESIDE and link.target in package.parts:
            yield _Link(link.target, link.kind, each.get("Type", ""))


def _put_back_part(link: _Link, source: str, old: _Package, new: _Package) -> None:
    """Copy one part, with what it leads to itself; where its name is taken by another it stays out."""
    if link.target in new.parts:
        if link.kind == _REWRITTEN:
            new.parts[link.target] = old.parts[link.target]
        return
    if link.kind == _PRINTER and len(_PAGE_SETUP.findall(new.parts[source])) != 1:
        return  # no page refers to it, or one of several
    new.add(link.target, old.written[link.target], old.parts[link.target])
    _tell_content_type(link.target, old, new)
    own_id = _tell_link(source, link, new)
    if link.kind == _PRINTER:
        named = f'<pageSetup xmlns:r="{_LINKS}" r:id="{own_id}"'.encode()
        new.parts[source] = _PAGE_SETUP.sub(named, new.parts[source], count=1)
    for further in _list_links(old, link.target):
        _put_back_part(further, link.target, old, new)


def _tell_content_type(name: str, old: _Package, new: _Package) -> None:
    """Say of a part that is put back what it is, as was said of it before."""
    said = {
        (each.get("PartName") or f".{each.get('Extension', '')}").casefold(): each.get("ContentType", "")
        for each in parse_xml(old.parts[CONTENT_TYPES])
    }
    kind = said.get(f"/{name}") or said.get(f".{name.rpartition('.')[2]}", "")
    written = quoteattr(f"/{new.written[name]}")
    new.insert(CONTENT_TYPES, f"<Override PartName={written} ContentType={quoteattr(kind)}/>")


def _tell_link(source: str, link: _Link, new: _Package) -> str:
    """Lead from a part to one that is put back; gives the id of that relationship."""
    name = name_relationships(source)
    new.add(name, name_relationships(new.written.get(source, source)), new.parts.get(name, _NO_LINKS))
    own_id = f"kept{len(parse_xml(new.parts[name]))}"
    target = quoteattr(f"/{new.written[link.target]}")
    new.insert(name, f'<Relationship Id="{own_id}" Type={quoteattr(link.type_)} Target={target}/>')
    return own_id


def _put_back_settings(book: _Pair, old: _Package, new: _Package) -> None:
    """Say again of the workbook what the saved one does not say, such as that its authors are not named."""
    before = parse_xml(old.parts[book.before]).find("{*}workbookPr")
    after = parse_xml(new.parts[book.after]).find("{*}workbookPr")
    if before is None or after is None:
        return
    lacking = {
        name: said for name, said in before.items() if name.isidentifier() and name not in after.attrib
    }
    written = "".join(f" {name}={quoteattr(said)}" for name, said in lacking.items()).encode()
    content = new.parts[book.after]
    new.parts[book.after] = _WORKBOOK_SETTINGS.sub(lambda found: found[0] + written, content, count=1)


def _put_back_outcomes(sheet: _Pair, old: _Package, new: _Package) -> None:
    """Give each formula what it gave before; no answer is changed, so it still gives that."""
    cells = parse_xml(old.parts[sheet.before]).iterfind("{*}sheetData/{*}row/{*}c")
    gave = {
        cell.get("r", "").encode(): (cell.get("t", "n"), stored)
        for cell in cells
        if (stored := cell.findtext("{*}v")) is not None and cell.find("{*}f") is not None
    }

    def write(found: re.Match[bytes]) -> bytes:
        kind, stored = gave.get(found[1], ("", None))
        if stored is None:
            return found[0]
        value = f"<v>{escape(stored)}</v></c>".encode()
        return b'<c r="%b"%b t=%b>%b%b' % (found[1], found[2], quoteattr(kind).encode(), found[3], value)

    new.parts[sheet.after] = _FORMULA.sub(write, new.parts[sheet.after])


def _put_back_letters(sheet: _Pair, old: _Package, new: _Package) -> None:
    """Give each remark whose text is as it was the letters that it had."""
    before = {ref: text for _, root in _find_remarks(sheet.before, old) for ref, text in _list_texts(root)}
    for name, root in _find_remarks(sheet.after, new):
        for ref, text in _list_texts(root):
            theirs = before.get(ref)
            if theirs is not None and _read(theirs) == _read(text):
                text[:] = theirs[:]
        new.parts[name] = tostring(root, "UTF-8", xml_declaration=True)


def _find_remarks(sheet: str, package: _Package) -> Iterator[tuple[str, Element]]:
    for link in find_relationships(package.parts, sheet).values():
        if link.kind == _REMARKS and link.target in package.parts:
            yield link.target, parse_xml(package.parts[link.target])


def _list_texts(root: Element) -> Iterator[tuple[str, Element]]:
    for remark in root.iterfind("{*}commentList/{*}comment"):
        text = remark.find("{*}text")
        if text is not None:
            yield remark.get("ref", ""), text


def _read(text: Element) -> str:
    return "".join(each.text or "" for each in (*text.iterfind("{*}t"), *text.iterfind("{*}r/{*}t")))
