"""Commands that look ahead (roadmap, forecast, what-if), and the options that commands on plans share."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple

import click
import pandas as pd

from assessment.cli.console import (
    format_option,
    house_option,
    installation,
    perspective_option,
    print_csv,
    print_table,
    queries,
    round_option,
    unit_option,
)
from assessment.cli.terminal import echo
from assessment.errors import CommandUsageError, PlanError
from assessment.model.frames import ALL_HOUSES, of_house
from assessment.model.plan import Quarter
from assessment.model.register import House
from assessment.model.scale import Actor, Perspective
from assessment.service.clock import now
from assessment.service.installation import Installation
from assessment.service.plans.decisions import Decided
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import Comparison, Trial, WhatIf, adopt_what_if
from assessment.service.round_scores import Which
from assessment.tables.decisions import describe_closed
from assessment.tables.forecasts import (
    OPEN_PHASE,
    describe_estimating,
    describe_transition,
    keep_main,
    list_estimates_of_houses,
    list_transition,
)
from assessment.tables.formats import format_counted
from assessment.tables.plans import (
    describe_chain,
    describe_hold_ups,
    describe_settled,
    list_chain,
    list_dropped,
    list_hold_ups,
    list_measures,
    list_settled,
    name_quarters,
    write_reasons,
)
from assessment.tables.progress import describe_steps, list_steps
from assessment.tables.what_if import (
    describe_late,
    describe_not_kept,
    describe_what_if,
    list_changes,
    list_ends,
    list_room,
    list_wanted,
)
from assessment.writers.json_output import PlanFrames, Status, write_comparison, write_forecast, write_roadmap

_all_option = click.option("--all", "everywhere", is_flag=True, help="Alle huizen van de ronde.")
capacity_option = click.option(
    "--capacity",
    "capacities",
    multiple=True,
    metavar="WIE=N",
    help="Hoeveel maatregelen iemand tegelijk aankan; mag vaker. Bijvoorbeeld: district=1.",
)
pin_option = click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="MAATREGEL=KWARTAAL",
    help="Probeert een maatregel op een kwartaal, zonder iets te bewaren; mag vaker. "
    "Bijvoorbeeld: LOS-2.M1=2028-K1.",
)


class Chosen(NamedTuple):
    """Which houses the options of a command say, in which round, and on whose answers."""

    house_id: str | None
    unit_id: str | None
    everywhere: bool
    round_id: str | None
    perspective: Perspective


class PlannedHouses(NamedTuple):
    """The plan of the houses that a command is about, and where they are stored."""

    where: Installation
    roadmap: Roadmap


def which_houses(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which houses, together as its argument `which`."""

    @wraps(command)
    def with_which(*args: Any, **given: Any) -> None:  # noqa: ANN401 - the options of any command
        which = Chosen(**{name: given.pop(name) for name in Chosen._fields})
        command(*args, which=which, **given)

    options = (house_option, unit_option, _all_option, round_option, perspective_option)
    made: Callable[..., None] = with_which
    for option in reversed(options):
        made = option(made)
    return made


def refuse_no_choice(which: Chosen) -> None:
    """Refuse anything but one way to say which houses.

    Raises:
        CommandUsageError: none is given, or several.
    """
    if sum([which.house_id is not None, which.unit_id is not None, which.everywhere]) != 1:
        raise CommandUsageError("Kies één van --house, --unit of --all.")


def plan_which(
    which: Chosen,
    capacities: tuple[str, ...] = (),
    pins: tuple[str, ...] = (),
    *,
    together: bool = False,
) -> PlannedHouses:
    """Plan the houses that a command is about as decided, with the capacities and pins that are tried.

    With `together` it is as all houses of a round are told together.

    Raises:
        CommandUsageError: as `refuse_no_choice`.
        PlanError: as `read_capacities` and `read_pins`.
        UserError: as `Queries.find_roadmap`.
    """
    refuse_no_choice(which)
    where = installation()
    trial = Trial(read_capacities(where, capacities), read_pins(pins))
    meant = Which(which.round_id, which.perspective, which.house_id, which.unit_id)
    return PlannedHouses(where, queries(where).find_roadmap(meant, trial, together=together))


def read_capacities(
    where: Installation, texts: tuple[str, ...], option: str = "--capacity"
) -> Mapping[Actor, int]:
    """Read WIE=N, as given with an option; who there is, the published frameworks say.

    Raises:
        PlanError: no such actor, or no whole number.
    """
    actors = {actor.value.casefold(): actor for actor in where.library.actors()} if texts else {}
    capacity = {}
    for text in texts:
        name, _, number = text.partition("=")
        if name.casefold() not in actors or not number.isdecimal():
            known = ", ".join(actor.value for actor in actors.values())
            raise PlanError(f"{option} '{text}' klopt niet. Schrijf WIE=N, met als WIE: {known}.")
        capacity[actors[name.casefold()]] = int(number)
    return capacity


def read_pins(texts: tuple[str, ...]) -> Mapping[str, Quarter]:
    """Read MAATREGEL=KWARTAAL.

    Raises:
        PlanError: it has another shape.
    """
    pins = {}
    for text in texts:
        measure_id, _, quarter = text.partition("=")
        try:
            pins[measure_id.strip().upper()] = Quarter.parse(quarter)
        except ValueError as error:
            raise PlanError(f"--pin '{text}' klopt niet: {error}. Schrijf MAATREGEL=2028-K1.") from error
    return pins


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
            frames = PlanFrames(
                told,
                planned.dropped,
                planned.settled,
                planned.finishes,
                planned.conformity,
                planned.estimates,
                planned.steps,
            )
            echo(write_roadmap(frames, planned.begin, Status(planned.status, planned.optimality_gap)))
        case "csv":
            print_csv(name_quarters(told, planned.begin))
        case _:
            _print_roadmap(planned)


def _print_roadmap(planned: Roadmap) -> None:
    _print_closed(planned)
    for house in planned.scores.houses:
        measures = of_house(planned.measures, house.house_id)
        _print_measures(house, measures, planned)
        dropped = of_house(planned.dropped, house.house_id)
        if not dropped.empty:
            echo("Vervallen:")
            print_table(list_dropped(dropped, planned.scores.questionnaire))
        steps = of_house(planned.steps, house.house_id)
        if not steps.empty:
            echo(f"{describe_steps(steps)}.")
            print_table(list_steps(steps, planned.scores.questionnaire))
        settled = of_house(planned.settled, house.house_id)
        if not settled.empty:
            echo(f"{describe_settled(settled)}:")
            print_table(list_settled(settled, planned.scores.questionnaire))
    if not planned.measures.empty:
        _print_steering(planned)


def _print_closed(planned: Roadmap) -> None:
    if told := describe_closed(planned.decisions, planned.scores.round):
        echo(told)


def _print_measures(house: House, measures: pd.DataFrame, planned: Roadmap) -> None:
    if measures.empty:
        echo(f"{house.title}: geen maatregelen.")
        return
    count = format_counted(len(measures), "maatregel")
    echo(f"{house.title}: {count} vanaf {planned.begin}, als niets tegenzit.")
    print_table(list_measures(measures, planned.begin, planned.scores.questionnaire, planned.scores.register))


def _print_steering(planned: Roadmap) -> None:
    asked, register = planned.scores.questionnaire, planned.scores.register
    echo(describe_chain(planned.chain, planned.begin, asked))
    print_table(list_chain(planned.chain, planned.begin, asked, register))
    if not planned.hold_ups.empty:
        echo(f"{describe_hold_ups(planned.hold_ups, asked)}:")
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
    planned = plan_which(which, capacities, together=which.everywhere).roadmap
    match shape:
        case "json":
            echo(
                write_forecast(planned.estimates, planned.phases, planned.sure, planned.steps, planned.begin)
            )
        case "csv":
            print_csv(planned.estimates)
        case _:
            _print_forecast(planned)


def _print_forecast(planned: Roadmap) -> None:
    asked, register = planned.scores.questionnaire, planned.scores.register
    _print_closed(planned)
    echo(describe_estimating(asked))
    main = keep_main(planned.estimates, asked)
    print_table(list_estimates_of_houses(main, planned.begin, asked, register))
    together = planned.estimates[planned.estimates["house_id"] == ALL_HOUSES]
    told = describe_transition(planned.phases, planned.sure, together, planned.begin)
    echo(f"{told}. Per kwartaal, als niets tegenzit. {OPEN_PHASE}")
    print_table(list_transition(planned.phases, planned.sure, planned.begin))


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
    where, present = plan_which(which)
    tried = WhatIf(read_capacities(where, capacities), national, read_pins(pins), dropped)
    comparison = queries(where).compare_what_if(present, tried)
    match shape:
        case "json":
            echo(
                write_comparison(
                    comparison.ends, comparison.finishes, comparison.late, comparison.room, present.begin
                )
            )
        case "csv":
            print_csv(comparison.finishes)
        case _:
            _print_comparison(comparison)
    if adopts:
        told = _list_adopted(adopt_what_if(where, comparison, reason, now()), comparison)
        echo("\n".join([*told, *([describe_not_kept(national)] if national else [])]), err=shape != "table")


def _list_adopted(adopted: Decided, comparison: Comparison) -> list[str]:
    """What was kept, a line each; where the comparison goes to a machine they go beside it."""
    register = comparison.present.scores.register
    rows = list_wanted(*adopted, comparison.questionnaire, register).to_dict("records")
    kept = [f"- {row['Wat']} ({row['Voor']}): {row['Nu']} → {row['Straks']}" for row in rows]
    return ["Overgenomen:", *kept]


def _print_comparison(comparison: Comparison) -> None:
    begin, register = comparison.present.begin, comparison.present.scores.register
    echo(f"{describe_what_if(comparison.ends, begin)}. {describe_late(comparison.late)}")
    print_table(list_ends(comparison.ends, begin, register))
    changes = list_changes(comparison.finishes, begin, comparison.questionnaire, register)
    if not changes.empty:
        print_table(changes)
    if not comparison.room.empty:
        print_table(list_room(comparison.room, comparison.questionnaire, register))
    hold_ups = comparison.tried.hold_ups
    if not hold_ups.empty:
        echo(f"{describe_hold_ups(hold_ups, comparison.questionnaire)}:")
        resources = comparison.tried.resources
        print_table(list_hold_ups(hold_ups, begin, comparison.questionnaire, register, resources))
