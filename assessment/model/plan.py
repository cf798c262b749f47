"""Time in a plan: calendar quarters, the way a plan names them."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from assessment.model.scale import Worded

_SHAPE = re.compile(r"(\d{4})-K([1-4])")
HORIZON = 12
"""How many quarters a plan looks ahead."""


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

    def __add__(self, quarters: int) -> Self:
        years, number = divmod(self.number - 1 + quarters, 4)
        return type(self)(self.year + years, number + 1)

    def __sub__(self, other: "Quarter") -> int:
        return (self.year - other.year) * 4 + self.number - other.number

    def __str__(self) -> str:
        return f"{self.year}-K{self.number}"


class Hold(Worded):
    """Why a measure starts when it does, and not earlier."""

    AT_ONCE = "at_once", "kan meteen"
    NEEDS = "needs", "wacht op de vorige maatregel"
    CAPACITY = "capacity", "wacht tot er na de vorige maatregel weer capaciteit is"
    FIXED = "fixed", "vastgezet"
    BEGUN = "begun", "is al begonnen"
    AGREED = "agreed", "zoals vastgesteld"
