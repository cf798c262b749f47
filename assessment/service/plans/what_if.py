"""Use cases: plan with what was decided, try what else could be, and keep what was tried.

A plan is made with other inputs and put beside the present one. Nothing is stored until it is adopted: then
capacities, pins and drops are kept together, or none of them, and each measure stays where it was shown. A
national action is not kept: it counts once houses have answered again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from assessment.engine.projection import project_scores
from assessment.engine.roadmap.plan import Run
from assessment.engine.roadmap.what_if import add_never, compare_ends, compare_finishes, count_late, find_room
from assessment.errors import PlanError
from assessment.model.access import Task
from assessment.model.decisions import Agreed, Decisions, PlanLine, Progress, find_line, find_resource
from assessment.model.frames import NOTHING_LEFT
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor, Rules
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.plans.baselines import refuse_changed
from assessment.service.plans.capacities import (
    CapacityChanged,
    CapacityEdit,
    find_capacity,
    require_capacity,
)
from assessment.service.plans.decisions import (
    Changed,
    Decided,
    Edit,
    Wishes,
    apply_edit,
    decide,
    refuse_unsound,
)
from assessment.service.plans.planning import (
    Basis,
    Roadmap,
    plan_houses,
    prepare_plan,
    share_capacity,
)
from assessment.service.round_scores import RoundScores, score_round
from assessment.tables.decisions import describe_unknown

_CAN_BE = {"pinned": {Progress.PLANNED}, "dropped": {Progress.PLANNED, Progress.BUSY}}
"""How far a measure may have come to be decided on like this."""


@dataclass(frozen=True)
class Trial:
    """What somebody tries: capacities in the place of what was set, measures pinned wherever they are."""

    capacity: Mapping[Actor, int] = field(default_factory=dict)
    pins: Mapping[str, Quarter] = field(default_factory=dict)


NOTHING_TRIED = Trial()


def plan_as_decided(
    scores: RoundScores,
    decisions: Decisions,
    today: date,
    trial: Trial = NOTHING_TRIED,
    run: Run | None = None,
) -> Roadmap:
    """Plan houses with everything that was decided about them; nothing of a trial is stored.

    Args:
        scores: of the houses to plan, together.
        decisions: what was decided about them.
        today: nothing is pinned before it.
        trial: what to try.
        run: as for `plan_houses`.

    Raises:
        PlanError: what is tried or was decided cannot be; it names the smallest set that contradicts itself.
    """
    house_ids = scores.grid.house_ids
    if trial.pins:
        basis = prepare_plan(scores, house_ids, trial.capacity, decisions)
        decisions = decisions.with_lines(
            line
            for measure_id, quarter in trial.pins.items()
            for line in decide_everywhere(basis, decisions, measure_id, {"pinned": quarter}, today)
        )
    return plan_houses(scores, house_ids, trial.capacity, decisions, run)


def decide_everywhere(
    made: Basis | Roadmap,
    decisions: Decisions,
    measure_id: str,
    changes: Mapping[str, object],
    today: date,
) -> list[PlanLine]:
    """The lines of all houses that have a measure, with something else decided.

    Where the work began, was done or was dropped, so that it cannot be, the line stays as it is; where that
    is so everywhere, the reason is told.

    Raises:
        PlanError: no house has the measure, or it cannot be decided.
    """
    questionnaire = made.scores.questionnaire
    if measure_id not in questionnaire.measure:
        raise PlanError(describe_unknown(measure_id, questionnaire))
    work = made.work[~made.work["settled"]]
    having = work[work["measure_id"] == measure_id]["house_id"]
    if having.empty:
        raise PlanError(f"Maatregel {measure_id} staat hier in geen enkel plan: er is niets meer te doen.")
    found = [find_line(decisions, house_id, measure_id) for house_id in having]
    lines = [line for line in found if not (line.dropped and "dropped" in changes)]
    able = [line for line in lines if all(line.progress in _CAN_BE[field] for field in changes)]
    changed = [apply_edit(line, Edit(line.house_id, measure_id, changes)) for line in able or lines]
    for line in changed:
        refuse_unsound(line, list(changes), made.begin, today)
    return changed


_WHY = "wat als"
"""The reason that a drop which is only tried goes by."""


@dataclass(frozen=True)
class WhatIf:
    """What is tried, in every house of the plan.

    `capacity` is of some actors; `national` are the criteria that a national action finishes; measures may be
    pinned to a quarter (`pins`) or `dropped`.
    """

    capacity: Mapping[Actor, int] = field(default_factory=dict)
    national: Collection[str] = ()
    pins: Mapping[str, Quarter] = field(default_factory=dict)
    dropped: Collection[str] = ()


@dataclass(frozen=True)
class Comparison:
    """The present plan beside the one that was tried."""

    present: Roadmap
    tried: Roadmap

    @property
    def questionnaire(self) -> Questionnaire:
        """What both plans are made for."""
        return self.present.scores.questionnaire

    @cached_property
    def finishes(self) -> pd.DataFrame:
        """FINISH_CHANGES: the last quarter of each criterion in both plans."""
        present, tried = (add_never(plan.finishes, plan.dropped) for plan in (self.present, self.tried))
        return compare_finishes(present, tried)

    @cached_property
    def ends(self) -> pd.DataFrame:
        """END_CHANGES: when what matters is there, in both plans."""
        return compare_ends(self.finishes, self.questionnaire)

    @cached_property
    def room(self) -> pd.DataFrame:
        """ROOM: for whom a house that comes later makes room."""
        return find_room(self.present.plan, self.tried.plan, self.finishes)

    @cached_property
    def late(self) -> tuple[int, int]:
        """How many hard norms are met after three years, in the present plan and in the one tried."""
        return count_late(self.finishes, self.questionnaire)


def try_out(present: Roadmap, what_if: WhatIf, today: date) -> Comparison:
    """Plan the houses of a roadmap again, with what is tried and else as it was.

    Args:
        present: the plan as it is.
        what_if: what is tried.
        today: nothing is pinned before it.

    Raises:
        PlanError: a criterion that the questionnaire does not know, a capacity below 1, or decisions that
            cannot go together.
    """
    _refuse_unknown(what_if.national, present.scores.questionnaire)
    capacity = {**present.capacity, **what_if.capacity}
    resources = share_capacity(
        present.scores.houses, capacity, present.scores.questionnaire, present.decisions
    )
    if resources.equals(present.resources) and what_if == WhatIf(what_if.capacity):
        return Comparison(present, present)
    scores = _finish_everywhere(present, what_if.national)
    decisions = _keep_present(present).with_lines(_decide(present, what_if, today))
    return Comparison(present, plan_houses(scores, scores.grid.house_ids, capacity, decisions))


def _keep_present(present: Roadmap) -> Decisions:
    """What was decided, with the plan that is shown as what was agreed on: that is kept where it can be.

    By rules 1 it is the plan that was adopted that is kept.
    """
    if present.scores.questionnaire.rules is Rules.ONE:
        return present.decisions
    return replace(present.decisions, agreed=tuple(_list_shown(present)))


def _list_shown(made: Roadmap) -> list[Agreed]:
    """Where each measure of a plan stands."""
    rows = made.measures[["house_id", "measure_id", "first", "last"]].itertuples(index=False)
    begin = made.begin
    return [Agreed(house_id, key, begin + first, begin + last) for house_id, key, first, last in rows]


def _decide(present: Roadmap, what_if: WhatIf, today: date) -> list[PlanLine]:
    tried: list[tuple[str, str, object]] = [
        *((measure_id, "pinned", quarter) for measure_id, quarter in what_if.pins.items()),
        *((measure_id, "dropped", _WHY) for measure_id in what_if.dropped),
    ]
    return [
        line
        for measure_id, field_name, value in tried
        for line in decide_everywhere(present, present.decisions, measure_id, {field_name: value}, today)
    ]


def _finish_everywhere(present: Roadmap, criterion_ids: Collection[str]) -> RoundScores:
    """Where the houses stand once these criteria are finished wherever something is left to do."""
    scores, gaps = present.scores, present.gaps
    finished = gaps.loc[gaps["criterion_id"].isin(criterion_ids), ["house_id", "criterion_id"]]
    at_once = finished.assign(last=NOTHING_LEFT)
    grid = project_scores(scores.grid, at_once, NOTHING_LEFT, scores.questionnaire)
    return replace(scores, grid=grid)


def _refuse_unknown(criterion_ids: Collection[str], questionnaire: Questionnaire) -> None:
    unknown = [key for key in criterion_ids if key not in questionnaire.criterion]
    if unknown:
        raise PlanError(
            f"Onbekend criterium: {', '.join(unknown)}. Kies uit: {', '.join(questionnaire.criterion)}."
        )


_AGAIN = "Er is niets bewaard: bekijk het plan zoals het nu is en neem het dan over."


def find_wanted(comparison: Comparison) -> Decided:
    """What adopting would change: each line and capacity as it is now, and as it was tried."""
    present, tried = comparison.present, comparison.tried
    pairs = [(find_line(present.decisions, *key), line) for key, line in tried.decisions.line.items()]
    rules = present.scores.questionnaire.rules
    resources = {
        find_resource(actor, house, rules): number
        for actor, number in tried.capacity.items()
        for house in present.scores.houses
    }
    capacities = [(find_capacity(present.decisions, each), number) for each, number in resources.items()]
    return Decided(
        tuple(Changed(old, new) for old, new in pairs if new.differs_from(old)),
        tuple(
            CapacityChanged(old, old.model_copy(update={"number": number}))
            for old, number in capacities
            if number != old.number
        ),
    )


def require_adoption(installation: Installation, comparison: Comparison) -> None:
    """Go on only when the visitor may keep all that was tried.

    Raises:
        NotAllowedError: the visitor may not change the plan of a house, or a capacity.
    """
    scores, wanted = comparison.present.scores, find_wanted(comparison)
    for house in scores.houses:
        require(installation, Task.PLAN, house)
    for _, new in wanted.capacities:
        require_capacity(installation, scores.register, new.resource)


def adopt_what_if(installation: Installation, comparison: Comparison, reason: str, now: datetime) -> Decided:
    """Keep what was tried, all of it or nothing; it freezes no plan.

    By rules 2 each measure stays where it was shown, as long as nothing better can be.

    Args:
        installation: where to keep it.
        comparison: what was shown.
        reason: why measures are dropped, where any is.
        now: the moment.

    Returns:
        What was changed.

    Raises:
        NotAllowedError: the visitor may not change the plan of a house, or a capacity.
        PlanError: nothing was tried that can be kept, a reason is missing, or no plan can be made with it.
        ConflictError: somebody decided something or handed in anew since it was shown.
    """
    require_adoption(installation, comparison)
    wanted, present = find_wanted(comparison), comparison.present.scores
    _refuse_nothing(wanted)
    _refuse_no_reason(wanted, reason)
    wishes = Wishes(
        [_make_edit(each, reason) for each in wanted.lines],
        [CapacityEdit(new.resource, new.number, old.version) for old, new in wanted.capacities],
        [] if present.questionnaire.rules is Rules.ONE else _list_shown(comparison.tried),
    )
    scores = score_round(installation, present.round.round_id, present.perspective, now.date())
    return decide(
        installation,
        scores,
        wishes,
        now,
        lambda session: refuse_changed(session, comparison.present, present.grid.house_ids, _AGAIN),
    )


def _make_edit(changed: Changed, reason: str) -> Edit:
    old, new = changed
    changes = {field: getattr(new, field) for field in new.differs_from(old)}
    given = {"dropped": reason} if "dropped" in changes else {}
    return Edit(new.house_id, new.measure_id, changes | given, old.version)


def _refuse_nothing(wanted: Decided) -> None:
    if not any(wanted):
        raise PlanError(
            "Er is niets om over te nemen: de capaciteiten en maatregelen zijn zoals ze al waren. Een "
            "landelijke actie telt pas als huizen opnieuw hebben geantwoord."
        )


def _refuse_no_reason(wanted: Decided, reason: str) -> None:
    dropped = list(dict.fromkeys(new.measure_id for old, new in wanted.lines if new.dropped != old.dropped))
    if dropped and not reason.strip():
        raise PlanError(
            f"Laten vervallen vraagt een reden: {', '.join(dropped)}. Schrijf waarom. Er is niets bewaard."
        )
