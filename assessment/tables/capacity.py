"""The capacity of a plan in words."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from assessment.model.decisions import MOST, SHARED_IN_UNIT, Capacity
from assessment.model.register import Register
from assessment.model.scale import Actor
from assessment.tables.shown import show_with_capital


def say_capacity(capacity: Mapping[Actor, int]) -> str:
    """Say how many measures each actor carries at once, the largest number first.

    Args:
        capacity: how many measures at once, per actor.

    Returns:
        "Tegelijk lopen hoogstens zoveel maatregelen: 3 bij het Veiligheidshuis; 2 bij het OM en de partners."
    """
    actors: dict[int, list[str]] = {}
    for actor, number in sorted(capacity.items(), key=lambda pair: -pair[1]):
        actors.setdefault(number, []).append(actor.dutch)
    parts = [f"{number} bij {join_words(names)}" for number, names in actors.items()]
    return f"Tegelijk lopen hoogstens zoveel maatregelen: {'; '.join(parts)}."


def find_numbers(resources: pd.DataFrame) -> dict[Actor, list[int]]:
    """How many measures each actor carries at once: more than one number where that differs per house.

    Args:
        resources: RESOURCES.

    Returns:
        The different numbers, from few to many, of every actor there.
    """
    per_actor = resources.groupby("actor", sort=False)["capacity"]
    return {Actor(str(actor)): sorted(set(numbers.tolist())) for actor, numbers in per_actor}


def say_sharing(actors: Sequence[Actor]) -> str:
    """Say of which actors all houses together have one capacity, and of which each its own."""
    shared = [actor.dutch for actor in actors if actor in SHARED_IN_UNIT]
    alone = "is er voor elk huis apart; de schuif geldt dan voor elk huis."
    if not shared:
        return f"Deze capaciteit {alone}"
    works = "werkt" if len(shared) == 1 else "werken"
    return (
        f"{show_with_capital(join_words(shared))} {works} voor alle huizen van een eenheid samen. De "
        f"capaciteit van de anderen {alone}"
    )


def say_unfit(numbers: Iterable[tuple[Actor, int]]) -> str:
    """Say which capacities are too small or too large; nothing where none is."""
    wanted = list(numbers)
    small = [f"{actor.value}={number}" for actor, number in wanted if number < 1]
    large = [f"{actor.value}={number}" for actor, number in wanted if number > MOST]
    told = [("ten minste 1", small), (f"hoogstens {MOST}", large)]
    return "\n".join(f"Capaciteit moet {must} zijn: {', '.join(wrong)}." for must, wrong in told if wrong)


def list_capacities(capacities: Iterable[Capacity], register: Register) -> pd.DataFrame:
    """Capacities for reading: who, for whom, how many measures at once, and how many are usual."""
    rows = [
        (
            show_with_capital(each.actor.value),
            name_owner(each, register),
            each.number,
            each.actor.capacity,
            each.version,
        )
        for each in capacities
    ]
    return pd.DataFrame(rows, columns=["Wie", "Voor", "Tegelijk", "Gebruikelijk", "Versie"])


def list_capacity_changes(changes: Iterable[tuple[Capacity, Capacity]], register: Register) -> pd.DataFrame:
    """What capacities were and become, for reading."""
    rows = [
        (show_with_capital(new.actor.value), name_owner(new, register), old.number, new.number)
        for old, new in changes
    ]
    return pd.DataFrame(rows, columns=["Wie", "Voor", "Was", "Wordt"])


def name_owner(capacity: Capacity, register: Register) -> str:
    """For whom a capacity is: a house, or all houses of a unit together."""
    if capacity.actor in SHARED_IN_UNIT:
        return f"alle huizen van {register.unit[capacity.owner_id].title}"
    return register.house[capacity.owner_id].title


def join_words(names: Sequence[str]) -> str:
    """Join names as a sentence does: "a, b en c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"
