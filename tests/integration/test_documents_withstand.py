"""What leaves the house withstands what people write and what is missing: a right file or a clear message."""

import csv
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pandas as pd
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from assessment.errors import FilesRefusedError, FrameworkError
from assessment.model.answers import Deviation
from assessment.model.decisions import PlanLine
from assessment.model.scale import Perspective
from assessment.service.installation import Installation
from assessment.service.register import Asks, open_round
from assessment.service.reports import (
    DATA_FILES,
    ON_PAPER,
    TEXTS,
    PlanFile,
    refuse_unsound_texts,
    write_document,
    write_plan_files,
    write_plans,
    write_unit_bundle,
)
from assessment.service.round_scores import Which
from assessment.settings import HOME
from assessment.store.tables import HouseRow, RoundRow, UnitRow
from assessment.tables.delivery import compose_delivery
from assessment.tables.house_plan import HousePlan
from assessment.tables.joint_agenda import compose_joint_agenda
from assessment.tables.national import compose_national
from assessment.tables.plan_document import compose_partners
from tests.conftest import NOW, Run
from tests.reading import reading

pytestmark = pytest.mark.sqlite  # what is written, not where it is kept

REPORTS = HOME / "reports"
HOUSE, UNIT = "terpmark", "noord-nederland"
NAMES = {
    "signs": "<b>&amp; \"Veilig\" 'heid' #let x = $y$ {house} \\",
    "formula": '=HYPERLINK("http://x.nl";"Klik")',
    "other formula": "@SUM(1+1)*cmd|'/C calc'!A0",
    "right to left": "שלום עולם – السلام عليكم",
    "emoji": "Veilig 👮🏽‍♀️ 👨‍👩‍👧 漢字 é\N{COMBINING ACUTE ACCENT}",
    "long": "Veiligheidshuis " + "Onafgebrokenlangenaam" * 14,
    "long words": "Zorg- en Veiligheidshuis " * 12,
}
# What stands in no font of ours is printed as a box; joiners and accents apart from letters are not kept.
PRINTED = {"signs", "formula", "other formula", "long", "long words"}


def _read_docx(content: bytes) -> str:
    opened = docx.Document(BytesIO(content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return " ".join([*(each.text for each in opened.paragraphs), *cells])


def _read_xlsx(content: bytes) -> str:
    """All texts; nothing in it is a formula."""
    cells = [cell for sheet in load_workbook(BytesIO(content)) for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    return " ".join(str(cell.value) for cell in cells if cell.value is not None)


def _read_pdf(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def _read_ics(content: bytes) -> str:
    events = Calendar.from_ical(content).events
    return " ".join(f"{event['SUMMARY']} {event['DESCRIPTION']}" for event in events)


READ: dict[str, Callable[[bytes], str]] = {
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".xlsx": _read_xlsx,
    ".ics": _read_ics,
}


def squeeze(text: str) -> str:
    """A text without what a line that breaks adds or takes away."""
    return "".join(text.split()).replace("\N{NON-BREAKING HYPHEN}", "-").replace("\u200b", "")


def rename(installation: Installation, name: str) -> None:
    """Let every house, unit and round be called so."""
    with installation.store.writing() as session:
        for row in (HouseRow, RoundRow, UnitRow):
            session.query(row).update({"title": name})


def write_in(plan: HousePlan, name: str) -> HousePlan:
    """The same plan, with a text wherever somebody writes one."""
    key = plan.measures["measure_id"].iloc[0]
    line = PlanLine(house_id=HOUSE, measure_id=key, owner=name[:120], due=NOW.date(), remark=name)
    agreed = Deviation(criterion_id="POS-2", reason=name, agreed_by=name, until=NOW.date())
    told = plan.basis.submission.model_copy(update={"deviations": (agreed,)})
    return plan._replace(
        decisions=plan.decisions.with_lines([line]), basis=plan.basis._replace(submission=told)
    )


def write_all(installation: Installation, name: str) -> Iterator[tuple[str, bytes]]:
    """Every file that leaves the house, each with its name."""
    queries = reading(installation)
    planned = queries.find_roadmap(Which(None, Perspective.RECORD, unit_id=UNIT))
    plans = [
        write_in(plan, name) if plan.house.house_id == HOUSE else plan
        for plan in queries.list_house_plans(planned)
    ]
    (plan,) = (each for each in plans if each.house.house_id == HOUSE)
    card = queries.find_delivery(planned, HOUSE)
    yield from ((f"plan.{kind}", content) for kind, content in write_plan_files(plan, PlanFile, REPORTS))
    documents = {
        "partners": compose_partners(plan, card),
        "card": compose_delivery(card),
        "national": compose_national(queries.find_nation(None, Perspective.RECORD)),
        "agenda": compose_joint_agenda(queries.find_joint_agenda(None, Perspective.RECORD, HOUSE)),
    }
    for what, document in documents.items():
        yield from ((f"{what}.{kind}", write_document(document, kind, REPORTS)) for kind in ON_PAPER)
    for what, content in (
        ("unit", write_unit_bundle(planned, plans, REPORTS)),
        ("houses", write_some(plans)),
    ):
        with ZipFile(BytesIO(content)) as bundle:
            yield from ((f"{what}/{each}", bundle.read(each)) for each in bundle.namelist())


def write_some(plans: Sequence[HousePlan]) -> bytes:
    find = {plan.house: plan for plan in plans}
    return write_plans([*find], find.__getitem__, [PlanFile.XLSX, PlanFile.ICS], REPORTS, moment=NOW)


@pytest.mark.parametrize("which", NAMES)
def test_whatever_somebody_wrote_stands_as_text_in_every_file(demo: Installation, which: str) -> None:
    name = NAMES[which].strip()
    rename(demo, name)
    files = {file: content for file, content in write_all(demo, name) if Path(file).suffix in READ}

    assert len(files) == len(PlanFile) + 8 + 1 + 3 * len(PlanFile) + 3 * 2
    for file, content in files.items():
        text = squeeze(READ[Path(file).suffix](content))
        if which in PRINTED or not file.endswith(".pdf"):
            assert squeeze(name) in text, file
        assert len(text) > 500 or file.endswith(".ics"), file


@pytest.mark.parametrize("which", ["signs", "formula", "other formula", "emoji", "long"])
def test_open_data_hold_whatever_somebody_wrote_and_no_formula(demo: Installation, which: str) -> None:
    name = NAMES[which]
    rename(demo, name)
    data = reading(demo).find_open_data(Which(None, Perspective.RECORD))

    sealed = json.loads(DATA_FILES[".json"](data))
    with ZipFile(BytesIO(DATA_FILES[".zip"](data))) as bundle:
        text = bundle.read("csv/huizen.csv").decode("utf-8-sig")
        table = pd.read_parquet(BytesIO(bundle.read("parquet/huizen.parquet")))

    houses = list(csv.DictReader(StringIO(text), delimiter=";"))
    assert [column for column, text in houses[0].items() if name in text]
    assert not [text for row in houses for text in row.values() if text.startswith(("=", "+", "@"))]
    assert [column for column in table if (table[column] == name).all()]
    assert sealed["round_id"] == "2026-najaar"  # names stand in none of it


def open_unanswered(demo: Installation) -> None:
    day = date(2026, 11, 20)
    open_round(demo, ("proef", "Proef"), (day, day), Asks(("politie/1.1",), (HOUSE,)), NOW)


@pytest.mark.parametrize(
    "words",
    [
        *(("plan", "--house", HOUSE, "--format", kind) for kind in PlanFile),
        ("plan", "--unit", UNIT, "--bundle"),
        ("plan", "--all", "--format", "pdf"),
        ("report", "--house", HOUSE),
        ("report", "--all"),
    ],
    ids=" ".join,
)
def test_a_house_without_answers_has_no_file_and_a_message_that_says_so(
    on_demo: Run, demo: Installation, tmp_path: Path, words: tuple[str, ...]
) -> None:
    open_unanswered(demo)

    ended = on_demo(*words, "--round", "proef", "-o", tmp_path / "uit")

    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr
    assert "ingeleverd" in ended.stderr
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("plan.yaml", ("plan", "--house", HOUSE, "--format", "xlsx")),
        ("plan.yaml", ("plan", "--unit", UNIT, "--bundle")),
        ("plan.yaml", ("report", "--house", HOUSE)),
        ("delivery.yaml", ("report", "--house", HOUSE)),
        ("national.yaml", ("report", "--all")),
        ("joint_agenda.yaml", ("report", "--house", HOUSE, "--driehoek")),
        ("open_data.yaml", ("data",)),
        ("document.typ", ("plan", "--house", HOUSE, "--format", "pdf")),
        ("looks.typ", ("plan", "--house", HOUSE, "--format", "pdf")),
        ("document.typ", ("plan", "--unit", UNIT, "--bundle")),
        ("document.typ", ("report", "--house", HOUSE, "--format", "pdf")),
        ("document.typ", ("report", "--all", "--format", "pdf")),
        ("curve.typ", ("report", "--all", "--format", "docx")),
        ("looks.typ", ("report", "--all", "--format", "docx")),
    ],
    ids=lambda each: each if isinstance(each, str) else " ".join(each),
)
def test_a_broken_template_is_named_and_writes_nothing(
    on_demo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, words: tuple[str, ...]
) -> None:
    reports = Path(shutil.copytree(REPORTS, tmp_path / "reports"))
    (reports / template).write_text("#nergens: [", encoding="utf-8")
    for name in ("questionnaires", "data"):
        (tmp_path / name).symlink_to(HOME / name)
    monkeypatch.setenv("KADERSCAN_CONTENT_FOLDER", str(tmp_path))

    ended = on_demo(*words, "-o", tmp_path / ("uit.zip" if words[0] == "data" else "uit"))

    assert ended.returncode == FrameworkError.exit_code, ended.stderr
    assert template in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not [path for path in tmp_path.glob("uit*") if path.is_file() or list(path.iterdir())]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A copy of the texts and templates, to spoil."""
    return Path(shutil.copytree(REPORTS, tmp_path / "reports"))


def test_the_texts_as_they_are_given_are_sound(reports: Path) -> None:
    refuse_unsound_texts(reports)

    assert set(TEXTS) == {path.name for path in reports.glob("*.yaml")}


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("plan.yaml", "introduction:", "inleiding: [x]\nintroduction:", "inleiding is geen bekend veld"),
        ("plan.yaml", "{house}", "{huis}", "tussen { } kan alleen staan: {house}, {unit}"),
        ("national.yaml", "{finding}", "{vondst}", "tussen { } kan alleen staan: {finding}"),
        ("reminder.yaml", "{deadline}", "{datum}", "tussen { } kan alleen staan: {round}"),
        ("open_data.yaml", "dutch: het thema", "deutsch: het thema", "common › theme_id › dutch ontbreekt"),
        ("delivery.yaml", "title:", "titel:", "title ontbreekt"),
        ("document.typ", "document-in.made", "document-in.maker", "zo is het document niet te maken"),
        ("document.typ", "answer.beside", "answer.naast", "zo is het document niet te maken"),
        ("curve.typ", "given.years", "given.jaren", "zo is het document niet te maken"),
        ("looks.typ", "#let ink-soft", "#let inkt-zacht", "zo is het document niet te maken"),
    ],
)
def test_a_text_that_is_not_sound_is_told_with_its_place_before_it_is_needed(
    reports: Path, name: str, old: str, new: str, fault: str
) -> None:
    given = (reports / name).read_text("utf-8")
    assert old in given
    (reports / name).write_text(given.replace(old, new), "utf-8")

    with pytest.raises(FilesRefusedError) as refusal:
        refuse_unsound_texts(reports)

    first, *_, remedy = str(refusal.value).splitlines()
    assert first.startswith(str(reports))
    assert fault in str(refusal.value)
    assert remedy.startswith("Verbeter dit, of zet het bestand terug")


def test_of_several_files_every_fault_is_told(reports: Path) -> None:
    (reports / "plan.yaml").unlink()
    (reports / "reminder.yaml").write_text("subject: 1\n", "utf-8")
    (reports / "document.typ").unlink()

    with pytest.raises(FilesRefusedError) as refusal:
        refuse_unsound_texts(reports)

    told = str(refusal.value)
    assert f"{reports / 'plan.yaml'}: kan het bestand niet lezen (het bestaat niet)" in told
    assert f"{reports / 'reminder.yaml'}: subject moet een tekst zijn" in told
    assert f"{reports / 'document.typ'}: kan het bestand niet lezen" in told
