"""Two plans side by side: per row the quarter now, the quarter then, and the way between them."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from assessment.figures.quarter_grid import Time, write_bar, write_grid, write_heads_again, write_row
from assessment.model.frames import NEVER, NOTHING_LEFT
from assessment.model.plan import HORIZON, Quarter

NOW, THEN = "■", "□"
"""Stand in the quarter of the present plan, and of the one tried."""


class Shift(NamedTuple):
    """What shifts, from which quarter to which; NOTHING_LEFT and NEVER have no place of their own."""

    title: str
    present: int
    tried: int


def write_shifts(shifts: Iterable[Shift], begin: Quarter, today: date) -> str:
    """Write a row for each shift; what has nothing left to do in one of the plans stands once.

    Args:
        shifts: at least one.
        begin: the quarter that is 0.
        today: marked, where it is near.
    """
    rows = list(shifts)
    last = max((quarter for row in rows for quarter in row[1:] if quarter != NEVER), default=0)
    time = Time.of(begin, max(HORIZON, last + 1), today)
    written = write_heads_again(time, today) + "".join(_write_shift(row, time) for row in rows)
    return write_grid(time, today, "Het plan nu en het plan dan, per kwartaal; zie de tabel.", written)


def _write_shift(row: Shift, time: Time) -> str:
    places = [(row.present, NOW), (row.tried, THEN)]
    marks = [
        write_bar(time.column(quarter), time.column(quarter + 1), "ks-planned", sign)
        for quarter, sign in places
        if quarter not in {NOTHING_LEFT, NEVER}
    ]
    first, last = sorted([row.present, row.tried])
    both = len(marks) == len(places)
    way = write_bar(time.column(first), time.column(last + 1), "ks-band", "") if both else ""
    return write_row(row.title, way + "".join(marks), look="ks-estimate")
