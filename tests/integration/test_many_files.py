"""A folder with every kind of file goes through `load` in one call; its receipts tell how to repair it."""

import os
import re
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessment.model.receipt import RowClass
from assessment.model.scale import ASKED, Perspective
from assessment.model.sheets import RECEIPT_SHEET
from assessment.service.installation import Installation
from assessment.service.intake import (
    FileOutcome,
    NamedFile,
    check_files,
    hand_in,
    hand_in_files,
)
from assessment.service.receipts import make_receipt
from assessment.tables.formats import format_answered
from assessment.writers.questionnaire import WRITERS
from tests.conftest import NOW, count_submissions, installation_at
from tests.odd_files import OddFile, list_odd_files
from tests.reading import write_form

HOUSE, ROUND = "klaverlo", "2026-najaar"


@pytest.fixture(scope="module")
def odd_files(demo_file: Path) -> list[OddFile]:
    """Made once, whatever databases they then go to."""
    filled = installation_at(f"sqlite:///{demo_file.as_posix()}")
    house, police = (write_form(filled, HOUSE, ROUND, perspective) for perspective in ASKED)
    table = write_form(filled, HOUSE, ROUND, Perspective.HOUSE, WRITERS[".csv"])
    filled.close()
    return list(list_odd_files(house, police, table))


@pytest.fixture(scope="module")
def checked(opened: Installation, odd_files: list[OddFile]) -> dict[str, FileOutcome]:
    named = [NamedFile(file.name, file.content) for file in odd_files]
    return {found.file.name: found for found in check_files(opened, named, NOW.date())}


def tell(found: FileOutcome) -> str:
    """All that a user reads about a file."""
    told = [str(found.error or "")]
    if found.receipt is not None:
        receipt = found.receipt
        told.append(f"{format_answered(receipt.answered)}, {receipt.deviations} bewust anders")
        told += [f"{count} {row_class.dutch}" for (_, row_class), count in receipt.counts.items()]
        told += [issue.message for issue in receipt.issues]
    return "\n".join(told)


def test_every_file_gets_its_own_message_and_only_the_sound_ones_are_stored(
    demo: Installation, odd_files: list[OddFile]
) -> None:
    before = count_submissions(demo)

    found = list(hand_in_files(demo, [NamedFile(file.name, file.content) for file in odd_files], NOW))

    assert len(odd_files) > 60
    assert [each.file.name for each in found] == [file.name for file in odd_files]
    wrong = {
        file.name: tell(each)[:200]
        for file, each in zip(odd_files, found, strict=True)
        if file.told not in tell(each) or bool(each.submission_id) is not file.stored
    }
    assert wrong == {}
    new = {each.submission_id for each in found if each.submission_id and not each.already}
    assert count_submissions(demo) == before + len(new)


@pytest.mark.sqlite
def test_the_folder_goes_through_the_command_and_again_changes_nothing(
    demo: Installation, odd_files: list[OddFile], tmp_path: Path
) -> None:
    folder, receipts = tmp_path / "post", tmp_path / "terug"
    (folder / "noord").mkdir(parents=True)
    for place, file in enumerate(odd_files):
        (folder / ("noord" if place % 2 else "") / file.name).write_bytes(file.content)
    (folder / ".verborgen").write_bytes(b"x")
    address = demo.settings.database_url
    command = [sys.executable, "-m", "assessment", "load", str(folder)]
    environment = {**os.environ, "KADERSCAN_DATABASE_URL": address, "PYTHONUTF8": "1"}

    runs = [
        subprocess.run(
            [*command, *extra], check=False, capture_output=True, text=True, encoding="utf-8", env=environment
        )
        for extra in (["--receipts", str(receipts)], [])
    ]

    assert runs[0].returncode not in {0, 1}
    assert "Traceback" not in runs[0].stderr
    summary = runs[0].stderr.strip().splitlines()[-1]
    assert summary.startswith(f"{len(odd_files)} bestanden: ")
    assert len(list(receipts.rglob("*.xlsx"))) == len(odd_files)
    stored = re.search(r"(\d+) bewaard", summary)
    again = runs[1].stderr.strip().splitlines()[-1]
    assert stored is not None
    assert re.search(r"\d+ bewaard", again) is None
    assert "was al bewaard" in again


@pytest.mark.sqlite
@pytest.mark.filterwarnings("ignore:Cell E4 is marked as a date")
def test_every_row_of_every_workbook_is_accounted_for(checked: dict[str, FileOutcome]) -> None:
    """Count the rows that say something with another reader than ours."""
    for name, found in checked.items():
        if found.receipt is None or not name.endswith(".xlsx"):
            continue
        book = load_workbook(BytesIO(found.file.content))
        rows = {
            (sheet.title, row[0].row or 0)
            for sheet in book.worksheets
            for row in sheet.iter_rows(max_row=min(sheet.max_row, 200), max_col=10)
            if any(cell.value is not None and str(cell.value).strip() for cell in row)
        }
        counted = Counter((row.sheet, row.number) for row in found.receipt.rows)
        lacking = rows - counted.keys()
        assert {place for place in lacking if not _only_a_formula(book, place)} == set(), name
        assert max(counted.values()) == 1, name
        assert found.receipt.count(*RowClass) == len(counted), name


def _only_a_formula(book: Workbook, place: tuple[str, int]) -> bool:
    """openpyxl stored our own progress formulas without their values: then the row shows nothing."""
    return all(cell.value is None or cell.data_type == "f" for cell in book[place[0]][place[1]])


@pytest.mark.sqlite
def test_what_is_counted_on_a_receipt_adds_up(checked: dict[str, FileOutcome], opened: Installation) -> None:
    found = checked["fout-geen-keuze.xlsx"]

    sheet = load_workbook(BytesIO(make_receipt(opened, found).content))[RECEIPT_SHEET]

    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == "Elke rij geteld")
    end = next(place for place in range(start, len(rows)) if rows[place][0] == "alle rijen") + 1
    table = rows[start + 2 : end]
    counts = [[int(str(value or 0)) for value in row[1:5]] for row in table]
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1]
    listed = [row for row in rows[end:] if row[1] and str(row[1]).isdigit() and row[4]]
    assert len(listed) == sum(counts[-1])


@pytest.mark.sqlite
def test_a_receipt_is_the_own_file_with_marks_and_everything_else_in_it(
    checked: dict[str, FileOutcome], opened: Installation
) -> None:
    found = checked["fout-geen-keuze.xlsx"]

    receipt = make_receipt(opened, found)

    assert (receipt.name, receipt.marked) == ("fout-geen-keuze.ontvangst.xlsx", True)
    before, after = load_workbook(BytesIO(found.file.content)), load_workbook(BytesIO(receipt.content))
    assert after.sheetnames == [*before.sheetnames, RECEIPT_SHEET]
    for title in before.sheetnames:
        assert _describe(after[title]) == _describe(before[title]), title
    assert set(after.defined_names) == set(before.defined_names)
    marked = after["LOS"]["D5"]
    assert marked.comment is not None
    assert "'ja, deels' is geen keuze bij LOS-1.1" in marked.comment.text
    assert marked.fill.fgColor.rgb == "00FFD8A8"


def _describe(sheet: Worksheet) -> tuple[object, ...]:
    """What must survive of a sheet: its texts, lists, protection, formats, frozen headings, print set-up."""
    formats = {
        cell.coordinate: (cell.number_format, cell.font.b, cell.protection.locked, cell.border.left.style)
        for row in sheet.iter_rows()
        for cell in row
    }
    lists = sorted((str(each.sqref), str(each.formula1)) for each in sheet.data_validations.dataValidation)
    return (
        {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None},
        formats,
        lists,
        sorted(str(each.sqref) for each in sheet.conditional_formatting),
        (sheet.protection.sheet, sheet.freeze_panes, sheet.sheet_state, sheet.print_title_rows),
        (sheet.page_setup.orientation, sheet.page_setup.paperSize),
        {name: each.width for name, each in sheet.column_dimensions.items()},
        sorted(map(str, sheet.merged_cells.ranges)),
    )


@pytest.mark.sqlite
def test_a_text_that_looks_like_a_formula_stays_text_on_a_receipt(
    checked: dict[str, FileOutcome], opened: Installation
) -> None:
    sheet = load_workbook(BytesIO(make_receipt(opened, checked["formuletekens.xlsx"]).content))[RECEIPT_SHEET]

    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"=1+1?", "-5 dagen · @verslag"} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "-")))


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["macro.xlsm", "foto-erin.xlsx", "sharepoint.xlsx", "tabel.csv"])
def test_a_file_that_cannot_be_marked_safely_gets_a_separate_receipt(
    checked: dict[str, FileOutcome], opened: Installation, name: str
) -> None:
    receipt = make_receipt(opened, checked[name])

    sheet = load_workbook(BytesIO(receipt.content))[RECEIPT_SHEET]
    texts = [row[0].value for row in sheet.iter_rows(max_row=8)]
    assert not receipt.marked
    assert any("Dit is een los ontvangstbewijs" in str(text) for text in texts)


@pytest.mark.sqlite
@pytest.mark.filterwarnings("ignore:Cell E4 is marked as a date")
def test_whoever_has_only_the_receipts_can_repair_every_file(
    demo: Installation, checked: dict[str, FileOutcome]
) -> None:
    """Do what each comment says, in the receipt itself, and hand that in."""
    broken = {
        name: found
        for name, found in checked.items()
        if found.receipt is not None and found.receipt.blocking and name not in UNREPAIRED
    }
    for name, found in broken.items():
        receipt = make_receipt(demo, found)
        assert receipt.marked, name
        book = load_workbook(BytesIO(receipt.content))
        for sheet in book.worksheets:
            comments = {cell.coordinate: cell.comment for row in sheet.iter_rows() for cell in row}
            for address, comment in comments.items():
                if comment is not None:
                    repair(sheet, address, comment.text)
        stream = BytesIO()
        book.save(stream)

        repaired = hand_in(demo, NamedFile(name, stream.getvalue()), NOW)

        assert repaired.submission_id, name

    assert len(broken) > 12


UNREPAIRED = {
    *(
        "vraag-rij-weg.xlsx",
        "vraag-blad-weg.xlsx",
        "vraag-deel-van-de-lijst.xlsx",
        "vraag-andere-uitgave.xlsx",
        "fout-kopregel-weg.xlsx",
        "fout-onmogelijke-datum.xlsx",
    ),
}
"""What is missing must come from a new questionnaire, as their receipts say; a date that no program can store
would be another one in a marked file, so its receipt is a separate one."""


def repair(sheet: Worksheet, address: str, comment: str) -> None:
    """Do what a comment says."""
    action = next(action for words, action in REMEDIES.items() if words in comment)
    action(sheet, address, comment)


def split(sheet: Worksheet, address: str, _comment: str) -> None:
    for merged in list(sheet.merged_cells.ranges):
        if address in merged:
            sheet.unmerge_cells(str(merged))


def correct_number(sheet: Worksheet, address: str, _comment: str) -> None:
    """The number that is missing stands on the receipt."""
    texts = (str(cell.value) for row in book_of(sheet)[RECEIPT_SHEET].iter_rows() for cell in row)
    sheet[address] = (
        next(text for text in texts if "niet in het bestand staan" in text).split(": ")[1].split()[0]
    )


def book_of(sheet: Worksheet) -> Workbook:
    assert isinstance(sheet.parent, Workbook)
    return sheet.parent


def take_second_away(sheet: Worksheet, address: str, _comment: str) -> None:
    first = next(cell for (cell,) in sheet["A1:A200"] if cell.value == sheet[address].value)
    if first.coordinate != address:
        take_row_away(sheet, address, "")


def take_row_away(sheet: Worksheet, address: str, _comment: str) -> None:
    for column in "ACDE" if sheet.title == "Bewust anders" else "ADEF":
        sheet[f"{column}{sheet[address].row}"] = None


def empty_row(sheet: Worksheet, address: str, _comment: str) -> None:
    for column in "CDE":
        sheet[f"{column}{sheet[address].row}"] = None


def fill_in_all(sheet: Worksheet, address: str, _comment: str) -> None:
    row = sheet[address].row
    sheet[f"D{row}"], sheet[f"E{row}"] = "stuurgroep", "31-12-2027"


def choose(sheet: Worksheet, address: str, comment: str) -> None:
    sheet[address] = comment.partition("Kies uit: '")[2].partition("'")[0]


def empty(sheet: Worksheet, address: str, _comment: str) -> None:
    sheet[address] = None


REMEDIES = {
    "Splits de cellen": split,
    "herstel het nr": correct_number,
    "Houd één regel over": take_second_away,
    "mist": fill_in_all,
    "Maak de regel leeg": empty_row,
    "Kies uit": choose,
    "Schrijf de einddatum": lambda sheet, address, _: sheet.__setitem__(address, "31-12-2027"),
    "": empty,
}
