"""The yes-or-noes of a plan, as HiGHS takes them.

For every task m and quarter t there is one yes or no: "started by t", never going back. The start of a task
is then a count of the noes; "m needs p" is started(m, t) ≤ started(p, t - quarters of p), and the use of a
capacity in t is what started by t minus what had ended. The model looks at a limited number of quarters: a
task may stay unstarted, at the cost of starting right after them. That only makes plans cheaper, so a best
plan in which everything is started is the best of all; otherwise the model has to look further.

Source: questionnaires/roadmap.md, section 2.
"""

from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from assessment.engine.roadmap.network import Ints, Network
from assessment.engine.roadmap.schedule import count_used, earliest_starts
from assessment.errors import KaderscanError, NoPlanError
from assessment.model.plan import HORIZON

Flags = NDArray[np.bool_]

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


def _find_gap(info: highspy.HighsInfo) -> float:
    """How far from the best a plan may be at most, as a share of its cost, by what the solver has proven."""
    proven = info.objective_function_value - info.mip_dual_bound < 1
    return 0.0 if proven else float(info.mip_gap)


def _find_latest(network: Network, earliest: Ints, quarters: int) -> tuple[Ints, Flags]:
    """The last quarter in which each task can start; which must start by then: what is fixed and its needs.

    Raises:
        NoPlanError: a fixed task comes before what it needs can be done.
    """
    latest = np.maximum(quarters - network.quarters, earliest)
    must = np.zeros(len(latest), dtype=np.bool_)
    for task in reversed(network.order):
        if task in network.fixed:
            latest[task], must[task] = min(latest[task], network.fixed[task]), True
        for need in network.needs[task] if must[task] else ():
            latest[need] = min(latest[need], latest[task] - network.quarters[need])
            must[need] = True
    if (latest < earliest).any():
        raise NoPlanError
    return latest, must


class Model:
    """The yes-or-noes of a network over a number of quarters, as HiGHS takes them."""

    def __init__(self, network: Network, quarters: int) -> None:
        self.network = network
        self.earliest = earliest_starts(network)
        self.latest, self.must = _find_latest(network, self.earliest, quarters)
        self.offset = np.concatenate([[0], np.cumsum(self.latest - self.earliest + 1)])
        self.rows: list[_Rows] = []
        self.cost = np.zeros(self.offset[-1])
        self._never_go_back()
        self._wait_for_needs()
        self._stay_within_capacity(quarters)
        self._weigh_goals()
        self._weigh_moves()

    def solve(self, first_plan: Ints | None = None) -> Solution:
        """Run HiGHS from a first plan; a task that it leaves unstarted starts right after the quarters.

        Raises:
            NoPlanError: what is fixed leaves no plan.
        """
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
        if first_plan is not None:
            solver.setSolution(self._as_solution(first_plan))
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise NoPlanError
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
        facts = count_used(self.network, self.network.facts, quarters)
        for resource, capacity in enumerate(self.network.capacity):
            tasks = np.flatnonzero(self.network.resource == resource)
            for quarter in range(quarters):
                self._limit(tasks, quarter, max(int(capacity), int(facts[resource, quarter])))

    def _limit(self, tasks: Ints, quarter: int, capacity: int) -> None:
        """At most so many of these tasks run in a quarter: those started by then less those ended by then."""
        started = self._columns_by(tasks, np.full(len(tasks), quarter))
        ended = self._columns_by(tasks, quarter - self.network.quarters[tasks])
        running = np.setdiff1d(started, ended), np.setdiff1d(ended, started)
        if len(running[0]) > capacity:
            factors = np.repeat([1, -1], [len(running[0]), len(running[1])])
            self.rows.append(_Rows(np.concatenate(running)[None, :], factors, capacity))

    def _columns_by(self, tasks: Ints, quarters: Ints) -> Ints:
        """Where "started by" stands for each of the tasks that can have started by its quarter."""
        can = self.earliest[tasks] <= quarters
        tasks, quarters = tasks[can], quarters[can]
        places: Ints = self.offset[tasks] + np.minimum(quarters, self.latest[tasks]) - self.earliest[tasks]
        return places

    def _weigh_goals(self) -> None:
        """Each no costs the weight of the goal; finishing a hard norm late costs more than all of that."""
        unit = len(self.network.agreed) + 1
        for goal in self.network.goals:
            first, last = self.offset[goal.last[0]], self.offset[goal.last[0] + 1]
            self.cost[first:last] -= goal.weight * unit
        late = unit - self.cost.sum()
        for goal in self.network.goals:
            task = goal.last[0]
            in_time = HORIZON - self.network.quarters[task]
            if goal.hard and self.earliest[task] <= in_time:
                self.cost[self._column(task, in_time)] -= late

    def _weigh_moves(self) -> None:
        """A task that does not start when agreed costs one; all of them cost less than any other cost."""
        for task, start in self.network.agreed.items():
            if self.earliest[task] <= start <= self.latest[task]:
                self.cost[self._column(task, np.array(start))] -= 1
            if self.earliest[task] < start <= self.latest[task]:
                self.cost[self._column(task, np.array(start - 1))] += 1

    def _as_lp(self) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), sum(len(rows.columns) for rows in self.rows)
        lp.col_cost_ = self.cost
        lower = np.zeros(lp.num_col_)
        lower[self.offset[1:][self.must] - 1] = 1
        lp.col_lower_, lp.col_upper_ = lower, np.ones(lp.num_col_)
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
