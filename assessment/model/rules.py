"""What several models share: a frozen base, texts and weights, how a rule is told, and two checks on ids."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from assessment.model.scale import Rules
from assessment.model.wording import is_on_one_line


def _is_a_name(text: str) -> str:
    if is_on_one_line(text):
        return text
    fault = "er staat een regeleinde of een onzichtbaar stuurteken in"
    raise broken("naam-is-tekst", "", fault, "Typ de naam opnieuw, op één regel")


Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
# A store from before may hold others: what is loaded goes through `clean_name`.
Name = Annotated[Text, AfterValidator(_is_a_name)]
# What may stay empty, and is on one line where it is not.
Line = Annotated[str, Field(max_length=120), AfterValidator(_is_a_name)]
RulesVersion = Annotated[
    Rules, BeforeValidator(lambda given: str(given) if isinstance(given, int) else given)
]

# Moments are kept and shown as they are in the Netherlands.
ZONE = ZoneInfo("Europe/Amsterdam")
_LIGHTEST, _HEAVIEST = 0.01, 100


def write_moment(moment: datetime) -> str:
    """A moment as ISO 8601 with its offset: 2026-11-22T12:00:00+01:00; one without a zone is Dutch time."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).isoformat()


def broken(rule: str, place: str, fault: str, remedy: str) -> ValueError:
    """Make the error of a rule that does not hold: where, what, how to repair it, the name of the rule."""
    return ValueError(f"{place}: {fault}. {remedy}. (regel: {rule})")


def _weighs(weight: float) -> float:
    if _LIGHTEST <= weight <= _HEAVIEST:
        return weight
    remedy = f"Kies een gewicht van {_LIGHTEST} tot {_HEAVIEST}; 1 is gewoon"
    raise broken("gewicht-is-redelijk", "", f"{weight:g} is geen gewicht", remedy)


Weight = Annotated[float, AfterValidator(_weighs), Field(description="Hoe zwaar het telt; 1 is gewoon.")]


class Frozen(BaseModel):
    """A fact that does not change and holds nothing that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def refuse_doubles(what: str, keys: Iterable[str], where: str, rule: str = "") -> None:
    """Raise a ValueError that names every key that occurs more than once, and the rule that has a name."""
    doubles = sorted(key for key, count in Counter(keys).items() if count > 1)
    if doubles:
        fault = f"{what} komen dubbel voor: {', '.join(doubles)}"
        raise broken(rule, where, fault, "Maak ze verschillend") if rule else ValueError(f"{where}: {fault}")


def in_order(
    needs: Mapping[str, Iterable[str]], fault: str = "wacht in een kring", where: str = ""
) -> tuple[str, ...]:
    """Sort keys so that each comes after what it needs; needs that are no key themselves fall away.

    Args:
        needs: what each key needs first.
        fault: what to call a circle.
        where: the framework or criterion that it is in; else it is no rule of a framework.

    Raises:
        ValueError: keys that wait for each other in a circle.
    """
    try:
        return tuple(key for key in TopologicalSorter(needs).static_order() if key in needs)
    except CycleError as error:
        told = f"{fault}: {' → '.join(error.args[1])}"
        remedy = "Laat één van deze niet meer wachten"
        raise (broken("geen-kring", where, told, remedy) if where else ValueError(told)) from error
