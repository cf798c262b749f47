"""The integer program of a network, as HiGHS takes it."""

from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from assessment.engine.scheduling.network import Floats, Ints, Network
from assessment.engine.scheduling.schedule import count_used, earliest_starts
from assessment.errors import NoPlanError


class Windows(NamedTuple):
    """Per task: the first and last period to start in, and whether it must start in them."""

    earliest: Ints
    latest: Ints
    must: NDArray[np.bool_]


class _Rows(NamedTuple):
    """Rows of the same width: Σ factor × column ≤ most, for each row of `columns`."""

    columns: Ints
    factors: Ints
    most: int


def find_windows(network: Network, periods: int, *, in_time: bool) -> Windows:
    """When each task may start for a schedule to end within so many periods.

    What is fixed must start where it is, and what that needs in time for it.

    Args:
        network: each goal ends in one task.
        periods: how far the schedule looks; nothing that is fixed ends later.
        in_time: whether every hard goal must be finished by the horizon.

    Raises:
        NoPlanError: something that is fixed comes before what it needs can be done.
    """
    earliest = earliest_starts(network)
    due = dict(network.fixed)
    for goal in network.goals if in_time else ():
        if goal.hard:
            due.setdefault(goal.last[0], network.horizon - int(network.durations[goal.last[0]]))
    latest = periods - network.durations
    must = np.zeros(len(latest), dtype=np.bool_)
    for task in reversed(network.order):
        if task in due:
            latest[task], must[task] = min(latest[task], due[task]), True
        for need in network.needs[task] if must[task] else ():
            latest[need], must[need] = min(latest[need], latest[task] - network.durations[need]), True
    if (latest < earliest)[must].any():
        raise NoPlanError
    return Windows(earliest, np.maximum(latest, earliest), must)


class Model:
    """The columns and rows of a network whose goals each end in one task; `least` is added to every cost.

    Formulation: resource-constrained project scheduling (RCPSP, see `Network`) with time-indexed step
    variables, disaggregated (SDDT). For every task m and period t of its window there is one column, 0 or 1:
    "started by t", never going back. The start of a task is then a count of zeros.

    - Time-indexed columns, capacity in every period: Pritsker, Watters and Wolfe, Multiproject scheduling
      with limited resources: a zero-one programming approach, Management Science 16 (1969). The use of a
      capacity in t is what started by t minus what had ended by then.
    - Needs period by period ("disaggregated"): Christofides, Alvarez-Valdes and Tamarit, Project scheduling
      with resource constraints, European Journal of Operational Research 29 (1987). "m needs p" is
      started(m, t) ≤ started(p, t - duration of p) for every t.
    - Step columns in the place of pulses, which are as strong and sparser: Bianco and Caramia, A new
      formulation for the project scheduling problem under limited resources, Flexible Services and
      Manufacturing Journal 25 (2013); Artigues, On the strength of time-indexed formulations for the RCPSP,
      Operations Research Letters 45 (2017).
    - Several aims, each within what the ones before have found (lexicographic, by ε-constraints):
      `limit_late` and `limit_finish`; Ehrgott, Multicriteria Optimization (2005).
    - Solved by branch and cut: `search`; cuts: `cuts`; first schedules: `schedule`.

    A task may stay unstarted within its window, at the cost of starting right after it. That only makes
    schedules cheaper, so what the model proves holds for all schedules.
    """

    def __init__(self, network: Network, windows: Windows) -> None:
        self.network = network
        self.earliest, self.latest, self.must = windows
        self.offset = np.concatenate([[0], np.cumsum(self.latest - self.earliest + 1)])
        self.size = int(self.offset[-1])
        self.cost: Floats = np.zeros(self.size)
        self.least = 0
        self._rows: list[_Rows] = []
        self._never_go_back()
        self._wait_for_needs()
        self._stay_within_capacity()

    def weigh_finishes(self) -> None:
        """Each zero costs the weight of its goal."""
        self.cost -= self._weights()
        self.least += self._latest_finish()

    def count_late(self) -> None:
        """A hard goal that is not finished by the horizon costs one."""
        columns = self._late_columns()
        np.subtract.at(self.cost, columns, 1)
        self.least += sum(goal.hard for goal in self.network.goals)

    def limit_late(self, most: int) -> None:
        """At most so many hard goals finish after the horizon."""
        columns, times = np.unique(self._late_columns(), return_counts=True)
        if len(columns) == 0:
            return
        hard = sum(goal.hard for goal in self.network.goals)
        self._rows.append(_Rows(columns[None, :], -times, most - hard))

    def limit_finish(self, most: int) -> None:
        """The weighted finish is at most so much."""
        weighed = self._weights()
        columns = np.flatnonzero(weighed)
        if len(columns):
            least = self._latest_finish()
            self._rows.append(_Rows(columns[None, :], -weighed[columns], most - least))

    def count_moves(self) -> None:
        """A task that does not start when people agreed costs one."""
        for task, start in self.network.agreed.items():
            self.least += 1
            if self.earliest[task] <= start <= self.latest[task]:
                column = int(self.offset[task] + start - self.earliest[task])
                self.cost[column] -= 1
                self.cost[column - 1] += start > self.earliest[task]

    def as_lp(self) -> highspy.HighsLp:
        """The LP relaxation: every column anywhere from 0 to 1."""
        rows = self._rows
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.size, sum(len(each.columns) for each in rows)
        lp.col_cost_, lp.offset_ = self.cost, float(self.least)
        lp.col_lower_, lp.col_upper_ = self.lowest(), np.ones(self.size)
        lp.row_lower_ = np.full(lp.num_row_, -highspy.kHighsInf)
        lp.row_upper_ = np.concatenate([np.full(len(each.columns), float(each.most)) for each in rows])
        widths = np.concatenate([np.full(len(each.columns), len(each.factors)) for each in rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(widths)])
        lp.a_matrix_.index_ = np.concatenate([each.columns.ravel() for each in rows])
        lp.a_matrix_.value_ = np.concatenate(
            [np.tile(each.factors, len(each.columns)).astype(float) for each in rows]
        )
        return lp

    def as_mip(self) -> highspy.HighsLp:
        """The integer program: every column 0 or 1."""
        lp = self.as_lp()
        lp.integrality_ = [highspy.HighsVarType.kInteger] * self.size
        return lp

    def lowest(self) -> Floats:
        """What must start in its window has started at the end of it."""
        lower = np.zeros(self.size)
        lower[self.offset[1:][self.must] - 1] = 1
        return lower

    def read_starts(self, started: Floats) -> Floats:
        """The start of each task; right after its window where it stays unstarted."""
        return (self.latest + 1).astype(np.float64) - np.add.reduceat(started, self.offset[:-1])

    def rank(self, started: Floats) -> Floats:
        """In what order to place the tasks: by start, and the more unstarted the later."""
        unstarted = 1 - started[self.offset[1:] - 1]
        late: Floats = self.read_starts(started) + unstarted * int(self.latest.max() + 1)
        return late

    def write_solution(self, starts: Ints) -> highspy.HighsSolution:
        """The columns of a schedule."""
        task = np.repeat(np.arange(len(starts)), np.diff(self.offset))
        period = np.arange(self.size) - self.offset[task] + self.earliest[task]
        solution = highspy.HighsSolution()
        solution.col_value = (period >= starts[task]).astype(float)
        return solution

    def _weights(self) -> Ints:
        """Per column what a one takes off the weighted finish."""
        weights: Ints = np.zeros(self.size, dtype=np.int64)
        for goal in self.network.goals:
            weights[self.offset[goal.last[0]] : self.offset[goal.last[0] + 1]] += goal.weight
        return weights

    def _latest_finish(self) -> int:
        """The weighted finish when every column is zero."""
        ends = self.latest + 1 + self.network.durations
        return sum(goal.weight * int(ends[goal.last[0]]) for goal in self.network.goals)

    def _late_columns(self) -> Ints:
        """Per hard goal that can be in time, the column that says so: its last task has started by then."""
        columns = []
        for goal in self.network.goals:
            task = goal.last[0]
            in_time = self.network.horizon - self.network.durations[task]
            if goal.hard and self.earliest[task] <= in_time:
                columns.append(int(self._column(task, in_time)))
        return np.array(columns, dtype=np.int64)

    def _column(self, task: int, periods: Ints) -> Ints:
        """Where "task started by t" stands; past the last period of its window that stays what it was."""
        place: Ints = self.offset[task] + np.minimum(periods, self.latest[task]) - self.earliest[task]
        return place

    def _never_go_back(self) -> None:
        columns = np.setdiff1d(np.arange(self.size), self.offset[1:] - 1)
        self._rows.append(_Rows(np.column_stack([columns, columns + 1]), np.array([1, -1]), 0))

    def _wait_for_needs(self) -> None:
        pairs = []
        for task, needs in enumerate(self.network.needs):
            periods = np.arange(self.earliest[task], self.latest[task] + 1)
            for need in needs:
                done_by = self._column(need, periods - self.network.durations[need])
                tightest = np.append(done_by[1:] != done_by[:-1], True)
                pairs.append(np.column_stack([self._column(task, periods), done_by])[tightest])
        if pairs:
            self._rows.append(_Rows(np.concatenate(pairs), np.array([1, -1]), 0))

    def _stay_within_capacity(self) -> None:
        periods = int((self.latest + self.network.durations).max(initial=0))
        facts = count_used(self.network, self.network.facts, periods)
        for resource, capacity in enumerate(self.network.capacity):
            tasks = np.flatnonzero(self.network.resource == resource)
            for period in range(periods) if len(tasks) > capacity else ():
                self._limit(tasks, period, max(int(capacity), int(facts[resource, period])))

    def _limit(self, tasks: Ints, period: int, capacity: int) -> None:
        """At most so many of these tasks run in a period: those started by then less those ended by then."""
        started = self._columns_by(tasks, np.full(len(tasks), period))
        ended = self._columns_by(tasks, period - self.network.durations[tasks])
        running = np.setdiff1d(started, ended), np.setdiff1d(ended, started)
        if len(running[0]) > capacity:
            factors = np.repeat([1, -1], [len(running[0]), len(running[1])])
            self._rows.append(_Rows(np.concatenate(running)[None, :], factors, capacity))

    def _columns_by(self, tasks: Ints, periods: Ints) -> Ints:
        """Where "started by" stands for each of the tasks that can have started by its period."""
        can = self.earliest[tasks] <= periods
        tasks, periods = tasks[can], periods[can]
        places: Ints = self.offset[tasks] + np.minimum(periods, self.latest[tasks]) - self.earliest[tasks]
        return places
