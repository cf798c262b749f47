"""HiGHS, the solver, as it is used here, and the LP relaxation of the model that it tightens with cuts."""

from typing import NamedTuple

import highspy
import numpy as np

from assessment.engine.scheduling.cuts import INTEGRALITY_TOLERANCE, Cut, Rows
from assessment.engine.scheduling.model import Model
from assessment.engine.scheduling.network import Floats, Ints
from assessment.errors import KaderscanError, NoPlanError

_LESS_THAN_ONE = 0.98
"""Costs are whole numbers: a schedule that is less than one from the bound is the best."""

_ENDED = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit}


def open_highs(**options: float | str) -> highspy.Highs:
    """HiGHS in silence: one thread, one seed."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
        solver.setOptionValue(option, value)
    return solver


def solve_whole(model: Model, first: Ints | None = None, nodes: int | None = None) -> highspy.Highs:
    """Let HiGHS look for the best schedule by itself, from a first one, for at most so many nodes.

    Raises:
        NoPlanError: there is no schedule.
        KaderscanError: the solver gave up.
    """
    highs = open_highs(presolve="off", mip_rel_gap=0.0, mip_abs_gap=_LESS_THAN_ONE)
    highs.passModel(model.as_mip())
    if nodes is not None:
        highs.setOptionValue("mip_max_nodes", nodes)
    if first is not None:
        highs.setSolution(model.write_solution(first))
    highs.run()
    if not has_answer(highs):
        raise NoPlanError
    return highs


def has_answer(highs: highspy.Highs) -> bool:
    """Whether there is one; no schedule and no bound rests on a run that went wrong.

    Raises:
        KaderscanError: the solver gave up.
    """
    status = highs.getModelStatus()
    if status not in {*_ENDED, highspy.HighsModelStatus.kInfeasible}:
        raise KaderscanError(f"HiGHS: {highs.modelStatusToString(status)}")
    return status in _ENDED


_BASIC = highspy.HighsBasisStatus.kBasic


class Limits(NamedTuple):
    """The lower and upper bound of every column: a subset of all schedules."""

    lower: Floats
    upper: Floats


class LpSolution(NamedTuple):
    """An optimum of the relaxation: what it costs, and the value of every column, from 0 to 1.

    `fractionality` says how far each column is from a whole number: 0 to ½.
    """

    cost: float
    started: Floats
    fractionality: Floats

    @property
    def is_integral(self) -> bool:
        """Whether it is a schedule."""
        return not self.fractionality.any()


class Relaxation:
    """The LP relaxation of a model, solved again and again within other limits."""

    def __init__(self, model: Model) -> None:
        lp = model.as_lp()
        self._highs = open_highs(presolve="off")
        self._highs.passModel(lp)
        self._rows = Rows(lp)
        self._limits = Limits(np.array(lp.col_lower_), np.array(lp.col_upper_))

    def solve(self, limits: Limits, basis: highspy.HighsBasis | None = None) -> LpSolution | None:
        """Return an optimum within limits, or None where the limits leave no solution.

        Args:
            limits: of every column.
            basis: where to begin, from `basis`; else where the last solution was.
        """
        moved = (limits.lower != self._limits.lower) | (limits.upper != self._limits.upper)
        columns = np.flatnonzero(moved).astype(np.int32)
        self._highs.changeColsBounds(len(columns), columns, limits.lower[columns], limits.upper[columns])
        self._limits = limits
        if basis is not None:
            self._highs.setBasis(self._widen(basis))
        return self._run()

    def tighten(self, solution: LpSolution, rounds: int) -> LpSolution | None:
        """Cut off fractional solutions, in at most so many rounds; return None where no solution is left."""
        for _ in range(rounds):
            cuts = self._rows.find_cuts(solution.started)
            if solution.is_integral or not cuts:
                break
            self._add(cuts)
            tighter = self._run()
            if tighter is None:
                return None
            solution = tighter
        return solution

    @property
    def basis(self) -> highspy.HighsBasis:
        """The basis of the last solution."""
        return self._highs.getBasis()

    def _run(self) -> LpSolution | None:
        self._highs.run()
        if not has_answer(self._highs):
            return None
        started = np.array(self._highs.getSolution().col_value)
        distance = np.minimum(started, 1 - started)
        fractionality = np.where(distance < INTEGRALITY_TOLERANCE, 0, distance)
        return LpSolution(self._highs.getObjectiveValue(), started, fractionality)

    def _add(self, cuts: list[Cut]) -> None:
        begin = np.cumsum([0, *(len(cut.columns) for cut in cuts)])
        self._highs.addRows(
            len(cuts),
            np.full(len(cuts), -highspy.kHighsInf),
            np.array([cut.most for cut in cuts], dtype=np.float64),
            int(begin[-1]),
            begin[:-1].astype(np.int32),
            np.concatenate([cut.columns for cut in cuts]).astype(np.int32),
            np.concatenate([cut.factors for cut in cuts]).astype(np.float64),
        )
        self._rows.add(cuts)

    def _widen(self, basis: highspy.HighsBasis) -> highspy.HighsBasis:
        """Fill up a basis from before some cuts: those are slack in it."""
        missing = self._highs.getNumRow() - len(basis.row_status)
        basis.row_status = [*basis.row_status, *[_BASIC] * missing]
        return basis
