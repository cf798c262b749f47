"""What a framework consists of: options, questions, criteria, measures, themes.

A framework is one published YAML file in `questionnaires/`. Everything is frozen and refuses keys that it
does not know.
"""

from collections.abc import Iterable, Iterator
from re import findall
from string import ascii_lowercase
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessment.model.rules import Frozen, Text, in_order, refuse_doubles
from assessment.model.scale import Actor, Kind, Mark

CriterionId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{1,2}$")]
QuestionId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{1,2}\.[0-9]{1,2}$")]
MeasureId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{1,2}\.M[0-9]{1,2}$")]
Weight = Annotated[float, Field(gt=0)]


class Option(Frozen):
    """One answer that a question offers."""

    mark: Mark
    text: Text
    value: Annotated[float | None, Field(ge=0, le=1)] = None

    @model_validator(mode="after")
    def only_a_counted_mark_has_a_value(self) -> Self:
        """A value of its own only makes sense where the mark counts."""
        if self.value is not None and self.mark.worth is None:
            raise ValueError(f"optie '{self.text}': een eigen waarde past niet bij {self.mark.value}")
        return self

    @property
    def worth(self) -> float | None:
        """What it counts for in [0, 1]; None where it is open or never counted."""
        return self.mark.worth if self.value is None else self.value


WEET_IK_NIET = Option(mark=Mark.UNKNOWN, text="Weet ik niet")


class Question(Frozen):
    """One question; its options carry the letters a, b, c … in order."""

    question_id: QuestionId
    text: Text
    core: bool = False
    weight: Weight = 1.0
    proposal: Text | None = Field(default=None, description="Wat in deze vraag een voorstel van ons is.")
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=len(ascii_lowercase) - 1)]

    @model_validator(mode="before")
    @classmethod
    def weet_ik_niet_is_always_possible(cls, given: object) -> object:
        """Add "Weet ik niet" as the last option where no option says so."""
        if not isinstance(given, dict) or not isinstance(given.get("options"), list | tuple):
            return given
        marks = [option.get("mark") for option in given["options"] if isinstance(option, dict)]
        if Mark.UNKNOWN in marks or any(isinstance(option, Option) for option in given["options"]):
            return given
        return {**given, "options": [*given["options"], WEET_IK_NIET.model_dump()]}

    @model_validator(mode="after")
    def options_differ(self) -> Self:
        """Two options with the same text could not be told apart."""
        refuse_doubles("opties", (option.text.casefold() for option in self.options), self.question_id)
        return self

    @property
    def criterion_id(self) -> str:
        """The criterion that it is numbered under."""
        return self.question_id.split(".")[0]

    @property
    def describes(self) -> bool:
        """Whether it only describes (couleur locale): then nothing counts, not even "weet ik niet"."""
        return {option.mark for option in self.options} == {Mark.DESCRIPTIVE, Mark.UNKNOWN}

    def asks_the_same(self, other: "Question") -> bool:
        """Whether an answer to another version of it answers this one: the same words, the same options."""
        return (self.text, self.options) == (other.text, other.options)

    @property
    def lettered(self) -> tuple[tuple[str, Option], ...]:
        """Its options, each with its letter, the `option_id`."""
        return tuple(zip(ascii_lowercase, self.options, strict=False))


class ActorRole(Frozen):
    """Who has a part in a criterion, and which."""

    actor: Actor
    does: Text | None = None


class Measure(Frozen):
    """One step towards a criterion: who, how long (quarters), how much work (days of that actor)."""

    measure_id: MeasureId
    title: Text
    actor: Actor
    quarters: Annotated[int, Field(ge=1, le=12)]
    days: Annotated[int, Field(ge=1)]
    needs_first: tuple[MeasureId, ...] = ()
    lets_go_after: MeasureId | None = Field(
        default=None, description="De maatregel waarmee een ander deze taak heeft overgenomen."
    )

    @property
    def needs(self) -> tuple[str, ...]:
        """What must be finished first, the taking over included: a hand-over never leaves a hole."""
        taking_over = () if self.lets_go_after is None else (self.lets_go_after,)
        return tuple(dict.fromkeys((*self.needs_first, *taking_over)))


class Criterion(Frozen):
    """What a house is held against, where that comes from, and how to get there."""

    criterion_id: CriterionId
    title: Text
    kind: Kind
    weight: Weight = 1.0
    conform_when: Text
    room: Text
    source: Text
    source_basis: Text
    actors: Annotated[tuple[ActorRole, ...], Field(min_length=1)]
    needs_first: tuple[CriterionId, ...] = ()
    needs_first_because: Text
    quarters: Annotated[int, Field(ge=1, le=12)]
    evidence: Text
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def core_questions_fit_the_kind(self) -> Self:
        """All of a hard norm, at least one of a core norm, none elsewhere."""
        core = [question.core for question in self.questions if not question.describes]
        fits = {Kind.HARD_NORM: all(core), Kind.CORE_NORM: any(core)}.get(self.kind, not any(core))
        if not fits:
            raise ValueError(f"{self.criterion_id}: kernvragen passen niet bij '{self.kind.dutch}'")
        return self

    @model_validator(mode="after")
    def parts_carry_its_id(self) -> Self:
        """Questions and measures are numbered under their criterion."""
        ids = [q.question_id for q in self.questions] + [m.measure_id for m in self.measures]
        foreign = [part for part in ids if part.split(".")[0] != self.criterion_id]
        if foreign:
            raise ValueError(f"{self.criterion_id}: nummers horen hier niet bij: {', '.join(foreign)}")
        return self

    @model_validator(mode="after")
    def measures_know_each_other(self) -> Self:
        """A measure needs only measures of its own criterion; other criteria go through `needs_first`."""
        known = {measure.measure_id for measure in self.measures}
        unknown = sorted({need for measure in self.measures for need in measure.needs} - known)
        if unknown:
            raise ValueError(f"{self.criterion_id}: onbekende maatregelen: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def measures_add_up(self) -> Self:
        """The longest path through the measures takes the quarters of the criterion."""
        finish: dict[str, int] = {}
        by_id = {measure.measure_id: measure for measure in self.measures}
        for measure_id in in_order({key: measure.needs for key, measure in by_id.items()}):
            measure = by_id[measure_id]
            finish[measure_id] = measure.quarters + max((finish[need] for need in measure.needs), default=0)
        longest = max(finish.values())
        if longest != self.quarters:
            raise ValueError(
                f"{self.criterion_id}: maatregelen duren {longest}, niet {self.quarters} kwartalen"
            )
        return self

    @property
    def last_measures(self) -> tuple[str, ...]:
        """The measures that no other measure of the criterion waits for."""
        needed = {need for measure in self.measures for need in measure.needs}
        return tuple(m.measure_id for m in self.measures if m.measure_id not in needed)


class Theme(Frozen):
    """Criteria that belong together."""

    theme_id: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    title: Text
    note: Text
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Framework(Frozen):
    """One published version of one framework: the whole of a YAML file."""

    framework_id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$")]
    title: Text
    introduction: Text
    proposals: Text
    sources: dict[str, Text]
    themes: Annotated[tuple[Theme, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def ids_are_unique(self) -> Self:
        """No theme, criterion, question or measure occurs twice."""
        refuse_doubles("nummers", all_ids(self.themes), self.framework_id)
        return self

    @model_validator(mode="after")
    def sources_are_listed(self) -> Self:
        """Every source that a criterion names stands in the list of sources."""
        cited = {
            key for theme in self.themes for criterion in theme.criteria for key in cited_keys(criterion)
        }
        missing = sorted(cited - set(self.sources))
        if missing:
            raise ValueError(
                f"{self.framework_id}: bronnen ontbreken in de bronnenlijst: {', '.join(missing)}"
            )
        return self

    @model_validator(mode="after")
    def every_criterion_names_a_source(self) -> Self:
        """A criterion that rests on no listed source is an invention."""
        bare = [c.criterion_id for theme in self.themes for c in theme.criteria if not cited_keys(c)]
        if bare:
            raise ValueError(f"{self.framework_id}: criteria zonder bron: {', '.join(bare)}")
        return self

    @model_validator(mode="after")
    def criteria_do_not_wait_in_a_circle(self) -> Self:
        """No criterion needs itself first, by whatever way around."""
        in_order({criterion.criterion_id: criterion.needs_first for criterion in self.criteria})
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, in order."""
        return tuple(criterion for theme in self.themes for criterion in theme.criteria)


def cited_keys(criterion: Criterion) -> tuple[str, ...]:
    """The keys of the sources that a criterion names: S1, S3 or [B2]."""
    return tuple(dict.fromkeys(findall(r"\b(?:S[0-9]+|[A-Z][0-9]+)\b", criterion.source)))


def all_ids(themes: Iterable[Theme]) -> Iterator[str]:
    """Every id in these themes: of themes, criteria, questions and measures."""
    for theme in themes:
        yield theme.theme_id
        for criterion in theme.criteria:
            yield criterion.criterion_id
            yield from (question.question_id for question in criterion.questions)
            yield from (measure.measure_id for measure in criterion.measures)
