"""The settings, and how what they say reaches the database and the dashboard."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assessment.errors import SettingsError, StoreError
from assessment.settings import SETTINGS_FILE, Settings, list_settings, read_settings
from assessment.store.engine import open_store
from tests.conftest import Run

SECRET = "hunter2"  # noqa: S105 - invented


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user, without any setting."""
    monkeypatch.delenv("KADERSCAN_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_is_meant_from_the_folder_of_the_user(folder: Path) -> None:
    found = Settings(database_url="sqlite:///map/x.sqlite", content_folder=Path("inhoud"))

    assert found.database_url == f"sqlite:///{folder.as_posix()}/map/x.sqlite"
    assert found.content_folder == folder / "inhoud"
    assert Settings(database_url="sqlite://").database_url == "sqlite://"
    assert Settings(database_url="postgresql://u:p@h/d").database_url == "postgresql://u:p@h/d"


@pytest.mark.sqlite
@pytest.mark.skipif(os.name != "posix", reason="another program takes over on POSIX only")
def test_the_dashboard_gets_the_very_same_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[dict[str, str]] = []

    def become(_path: str, _words: list[str], environment: dict[str, str]) -> None:
        started.append(environment)
        sys.exit(0)

    monkeypatch.setenv("KADERSCAN_DATABASE_URL", "sqlite:///eigen.sqlite")
    monkeypatch.setattr(os, "execve", become)

    run("serve", "--no-browser")

    assert started[0]["KADERSCAN_DATABASE_URL"] == f"sqlite:///{tmp_path.as_posix()}/eigen.sqlite"
    assert (tmp_path / "eigen.sqlite").is_file()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(port: int, *, opened: bool) -> bool:
    for _ in range(300):
        if is_open(port) is opened:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(os.name != "posix", reason="signals end a program on POSIX only")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stopping_serve_stops_the_dashboard(tmp_path: Path, how: signal.Signals) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "assessment", "serve", "--no-browser", "--port", str(port)]
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"KADERSCAN_DATABASE_URL": "sqlite:///x.sqlite", "PYTHONPATH": path}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    try:
        assert wait_until(port, opened=True)
    finally:
        process.send_signal(how)
        process.wait(20)

    assert wait_until(port, opened=False)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'kleur = "rood"\n', "onbekend: kleur. Bekend zijn: database_url, content_folder, "),
        (b"database_url = [1]\n", "database_url"),
        (b"database_url = \n", "kaderscan.toml: geen geldige TOML, regel 1, kolom 16."),
        (b'database_url = "sqlite', "kaderscan.toml: geen geldige TOML, "),
        (b"\xff", "kaderscan.toml: geen UTF-8"),
    ],
)
def test_a_settings_file_that_is_not_sound_is_told_and_settings_still_helps(
    run: Run, folder: Path, content: bytes, fault: str
) -> None:
    (folder / SETTINGS_FILE).write_bytes(content)

    with pytest.raises(SettingsError, match=fault.replace(".", r"\.")):
        read_settings()
    ended = run("settings")

    assert ended.returncode == 15
    assert "content_folder" in ended.stdout
    assert fault in ended.stderr


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://kader:{SECRET}@db/kaderscan",
        f"postgresql://db/kaderscan?user=kader&password={SECRET}",
        f"postgres:/kader:{SECRET}@db",
    ],
)
def test_a_password_is_never_shown(folder: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert folder
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", url)

    assert SECRET not in str(list_settings())


@pytest.mark.sqlite
def test_the_command_shows_how_to_set_a_database_and_no_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", f"postgresql://kader:{SECRET}@db/kaderscan")

    shown = run("settings").stdout

    assert "postgresql://kader:***@db/kaderscan" in shown
    assert "pip install -e '.[postgres]'" in shown
    assert SECRET not in shown


@pytest.mark.parametrize(
    "url",
    [f"postgres:/kader:{SECRET}@db", f"onbekend://k:{SECRET}@db/x", f"postgresql://k:{SECRET}@db:poort/x"],
)
def test_an_address_that_is_none_is_told_without_its_password(url: str) -> None:
    with pytest.raises(StoreError, match="adres van de database klopt niet") as refusal:
        open_store(url)

    assert SECRET not in str(refusal.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "brief").write_text("geen map", encoding="utf-8")

    with pytest.raises(StoreError, match="kan de map van de database niet maken"):
        open_store(f"sqlite:///{tmp_path.as_posix()}/brief/map/x.sqlite")
