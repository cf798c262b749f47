"""What a plan is made for: tasks, what they wait for, whose capacity they draw on, what people decided.

Source: questionnaires/roadmap.md, section 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assessment.model.rules import in_order

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Goal:
    """A criterion to finish: its last tasks, and how heavy its finish weighs."""

    last: tuple[int, ...]
    weight: int
    hard: bool


@dataclass(frozen=True)
class Network:
    """Tasks by number: how long (quarters), what each needs first, on whose capacity it draws.

    A task that is not the last of a goal, nor waited for by one that is, takes what room is left.

    `fixed` gives the first quarter of tasks that never move: pinned, begun or done. Those of `begun`, and any
    that starts before quarter 0, are facts, done work too: a fact waits for nothing, draws capacity only from
    quarter 0 on, and then also beyond what there is. `agreed` gives the first quarter that people agreed on
    earlier, where that should be kept.
    """

    quarters: Ints
    needs: tuple[tuple[int, ...], ...]
    resource: Ints
    capacity: Ints
    goals: tuple[Goal, ...]
    fixed: Mapping[int, int] = field(default_factory=dict)
    begun: frozenset[int] = frozenset()
    agreed: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Facts wait for nothing any more, whatever the framework says that they need first."""
        needs = tuple(() if task in self.facts else needs for task, needs in enumerate(self.needs))
        object.__setattr__(self, "needs", needs)

    @cached_property
    def facts(self) -> Mapping[int, int]:
        """The fixed tasks that have begun or are done, with their first quarter."""
        return {task: start for task, start in self.fixed.items() if start < 0 or task in self.begun}

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The tasks such that each comes after what it needs."""
        numbered = {str(task): [str(need) for need in needs] for task, needs in enumerate(self.needs)}
        return tuple(int(task) for task in in_order(numbered))

    @cached_property
    def needed_by(self) -> tuple[tuple[int, ...], ...]:
        """The tasks that wait for each task."""
        waiting: list[list[int]] = [[] for _ in self.needs]
        for task, needs in enumerate(self.needs):
            for need in needs:
                waiting[need].append(task)
        return tuple(tuple(tasks) for tasks in waiting)
