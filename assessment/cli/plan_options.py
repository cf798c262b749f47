"""What the commands on plans are given: which houses, whose capacity, which pins; and the plan of those."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple

import click

from assessment.cli.console import (
    house_option,
    installation,
    perspective_option,
    queries,
    round_option,
    unit_option,
)
from assessment.errors import CommandUsageError, PlanError
from assessment.model.plan import Quarter
from assessment.model.scale import Actor, Perspective
from assessment.service.installation import Installation
from assessment.service.plans.planning import Roadmap
from assessment.service.plans.what_if import Trial
from assessment.service.round_scores import Which

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
    for option in reversed(options):
        with_which = option(with_which)
    return with_which


def refuse_no_choice(which: Chosen) -> None:
    """Refuse anything but one way to say which houses.

    Raises:
        CommandUsageError: none is given, or several.
    """
    if sum([which.house_id is not None, which.unit_id is not None, which.everywhere]) != 1:
        raise CommandUsageError("Kies één van --house, --unit of --all.")


def plan_which(which: Chosen, capacities: tuple[str, ...] = (), pins: tuple[str, ...] = ()) -> PlannedHouses:
    """Plan the houses that a command is about as decided, with the capacities and pins that are tried.

    Raises:
        CommandUsageError: as `refuse_no_choice`.
        PlanError: as `read_capacities` and `read_pins`.
        UserError: as `Queries.find_roadmap`.
    """
    refuse_no_choice(which)
    where, trial = installation(), Trial(read_capacities(capacities), read_pins(pins))
    meant = Which(which.round_id, which.perspective, which.house_id, which.unit_id)
    return PlannedHouses(where, queries(where).find_roadmap(meant, trial))


def read_capacities(texts: tuple[str, ...], option: str = "--capacity") -> Mapping[Actor, int]:
    """Read WIE=N, as given with an option.

    Raises:
        PlanError: no such actor, or no whole number.
    """
    actors = {actor.value.casefold(): actor for actor in Actor}
    capacity = {}
    for text in texts:
        name, _, number = text.partition("=")
        if name.casefold() not in actors or not number.isdecimal():
            known = ", ".join(actor.value for actor in Actor)
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
