"""What lies in the folder one stands in is never run: not as a module, and not as settings of the server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assessment.service.installation import Installation
from assessment.settings import HOME
from tests.dashboards import find_port, wait_for

pytestmark = pytest.mark.sqlite

CONSOLE = [str(Path(sys.executable).with_name("kaderscan"))]
MODULE = [sys.executable, "-m", "assessment"]
NAMES = ("click", "openpyxl", "org", "multiprocessing", "pickle", "numpy", "streamlit", "python_calamine")
"""`org`: the standard library looks for Jython's; what is not installed is found nowhere else."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with modules that write down that they were run."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(
            f"open({str(tmp_path / 'run.txt')!r}, 'a').write({name + ' '!r}); raise ImportError({name!r})",
            encoding="utf-8",
        )
    return tmp_path


def list_run(folder: Path) -> str:
    told = folder / "run.txt"
    return told.read_text(encoding="utf-8") if told.exists() else ""


def make_environment(demo: Installation) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"},
        "KADERSCAN_DATABASE_URL": demo.settings.database_url,
    }


@pytest.mark.parametrize("program", [CONSOLE, MODULE], ids=["console", "module"])
def test_a_command_and_its_processes_run_no_module_of_that_folder(
    program: list[str], folder: Path, demo: Installation
) -> None:
    filled = next((HOME / "data" / "demo").rglob("*.xlsx"))

    ended = subprocess.run(
        [*program, "check", str(filled)],
        cwd=folder,
        env=make_environment(demo),
        capture_output=True,
        text=True,
        check=False,
    )

    assert list_run(folder) == ""
    assert ended.returncode in {0, 7}, ended.stderr


@pytest.mark.parametrize("program", [CONSOLE, MODULE], ids=["console", "module"])
def test_the_dashboard_runs_no_module_and_reads_no_settings_of_that_folder(
    program: list[str], folder: Path, demo: Installation
) -> None:
    (folder / ".streamlit").mkdir()
    settings = folder / ".streamlit" / "config.toml"
    settings.write_text("[server]\nenableAgentApi = true\nbaseUrlPath = 'elders'\n", encoding="utf-8")
    port = find_port()
    running = subprocess.Popen(
        [*program, "serve", "--no-browser", "--port", str(port)], cwd=folder, env=make_environment(demo)
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        assert list_run(folder) == ""
    finally:
        running.terminate()
        running.wait(20)
