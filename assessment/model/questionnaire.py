"""The frameworks that a round asks, taken together as one questionnaire."""

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessment.model.framework import Criterion, Framework, Measure, Theme, all_ids
from assessment.model.plan import Estimates
from assessment.model.question import WEET_IK_NIET, Question
from assessment.model.rules import Frozen, broken, in_order, refuse_doubles
from assessment.model.scale import Actor, Mark, Rules
from assessment.model.wording import match_options, tidy


class Questionnaire(Frozen):
    """The frameworks that a round asks, as one: what is scored, planned and compared."""

    frameworks: Annotated[tuple[Framework, ...], Field(min_length=1)]
    sha256: str = Field(description="Of the bytes of the framework files, one after the other.")
    rules: Rules = Field(default=Rules.ONE, description="By which rules its answers are scored.")

    @model_validator(mode="after")
    def frameworks_fit_the_rules(self) -> Self:
        """A framework that was made for other rules would be scored otherwise than it was meant."""
        odd = [each for each in self.frameworks if each.rules not in {None, self.rules}]
        if odd:
            made = ", ".join(f"{each.framework_id}/{each.version} (regels {each.rules})" for each in odd)
            fault = f"er wordt gescoord volgens regels {self.rules}, maar gemaakt voor andere: {made}"
            remedy = "Kies kaders en regels die bij elkaar passen"
            raise broken("regels-passen-bij-kader", self.questionnaire_id, fault, remedy)
        return self

    @model_validator(mode="after")
    def ids_are_unique(self) -> Self:
        """Frameworks that are asked together share no id."""
        refuse_doubles("kaders", (framework.framework_id for framework in self.frameworks), "ronde")
        refuse_doubles("nummers", all_ids(self.themes), self.questionnaire_id, "nummers-uniek")
        return self

    @model_validator(mode="after")
    def criteria_do_not_wait_in_a_circle(self) -> Self:
        """Two frameworks may be sound apart and wait for each other together."""
        needs = {criterion.criterion_id: criterion.needs_first for criterion in self.criteria}
        in_order(needs, where=self.questionnaire_id)
        return self

    @cached_property
    def questionnaire_id(self) -> str:
        """The ids of its frameworks, joined."""
        return "+".join(framework.framework_id for framework in self.frameworks)

    @cached_property
    def version(self) -> str:
        """The versions of its frameworks, joined."""
        return "+".join(framework.version for framework in self.frameworks)

    @property
    def name(self) -> str:
        """Its frameworks with their versions, as a user reads them."""
        return ", ".join(f"{framework.framework_id}/{framework.version}" for framework in self.frameworks)

    @cached_property
    def themes(self) -> tuple[Theme, ...]:
        """All themes, in the order of the frameworks."""
        return tuple(theme for framework in self.frameworks for theme in framework.themes)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, in order."""
        return tuple(criterion for theme in self.themes for criterion in theme.criteria)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(question for criterion in self.criteria for question in criterion.questions)

    @cached_property
    def choices(self) -> tuple[Question, ...]:
        """The questions with options, in order: what a house can have answered all of."""
        return tuple(question for question in self.questions if not question.is_open)

    def find_same(self, other: "Questionnaire") -> frozenset[str]:
        """The questions that ask the same in another version: an answer to the one answers the other."""
        both = self.question.keys() & other.question.keys()
        return frozenset(key for key in both if self.question[key].asks_the_same(other.question[key]))

    @cached_property
    def criterion(self) -> dict[str, Criterion]:
        """Each criterion by its id."""
        return {criterion.criterion_id: criterion for criterion in self.criteria}

    @cached_property
    def unscored(self) -> tuple[Question, ...]:
        """The questions that are never scored: they only describe, or their criterion has no score."""
        return tuple(
            question
            for criterion in self.criteria
            for question in criterion.questions
            if question.describes or not criterion.kind.is_scored(self.rules)
        )

    @cached_property
    def question(self) -> dict[str, Question]:
        """Each question by its id."""
        return {question.question_id: question for question in self.questions}

    @cached_property
    def mark_of(self) -> dict[str, dict[str, Mark]]:
        """For each question, the mark of each option by its letter."""
        return {q.question_id: {letter: o.mark for letter, o in q.lettered} for q in self.questions}

    @cached_property
    def option_as_written(self) -> dict[str, dict[str, str]]:
        """For each question, the letter of an option by every way to write it.

        "Weet ik niet" is always understood, also where the option says more.
        """
        return {
            question.question_id: {
                tidy(WEET_IK_NIET.text): letter
                for letter, option in question.lettered
                if option.mark is Mark.UNKNOWN
            }
            | match_options((letter, o.text) for letter, o in question.lettered)
            for question in self.questions
        }

    @cached_property
    def measure(self) -> dict[str, Measure]:
        """Each measure by its id."""
        return {measure.measure_id: measure for criterion in self.criteria for measure in criterion.measures}

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """Who can be up for a measure: the usual ones, and those that its frameworks name."""
        own = (actor for framework in self.frameworks for actor in framework.actors)
        return tuple(dict.fromkeys((*Actor, *own)))

    @cached_property
    def headlines(self) -> tuple[Question, ...]:
        """The questions that are counted in a headline over all houses, in order."""
        return tuple(question for question in self.questions if question.headline)

    @cached_property
    def one_face(self) -> tuple[Criterion, ...]:
        """The norms on which the police is to have one face everywhere, in order."""
        themes = (theme for theme in self.themes if theme.one_face)
        return tuple(each for theme in themes for each in theme.criteria if each.kind.is_norm)

    @cached_property
    def theme_of(self) -> dict[str, Theme]:
        """The theme of each criterion, by the criterion's id."""
        return {criterion.criterion_id: theme for theme in self.themes for criterion in theme.criteria}

    @cached_property
    def estimates_of(self) -> dict[str, Estimates]:
        """How the durations of each criterion may turn out, by rules 2, where its framework says so."""
        return {
            criterion.criterion_id: framework.estimates
            for framework in self.frameworks
            if framework.estimates is not None and self.rules is Rules.TWO
            for criterion in framework.criteria
        }

    @cached_property
    def sources(self) -> dict[str, str]:
        """Every source that any of the frameworks lists."""
        return {key: text for framework in self.frameworks for key, text in framework.sources.items()}
