"""Who puts in what: parties, what each does at the front and at the back, and how much it has in a year.

Effort is kept in the unit in which somebody typed it, and added up in hours a year.
"""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from assessment.model.register import Slug
from assessment.model.rules import Frozen, Line, broken
from assessment.model.scale import Worded
from assessment.model.wording import fold

# The hours a week of who works full time, by the collective agreements of municipalities and police.
FULL_TIME_HOURS = 36
WEEKS = 52
# More than this is a slip of the pen: a thousand people full time.
_MOST_HOURS = 1000 * FULL_TIME_HOURS * WEEKS
# Before and after these years a day is one too.
FIRST_YEAR, LAST_YEAR = 2000, 2100
_LARGEST = 1_000_000_000
_TEXT_LENGTH = 1000


def _refuse_odd_number(number: float) -> float:
    if abs(number) > _LARGEST:
        remedy = "Kijk het getal na, of tel in een grotere eenheid"
        raise broken("getal-is-redelijk", "", f"{number:.0f} is te groot", remedy)
    return number


Number = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_refuse_odd_number)]


Story = Annotated[str, Field(max_length=_TEXT_LENGTH)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class PartyKind(Worded):
    """Where a party comes from: the core of a house, or a chain or network beyond it."""

    CORE = "kern", "kernpartner"
    EDUCATION = "onderwijs", "onderwijs"
    CARE = "zorg", "zorg"
    WORK = "arbeid", "arbeid"
    WELFARE = "welzijn", "welzijn"
    WATER_BOARD = "waterschap", "waterschap"
    SAFETY_REGION = "veiligheidsregio", "veiligheidsregio"
    OTHER = "anders", "andere partij"


class Side(Worded):
    """Where an intervention works: before it goes wrong, or after."""

    FRONT = "voorkant", "voorkant"
    BACK = "achterkant", "achterkant"


class TimeUnit(Worded):
    """In what somebody counts effort; kept as it was typed, and added up in hours a year."""

    HOURS_A_YEAR = "uur-per-jaar", "uur per jaar"
    HOURS_A_WEEK = "uur-per-week", "uur per week"
    FTE = "fte", "fte"

    @property
    def hours(self) -> int:
        """How many hours a year one of it is."""
        return {TimeUnit.HOURS_A_WEEK: WEEKS, TimeUnit.FTE: FULL_TIME_HOURS * WEEKS}.get(self, 1)


class Amount(Frozen):
    """How much effort, in the unit in which it was typed."""

    number: Number
    unit: TimeUnit

    @model_validator(mode="after")
    def it_is_something_that_people_put_in(self) -> Self:
        """Less than nothing, and more than a thousand people, is a slip of the pen."""
        if self.number < 0:
            fault = f"{self.number:g} {self.unit.dutch} is minder dan niets"
            raise broken("inzet-is-redelijk", "", fault, "Typ 0 of meer, of laat het leeg")
        if self.hours > _MOST_HOURS:
            fault = f"{self.number:g} {self.unit.dutch} is meer dan duizend mensen"
            raise broken("inzet-is-redelijk", "", fault, "Kijk het getal en de eenheid na")
        return self

    @property
    def hours(self) -> float:
        """The same in hours a year."""
        return self.number * self.unit.hours


class Party(Frozen):
    """What one party puts in; without a name it is effort that nobody owns yet."""

    name: Line = ""
    kind: PartyKind = PartyKind.CORE
    role: Line = ""
    effort: Story = ""
    amount: Amount | None = None
    means: Story = ""
    mandate: Story = ""

    @property
    def key(self) -> str:
        """By which the same party is known again, however its name is typed."""
        return fold(self.name)

    @property
    def hours(self) -> float:
        """What it puts in, in hours a year; 0 where nobody said."""
        return self.amount.hours if self.amount else 0


class Intervention(Frozen):
    """Something that is done, at the front or at the back; `amount` is a part of the effort of its party."""

    what: Line = Field(min_length=1)
    side: Side
    party: Line = ""
    amount: Amount | None = None

    @property
    def party_key(self) -> str:
        """By which its party is known again; empty where no party owns it."""
        return fold(self.party)

    @property
    def hours(self) -> float:
        """What it takes, in hours a year; 0 where nobody said."""
        return self.amount.hours if self.amount else 0


class PartyCapacity(Frozen):
    """What a party has for all formulas of a house in a year; `version` as that of a formula.

    Without an amount nobody says so (any more).
    """

    house_id: Slug
    party: Line = Field(min_length=1)
    year: Year
    amount: Amount | None = None
    version: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def a_party_has_a_name(self) -> Self:
        """A name holds at least a letter or a figure."""
        if not self.key:
            raise broken("partij-heeft-naam", "", f"'{self.party}' is geen naam", "Schrijf welke partij")
        return self

    @property
    def key(self) -> str:
        """By which the same party is known again."""
        return fold(self.party)

    @property
    def subject(self) -> str:
        """What the audit trail calls it: no text that somebody typed."""
        return f"{self.house_id}/{self.year}"
