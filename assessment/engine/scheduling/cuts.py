"""Zero-half cuts: rows that every schedule keeps and a fractional solution breaks; they raise the LP bound.

Tight rows are added up so that every fractional column comes an even number of times, and the sum of their
right-hand sides is odd. Half of that sum is broken by exactly a half: whole numbers cannot reach what is left
over. Columns that are integral are made even by their own bounds, 0 or 1. Which rows to add up is found by
Gaussian elimination modulo two.

Source: Caprara and Fischetti, {0, 1/2}-Chvátal-Gomory cuts, Mathematical Programming 74 (1996).
"""

from collections.abc import Iterator
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from assessment.engine.scheduling.network import Floats, Ints

Marks = NDArray[np.bool_]

INTEGRALITY_TOLERANCE = 1e-6
"""What a column of an LP solution may be off and still be integral."""

_MOST = 30
"""How many cuts to take at once: those that cut off most."""

_MOST_SUMS = 100
"""How many sums to look at: those of the fewest rows."""


class Cut(NamedTuple):
    """Σ factor × column ≤ most."""

    columns: Ints
    factors: Ints
    most: int


class _Parity(NamedTuple):
    """A sum of rows modulo two.

    The bits of `fractional` are the fractional columns with an odd factor, those of `rows` the rows; `odd` is
    the right-hand side.
    """

    fractional: int
    odd: bool
    rows: int


class Rows:
    """The rows of an LP relaxation, Σ factor × column ≤ most, in whole numbers; columns go from 0 to 1."""

    def __init__(self, lp: highspy.HighsLp) -> None:
        matrix = lp.a_matrix_
        self._begin = np.array(matrix.start_, dtype=np.int64)
        self._columns = np.array(matrix.index_, dtype=np.int64)
        self._factors = np.array(matrix.value_).astype(np.int64)
        self._most = np.array(lp.row_upper_).astype(np.int64)

    def add(self, cuts: list[Cut]) -> None:
        """Keep cuts as rows, for the next to rest on."""
        ends = self._begin[-1] + np.cumsum([len(cut.columns) for cut in cuts])
        self._begin = np.concatenate([self._begin, ends])
        self._columns = np.concatenate([self._columns, *(cut.columns for cut in cuts)])
        self._factors = np.concatenate([self._factors, *(cut.factors for cut in cuts)])
        self._most = np.append(self._most, [cut.most for cut in cuts])

    def find_cuts(self, started: Floats) -> list[Cut]:
        """Return the cuts that an LP solution breaks, the deepest first."""
        ones = started >= 1 - INTEGRALITY_TOLERANCE
        fractional = (started > INTEGRALITY_TOLERANCE) & (started < 1 - INTEGRALITY_TOLERANCE)
        tight = self._find_tight(started, fractional)
        sums = sorted(_eliminate(self._list_parities(tight, fractional, ones)), key=int.bit_count)
        cuts = [self._halve_sum(tight[_list_bits(rows)], ones) for rows in sums[:_MOST_SUMS]]
        return sorted(cuts, key=lambda cut: -_measure_depth(cut, started))[:_MOST]

    def _find_tight(self, started: Floats, fractional: Marks) -> Ints:
        """The rows that are just kept, with a fractional column."""
        begin = self._begin[:-1]
        reached = np.add.reduceat(self._factors * started[self._columns], begin)
        touched = np.logical_or.reduceat(fractional[self._columns], begin)
        return np.flatnonzero(touched & (self._most - reached < INTEGRALITY_TOLERANCE))

    def _list_parities(self, tight: Ints, fractional: Marks, ones: Marks) -> list[_Parity]:
        """The tight rows modulo two, those with the fewest fractional columns first."""
        bit = np.cumsum(fractional) - 1
        parities = []
        for number, row in enumerate(tight):
            span = slice(self._begin[row], self._begin[row + 1])
            columns, factors = self._columns[span], self._factors[span]
            odd = columns[fractional[columns] & (factors % 2 == 1)]
            allowed = self._most[row] - factors[ones[columns]].sum()
            bits = sum(1 << place for place in bit[odd].tolist())
            parities.append(_Parity(bits, bool(allowed % 2), 1 << number))
        return sorted(parities, key=lambda each: each.fractional.bit_count())

    def _halve_sum(self, rows: Ints, ones: Marks) -> Cut:
        """Half of the sum of rows, with column bounds added so that every factor is even, rounded down."""
        spans = [np.arange(self._begin[row], self._begin[row + 1]) for row in rows]
        places = np.concatenate(spans)
        columns, place = np.unique(self._columns[places], return_inverse=True)
        factors = np.zeros(len(columns), dtype=np.int64)
        np.add.at(factors, place, self._factors[places])
        odd = factors % 2 == 1
        up = odd & ones[columns]
        most = int(self._most[rows].sum() + up.sum())
        halves = (factors + up - (odd & ~up)) // 2
        kept = halves != 0
        return Cut(columns[kept], halves[kept], most // 2)


def _eliminate(parities: list[_Parity]) -> Iterator[int]:
    """The sums of rows, as bits, in which no fractional column is left and the right-hand side is odd."""
    by_lowest: dict[int, _Parity] = {}
    for parity in parities:
        left = parity
        while left.fractional:
            lowest = left.fractional & -left.fractional
            known = by_lowest.setdefault(lowest, left)
            if known is left:
                break
            left = _Parity(left.fractional ^ known.fractional, left.odd != known.odd, left.rows ^ known.rows)
        if not left.fractional and left.odd:
            yield left.rows


def _list_bits(bits: int) -> list[int]:
    return [place for place in range(bits.bit_length()) if bits >> place & 1]


def _measure_depth(cut: Cut, started: Floats) -> float:
    """How far a solution lies beyond a cut."""
    beyond = float(cut.factors @ started[cut.columns] - cut.most)
    return beyond / float(np.sqrt((cut.factors**2).sum()))
