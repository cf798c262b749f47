"""The texts of `reports/` that leave the system."""

from collections.abc import Iterable
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from assessment.model.formula import FormulaExample
from assessment.model.framework import CriterionId
from assessment.model.question import QuestionId
from assessment.model.rules import Frozen, Text

# What a reminder may name between { }.
REMINDER_FIELDS = ("round", "house", "expected", "deadline")
# The same of the document of a plan.
PLAN_FIELDS = (
    *("house", "unit", "round", "likely", "sure", "planned", "runs", "first"),
    *("open", "measures", "dropped", "hand_overs", "deviations", "described", "pace", "kept"),
    *("why_none", "idle", "ending", "counted", "end", "bars", "beyond", "beside"),
    *("asked", "following", "later"),
)
# The same of the reading guide of a unit.
GUIDE_FIELDS = ("unit", "round", "made", "houses", "workbook")

# The same of the report on all houses.
NATIONAL_FIELDS = ("finding", "faces", "gaps", "phases", "transition", "response", "round", "runs_on")

# The same of the joint agenda: of how many formulas each holds, and what follows from them together.
AGENDA_FIELDS = (
    *("unknown", "running", "adopted", "board", "local", "planned", "touching", "told", "too_much"),
    *("wider", "measured", "front", "target_group", "mandate"),
)


def _refuse_unknown(text: str, fields: Iterable[str]) -> None:
    """Let a text name only what is filled in.

    Raises:
        ValueError: it names something else between { }, or one of these stands alone.
    """
    try:
        text.format_map(dict.fromkeys(fields, ""))
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        known = ", ".join(f"{{{name}}}" for name in fields)
        raise ValueError(f"tussen {{ }} kan alleen staan: {known}") from error


def _naming(fields: Iterable[str]) -> AfterValidator:
    """What lets a text name only these."""

    def check(text: str) -> str:
        _refuse_unknown(text, fields)
        return text

    return AfterValidator(check)


# A text of a plan; what it names between { } is filled in.
PlanText = Annotated[str, _naming(PLAN_FIELDS)]


class QuestionnaireTexts(Frozen):
    """What the introduction of a questionnaire says."""

    title: Text
    invented: Text
    steps: tuple[Text, ...]
    promises: tuple[Text, ...]
    deviation: Text
    deviation_columns: dict[str, Text]
    words: dict[str, Text]


class FormulaTexts(Frozen):
    """What is told of safety formulas, and the examples to start from."""

    examples: tuple[FormulaExample, ...]


class PartTexts(Frozen):
    """The title of a part of a document, what stands under it, and what where there is nothing to list."""

    known: ClassVar[tuple[str, ...]]

    title: Annotated[str, Field(min_length=1)]
    lead: str = ""
    nothing: str = ""

    @field_validator("title", "lead", "nothing")
    @classmethod
    def fields_are_known(cls, text: str) -> str:
        """Only what is filled in stands between { }."""
        _refuse_unknown(text, cls.known)
        return text


class PlanPart(PartTexts):
    """A part of the document of a plan, or of the report to the partners."""

    known = PLAN_FIELDS


class NationalPart(PartTexts):
    """A part of the report on all houses."""

    known = NATIONAL_FIELDS


class PlanParts(Frozen):
    """The parts of the document of a plan; it begins with the first of four that fits."""

    likely: PlanPart
    there: PlanPart
    dropped_norm: PlanPart
    no_norm: PlanPart
    hand_overs: PlanPart
    first: PlanPart
    steps: PlanPart
    roadmap: PlanPart
    late: PlanPart
    gaps: PlanPart
    measures: PlanPart
    dropped: PlanPart
    kept: PlanPart
    deviations: PlanPart
    inventory: PlanPart
    method: PlanPart
    sources: PlanPart
    signatures: PlanPart


class PartnerTexts(Frozen):
    """How the report to the partners begins."""

    title: Text
    changes: PlanPart
    why: PlanPart
    coming: PlanPart


class PlanTexts(Frozen):
    """What an improvement plan says around its figures, as a workbook and as a document."""

    title: Text
    invented: Text
    introduction: tuple[Text, ...]
    estimates: Text
    not_adopted: Text
    parts: PlanParts
    partners: PartnerTexts
    explanation: tuple[PlanText, ...]
    dates: PlanText
    signers: dict[Text, Text]
    guide: Annotated[Text, _naming(GUIDE_FIELDS)]


class PromiseTexts(Frozen):
    """A promise of the police, and the questions that tell of it, each with the words before its answer."""

    criterion_id: CriterionId
    form: dict[QuestionId, Text]
    delivered: dict[QuestionId, Text]


class DeliveryTexts(Frozen):
    """What a delivery card says around the answers, and which answers stand on it."""

    title: Text
    invented: Text
    lead: Text
    agreed: Text
    promised: Text
    nothing: Text
    talk: QuestionId
    agreements: dict[QuestionId, Text]
    promises: tuple[PromiseTexts, ...]


class NationalTexts(Frozen):
    """What the report on all houses says around its figures."""

    title: Text
    invented: Text
    finding: NationalPart
    headlines: NationalPart
    faces: NationalPart
    gaps: NationalPart
    phases: NationalPart
    units: NationalPart
    transition: NationalPart
    inventory: NationalPart
    method: NationalPart
    explanation: tuple[Text, ...]


# A text of the joint agenda; what it names between { } is filled in.
AgendaText = Annotated[str, _naming(AGENDA_FIELDS)]


class AgendaItem(Frozen):
    """One advice: the sentences that it rests on, the questions that tell of it, and what to talk about.

    `answers` has the words before the answer to each question; `formulas` is empty where they show nothing.
    """

    rests_on: tuple[Annotated[str, Field(pattern=r"^S\d-\d+$")], ...] = Field(min_length=1)
    says: Text
    answers: dict[QuestionId, Text] = Field(min_length=1)
    formulas: AgendaText = ""
    ask: Text


class AgendaGroup(Frozen):
    """Advice that belongs together."""

    title: Text
    items: tuple[AgendaItem, ...] = Field(min_length=1)


class AgendaColumns(Frozen):
    """What stands above each column of the joint agenda."""

    says: Text
    answers: Text
    formulas: Text
    ask: Text


class AgendaTexts(Frozen):
    """What the joint agenda for the driehoek says beside answers and formulas."""

    title: Text
    invented: Text
    finding: AgendaText
    lead: Text
    not_asked: Text
    not_filled_in: Text
    columns: AgendaColumns
    groups: tuple[AgendaGroup, ...] = Field(min_length=1)


class ReminderTexts(Frozen):
    """What a reminder says; between { } stands what is filled in."""

    subject: Text
    text: Text

    @model_validator(mode="after")
    def fields_are_known(self) -> Self:
        """Only what is filled in stands between { }."""
        _refuse_unknown(f"{self.subject}{self.text}", REMINDER_FIELDS)
        return self


class ColumnTexts(Frozen):
    """What a column of open data holds, in Dutch and English; its unit, range and source."""

    dutch: Text
    english: Text
    unit: str = ""
    range: str = ""
    source: str = ""


class TableTexts(Frozen):
    """What a table of open data holds, and its columns beside those that are common to more tables."""

    told: Text
    columns: dict[str, ColumnTexts]


class OpenDataTexts(Frozen):
    """The reading guide of open data, and its dictionary."""

    guide: Text
    common: dict[str, ColumnTexts]
    tables: dict[str, TableTexts]
