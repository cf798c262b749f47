"""Commands on retention: what is older than its term, and removing it."""

from datetime import datetime

import click

from assessment.cli.console import confirm, installation, print_table
from assessment.model.records import OldRecord
from assessment.service.clock import now
from assessment.service.installation import Installation
from assessment.service.retention import find_old_records, list_terms, remove_old_records
from assessment.tables.administration import list_old, list_retention

_HOW_TO_SET = (
    "Instellen met KADERSCAN_KEEP_DRAFTS_MONTHS en KADERSCAN_KEEP_VERSIONS_MONTHS, in maanden; 0 is altijd "
    "bewaren."
)


@click.group
def retention() -> None:
    """Hold the commands on retention together."""


@retention.command(help="Toont de bewaartermijnen, en wat er weg zou gaan; verandert niets.")
def show() -> None:
    """Print what is older than its term."""
    _show(installation(), now())
    click.echo(_HOW_TO_SET)


@retention.command(help="Verwijdert wat ouder is dan zijn termijn, na een ja.")
@click.option("--yes", is_flag=True, help="Vraagt niets; voor scripts.")
def apply(*, yes: bool) -> None:
    """Remove what is older than its term."""
    where, moment = installation(), now()
    old = _show(where, moment)
    if not old:
        click.echo("Er is niets te verwijderen.")
        return
    if not yes:
        confirm("Dit verdwijnt voorgoed. Verwijderen?", "Er is niets verwijderd.")
    click.echo(f"Verwijderd: {len(remove_old_records(where, old, moment))} van {len(old)}.")


def _show(where: Installation, moment: datetime) -> list[OldRecord]:
    old = find_old_records(where, moment)
    print_table(list_retention(list_terms(where.settings), old))
    if old:
        print_table(list_old(old))
    return old
