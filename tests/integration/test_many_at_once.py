"""Many hand in for one house at once: every version that was acknowledged is there, once and whole."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from itertools import repeat
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from assessment.errors import ConflictError
from assessment.model.scale import Perspective
from assessment.service.formulas import FormulaEdit, change_formulas
from assessment.service.installation import Installation
from assessment.service.intake import FileOutcome, NamedFile, hand_in, hand_in_files
from assessment.store.submissions import StoredVersion, find_versions, load_current
from tests.conftest import NOW, installation_at
from tests.integration.test_formula_sheet import change_all, put
from tests.reading import reading, write_form

WHOSE = ("2026-najaar", "waterwolde", Perspective.HOUSE)
FILES, THREADS = 24, 4
PLACEHOLDER = b"hier staat het nummer"


@pytest.fixture
def files(demo: Installation) -> list[NamedFile]:
    """The questionnaire of one house, with something else written in it every time."""
    book = load_workbook(BytesIO(write_form(demo, "waterwolde", "2026-najaar", Perspective.HOUSE)))
    book["LOS"]["D5"], book["LOS"]["E5"] = "Ja, voor alle", PLACEHOLDER.decode()
    stream = BytesIO()
    book.save(stream)
    return [NamedFile(f"{number}.xlsx", write_number(stream, number)) for number in range(FILES)]


def write_number(workbook: BytesIO, number: int) -> bytes:
    stream = BytesIO()
    with ZipFile(workbook) as source, ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(PLACEHOLDER, f"nummer {number}".encode()))
    return stream.getvalue()


def list_versions(installation: Installation) -> list[StoredVersion]:
    with installation.store.reading() as session:
        return find_versions(session, *WHOSE)[::-1]


def hand_in_at_once(demo: Installation, files: list[NamedFile]) -> list[FileOutcome]:
    """Hand in through two installations on one database, as two processes have, each in several threads."""
    with (
        closing(installation_at(demo.settings.database_url)) as other,
        ThreadPoolExecutor(2 * THREADS) as threads,
    ):
        desks = [demo, other] * (len(files) // 2)
        return list(threads.map(hand_in, desks, files, repeat(NOW)))


def test_many_different_files_become_consecutive_versions(demo: Installation, files: list[NamedFile]) -> None:
    acknowledged = hand_in_at_once(demo, files)

    stored = list_versions(demo)
    assert [each.version for each in stored] == list(range(1, FILES + 2))
    assert {each.submission_id: each.file.sha256 for each in acknowledged} == {
        each.submission_id: each.file_sha256 for each in stored[1:]
    }
    for each in acknowledged:
        answer, *others = reading(demo).find_submission(each.submission_id).answers
        assert (answer.option_id, answer.explanation) == (
            "a",
            f"nummer {each.file.name.removesuffix('.xlsx')}",
        )
        assert others == []
    with demo.store.reading() as session:
        current = load_current(session, *WHOSE)
    assert current is not None
    assert current.version == FILES + 1


def test_the_same_file_many_times_at_once_becomes_one_version(
    demo: Installation, files: list[NamedFile]
) -> None:
    acknowledged = hand_in_at_once(demo, files[:1] * FILES)

    assert [each.already for each in acknowledged].count(False) == 1
    assert {each.submission_id for each in acknowledged} == {"2026-najaar.waterwolde.huis.2"}
    assert [each.version for each in list_versions(demo)] == [1, 2]


def test_of_many_files_that_change_one_formula_at_once_one_is_taken(demo: Installation) -> None:
    """The others are refused whole, answers and all, and told what stands there now."""
    change_formulas(demo, [FormulaEdit("waterwolde", "buurt", {"title": "Buurt"})], NOW)
    form = write_form(demo, "waterwolde", "2026-najaar", Perspective.HOUSE)
    files = [change_all(form, put("Formules", 1, Vraagstuk=f"van {number}")) for number in range(THREADS)]
    before = len(list_versions(demo))

    with ThreadPoolExecutor(THREADS) as threads:
        outcomes = list(threads.map(lambda file: next(hand_in_files(demo, [file], NOW)), files))

    (taken,) = [place for place, each in enumerate(outcomes) if each.error is None]
    theme = reading(demo).find_formula("waterwolde", "buurt").formula.theme
    assert theme == f"van {taken}"
    refused = [each.error for each in outcomes if each.error is not None]
    assert {type(error) for error in refused} == {ConflictError}
    assert all(f"nu '{theme}', van u 'van " in str(error) for error in refused)
    assert len(list_versions(demo)) == before + 1
