"""A safety formula (formule): for one safety issue, which party puts in what, and what that has to bring.

A formula may be half: what has no value yet is empty, and `engine/formulas.py` tells what is missing. What
cannot be is refused here. It holds no data about cases or citizens, and a party is an organisation.

Source: the second source text (Ter Braak, 2013): per issue the parties, their effort, people and means, in
chains and networks, each in its own role; then results and outcome, with capacity put on them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from assessment.model.effort import (
    FIRST_YEAR,
    LAST_YEAR,
    Intervention,
    Number,
    Party,
    PartyCapacity,
)
from assessment.model.register import Slug
from assessment.model.rules import Frozen, Line, broken, refuse_doubles
from assessment.model.scale import Worded
from assessment.model.wording import fold

# How many of a thing one formula holds, and how often a figure is read.
_MOST, _MOST_READINGS = 60, 200


def _refuse_odd_year(day: date | None) -> date | None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        remedy = f"Kies een dag van {FIRST_YEAR} tot en met {LAST_YEAR}"
        raise broken("dag-is-van-deze-tijd", "", f"{day.isoformat()} kan niet", remedy)
    return day


class Level(Worded):
    """Which level leads; each needs attention of its own."""

    LOCAL = "lokaal", "lokaal"
    REGIONAL = "regionaal", "regionaal"
    NATIONAL = "landelijk", "landelijk"


class FormulaStatus(Worded):
    """How far a formula is."""

    DRAFT = "concept", "concept"
    ADOPTED = "vastgesteld", "vastgesteld"
    STOPPED = "gestopt", "gestopt"


class Reading(Frozen):
    """What an indicator or a count was on a day."""

    day: date
    value: Number
    source: Line = ""

    _a_day_of_these_times = field_validator("day")(_refuse_odd_year)


class Indicator(Frozen):
    """A figure that is followed: by which an outcome is seen, or a count (output) of its own."""

    name: Line = Field(min_length=1)
    unit: Line = ""
    baseline: Number | None = None
    target: Number | None = None
    due: date | None = Field(default=None, description="The day on which the target is to be reached.")
    source: Line = ""
    readings: Annotated[tuple[Reading, ...], Field(max_length=_MOST_READINGS)] = ()

    _a_day_of_these_times = field_validator("due")(_refuse_odd_year)

    @model_validator(mode="after")
    def a_figure_has_a_unit(self) -> Self:
        """A number without a unit says nothing."""
        if not self.unit.strip():
            remedy = "Schrijf erbij waarin u telt, zoals: procent, of meldingen per jaar"
            raise broken("indicator-heeft-eenheid", self.name, "zonder eenheid", remedy)
        return self

    @model_validator(mode="after")
    def it_is_read_once_a_day(self) -> Self:
        """Two readings of one day would contradict each other."""
        refuse_doubles("metingen", (each.day.isoformat() for each in self.readings), self.name)
        return self

    @property
    def key(self) -> str:
        """By which the same figure is known again."""
        return fold(self.name)


class Outcome(Frozen):
    """What is to change for people, with the figures by which that is seen."""

    what: Line = Field(min_length=1)
    indicators: Annotated[tuple[Indicator, ...], Field(max_length=_MOST)] = ()


class Directing(Frozen):
    """Who directs: the administrators, the process, the casus; a function or a party, never a person."""

    board: Line = ""
    process: Line = ""
    casus: Line = ""

    @property
    def named(self) -> dict[str, str]:
        """Who directs what, where that is known."""
        return {name: who for name, who in self if who.strip()}


class Formula(Frozen):
    """A safety formula of a house.

    `version` counts the changes that were stored, so that nobody overwrites what he has not seen; 0 is never
    stored.
    """

    house_id: Slug
    formula_id: Slug = Field(description="Known once within a house.")
    version: int = Field(default=0, ge=0)
    title: Line = Field(min_length=1)
    municipality: Line = Field(default="", description="For which it is made; empty: for the whole house.")
    theme: Line = Field(default="", description="The safety issue.")
    level: Level | None = None
    target_group: Line = ""
    problem: Annotated[str, Field(max_length=300)] = Field(default="", description="In one sentence.")
    parties: Annotated[tuple[Party, ...], Field(max_length=_MOST)] = ()
    interventions: Annotated[tuple[Intervention, ...], Field(max_length=_MOST)] = ()
    outcomes: Annotated[tuple[Outcome, ...], Field(max_length=_MOST)] = ()
    counts: tuple[Indicator, ...] = Field(
        default=(), max_length=_MOST, description="Output, apart from outcome."
    )
    directing: Directing = Directing()
    start: date | None = None
    review: date | None = None
    status: FormulaStatus = FormulaStatus.DRAFT
    shared: bool = Field(default=False, description="Whether other houses may start from it.")

    _days_of_these_times = field_validator("start", "review")(_refuse_odd_year)

    @model_validator(mode="after")
    def a_party_stands_there_once(self) -> Self:
        """What a party puts in is told in one place."""
        named = [each.name for each in self.parties if each.key]
        self._refuse_doubles("partijen", named, "Zet wat een partij inzet in één regel")
        return self

    @model_validator(mode="after")
    def a_figure_stands_there_once(self) -> Self:
        """An outcome and a count are never the same figure."""
        remedy = "Geef elk cijfer een eigen naam; een cijfer is een effect of een aantal"
        self._refuse_doubles("cijfers", (each.name for each in self.indicators), remedy)
        self._refuse_doubles("effecten", (each.what for each in self.outcomes), "Zet elk effect er één keer")
        return self

    @model_validator(mode="after")
    def nothing_ends_before_it_starts(self) -> Self:
        """It is reviewed, and its targets are reached, after it started."""
        days = [("bijstellen", self.review)]
        days += [(f"streefdatum van {each.name}", each.due) for each in self.indicators]
        if self.start and (early := [name for name, day in days if day and day < self.start]):
            fault = f"ligt voor de start op {self.start.isoformat()}: {', '.join(early)}"
            raise broken("dag-na-start", self.formula_id, fault, "Kies een latere dag, of een eerdere start")
        return self

    def _refuse_doubles(self, what: str, names: Iterable[str], remedy: str) -> None:
        """Refuse names that are the same, however they are typed."""
        alike: dict[str, list[str]] = {}
        for name in names:
            alike.setdefault(fold(name), []).append(name)
        if doubles := [same[0] for same in alike.values() if len(same) > 1]:
            fault = f"{what} komen dubbel voor: {', '.join(doubles)}"
            raise broken("staat-er-een-keer", self.formula_id, fault, remedy)

    # A cached property would go along into a copy with other figures.
    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every figure that is followed: first those of the outcomes, then the counts."""
        return (*(each for outcome in self.outcomes for each in outcome.indicators), *self.counts)

    @property
    def party(self) -> dict[str, Party]:
        """Each party that has a name, by its key."""
        return {each.key: each for each in self.parties if each.key}

    @property
    def subject(self) -> str:
        """What the audit trail calls it."""
        return f"{self.house_id}/{self.formula_id}"

    @property
    def runs(self) -> bool:
        """Whether it was not stopped; a draft runs too."""
        return self.status is not FormulaStatus.STOPPED

    @property
    def issue_key(self) -> tuple[str, str]:
        """By which two formulas are known to be about the same: theme and target group."""
        return fold(self.theme), fold(self.target_group)

    @property
    def decided(self) -> dict[str, object]:
        """Every field that people decide on, with its value."""
        return {field: getattr(self, field) for field in FORMULA_FIELDS}

    def differs_from(self, other: "Formula") -> tuple[str, ...]:
        """The fields with another value than in another version."""
        theirs = other.decided
        return tuple(field for field, value in self.decided.items() if value != theirs[field])

    def list_texts(self) -> Iterator[tuple[str, str]]:
        """Everything that was written in it, each with the words for where that stands."""
        for field in ("title", "municipality", "theme", "target_group", "problem"):
            yield FORMULA_FIELDS[field], getattr(self, field)
        for party in self.parties:
            texts = (party.name, party.role, party.effort, party.means, party.mandate)
            yield f"partij {party.name}".strip(), "\n".join(texts)
        yield from ((f"interventie {each.what}", f"{each.what}\n{each.party}") for each in self.interventions)
        yield from (("effecten", each.what) for each in self.outcomes)
        for figure in self.indicators:
            sources = (figure.source, *(each.source for each in figure.readings))
            yield f"cijfer {figure.name}", "\n".join((figure.name, figure.unit, *sources))
        yield FORMULA_FIELDS["directing"], "\n".join(self.directing.named.values())

    def as_start(self, house_id: str, formula_id: str) -> Self:
        """The same as the draft with which another house, or another municipality, starts.

        How much people put in, who directs, and what was measured is theirs: that is not taken along.
        """
        parties = (each.model_copy(update={"amount": None, "mandate": ""}) for each in self.parties)
        interventions = (each.model_copy(update={"amount": None}) for each in self.interventions)
        outcomes = (
            each.model_copy(update={"indicators": tuple(map(_empty, each.indicators))})
            for each in self.outcomes
        )
        return self.model_copy(
            update={
                "house_id": house_id,
                "formula_id": formula_id,
                "version": 0,
                "municipality": "",
                "parties": tuple(parties),
                "interventions": tuple(interventions),
                "outcomes": tuple(outcomes),
                "counts": tuple(map(_empty, self.counts)),
                "directing": Directing(),
                "start": None,
                "review": None,
                "status": FormulaStatus.DRAFT,
                "shared": False,
            }
        )


def _empty(figure: Indicator) -> Indicator:
    """A figure of which nothing was measured or promised yet."""
    gone = {"baseline": None, "target": None, "due": None, "source": "", "readings": ()}
    return figure.model_copy(update=gone)


# The fields of a formula that people decide on, in the words that they read.
FORMULA_FIELDS: Mapping[str, str] = {
    "title": "naam",
    "municipality": "gemeente",
    "theme": "vraagstuk",
    "level": "niveau",
    "target_group": "doelgroep",
    "problem": "probleem in één zin",
    "parties": "partijen",
    "interventions": "interventies",
    "outcomes": "effecten",
    "counts": "aantallen",
    "directing": "regie",
    "start": "start",
    "review": "bijstellen op",
    "status": "status",
    "shared": "te gebruiken door andere huizen",
}


# How people call what stands within those.
PART_WORDS: Mapping[str, str] = {
    **FORMULA_FIELDS,
    "house_id": "huis",
    "formula_id": "nummer",
    "party": "partij",
    "year": "jaar",
    "name": "naam",
    "kind": "soort",
    "role": "rol",
    "effort": "inzet",
    "amount": "hoeveel",
    "number": "getal",
    "unit": "eenheid",
    "means": "middelen",
    "mandate": "mandaat",
    "what": "wat",
    "side": "voorkant of achterkant",
    "indicators": "indicatoren",
    "baseline": "beginwaarde",
    "target": "streven",
    "due": "streefdatum",
    "source": "bron",
    "readings": "metingen",
    "day": "dag",
    "value": "waarde",
    "board": "bestuurlijke regie",
    "process": "procesregie",
    "casus": "casusregie",
}


class KeptFormula(NamedTuple):
    """A version of a formula as it is stored, with who made it and when."""

    formula: Formula
    changed: datetime
    changed_by: str


class FormulaExample(Frozen):
    """A formula to start from, with no more than what its source says of it."""

    title: Line = Field(min_length=1)
    theme: Line
    source: Line
    level: Level | None = None
    target_group: Line = ""
    problem: str = ""
    parties: tuple[Party, ...] = ()
    directing: Directing = Directing()

    def as_start(self, house_id: str, formula_id: str) -> Formula:
        """The draft with which a house starts."""
        facts = {name: getattr(self, name) for name in type(self).model_fields if name != "source"}
        return Formula.model_validate({"house_id": house_id, "formula_id": formula_id, **facts})


class FormulaSet(Frozen):
    """The formulas of one house and what its parties have, as one file holds them."""

    house_id: Slug
    formulas: tuple[Formula, ...] = ()
    capacities: tuple[PartyCapacity, ...] = ()

    @model_validator(mode="after")
    def all_are_of_this_house(self) -> Self:
        """A file is about one house."""
        own: tuple[Formula | PartyCapacity, ...] = (*self.formulas, *self.capacities)
        foreign = [each.subject for each in own if each.house_id != self.house_id]
        if foreign:
            fault = f"van een ander huis: {', '.join(foreign)}"
            raise broken("formule-van-dit-huis", self.house_id, fault, "Neem die over bij dat huis zelf")
        return self

    @model_validator(mode="after")
    def each_stands_there_once(self) -> Self:
        """A formula has one text, and a party one capacity a year."""
        refuse_doubles("formules", (each.formula_id for each in self.formulas), self.house_id)
        refuse_doubles("partijen", (f"{each.key} {each.year}" for each in self.capacities), self.house_id)
        return self
