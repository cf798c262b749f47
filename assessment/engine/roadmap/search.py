"""Search for the best plan by halves: loosen the yes-or-noes, and where one is in between, try both.

The loosened model (an LP) is nearly whole for these plans, and its bound nearly tight, so a few dozen rounds
prove most plans; every round also gives a plan, by placing the tasks in the order that the LP has them.
Rounds are counted, not timed: the same model gives the same answer everywhere.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from math import ceil
from typing import NamedTuple

import highspy
import numpy as np

from assessment.engine.roadmap.model import Floats, Model, open_highs
from assessment.engine.roadmap.network import Ints
from assessment.engine.roadmap.schedule import place_like, weigh_behind
from assessment.errors import KaderscanError, NoPlanError

_LESS_THAN_ONE = 0.98
"""Costs are whole numbers: a plan that is less than one from the bound is the best."""

_WHOLE = 1e-6
_ROUNDS = 60
"""How many LPs the search solves before HiGHS takes over, or, in a large model, before it stops."""

_NODES = 200
"""How many nodes HiGHS looks at before it stops: counted, not timed, so the answer is always the same."""

_LARGE = 8000
"""A model with more yes-or-noes is not handed over: proving the last per mille may take HiGHS minutes."""

_ENDED = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit}

_SURE = 0.01
"""What a bound may be off by the arithmetic of HiGHS, and much more."""

Price = Callable[[Ints], int | None]
"""What a plan costs, or None where it is not allowed."""


class Found(NamedTuple):
    """The best plan so far, what it costs, and what any plan costs at least.

    `beyond`: what keeps the bound low is a plan that leaves a task unstarted in its window.
    """

    starts: Ints
    cost: int
    bound: int
    beyond: bool = False

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return self.bound >= self.cost


class _Branch(NamedTuple):
    """A part of all plans: what they cost at least, a number that orders, the limits of the columns."""

    bound: int
    number: int
    lower: Floats
    upper: Floats
    basis: highspy.HighsBasis | None


def find_best(model: Model, first: Found, price: Price) -> Found:
    """Search until the best plan is proven, or until the work for that is used up.

    Args:
        model: its optimum is what no plan can go below.
        first: a plan to improve on.
        price: what a plan costs.

    Raises:
        KaderscanError: the solver gave up, which it never should.
    """
    found = _Search(model, first._replace(beyond=False), price).run(_ROUNDS)
    if found.proven or found.beyond or model.size > _LARGE:
        return found
    return _finish_search(model, found, price)


def _finish_search(model: Model, found: Found, price: Price) -> Found:
    """Let HiGHS prove what the search left open, as far as it comes."""
    highs = run_highs(model, found.starts, _NODES)
    started = np.round(np.array(highs.getSolution().col_value))
    bound = max(found.bound, ceil(highs.getInfo().mip_dual_bound - _SURE))
    starts = place_like(model.network, model.rank(started))
    cost = price(starts)
    if cost is not None and cost < found.cost:
        found = found._replace(starts=starts, cost=cost)
    ended = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return found._replace(bound=min(bound, found.cost), beyond=ended and bound < found.cost)


def run_highs(model: Model, first: Ints | None = None, nodes: int | None = None) -> highspy.Highs:
    """Let HiGHS look for the best, from a first plan, for at most so many nodes.

    Raises:
        NoPlanError: there is no plan.
        KaderscanError: the solver gave up.
    """
    highs = open_highs(presolve="off", mip_rel_gap=0.0, mip_abs_gap=_LESS_THAN_ONE)
    highs.passModel(model.as_whole())
    if nodes is not None:
        highs.setOptionValue("mip_max_nodes", nodes)
    if first is not None:
        highs.setSolution(model.write_solution(first))
    highs.run()
    if not _has_answer(highs):
        raise NoPlanError
    return highs


def _has_answer(highs: highspy.Highs) -> bool:
    """Whether there is one; no plan and no bound rests on a run that went wrong."""
    status = highs.getModelStatus()
    if status not in {*_ENDED, highspy.HighsModelStatus.kInfeasible}:
        raise KaderscanError(f"HiGHS: {highs.modelStatusToString(status)}")
    return status in _ENDED


class _Search:
    def __init__(self, model: Model, first: Found, price: Price) -> None:
        self.model, self.found, self.price = model, first, price
        self.highs = open_highs(presolve="off")
        self.highs.passModel(model.as_lp())
        self.columns = np.arange(model.size, dtype=np.int32)
        self.waiting: list[_Branch] = []
        self.beyond = first.cost
        self.counts = weigh_behind(model.network) > 0
        self.number = 0

    def run(self, rounds: int) -> Found:
        """Go deep first; when a branch is done, go on with the most promising one."""
        whole = _Branch(self.found.bound, 0, self.model.lowest(), np.ones(self.model.size), None)
        branch: _Branch | None = whole
        for _ in range(rounds):
            if branch is None:
                break
            branch = self._look(branch) or self._next()
        least = min(each.bound for each in (*self.waiting, branch) if each) if branch else self.found.cost
        least = min(self.found.cost, self.beyond, least)
        beyond = self.beyond == least < self.found.cost
        return self.found._replace(bound=max(least, self.found.bound), beyond=beyond)

    def _next(self) -> _Branch | None:
        if self.waiting and self.waiting[0].bound < self.found.cost:
            return heappop(self.waiting)
        return None

    def _look(self, branch: _Branch) -> _Branch | None:
        """Solve the LP of a branch; give the half to look at next, unless the branch is done."""
        self._set_limits(branch)
        if not _has_answer(self.highs):
            return None
        bound = ceil(self.highs.getObjectiveValue() - _SURE)
        if bound >= self.found.cost:
            return None
        started = np.array(self.highs.getSolution().col_value)
        self._try_plan(started)
        between = np.minimum(started, 1 - started)
        if between.max() < _WHOLE:
            self._close(bound, np.round(started))
            return None
        return self._halve(branch, bound, np.where(between < _WHOLE, 0, between))

    def _set_limits(self, branch: _Branch) -> None:
        self.highs.changeColsBounds(self.model.size, self.columns, branch.lower, branch.upper)
        if branch.basis is not None:
            self.highs.setBasis(branch.basis)
        self.highs.run()

    def _try_plan(self, started: Floats) -> None:
        starts = place_like(self.model.network, self.model.rank(started))
        cost = self.price(starts)
        if cost is not None and cost < self.found.cost:
            self.found = self.found._replace(starts=starts, cost=cost)

    def _close(self, bound: int, started: Floats) -> None:
        """A whole answer ends a branch: it is the plan just tried, or it leaves a task unstarted."""
        unstarted = self.model.read_starts(started) > self.model.latest
        if unstarted[self.counts].any():
            self.beyond = min(self.beyond, bound)

    def _halve(self, branch: _Branch, bound: int, between: Floats) -> _Branch:
        """Of the task that is most in between: started by its most doubtful quarter, or not."""
        offset = self.model.offset
        task = int(np.add.reduceat(between, offset[:-1]).argmax())
        first, last = offset[task], offset[task + 1]
        doubtful = first + int(between[first:last].argmax())
        later, sooner = branch.upper.copy(), branch.lower.copy()
        later[first : doubtful + 1] = 0
        sooner[doubtful:last] = 1
        self.number += 1
        basis = self.highs.getBasis()
        heappush(self.waiting, _Branch(bound, -self.number, branch.lower, later, basis))
        return _Branch(bound, 0, sooner, branch.upper, basis)
