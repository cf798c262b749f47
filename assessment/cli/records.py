"""Commands on what an installation rests on and keeps: frameworks, settings, audit trail, backups, terms."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
import pandas as pd

from assessment.cli.console import (
    FILE,
    confirm,
    hand_out,
    installation,
    perspective_option,
    print_table,
    queries,
    round_option,
)
from assessment.cli.terminal import echo
from assessment.model.audit import read_head
from assessment.model.records import OldRecord
from assessment.model.scale import Perspective
from assessment.service.backup import Replacement, make_backup, prepare_restore, restore
from assessment.service.clock import now
from assessment.service.frameworks import (
    check_frameworks,
    compare_editions,
    describe_framework,
    find_file,
    make_schema,
)
from assessment.service.installation import Installation
from assessment.service.retention import list_terms, remove_old_records
from assessment.service.round_scores import Which
from assessment.settings import list_settings, read_settings
from assessment.tables.administration import describe_contents, list_contents, list_old, list_retention
from assessment.tables.formats import format_counted, format_day
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
    "show",
    help="Toont alles van een vragenlijst, bijvoorbeeld politie/1.1, of van een ontwerp in een bestand.",
)
@click.argument("ref", metavar="KADER/VERSIE|BESTAND")
@click.argument("criterion_ids", nargs=-1, metavar="[CRITERIUM …]")
def show_framework(ref: str, criterion_ids: tuple[str, ...]) -> None:
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


@click.group
def audit() -> None:
    """Hold the commands on the audit trail together."""


@audit.command(help="Controleert of er buiten Kaderscan om iets in het logboek is veranderd.")
@click.option(
    "--kept",
    metavar="SLOT",
    help="Een slot dat u eerder apart hebt bewaard; zo valt ook op dat het hele logboek is vervangen.",
)
def verify(kept: str | None) -> None:
    """Check the chain of the audit trail."""
    head = queries().verify_trail(read_head(kept) if kept is not None else None)
    echo(f"Het logboek is in orde: {format_counted(head.number, 'regel')}.")
    echo(f"Slot: {head}")
    echo("Bewaar dit slot buiten dit systeem en geef het de volgende keer mee met --kept.", err=True)


@audit.command(help="Schrijft het logboek als JSON, een regel per wijziging.")
@click.option("-o", "--output", required=True, type=FILE, metavar="BESTAND", help="Waar het bestand komt.")
def export(output: Path) -> None:
    """Write the audit trail to a file."""
    where = installation()
    lines = list(queries(where).write_trail())
    hand_out(where, output, "".join(lines).encode(), "logboek")
    echo(f"Geschreven: {output} ({format_counted(len(lines), 'regel')}).")


@click.command("backup")
@click.argument("file", type=FILE, metavar="BESTAND")
def backup(file: Path) -> None:
    """Write everything to one file."""
    manifest = make_backup(installation(), file, now())
    echo(f"Bewaard in {file}: {describe_contents(manifest.rows)}.")
    echo(f"Slot van het logboek: {manifest.audit}")
    echo("In dit bestand staat alles. Bewaar het op een plek waar alleen u bij kunt.", err=True)


@click.command("restore")
@click.argument("file", type=FILE, metavar="BESTAND")
@click.option("--yes", is_flag=True, help="Vraagt niets; voor scripts.")
def restore_(file: Path, *, yes: bool) -> None:
    """Replace everything by what is in a backup."""
    with prepare_restore(installation(), file) as replacement:
        _print_replacement(replacement)
        if not yes:
            confirm("Alles wat er nu is, wordt vervangen. Doorgaan?", "Er is niets vervangen.")
        restored = restore(replacement, now())
    echo(f"Teruggezet: {describe_contents(replacement.in_file)}.")
    if restored.copy is not None:
        echo(f"Wat er was, staat in {restored.copy}.")
    echo(f"Slot van het logboek: {restored.head}")


def _print_replacement(replacement: Replacement) -> None:
    maker = replacement.manifest.maker
    echo(
        f"{replacement.path}: gemaakt op {format_day(maker.made)} om {maker.made:%H:%M} uur, met Kaderscan "
        f"{maker.program}."
    )
    print_table(list_contents(replacement.now, replacement.in_file))
    if replacement.rights:
        echo("Rechten die veranderen:")
    for line in replacement.rights:
        echo(f"  {line}")
    if replacement.breaks:
        echo("Let op: het logboek in dit bestand was al niet in orde. Zie straks: kaderscan audit verify.")


_HOW_TO_SET_TERMS = (
    "Instellen met KADERSCAN_KEEP_DRAFTS_MONTHS en KADERSCAN_KEEP_VERSIONS_MONTHS, in maanden; 0 is altijd "
    "bewaren."
)


@click.group
def retention() -> None:
    """Hold the commands on retention together."""


@retention.command(help="Toont de bewaartermijnen, en wat er weg zou gaan; verandert niets.")
def show() -> None:
    """Print what is older than its term."""
    _list_old(installation(), now())
    echo(_HOW_TO_SET_TERMS)


@retention.command(help="Verwijdert wat ouder is dan zijn termijn, na een ja.")
@click.option("--yes", is_flag=True, help="Vraagt niets; voor scripts.")
def apply(*, yes: bool) -> None:
    """Remove what is older than its term."""
    where, moment = installation(), now()
    old = _list_old(where, moment)
    if not old:
        echo("Er is niets te verwijderen.")
        return
    if not yes:
        confirm("Dit verdwijnt voorgoed. Verwijderen?", "Er is niets verwijderd.")
    echo(f"Verwijderd: {len(remove_old_records(where, old, moment))} van {len(old)}.")


def _list_old(where: Installation, moment: datetime) -> list[OldRecord]:
    old = replace(queries(where), now=lambda: moment).find_old_records()
    print_table(list_retention(list_terms(where.settings), old))
    if old:
        print_table(list_old(old))
    return old
