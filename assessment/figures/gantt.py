"""The plan of a house as a Gantt in HTML: rows by actor, columns by quarter, hand-overs as a pair.

Written as a grid and not drawn, so that long titles wrap, a phone shows the titles above the bars, and paper
breaks between two rows.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from datetime import date
from html import escape

import pandas as pd

from assessment.figures.quarter_grid import Time, write_bar, write_grid, write_heads_again, write_row
from assessment.model.decisions import Progress
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor
from assessment.tables.shown import show_quarters, show_with_capital

DECIDES = "▸"
"""Stands in the bars that decide when the last hard norm is met."""


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

    Measures that cannot slip without moving the end are dark, the others light with an edge, those that are
    done grey; what is busy or done has its sign. The table beside the chart says the same in words.

    Args:
        measures: ROADMAP of one house, as `tables.sort_measures` orders it.
        begin: the first quarter.
        quarters: how many quarters to draw.
        questionnaire: the titles and hand-overs.
        today: marked, unless it lies more than a year before the plan, or after it.
        chain: the measures that decide when the last hard norm is met; marked.
    """
    time = Time.of(begin, quarters, today)
    again = write_heads_again(time, today)
    measures = measures.assign(first=measures["first"].clip(lower=-time.lead))
    marked = measures.assign(decides=measures["measure_id"].isin(chain))
    rows = [
        *_write_hand_overs(measures, questionnaire, time, again),
        *_write_actors(marked, questionnaire, time, again),
    ]
    return write_grid(time, today, "De maatregelen per actor en kwartaal; zie de tabel.", "".join(rows))


def _write_hand_overs(
    measures: pd.DataFrame, questionnaire: Questionnaire, time: Time, again: str
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
            write_bar(time.column(int(placed["first"][first])), time.column(ends), "ks-takes", "")
            + write_bar(time.column(ends), time.column(begins), "ks-waits", "")
            + write_bar(time.column(begins), time.column(int(placed["last"][then]) + 1), "ks-stops", "→")
        )
        yield write_row(f"{questionnaire.measure[first].title} → {questionnaire.measure[then].title}", bars)


def _write_actors(
    measures: pd.DataFrame, questionnaire: Questionnaire, time: Time, again: str
) -> Iterator[str]:
    """A heading per actor, on paper with the quarters again, and under it a row per measure."""
    begin = time.start + time.lead
    previous = None
    for measure in measures.to_dict("records"):
        if measure["actor"] != previous:
            previous = measure["actor"]
            yield f'<div class="ks-actor">{escape(show_with_capital(Actor(previous).dutch))}</div>{again}'
        title = _sign(measure["status"]) + questionnaire.measure[measure["measure_id"]].title
        hint = f"{measure['actor']}, {_span(measure['first'], measure['last'], begin)}. {measure['why']}"
        decides, ends = bool(measure["decides"]), time.column(measure["last"] + 1)
        bar = write_bar(time.column(measure["first"]), ends, _find_look(measure), DECIDES * decides)
        slack = f"Speling: {show_quarters(measure['slack'])}."
        yield write_row(title, bar, f"{title}. {hint}. {slack}", look="ks-decides" * decides)


def _sign(status: str) -> str:
    """The sign before the title of what is no longer just planned."""
    return "" if Progress(status) is Progress.PLANNED else f"{Progress(status).sign} "


def _find_look(measure: Mapping[Hashable, object]) -> str:
    if measure["status"] == Progress.DONE.value:
        return "ks-done"
    return "ks-slack" if measure["slack"] else "ks-tight"


def _span(first: int, last: int, begin: Quarter) -> str:
    return str(begin + first) if first == last else f"{begin + first} tot en met {begin + last}"
