"""The command `kaderscan`: every command in one place, and every fault of a user as a Dutch line."""

import gc
import gettext
import os
import sys
from pathlib import Path

import click

from assessment.cli import (
    accounts,
    audit,
    backup,
    bench,
    content,
    dashboard,
    draft,
    intake,
    plans,
    register,
    results,
    retention,
    steering,
    submissions,
)
from assessment.errors import UserError

_INTERRUPTED = 130
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


@click.group("kaderscan", help="Kaderscan: zelfscan, dashboard en routekaart voor Veiligheidshuizen.")
@click.option("--as", "acting_as", metavar="ACCOUNT", help="Werkt met de rechten van dit account.")
def commands(acting_as: str | None) -> None:
    """Hold the commands together."""


for _command in (
    *(dashboard.demo, dashboard.serve, intake.template, intake.check, intake.load),
    *(results.score, results.compare, results.roadmap, plans.plan),
    *(steering.forecast, steering.what_if),
    draft.draft,
    *(bench.bench, audit.audit, backup.backup, backup.restore_, retention.retention),
    *(content.framework, register.house, register.round_, submissions.submission, register.settings),
    accounts.account,
):
    commands.add_command(_command)


def main() -> None:
    """Run a command; a fault that the user can repair ends with its own exit code and no traceback."""
    gc.freeze()  # the program itself is never garbage: collections then look at new objects only,
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)  # and not after every few rows of a file
    _speak_dutch()
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


def _speak_dutch() -> None:
    """Let Click's own texts (usage, errors) be Dutch, whatever the language of the machine."""
    _name_parts(commands)
    os.environ["LANGUAGE"] = "nl"
    gettext.bindtextdomain("click", str(Path(__file__).with_name("locale")))
    gettext.textdomain("click")


def _name_parts(command: click.Command) -> None:
    """Say in Dutch what may follow a command; Click does not translate these words itself."""
    command.options_metavar = "[OPTIES]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "OPDRACHT …"
        for member in command.commands.values():
            _name_parts(member)
