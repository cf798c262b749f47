"""What several tests need: an installation of their own, the demo, and what this machine can do."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
from hypothesis import settings
from sqlalchemy import func, select

from assessment.cli import main
from assessment.service.demo import fill_demo
from assessment.service.installation import Installation, open_installation
from assessment.settings import Settings
from assessment.store.audit import load_head
from assessment.store.tables import SubmissionRow
from tests.databases import Databases, Files, PostgresServer, find_postgres, make_once
from tests.disks import SmallDisk

_KINDS = {"sqlite": [], "postgres": [pytest.mark.postgres]}
SIGNING_IN = {
    "ISSUER": "https://inlog.example",
    "CLIENT_ID": "kaderscan",
    "CLIENT_SECRET": "geheim",
    "REDIRECT_URI": "http://127.0.0.1:8501/oauth2callback",
    "COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
}
"""The settings of signing in, for what needs no one who really signs in."""

NOW = datetime.fromisoformat("2026-11-22T12:00")

settings.register_profile("save", settings.get_profile("default"), max_examples=5, deadline=None)
settings.register_profile("ci", settings.get_profile("default"), max_examples=100, deadline=None)
settings.load_profile("ci" if "CI" in os.environ else "save")


def at_most(examples: int) -> settings:
    """So many random cases where the profile asks for more: each of these takes long."""
    return settings(max_examples=min(examples, settings().max_examples))


def _find_first(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _find_mount() -> str | None:
    """The program that mounts a disk, where this user may do that."""
    program = shutil.which("mount")
    with tempfile.TemporaryDirectory() as folder:
        command = [program or "false", "-t", "tmpfs", "tmpfs", folder]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            return None
        subprocess.run(["umount", folder], check=True)
    return program


NEEDS: dict[str, tuple[str, Callable[[], str | None]]] = {
    "browser": ("Chromium", partial(_find_first, "chromium", "chromium-browser", "google-chrome")),
    "nginx": ("nginx", partial(_find_first, "nginx", "/usr/sbin/nginx")),
    "office": ("LibreOffice", partial(_find_first, "soffice")),
    "postgres": ("PostgreSQL", find_postgres),
    "mount": ("a disk of its own (needs root)", _find_mount),
}


def find_program(marker: str) -> str | None:
    """Where the program is that tests with this marker need, or None."""
    return NEEDS[marker][1]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what works on a database on each kind; on one alone where a marker says so."""
    if "databases" in metafunc.fixturenames:
        only = [kind for kind in _KINDS if metafunc.definition.get_closest_marker(kind)]
        kinds = [pytest.param(kind, marks=_KINDS[kind]) for kind in only or _KINDS]
        metafunc.parametrize("databases", kinds, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run, and begin with the files whose tests take longest.

    Workers take whole files in this order (`--no-loadscope-reorder`), so that none has a long one left.
    """
    missing = {marker for marker in NEEDS if find_program(marker) is None}
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in missing)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    in_browser = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in in_browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what is left out on this machine."""
    if programs := [program for marker, (program, _) in NEEDS.items() if find_program(marker) is None]:
        terminalreporter.write_line(
            f"Left out, because this machine lacks it: tests with {', '.join(programs)}."
        )


def installation_at(address: str) -> Installation:
    """An installation on the database with this address."""
    return open_installation(Settings(database_url=address))


def count_submissions(installation: Installation) -> int:
    """How many submissions are stored."""
    with installation.store.reading() as session:
        return session.scalar(select(func.count()).select_from(SubmissionRow)) or 0


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL for all tests."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where databases come from: SQLite, and then PostgreSQL."""
    if request.param == "sqlite":
        return Files(tmp_path_factory.mktemp("databases"))
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server


@pytest.fixture(scope="session")
def empty_database(databases: Databases) -> str:
    """A database with its tables and nothing in them; copy it before changing it."""
    address = databases.make()
    installation_at(address).close()
    return address


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the whole demo, filled by the first worker that needs it; nobody changes it."""
    own = tmp_path_factory.getbasetemp()
    return make_once((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo.sqlite", _fill)


def _fill(path: Path) -> None:
    filled = installation_at(f"sqlite:///{path.as_posix()}")
    list(fill_demo(filled, NOW))
    filled.close()


@pytest.fixture(scope="session")
def demo_database(databases: Databases, demo_file: Path) -> str:
    """A database with the whole demo; copy it before changing it."""
    return databases.take_over(demo_file)


def open_copy(databases: Databases, address: str) -> Iterator[Installation]:
    """An installation on a copy that is gone afterwards."""
    copied = databases.copy(address)
    opened = installation_at(copied)
    yield opened
    opened.close()
    databases.drop(copied)


@pytest.fixture(scope="module")
def opened(databases: Databases, demo_database: str) -> Iterator[Installation]:
    """The demo, for the tests of a file together: they only read, or each changes a house of its own."""
    yield from open_copy(databases, demo_database)


@pytest.fixture
def installation(databases: Databases, empty_database: str) -> Iterator[Installation]:
    """An empty installation."""
    yield from open_copy(databases, empty_database)


@pytest.fixture
def demo(databases: Databases, demo_database: str) -> Iterator[Installation]:
    """The demo, for one test to do with as it likes."""
    yield from open_copy(databases, demo_database)


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
def runner(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `kaderscan …` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Run(capsys, monkeypatch)


@pytest.fixture
def run(runner: Run, installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `kaderscan …` on an empty database."""
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", installation.settings.database_url)
    return runner


@pytest.fixture
def provider() -> Iterator[str]:
    """Where an organisation tells of itself how it is called: https://inlog.example/."""

    class Metadata(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = {"/.well-known/openid-configuration": {"issuer": "https://inlog.example/"}}.get(self.path)
            self.send_response(200 if told else 404)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Metadata) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def kept_by_pages(databases: Databases) -> Iterator[None]:  # noqa: ARG001 - forgotten with these databases
    """What pages keep of the demo as it was filled, for all tests on one kind of database."""
    import streamlit as st  # noqa: PLC0415 - slow to load, and few tests need it

    yield
    st.cache_resource.clear()


@pytest.fixture
def nothing_kept(kept_by_pages: None) -> Iterator[None]:  # noqa: ARG001 - so that it is forgotten in between
    """For who changes how pages compute: they keep nothing of the tests before, nor for those after."""
    import streamlit as st  # noqa: PLC0415 - slow to load, and few tests need it

    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def on_pages(
    demo: Installation,
    kept_by_pages: None,  # noqa: ARG001 - forgotten after all tests
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Installation]:
    """The demo, as pages find it; what they keep goes along to the next test where nothing was stored."""
    import streamlit as st  # noqa: PLC0415 - slow to load, and few tests need it

    from assessment.ui.cache import share_installation  # noqa: PLC0415 - as above

    monkeypatch.setenv("KADERSCAN_DATABASE_URL", demo.settings.database_url)
    before = find_head(demo)
    yield demo
    share_installation().close()
    share_installation.clear()
    if find_head(demo) != before:
        st.cache_resource.clear()


def find_head(installation: Installation) -> str:
    """The end of the audit trail: whatever is stored changes it."""
    with installation.store.reading() as session:
        return str(load_head(session))


@pytest.fixture
def on_demo(runner: Run, demo: Installation, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `kaderscan …` on the demo."""
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", demo.settings.database_url)
    return runner


@pytest.fixture
def small_disk() -> Iterator[SmallDisk]:
    folder = Path(tempfile.mkdtemp(prefix="kaderscan-"))
    disk = SmallDisk(folder)
    yield disk
    disk.close()
    folder.rmdir()
