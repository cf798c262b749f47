"""Use case: plan houses as people decided, and try what else could be without keeping it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from assessment.errors import PlanError
from assessment.model.plan import Quarter
from assessment.model.plan_line import Decisions, PlanLine, Progress
from assessment.model.scale import Actor
from assessment.service.installation import Installation
from assessment.service.plans.basis import Basis, prepare_plan
from assessment.service.plans.checks import refuse_unsound, say_unknown
from assessment.service.plans.lines import Edit, apply_edit, find_decisions, find_line
from assessment.service.plans.roadmap import Roadmap, plan_houses
from assessment.service.standing import Standing

_CAN_BE = {"pinned": {Progress.PLANNED}, "dropped": {Progress.PLANNED, Progress.BUSY}}
"""How far a measure may have come to be decided on like this."""


@dataclass(frozen=True)
class Trial:
    """What somebody tries: capacities in the place of what was set, measures pinned wherever they are."""

    capacity: Mapping[Actor, int] = field(default_factory=dict)
    pins: Mapping[str, Quarter] = field(default_factory=dict)


def plan_as_decided(
    installation: Installation,
    standing: Standing,
    house_ids: Collection[str],
    today: date,
    trial: Trial | None = None,
) -> Roadmap:
    """Plan houses with everything that was decided about them; nothing of a trial is stored.

    Args:
        installation: where decisions are stored.
        standing: where the houses stand.
        house_ids: the houses to plan, together.
        today: work that has not begun is never planned before it.
        trial: what to try.

    Raises:
        UnknownHouseError, UnknownRoundError, NoAnswersError, NotAllowedError: a house cannot be planned.
        PlanError: what is tried or was decided cannot be; it names the smallest set that contradicts itself.
    """
    tried = trial or Trial()
    decisions = find_decisions(installation, standing, house_ids, today)
    basis = prepare_plan(standing, house_ids, tried.capacity, decisions)
    pinned = [
        line
        for measure_id, quarter in tried.pins.items()
        for line in decide_everywhere(basis, decisions, measure_id, {"pinned": quarter}, today)
    ]
    return plan_houses(standing, house_ids, tried.capacity, decisions.with_lines(pinned))


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
    questionnaire = made.standing.questionnaire
    if measure_id not in questionnaire.measure:
        raise PlanError(say_unknown(measure_id, questionnaire))
    having = made.gaps[made.gaps["criterion_id"] == measure_id.partition(".")[0]]["house_id"]
    if having.empty:
        raise PlanError(f"Maatregel {measure_id} staat hier in geen enkel plan: er is niets meer te doen.")
    found = [find_line(decisions, house_id, measure_id) for house_id in having]
    lines = [line for line in found if not (line.dropped and "dropped" in changes)]
    able = [line for line in lines if all(line.progress in _CAN_BE[field] for field in changes)]
    changed = [apply_edit(line, Edit(line.house_id, measure_id, changes)) for line in able or lines]
    for line in changed:
        refuse_unsound(line, list(changes), made.begin, today)
    return changed
