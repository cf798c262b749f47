"""A loader that is killed, a full disk, a folder with receipts: nothing half, nothing twice."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from assessment.cli.intake import find_files, follow
from assessment.errors import StoreError
from assessment.service.installation import Installation
from assessment.service.intake import FileOutcome, NamedFile, hand_in, hand_in_files
from assessment.store.submissions import load_submission
from assessment.store.tables import AnswerRow, DeviationRow, SubmissionEventRow, SubmissionRow
from tests.conftest import NOW, count_submissions, installation_at
from tests.databases import Databases

QUIET = subprocess.DEVNULL
DEMO_FILES = Path(__file__).parents[2] / "data" / "demo" / "2026-najaar"


@pytest.fixture
def before_files(demo: Installation) -> Installation:
    """The demo as it is before the files of the newest round come in."""
    with demo.store.writing() as session:
        for table in (AnswerRow, DeviationRow, SubmissionEventRow, SubmissionRow):
            session.execute(delete(table).where(table.submission_id.startswith("2026-najaar.")))
    return demo


def read_stored(installation: Installation) -> dict[str, int]:
    """How many answers each submission of the newest round has."""
    with installation.store.reading() as session:
        stored = session.scalars(select(SubmissionRow.submission_id).filter_by(round_id="2026-najaar")).all()
        found = {key: load_submission(session, key) for key in stored}
    return {key: len(each.answers) for key, each in found.items() if each is not None}


def test_a_folder_gives_its_files_but_not_what_is_hidden_or_ours(tmp_path: Path) -> None:
    for name in ("b.xlsx", "a.xlsx", "noord/c.xlsx", ".DS_Store", "terug/a.ontvangst.xlsx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()

    names = [source.name for source in find_files([tmp_path], tmp_path / "terug")]

    assert names == ["a.xlsx", "b.xlsx", str(Path("noord", "c.xlsx"))]


@pytest.mark.parametrize("kills", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_a_loader_killed_at_any_moment_leaves_every_file_whole_or_not_at_all(
    before_files: Installation, databases: Databases, kills: int
) -> None:
    before_files.close()
    before = before_files.settings.database_url
    complete = _load_all(databases.copy(before))
    dice = random.Random(3)  # noqa: S311 - moments, not secrets
    command = [sys.executable, "-m", "assessment", "load", str(DEMO_FILES)]
    database = databases.copy(before)

    for _ in range(kills):
        if len(read_counts(database)) == len(complete):
            databases.drop(database)
            database = databases.copy(before)
        environment = {**os.environ, "KADERSCAN_DATABASE_URL": database}
        loader = subprocess.Popen(command, env=environment, stdout=QUIET, stderr=QUIET)
        time.sleep(dice.uniform(0.8, 2.2))
        loader.kill()
        loader.wait()
        assert read_counts(database).items() <= complete.items()

    environment = {**os.environ, "KADERSCAN_DATABASE_URL": database}
    subprocess.run(command, env=environment, check=True, stdout=QUIET, stderr=QUIET)
    assert read_counts(database) == complete


def _load_all(database: str) -> dict[str, int]:
    """What is stored when nobody kills the loader."""
    whole = installation_at(database)
    files = [NamedFile(file.name, file.read_bytes()) for file in sorted(DEMO_FILES.glob("*.xlsx"))]
    assert all(each.submission_id for each in hand_in_files(whole, files, NOW))
    stored = read_stored(whole)
    whole.close()
    return stored


def read_counts(database: str) -> dict[str, int]:
    opened = installation_at(database)
    try:
        return read_stored(opened)
    finally:
        opened.close()


@pytest.mark.sqlite
def test_a_full_disk_leaves_nothing_half_and_says_so(before_files: Installation) -> None:
    """SQLite's own limit on pages stands in for the disk: it gives the very same error."""
    before = count_submissions(before_files)
    file = NamedFile("waterwolde.xlsx", (DEMO_FILES / "2026-najaar_waterwolde_huis.xlsx").read_bytes())
    with before_files.store.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM answers WHERE 0")
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    _limit_pages(before_files, pages)
    _use_up_free_pages(before_files)

    with pytest.raises(
        StoreError, match=r"De database doet het niet: de schijf is vol\. Er is niets bewaard\."
    ):
        hand_in(before_files, file, NOW)

    assert count_submissions(before_files) == before
    _limit_pages(before_files, 2**30)
    assert hand_in(before_files, file, NOW).submission_id


def _use_up_free_pages(installation: Installation) -> None:
    """What was deleted left room inside the file."""
    with installation.store.writing() as session:
        connection = session.connection()
        connection.exec_driver_sql("CREATE TABLE filling (x BLOB)")
        while connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() > 1:
            connection.exec_driver_sql("INSERT INTO filling VALUES (zeroblob(3000))")


def _limit_pages(installation: Installation, pages: int) -> None:
    with installation.store.writing() as session:
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")


def test_stopping_half_way_tells_what_is_done_and_what_is_not(
    before_files: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    file = NamedFile("waterwolde.xlsx", (DEMO_FILES / "2026-najaar_waterwolde_huis.xlsx").read_bytes())

    def interrupted() -> Iterator[FileOutcome]:
        yield hand_in(before_files, file, NOW)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(before_files, interrupted(), None, 3)

    assert "3 bestanden: 1 bewaard, 2 nog niet gedaan (draai de opdracht opnieuw" in capsys.readouterr().err
