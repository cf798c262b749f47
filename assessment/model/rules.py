"""What several models share: a frozen base, a text that is not empty, and two checks on ids."""

from collections import Counter
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Frozen(BaseModel):
    """A fact that does not change and holds nothing that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def refuse_doubles(what: str, keys: Iterable[str], where: str) -> None:
    """Raise a ValueError that names every key that occurs more than once."""
    doubles = sorted(key for key, count in Counter(keys).items() if count > 1)
    if doubles:
        raise ValueError(f"{where}: {what} komen dubbel voor: {', '.join(doubles)}")


def in_order(needs: Mapping[str, Iterable[str]], fault: str = "wacht in een kring") -> tuple[str, ...]:
    """Sort keys so that each comes after what it needs; needs that are no key themselves fall away.

    Args:
        needs: what each key needs first.
        fault: what to call a circle.

    Raises:
        ValueError: keys that wait for each other in a circle.
    """
    try:
        return tuple(key for key in TopologicalSorter(needs).static_order() if key in needs)
    except CycleError as error:
        raise ValueError(f"{fault}: {' → '.join(error.args[1])}") from error
