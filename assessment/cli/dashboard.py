"""Commands that open the dashboard: the demo, and the installation as it is."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from errno import EADDRINUSE, EADDRNOTAVAIL

import click

from assessment.cli.console import format_progress, installation
from assessment.cli.terminal import echo
from assessment.errors import SettingsError, describe_reason
from assessment.service.clock import now
from assessment.service.demo import fill_demo
from assessment.service.sign_in import refuse_open_door
from assessment.settings import HOME, Settings

_ADDRESS = "127.0.0.1"
_FIRST_PORT, _LAST_PORT = 8501, 8600

port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="POORT",
    help="1 tot en met 65535; anders de eerste vrije vanaf 8501.",
)
address_option = click.option(
    "--address",
    default=_ADDRESS,
    metavar="ADRES",
    show_default=True,
    help="Waarop het dashboard luistert; elders dan hier alleen met aanmelden.",
)
browser_option = click.option(
    "--browser/--no-browser", default=True, help="Opent het dashboard in de browser."
)


@click.command
@port_option
@browser_option
@click.option("--fill-only", is_flag=True, help="Vult alleen de database.")
def demo(port: int | None, *, browser: bool, fill_only: bool) -> None:
    """Fill the demo where that was not done yet, and open the dashboard on it."""
    where = installation()
    added = list(format_progress(fill_demo(where, now()), "Demo vullen"))
    if added:
        echo(f"Demo gevuld: {len(added)} bestanden en rondes. Alle huizen zijn verzonnen.")
    if not fill_only:
        where.close()
        _open(where.settings, port, browser=browser)


@click.command
@port_option
@address_option
@browser_option
def serve(port: int | None, address: str, *, browser: bool) -> None:
    """Open the dashboard on the configured database."""
    where = installation()
    where.close()
    _open(where.settings, port, address, browser=browser)


def _open(settings: Settings, wanted: int | None, address: str = _ADDRESS, *, browser: bool) -> None:
    """Run the dashboard on these very settings until it is stopped.

    Raises:
        SettingsError: others could reach it and nobody signs in, or the address or port cannot be used.
    """
    refuse_open_door(settings, address)
    app = HOME / "app.py"
    if not app.is_file():
        raise SettingsError(f"{app} ontbreekt: installeer Kaderscan uit de broncode (pip install -e .).")
    port = _find_port(address, wanted)
    host = f"[{address}]" if ":" in address else address
    echo(f"Dashboard: http://{host}:{port}  (stoppen: Ctrl-C)")
    options = ["--server.address", address, "--server.port", str(port)]
    options += [] if browser else ["--server.headless", "true"]
    command = [sys.executable, "-P", "-m", "assessment.ui.start", str(app), *options]
    _become(command, os.environ | settings.environment | {"PYTHONSAFEPATH": "1"})


def _become(command: list[str], environment: Mapping[str, str]) -> None:
    """Go on as another program, so that whoever stops this one stops that; Windows can only start it.

    It stands in no folder of anybody: the framework would read settings of its own from there.
    """
    os.chdir(HOME.anchor)
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, environment)  # noqa: S606 - our own program, our own words
    try:
        code = subprocess.call(command, env=environment)  # noqa: S603 - as above
    except KeyboardInterrupt:
        code = 0
    sys.exit(code)


def _find_port(address: str, wanted: int | None) -> int:
    """The port that is wanted, or else the first that nobody listens on.

    Raises:
        SettingsError: it cannot be listened on, or none can.
    """
    for port in [wanted] if wanted else range(_FIRST_PORT, _LAST_PORT):
        obstacle = _find_obstacle(address, port)
        if obstacle is None:
            return port
        if wanted or obstacle.errno != EADDRINUSE:
            raise _describe_obstacle(address, port, obstacle)
    raise SettingsError(f"Geen vrije poort tussen {_FIRST_PORT} en {_LAST_PORT}; kies er een met --port.")


def _describe_obstacle(address: str, port: int, obstacle: OSError) -> SettingsError:
    is_elsewhere = obstacle.errno == EADDRNOTAVAIL
    other = "een ander adres met --address" if is_elsewhere else "een poort met --port"
    return SettingsError(
        f"Het dashboard kan niet luisteren op {address}, poort {port} ({describe_reason(obstacle)}). "
        f"Kies {other}, of laat dat weg."
    )


def _find_obstacle(address: str, port: int) -> OSError | None:
    """Why a port cannot be listened on; None where it can."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, port), family=family).close()
    except socket.gaierror:
        return OSError(EADDRNOTAVAIL, "unknown name")
    except OSError as error:
        return error
    return None
