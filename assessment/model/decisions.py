"""What people decided, which is over the planner: lines of a plan, capacities, and the plans they adopted.

Source: questionnaires/roadmap.md, sections 2 and 4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, NamedTuple, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from assessment.model.framework import MeasureId
from assessment.model.plan import Quarter
from assessment.model.register import House, Slug
from assessment.model.rules import Frozen
from assessment.model.scale import Actor, Rules, Signed

# Nobody carries more measures at once than that.
MOST = 99
# Who has one capacity for all houses of a police unit; the districts together by rules 1 only.
SHARED_IN_UNIT = frozenset({Actor.UNIT, Actor.DISTRICT, Actor.PROSECUTION})


class Resource(NamedTuple):
    """The capacity of an actor; `owner_id` is the police unit or district that shares it, else the house."""

    actor: Actor
    owner_id: str

    def __str__(self) -> str:
        """As it stands in frames and in the audit trail."""
        return f"{self.actor.value} {self.owner_id}"


class Capacity(Frozen):
    """How many measures a resource carries at once.

    `version` counts the changes that were stored, so that nobody overwrites what he has not seen; 0 is never
    stored: then it is the usual number.
    """

    actor: Actor
    owner_id: Slug
    number: int = Field(ge=1, le=MOST)
    version: int = Field(default=0, ge=0)

    @property
    def resource(self) -> Resource:
        """What it is the capacity of."""
        return Resource(self.actor, self.owner_id)


def find_resource(actor: Actor, house: House, rules: Rules) -> Resource:
    """On which capacity an actor draws for a house, by what the register knows.

    The unit and the OM have one capacity for all houses of the unit, a district one for all its houses, and a
    house of which no district is known has a district pool of its own. By rules 1 the districts of a unit had
    one together. Every other actor has one for each house: where one municipality serves two houses that is
    more than it has.
    """
    if actor is Actor.DISTRICT and rules is not Rules.ONE:
        return Resource(actor, house.district_id or house.house_id)
    return Resource(actor, house.unit_id if actor in SHARED_IN_UNIT else house.house_id)


# How many quarters a measure takes at most.
LONGEST = 12
# Stands for the reason of a house that shares no texts.
CLOSED = "reden niet gedeeld"
_LONG_TEXT, _SHORT_TEXT = 1000, 120


def _read_quarter(given: object) -> object:
    return Quarter.parse(given) if isinstance(given, str) else given


# A quarter that is written as 2027-K1.
NamedQuarter = Annotated[Quarter, BeforeValidator(_read_quarter), PlainSerializer(str, return_type=str)]


class Progress(Signed):
    """How far a measure has come."""

    PLANNED = "planned", "□", "gepland"
    BUSY = "busy", "▶", "bezig"
    DONE = "done", "✓", "gereed"
    DROPPED = "dropped", "×", "vervallen"


class PlanLine(Frozen):
    """What was decided about one measure of one house; what is empty is left to the planner.

    `version` counts the changes that were stored, so that nobody overwrites what he has not seen; 0 is never
    stored.
    """

    house_id: Slug
    measure_id: MeasureId
    version: int = Field(default=0, ge=0)
    pinned: NamedQuarter | None = None
    quarters: Annotated[int, Field(ge=1, le=LONGEST)] | None = None
    owner: Annotated[str, Field(max_length=_SHORT_TEXT)] = ""
    due: date | None = None
    started: date | None = None
    done: date | None = None
    dropped: Annotated[str, Field(max_length=_LONG_TEXT, description="Why, where it was dropped.")] = ""
    remark: Annotated[str, Field(max_length=_LONG_TEXT)] = ""
    taken: bool = Field(default=False, description="Whether the house chose its recommendation.")

    @model_validator(mode="after")
    def work_ends_after_it_began(self) -> Self:
        """Nothing is done before it was started."""
        if self.started and self.done and self.done < self.started:
            raise ValueError(f"{self.measure_id}: gereed op een dag voor die waarop het is begonnen")
        return self

    @model_validator(mode="after")
    def what_is_done_is_not_dropped(self) -> Self:
        """A measure is done or dropped, not both."""
        if self.done and self.dropped:
            raise ValueError(f"{self.measure_id}: gereed en vervallen gaan niet samen; kies een van beide")
        return self

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        if self.dropped:
            return Progress.DROPPED
        if self.done:
            return Progress.DONE
        return Progress.BUSY if self.started else Progress.PLANNED

    @property
    def decided(self) -> dict[str, object]:
        """Every field that somebody decides on, with its value."""
        return {field: getattr(self, field) for field in FIELD_WORDS}

    def without_texts(self) -> Self:
        """The same without what was written freely."""
        return self.model_copy(update={"owner": "", "remark": "", "dropped": CLOSED if self.dropped else ""})

    def with_texts_of(self, other: "PlanLine") -> Self:
        """The same with what was written freely in another; no reason where only one of them was dropped."""
        dropped = other.dropped if self.dropped and other.dropped else self.dropped
        return self.model_copy(update={"owner": other.owner, "remark": other.remark, "dropped": dropped})

    def differs_from(self, other: "PlanLine") -> tuple[str, ...]:
        """The fields with another value than in another line."""
        theirs = other.decided
        return tuple(field for field, value in self.decided.items() if value != theirs[field])


# The fields of a line that people decide on, in the words that they read.
FIELD_WORDS: Mapping[str, str] = {
    "pinned": "vastgezet op",
    "quarters": "duur in kwartalen",
    "owner": "wie",
    "due": "afspraak voor",
    "started": "begonnen op",
    "done": "gereed op",
    "dropped": "reden van vervallen",
    "remark": "opmerking",
    "taken": "aanbeveling in het plan",
}
# The fields in which anything may be written: never in the audit trail.
FREE_TEXTS = frozenset({"owner", "dropped", "remark"})


class Agreed(NamedTuple):
    """A measure as it stood in a plan that was adopted."""

    house_id: str
    measure_id: str
    first: Quarter
    last: Quarter


@dataclass(frozen=True)
class Decisions:
    """Everything that people decided and a plan takes as given.

    `lines` come one per house and measure; `capacities` one per resource of which the number was set;
    `agreed` is what was adopted last; `now` is the quarter in which work that has not begun can begin at the
    earliest. `closed` is the moment at which the round closed, where this is what was decided until then.
    """

    lines: tuple[PlanLine, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    now: Quarter | None = None
    closed: datetime | None = None

    @cached_property
    def line(self) -> dict[tuple[str, str], PlanLine]:
        """Each line by its house and measure."""
        return {(each.house_id, each.measure_id): each for each in self.lines}

    @cached_property
    def taken(self) -> frozenset[tuple[str, str]]:
        """The house and criterion of each recommendation that a house took into its plan."""
        return frozenset(
            (each.house_id, each.measure_id.partition(".")[0]) for each in self.lines if each.taken
        )

    @cached_property
    def capacity(self) -> dict[Resource, Capacity]:
        """Each capacity that was set, by its resource."""
        return {each.resource: each for each in self.capacities}

    def of_houses(self, house_ids: Iterable[str]) -> Self:
        """Only what was decided about these houses."""
        kept = frozenset(house_ids)
        return replace(
            self,
            lines=tuple(line for line in self.lines if line.house_id in kept),
            agreed=tuple(each for each in self.agreed if each.house_id in kept),
        )

    def without_texts(self) -> Self:
        """The same without what was written freely."""
        return replace(self, lines=tuple(line.without_texts() for line in self.lines))

    def without_notes(self) -> Self:
        """Only what a plan rests on: without what was written freely, and without what only reminds of it."""
        lines = (line.without_texts().model_copy(update={"version": 0, "due": None}) for line in self.lines)
        return replace(self, lines=tuple(line for line in lines if any(line.decided.values())))

    def with_lines(self, lines: Iterable[PlanLine]) -> Self:
        """The same with these lines in the place of what was decided about their measures."""
        merged = self.line | {(each.house_id, each.measure_id): each for each in lines}
        return replace(self, lines=tuple(merged.values()))

    def with_capacities(self, capacities: Iterable[Capacity]) -> Self:
        """The same with these capacities in the place of what was set."""
        merged = self.capacity | {each.resource: each for each in capacities}
        return replace(self, capacities=tuple(merged.values()))


NOTHING_DECIDED = Decisions()


class KeptDecisions(Frozen):
    """Decisions as they are kept: without what was written freely, and `agreed` as tuples."""

    lines: tuple[PlanLine, ...]
    capacities: tuple[Capacity, ...]
    agreed: tuple[tuple[Slug, MeasureId, NamedQuarter, NamedQuarter], ...]
    now: NamedQuarter | None

    @classmethod
    def of(cls, decisions: Decisions) -> Self:
        """What is kept of decisions."""
        bare = decisions.without_texts()
        agreed = tuple((*each,) for each in bare.agreed)
        return cls(lines=bare.lines, capacities=bare.capacities, agreed=agreed, now=bare.now)

    @property
    def decisions(self) -> Decisions:
        """The decisions that were kept."""
        agreed = tuple(Agreed(*each) for each in self.agreed)
        return Decisions(self.lines, self.capacities, agreed, self.now)


def find_line(decisions: Decisions, house_id: str, measure_id: str) -> PlanLine:
    """What was decided about a measure; an empty line where nothing was."""
    known = decisions.line.get((house_id, measure_id))
    return known or PlanLine(house_id=house_id, measure_id=measure_id)


class AdoptedMeasure(Frozen):
    """A measure as it stood in the plan; one that was dropped has no quarters, and its reason as `why`."""

    measure_id: MeasureId
    criterion_id: str
    actor: str
    first: NamedQuarter | None
    last: NamedQuarter | None
    status: Progress
    owner: str = ""
    why: str


class Baseline(Frozen):
    """The plan of one house as it was adopted, and on which answers and questionnaires it rests."""

    house_id: Slug
    number: int = Field(ge=1, description="Counts the plans of the house that were adopted.")
    adopted: datetime
    submission_id: str
    frameworks: tuple[str, ...]
    sha256: str = Field(description="Of the questionnaire.")
    begin: NamedQuarter
    measures: tuple[AdoptedMeasure, ...]

    @property
    def baseline_id(self) -> str:
        """House and number in one readable id."""
        return f"{self.house_id}.{self.number}"

    @property
    def agreed(self) -> tuple[Agreed, ...]:
        """The measures that were in the plan, with their quarters."""
        return tuple(
            Agreed(self.house_id, each.measure_id, each.first, each.last)
            for each in self.measures
            if each.first is not None and each.last is not None
        )

    def without_texts(self) -> Self:
        """The same without owners and without reasons why measures were dropped."""
        measures = tuple(
            each.model_copy(update={"owner": "", "why": CLOSED if each.first is None else each.why})
            for each in self.measures
        )
        return self.model_copy(update={"measures": measures})
