"""The plan of a house as a Gantt in HTML: rows by actor, columns by quarter, hand-overs as a pair.

Written as a grid and not drawn, so that long titles wrap, a phone shows the titles above the bars, and paper
breaks between two rows.
"""

from collections.abc import Collection, Iterator
from datetime import date
from html import escape
from typing import NamedTuple

import pandas as pd

from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor

DECIDES = "▸"
"""Stands in the bars that decide when the last hard norm is met."""
_EARLIEST = 4
"""How many quarters before the plan today may lie and still get a column of its own."""


class _Time(NamedTuple):
    """The columns: the plan begins `lead` quarters after the first of them."""

    start: Quarter
    lead: int
    width: int

    def column(self, quarter: int) -> int:
        """The grid line where a quarter of the plan begins; line 1 is before the titles."""
        return quarter + self.lead + 2

    def share(self, quarters: float) -> str:
        """How far from the left something is, as CSS, in quarters after the first."""
        return f"calc(var(--ks-titles) + (100% - var(--ks-titles)) * {quarters / self.width:.4f})"


def write_gantt(  # noqa: PLR0913 - a plan, and what is marked in it
    measures: pd.DataFrame,
    begin: Quarter,
    quarters: int,
    questionnaire: Questionnaire,
    today: date,
    *,
    chain: Collection[str] = (),
) -> str:
    """Write the measures of one house.

    Measures that cannot slip without moving the end are dark, the others light with an edge; the table beside
    the chart says the same in words.

    Args:
        measures: ROADMAP of one house, as `tables.sort_measures` orders it.
        begin: the first quarter.
        quarters: how many quarters to draw.
        questionnaire: the titles and hand-overs.
        today: marked, unless it lies more than a year before the plan, or after it.
        chain: the measures that decide when the last hard norm is met; marked.
    """
    ahead = begin - Quarter.of(today)
    lead = ahead if 0 < ahead <= _EARLIEST else 0
    time = _Time(begin + -lead, lead, lead + quarters)
    marks = _find_marks(time, today)
    again = _write_heads(time, marks, "ks-again")
    marked = measures.assign(decides=measures["measure_id"].isin(chain))
    rows = [
        *_write_hand_overs(measures, questionnaire, time, again),
        *_write_actors(marked, questionnaire, time, again),
    ]
    return (
        f'<div class="ks-gantt" role="img" style="--ks-quarters:{time.width}" '
        'aria-label="De maatregelen per actor en kwartaal; zie de tabel.">'
        f"{_write_ground(time, marks)}{_write_heads(time, marks, 'ks-top')}{''.join(rows)}</div>"
    )


def _write_ground(time: _Time, marks: dict[str, float]) -> str:
    """Shade every other year, and draw a line at each mark."""
    years = "".join(
        f'<i class="ks-year" style="grid-column:{place + 2}"></i>'
        for place in range(time.width)
        if (time.start + place).year % 2
    )
    lines = "".join(f'<i class="ks-mark" style="left:{time.share(place)}"></i>' for place in marks.values())
    return f'<div class="ks-years">{years}</div>{lines}'


def _find_marks(time: _Time, today: date) -> dict[str, float]:
    """Today, and the horizon where the plan runs past it: how many quarters after the first each lies."""
    month = (today.month - 1) % 3 + (today.day - 1) / 31
    places = {"vandaag": (Quarter.of(today) - time.start) + month / 3}
    if time.width - time.lead > HORIZON:
        places["na drie jaar"] = time.lead + HORIZON
    return {name: place for name, place in places.items() if 0 <= place <= time.width}


def _write_heads(time: _Time, marks: dict[str, float], look: str) -> str:
    """Name the quarters, and above them the marks."""
    quarters = [time.start + place for place in range(time.width)]
    heads = "".join(
        f'<b style="grid-column:{place + 2}">K{quarter.number}'
        f"<span>{quarter.year if quarter.number == 1 else ''}</span></b>"
        for place, quarter in enumerate(quarters)
    )
    names = "".join(f'<i style="left:{time.share(place)}">{name}</i>' for name, place in marks.items())
    return f'<div class="ks-row ks-quarters {look}">{heads}{names}</div>'


def _write_hand_overs(
    measures: pd.DataFrame, questionnaire: Questionnaire, time: _Time, again: str
) -> Iterator[str]:
    """Each hand-over as a pair in one row: "het huis neemt over", an arrow, "de politie stopt"."""
    placed = measures.set_index("measure_id")
    taken = {key: questionnaire.measure[key].lets_go_after for key in measures["measure_id"]}
    pairs = [(first, then) for then, first in taken.items() if first and first in placed.index]
    if pairs:
        yield f'<div class="ks-actor">Overdrachten: wie neemt over, wie stopt daarna</div>{again}'
    for first, then in pairs:
        ends, begins = int(placed["last"][first]) + 1, int(placed["first"][then])
        bars = (
            _bar(time.column(int(placed["first"][first])), time.column(ends), "ks-takes", "")
            + _bar(time.column(ends), time.column(begins), "ks-waits", "")
            + _bar(time.column(begins), time.column(int(placed["last"][then]) + 1), "ks-stops", "→")
        )
        yield _row(f"{questionnaire.measure[first].title} → {questionnaire.measure[then].title}", bars)


def _write_actors(
    measures: pd.DataFrame, questionnaire: Questionnaire, time: _Time, again: str
) -> Iterator[str]:
    """A heading per actor, on paper with the quarters again, and under it a row per measure."""
    begin = time.start + time.lead
    previous = None
    for measure in measures.to_dict("records"):
        if measure["actor"] != previous:
            previous = measure["actor"]
            yield f'<div class="ks-actor">{escape(_capital(Actor(previous).dutch))}</div>{again}'
        title = questionnaire.measure[measure["measure_id"]].title
        hint = f"{measure['actor']}, {_span(measure['first'], measure['last'], begin)}. {measure['why']}"
        weight = "ks-slack" if measure["slack"] else "ks-tight"
        decides = bool(measure["decides"])
        bar = _bar(time.column(measure["first"]), time.column(measure["last"] + 1), weight, DECIDES * decides)
        yield _row(title, bar, f"{title}. {hint}. Speling: {_quarters(measure['slack'])}.", decides=decides)


def _row(title: str, bars: str, hint: str = "", *, decides: bool = False) -> str:
    name = f'<span class="ks-title">{escape(title)}</span>'
    look = "ks-row ks-decides" if decides else "ks-row"
    return f'<div class="{look}" title="{escape(hint)}">{name}{bars}</div>'


def _bar(begins: int, ends: int, look: str, text: str) -> str:
    """A bar between two grid lines; nothing where there is no room between them."""
    return f'<i class="ks-bar {look}" style="grid-column:{begins}/{ends}">{text}</i>' if ends > begins else ""


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _span(first: int, last: int, begin: Quarter) -> str:
    return str(begin + first) if first == last else f"{begin + first} tot en met {begin + last}"


def _quarters(number: int) -> str:
    return f"{number} kwartaal" if number == 1 else f"{number} kwartalen"
