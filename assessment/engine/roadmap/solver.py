"""The best plan, exactly, with HiGHS.

For every task m and quarter t there is one yes or no: "started by t", never going back. The start of a task
is then a count of the noes; "m needs p" is started(m, t) ≤ started(p, t - quarters of p), and the use of a
capacity in t is what started by t minus what had ended. The model looks at a limited number of quarters: a
task may stay unstarted, at the cost of starting right after them. That only makes plans cheaper, so a best
plan in which everything is started is the best of all; otherwise the model looks further.

Source: questionnaires/roadmap.md, section 2.
"""

from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from assessment.engine.roadmap.schedule import earliest_starts, place_by_priority, shift_left
from assessment.engine.roadmap.tasks import Goal, Network
from assessment.errors import KaderscanError
from assessment.model.plan import HORIZON

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_EXTRA_QUARTERS = 2
_LESS_THAN_ONE = 0.999
"""Costs are whole numbers: a plan that is less than one from the bound is the best (see `_find_gap`)."""


class Solution(NamedTuple):
    """When each task starts (0 is the first quarter), and how far from the best that may be at most."""

    starts: Ints
    gap: float


class _Rows(NamedTuple):
    """Rows of the same width: Σ factor × column ≤ most, for each row of `columns`."""

    columns: Ints
    factors: Ints
    most: int


def solve(network: Network) -> Solution:
    """Find the plan with the fewest hard norms after the horizon, then the smallest weighted finish.

    Ends, because with as many quarters as all tasks take together there is room to start every one of them.
    The same network gives the same plan: one thread, no time limit, every task as early as the plan allows.

    Raises:
        KaderscanError: the solver gave up, which it never should.
    """
    if len(network.quarters) == 0:
        return Solution(network.quarters, 0.0)
    joined = _join_ends(network)
    first_plan = place_by_priority(joined)
    quarters = max(HORIZON, int((first_plan + joined.quarters).max()) + _EXTRA_QUARTERS)
    while True:
        model = _Model(joined, quarters)
        starts, gap = model.solve(first_plan)
        if (starts + joined.quarters <= quarters).all():
            return Solution(shift_left(network, starts[: len(network.quarters)]), gap)
        quarters += HORIZON


def find_cost(network: Network, starts: Ints) -> tuple[int, int]:
    """What a plan costs: hard norms that finish after the horizon, and Σ weight × finish quarter."""
    finishes = [int((starts + network.quarters)[list(goal.last)].max()) for goal in network.goals]
    late = sum(goal.hard and finish > HORIZON for goal, finish in zip(network.goals, finishes, strict=True))
    return late, sum(goal.weight * finish for goal, finish in zip(network.goals, finishes, strict=True))


def _join_ends(network: Network) -> Network:
    """Give a goal that ends in several tasks one last task, of no time and on nobody's capacity."""
    several = list(dict.fromkeys(goal.last for goal in network.goals if len(goal.last) > 1))
    size = len(network.quarters)
    joins = {last: size + place for place, last in enumerate(several)}
    return Network(
        quarters=np.concatenate([network.quarters, np.zeros(len(several), dtype=np.int64)]),
        needs=(*network.needs, *several),
        resource=np.concatenate([network.resource, np.full(len(several), len(network.capacity))]),
        capacity=np.append(network.capacity, len(several)),
        goals=tuple(
            Goal((joins[goal.last],), goal.weight, goal.hard) if goal.last in joins else goal
            for goal in network.goals
        ),
    )


def _find_gap(info: highspy.HighsInfo) -> float:
    """How far from the best a plan may be at most, as a share of its cost, by what the solver has proven."""
    proven = info.objective_function_value - info.mip_dual_bound < 1
    return 0.0 if proven else float(info.mip_gap)


class _Model:
    """The yes-or-noes of a network over a number of quarters, as HiGHS takes them."""

    def __init__(self, network: Network, quarters: int) -> None:
        self.network = network
        self.earliest = earliest_starts(network)
        self.latest = np.maximum(quarters - network.quarters, self.earliest)
        self.offset = np.concatenate([[0], np.cumsum(self.latest - self.earliest + 1)])
        self.rows: list[_Rows] = []
        self.cost = np.zeros(self.offset[-1])
        self._never_go_back()
        self._wait_for_needs()
        self._stay_within_capacity(quarters)
        self._weigh_goals()

    def solve(self, first_plan: Ints) -> Solution:
        """Run HiGHS from a first plan; a task that it leaves unstarted starts right after the quarters."""
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": _LESS_THAN_ONE,
        }.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._as_lp())
        solver.setSolution(self._as_solution(first_plan))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise KaderscanError(f"HiGHS: {solver.modelStatusToString(solver.getModelStatus())}")
        started = np.round(np.array(solver.getSolution().col_value))
        counts = np.add.reduceat(started, self.offset[:-1]).astype(np.int64)
        return Solution(self.latest + 1 - counts, _find_gap(solver.getInfo()))

    def _column(self, task: int, quarters: Ints) -> Ints:
        """Where "task started by quarter" stands; past its last quarter that stays what it was."""
        place: Ints = self.offset[task] + np.minimum(quarters, self.latest[task]) - self.earliest[task]
        return place

    def _never_go_back(self) -> None:
        for task in range(len(self.network.quarters)):
            quarters = np.arange(self.earliest[task], self.latest[task])
            columns = np.column_stack([self._column(task, quarters), self._column(task, quarters + 1)])
            self.rows.append(_Rows(columns, np.array([1, -1]), 0))

    def _wait_for_needs(self) -> None:
        for task, needs in enumerate(self.network.needs):
            quarters = np.arange(self.earliest[task], self.latest[task] + 1)
            for need in needs:
                done_by = self._column(need, quarters - self.network.quarters[need])
                columns = np.column_stack([self._column(task, quarters), done_by])
                self.rows.append(_Rows(columns, np.array([1, -1]), 0))

    def _stay_within_capacity(self, quarters: int) -> None:
        for resource, capacity in enumerate(self.network.capacity):
            tasks = np.flatnonzero(self.network.resource == resource)
            for quarter in range(quarters):
                self._limit(tasks, quarter, int(capacity))

    def _limit(self, tasks: Ints, quarter: int, capacity: int) -> None:
        """At most so many of these tasks run in a quarter: those started by then less those ended by then."""
        started = tasks[self.earliest[tasks] <= quarter]
        if len(started) <= capacity:
            return
        ended = started[self.earliest[started] <= quarter - self.network.quarters[started]]
        places = [self._column(task, np.array(quarter)) for task in started]
        places += [self._column(task, quarter - self.network.quarters[task]) for task in ended]
        factors = np.repeat([1, -1], [len(started), len(ended)])
        self.rows.append(_Rows(np.array([places]), factors, capacity))

    def _weigh_goals(self) -> None:
        """Each no costs the weight of the goal; finishing a hard norm late costs more than all of that."""
        for goal in self.network.goals:
            first, last = self.offset[goal.last[0]], self.offset[goal.last[0] + 1]
            self.cost[first:last] -= goal.weight
        late = 1 - self.cost.sum()
        for goal in self.network.goals:
            task = goal.last[0]
            in_time = HORIZON - self.network.quarters[task]
            if goal.hard and self.earliest[task] <= in_time:
                self.cost[self._column(task, in_time)] -= late

    def _as_lp(self) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), sum(len(rows.columns) for rows in self.rows)
        lp.col_cost_ = self.cost
        lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
        lp.row_lower_ = np.full(lp.num_row_, -highspy.kHighsInf)
        lp.row_upper_ = np.concatenate([np.full(len(rows.columns), float(rows.most)) for rows in self.rows])
        widths = np.concatenate([np.full(len(rows.columns), len(rows.factors)) for rows in self.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(widths)])
        lp.a_matrix_.index_ = np.concatenate([rows.columns.ravel() for rows in self.rows])
        lp.a_matrix_.value_ = np.concatenate(
            [np.tile(rows.factors, len(rows.columns)).astype(float) for rows in self.rows]
        )
        return lp

    def _as_solution(self, starts: Ints) -> highspy.HighsSolution:
        task = np.repeat(np.arange(len(starts)), np.diff(self.offset))
        quarter = np.arange(self.offset[-1]) - self.offset[task] + self.earliest[task]
        solution = highspy.HighsSolution()
        solution.col_value = (quarter >= starts[task]).astype(float)
        return solution
