"""A hand-over never leaves a hole: the police stops only where the house has taken over.

Source: questionnaires/roadmap.md, section 1.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from assessment.engine.roadmap.problem import Problem
from assessment.model.decisions import Decisions, PlanLine


class HoleKind(StrEnum):
    """How a hand-over would leave a hole."""

    DROPPED = "dropped"
    """What takes over was dropped, what stops was not."""
    NOT_TAKEN = "not_taken"
    """What stops has begun while what takes over is not done."""
    TOO_EARLY = "too_early"
    """What stops began before what takes over was done."""


class Hole(NamedTuple):
    """Where a task would be left with nobody: which measure stops, which takes over, and how."""

    house_id: str
    stops: str
    takes: str
    kind: HoleKind


def find_holes(problem: Problem) -> tuple[Hole, ...]:
    """Find every hand-over in which what people decided leaves a hole, by house and measure."""
    decisions, questionnaire = problem.decisions, problem.questionnaire
    house_ids = sorted({line.house_id for line in decisions.lines})
    pairs = [(m.measure_id, m.lets_go_after) for m in questionnaire.measure.values() if m.lets_go_after]
    return tuple(
        hole
        for house_id in house_ids
        for stops, takes in pairs
        for hole in _find_hole(house_id, _find(decisions, house_id, stops), _find(decisions, house_id, takes))
    )


def _find(decisions: Decisions, house_id: str, measure_id: str) -> PlanLine:
    return decisions.line.get((house_id, measure_id)) or PlanLine(house_id=house_id, measure_id=measure_id)


def _find_hole(house_id: str, stops: PlanLine, takes: PlanLine) -> Iterator[Hole]:
    if stops.dropped:
        return
    began = stops.started or stops.done
    if takes.dropped:
        yield Hole(house_id, stops.measure_id, takes.measure_id, HoleKind.DROPPED)
    elif began and takes.done is None:
        yield Hole(house_id, stops.measure_id, takes.measure_id, HoleKind.NOT_TAKEN)
    elif began and takes.done and began < takes.done:
        yield Hole(house_id, stops.measure_id, takes.measure_id, HoleKind.TOO_EARLY)
