"""What decisions cannot be: a hand-over that leaves a hole, and wishes that contradict each other.

The police stops only where the house has taken over. Of wishes the smallest set that contradicts is told.

Source: questionnaires/roadmap.md, sections 1 and 2.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import combinations
from math import comb
from typing import NamedTuple, TypeVar

import numpy as np

from assessment.engine.roadmap.problem import Key, Problem
from assessment.engine.scheduling.network import Ints, Network
from assessment.engine.scheduling.schedule import earliest_starts
from assessment.engine.scheduling.solver import is_feasible
from assessment.model.decisions import Decisions, PlanLine, Progress
from assessment.model.plan import Quarter


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


Item = TypeVar("Item")

_FIELDS = ("pinned", "quarters")
_TRIES = 400
"""How many sets of one size are tried one by one before being content with a set that is small enough."""


class Wish(NamedTuple):
    """One thing that people decided: which field of which line."""

    house_id: str
    measure_id: str
    field: str


class Contradiction(NamedTuple):
    """Wishes that cannot go together though any of them left out would do.

    `by_capacity` says that they could if everybody had room for everything; `earliest` is when each pinned
    measure could begin at the earliest without its own pin.
    """

    wishes: tuple[Wish, ...]
    by_capacity: bool
    earliest: dict[Key, Quarter]


def find_contradiction(problem: Problem) -> Contradiction | None:
    """Find the smallest set of wishes that leaves no plan; None where there is a plan.

    What has begun or is done is a fact and contradicts nothing.
    """
    if is_feasible(problem.network):
        return None
    wanted = _Wanted(problem, problem.network.capacity)
    smallest = find_smallest(wanted.wishes, wanted.is_possible)
    roomy = wanted._replace(capacity=np.full_like(wanted.capacity, len(problem.tasks)))
    return Contradiction(smallest, roomy.is_possible(smallest), wanted.find_earliest(smallest))


def find_smallest(items: Sequence[Item], is_possible: Callable[[Sequence[Item]], bool]) -> tuple[Item, ...]:
    """Find a smallest set of items that cannot go together.

    First leaves out one by one whatever is not needed to make it impossible. What is left may still be larger
    than another such set: where there are few enough to try, all smaller ones are.

    Args:
        items: that cannot go together; more items never make anything possible.
        is_possible: whether some of them can.
    """
    left = tuple(items)
    for item in items:
        rest = tuple(each for each in left if each != item)
        if not is_possible(rest):
            left = rest
    for size in range(1, len(left)):
        if comb(len(items), size) > _TRIES:
            break
        found = next((some for some in combinations(items, size) if not is_possible(some)), None)
        if found is not None:
            return found
    return left


class _Wanted(NamedTuple):
    """What people want of a problem, with some capacity."""

    problem: Problem
    capacity: Ints

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """The pins and durations of what has not begun, of measures that are in the plan."""
        return tuple(
            Wish(*key, field)
            for key, line in self.problem.decisions.line.items()
            if key in self.problem.number and line.progress is Progress.PLANNED
            for field in _FIELDS
            if getattr(line, field) is not None
        )

    def is_possible(self, wishes: Sequence[Wish]) -> bool:
        """Whether there is a plan when only these wishes are granted."""
        return is_feasible(self._grant(wishes))

    def find_earliest(self, wishes: Sequence[Wish]) -> dict[Key, Quarter]:
        """When each pinned measure could begin if only the other wishes were granted."""
        found = {}
        for wish in wishes:
            if wish.field == "pinned":
                key = (wish.house_id, wish.measure_id)
                starts = earliest_starts(self._grant([each for each in wishes if each != wish]))
                found[key] = self.problem.begin + int(starts[self.problem.number[key]])
        return found

    def _grant(self, wishes: Sequence[Wish]) -> Network:
        """The network with only these of the wishes."""
        network = self.problem.network
        durations, fixed = network.durations.copy(), dict(network.fixed)
        for house_id, measure_id, field in set(self.wishes) - set(wishes):
            task = self.problem.number[house_id, measure_id]
            if field == "pinned":
                fixed.pop(task, None)
            else:
                durations[task] = self.problem.usual[task]
        return replace(network, durations=durations, fixed=fixed, capacity=self.capacity)
