"""Time in a plan: calendar quarters, why a measure waits for one, and how its duration may turn out."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import isclose
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessment.model.rules import Frozen, Text, broken, refuse_doubles

_SHAPE = re.compile(r"(\d{4})-K([1-4])")
# How many quarters a plan looks ahead.
HORIZON = 12


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter; written 2027-K1."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which a day falls."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2027-K1".

        Raises:
            ValueError: another shape.
        """
        shape = _SHAPE.fullmatch(text.strip().upper())
        if shape is None:
            raise ValueError(f"'{text}' is geen kwartaal; schrijf het als 2027-K1")
        return cls(int(shape[1]), int(shape[2]))

    @property
    def first_day(self) -> date:
        """The day on which it begins."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """The day on which it ends."""
        return (self + 1).first_day - timedelta(days=1)

    def __add__(self, quarters: int) -> Self:
        years, number = divmod(self.number - 1 + quarters, 4)
        return type(self)(self.year + years, number + 1)

    def __sub__(self, other: "Quarter") -> int:
        return (self.year - other.year) * 4 + self.number - other.number

    def __str__(self) -> str:
        return f"{self.year}-K{self.number}"


class Why(StrEnum):
    """Why a measure starts when it does; of several that hold, the first in this order."""

    BEGUN = "begun"
    PINNED = "pinned"
    AT_ONCE = "at_once"
    WAITS = "waits"
    CAPACITY = "capacity"
    AGREED = "agreed"


class Step(StrEnum):
    """What is left to do beside the measures of a plan, without quarters or capacity."""

    FIND_OUT = "find_out"
    """A question of which nobody knows the answer."""
    JUDGE_AGAIN = "judge_again"
    """All of its measures are done: only a new answer changes the score."""
    OPEN = "open"
    """A measure was dropped, so that the criterion stays open."""


class Outcome(Frozen):
    """One way in which a duration may turn out: how many quarters longer (negative is shorter), how often."""

    extra_quarters: Annotated[int, Field(ge=-12, le=12)]
    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class Estimates(Frozen):
    """How durations may turn out; a measure never takes less than one quarter."""

    note: Text = Field(description="Dat dit een voorstel is, in één gewone zin.")
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def shares_add_up_to_one(self) -> Self:
        """Something happens, and only one thing."""
        total = sum(outcome.share for outcome in self.outcomes)
        if not isclose(total, 1, abs_tol=1e-9):
            remedy = "Verbeter de shares tot zij samen precies 1 zijn"
            raise broken("schattingen-samen-een", "estimates", f"shares zijn samen {total:g}, niet 1", remedy)
        return self

    @model_validator(mode="after")
    def outcomes_differ(self) -> Self:
        """The same outcome twice would be one."""
        refuse_doubles("uitkomsten", (f"{each.extra_quarters:+d}" for each in self.outcomes), "estimates")
        return self
