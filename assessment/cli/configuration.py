"""Commands on what an installation is set up with: its frameworks (check, show, schema) and its settings."""

from pathlib import Path

import click
import pandas as pd

from assessment.cli.console import FILE, print_table
from assessment.service.frameworks import check_frameworks, list_framework, make_schema
from assessment.settings import list_settings, read_settings


@click.group
def framework() -> None:
    """Hold the commands on frameworks together."""


@framework.command(help="Controleert vragenlijsten; zonder BESTAND alle gepubliceerde.")
@click.argument("files", nargs=-1, type=FILE, metavar="[BESTAND …]")
def check(files: tuple[Path, ...]) -> None:
    """Check framework files, alone and together."""
    for line in check_frameworks(read_settings(), files):
        click.echo(line)


@framework.command(help="Toont een vragenlijst, bijvoorbeeld politie/1.0.")
@click.argument("ref", metavar="KADER/VERSIE")
def show(ref: str) -> None:
    """Print one published framework."""
    print_table(list_framework(read_settings(), ref))


@framework.command(help="Geeft het JSON Schema van een vragenlijst.")
def schema() -> None:
    """Print the JSON Schema of a framework file."""
    click.echo(make_schema(), nl=False)


_HOW_TO_SET = """\
Instellen: als variabele KADERSCAN_NAAM in de omgeving, of in kaderscan.toml.
Database: sqlite:///map/naam.sqlite of postgresql://gebruiker:wachtwoord@machine/naam
(PostgreSQL: pip install -e '.[postgres]'; zie docs/shared-installation.md).
Een wachtwoord wordt nooit getoond."""


@click.command
def settings() -> None:
    """Print the settings in force, and then what is wrong with them."""
    print_table(pd.DataFrame(list_settings(), columns=["Instelling", "Waarde", "Herkomst"]))
    click.echo(_HOW_TO_SET)
    read_settings()
