"""Tables, however a program saved them: read whole, or refused with the line; never half."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from assessment.errors import AnswerTableError, NotAWorkbookError, RegisterError
from assessment.model.register import House
from assessment.readers.delimited import BrokenTableError, read_lines
from assessment.readers.tables import ANSWER_COLUMNS, read_house_lines, read_houses, read_table
from assessment.readers.workbook import read_spreadsheet
from assessment.writers.downloads import write_houses_csv
from tests.odd_files import zipped

HEADINGS = ("house_id", "title", "unit_id", "valid_from", "invented")
ROWS = (
    HEADINGS,
    ("a", 'Huis "Één"; zuid, oost', "noord", "2027-07-01", "True"),
    ("b", "Huis\nTwee", "noord", "", "False"),
)

TEXT = pd.Series([], dtype="str").dtype


def written(separator: str = ";", end: str = "\r\n", letters: str = "utf-8") -> bytes:
    stream = StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator=end).writerows(ROWS)
    return stream.getvalue().encode(letters)


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_is_read_alike_whatever_program_saved_it(separator: str, end: str, letters: str) -> None:
    lines = read_lines(written(separator, end, letters), HEADINGS)

    assert [tuple(line.cells) for line in lines] == list(ROWS)
    assert [line.number for line in lines] == [1, 2, 3]


@pytest.mark.parametrize("letters", ["utf-8", "utf-16", "mac_roman"])
def test_a_table_of_a_mac_ends_its_lines_with_a_return(letters: str) -> None:
    content = written(end="\n").decode().replace("\n", "\r").encode(letters)

    lines = read_lines(content, HEADINGS)

    assert [line.cells[0] for line in lines] == ["house_id", "a", "b"]
    assert lines[1].cells[1] == 'Huis "Één"; zuid, oost'


@pytest.mark.parametrize("first", ["sep=,\n", "SEP=,\r\n", '"sep=,"\n'])
def test_the_separator_is_the_one_that_the_file_names(first: str) -> None:
    (line,) = read_lines(f"{first}a;b,c".encode(), ("a;b",))

    assert line == (2, ["a;b", "c"])


def test_the_separator_is_found_by_the_headings_and_not_by_what_a_title_holds() -> None:
    table = "onze lijst, van dit jaar, met alles, erin\n\nhouse_id;title, voluit;unit_id\n"

    assert read_lines(table.encode(), HEADINGS)[2].cells == ["house_id", "title, voluit", "unit_id"]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (['a,Huis A,noord,,"bron', "b,Huis B,noord,,bron", "c,Huis C,noord,,bron"], 2),
        (['a,Huis A,noord,,"bron', 'b,Huis B,noord,,bron"', "c,Huis C,noord,,bron"], 2),
        (["a,Huis A,noord,,bron", 'b,"Huis B,noord,,', 'c,Huis C",noord,,bron'], 3),
        (["a,Huis A,noord,,bron", '"b" x,Huis B,noord,,bron'], 3),
        (["a,Huis A,noord,,bron", "", 'b,"' + "x" * 140_000], 4),
    ],
)
def test_a_quote_that_does_not_close_swallows_no_row_and_is_told_with_its_line(
    rows: list[str], line: int
) -> None:
    table = "\n".join(["house_id,title,unit_id,valid_from,source", *rows])

    with pytest.raises(BrokenTableError, match=f"^regel {line}: een aanhalingsteken"):
        read_lines(table.encode(), HEADINGS)


def test_a_cell_of_several_lines_that_names_things_is_no_row() -> None:
    table = 'house_id;title;unit_id\na;"eerst zorg, dan straf\nzorg en straf;recht";noord\n'

    assert read_lines(table.encode(), HEADINGS)[1].cells == [
        "a",
        "eerst zorg, dan straf\nzorg en straf;recht",
        "noord",
    ]


@pytest.mark.parametrize(
    "content",
    [b"house_id;title\r\n\x00\x01", b"\xef\xbb\xbfhouse_id\nHuis \xe9", b"\xff\xfeh\x00o", b"a\x81\n"],
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenTableError, match="CSV UTF-8"):
        read_lines(content, HEADINGS)


@given(st.binary(max_size=300) | st.text("\",;\t\r\n'=a1é\ufeff-", max_size=80).map(str.encode))
@settings(max_examples=300)
def test_no_file_breaks_a_reader_of_tables(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "proef.csv"
    for heading in (b"", b"house_id;title;unit_id\n", b"house_id,question_id,option_id\n"):
        file.write_bytes(heading + content)

        with suppress(RegisterError):
            assert all(line.house.house_id for line in read_house_lines(file))
        with suppress(AnswerTableError):
            assert set(read_table(file, ANSWER_COLUMNS).dtypes[list(ANSWER_COLUMNS)]) == {TEXT}
        with suppress(NotAWorkbookError):
            assert read_spreadsheet(heading + content, file.name).grids


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).map(str.strip)
HOUSES = st.builds(
    House,
    house_id=st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True),
    title=TEXTS.filter(str.strip),
    unit_id=st.just("noord"),
    valid_from=st.dates().filter(lambda day: 1900 <= day.year < 2200) | st.none(),
    source=TEXTS,
    invented=st.booleans(),
)


@given(HOUSES)
def test_a_house_that_is_written_out_comes_back(
    tmp_path_factory: pytest.TempPathFactory, house: House
) -> None:
    file = tmp_path_factory.getbasetemp() / "huizen.csv"
    file.write_bytes(write_houses_csv([house], {house.house_id: 1}))

    assert read_houses(file) == (house,)


@pytest.mark.parametrize(
    ("day", "yes"), [("1-7-2027", "WAAR"), ("01/07/2027", "ja"), ("1 juli 2027", "true"), ("46569", "TRUE")]
)
def test_days_and_yes_and_no_are_read_as_spreadsheet_programs_write_them(
    tmp_path: Path, day: str, yes: str
) -> None:
    file = tmp_path / "huizen.csv"
    file.write_text(
        f"House_ID;Title;unit_\u200bid;valid_from;invented;;\n\n;;;;;;\na;A;noord;{day};{yes};;\n"
    )

    (house,) = read_houses(file)

    assert house.model_dump(mode="json", include={"valid_from", "invented"}) == {
        "valid_from": "2027-07-01",
        "invented": True,
    }


Sheets = Mapping[str, Sequence[Sequence[object]]]
DAY = datetime(2027, 7, 1)  # noqa: DTZ001 - a cell has no zone
FILLED = (
    HEADINGS,
    ("a", "Huis Één", "noord", DAY, True),
    (),
    ("b", 2027, "noord", "1 juli 2027"),
)


def in_xlsx(sheets: Sheets, merged: str = "") -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def in_ods(sheets: Sheets) -> bytes:
    tables = "".join(
        f'<table:table table:name="{title}">'
        + "".join(f"<table:table-row>{''.join(map(in_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for title, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
    content += "</office:spreadsheet></office:body></office:document-content>"
    return zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()}
    )


def in_cell(value: object) -> str:
    match value:
        case bool():
            said = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case datetime():
            said = f'office:value-type="date" office:date-value="{value.date()}"'
        case int():
            said = f'office:value-type="float" office:value="{value}"'
        case _:
            said = 'office:value-type="string"'
    return f"<table:table-cell {said}><text:p>{value}</text:p></table:table-cell>"


@pytest.mark.parametrize(
    ("write", "name"), [(in_xlsx, "huizen.xlsx"), (in_ods, "huizen.ods"), (in_xlsx, "huizen")]
)
def test_a_table_in_a_workbook_is_read_as_one_in_text(
    tmp_path: Path, write: Callable[[Sheets], bytes], name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(write({"Uitleg": [("title", "van het huis")], "Huizen": FILLED}))

    first, second = read_houses(file)

    assert (first.title, first.valid_from, first.invented) == ("Huis Één", date(2027, 7, 1), True)
    assert (second.title, second.valid_from, second.invented) == ("2027", date(2027, 7, 1), False)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (in_xlsx({"A": FILLED, "B": FILLED}), "deze kopjes staan op de bladen A en B"),
        (in_xlsx({"A": [("Naam", "Plaats"), ("x", "y")]}), "kopregel: ontbreekt: house_id, title, unit_id"),
        (in_xlsx({"A": [*FILLED, ("c", "=1+1", "noord")]}), "blad A, cel B5: een formule zonder uitkomst"),
        (in_xlsx({"A": FILLED}, merged="C2:C3"), "blad A, cel C2: samengevoegd over meer regels"),
        (
            in_xlsx({"A": [*FILLED, ("c", "Huis", "noord", "volgend jaar")]}),
            "regel 5: valid_from moet een datum",
        ),
        (b"PK\x03\x04", "huizen.xlsx: dit bestand is niet te lezen"),
        (in_xlsx({"A": [], "B": []}), "kopregel: ontbreekt: house_id, title, unit_id"),
    ],
)
def test_a_workbook_in_which_not_everything_can_be_read_is_refused_with_its_cell(
    tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "huizen.xlsx"
    file.write_bytes(content)

    with pytest.raises(RegisterError, match=re.escape(told)):
        read_houses(file)


@pytest.mark.parametrize("text", ["20270701", "volgend jaar", "31-2-2027"])
def test_a_day_that_is_none_is_told_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "huizen.csv"
    file.write_text(f"house_id;title;unit_id;valid_from\na;A;noord;{text}\n")

    with pytest.raises(RegisterError, match="regel 2: valid_from moet een datum zijn, bijvoorbeeld"):
        read_houses(file)


@pytest.mark.parametrize("text", ["007", "1-2", "1e5", "3 mei 2027", "'2027", "WAAR", "-1", "2027", "50%"])
def test_a_name_that_a_spreadsheet_program_would_write_otherwise_is_marked_as_text(text: str) -> None:
    house = House(house_id="a", title=text, unit_id="noord")

    assert f"a;'{text};noord" in write_houses_csv([house], {"a": 1}).decode("utf-8-sig")
