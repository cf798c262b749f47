"""Commands on what an installation is set up with: its frameworks and its settings."""

from pathlib import Path

import click
import pandas as pd

from assessment.cli.console import FILE, perspective_option, print_table, queries, round_option
from assessment.cli.terminal import echo
from assessment.model.scale import Perspective
from assessment.service.frameworks import (
    check_frameworks,
    compare_editions,
    describe_framework,
    find_file,
    make_schema,
)
from assessment.service.round_scores import Which
from assessment.settings import list_settings, read_settings
from assessment.tables.frameworks import describe_changes, list_changes, list_moves


@click.group
def framework() -> None:
    """Hold the commands on frameworks together."""


@framework.command(help="Controleert vragenlijsten; zonder BESTAND alle gepubliceerde.")
@click.argument("files", nargs=-1, type=FILE, metavar="[BESTAND …]")
def check(files: tuple[Path, ...]) -> None:
    """Check framework files, alone and together."""
    for line in check_frameworks(read_settings(), files):
        echo(line)


@framework.command("list", help="Toont welke vragenlijsten er zijn, en welke rondes ze vragen.")
def list_() -> None:
    """Print the published versions."""
    print_table(queries().list_frameworks())


@framework.command(
    help="Toont alles van een vragenlijst, bijvoorbeeld politie/1.1, of van een ontwerp in een bestand."
)
@click.argument("ref", metavar="KADER/VERSIE|BESTAND")
@click.argument("criterion_ids", nargs=-1, metavar="[CRITERIUM …]")
def show(ref: str, criterion_ids: tuple[str, ...]) -> None:
    """Print one framework, or some criteria of it."""
    for line in describe_framework(read_settings(), ref, criterion_ids):
        echo(line)


@framework.command(help="Toont wat tussen twee versies veranderde, bijvoorbeeld politie/1.0 politie/1.1.")
@click.argument("old", metavar="OUD")
@click.argument("new", metavar="NIEUW")
@click.option(
    "--scores",
    "with_scores",
    is_flag=True,
    help="Toont ook welke cijfers van wat is ingeleverd zouden bewegen, per huis.",
)
@round_option
@perspective_option
def diff(old: str, new: str, with_scores: bool, round_id: str | None, perspective: Perspective) -> None:  # noqa: FBT001
    """Print what changed, in which class, and which figures would move."""
    settings = read_settings()
    difference = compare_editions(settings, old, new)
    print_table(list_changes(difference.changes))
    echo(describe_changes(difference.changes, difference.same, difference.asked))
    if with_scores:
        before, after = queries().find_moved(Which(round_id, perspective), old, find_file(settings, new))
        echo(f"Ronde {before.round.title}; wat niet gelijk bleef is nog niet beantwoord:")
        print_table(list_moves(before.criteria, after.criteria, before.register))


@framework.command(help="Geeft het JSON Schema van een vragenlijst.")
def schema() -> None:
    """Print the JSON Schema of a framework file."""
    echo(make_schema(), nl=False)


_HOW_TO_SET = """\
Instellen: als variabele KADERSCAN_NAAM in de omgeving, of in kaderscan.toml.
Database: sqlite:///map/naam.sqlite of postgresql://gebruiker:wachtwoord@machine/naam
(PostgreSQL: pip install -e '.[postgres]'; zie docs/shared-installation.md).
Een wachtwoord wordt nooit getoond."""


@click.command
def settings() -> None:
    """Print the settings in force, and then what is wrong with them."""
    print_table(pd.DataFrame(list_settings(), columns=["Instelling", "Waarde", "Herkomst"]))
    echo(_HOW_TO_SET)
    read_settings()
