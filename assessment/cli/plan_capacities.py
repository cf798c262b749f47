"""The command that shows and sets how many measures an actor carries at once."""

from collections.abc import Sequence

import click

from assessment.cli.console import (
    format_option,
    house_option,
    installation,
    perspective_option,
    print_csv,
    print_table,
    round_option,
)
from assessment.cli.plan_options import read_capacities
from assessment.errors import CommandUsageError
from assessment.model.capacity import Capacity
from assessment.model.register import Register
from assessment.model.scale import Perspective
from assessment.service.clock import now, today
from assessment.service.plans.capacities import CapacityEdit, choose_resource, find_capacities
from assessment.service.plans.decisions import set_capacities
from assessment.service.standing import find_standing
from assessment.tables.capacity import list_capacities, list_capacity_changes
from assessment.writers.json_plans import write_capacities


@click.command(help="Toont hoeveel maatregelen iemand tegelijk aankan; legt met --set iets anders vast.")
@house_option
@click.option("--unit", "unit_id", metavar="EENHEID", help="Wat de huizen van een politie-eenheid delen.")
@click.option(
    "--set", "texts", multiple=True, metavar="WIE=N", help="Legt vast; mag vaker. Bijvoorbeeld: gemeenten=1."
)
@click.option("--seen", type=int, metavar="VERSIE", help="De versie die u zag, bij één --set.")
@round_option
@perspective_option
@format_option
def capacity(  # noqa: PLR0913, PLR0917 - one per option of the command
    house_id: str | None,
    unit_id: str | None,
    texts: tuple[str, ...],
    seen: int | None,
    round_id: str | None,
    perspective: Perspective,
    shape: str,
) -> None:
    """Show the capacities of a house or of a unit, and set them."""
    _refuse_unclear(house_id, unit_id, len(texts), seen)
    where, wanted = installation(), read_capacities(texts, "--set")
    register = where.register()
    if wanted:
        edits = [
            CapacityEdit(choose_resource(register, actor, house_id, unit_id), number, seen)
            for actor, number in wanted.items()
        ]
        standing = find_standing(where, round_id, perspective, today())
        _print_changes(set_capacities(where, standing, edits, now()), register)
    else:
        _print_capacities(find_capacities(where, house_id, unit_id), register, shape)


def _refuse_unclear(house_id: str | None, unit_id: str | None, count: int, seen: int | None) -> None:
    if (house_id is None) == (unit_id is None):
        raise CommandUsageError("Kies één van --house en --unit.")
    if seen is not None and count != 1:
        raise CommandUsageError("--seen hoort bij één --set.")


def _print_changes(changed: Sequence[tuple[Capacity, Capacity]], register: Register) -> None:
    if changed:
        print_table(list_capacity_changes(changed, register))
    else:
        click.echo("Dit stond er al. Er is niets veranderd.")


def _print_capacities(capacities: Sequence[Capacity], register: Register, shape: str) -> None:
    match shape:
        case "json":
            click.echo(write_capacities(capacities))
        case "csv":
            print_csv(list_capacities(capacities, register))
        case _:
            print_table(list_capacities(capacities, register))
