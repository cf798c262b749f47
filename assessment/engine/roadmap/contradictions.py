"""Which wishes contradict each other: the smallest set of them that cannot go together.

Source: questionnaires/roadmap.md, section 2.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb
from typing import NamedTuple, TypeVar

import pandas as pd

from assessment.engine.roadmap.problem import link_decided, list_tasks, set_dropped_aside, time_tasks
from assessment.engine.scheduling.network import Network
from assessment.engine.scheduling.schedule import earliest_starts
from assessment.engine.scheduling.solver import is_feasible
from assessment.model.decisions import Decisions, PlanLine, Progress
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire

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
    earliest: dict[tuple[str, str], Quarter]


def find_contradiction(
    gaps: pd.DataFrame,
    resources: pd.DataFrame,
    begin: Quarter,
    questionnaire: Questionnaire,
    decisions: Decisions,
) -> Contradiction | None:
    """Find the smallest set of wishes that leaves no plan; None where there is a plan.

    Args:
        gaps: GAPS.
        resources: RESOURCES of their houses.
        begin: the first quarter of the plan.
        questionnaire: gives measures and dependencies.
        decisions: what people decided; what has begun or is done is a fact and contradicts nothing.
    """
    tasks = set_dropped_aside(list_tasks(gaps, resources, questionnaire), decisions).tasks
    wanted = _Wanted(tasks, begin, questionnaire, decisions)
    wishes = wanted.list_wishes()
    if wanted.is_possible(wishes):
        return None
    smallest = find_smallest(wishes, wanted.is_possible)
    roomy = wanted._replace(tasks=tasks.assign(capacity=len(tasks)))
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
    """A plan that people want: TASKS without what was dropped, and what was decided about them."""

    tasks: pd.DataFrame
    begin: Quarter
    questionnaire: Questionnaire
    decisions: Decisions

    def list_wishes(self) -> tuple[Wish, ...]:
        """The pins and durations of what has not begun, of measures that are in the plan."""
        planned = set(zip(self.tasks["house_id"], self.tasks["measure_id"], strict=True))
        return tuple(
            Wish(*key, field)
            for key, line in self.decisions.line.items()
            if key in planned and line.progress is Progress.PLANNED
            for field in _FIELDS
            if getattr(line, field) is not None
        )

    def is_possible(self, wishes: Sequence[Wish]) -> bool:
        """Whether there is a plan when only these wishes are granted."""
        return is_feasible(self._link(wishes))

    def find_earliest(self, wishes: Sequence[Wish]) -> dict[tuple[str, str], Quarter]:
        """When each pinned measure could begin if only the other wishes were granted."""
        keys = list(zip(self.tasks["house_id"], self.tasks["measure_id"], strict=True))
        found = {}
        for wish in wishes:
            if wish.field == "pinned":
                key = (wish.house_id, wish.measure_id)
                starts = earliest_starts(self._link([each for each in wishes if each != wish]))
                found[key] = self.begin + int(starts[keys.index(key)])
        return found

    def _link(self, wishes: Sequence[Wish]) -> Network:
        granted = _grant(self.decisions, frozenset(wishes))
        timed = time_tasks(self.tasks, self.begin, granted)
        return link_decided(timed, self.questionnaire, self.begin, granted)


def _grant(decisions: Decisions, wishes: frozenset[Wish]) -> Decisions:
    """The decisions with only these of the wishes."""
    return decisions.with_lines(_keep(line, wishes) for line in decisions.lines)


def _keep(line: PlanLine, wishes: frozenset[Wish]) -> PlanLine:
    if line.progress is not Progress.PLANNED:
        return line
    refused = [field for field in _FIELDS if Wish(line.house_id, line.measure_id, field) not in wishes]
    return line.model_copy(update=dict.fromkeys(refused))
