"""The loosened model (an LP): every yes-or-no anywhere between, tightened with cuts as it is solved."""

from typing import NamedTuple

import highspy
import numpy as np

from assessment.engine.scheduling.cuts import WHOLE, Cut, Rows
from assessment.engine.scheduling.highs import has_answer, open_highs
from assessment.engine.scheduling.model import Model
from assessment.engine.scheduling.network import Floats

_BASIC = highspy.HighsBasisStatus.kBasic


class Limits(NamedTuple):
    """The least and most of every column: a part of all plans."""

    lower: Floats
    upper: Floats


class Loose(NamedTuple):
    """The best answer that need not be whole: what it costs, and every column.

    `between` says how far each column is from whole: 0 to ½.
    """

    cost: float
    started: Floats
    between: Floats

    @property
    def whole(self) -> bool:
        """Whether it is a plan."""
        return not self.between.any()


class Relaxation:
    """The loosened model, solved again and again within other limits."""

    def __init__(self, model: Model) -> None:
        lp = model.as_lp()
        self._highs = open_highs(presolve="off")
        self._highs.passModel(lp)
        self._rows = Rows(lp)
        self._limits = Limits(np.array(lp.col_lower_), np.array(lp.col_upper_))

    def solve(self, limits: Limits, basis: highspy.HighsBasis | None = None) -> Loose | None:
        """The best answer within limits, or None where there is none.

        Args:
            limits: of every column.
            basis: where to begin, from `basis`; else where the last answer was.
        """
        moved = (limits.lower != self._limits.lower) | (limits.upper != self._limits.upper)
        columns = np.flatnonzero(moved).astype(np.int32)
        self._highs.changeColsBounds(len(columns), columns, limits.lower[columns], limits.upper[columns])
        self._limits = limits
        if basis is not None:
            self._highs.setBasis(self._widen(basis))
        return self._run()

    def tighten(self, loose: Loose, rounds: int) -> Loose | None:
        """Cut off answers that are not whole, in so many rounds at most; None where no answer is left."""
        for _ in range(rounds):
            cuts = self._rows.find_cuts(loose.started)
            if loose.whole or not cuts:
                break
            self._add(cuts)
            tighter = self._run()
            if tighter is None:
                return None
            loose = tighter
        return loose

    @property
    def basis(self) -> highspy.HighsBasis:
        """Where the last answer was."""
        return self._highs.getBasis()

    def _run(self) -> Loose | None:
        self._highs.run()
        if not has_answer(self._highs):
            return None
        started = np.array(self._highs.getSolution().col_value)
        between = np.minimum(started, 1 - started)
        return Loose(self._highs.getObjectiveValue(), started, np.where(between < WHOLE, 0, between))

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
        """A basis of before some cuts: those are slack in it."""
        missing = self._highs.getNumRow() - len(basis.row_status)
        basis.row_status = [*basis.row_status, *[_BASIC] * missing]
        return basis
