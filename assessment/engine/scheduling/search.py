"""Search for the best plan by halves: loosen the yes-or-noes, and where one is in between, try both.

The loosened model (an LP), tightened with cuts, is nearly whole for these plans, and its bound nearly tight,
so a few dozen rounds prove most plans; every round also gives a plan, by placing the tasks in the order that
the LP has them. Rounds are counted, not timed: the same model gives the same answer everywhere.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from math import ceil
from typing import NamedTuple

import highspy
import numpy as np

from assessment.engine.scheduling.highs import solve_whole
from assessment.engine.scheduling.model import Model
from assessment.engine.scheduling.network import Floats, Ints
from assessment.engine.scheduling.relaxation import Limits, Loose, Relaxation
from assessment.engine.scheduling.schedule import place_like, weigh_behind

_ROUNDS = 100
"""How many branches the search looks at before HiGHS takes over."""

_ROUNDS_IF_LARGE = 30
"""How many branches of a large model the search looks at before it stops."""

_CUTS_AT_FIRST, _CUTS_LATER = 15, 1
"""In how many rounds cuts are looked for: in the whole, and in each branch."""

_NODES = 200
"""How many nodes HiGHS looks at before it stops: counted, not timed, so the answer is always the same."""

_LARGE = 8000
"""A model with more yes-or-noes is not handed over: proving the last per mille may take HiGHS minutes."""

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
    """A part of all plans: what they cost at least, a number that orders, and where the LP may begin."""

    bound: int
    number: int
    limits: Limits
    basis: highspy.HighsBasis | None


def find_best(model: Model, first: Found, price: Price, rounds: int = _ROUNDS) -> Found:
    """Search until the best plan is proven, or until the work for that is used up.

    Args:
        model: its optimum is what no plan can go below.
        first: a plan to improve on.
        price: what a plan costs.
        rounds: how many branches to look at before HiGHS takes over.

    Raises:
        KaderscanError: the solver gave up, which it never should.
    """
    large = model.size > _LARGE
    search = _Search(model, first._replace(beyond=False), price)
    found = search.run(_ROUNDS_IF_LARGE if large else rounds)
    if found.proven or found.beyond or large:
        return found
    return _finish_search(model, found, price)


def _finish_search(model: Model, found: Found, price: Price) -> Found:
    """Let HiGHS prove what the search left open, as far as it comes."""
    highs = solve_whole(model, found.starts, _NODES)
    started = np.round(np.array(highs.getSolution().col_value))
    bound = max(found.bound, ceil(highs.getInfo().mip_dual_bound - _SURE))
    starts = place_like(model.network, model.rank(started))
    cost = price(starts)
    if cost is not None and cost < found.cost:
        found = found._replace(starts=starts, cost=cost)
    ended = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return found._replace(bound=min(bound, found.cost), beyond=ended and bound < found.cost)


class _Search:
    def __init__(self, model: Model, first: Found, price: Price) -> None:
        self.model, self.found, self.price = model, first, price
        self.relaxation = Relaxation(model)
        self.waiting: list[_Branch] = []
        self.beyond = first.cost
        behind = weigh_behind(model.network)
        self.counts = behind > 0
        self.behind = np.repeat(np.sqrt(behind), np.diff(model.offset))
        self.cuts = _CUTS_AT_FIRST
        self.number = 0

    def run(self, rounds: int) -> Found:
        """Go deep first; when a branch is done, go on with the most promising one."""
        whole = Limits(self.model.lowest(), np.ones(self.model.size))
        branch: _Branch | None = _Branch(self.found.bound, 0, whole, None)
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
        loose = self.relaxation.solve(branch.limits, branch.basis)
        if loose is None or self._bound(loose) >= self.found.cost:
            return None
        self._try_plan(loose.started)
        loose = self.relaxation.tighten(loose, self.cuts)
        self.cuts = _CUTS_LATER
        if loose is None or self._bound(loose) >= self.found.cost:
            return None
        if loose.whole:
            self._close(loose)
            return None
        return self._halve(branch.limits, loose)

    def _bound(self, loose: Loose) -> int:
        return ceil(loose.cost - _SURE)

    def _try_plan(self, started: Floats) -> None:
        starts = place_like(self.model.network, self.model.rank(started))
        cost = self.price(starts)
        if cost is not None and cost < self.found.cost:
            self.found = self.found._replace(starts=starts, cost=cost)

    def _close(self, loose: Loose) -> None:
        """A whole answer ends a branch: it is a plan, or it leaves a task unstarted that counts."""
        started = np.round(loose.started)
        self._try_plan(started)
        unstarted = self.model.read_starts(started) > self.model.latest
        if unstarted[self.counts].any():
            self.beyond = min(self.beyond, self._bound(loose))

    def _halve(self, limits: Limits, loose: Loose) -> _Branch:
        """What is most in between, and has most behind it, is no in one half and yes in the other."""
        doubtful = int((loose.between * self.behind).argmax())
        task = int(np.searchsorted(self.model.offset, doubtful, "right")) - 1
        first, last = self.model.offset[task], self.model.offset[task + 1]
        later, sooner = limits.upper.copy(), limits.lower.copy()
        later[first : doubtful + 1] = 0
        sooner[doubtful:last] = 1
        self.number += 1
        bound = self._bound(loose)
        half = limits._replace(upper=later)
        heappush(self.waiting, _Branch(bound, -self.number, half, self.relaxation.basis))
        return _Branch(bound, 0, limits._replace(lower=sooner), None)
