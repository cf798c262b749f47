"""What several tests need: an installation of their own, the demo, and what this machine can do."""

import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from assessment.cli import main
from assessment.service.demo import fill_demo
from assessment.service.installation import Installation, open_installation
from assessment.settings import Settings
from assessment.store.tables import SubmissionRow

NOW = datetime.fromisoformat("2026-11-22T12:00")
NEEDS = {
    "browser": ("Chromium", ("chromium", "chromium-browser", "google-chrome")),
    "office": ("LibreOffice", ("soffice",)),
}


def find_program(marker: str) -> str | None:
    """Where the program is that tests with this marker need, or None."""
    return next((path for name in NEEDS[marker][1] if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run, and remember how much that is."""
    missing = {marker for marker in NEEDS if find_program(marker) is None}
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    config.stash[_LEFT_OUT] = [NEEDS[marker][0] for marker in sorted(missing)] if left_out else []
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in one line what was left out."""
    if programs := config.stash.get(_LEFT_OUT, []):
        terminalreporter.write_line(
            f"Left out, because this machine lacks it: tests with {', '.join(programs)}."
        )


_LEFT_OUT = pytest.StashKey[list[str]]()


def installation_at(path: Path) -> Installation:
    """An installation on an SQLite file."""
    return open_installation(Settings(database_url=f"sqlite:///{path.as_posix()}"))


def count_submissions(installation: Installation) -> int:
    """How many submissions are stored."""
    with installation.store.reading() as session:
        return session.scalar(select(func.count()).select_from(SubmissionRow)) or 0


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An empty installation."""
    opened = installation_at(tmp_path / "proef.sqlite")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the whole demo; copy it before changing it."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    filled = installation_at(path)
    list(fill_demo(filled, NOW))
    filled.close()
    return path


@pytest.fixture
def demo(demo_database: Path, tmp_path: Path) -> Iterator[Installation]:
    """The demo, for one test to do with as it likes."""
    path = tmp_path / "demo.sqlite"
    shutil.copy(demo_database, path)
    opened = installation_at(path)
    yield opened
    opened.close()


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


class Run:
    """Runs `kaderscan …` on one database, as the shell would, in this process because that is faster."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def __call__(self, *words: object) -> Ended:
        self.monkeypatch.setattr(sys, "argv", ["kaderscan", *map(str, words)])
        self.capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Ended(code, *self.capsys.readouterr())


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `kaderscan …` on an empty database, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", f"sqlite:///{(tmp_path / 'leeg.sqlite').as_posix()}")
    return Run(capsys, monkeypatch)


@pytest.fixture
def on_demo(run: Run, demo: Installation, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `kaderscan …` on the demo."""
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", demo.settings.database_url)
    return run
