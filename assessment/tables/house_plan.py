"""Everything that the plan of one house is written from, whatever the kind of file."""

from collections.abc import Hashable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd

from assessment.engine.roadmap.plan import count_quarters
from assessment.model.answers import Submission
from assessment.model.decisions import Baseline, Decisions, Progress
from assessment.model.document import name_file
from assessment.model.framework import Measure
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.model.sheets import PlanIdentity
from assessment.model.texts import PlanTexts


class PlanBasis(NamedTuple):
    """What the plan of one house rests on, and when it is written down.

    `totals` is HOUSE_SCORES, `criteria` CRITERION_SCORES, `widths` the row of `divide_range`, `unsure` how
    many answers are "weet ik niet", `resources` RESOURCES; `proven` says whether no better plan is possible,
    `together` how many houses share its capacity, `runs` how often it was played through; a deviation must
    hold on `as_of`.
    """

    totals: pd.DataFrame
    criteria: pd.DataFrame
    widths: pd.Series
    unsure: int
    resources: pd.DataFrame
    submission: Submission
    adopted: Baseline | None
    proven: bool
    together: int
    runs: int
    as_of: date
    moment: datetime


class HousePlan(NamedTuple):
    """Everything that stands in the plan of one house.

    `gaps` is GAPS, `measures` is ROADMAP, `conformity` PROJECTED_SCORES, `estimates` ESTIMATES, `steps`
    STEPS, `dropped` DROPPED, `settled` SETTLED; quarters count from `begin`. The identity says which plan
    it is when it is read back.
    """

    house: House
    register: Register
    round: Round
    questionnaire: Questionnaire
    begin: Quarter
    gaps: pd.DataFrame
    measures: pd.DataFrame
    conformity: pd.DataFrame
    estimates: pd.DataFrame
    steps: pd.DataFrame
    texts: PlanTexts
    dropped: pd.DataFrame
    settled: pd.DataFrame
    decisions: Decisions
    identity: PlanIdentity
    basis: PlanBasis

    @property
    def quarters(self) -> int:
        """How many quarters to draw: the horizon, or what the plan takes beyond it."""
        return count_quarters(self.measures)

    @property
    def name(self) -> str:
        """What to call its files, without what tells their kind."""
        return name_file("verbeterplan", self.round.round_id, self.house.house_id)


class HandOver(NamedTuple):
    """A task that moves: what takes it over and until when, and what lets it go from when.

    `taken` is None where taking over is in the plan no more: it was done, or the answers settle it.
    """

    criterion_id: str
    takes: Measure
    stops: Measure
    taken: Quarter | None
    stopped: Quarter
    done: bool

    @property
    def when_taken(self) -> str:
        """Until when it is taken over, in words."""
        return "is al geregeld" if self.taken is None else f"klaar in {self.taken}"

    @property
    def when_stopped(self) -> str:
        """From when it is let go, in words."""
        return f"gestopt in {self.stopped}" if self.done else f"stopt vanaf {self.stopped}"


def list_hand_overs(plan: HousePlan) -> tuple[HandOver, ...]:
    """The tasks of which letting go is in a plan, in order of time."""
    rows = {str(row["measure_id"]): row for row in plan.measures.to_dict("records")}
    measure = plan.questionnaire.measure
    moving = (
        _make_hand_over(plan, rows, measure[takes], measure[key])
        for key in rows
        if (takes := measure[key].lets_go_after) is not None
    )
    return tuple(sorted(moving, key=lambda each: (each.stopped, each.criterion_id)))


def _make_hand_over(
    plan: HousePlan, rows: Mapping[str, Mapping[Hashable, Any]], takes: Measure, stops: Measure
) -> HandOver:
    taking, stopping = rows.get(takes.measure_id), rows[stops.measure_id]
    return HandOver(
        criterion_id=stopping["criterion_id"],
        takes=takes,
        stops=stops,
        taken=plan.begin + int(taking["last"]) if taking else None,
        stopped=plan.begin + int(stopping["first"]),
        done=stopping["status"] == Progress.DONE.value,
    )
