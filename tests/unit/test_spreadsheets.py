"""A workbook is read alike whatever program wrote it: values, errors, and formulas without a result."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from assessment.errors import NotAWorkbookError, UnsafeFileError
from assessment.model.sheets import CellFault, SheetRow
from assessment.readers import package, xlsx
from assessment.readers.grids import Grid
from assessment.readers.guard import guard_file
from assessment.readers.workbook import read_spreadsheet, read_workbook
from tests.odd_files import FILES, unzip, zipped

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"
HEADINGS = ("Nr.", "Antwoord", "Toelichting", "Bewijs")
SOUND = ("LOS-1.1", "Ja", "sinds dit jaar", 12.5)
ERROR, FORMULA = b'<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', b'<c r="C3"><f>A1</f></c>'


def workbook(*rows: tuple[str | float, ...]) -> Parts:
    book = Workbook()
    assert book.active is not None
    book.active.title = "LOS"
    for row in (HEADINGS, *rows):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return unzip(stream.getvalue())


def filled() -> Parts:
    """A sound row, and one with an error as answer and a formula without a result as explanation."""
    parts = workbook(SOUND, ("LOS-1.2", "x", "y", "z"))
    sheet = re.sub(rb'<c r="B3".*?</c>', ERROR, parts[SHEET])
    return parts | {SHEET: re.sub(rb'<c r="C3".*?</c>', FORMULA, sheet)}


def read(parts: Parts) -> tuple[SheetRow, ...]:
    return tuple(row for row in read_workbook(zipped(parts), "proef.xlsx").rows if row.key)


def change(parts: Parts, *changes: tuple[str, str], part: str = SHEET) -> Parts:
    text = parts[part].decode()
    for pattern, replacement in changes:
        text, found = re.subn(pattern, replacement, text)
        assert found, pattern
    return parts | {part: text.encode()}


def in_own_folder(parts: Parts) -> Parts:
    """The workbook somewhere else, under another name, found through what refers to it."""
    moved = {
        name.replace("xl/", "boek/").replace("workbook.xml", "werk.xml"): part for name, part in parts.items()
    }
    moved["_rels/.rels"] = moved["_rels/.rels"].replace(b"xl/workbook.xml", b"boek/werk.xml")
    return change(moved, ('"/?xl/', '"/boek/'), part="boek/_rels/werk.xml.rels")


def rename(replace: Callable[[str], str]) -> Callable[[Parts], Parts]:
    return lambda parts: {replace(name): part for name, part in parts.items()}


WAYS: dict[str, Callable[[Parts], Parts]] = {
    "as it came": lambda parts: parts,
    "cells without addresses": lambda parts: change(parts, (r'<(c|row) r="\w+"', r"<\1")),
    "single quotes": lambda parts: change(parts, (r'="([^"<>]*)"', r"='\1'")),
    "spaces around =": lambda parts: change(parts, (r' t="(\w+)"', r' t = "\1"')),
    "a prefix": lambda parts: change(parts, (r"<(/?)(?=[a-z])", r"<\1x:"), ("xmlns=", "xmlns:x=")),
    "a comment in a cell": lambda parts: change(parts, ("<c ", "<!-- hier --><c ")),
    "odd dimension": lambda parts: change(parts, ('<dimension ref="[^"]*"', '<dimension ref="1:40"')),
    "whole columns merged": lambda parts: change(
        parts, ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="F:G"/></mergeCells>')
    ),
    "UTF-16": lambda parts: parts | {SHEET: parts[SHEET].decode().encode("utf-16")},
    "capitals in a name": rename(lambda name: name.replace("sheet1", "Sheet1")),
    "back slashes": rename(lambda name: name.replace("/", "\\")),
    "a slash in front": rename("/{}".format),
    "another folder": in_own_folder,
    "strict": lambda parts: {
        name: part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006",
            b"http://purl.oclc.org/ooxml/spreadsheetml",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006",
            b"http://purl.oclc.org/ooxml/officeDocument",
        )
        for name, part in parts.items()
    },
    "a sheet that refers to nothing": lambda parts: change(
        parts,
        ("</sheets>", '<sheet name="weg" sheetId="9" r:id="" xmlns:r="http://x/relationships"/></sheets>'),
        part="xl/workbook.xml",
    ),
    "a style without a number": lambda parts: change(parts, ('<c r="A1"', '<c r="A1" s=""')),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_values_and_faults_are_the_same_however_they_are_written(way: Callable[[Parts], Parts]) -> None:
    sound, odd = read(way(filled()))

    assert list(sound.texts.values()) == ["Ja", "sinds dit jaar", "12.5"]
    assert not sound.faults
    assert odd.faults == {"answer": CellFault.ERROR, "explanation": CellFault.FORMULA}
    assert odd.texts["answer"] == "#DIV/0!"
    assert odd.cell("answer") == "B3"


def test_what_nobody_sees_in_numbers_and_headings_makes_no_difference() -> None:
    parts = change(workbook(SOUND), ("LOS-1.1", "LOS\u00ad-\u200b1.1\ufeff"), (">Nr.<", ">\u200eNr.\u200b<"))
    parts = change(parts, ("Antwoord", "Ant\u00adwoord\u200f"))

    (row,) = read(parts)

    assert (row.key, row.texts["answer"]) == ("LOS-1.1", "Ja")


def twice(answer: str, explanation: str, again: str, other: str, question: str = "x") -> Parts:
    """A workbook in which the house put two of our headings, and Vraag, again beside ours."""
    book = Workbook()
    assert book.active is not None
    book.active.title = "LOS"
    book.active.append((*HEADINGS, "Vraag", "Antwoord", "Toelichting", "Vraag"))
    book.active.append(("LOS-1.1", answer, explanation, "", "Hoe?", again, other, question))
    stream = BytesIO()
    book.save(stream)
    return unzip(stream.getvalue())


def test_a_heading_that_stands_there_twice_is_told_with_both_cells() -> None:
    found = read_workbook(zipped(twice("Ja", "", "Ja", "")), "proef.xlsx")

    assert [issue.message.partition(".")[0] for issue in found.notices] == [
        "Blad LOS, cel B1: het kopje 'Antwoord' staat er vaker: B1 en F1",
        "Blad LOS, cel C1: het kopje 'Toelichting' staat er vaker: C1 en G1",
        "Blad LOS, cel E1: het kopje 'Vraag' staat er vaker: E1 en H1",
    ]


@pytest.mark.parametrize(
    ("answer", "again", "told"),
    [("Ja", "Nee", "'Ja' in B2 en 'Nee' in F2"), ("", "Ja", "niets in B2 en 'Ja' in F2")],
)
def test_columns_with_one_heading_that_say_other_things_are_no_answer(
    answer: str, again: str, told: str
) -> None:
    (row,) = read(twice(answer, "zo", again, "zo"))

    assert row.faults == {"answer": CellFault.TWICE}
    assert row.texts == {"answer": told, "explanation": "zo", "evidence": ""}


def test_columns_with_one_heading_that_say_the_same_are_read() -> None:
    (row,) = read(twice("Ja", "zo", "Ja", "zo"))

    assert (row.texts["answer"], row.faults, row.aside) == ("Ja", {}, "x")


def attached(parts: Parts, name: str = "proef.xlsx") -> dict[str, str]:
    """What is attached to each cell."""
    return {f"{each.kind} {each.cell}": each.text for each in read_workbook(zipped(parts), name).attached}


def test_comments_and_links_at_cells_are_seen_but_those_that_add_nothing_are_not() -> None:
    book = Workbook()
    assert book.active is not None
    for line in (HEADINGS, ("LOS-1.1", "Ja", "zie verslag", "https://www.huis.example/")):
        book.active.append(line)
    sheet = book.active
    sheet["B2"].comment = Comment("nog navragen", "Piet")
    sheet["C2"].comment = Comment("van ons\nKaderscan: geen keuze", "Piet")
    sheet["A2"].comment = Comment("Kaderscan: geen keuze", "Kaderscan")
    sheet["C2"].hyperlink = "https://verslag.example"
    sheet["D2"].hyperlink = "http://huis.example"
    sheet["E2"] = '=HYPERLINK("https://elders.example","hier")'
    stream = BytesIO()
    book.save(stream)

    assert attached(unzip(stream.getvalue())) == {
        "comment B2": "nog navragen",
        "comment C2": "van ons",
        "link C2": "https://verslag.example",
        "link E2": 'HYPERLINK("https://elders.example","hier")',
    }


def test_comments_and_links_at_cells_of_an_ods_are_seen() -> None:
    text = (
        '\\1<table:table-cell office:value-type="string"><office:annotation><text:p>navragen</text:p>'
        '</office:annotation><text:p><text:a xlink:href="https://x.example">hier</text:a> en '
        '<text:a xlink:href="#LOS.A1">daar</text:a></text:p></table:table-cell>'
    )

    found = attached(ods((ANSWER, text)), "proef.ods")

    assert list(found.values()) == ["navragen", "https://x.example"]
    assert len({key.split()[1] for key in found}) == 1


def test_an_error_is_no_house_round_or_side_for_which_a_file_was_made() -> None:
    parts = workbook(SOUND, ("round_id", "2026-najaar"), ("house_id", "x"))
    parts = change(parts, ('<c r="B4".*?</c>', '<c r="B4" t="e"><f>1/0</f><v>#REF!</v></c>'))

    identity = read_workbook(zipped(parts), "proef.xlsx").identity

    assert (identity.round_id, identity.house_id) == ("2026-najaar", "")


def test_a_formula_whose_outcome_is_an_empty_text_is_empty_and_one_that_never_got_one_is_told() -> None:
    parts = workbook(("LOS-1.1", "x", "y", "z"))
    parts = change(parts, ('<c r="B2".*?</c>', '<c r="B2" t="str"><f>A1</f><v></v></c>'))
    parts = change(parts, ('<c r="C2".*?</c>', '<c r="C2" t="str"><f>A1</f></c>'))

    (row,) = read(parts)

    assert row.texts["answer"] == ""
    assert row.faults == {"explanation": CellFault.FORMULA}


def both_ways(content: bytes) -> list[tuple[Grid, Grid]]:
    """Each plain sheet as the fast parser gives it, and as our own reader does."""
    book = package.Workbook(guard_file(content, "proef.xlsx").parts)
    plain = [sheet for sheet in book.sheets if xlsx.is_plain(sheet.content)]
    fast, meanings = xlsx.read_fast(plain, book), xlsx.Meanings(book)
    return [(fast[sheet.name], xlsx.read_cells(sheet, meanings)) for sheet in plain]


def test_what_the_fast_parser_reads_our_own_reader_reads_too() -> None:
    kinds: tuple[str | float, ...] = (
        "1 < 2 & 3",
        " spaties ",
        "é–…",
        0.1,
        1e21,
        -3,
        "_x000D_",
        "twee\nregels",
        True,
    )
    book = Workbook()
    assert book.active is not None
    for column, value in enumerate(kinds, 1):
        book.active.cell(3, column + 2, value)
    for row, shape in enumerate(("d-m-yyyy", "h:mm", "0.00%", "[h]:mm"), 5):
        book.active.cell(row, 2, 45_000.25).number_format = shape
    book.active.merge_cells("H8:J12")
    stream = BytesIO()
    book.save(stream)

    ((fast, own),) = both_ways(stream.getvalue())

    lines = {
        (row, column): value for row, line in enumerate(own.rows, 3) for column, value in enumerate(line)
    }
    assert [list(row) for row in fast.rows] == [list(row) for row in own.rows], lines
    assert list(fast.merged) == list(own.merged)


def test_something_far_away_is_refused_with_its_place_and_a_far_colour_is_not() -> None:
    parts = workbook(SOUND)
    far = '<row r="1048576"><c r="XFD1048576" s="1"{}</row></sheetData>'

    with pytest.raises(UnsafeFileError, match="in cel XFD1048576"):
        read(change(parts, ("</sheetData>", far.format("><v>1</v></c>"))))
    assert len(read(change(parts, ("</sheetData>", far.format("/>"))))) == 1


def test_a_document_type_is_refused() -> None:
    parts = workbook(SOUND)
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'

    with pytest.raises(UnsafeFileError, match="documenttype"):
        read(change(parts, ("<worksheet", entity)))


def test_a_document_type_in_what_says_where_the_parts_are_is_refused_as_such() -> None:
    parts = workbook(SOUND)
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]><Types'

    with pytest.raises(UnsafeFileError, match="documenttype"):
        read(change(parts, ("<Types", entity), part="[Content_Types].xml"))


def ods(*changes: tuple[str, str]) -> Parts:
    return change(unzip((FILES / "klaverlo.ods").read_bytes()), *changes, part="content.xml")


ANSWER = r"(<text:p>LOS-1\.1</text:p>.*?)<table:table-cell [^>]*content-valid.*?</table:table-cell>"
FAULTY = {
    "LibreOffice": 'table:formula="of:=NA()" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#N/B</text:p>',
    "without the extension": 'table:formula="of:=NA()" office:value-type="string" office:string-value="">'
    "<text:p>#NAAM?</text:p>",
    "Excel": 'table:formula="of:=X(1)" office:value-type="float" office:value="0"><text:p>#NAME?</text:p>',
    "Excel, formula lost": 'office:value-type="float" office:value="0"><text:p>#DIV/0!</text:p>',
    "a number of LibreOffice": 'table:formula="of:=X(1)" office:value-type="float" office:value="0">'
    "<text:p>Err:508</text:p>",
}


@pytest.mark.parametrize("cell", FAULTY.values(), ids=FAULTY)
def test_an_error_in_an_ods_is_told_however_it_is_written(cell: str) -> None:
    row = find_row(ods((ANSWER, rf"\1<table:table-cell {cell}</table:table-cell>")), "LOS-1.1")

    assert row.faults == {"answer": CellFault.ERROR}
    assert row.texts["answer"] in cell


def test_a_formula_without_a_result_in_an_ods_is_told() -> None:
    row = find_row(ods((ANSWER, r'\1<table:table-cell table:formula="of:=[.A1]"/>')), "LOS-1.1")

    assert row.faults == {"answer": CellFault.FORMULA}


def test_a_formula_in_an_ods_whose_outcome_is_an_empty_text_is_empty() -> None:
    cell = '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'

    row = find_row(ods((ANSWER, rf"\1{cell}")), "LOS-1.1")

    assert (row.texts["answer"], row.faults) == ("", {})


def test_an_ods_with_indents_tabs_line_breaks_and_remarks_gives_the_same_texts() -> None:
    text = (
        '\\1<table:table-cell office:value-type="string">\n <office:annotation>\n <text:p>van Piet</text:p>'
        "\n  </office:annotation>\n  <text:p>\n    Ja,<text:tab/>voor<text:line-break/>alle"
        '<text:s text:c="2"/>drie\n  </text:p>\n</table:table-cell>'
    )
    parts = ods((ANSWER, text), (r"(?<=>)(?=<table:table-(row|cell))", "\n    "))

    row = find_row(parts, "LOS-1.1")

    assert row.texts["answer"] == "Ja,\tvoor\nalle  drie"


def find_row(parts: Parts, key: str) -> SheetRow:
    return next(row for row in read_workbook(zipped(parts), "proef.ods").rows if row.key == key)


def test_an_ods_that_says_only_in_its_manifest_what_it_is_is_read() -> None:
    parts = ods(("x", "x"))
    del parts["mimetype"]

    assert read_spreadsheet(zipped(parts), "proef.ods").grids


OTHERS = {
    "fods": (b'<?xml version="1.0"?>\n<office:document xmlns:office="urn:x">', ".fods"),
    "other xml": (b'<?xml version="1.0"?><rss/>', "XML-bestand"),
    "web page": (b'<?xml version="1.0"?>\n<!DOCTYPE html><html>', "webpagina"),
    "zipped Numbers": (zipped({"plan.numbers/Index/Document.iwa": b"x"}), "Numbers"),
    "older Numbers": (zipped({"plan.numbers/Index.zip": b"x"}), "Numbers"),
    "capitals in a stream": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WORKBOOK".encode("utf-16-le"),
        "oud Excel",
    ),
    "Excel 4": (b"\x09\x04\x06\x00\x00\x00\x10\x00", "oud Excel"),
    "OpenOffice 1": (zipped({"content.xml": b"<x/>", "mimetype": b"application/vnd.sun.xml.calc"}), ".sxc"),
    "a letter": (
        zipped({"content.xml": b"<x/>", "mimetype": b"application/vnd.oasis.opendocument.text"}),
        "geen rekenblad",
    ),
}


@pytest.mark.parametrize(("content", "told"), OTHERS.values(), ids=OTHERS)
def test_what_is_not_read_is_called_what_it_is(content: bytes, told: str) -> None:
    with pytest.raises(NotAWorkbookError, match=told):
        read_spreadsheet(content, "proef")
