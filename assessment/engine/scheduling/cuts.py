"""Rows that every whole plan keeps and a loosened one breaks: they raise the bound of the LP.

Rows that are tight are added up so that every yes-or-no that is in between comes an even number of times, and
what they allow together is odd. Half of that sum is broken by exactly a half: whole answers cannot reach what
is left over. Yes-or-noes that are whole are made even by their own limits, 0 or 1. Which rows to add up is
found by eliminating modulo two.

Source: Caprara and Fischetti, {0, 1/2}-Chvátal-Gomory cuts, Mathematical Programming 74 (1996).
"""

from collections.abc import Iterator
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from assessment.engine.scheduling.network import Floats, Ints

Marks = NDArray[np.bool_]

WHOLE = 1e-6
"""What an answer of the LP may be off and still be whole."""
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

    The bits of `between` are the columns in between, those of `rows` the rows; `odd` is what they allow.
    """

    between: int
    odd: bool
    rows: int


class Rows:
    """The rows of a loosened model, Σ factor × column ≤ most, in whole numbers; columns go from 0 to 1."""

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
        """Cuts that an answer of the LP breaks, the one that cuts off most first."""
        between, yes = (started > WHOLE) & (started < 1 - WHOLE), started >= 1 - WHOLE
        tight = self._find_tight(started, between)
        sums = sorted(_eliminate(self._list_parities(tight, between, yes)), key=int.bit_count)
        cuts = [self._halve(tight[_list_bits(rows)], yes) for rows in sums[:_MOST_SUMS]]
        return sorted(cuts, key=lambda cut: -_measure_depth(cut, started))[:_MOST]

    def _find_tight(self, started: Floats, between: Marks) -> Ints:
        """The rows that are just kept, with something in between."""
        begin = self._begin[:-1]
        reached = np.add.reduceat(self._factors * started[self._columns], begin)
        touched = np.logical_or.reduceat(between[self._columns], begin)
        return np.flatnonzero(touched & (self._most - reached < WHOLE))

    def _list_parities(self, tight: Ints, between: Marks, yes: Marks) -> list[_Parity]:
        """The tight rows modulo two, those with the least in between first."""
        bit = np.cumsum(between) - 1
        parities = []
        for number, row in enumerate(tight):
            span = slice(self._begin[row], self._begin[row + 1])
            columns, factors = self._columns[span], self._factors[span]
            odd = columns[between[columns] & (factors % 2 == 1)]
            allowed = self._most[row] - factors[yes[columns]].sum()
            bits = sum(1 << place for place in bit[odd].tolist())
            parities.append(_Parity(bits, bool(allowed % 2), 1 << number))
        return sorted(parities, key=lambda each: each.between.bit_count())

    def _halve(self, rows: Ints, yes: Marks) -> Cut:
        """Half of the sum of rows, with limits added so that every factor is even, rounded down."""
        spans = [np.arange(self._begin[row], self._begin[row + 1]) for row in rows]
        places = np.concatenate(spans)
        columns, place = np.unique(self._columns[places], return_inverse=True)
        factors = np.zeros(len(columns), dtype=np.int64)
        np.add.at(factors, place, self._factors[places])
        odd = factors % 2 == 1
        up = odd & yes[columns]
        most = int(self._most[rows].sum() + up.sum())
        halves = (factors + up - (odd & ~up)) // 2
        kept = halves != 0
        return Cut(columns[kept], halves[kept], most // 2)


def _eliminate(parities: list[_Parity]) -> Iterator[int]:
    """The sums of rows, as bits, in which nothing in between is left and what is allowed is odd."""
    by_lowest: dict[int, _Parity] = {}
    for parity in parities:
        left = parity
        while left.between:
            lowest = left.between & -left.between
            known = by_lowest.setdefault(lowest, left)
            if known is left:
                break
            left = _Parity(left.between ^ known.between, left.odd != known.odd, left.rows ^ known.rows)
        if not left.between and left.odd:
            yield left.rows


def _list_bits(bits: int) -> list[int]:
    return [place for place in range(bits.bit_length()) if bits >> place & 1]


def _measure_depth(cut: Cut, started: Floats) -> float:
    """How far the answer lies beyond a cut."""
    beyond = float(cut.factors @ started[cut.columns] - cut.most)
    return beyond / float(np.sqrt((cut.factors**2).sum()))
