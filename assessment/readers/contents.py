"""All that a workbook holds, as facts that can be compared: what one file has and another lacks is lost.

A program that opens and saves a file writes the same things another way: other numbers for styles and shared
texts, another order, defaults spelled out. So a fact is small, one attribute or one text, and is kept where
the other file says the same of the same thing, whatever else it says. What is not known here is a fact too.

Source: ECMA-376 part 1, 18.2 (workbook), 18.3 (worksheets), 18.7 (comments), 18.8 (styles).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple
from xml.etree.ElementTree import Element  # only the type; the parsing is defusedxml's
from zipfile import ZipFile

from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.cell_range import CellRange

from assessment.readers.package import (
    CONTENT_TYPES,
    Parts,
    Sheet,
    Workbook,
    find_external_targets,
    find_link_id,
    find_relationships,
    normalise_name,
    parse_xml,
)

_BY_WHO_SAVES = {"calcChain", "extended-properties", "core-properties", "thumbnail"}
"""Kinds of parts that say nothing of the house: counted anew, or about who saved the file last."""
_TOLD_APART = {
    "types",
    "officeDocument",
    "worksheet",
    "styles",
    "sharedStrings",
    "comments",
    "vmlDrawing",
    "table",
}
"""Kinds of parts of which every fact is told by itself; of other parts all bytes are one fact."""
_ELSEWHERE = {
    *("fileVersion", "revisionPtr", "bookViews", "sheets"),
    *("dimension", "sheetData", "cols", "legacyDrawing", "selection", "phoneticPr"),
}
"""Elements that say how the file was last written or shown, or whose facts are told otherwise."""
_NOT_SAID = {
    *("tabSelected", "count", "workbookViewId", "manualBreakCount", "spans", "r", "s"),
    *("dxfId", "calcId", "fullCalcOnLoad", "calcCompleted", "defaultThemeVersion"),
}
"""Attributes of who saved the file last, and those whose facts are told otherwise."""
_NAMES = ("name", "ref", "sqref", "cellRef", "id", "type")
"""Attributes that tell an element from its brothers."""
_ON = {
    *("val", "locked", "showGridLines", "showRowColHeaders", "showZeros", "showOutlineSymbols"),
    *("defaultGridColor", "summaryBelow", "summaryRight", "alignWithMargins", "scaleWithDoc"),
    *("formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows", "insertHyperlinks"),
    *("deleteColumns", "deleteRows", "sort", "autoFilter", "pivotTables", "fitToWidth", "fitToHeight"),
}
"""Attributes that are 1 where they are left out; others are 0, or none."""
_DEFAULTS = {
    *(
        "val=single",
        "scale=100",
        "orientation=default",
        "showObjects=all",
        "state=visible",
        "operator=between",
    ),
    *("pane=topLeft", "horizontal=general", "errorStyle=stop", "view=normal", "zoomScale=100"),
}
"""What says nothing: it is the same where it is left out."""
_MARKS = {"b", "i", "u", "strike", "outline", "shadow"}
"""Elements that say something by being there."""
_OFF = {"0", "false", "none"}
_GENERAL = BUILTIN_FORMATS[0]
"""Also where a format of its own is empty."""
_SPELLING = re.compile(r"'|(?<=&\d) |(?<=&\d\d) ")
"""Quotes around the title of a sheet, and a space after the size of letters in a footer, may be left out."""
_LOOKS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_EDGES = re.compile(r"/border/(left|right|top|bottom)\b")
_SHAPE = re.compile(rb"""ObjectType=["'](?!Note["'])(\w+)["']""")
"""Buttons and boxes on a sheet; a note is the box of a remark."""


Atom = tuple[str, str]
"""The way to one attribute or text, and what it says."""
Place = tuple[str, str]
"""The title of a sheet, and the address of a cell."""


class Fact(NamedTuple):
    """One thing that a workbook holds: on which sheet, what it is about, and what it says."""

    sheet: str
    thing: str
    said: str


class Cell(NamedTuple):
    """What stands in a cell, and everything about how it looks."""

    value: str
    formula: str
    looks: frozenset[Atom]


class Contents(NamedTuple):
    """All that a workbook holds; cells by sheet and address."""

    facts: Counter[Fact]
    cells: Mapping[Place, Cell]


class Meant(NamedTuple):
    """What was changed on purpose.

    `cells` look otherwise and have another remark, `gone` are sheets that were taken away, and of the sheets
    `anew` any program computes the formulas again.
    """

    cells: frozenset[Place] = frozenset()
    gone: frozenset[str] = frozenset()
    anew: frozenset[str] = frozenset()


def find_lost(before: Contents, after: Contents, meant: Meant) -> list[Fact]:
    """Find what a workbook held before and does not hold after, and was not meant to be changed."""
    missing = [fact for fact in before.facts - after.facts if not _is_meant(fact, meant)]
    return [*missing, *_find_lost_in_cells(before.cells, after.cells, meant)]


def _is_meant(fact: Fact, meant: Meant) -> bool:
    place = fact.thing.partition(" ")[2]
    remark = fact.thing.startswith("remark") and (fact.sheet, place) in meant.cells
    return fact.sheet in meant.gone or remark


def _find_lost_in_cells(
    before: Mapping[Place, Cell], after: Mapping[Place, Cell], meant: Meant
) -> Iterator[Fact]:
    for place, cell in before.items():
        sheet, address = place
        now = after.get(place, _NO_CELL)
        anew = sheet in meant.anew and cell.formula and now.formula
        if sheet in meant.gone or now == cell:
            continue
        if (cell.value, cell.formula) != (now.value, now.formula) and not anew:
            yield Fact(sheet, f"cell {address}", cell.formula or cell.value)
        if place not in meant.cells:
            yield from (Fact(sheet, f"looks {address}", "".join(each)) for each in cell.looks - now.looks)


_NO_CELL = Cell("", "", frozenset())


def read_contents(content: bytes) -> Contents:
    """Read all that an .xlsx holds.

    Raises:
        ParseError, KeyError, ValueError: it is damaged, so not all of it can be known.
    """
    with ZipFile(BytesIO(content)) as archive:
        parts = {normalise_name(name): archive.read(name) for name in archive.namelist()}
    book = Workbook(parts)
    styles = _Styles(book)
    facts = Counter(Fact("", *each) for each in (*_list_parts(parts), *_list_settings(book, styles)))
    cells: dict[Place, Cell] = {}
    for sheet in book.sheets:
        facts[Fact(sheet.title, "sheet", f"{sheet.kind} {sheet.state}")] += 1
        root = parse_xml(sheet.content)
        facts.update(Fact(sheet.title, *each) for each in _list_facts_of(sheet, root, parts, styles))
        cells |= {(sheet.title, address): cell for address, cell in _list_cells(root, styles)}
    return Contents(facts, cells)


def _list_settings(book: Workbook, styles: "_Styles") -> Iterator[Atom]:
    """What holds for the whole workbook; its extensions are notes of the program that saved it."""
    for each in parse_xml(book.content):
        if _local(each) not in _ELSEWHERE | {"extLst", "AlternateContent"}:
            yield from _flatten(each, styles)


class _Styles:
    """What the styles and texts of a workbook are, by the numbers that cells know them by."""

    def __init__(self, book: Workbook) -> None:
        root = parse_xml(book.styles) if book.styles else Element("styleSheet")
        strings = parse_xml(book.strings) if book.strings else ()
        self.strings = [(_read_text(each), frozenset(_flatten_runs(each))) for each in strings]
        self.differences = [list(_flatten(each)) for each in root.iterfind("{*}dxfs/{*}dxf")]
        self._lists = {
            number: [list(_flatten(each)) for each in root.iterfind(f"{{*}}{name}/*")]
            for number, name in _LOOKS.items()
        }
        self._numbers = {
            each.get("numFmtId"): each.get("formatCode") for each in root.iterfind("{*}numFmts/{*}numFmt")
        }
        self._names = {
            each.get("xfId"): each.get("name", "") for each in root.iterfind("{*}cellStyles/{*}cellStyle")
        }
        looks = [frozenset(self._list_looks(xf)) for xf in root.iterfind("{*}cellXfs/{*}xf")]
        self.looks = {str(place): each for place, each in enumerate(looks)}

    def _list_looks(self, xf: Element) -> Iterator[Atom]:
        number = xf.get("numFmtId", "0")
        code = self._numbers.get(number, BUILTIN_FORMATS.get(int(number), number))
        yield "number", code or _GENERAL
        yield "style", self._names.get(xf.get("xfId", "0"), "Normal")
        yield "quotePrefix", _normalise(xf.get("quotePrefix", "0"))
        for name, listed in self._lists.items():
            if listed:
                yield from listed[int(xf.get(name, "0"))]
        for each in xf:
            yield from _flatten(each)


def _flatten(element: Element, styles: _Styles | None = None, path: str = "") -> Iterator[Atom]:
    """Every attribute and text in an element, each with the way to it."""
    if _says_nothing(element):
        return
    here = f"{path}/{_name(element)}"
    text = _SPELLING.sub("", (element.text or "").strip())
    said = [*_list_attributes(element), *filter(None, [text])]
    children = [child for child in element if _local(child) not in _ELSEWHERE]
    yield from ((here, each) for each in said or ([""] if _local(element) in _MARKS else []))
    for child in children:
        yield from _flatten(child, styles, here)
    if styles is not None and "dxfId" in element.attrib:
        yield from ((f"{here}{way}", each) for way, each in styles.differences[int(element.attrib["dxfId"])])


def _says_nothing(element: Element) -> bool:
    """Whether what an element sets is off: it is the same where the element is left out."""
    if _local(element) == "headerFooter":
        return not "".join(element.itertext()).strip()
    return _local(element) in _MARKS and element.get("val") in _OFF


def _list_attributes(element: Element) -> Iterator[str]:
    """What an element says of itself; names with a namespace are references and marks of programs."""
    for name, value in element.items():
        said = _normalise(value)
        if not (name.startswith("{") or name in _NOT_SAID or _is_default(name, said)):
            yield f"{name}={said}"


def _is_default(name: str, said: str) -> bool:
    if name in _ON and said in {"0", "1"}:
        return said == "1"
    return said in {"", "0", "none"} or f"{name}={said}" in _DEFAULTS


def _normalise(value: str) -> str:
    """One way to write what can be written in several: 1 and true, 0.70 and 0.7."""
    words = {"true": "1", "false": "0"}
    try:
        return f"{float(value):.12g}"
    except ValueError:
        return words.get(value, value)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _name(element: Element) -> str:
    """What an element is called, with what tells it from its brothers."""
    own = next((element.attrib[name] for name in _NAMES if name in element.attrib), "")
    return f"{_local(element)}[{own}]" if own else _local(element)


def _list_parts(parts: Parts) -> Iterator[Atom]:
    """Every part whose facts are not told apart, with what its bytes are; also one that nothing refers to."""
    kinds, waiting = {CONTENT_TYPES: "types"}, [""]
    while waiting:
        for kind, target in find_relationships(parts, waiting.pop()).values():
            if target not in kinds:
                kinds[target] = kind
                waiting.append(target)
    for name in parts.keys() | kinds.keys():
        kind = kinds.get(name, "loose")
        if kind not in _TOLD_APART | _BY_WHO_SAVES and not name.endswith((".rels", "/")):
            yield f"part {kind}", sha256(parts.get(name, b"")).hexdigest()


def _list_facts_of(sheet: Sheet, root: Element, parts: Parts, styles: _Styles) -> Iterator[Atom]:
    """All of a sheet but its cells."""
    yield from _flatten(root, styles)
    yield from _list_lines(root, styles)
    outside = find_external_targets(parts, sheet.name)
    for link in root.iterfind("{*}hyperlinks/{*}hyperlink"):
        yield f"link {link.get('ref', '')}", outside.get(find_link_id(link), "")
    related = [*find_relationships(parts, sheet.name).values()]
    noted = any(kind == "comments" for kind, _ in related)  # else a box is not that of a remark
    for kind, target in related:
        if kind == "comments":
            yield from _list_remarks(parse_xml(parts[target]))
        if kind == "table":
            yield from _flatten(parse_xml(parts[target]), styles)
        if kind == "vmlDrawing":
            boxes = parts.get(target, b"")
            yield from (("shape", each.decode()) for each in (_SHAPE.findall(boxes) if noted else [b"Note"]))


def _list_lines(root: Element, styles: _Styles) -> Iterator[Atom]:
    """How rows and columns are set, and how their empty cells look."""
    rows = ((f"row {row.get('r')}", row, row.get("s", "0")) for row in root.iterfind("{*}sheetData/{*}row"))
    columns = (
        (f"column {each.get('min')}-{each.get('max')}", each, each.get("style", "0"))
        for each in root.iterfind("{*}cols/{*}col")
    )
    for thing, line, style in (*rows, *columns):
        looks = styles.looks.get(style, frozenset()) if style != "0" else ()
        said = [each for each in _list_attributes(line) if not each.startswith(("style=", "customFormat="))]
        yield from ((thing, each) for each in (*said, *map("".join, looks)))


def _list_remarks(root: Element) -> Iterator[Atom]:
    authors = [author.text or "" for author in root.iterfind("{*}authors/{*}author")]
    for remark in root.iterfind("{*}commentList/{*}comment"):
        thing = f"remark {remark.get('ref')}"
        yield thing, authors[int(remark.get("authorId", "0"))]
        for text in remark.iterfind("{*}text"):
            yield thing, _read_text(text)
            yield from ((thing, "".join(each)) for each in _flatten_runs(text))


def _list_cells(root: Element, styles: _Styles) -> Iterator[tuple[str, Cell]]:
    """Every cell that holds something or looks like something, by its address."""
    ranges = (each.get("ref", "") for each in root.iterfind("{*}mergeCells/{*}mergeCell"))
    merged = [CellRange(each).bounds for each in ranges]
    shared: dict[str, Translator] = {}
    for cell in root.iterfind("{*}sheetData/{*}row/{*}c"):
        address = cell.get("r", "")
        value, runs = _read_value(cell, styles)
        formula = _read_formula(cell, shared)
        looks = _show(address, styles.looks.get(cell.get("s", "0"), frozenset()), merged)
        if value or formula or cell.get("s", "0") != "0":
            yield address, Cell(value, formula, looks | runs)


def _read_formula(cell: Element, shared: dict[str, Translator]) -> str:
    """What a cell computes; of cells that share a formula the first tells it, letter by letter."""
    formula, address = cell.find("{*}f"), cell.get("r", "")
    if formula is None:
        return ""
    text, number = formula.text or "", formula.get("si", "")
    if formula.get("t") != "shared":
        return text or "="
    origin = shared.setdefault(number, Translator(f"={text}", address))
    return text or str(origin.translate_formula(address))[1:]


def _show(address: str, looks: frozenset[Atom], merged: list[tuple[int, int, int, int]]) -> frozenset[Atom]:
    """What shows of the looks of a cell: of merged cells the first, and of the others the outer borders."""
    row, column = coordinate_to_tuple(address)
    for left, top, right, bottom in merged:
        if left <= column <= right and top <= row <= bottom and (left, top) != (column, row):
            outer = {
                "left": column == left,
                "right": column == right,
                "top": row == top,
                "bottom": row == bottom,
            }
            edges = ((each, _EDGES.search(each[0])) for each in looks)
            return frozenset(each for each, edge in edges if edge is not None and outer[edge.group(1)])
    return looks


def _read_value(cell: Element, styles: _Styles) -> tuple[str, frozenset[Atom]]:
    """What is stored in a cell, and how the pieces of its text look."""
    kind, stored = cell.get("t", "n"), cell.find("{*}v")
    text = "" if stored is None else stored.text or ""
    inline = cell.find("{*}is")
    if kind == "s" and text:
        return styles.strings[int(text)]
    if inline is not None:
        return _read_text(inline), frozenset(_flatten_runs(inline))
    return (text if kind in {"str", "e", "d"} else _normalise(text)), frozenset()


def _read_text(string: Element) -> str:
    return "".join(text.text or "" for text in (*string.iterfind("{*}t"), *string.iterfind("{*}r/{*}t")))


def _flatten_runs(string: Element) -> Iterator[Atom]:
    """How each piece of a text looks, and what is said of how it sounds."""
    for place, run in enumerate(string.iterfind("{*}r")):
        for looks in run.iterfind("{*}rPr"):
            yield from _flatten(looks, path=f"piece {place}")
    for sound in string.iterfind("{*}rPh"):
        yield from _flatten(sound)
