"""What a framework consists of: themes of criteria, each with questions and measures.

A framework is one published YAML file in `questionnaires/`. Everything is frozen and refuses keys that it
does not know.
"""

from collections.abc import Iterable, Iterator, Mapping
from re import escape, findall, search
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from assessment.model.plan import Estimates
from assessment.model.question import Question, QuestionId
from assessment.model.rules import Frozen, RulesVersion, Text, Weight, broken, in_order, refuse_doubles
from assessment.model.scale import Actor, Basis, Kind, QuestionKind, Rules

CriterionId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{1,2}$")]
MeasureId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{1,2}\.M[0-9]{1,2}$")]
_WEIGHT_OF_LAW = 4
SourceKey = Annotated[str, BeforeValidator(lambda key: str(key) if isinstance(key, int | float) else key)]


# Any name may stand in a file; the framework says which names there are.
NamedActor = Annotated[Actor, WithJsonSchema({"type": "string", "minLength": 1})]


class ActorRole(Frozen):
    """Who has a part in a criterion, and which."""

    actor: NamedActor
    does: Text | None = None


class Measure(Frozen):
    """One step towards a criterion: who, how long (quarters), how much work (days of that actor)."""

    measure_id: MeasureId
    title: Text
    actor: NamedActor
    quarters: Annotated[int, Field(ge=1, le=12)]
    days: Annotated[int, Field(ge=1)]
    needs_first: tuple[MeasureId, ...] = ()
    lets_go_after: MeasureId | None = Field(
        default=None, description="De maatregel waarmee een ander deze taak heeft overgenomen."
    )
    settles: tuple[QuestionId, ...] = Field(
        default=(), description="De vragen die met deze maatregel geregeld zijn, alleen van zijn criterium."
    )
    halvable: bool = Field(
        default=True, description="Of hij half zo lang duurt waar de vragen al deels geregeld zijn."
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
    basis: Basis | None = Field(default=None, description="Waar het op rust; de lezer ziet dit in woorden.")
    conform_when: Text | None = Field(default=None, description="Wanneer een huis voldoet.")
    room: Text | None = Field(default=None, description="Wat een huis zelf mag kiezen.")
    source: Text
    source_basis: Text | None = None
    note: Text | None = Field(default=None, description="Van de makers, voor de makers; nooit getoond.")
    actors: tuple[ActorRole, ...] = ()
    needs_first: tuple[CriterionId, ...] = ()
    needs_first_because: Text | None = None
    quarters: Annotated[int | None, Field(ge=1, le=12)] = Field(
        default=None, description="Hoe lang de maatregelen samen duren, ter controle."
    )
    evidence: Text | None = Field(default=None, description="Wat als bewijs kan dienen.")
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    measures: tuple[Measure, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def questions_of_a_hard_norm_are_core(cls, given: object) -> object:
        """A question of a hard norm is core unless it says otherwise, or only describes."""
        if not isinstance(given, dict) or given.get("kind") != Kind.HARD_NORM:
            return given
        questions = given.get("questions")
        if not isinstance(questions, list | tuple):
            return given
        return {**given, "questions": [_as_core(question) for question in questions]}

    @model_validator(mode="after")
    def core_questions_fit_the_kind(self) -> Self:
        """At least one of a norm, none elsewhere."""
        core = any(question.core for question in self.counted)
        if core is self.kind.is_norm:
            return self
        remedy = "Een norm heeft er ten minste één; ruimte, aanbeveling en ontwikkelpunt hebben er geen"
        fault = f"kernvragen passen niet bij '{self.kind.dutch}'"
        raise broken("kern-past-bij-soort", self.criterion_id, fault, remedy)

    @model_validator(mode="after")
    def what_is_scored_says_when_it_is_met(self) -> Self:
        """Nobody can be held against a criterion that does not say what it asks."""
        if self.conform_when or not (self.kind.is_norm or self.kind is Kind.RECOMMENDATION):
            return self
        fault, remedy = "zegt niet wanneer een huis voldoet", "Vul conform_when in"
        raise broken("norm-zegt-wanneer", self.criterion_id, fault, remedy)

    @model_validator(mode="after")
    def parts_carry_its_id(self) -> Self:
        """Questions and measures are numbered under their criterion."""
        ids = [q.question_id for q in self.questions] + [m.measure_id for m in self.measures]
        foreign = [part for part in ids if part.split(".")[0] != self.criterion_id]
        if foreign:
            fault = f"nummers horen hier niet bij: {', '.join(foreign)}"
            remedy = f"Begin elk nummer met {self.criterion_id}"
            raise broken("nummers-bij-criterium", self.criterion_id, fault, remedy)
        return self

    @model_validator(mode="after")
    def measures_know_each_other(self) -> Self:
        """A measure needs only measures of its own criterion; other criteria go through `needs_first`."""
        known = {measure.measure_id for measure in self.measures}
        unknown = sorted({need for measure in self.measures for need in measure.needs} - known)
        if unknown:
            fault = f"onbekende maatregelen: {', '.join(unknown)}"
            remedy = "Noem maatregelen van dit criterium; wacht het op een ander, noem dat bij needs_first"
            raise broken("maatregelen-kennen-elkaar", self.criterion_id, fault, remedy)
        return self

    @model_validator(mode="after")
    def measures_add_up(self) -> Self:
        """The longest path through the measures takes the quarters of the criterion, where it says them."""
        longest = find_longest_path(self.measures)
        if self.quarters in {None, longest}:
            return self
        fault = f"maatregelen duren {longest}, niet {self.quarters} kwartalen"
        raise broken("maatregelen-tellen-op", self.criterion_id, fault, "Verbeter quarters, of laat het weg")

    @model_validator(mode="after")
    def measures_settle_own_questions(self) -> Self:
        """A measure settles only questions of its own criterion, and only those that count."""
        counted = {question.question_id for question in self.counted}
        strange = {m.measure_id: sorted(set(m.settles) - counted) for m in self.measures}
        told = [f"{measure} regelt {', '.join(keys)}" for measure, keys in strange.items() if keys]
        if told:
            fault = f"maatregelen regelen wat hier geen vraag is die telt: {'; '.join(told)}"
            remedy = f"Kies uit de eigen vragen die tellen: {', '.join(sorted(counted)) or 'geen'}"
            raise broken("regelt-eigen-vragen", self.criterion_id, fault, remedy)
        return self

    @model_validator(mode="after")
    def a_hand_over_settles_the_same(self) -> Self:
        """Who takes over and who lets go do one thing together."""
        by_id = {measure.measure_id: measure for measure in self.measures}
        for measure in self.measures:
            other = by_id.get(measure.lets_go_after or "")
            if other is not None and set(measure.settles) != set(other.settles):
                fault = f"regelt niet hetzelfde als {other.measure_id}, waar hij op wacht"
                remedy = "Geef beide dezelfde settles"
                raise broken("overdracht-regelt-hetzelfde", measure.measure_id, fault, remedy)
        return self

    def is_law(self, rules: Rules) -> bool:
        """Whether it weighs most in a plan and waits for no other criterion: what a law asks, by rules 2."""
        return rules is Rules.TWO and self.basis is Basis.LAW

    def plan_weight(self, rules: Rules) -> int:
        """How heavy its finish weighs in a plan."""
        return _WEIGHT_OF_LAW if self.is_law(rules) else self.kind.plan_weight

    @property
    def counted(self) -> tuple[Question, ...]:
        """The questions that can count; the others only describe."""
        return tuple(question for question in self.questions if not question.describes)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The questions that count but that no measure settles; none where there are no measures at all."""
        settled = {key for measure in self.measures for key in measure.settles}
        counted = self.counted if self.measures else ()
        return tuple(q.question_id for q in counted if q.question_id not in settled)

    @property
    def last_measures(self) -> tuple[str, ...]:
        """The measures that no other measure of the criterion waits for."""
        needed = {need for measure in self.measures for need in measure.needs}
        return tuple(m.measure_id for m in self.measures if m.measure_id not in needed)


def find_longest_path(measures: Iterable[Measure]) -> int:
    """Find how many quarters measures take together, each after what it needs; 0 without any."""
    finish: dict[str, int] = {}
    by_id = {measure.measure_id: measure for measure in measures}
    where = next((key.partition(".")[0] for key in by_id), "")
    for measure_id in in_order({key: measure.needs for key, measure in by_id.items()}, where=where):
        measure = by_id[measure_id]
        finish[measure_id] = measure.quarters + max((finish[need] for need in measure.needs), default=0)
    return max(finish.values(), default=0)


def _as_core(question: object) -> object:
    """A question as it was written, core where it does not say and can count."""
    if not isinstance(question, dict) or "core" in question:
        return question
    options = question.get("options")
    marks = {option.get("mark") for option in options or () if isinstance(option, dict)}
    describes = question.get("kind") == QuestionKind.OPEN_TEXT or "descriptive" in marks
    return question if describes else {**question, "core": True}


class Theme(Frozen):
    """Criteria that belong together."""

    theme_id: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    title: Text
    note: Text | None = None
    one_face: bool = Field(
        default=False, description="Of de politie op de normen van dit thema overal één gezicht laat zien."
    )
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Framework(Frozen):
    """One published version of one framework: the whole of a YAML file."""

    framework_id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    version: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$")]
    title: Text
    introduction: Text
    proposals: Text
    rules: RulesVersion | None = Field(
        default=None, description="Voor welke regels het gemaakt is; zonder past het bij alle."
    )
    estimates: Estimates | None = Field(default=None, description="Hoe duren kunnen uitvallen: een voorstel.")
    actors: tuple[NamedActor, ...] = Field(
        default=(), description="Wie er aan zet kan zijn, naast wie Kaderscan al kent."
    )
    sources: dict[SourceKey, Text]
    themes: Annotated[tuple[Theme, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def ids_are_unique(self) -> Self:
        """No theme, criterion, question or measure occurs twice."""
        refuse_doubles("nummers", all_ids(self.themes), self.framework_id, "nummers-uniek")
        return self

    @model_validator(mode="after")
    def actors_are_named(self) -> Self:
        """Whoever has a part is usual, or named in the list of actors; a typing error is neither."""
        used = {role.actor for each in self.criteria for role in each.actors}
        used |= {measure.actor for each in self.criteria for measure in each.measures}
        if strange := sorted(used - set(Actor) - set(self.actors)):
            fault = f"onbekend wie dit zijn: {', '.join(strange)}"
            known = ", ".join([*(actor.value for actor in Actor), *self.actors])
            remedy = f"Kies uit: {known}; of zet een ander bij actors"
            raise broken("actor-genoemd", self.framework_id, fault, remedy)
        return self

    @model_validator(mode="after")
    def sources_are_listed(self) -> Self:
        """Every source that a criterion names between [ ] stands in the list of sources."""
        missing = sorted(
            {key for each in self.criteria for key in _bracketed(each.source)} - set(self.sources)
        )
        if missing:
            fault = f"bronnen ontbreken in de bronnenlijst: {', '.join(missing)}"
            raise broken("bron-in-lijst", self.framework_id, fault, "Zet ze bij sources")
        return self

    @model_validator(mode="after")
    def every_criterion_names_a_source(self) -> Self:
        """A criterion that rests on no listed source is an invention."""
        bare = [each.criterion_id for each in self.criteria if not cited_keys(each, self.sources)]
        if bare:
            fault = f"criteria zonder bron: {', '.join(bare)}"
            remedy = f"Noem in source een sleutel uit sources: {', '.join(self.sources) or 'die is nog leeg'}"
            raise broken("bron-genoemd", self.framework_id, fault, remedy)
        return self

    @model_validator(mode="after")
    def criteria_do_not_wait_in_a_circle(self) -> Self:
        """No criterion needs itself first, by whatever way around."""
        needs = {criterion.criterion_id: criterion.needs_first for criterion in self.criteria}
        in_order(needs, where=self.framework_id)
        return self

    @model_validator(mode="after")
    def every_open_answer_brings_its_work(self) -> Self:
        """Each counted question of a criterion with measures is settled by one (rules 2)."""
        unsettled = [key for criterion in self.criteria for key in criterion.unsettled]
        if self.knows_what_is_settled and unsettled:
            fault = f"geen maatregel regelt {', '.join(unsettled)}"
            remedy = "Noem de vraag bij settles van een maatregel, of geef haar een eigen maatregel"
            raise broken("elke-vraag-geregeld", self.framework_id, fault, remedy)
        return self

    @model_validator(mode="after")
    def every_measure_settles_something(self) -> Self:
        """A measure that settles nothing could never be done already (rules 2)."""
        measures = [measure for each in self.criteria for measure in each.measures]
        idle = [measure.measure_id for measure in measures if not measure.settles]
        if self.knows_what_is_settled and idle:
            remedy = "Noem bij settles welke vragen hij regelt, ook als hij een andere maatregel voorbereidt"
            fault = f"maatregelen die geen enkele vraag regelen: {', '.join(idle)}"
            raise broken("maatregel-regelt-iets", self.framework_id, fault, remedy)
        return self

    @property
    def knows_what_is_settled(self) -> bool:
        """Whether its measures say which questions they settle; frameworks of before do not."""
        return self.rules is Rules.TWO or any(m.settles for each in self.criteria for m in each.measures)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, in order."""
        return tuple(criterion for theme in self.themes for criterion in theme.criteria)


def cited_keys(criterion: Criterion, sources: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of the sources that a criterion names: between [ ], or as a word of its own."""
    named = _bracketed(criterion.source)
    words = [key for key in sources if search(rf"(?<!\w){escape(key)}(?!\w)", criterion.source)]
    listed = [key for key in (*named, *words) if key in sources]
    return tuple(sorted(dict.fromkeys(listed), key=criterion.source.index))


def _bracketed(source: str) -> list[str]:
    """What stands between [ ] without a space: the key of a source."""
    return findall(r"\[([^\s\[\]]+)\]", source)


def all_ids(themes: Iterable[Theme]) -> Iterator[str]:
    """Every id in these themes: of themes, criteria, questions and measures."""
    for theme in themes:
        yield theme.theme_id
        for criterion in theme.criteria:
            yield criterion.criterion_id
            yield from (question.question_id for question in criterion.questions)
            yield from (measure.measure_id for measure in criterion.measures)
