"""Use cases: which recommendations there are for a house, and which of them it takes into its plan."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from assessment.engine.gaps import find_taken
from assessment.errors import PlanError
from assessment.model.access import Task
from assessment.model.decisions import Decisions, PlanLine
from assessment.model.framework import Criterion
from assessment.model.scale import Kind, Rules
from assessment.service.access import require
from assessment.service.installation import Installation
from assessment.service.plans.decisions import Changed, Edit, change_lines
from assessment.service.plans.planning import Roadmap, prepare_plan
from assessment.service.round_scores import RoundScores


class Recommendation(NamedTuple):
    """A recommendation where a house has something to do.

    `chosen` says that the house took it in itself, `taken` that it is in the plan: chosen, or needed by one
    that was.
    """

    criterion: Criterion
    chosen: bool
    taken: bool


def list_recommendations(planned: Roadmap, house_id: str) -> tuple[Recommendation, ...]:
    """The recommendations of a house that it may take in or leave, in order; none by rules 1."""
    return _list(planned.scores, planned.decisions, house_id)


def choose_recommendations(
    installation: Installation,
    planned: Roadmap,
    house_id: str,
    wanted: Collection[str],
    now: datetime,
) -> tuple[Changed, ...]:
    """Take exactly these recommendations into the plan of a house, all of it or nothing.

    Args:
        installation: where it is stored.
        planned: the plan that was looked at; what somebody else chose since is not overwritten.
        house_id: whose plan.
        wanted: the criteria to take in; those that these need come in by themselves.
        now: the moment of choosing.

    Raises:
        NotAllowedError: the visitor may not change the plan of this house.
        ConflictError: as `change_lines`.
        PlanError: one of them is no recommendation of which anything is left to do.
    """
    scores, decisions = planned.scores, planned.decisions
    require(installation, Task.PLAN, scores.register.house[house_id])  # also where nothing changes
    known = _list(scores, decisions, house_id)
    _refuse_unknown(wanted, known, scores)
    measures = _list_open_measures(scores, decisions, house_id, [each.criterion for each in known])
    edits = [_choose(decisions, house_id, measure_id, wanted) for measure_id in measures]
    return change_lines(installation, scores, edits, now)


def _list(scores: RoundScores, decisions: Decisions, house_id: str) -> tuple[Recommendation, ...]:
    asked = scores.questionnaire
    if asked.rules is Rules.ONE:
        return ()
    left = scores.criteria[(scores.criteria["house_id"] == house_id) & ~scores.criteria["settled"]]
    taken = find_taken(decisions.taken, asked)
    return tuple(
        Recommendation(
            asked.criterion[key], (house_id, key) in decisions.taken, taken=(house_id, key) in taken
        )
        for key in left["criterion_id"]
        if asked.criterion[key].kind is Kind.RECOMMENDATION and asked.criterion[key].measures
    )


def _refuse_unknown(wanted: Collection[str], known: Collection[Recommendation], scores: RoundScores) -> None:
    ids = [each.criterion.criterion_id for each in known]
    if strange := [key for key in wanted if key not in ids]:
        raise PlanError(
            f"Dit is geen aanbeveling waar het huis iets te kiezen heeft: {', '.join(strange)}. Kies uit: "
            f"{', '.join(ids) or 'geen enkele'} ({scores.questionnaire.name}, regels "
            f"{scores.questionnaire.rules}). Er is niets bewaard."
        )


def _list_open_measures(
    scores: RoundScores, decisions: Decisions, house_id: str, criteria: Collection[Criterion]
) -> list[str]:
    """The measures that the plan would hold if all of these were taken in."""
    lines = [
        PlanLine(house_id=house_id, measure_id=measure.measure_id, taken=True)
        for criterion in criteria
        for measure in criterion.measures
    ]
    everything = prepare_plan(scores, [house_id], decisions=decisions.with_lines(lines)).work
    own = {line.measure_id for line in lines}
    return [key for key in everything[~everything["settled"]]["measure_id"] if key in own]


def _choose(decisions: Decisions, house_id: str, measure_id: str, wanted: Collection[str]) -> Edit:
    line = decisions.line.get((house_id, measure_id))
    is_wanted = measure_id.partition(".")[0] in wanted
    return Edit(house_id, measure_id, {"taken": is_wanted}, line.version if line else 0)
