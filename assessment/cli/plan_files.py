"""The command that takes over what was changed in the workbook of a plan."""

from pathlib import Path

import click

from assessment.cli.console import FILE, installation, print_table
from assessment.errors import PlanError
from assessment.readers.guard import read_upload
from assessment.service.clock import now, today
from assessment.service.intake.desk import NamedFile
from assessment.service.plans.workbook import LoadedPlan, open_plan, take_over
from assessment.tables.plan_proposals import list_proposals

_ALL = "all"


@click.command(help="Toont wat een teruggekomen plan wijzigt; met --accept wordt dat overgenomen.")
@click.argument("file", type=FILE, metavar="BESTAND")
@click.option("--house", "house_id", metavar="HUIS", help="Weigert een plan van een ander huis.")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="all|NR",
    help="Neemt alles over waar niets over te vragen is (all), of een maatregel; mag vaker.",
)
def load(file: Path, house_id: str | None, accepted: tuple[str, ...]) -> None:
    """Show what a file changes, and store what was accepted."""
    where = installation()
    loaded = open_plan(where, NamedFile(file.name, read_upload(file)), house_id, today())
    _print(loaded)
    if not accepted:
        return
    changed = take_over(where, loaded, _choose(loaded, accepted), now())
    click.echo(f"Overgenomen: {', '.join(new.measure_id for _, new in changed) or 'niets'}.")


def _print(loaded: LoadedPlan) -> None:
    asked = [
        f"{line} Overnemen kan met --accept {each.wanted.measure_id}."
        for each in loaded.proposals
        for line in each.personal
    ]
    for line in (*loaded.faults, *loaded.notes, *asked):
        click.echo(f"{loaded.file_name}: {line}", err=True)
    if not loaded.proposals:
        click.echo(f"{loaded.file_name}: dit bestand wijzigt niets.")
        return
    changes = [(each.stored, each.wanted) for each in loaded.proposals]
    print_table(list_proposals(changes, loaded.conflicts, loaded.standing.questionnaire))


def _choose(loaded: LoadedPlan, accepted: tuple[str, ...]) -> list[str]:
    """The measures that were accepted.

    Raises:
        PlanError: everything was accepted while not everything was understood.
    """
    named = [each.strip().upper() for each in accepted if each.casefold() != _ALL]
    if len(named) == len(accepted):
        return list(dict.fromkeys(named))
    if loaded.faults:
        raise PlanError(
            f"{loaded.file_name}: niet alles is begrepen, dus er is niets overgenomen. Herstel het bestand, "
            "of noem de maatregelen een voor een met --accept NR."
        )
    calm = [each.wanted.measure_id for each in loaded.proposals if each.is_calm]
    return list(dict.fromkeys([*calm, *named]))
