"""What somebody reads in the terminal who opens the dashboard, and stops it."""

import shutil
import signal
import socket
import sys
from pathlib import Path
from subprocess import PIPE

import pytest

from assessment.errors import FrameworkError
from assessment.service.installation import Installation
from assessment.settings import HOME
from tests.dashboards import find_port, serve, wait_for

pytestmark = pytest.mark.sqlite


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
def test_it_says_where_it_is_and_stops_in_silence(demo: Installation) -> None:
    port = find_port()
    running = serve(demo.settings.database_url, port, output=PIPE)
    wait_for(f"http://127.0.0.1:{port}/gezond")

    running.send_signal(signal.SIGINT)

    said, faults = running.communicate(timeout=30)
    assert said == f"Dashboard: http://127.0.0.1:{port}  (stoppen: Ctrl-C)\n"
    assert (faults.strip(), running.returncode) == ("", 0)


def test_a_port_where_something_listens_is_told(demo: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said, faults = serve(demo.settings.database_url, port, output=PIPE).communicate(timeout=60)

    assert said == ""
    assert faults == (
        f"Het dashboard kan niet luisteren op 127.0.0.1, poort {port} (daar luistert al iets anders). "
        "Kies een poort met --port, of laat dat weg.\n"
    )


def test_an_address_of_another_machine_is_told(demo: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI", "COOKIE_SECRET"):
        monkeypatch.setenv(f"KADERSCAN_OIDC_{name}", "https://aanmelden.test/oauth2callback")
    refused = serve(demo.settings.database_url, find_port(), "--address", "192.0.2.1", output=PIPE)
    _, faults = refused.communicate(timeout=60)

    assert "(dat adres is niet van deze machine). Kies een ander adres met --address" in faults


def test_a_text_with_an_unknown_field_is_told_and_nothing_is_served(
    demo: Installation, tmp_path: Path
) -> None:
    for name in ("questionnaires", "data"):
        (tmp_path / name).symlink_to(HOME / name)
    plan = Path(shutil.copytree(HOME / "reports", tmp_path / "reports")) / "plan.yaml"
    plan.write_text(f"{plan.read_text('utf-8')}groet: Dag\n", "utf-8")
    variables = {"KADERSCAN_CONTENT_FOLDER": str(tmp_path)}

    refused = serve(demo.settings.database_url, find_port(), output=PIPE, variables=variables)

    _, faults = refused.communicate(timeout=60)
    first, *_ = faults.splitlines()
    assert first == f"{plan}: groet is geen bekend veld; haal het weg of verbeter de naam"
    assert refused.returncode == FrameworkError.exit_code
    assert "Traceback" not in faults
