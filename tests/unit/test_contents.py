"""A file that is given back marked holds all that it had; where it would not, that is found."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from defusedxml import EntitiesForbidden
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from assessment.model.issue import Weight
from assessment.readers.contents import Meant, find_lost, read_contents
from assessment.readers.package import parse_xml
from assessment.service.reading import make_marked_receipt
from assessment.writers.receipt import Mark, ReceiptSheet
from tests.odd_files import unzip, zipped

Parts = dict[str, bytes]
SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"
SHEET_LINKS, BOOK_LINKS = "xl/worksheets/_rels/sheet1.xml.rels", "xl/_rels/workbook.xml.rels"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PRINTER = "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"
WRITTEN_ANEW = {"xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml", "xl/sharedStrings.xml"}
PROPERTIES = (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    b'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    b'<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="MSIP_Label">'
    b"<vt:lpwstr>Intern</vt:lpwstr></property></Properties>"
)
RECEIPT = ReceiptSheet(["Bestand: proef.xlsx"], marks=[Mark("LOS", "B2", Weight.ASK, "Klopt dit?")])


def workbook() -> bytes:
    """Texts, looks, a list, a name, a remark of the house, merged cells and print settings."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "LOS"
    for row in (("Nr.", "Antwoord"), ("LOS-1.1", "Ja"), ("LOS-1.2", 0.5)):
        sheet.append(row)
    sheet["A1"].font, sheet["A1"].fill = Font(bold=True), PatternFill("solid", fgColor="FFFF00")
    sheet["B2"].border = Border(bottom=Side("thin"))
    sheet["B3"].number_format, sheet["B3"].comment = "0%", Comment("navragen", "Jan")
    sheet["B2"].hyperlink = "https://example.org/"
    sheet.merge_cells("D1:E2")
    sheet.add_data_validation(DataValidation("list", formula1='"Ja,Nee"', sqref="B2", allow_blank=True))
    sheet.HeaderFooter.oddFooter.center.text = "bladzijde &P"
    sheet.print_title_rows = "1:1"
    sheet.row_dimensions[2].height, sheet.column_dimensions["B"].width = 40, 33
    book.create_sheet("Kladblok").sheet_state = "hidden"
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(replace: Callable[[Parts], Parts]) -> bytes:
    return zipped(replace(unzip(workbook())))


def put(before: str, added: str, part: str = SHEET) -> Callable[[Parts], Parts]:
    """Something put before a piece of a part, the first time that it stands there."""

    def replace(parts: Parts) -> Parts:
        text, found = re.subn(f"(?={before})", added, parts[part].decode(), count=1)
        assert found, before
        return parts | {part: text.encode()}

    return replace


def test_what_openpyxl_keeps_is_kept_also_when_it_comes_back_marked() -> None:
    first = make_marked_receipt(workbook(), RECEIPT)
    again = make_marked_receipt(first.content, RECEIPT._replace(marks=()))

    assert first.marked
    assert again.marked
    assert load_workbook(BytesIO(again.content))["LOS"]["B2"].comment is None
    assert load_workbook(BytesIO(again.content))["LOS"]["B3"].comment is not None


def add_part(parts: Parts, links: str, kind: str, name: str, part: bytes, type_: str) -> Parts:  # noqa: PLR0913, PLR0917
    """A part that hangs by a relationship of its own, the id of which is r9, and what it is."""
    link = f'<Relationship Id="r9" Type="http://x/{kind}" Target="/{name}"/>'
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    told = {links: parts.get(links, empty).replace(b"</Relationships>", f"{link}</Relationships>".encode())}
    types = f'<Override PartName="/{name}" ContentType="{type_}"/></Types>'
    told |= {TYPES: parts[TYPES].replace(b"</Types>", types.encode())}
    return parts | told | {name: part}


def add_printer(parts: Parts, setup: str) -> Parts:
    """The settings of a printer, as Excel keeps them: a page refers to them."""
    named = setup.replace("r:id", f'xmlns:r="{LINKS}" r:id')
    told = put("<headerFooter", named)(parts)
    return add_part(
        told, SHEET_LINKS, "printerSettings", "xl/printerSettings/printerSettings1.bin", b"HP", PRINTER
    )


def add_two_printers(parts: Parts) -> Parts:
    """A page with two relationships to settings, as where each view of a sheet has its own."""
    told = add_printer(parts, '<pageSetup paperSize="9" r:id="r9"/>')
    name = "xl/printerSettings/printerSettings2.bin"
    return add_part(told, SHEET_LINKS, "printerSettings", name, b"HP2", PRINTER)


def add_archive(parts: Parts) -> Parts:
    """What an archive notes of a file, in a part that leads to one more."""
    told = add_part(parts, BOOK_LINKS, "customXml", "customXml/item1.xml", b"<a/>", "application/xml")
    own = "customXml/_rels/item1.xml.rels"
    return add_part(told, own, "customXmlProps", "customXml/itemProps1.xml", b"<b/>", "application/y")


KEPT: dict[str, Callable[[Parts], Parts]] = {
    "a formula with its outcome": put("</row>", '<c r="C1"><f>1+1</f><v>2</v></c>'),
    "a formula that gives a text": put("</row>", '<c r="C1" t="str"><f>"&lt;"&amp;"b"</f><v>&lt;b</v></c>'),
    "a formula that cells share": put(
        "</row>",
        '<c r="C1"><f t="shared" ref="C1:D1" si="0">A1+1</f><v>2</v></c>'
        '<c r="D1"><f t="shared" si="0"/><v>3</v></c>',
    ),
    "a formula that cells share, as somebody spaced it": put(
        "</row>",
        '<c r="C1"><f t="shared" ref="C1:D1" si="0">a1  +\n1</f><v>2</v></c>'
        '<c r="D1"><f t="shared" si="0"/><v>3</v></c>',
    ),
    "letters of a remark": lambda parts: (
        parts
        | {
            "xl/comments/comment1.xml": re.sub(
                rb"<t[ >].*?</t>",
                rb"<r><rPr><b/></rPr><t>navragen</t></r>",
                parts["xl/comments/comment1.xml"],
            )
        }
    ),
    "printer settings": lambda parts: add_printer(parts, '<pageSetup paperSize="9" r:id="r9"/>'),
    "how confidential it is": lambda parts: add_part(
        parts, "_rels/.rels", "classificationlabels", "docMetadata/LabelInfo.xml", b"<l/>", "application/l"
    ),
    "properties of an organisation": lambda parts: add_part(
        parts, "_rels/.rels", "custom-properties", "docProps/custom.xml", PROPERTIES, "application/p"
    ),
    "what an archive notes": add_archive,
    "that authors are not named": put("/>", ' filterPrivacy="1"', BOOK),
    "a cell that says it has a text, and has none": put("</row>", '<c r="C1" t="s"><v></v></c>'),
}


@pytest.mark.parametrize("replace", KEPT.values(), ids=KEPT)
def test_what_the_marking_library_leaves_out_is_put_back(replace: Callable[[Parts], Parts]) -> None:
    content = changed(replace)

    receipt = make_marked_receipt(content, RECEIPT)
    again = make_marked_receipt(receipt.content, RECEIPT._replace(marks=()))

    assert receipt.marked
    assert again.marked
    assert unzip(content).keys() - unzip(receipt.content).keys() <= WRITTEN_ANEW
    assert load_workbook(BytesIO(receipt.content))["LOS"]["B2"].comment is not None
    for name, part in unzip(receipt.content).items():
        assert name.endswith(".bin") or parse_xml(part) is not None


def test_printer_settings_are_those_of_the_page_and_are_said_to_be_what_they_are() -> None:
    content = changed(lambda parts: add_printer(parts, '<pageSetup paperSize="9" r:id="r9"/>'))

    parts = unzip(make_marked_receipt(content, RECEIPT).content)

    assert parts["xl/printerSettings/printerSettings1.bin"] == b"HP"
    assert f'ContentType="{PRINTER}"'.encode() in parts[TYPES]
    own_id = re.search(rb'<pageSetup xmlns:r="[^"]+" r:id="(\w+)"', parts[SHEET])
    assert own_id is not None
    assert b'Id="%b" Type="http://x/printerSettings"' % own_id[1] in parts[SHEET_LINKS]


LOST = {
    "a protection that is off": put("<mergeCells", '<sheetProtection sheet="0" formatCells="0"/>'),
    "protected ranges": put(
        "<mergeCells", '<protectedRanges><protectedRange name="x" sqref="B2"/></protectedRanges>'
    ),
    "sort state": put("<mergeCells", '<sortState ref="A2:B3"><sortCondition ref="A2:A3"/></sortState>'),
    "an extension": put(
        "</worksheet>", '<extLst><ext uri="{00000000-0000-0000-0000-000000000001}"><a b="1"/></ext></extLst>'
    ),
    "a picture": lambda parts: put(
        "</Relationships>",
        '<Relationship Id="r9" Type="http://x/image" Target="media/a.png"/>',
        BOOK_LINKS,
    )(parts | {"xl/media/a.png": b"png"}),
    "a drawing": lambda parts: add_part(
        parts, SHEET_LINKS, "drawing", "xl/drawings/drawing1.xml", b"<wsDr/>", "application/x"
    ),
    "the box of a remark that is not there": lambda parts: (
        parts
        | {
            "xl/worksheets/_rels/sheet2.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/'
            b'package/2006/relationships"><Relationship Id="r1" Type="http://x/vmlDrawing" '
            b'Target="../drawings/box.vml"/></Relationships>',
            "xl/drawings/box.vml": b'<xml><ClientData ObjectType="Note"/></xml>',
        }
    ),
    "the settings of two printers on one page": add_two_printers,
    "printer settings without a page to set": lambda parts: add_printer(parts, '<pageSetup r:id="r9"/>'),
}


@pytest.mark.filterwarnings("ignore:Unknown extension")
@pytest.mark.parametrize("replace", LOST.values(), ids=LOST)
def test_what_would_get_lost_gives_a_separate_receipt(replace: Callable[[Parts], Parts]) -> None:
    content = changed(replace)

    assert not make_marked_receipt(content, RECEIPT).marked


def test_entities_are_refused_in_every_part_that_the_marking_library_reads() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><cp:coreProperties'
    content = changed(
        lambda parts: (
            parts
            | {"docProps/core.xml": parts["docProps/core.xml"].replace(b"<cp:coreProperties", entity, 1)}
        )
    )

    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - what the marking library makes of it
        make_marked_receipt(content, RECEIPT)
    assert isinstance(refusal.value.__cause__, EntitiesForbidden)


@pytest.mark.filterwarnings("ignore:File contains an invalid specification")
def test_sheets_that_the_marking_library_does_not_see_are_missed() -> None:
    content = changed(
        lambda parts: {
            name: part.replace(
                b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml/spreadsheetml"
            )
            for name, part in parts.items()
        }
    )

    assert read_contents(content).cells
    assert not make_marked_receipt(content, RECEIPT._replace(marks=())).marked


CHANGES: dict[str, Callable[[Workbook], object]] = {
    "a text": lambda book: book["LOS"].__setitem__("A2", "LOS-1.3"),
    "a colour": lambda book: setattr(book["LOS"]["A1"], "fill", PatternFill()),
    "a number format": lambda book: setattr(book["LOS"]["B3"], "number_format", "0"),
    "a border": lambda book: setattr(book["LOS"]["B2"], "border", Border()),
    "a remark": lambda book: setattr(book["LOS"]["B3"], "comment", None),
    "a link": lambda book: setattr(book["LOS"]["B2"], "hyperlink", "https://example.org/2"),
    "a sheet": lambda book: book.remove(book["Kladblok"]),
    "whether a sheet shows": lambda book: setattr(book["Kladblok"], "sheet_state", "visible"),
    "merged cells": lambda book: book["LOS"].unmerge_cells("D1:E2"),
    "a footer": lambda book: setattr(book["LOS"].HeaderFooter.oddFooter.center, "text", ""),
    "a title to print": lambda book: setattr(book["LOS"], "print_title_rows", "1:2"),
    "a height": lambda book: setattr(book["LOS"].row_dimensions[2], "height", 41),
    "a width": lambda book: setattr(book["LOS"].column_dimensions["B"], "width", 34),
    "a list": lambda book: book["LOS"].data_validations.dataValidation.clear(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_kind_of_loss_is_found(change: Callable[[Workbook], object]) -> None:
    before = workbook()
    book = load_workbook(BytesIO(before))
    change(book)

    assert find_lost(read_contents(before), read_contents(saved(book)), Meant())
    same = saved(load_workbook(BytesIO(before)))
    assert find_lost(read_contents(before), read_contents(same), Meant()) == []
