"""Commands that look ahead: how sure a plan is."""

import click

from assessment.cli.console import (
    format_option,
    house_option,
    installation,
    perspective_option,
    print_csv,
    print_table,
    round_option,
    unit_option,
)
from assessment.cli.plan_options import all_option, capacity_option, read_capacities, refuse_no_choice
from assessment.model.scale import Perspective
from assessment.service.clock import today
from assessment.service.planning import Trial, plan_as_decided
from assessment.service.roadmap import Roadmap
from assessment.service.standing import choose_houses, find_standing
from assessment.tables.estimates import WHAT_IT_IS, list_estimates_of_houses
from assessment.tables.transition import list_transition, say_transition
from assessment.writers.json_plans import write_forecast


@click.command(help="Schat wanneer huizen er zijn: met 50 en met 80 % kans, en huizen per fase.")
@house_option
@unit_option
@all_option
@round_option
@perspective_option
@capacity_option
@format_option
def forecast(  # noqa: PLR0913, PLR0917 - one per option of the command
    house_id: str | None,
    unit_id: str | None,
    everywhere: bool,  # noqa: FBT001
    round_id: str | None,
    perspective: Perspective,
    capacities: tuple[str, ...],
    shape: str,
) -> None:
    """Play the plan of one house, of a unit or of the country through, and count houses per phase."""
    refuse_no_choice(house_id, unit_id, everywhere=everywhere)
    where, trial = installation(), Trial(read_capacities(capacities))
    standing = find_standing(where, round_id, perspective, today())
    house_ids = choose_houses(standing, house_id, unit_id)
    planned = plan_as_decided(where, standing, house_ids, today(), trial)
    match shape:
        case "json":
            click.echo(write_forecast(planned.estimates, planned.phases, planned.begin))
        case "csv":
            print_csv(planned.estimates)
        case _:
            _print_forecast(planned)


def _print_forecast(planned: Roadmap) -> None:
    asked, register = planned.standing.questionnaire, planned.standing.register
    click.echo(WHAT_IT_IS)
    print_table(list_estimates_of_houses(planned.estimates, planned.begin, asked, register))
    click.echo(f"{say_transition(planned.phases, planned.begin)}:")
    print_table(list_transition(planned.phases, planned.begin))
