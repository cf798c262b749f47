"""The command `kaderscan`: every command in one list, and every fault of a user as a Dutch line.

Commands are listed by name here, and imported when they run.
"""

import gc
import gettext
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from assessment.cli.terminal import echo
from assessment.errors import UserError

_INTERRUPTED = 130
_STOPPED = 128
_STOPS = {"SIGTERM", "SIGHUP"}  # Windows has no SIGHUP
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


class Announced(click.Command):
    """The name of a command, what it does, and where it stands: enough to list it without importing it.

    `place` is "module:function", a module of this package and the command in it.
    """

    def __init__(self, name: str, place: str, what_it_does: str) -> None:
        super().__init__(name, help=what_it_does)
        self.place = place

    def load(self) -> click.Command:
        """Import the command itself; what it does is told here, for the list and for its own help."""
        module, _, function = self.place.partition(":")
        with no_collection():
            command: click.Command = getattr(import_module(f"{__package__}.{module}"), function)
        command.help = self.help
        name_parts(command)
        return command


@contextmanager
def no_collection() -> Iterator[None]:
    """Import without looking for garbage: a program is none, and stays out of every later look.

    Nor is there a look after every few rows of a file.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()


class LazyGroup(click.Group):
    """A group of which only the command that runs is imported."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is asked for, and import it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Announced) else command, rest


def name_parts(command: click.Command) -> None:
    """Say in Dutch what may follow a command; Click does not translate these words itself."""
    command.options_metavar = "[OPTIES]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "OPDRACHT …"
        for member in command.commands.values():
            name_parts(member)


# Every command, in the order of the alphabet.
COMMANDS = (
    Announced("account", "administration:account", "Accounts: wie mag aanmelden, en met welke rechten."),
    Announced("audit", "records:audit", "Het logboek: wie veranderde wat, en wanneer."),
    Announced("backup", "records:backup", "Bewaart alles in één bestand; iedereen kan doorwerken."),
    Announced(
        "bench",
        "bench:bench",
        "Meet hoe snel deze machine inleest, plant, plannen schrijft en pagina's toont.",
    ),
    Announced("check", "intake:check", "Leest ingevulde vragenlijsten, bewaart niets."),
    Announced("compare", "scores:compare", "Vergelijkt groepen huizen."),
    Announced("data", "scores:open_data", "Schrijft open data: tabellen met een woordenboek."),
    Announced("demo", "dashboard:demo", "Opent het dashboard met verzonnen huizen."),
    Announced("district", "administration:district", "De districten van de politie in het register."),
    Announced(
        "draft", "draft:draft", "Concepten: de vragenlijst invullen, vraag voor vraag en met collega's."
    ),
    Announced(
        "forecast",
        "roadmap:forecast",
        "Schat wanneer huizen er zijn: met 50 en met 80 % kans, en huizen per fase.",
    ),
    Announced("formula", "formulas:formula", "Formules: wie per vraagstuk wat inzet, en wat dat oplevert."),
    Announced("framework", "records:framework", "De vragenlijsten: controleren, tonen, schema."),
    Announced("house", "administration:house", "Het register van huizen."),
    Announced("load", "intake:load", "Bewaart ingevulde vragenlijsten, ook hele mappen."),
    Announced("plan", "plans:plan", "Schrijft verbeterplannen, en houdt bij wat is besloten."),
    Announced(
        "report", "plan_files:report", "Schrijft rapporten: voor partners, voor de driehoek en landelijk."
    ),
    Announced("restore", "records:restore_", "Zet een reservekopie terug; laat eerst zien wat zij vervangt."),
    Announced(
        "retention",
        "records:retention",
        "Bewaartermijnen: wat te oud is, en het verwijderen daarvan.",
    ),
    Announced("roadmap", "roadmap:roadmap", "Maakt de routekaart, met waarom dan."),
    Announced("round", "rounds:round_", "De meetrondes."),
    Announced("score", "scores:score", "Geeft scores, ook van een losse tabel."),
    Announced("serve", "dashboard:serve", "Opent het dashboard."),
    Announced("settings", "records:settings", "Toont de instellingen."),
    Announced(
        "submission", "submissions:submission", "Wat is ingeleverd: elke versie, en wat ermee is gedaan."
    ),
    Announced("template", "intake:template", "Schrijft de vragenlijst die een huis invult."),
    Announced(
        "whatif",
        "roadmap:what_if",
        "Legt een ander plan naast het plan nu; bewaart dat alleen met --adopt.",
    ),
)


@click.group(
    "kaderscan",
    cls=LazyGroup,
    commands=COMMANDS,
    help="Kaderscan: zelfscan, dashboard en routekaart voor Veiligheidshuizen.",
)
@click.option("--as", "acting_as", metavar="ACCOUNT", help="Werkt met de rechten van dit account.")
@click.version_option(package_name="kaderscan", message="Kaderscan %(version)s", help="Toont de versie.")
def commands(acting_as: str | None) -> None:
    """Hold the commands together."""


def main() -> None:
    """Run a command; a fault that the user can repair ends with its own exit code and no traceback."""
    _clean_up_when_stopped()
    speak_dutch()
    try:
        commands(standalone_mode=False)
    except UserError as error:
        echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        echo("Gestopt.", err=True)
        sys.exit(_INTERRUPTED)


def _clean_up_when_stopped() -> None:
    """Let whoever stops a command, or its terminal, stop it as Ctrl-C does: what is half made goes first."""
    for name in _STOPS & {each.name for each in signal.Signals}:
        signal.signal(signal.Signals[name], _stop)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(_STOPPED + number)


def speak_dutch() -> None:
    """Let Click's own texts (usage, errors) be Dutch, whatever the language of the machine."""
    name_parts(commands)
    os.environ["LANGUAGE"] = "nl"
    gettext.bindtextdomain("click", str(Path(__file__).with_name("locale")))
    gettext.textdomain("click")
