"""The command `kaderscan`: every command in one list, and every fault of a user as a Dutch line."""

import gc
import gettext
import os
import sys
from pathlib import Path

import click

from assessment.cli.lazy import Announced, LazyGroup, name_parts
from assessment.errors import UserError

_INTERRUPTED = 130
_OBJECTS_BETWEEN_COLLECTIONS = 50_000

COMMANDS = (
    Announced("account", "accounts:account", "Accounts: wie mag aanmelden, en met welke rechten."),
    Announced("audit", "audit:audit", "Het logboek: wie veranderde wat, en wanneer."),
    Announced("backup", "backup:backup", "Bewaart alles in één bestand; iedereen kan doorwerken."),
    Announced(
        "bench",
        "bench:bench",
        "Meet hoe snel deze machine vragenlijsten inleest (intake) en plant (roadmap).",
    ),
    Announced("check", "intake:check", "Leest ingevulde vragenlijsten, bewaart niets."),
    Announced("compare", "scores:compare", "Vergelijkt groepen huizen."),
    Announced("demo", "dashboard:demo", "Opent het dashboard met verzonnen huizen."),
    Announced(
        "draft", "draft:draft", "Concepten: de vragenlijst invullen, vraag voor vraag en met collega's."
    ),
    Announced(
        "forecast",
        "roadmap:forecast",
        "Schat wanneer huizen er zijn: met 50 en met 80 % kans, en huizen per fase.",
    ),
    Announced("framework", "frameworks:framework", "De vragenlijsten: controleren, tonen, schema."),
    Announced("house", "houses:house", "Het register van huizen."),
    Announced("load", "intake:load", "Bewaart ingevulde vragenlijsten, ook hele mappen."),
    Announced("plan", "plans:plan", "Schrijft verbeterplannen, en houdt bij wat is besloten."),
    Announced("restore", "backup:restore_", "Zet een reservekopie terug; laat eerst zien wat zij vervangt."),
    Announced(
        "retention",
        "retention:retention",
        "Bewaartermijnen: wat te oud is, en het verwijderen daarvan.",
    ),
    Announced("roadmap", "roadmap:roadmap", "Maakt de routekaart, met waarom dan."),
    Announced("round", "rounds:round_", "De meetrondes."),
    Announced("score", "scores:score", "Geeft scores, ook van een losse tabel."),
    Announced("serve", "dashboard:serve", "Opent het dashboard."),
    Announced("settings", "settings:settings", "Toont de instellingen."),
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
"""Every command, in the order of the alphabet."""


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
    gc.freeze()  # the program itself is never garbage: collections then look at new objects only,
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)  # and not after every few rows of a file
    speak_dutch()
    try:
        commands(standalone_mode=False)
    except UserError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Gestopt.", err=True)
        sys.exit(_INTERRUPTED)


def speak_dutch() -> None:
    """Let Click's own texts (usage, errors) be Dutch, whatever the language of the machine."""
    name_parts(commands)
    os.environ["LANGUAGE"] = "nl"
    gettext.bindtextdomain("click", str(Path(__file__).with_name("locale")))
    gettext.textdomain("click")
