"""A questionnaire of ours in LibreOffice: opened, answers chosen, saved, and loaded again."""

import shutil
import subprocess
import textwrap
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import pytest
from openpyxl import load_workbook

from assessment.model.formula_sheet import FORMULA_SHEET
from assessment.model.register import House
from assessment.model.scale import Perspective
from assessment.model.sheets import RECEIPT_SHEET
from assessment.service.formulas import FormulaEdit, change_formulas
from assessment.service.installation import Installation
from assessment.service.intake import NamedFile, check_files, hand_in
from assessment.service.receipts import make_receipt
from assessment.service.register import import_houses
from assessment.service.round_scores import score_round, select_houses
from assessment.tables.formulas import list_matrix
from assessment.writers.downloads import write_houses_csv
from tests.conftest import NOW, find_program
from tests.reading import reading, write_form

pytestmark = [pytest.mark.office, pytest.mark.sqlite]

CHOSEN = {"INV.D5": "Ja, allemaal", "INV.D6": "Ja, maar u kent die niet", "LOS.D5": "Ja, voor alle"}
FILL_IN = """
    import os, sys, time, uno
    from com.sun.star.beans import PropertyValue

    def value(name, content):
        made = PropertyValue()
        made.Name, made.Value = name, content
        return made

    address, source, target, *choices = sys.argv[1:]
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(120):
        try:
            remote = resolver.resolve(address)
            break
        except Exception:
            time.sleep(0.5)
    desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    book = desktop.loadComponentFromURL(source, "_blank", 0, (value("Hidden", True),))
    for choice in choices:
        place, text = choice.split("=", 1)
        sheet, cell = place.split(".")
        book.Sheets.getByName(sheet).getCellRangeByName(cell).setString(text)
    book.storeToURL(target, (value("FilterName", "Calc MS Excel 2007 XML"),))
    book.close(True)
    try:
        desktop.terminate()
    finally:
        os._exit(0)  # the bridge is gone; an orderly end could trip over it
"""


def fill_in_with_office(
    source: Path, target: Path, folder: Path, chosen: Mapping[str, str] = MappingProxyType(CHOSEN)
) -> None:
    """Let LibreOffice open a workbook, fill in cells, and save it as .xlsx."""
    pipe = f"kaderscan{folder.name.replace('-', '')}"
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    script = folder / "fill_in.py"
    script.write_text(textwrap.dedent(FILL_IN), encoding="utf-8")
    office = subprocess.Popen(
        [
            *(str(find_program("office")), "--headless", "--norestore", "--nologo"),
            *(f"-env:UserInstallation={(folder / 'profile').as_uri()}", f"--accept=pipe,name={pipe};urp"),
        ]
    )
    try:
        python = shutil.which("python3", path="/usr/bin") or "python3"
        choices = [f"{place}={text}" for place, text in chosen.items()]
        subprocess.run(
            [python, script, address, source.as_uri(), target.as_uri(), *choices], check=True, timeout=180
        )
    finally:
        office.terminate()
        office.wait(30)


def save_again_with_office(source: Path, folder: Path, *shapes: str) -> Path:
    """Let LibreOffice open a file and save it in another shape, and that in the next; with Dutch settings."""
    for number, shape in enumerate(shapes):
        office = (str(find_program("office")), f"-env:UserInstallation={(folder / 'profile').as_uri()}")
        into = folder / str(number)
        command = [*office, "--headless", "--convert-to", shape, "--outdir", str(into)]
        read_as = ["--infilter=CSV:59,34,76,1,,1043,false,true"] if source.suffix == ".csv" else []
        subprocess.run([*command, *read_as, source], check=True, timeout=180)
        source = into / f"{source.stem}.{shape.partition(':')[0]}"
    return source


SEMICOLONS = "csv:Text - txt - csv (StarCalc):59,34,76,1,,1043,false,true,false"
WINDOWS_LETTERS = "csv:Text - txt - csv (StarCalc):44,34,1,1,,1043,false,true,false"


@pytest.mark.parametrize("shapes", [(SEMICOLONS,), ("xlsx", WINDOWS_LETTERS), ("ods", SEMICOLONS)])
def test_houses_that_libreoffice_saved_come_back_as_they_were(
    installation: Installation, tmp_path: Path, shapes: tuple[str, ...]
) -> None:
    names = ("Huis Één", "007", "1-2", "3 mei 2027", "=A1", '\'s-Graven; "Huis"', "WAAR")
    days = {"valid_from": date(2027, 7, 1), "valid_to": date(2031, 2, 28)}
    merged = House(house_id="1e5", title="Huis", unit_id="limburg", **days)
    named = ({"house_id": f"0{number}", "title": name, "source": name} for number, name in enumerate(names))
    houses = (merged, *(merged.model_copy(update={**facts, "merged_into": "1e5"}) for facts in named))
    source = tmp_path / "huizen.csv"
    source.write_bytes(write_houses_csv(houses, {house.house_id: 1 for house in houses}))

    import_houses(installation, save_again_with_office(source, tmp_path, *shapes), NOW)

    assert {house.house_id: house for house in installation.register().houses} == {
        house.house_id: house for house in houses
    }


def test_a_questionnaire_filled_in_by_libreoffice_scores_as_by_hand(
    demo: Installation, tmp_path: Path
) -> None:
    source, target = tmp_path / "leeg.xlsx", tmp_path / "ingevuld.xlsx"
    source.write_bytes(write_form(demo, "veenrijk", None, Perspective.HOUSE))

    fill_in_with_office(source, target, tmp_path)
    stored = hand_in(demo, NamedFile(target.name, target.read_bytes()), NOW)

    scores = select_houses(score_round(demo, None, Perspective.HOUSE, NOW.date()), ["veenrijk"])
    verdicts = dict(zip(scores.criteria["criterion_id"], scores.criteria["verdict"], strict=True))
    low = dict(zip(scores.criteria["criterion_id"], scores.criteria["low"], strict=True))
    assert stored.receipt is not None
    assert stored.receipt.answered.answered == 3
    assert (verdicts["INV-1"], low["INV-1"]) == ("partly", 0.75)
    assert verdicts["LOS-1"] == "undetermined"
    assert scores.totals["low"].item() == pytest.approx(0.75 / 26)


def test_drop_downs_and_protection_survive_libreoffice(demo: Installation, tmp_path: Path) -> None:
    source, target = tmp_path / "leeg.xlsx", tmp_path / "ingevuld.xlsx"
    source.write_bytes(write_form(demo, "veenrijk", None, Perspective.HOUSE))

    fill_in_with_office(source, target, tmp_path)

    sheet = load_workbook(BytesIO(target.read_bytes()))["LOS"]
    assert sheet.protection.sheet
    assert not sheet["D6"].protection.locked
    assert sheet["B6"].protection.locked
    assert len(sheet.data_validations.dataValidation) >= 1


def test_a_marked_receipt_opens_in_libreoffice_with_its_lists_and_remarks(
    demo: Installation, tmp_path: Path
) -> None:
    book = load_workbook(BytesIO(write_form(demo, "veenrijk", None, Perspective.HOUSE)))
    book["LOS"]["D5"] = "ja, deels"
    stream = BytesIO()
    book.save(stream)
    checked = next(check_files(demo, [NamedFile("veenrijk.xlsx", stream.getvalue())], NOW.date()))
    source, target = tmp_path / "ontvangst.xlsx", tmp_path / "bewaard.xlsx"
    source.write_bytes(make_receipt(demo, checked).content)

    fill_in_with_office(source, target, tmp_path)

    after = load_workbook(target)
    remark = after["LOS"]["D5"].comment
    assert remark is not None
    assert "is geen keuze bij LOS-1.1" in remark.text
    for sheet in book.worksheets:
        lists = len(sheet.data_validations.dataValidation)
        assert (len(after[sheet.title].data_validations.dataValidation) > 0) is (lists > 0), sheet.title
    assert after["LOS"].protection.sheet
    assert RECEIPT_SHEET in after.sheetnames
    assert hand_in(demo, NamedFile("bewaard.xlsx", target.read_bytes()), NOW).submission_id


def test_three_formulas_changed_in_libreoffice_come_back_and_show_in_the_matrix(
    demo: Installation, tmp_path: Path
) -> None:
    edits = [
        FormulaEdit("veenrijk", formula_id, {"title": formula_id, "theme": formula_id})
        for formula_id in ("jeugd", "drugs", "buurt")
    ]
    change_formulas(demo, edits, NOW)
    source, target = tmp_path / "leeg.xlsx", tmp_path / "ingevuld.xlsx"
    source.write_bytes(write_form(demo, "veenrijk", None, Perspective.HOUSE))
    sheet = load_workbook(source)[FORMULA_SHEET]
    first = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == "Wie wat inzet")
    row = first + 2
    police = {"A": "jeugd", "B": "Politie", "C": "kernpartner", "D": "signaleert", "F": "1,5", "G": "fte"}
    school = {"A": "drugs", "B": "Scholen", "C": "onderwijs", "D": "meldt verzuim", "F": "2.000"}
    typed = {f"{FORMULA_SHEET}.{column}{row}": text for column, text in police.items()}
    typed |= {f"{FORMULA_SHEET}.{column}{row + 1}": text for column, text in school.items()}
    typed |= {f"{FORMULA_SHEET}.G{row + 1}": "uur per jaar", f"{FORMULA_SHEET}.D6": "buurtpreventie"}

    fill_in_with_office(source, target, tmp_path, typed)
    handed_in = hand_in(demo, NamedFile(target.name, target.read_bytes()), NOW)

    assert handed_in.formulas == 3
    matrix = list_matrix(reading(demo).find_formula_picture("veenrijk").shares)
    assert matrix.to_dict("records") == [
        {"Vraagstuk": "drugs", "Politie": "", "Scholen": "meldt verzuim, 2.000 uur per jaar"},
        {"Vraagstuk": "jeugd", "Politie": "signaleert, 2.808 uur per jaar", "Scholen": ""},
    ]
    assert reading(demo).find_formula("veenrijk", "buurt").formula.theme == "buurtpreventie"
