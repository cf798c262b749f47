"""How the duration of a measure may turn out: shares that add up to one, a proposal that says so."""

from math import isclose
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessment.model.rules import Frozen, Text, broken, refuse_doubles


class Outcome(Frozen):
    """One way in which a duration may turn out: how many quarters longer (negative is shorter), how often."""

    extra_quarters: Annotated[int, Field(ge=-12, le=12)]
    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class Estimates(Frozen):
    """How durations may turn out; a measure never takes less than one quarter."""

    note: Text = Field(description="Dat dit een voorstel is, in één gewone zin.")
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def shares_add_up_to_one(self) -> Self:
        """Something happens, and only one thing."""
        total = sum(outcome.share for outcome in self.outcomes)
        if not isclose(total, 1, abs_tol=1e-9):
            remedy = "Verbeter de shares tot zij samen precies 1 zijn"
            raise broken("schattingen-samen-een", "estimates", f"shares zijn samen {total:g}, niet 1", remedy)
        return self

    @model_validator(mode="after")
    def outcomes_differ(self) -> Self:
        """The same outcome twice would be one."""
        refuse_doubles("uitkomsten", (f"{each.extra_quarters:+d}" for each in self.outcomes), "estimates")
        return self
