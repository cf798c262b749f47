"""Branch and cut: bound by the LP relaxation, cut it, branch on whether a task has started by a period."""

from collections.abc import Callable
from heapq import heappop, heappush
from math import ceil
from typing import NamedTuple

import highspy
import numpy as np

from assessment.engine.scheduling.model import Model
from assessment.engine.scheduling.network import Floats, Ints
from assessment.engine.scheduling.relaxation import Limits, LpSolution, Relaxation, solve_whole
from assessment.engine.scheduling.schedule import place_like, weigh_behind

# Work is counted, not timed, so that the same model gives the same schedule on every machine.

_NODES = 100
"""How many nodes the search looks at before HiGHS takes over."""

_NODES_IF_LARGE = 6
"""How many nodes of a large model the search looks at before it stops."""

_HIGHS_NODES = 200
"""How many nodes HiGHS looks at before it stops."""

_LARGE = 8000
"""A model with more columns is not handed over: proving the last per mille may take HiGHS minutes."""

_CUT_ROUNDS_AT_ROOT, _CUT_ROUNDS = 15, 1
"""In how many rounds cuts are looked for: in the root node, and in each other node."""

_TOLERANCE = 0.01
"""What a bound may be off by the arithmetic of HiGHS, and much more."""

Evaluate = Callable[[Ints], int | None]
"""What a schedule costs, or None where it is not allowed."""


class Incumbent(NamedTuple):
    """The best schedule so far, what it costs, and what any schedule costs at least.

    `windowed`: what keeps the bound low is a solution that leaves a task unstarted in its window, so that
    only a model with wider windows can prove more.
    """

    starts: Ints
    cost: int
    bound: int
    windowed: bool = False

    @property
    def proven(self) -> bool:
        """Whether no schedule is better."""
        return self.bound >= self.cost


class _Node(NamedTuple):
    """A subset of all schedules: what they cost at least, a number that orders, and where the LP begins."""

    bound: int
    number: int
    limits: Limits
    basis: highspy.HighsBasis | None


def find_best(model: Model, first: Incumbent, evaluate: Evaluate, nodes: int = _NODES) -> Incumbent:
    """Search until the best schedule is proven, or until the work for that is used up.

    Args:
        model: its optimum is what no schedule can go below.
        first: a schedule to improve on.
        evaluate: what a schedule costs.
        nodes: how many nodes to look at before HiGHS takes over.

    Raises:
        KaderscanError: the solver gave up, which it never should.
    """
    large = model.size > _LARGE
    search = _Search(model, first._replace(windowed=False), evaluate)
    best = search.run(_NODES_IF_LARGE if large else nodes)
    if best.proven or best.windowed or large:
        return best
    return _finish_search(model, best, evaluate)


def _finish_search(model: Model, best: Incumbent, evaluate: Evaluate) -> Incumbent:
    """Let HiGHS prove what the search left open, as far as it comes."""
    highs = solve_whole(model, best.starts, _HIGHS_NODES)
    started = np.round(np.array(highs.getSolution().col_value))
    bound = max(best.bound, ceil(highs.getInfo().mip_dual_bound - _TOLERANCE))
    starts = place_like(model.network, model.rank(started))
    cost = evaluate(starts)
    if cost is not None and cost < best.cost:
        best = best._replace(starts=starts, cost=cost)
    ended = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return best._replace(bound=min(bound, best.cost), windowed=ended and bound < best.cost)


class _Search:
    """Branch and cut over the step formulation.

    Bounding and cutting: the LP relaxation with zero-half cuts; it is nearly integral for these models and
    its bound nearly tight, so a few dozen nodes prove most schedules. Padberg and Rinaldi, A branch-and-cut
    algorithm, SIAM Review 33 (1991).

    Branching: on one column "started by t", which splits the window of a task in later and sooner, as
    Christofides, Alvarez-Valdes and Tamarit, Project scheduling with resource constraints, European Journal
    of Operational Research 29 (1987). The most fractional column goes first, the more so the more weight
    waits for its task. Depth first into "sooner"; when that ends, the node with the lowest bound.

    Primal heuristic: at every node the tasks are placed one by one in the order that the LP has them (list
    scheduling by LP completion times). Hall, Schulz, Shmoys and Wein, Scheduling to minimize average
    completion time, Mathematics of Operations Research 22 (1997).
    """

    def __init__(self, model: Model, first: Incumbent, evaluate: Evaluate) -> None:
        self.model, self.best, self.evaluate = model, first, evaluate
        self.relaxation = Relaxation(model)
        self.waiting: list[_Node] = []
        self.windowed_bound = first.cost
        behind = weigh_behind(model.network)
        self.counts = behind > 0
        self.priority = np.repeat(np.sqrt(behind), np.diff(model.offset))
        self.cut_rounds = _CUT_ROUNDS_AT_ROOT
        self.number = 0

    def run(self, nodes: int) -> Incumbent:
        """Go deep first; when that ends, go on with the most promising node."""
        whole = Limits(self.model.lowest(), np.ones(self.model.size))
        node: _Node | None = _Node(self.best.bound, 0, whole, None)
        for _ in range(nodes):
            if node is None:
                break
            node = self._process(node) or self._next()
        least = min(each.bound for each in (*self.waiting, node) if each) if node else self.best.cost
        least = min(self.best.cost, self.windowed_bound, least)
        windowed = self.windowed_bound == least < self.best.cost
        return self.best._replace(bound=max(least, self.best.bound), windowed=windowed)

    def _next(self) -> _Node | None:
        if self.waiting and self.waiting[0].bound < self.best.cost:
            return heappop(self.waiting)
        return None

    def _process(self, node: _Node) -> _Node | None:
        """Bound and cut a node; return the child to look at next, or None where the node is done."""
        solution = self.relaxation.solve(node.limits, node.basis)
        if solution is None or self._bound(solution) >= self.best.cost:
            return None
        self._try_schedule(solution.started)
        solution = self.relaxation.tighten(solution, self.cut_rounds)
        self.cut_rounds = _CUT_ROUNDS
        if solution is None or self._bound(solution) >= self.best.cost:
            return None
        if solution.is_integral:
            self._close(solution)
            return None
        return self._branch(node.limits, solution)

    def _bound(self, solution: LpSolution) -> int:
        return ceil(solution.cost - _TOLERANCE)

    def _try_schedule(self, started: Floats) -> None:
        starts = place_like(self.model.network, self.model.rank(started))
        cost = self.evaluate(starts)
        if cost is not None and cost < self.best.cost:
            self.best = self.best._replace(starts=starts, cost=cost)

    def _close(self, solution: LpSolution) -> None:
        """An integral solution ends a node: it is a schedule, or it leaves a task unstarted that counts."""
        started = np.round(solution.started)
        self._try_schedule(started)
        unstarted = self.model.read_starts(started) > self.model.latest
        if unstarted[self.counts].any():
            self.windowed_bound = min(self.windowed_bound, self._bound(solution))

    def _branch(self, limits: Limits, solution: LpSolution) -> _Node:
        """Put the node in which a task starts later aside; return the one in which it starts sooner."""
        column = int((solution.fractionality * self.priority).argmax())
        task = int(np.searchsorted(self.model.offset, column, "right")) - 1
        first, last = self.model.offset[task], self.model.offset[task + 1]
        later, sooner = limits.upper.copy(), limits.lower.copy()
        later[first : column + 1] = 0
        sooner[column:last] = 1
        self.number += 1
        bound = self._bound(solution)
        heappush(
            self.waiting, _Node(bound, -self.number, limits._replace(upper=later), self.relaxation.basis)
        )
        return _Node(bound, 0, limits._replace(lower=sooner), None)
