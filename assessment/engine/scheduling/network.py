"""What a schedule is made for: tasks, what they need, whose capacity they draw on, what stands fast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Goal:
    """Something to finish: its last tasks, how heavy its finish weighs, and whether it is hard.

    Hard goals that finish after the horizon are counted before anything is weighed.
    """

    last: tuple[int, ...]
    weight: int
    hard: bool


@dataclass(frozen=True, eq=False)
class Network:
    """Tasks by number: how long (periods), what each needs first, on which resource each draws.

    This is the resource-constrained project scheduling problem (RCPSP) with one renewable resource per task,
    of which it takes one unit, and with the weighted completion times of several goals to make small:
    PS | prec | Σ wC in the notation of Brucker, Drexl, Möhring, Neumann and Pesch, Resource-constrained
    project scheduling, European Journal of Operational Research 112 (1999). On top of it people decide.

    A task that is not the last of a goal, nor waited for by one that is, takes what room is left.

    `horizon` is the period before which hard goals should have finished. `fixed` gives the first period of
    tasks that never move: pinned, begun or done. Those of `begun`, and any that starts before period 0, are
    facts, done work too: a fact waits for nothing, draws capacity only from period 0 on, and then also beyond
    what there is. `agreed` gives the first period that people agreed on earlier, where that should be kept.
    """

    durations: Ints
    needs: tuple[tuple[int, ...], ...]
    resource: Ints
    capacity: Ints
    goals: tuple[Goal, ...]
    horizon: int
    fixed: Mapping[int, int] = field(default_factory=dict)
    begun: frozenset[int] = frozenset()
    agreed: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Facts wait for nothing any more, whatever they needed once."""
        needs = tuple(() if task in self.facts else needs for task, needs in enumerate(self.needs))
        object.__setattr__(self, "needs", needs)

    @cached_property
    def _content(self) -> tuple[object, ...]:
        """All that it is, by which two are the same."""
        numbers = (each.tobytes() for each in (self.durations, self.resource, self.capacity))
        stands = (frozenset(each.items()) for each in (self.fixed, self.agreed))
        return (*numbers, self.needs, self.goals, self.horizon, self.begun, *stands)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Network) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @cached_property
    def facts(self) -> Mapping[int, int]:
        """The fixed tasks that have begun or are done, with their first period."""
        return {task: start for task, start in self.fixed.items() if start < 0 or task in self.begun}

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The tasks such that each comes after what it needs."""
        return tuple(TopologicalSorter(dict(enumerate(self.needs))).static_order())

    @cached_property
    def needed_by(self) -> tuple[tuple[int, ...], ...]:
        """The tasks that wait for each task."""
        waiting: list[list[int]] = [[] for _ in self.needs]
        for task, needs in enumerate(self.needs):
            for need in needs:
                waiting[need].append(task)
        return tuple(tuple(tasks) for tasks in waiting)
