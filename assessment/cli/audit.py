"""Commands on the audit trail: check it, and give it away."""

from pathlib import Path

import click

from assessment.cli.console import FILE, installation, write_file
from assessment.service.audit import read_kept_head, verify_trail, write_trail


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
    head = verify_trail(installation(), read_kept_head(kept) if kept is not None else None)
    click.echo(f"Het logboek is in orde: {_count(head.number)}.")
    click.echo(f"Slot: {head}")
    click.echo("Bewaar dit slot buiten dit systeem en geef het de volgende keer mee met --kept.", err=True)


@audit.command(help="Schrijft het logboek als JSON, een regel per wijziging.")
@click.option("-o", "--output", required=True, type=FILE, metavar="BESTAND", help="Waar het bestand komt.")
def export(output: Path) -> None:
    """Write the audit trail to a file."""
    lines = list(write_trail(installation()))
    write_file(output, "".join(lines).encode())
    click.echo(f"Geschreven: {output} ({_count(len(lines))}).")


def _count(entries: int) -> str:
    return "1 regel" if entries == 1 else f"{entries} regels"
