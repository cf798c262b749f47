"""Commands that look ahead: the roadmap, how sure it is, and what another plan would bring."""

import click

from assessment.cli.console import format_option, print_csv, print_table, queries
from assessment.cli.plan_options import (
    Chosen,
    capacity_option,
    pin_option,
    plan_which,
    read_capacities,
    read_pins,
    refuse_no_choice,
    which_houses,
)
from assessment.errors import CommandUsageError
from assessment.service.clock import now
from assessment.service.plans.decisions import Decided
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import Comparison, WhatIf, adopt_what_if
from assessment.tables.forecasts import WHAT_IT_IS, list_estimates_of_houses, list_transition, say_transition
from assessment.tables.plans import (
    list_chain,
    list_dropped,
    list_hold_ups,
    list_measures,
    name_quarters,
    say_chain,
    say_hold_ups,
)
from assessment.tables.reasons import write_reasons
from assessment.tables.what_if import (
    list_changes,
    list_ends,
    list_wanted,
    say_late,
    say_not_kept,
    say_what_if,
)
from assessment.writers.json_output import PlanFrames, Status, write_comparison, write_forecast, write_roadmap


@click.command
@which_houses
@capacity_option
@pin_option
@format_option
def roadmap(
    which: Chosen,
    capacities: tuple[str, ...],
    pins: tuple[str, ...],
    shape: str,
) -> None:
    """Plan one house, or the houses of a unit or the country with the capacity that they share."""
    planned = plan_which(which, capacities, pins).roadmap
    told = write_reasons(planned.measures, planned.begin, planned.scores.questionnaire)
    match shape:
        case "json":
            frames = PlanFrames(told, planned.dropped, planned.finishes, planned.conformity)
            click.echo(write_roadmap(frames, planned.begin, Status(planned.status, planned.optimality_gap)))
        case "csv":
            print_csv(name_quarters(told, planned.begin))
        case _:
            _print_roadmap(planned)


def _print_roadmap(planned: Roadmap) -> None:
    for house in planned.scores.houses:
        measures = planned.measures[planned.measures["house_id"] == house.house_id]
        click.echo(f"{house.title}: {len(measures)} maatregelen vanaf {planned.begin}.")
        print_table(list_measures(measures, planned.begin, planned.scores.questionnaire))
        dropped = planned.dropped[planned.dropped["house_id"] == house.house_id]
        if not dropped.empty:
            click.echo("Vervallen:")
            print_table(list_dropped(dropped, planned.scores.questionnaire))
    if not planned.measures.empty:
        _print_steering(planned)


def _print_steering(planned: Roadmap) -> None:
    asked, register = planned.scores.questionnaire, planned.scores.register
    click.echo(say_chain(planned.chain, planned.begin, asked))
    print_table(list_chain(planned.chain, planned.begin, asked, register))
    if not planned.hold_ups.empty:
        click.echo(f"{say_hold_ups(planned.hold_ups, asked)}:")
        print_table(list_hold_ups(planned.hold_ups, planned.begin, asked, register, planned.resources))


@click.command
@which_houses
@capacity_option
@format_option
def forecast(
    which: Chosen,
    capacities: tuple[str, ...],
    shape: str,
) -> None:
    """Play the plan of one house, of a unit or of the country through, and count houses per phase."""
    planned = plan_which(which, capacities).roadmap
    match shape:
        case "json":
            click.echo(write_forecast(planned.estimates, planned.phases, planned.begin))
        case "csv":
            print_csv(planned.estimates)
        case _:
            _print_forecast(planned)


def _print_forecast(planned: Roadmap) -> None:
    asked, register = planned.scores.questionnaire, planned.scores.register
    click.echo(WHAT_IT_IS)
    print_table(list_estimates_of_houses(planned.estimates, planned.begin, asked, register))
    click.echo(f"{say_transition(planned.phases, planned.begin)}:")
    print_table(list_transition(planned.phases, planned.begin))


@click.command("whatif")
@which_houses
@capacity_option
@click.option(
    "--national",
    "national",
    multiple=True,
    metavar="CRITERIUM",
    help="Wat een landelijke actie overal afmaakt; mag vaker. Bijvoorbeeld: INF-3.",
)
@pin_option
@click.option(
    "--drop",
    "dropped",
    multiple=True,
    metavar="MAATREGEL",
    help="Laat een maatregel vervallen; mag vaker. Bijvoorbeeld: FOR-4.M1.",
)
@click.option("--adopt", "adopts", is_flag=True, help="Neemt capaciteiten, vastzetten en vervallen over.")
@click.option("--reason", metavar="TEKST", default="", help="Waarom maatregelen vervallen; bij --adopt.")
@format_option
def what_if(  # noqa: PLR0913, PLR0917 - one per option of the command
    which: Chosen,
    capacities: tuple[str, ...],
    national: tuple[str, ...],
    pins: tuple[str, ...],
    dropped: tuple[str, ...],
    adopts: bool,  # noqa: FBT001 - as the command line gives it
    reason: str,
    shape: str,
) -> None:
    """Put a plan with other capacity, national actions, pins or drops beside the present one, and keep it."""
    refuse_no_choice(which)
    if reason and not adopts:
        raise CommandUsageError("--reason hoort bij --adopt.")
    tried = WhatIf(read_capacities(capacities), national, read_pins(pins), dropped)
    where, present = plan_which(which)
    comparison = queries(where).compare_what_if(present, tried)
    match shape:
        case "json":
            click.echo(write_comparison(comparison.ends, comparison.finishes, comparison.late, present.begin))
        case "csv":
            print_csv(comparison.finishes)
        case _:
            _print_comparison(comparison)
    if adopts:
        told = _list_adopted(adopt_what_if(where, comparison, reason, now()), comparison)
        click.echo("\n".join([*told, *([say_not_kept(national)] if national else [])]), err=shape != "table")


def _list_adopted(adopted: Decided, comparison: Comparison) -> list[str]:
    """What was kept, a line each; where the comparison goes to a machine they go beside it."""
    register = comparison.present.scores.register
    rows = list_wanted(*adopted, comparison.questionnaire, register).to_dict("records")
    kept = [f"- {row['Wat']} ({row['Voor']}): {row['Nu']} → {row['Straks']}" for row in rows]
    return ["Overgenomen:", *kept]


def _print_comparison(comparison: Comparison) -> None:
    begin, register = comparison.present.begin, comparison.present.scores.register
    click.echo(f"{say_what_if(comparison.ends, begin)}. {say_late(comparison.late)}")
    print_table(list_ends(comparison.ends, begin, register))
    changes = list_changes(comparison.finishes, begin, comparison.questionnaire, register)
    if not changes.empty:
        print_table(changes)
    hold_ups = comparison.tried.hold_ups
    if not hold_ups.empty:
        click.echo(f"{say_hold_ups(hold_ups, comparison.questionnaire)}:")
        resources = comparison.tried.resources
        print_table(list_hold_ups(hold_ups, begin, comparison.questionnaire, register, resources))
