"""The capacity of a plan in words."""

from collections.abc import Mapping, Sequence

from assessment.model.scale import Actor


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


def join_words(names: Sequence[str]) -> str:
    """Join names as a sentence does: "a, b en c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"
