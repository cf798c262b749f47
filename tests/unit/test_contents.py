"""A file that is given back marked holds all that it had; where it would not, that is found."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from assessment.model.issue import Weight
from assessment.readers.contents import Meant, find_lost, read_contents
from assessment.service.reading import make_marked_receipt
from assessment.writers.receipt import Mark, ReceiptSheet
from tests.odd_files import unzip, zipped

Parts = dict[str, bytes]
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
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


LOST = {
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
        "xl/_rels/workbook.xml.rels",
    )(parts | {"xl/media/a.png": b"png"}),
    "a formula with its outcome": put("</row>", '<c r="C1"><f>1+1</f><v>2</v></c>'),
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
}


@pytest.mark.filterwarnings("ignore:Unknown extension")
@pytest.mark.parametrize("replace", LOST.values(), ids=LOST)
def test_what_would_get_lost_gives_a_separate_receipt(replace: Callable[[Parts], Parts]) -> None:
    content = changed(replace)

    assert not make_marked_receipt(content, RECEIPT).marked


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
