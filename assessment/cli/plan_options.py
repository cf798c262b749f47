"""What the commands on plans are given: which houses, whose capacity, which pins."""

from collections.abc import Mapping

import click

from assessment.errors import CommandUsageError, PlanError
from assessment.model.plan import Quarter
from assessment.model.scale import Actor

all_option = click.option("--all", "everywhere", is_flag=True, help="Alle huizen van de ronde.")
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


def refuse_no_choice(house_id: str | None, unit_id: str | None, *, everywhere: bool) -> None:
    """Refuse anything but one way to say which houses.

    Raises:
        CommandUsageError: none is given, or several.
    """
    if sum([house_id is not None, unit_id is not None, everywhere]) != 1:
        raise CommandUsageError("Kies één van --house, --unit of --all.")


def read_capacities(texts: tuple[str, ...]) -> Mapping[Actor, int]:
    """Read WIE=N.

    Raises:
        PlanError: no such actor, or no whole number.
    """
    actors = {actor.value.casefold(): actor for actor in Actor}
    capacity = {}
    for text in texts:
        name, _, number = text.partition("=")
        if name.casefold() not in actors or not number.isdecimal():
            known = ", ".join(actor.value for actor in Actor)
            raise PlanError(f"--capacity '{text}' klopt niet. Schrijf WIE=N, met als WIE: {known}.")
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
