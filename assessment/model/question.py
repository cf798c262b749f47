"""What a question is: its words, the options that it offers and what each of them counts for."""

import re
from string import ascii_lowercase
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessment.model.rules import Frozen, Text, Weight, broken, refuse_doubles
from assessment.model.scale import ASKABLE, Mark, Perspective, QuestionKind

QuestionId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{1,2}\.[0-9]{1,2}$")]

# The marks that say nothing of better or worse.
# Said of a question to who fills it in; who reads the answers sees it from where they stand.
_FOR_WHO_FILLS_IN = re.compile(r" \(alleen beschrijving[^)]{0,100}\)")
_ASIDE = frozenset({Mark.DESCRIPTIVE, Mark.UNKNOWN, Mark.NOT_APPLICABLE})


class Option(Frozen):
    """One answer that a question offers."""

    mark: Mark
    text: Text
    value: Annotated[float | None, Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        default=None, description="Wat het antwoord telt, van 0 tot 1; gewoonlijk volgt dat uit de mark."
    )

    @model_validator(mode="after")
    def only_a_counted_mark_has_a_value(self) -> Self:
        """A value of its own only makes sense where the mark counts."""
        if self.value is not None and self.mark.worth is None:
            fault = f"een eigen waarde past niet bij {self.mark.value}"
            raise broken("waarde-past-bij-mark", f"optie '{self.text}'", fault, "Haal de value weg")
        return self

    @model_validator(mode="after")
    def its_value_says_what_its_mark_says(self) -> Self:
        """What meets is worth 1, what does not yet is worth 0, and what does partly lies between."""
        if self.value is None or self.mark.fits(self.value):
            return self
        fault = f"value {self.value:g} spreekt {self.mark.value} ({self.mark.dutch}) tegen"
        remedy = "meets telt 1, not_yet telt 0 en partly ligt daartussen: verbeter de mark of de value"
        raise broken("waarde-past-bij-mark", f"optie '{self.text}'", fault, remedy)

    @property
    def worth(self) -> float | None:
        """What it counts for in [0, 1]; None where it is open or never counted."""
        return self.mark.worth if self.value is None else self.value


WEET_IK_NIET = Option(mark=Mark.UNKNOWN, text="Weet ik niet")


class Question(Frozen):
    """One question; its options carry the letters a, b, c … in order, an open one has none."""

    question_id: QuestionId
    kind: QuestionKind = Field(
        default=QuestionKind.CHOICE, description="Kiezen uit opties, of een open tekst."
    )
    text: Text
    text_for: dict[Perspective, Text] = Field(
        default={}, description="De vraag zoals zij aan een ander dan het huis wordt gesteld."
    )
    core: bool = Field(default=False, description="Of het zwakste antwoord de score begrenst.")
    weight: Weight = 1.0
    help: Text | None = Field(default=None, description="Wat als ja telt, en waar dat na te kijken is.")
    headline: Text | None = Field(
        default=None,
        description="Waar de vraag voor staat, als zij voor alle huizen in een kop wordt geteld.",
    )
    proposal: Text | None = Field(default=None, description="Wat in deze vraag een voorstel van ons is.")
    note: Text | None = Field(default=None, description="Van de makers, voor de makers; nooit getoond.")
    options: Annotated[tuple[Option, ...], Field(max_length=len(ascii_lowercase) - 1)] = ()

    @model_validator(mode="before")
    @classmethod
    def weet_ik_niet_is_always_possible(cls, given: object) -> object:
        """Add "Weet ik niet" as the last option where no option says so; an open text may stay empty."""
        if not isinstance(given, dict) or not isinstance(given.get("options"), list | tuple):
            return given
        marks = [option.get("mark") for option in given["options"] if isinstance(option, dict)]
        if Mark.UNKNOWN in marks or any(isinstance(option, Option) for option in given["options"]):
            return given
        if given.get("kind") == QuestionKind.OPEN_TEXT:
            return given
        return {**given, "options": [*given["options"], WEET_IK_NIET.model_dump()]}

    @model_validator(mode="after")
    def options_fit_its_kind(self) -> Self:
        """There is something to choose from, or a text to write."""
        if self.is_open and self.options:
            raise broken(
                "opties-bij-soort", self.question_id, "een open tekst heeft geen opties", "Haal ze weg"
            )
        if not self.is_open and len(self.options) < 2:  # noqa: PLR2004 - one option is no choice
            remedy = "Zet er ten minste twee bij, of maak er kind: open_text van"
            raise broken("opties-bij-soort", self.question_id, "heeft te weinig opties", remedy)
        return self

    @model_validator(mode="after")
    def options_differ(self) -> Self:
        """Two options with the same text could not be told apart."""
        texts = (option.text.casefold() for option in self.options)
        refuse_doubles("opties", texts, self.question_id, "opties-verschillen")
        return self

    @model_validator(mode="after")
    def somebody_can_score_it(self) -> Self:
        """It describes, or one of its answers meets what is asked."""
        marks = {option.mark for option in self.options}
        if self.describes or Mark.MEETS in marks:
            return self
        fault = "geen enkel antwoord voldoet, dus niemand kan hier ooit aan voldoen"
        remedy = "Geef een optie mark: meets, of geef alle keuzes mark: descriptive"
        raise broken("vraag-is-te-halen", self.question_id, fault, remedy)

    @model_validator(mode="after")
    def other_words_are_for_who_is_asked(self) -> Self:
        """Nobody is asked together: house and police answer apart."""
        if strange := sorted(who.value for who in self.text_for if who not in ASKABLE):
            fault = f"text_for noemt wie niet gevraagd wordt: {', '.join(strange)}"
            remedy = f"Kies uit: {', '.join(who.value for who in ASKABLE)}"
            raise broken("wie-gevraagd-wordt", self.question_id, fault, remedy)
        return self

    @property
    def criterion_id(self) -> str:
        """The criterion that it is numbered under."""
        return self.question_id.split(".")[0]

    @property
    def is_open(self) -> bool:
        """Whether it asks for a text; its answer is the explanation, and it has no option."""
        return self.kind is QuestionKind.OPEN_TEXT

    @property
    def describes(self) -> bool:
        """Whether it only describes (couleur locale): then nothing counts, not even "weet ik niet"."""
        marks = {option.mark for option in self.options}
        return self.is_open or (Mark.DESCRIPTIVE in marks and marks <= _ASIDE)

    def text_as_asked(self, perspective: Perspective) -> str:
        """The words in which it is put to who answers."""
        return self.text_for.get(perspective, self.text)

    def text_as_told(self, perspective: Perspective) -> str:
        """The same where its answers are read: without what only who fills in needs to know."""
        return _FOR_WHO_FILLS_IN.sub("", self.text_as_asked(perspective))

    def asks_the_same(self, other: "Question") -> bool:
        """Whether an answer to another version of it answers this one: the same words, the same options."""
        return (self.text, self.options) == (other.text, other.options)

    @property
    def lettered(self) -> tuple[tuple[str, Option], ...]:
        """Its options, each with its letter, the `option_id`."""
        return tuple(zip(ascii_lowercase, self.options, strict=False))
