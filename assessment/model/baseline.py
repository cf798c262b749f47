"""A plan that a steering group adopted: frozen as a dated record, with what it rests on."""

from datetime import datetime

from pydantic import Field

from assessment.model.framework import MeasureId
from assessment.model.plan_line import Agreed, NamedQuarter, Progress
from assessment.model.register import Slug
from assessment.model.rules import Frozen


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
