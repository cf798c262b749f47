"""Commands that put everything in one file, and back."""

from pathlib import Path

import click

from assessment.cli.console import FILE, confirm, installation, print_table
from assessment.service.backup import Replacement, make_backup, prepare_restore, restore
from assessment.service.clock import now
from assessment.tables.administration import list_contents, tell_contents
from assessment.tables.shown import show_day


@click.command("backup")
@click.argument("file", type=FILE, metavar="BESTAND")
def backup(file: Path) -> None:
    """Write everything to one file."""
    manifest = make_backup(installation(), file, now())
    click.echo(f"Bewaard in {file}: {tell_contents(manifest.rows)}.")
    click.echo(f"Slot van het logboek: {manifest.audit}")
    click.echo("In dit bestand staat alles. Bewaar het op een plek waar alleen u bij kunt.", err=True)


@click.command("restore")
@click.argument("file", type=FILE, metavar="BESTAND")
@click.option("--yes", is_flag=True, help="Vraagt niets; voor scripts.")
def restore_(file: Path, *, yes: bool) -> None:
    """Replace everything by what is in a backup."""
    with prepare_restore(installation(), file) as replacement:
        _show(replacement)
        if not yes:
            confirm("Alles wat er nu is, wordt vervangen. Doorgaan?", "Er is niets vervangen.")
        restored = restore(replacement, now())
    click.echo(f"Teruggezet: {tell_contents(replacement.in_file)}.")
    if restored.copy is not None:
        click.echo(f"Wat er was, staat in {restored.copy}.")
    click.echo(f"Slot van het logboek: {restored.head}")


def _show(replacement: Replacement) -> None:
    maker = replacement.manifest.maker
    click.echo(
        f"{replacement.path}: gemaakt op {show_day(maker.made)} om {maker.made:%H:%M} uur, met Kaderscan "
        f"{maker.program}."
    )
    print_table(list_contents(replacement.now, replacement.in_file))
    if replacement.breaks:
        click.echo(
            "Let op: het logboek in dit bestand was al niet in orde. Zie straks: kaderscan audit verify."
        )
