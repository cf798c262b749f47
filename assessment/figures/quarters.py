"""Quarters as a grid in HTML: the plan of houses as a Gantt, how sure a plan is, two plans side by side.

Written as a grid and not drawn, so that long titles wrap, a phone shows the titles above the bars, and paper
breaks between two rows.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from html import escape
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from assessment.model.decisions import Progress
from assessment.model.frames import NEVER, NOTHING_LEFT, of_house
from assessment.model.plan import HORIZON, Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Actor
from assessment.tables.forecasts import When, name_subject
from assessment.tables.formats import format_counted, format_with_capital
from assessment.tables.plans import write_reasons

# How many quarters before the plan today may lie and still get a column of its own.
_EARLIEST = 4

# So many quarters have room for their names on a phone; more show their years alone there.
_ROOMY = 18


class _Time(NamedTuple):
    """The columns: the plan begins `lead` quarters after the first of them."""

    start: Quarter
    lead: int
    width: int

    @classmethod
    def of(cls, begin: Quarter, quarters: int, today: date) -> "_Time":
        """The quarters of a plan, and before them those from today on, where that is not long before."""
        ahead = begin - Quarter.of(today)
        lead = ahead if 0 < ahead <= _EARLIEST else 0
        return cls(begin + -lead, lead, lead + quarters)

    def column(self, quarter: int) -> int:
        """The grid line where a quarter of the plan begins; line 1 is before the titles."""
        return quarter + self.lead + 2

    def share(self, quarters: float) -> str:
        """How far from the left something is, as CSS, in quarters after the first."""
        return f"calc(var(--ks-titles) + (100% - var(--ks-titles)) * {quarters / self.width:.4f})"


def _write_grid(time: _Time, today: date, label: str, rows: str) -> str:
    """Put rows in a grid of quarters: every other year shaded, today and the end of three years marked."""
    marks = _find_marks(time, today)
    look = "ks-gantt ks-dense" if time.width > _ROOMY else "ks-gantt"
    return (
        f'<div class="{look}" role="img" style="--ks-quarters:{time.width}" aria-label="{escape(label)}">'
        f"{_write_ground(time, marks)}{_write_heads(time, marks, 'ks-top')}{rows}</div>"
    )


def _write_heads_again(time: _Time, today: date) -> str:
    """The names of the quarters once more, for paper."""
    return _write_heads(time, _find_marks(time, today), "ks-again")


def _write_row(title: str, bars: str, hint: str = "", *, look: str = "") -> str:
    """Write a title with its bars; a look is a class of `look.css`."""
    name = f'<span class="ks-title">{escape(title)}</span>'
    return f'<div class="{f"ks-row {look}".strip()}" title="{escape(hint)}">{name}{bars}</div>'


def _write_bar(begins: int, ends: int, look: str, text: str) -> str:
    """A bar between two grid lines; nothing where there is no room between them."""
    return f'<i class="ks-bar {look}" style="grid-column:{begins}/{ends}">{text}</i>' if ends > begins else ""


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


# Stands in the bars that decide when the last hard norm is met.
DECIDES = "▸"


def write_gantt(  # noqa: PLR0913 - a plan, and what is marked in it
    measures: pd.DataFrame,
    begin: Quarter,
    quarters: int,
    questionnaire: Questionnaire,
    today: date,
    *,
    chain: pd.DataFrame | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Write the measures of one house, or of several one under the other.

    Measures that cannot slip without moving the end are dark, the others light with an edge, those that are
    done grey; what is busy or done has its sign. The table beside the chart says the same in words.

    Args:
        measures: ROADMAP, as `tables.sort_measures` orders it.
        begin: the first quarter.
        quarters: how many quarters to draw.
        questionnaire: the titles and hand-overs.
        today: marked, unless it lies more than a year before the plan, or after it.
        chain: CHAIN of what decides when the last hard norm is met; marked.
        names: of several houses, by id and in their order; the name stands in the headings.
    """
    time = _Time.of(begin, quarters, today)
    again = _write_heads_again(time, today)
    told = write_reasons(measures, begin, questionnaire)
    decides = set() if chain is None else set(zip(chain["house_id"], chain["measure_id"], strict=True))
    marked = told.assign(
        first=measures["first"].clip(lower=-time.lead),
        decides=[pair in decides for pair in zip(told["house_id"], told["measure_id"], strict=True)],
    )
    rows: list[str] = []
    for house_id in names or measures["house_id"].unique():
        own, whose = of_house(marked, house_id), f"{names[house_id]} · " if names else ""
        rows += _write_hand_overs(own, questionnaire, time, again, whose)
        rows += _write_actors(own, questionnaire, time, again, whose)
    return _write_grid(time, today, "De maatregelen per actor en kwartaal; zie de tabel.", "".join(rows))


def _write_hand_overs(
    measures: pd.DataFrame, questionnaire: Questionnaire, time: _Time, again: str, whose: str
) -> Iterator[str]:
    """Each hand-over as a pair in one row: "het huis neemt over", an arrow, "de politie stopt"."""
    placed = measures.set_index("measure_id")
    taken = {key: questionnaire.measure[key].lets_go_after for key in measures["measure_id"]}
    pairs = [(first, then) for then, first in taken.items() if first and first in placed.index]
    if pairs:
        heading = format_with_capital(f"{whose}overdrachten: wie neemt over, wie stopt daarna")
        yield f'<div class="ks-actor">{escape(heading)}</div>{again}'
    for first, then in pairs:
        ends, begins = int(placed["last"][first]) + 1, int(placed["first"][then])
        bars = (
            _write_bar(time.column(int(placed["first"][first])), time.column(ends), "ks-takes", "")
            + _write_bar(time.column(ends), time.column(begins), "ks-waits", "")
            + _write_bar(time.column(begins), time.column(int(placed["last"][then]) + 1), "ks-stops", "→")
        )
        yield _write_row(f"{questionnaire.measure[first].title} → {questionnaire.measure[then].title}", bars)


def _write_actors(
    measures: pd.DataFrame, questionnaire: Questionnaire, time: _Time, again: str, whose: str
) -> Iterator[str]:
    """A heading per actor, on paper with the quarters again, and under it a row per measure."""
    begin = time.start + time.lead
    previous = None
    for measure in measures.to_dict("records"):
        if measure["actor"] != previous:
            previous = measure["actor"]
            heading = format_with_capital(f"{whose}{Actor(previous).dutch}")
            yield f'<div class="ks-actor">{escape(heading)}</div>{again}'
        title = _sign(measure["status"]) + questionnaire.measure[measure["measure_id"]].title
        hint = f"{measure['actor']}, {_span(measure['first'], measure['last'], begin)}. {measure['why']}"
        decides, ends = bool(measure["decides"]), time.column(measure["last"] + 1)
        bar = _write_bar(time.column(measure["first"]), ends, _find_look(measure), DECIDES * decides)
        slack = f"Speling: {format_counted(measure['slack'], 'kwartaal')}."
        yield _write_row(title, bar, f"{title}. {hint}. {slack}", look="ks-decides" * decides)


def _sign(status: str) -> str:
    """The sign before the title of what is no longer just planned."""
    return "" if Progress(status) is Progress.PLANNED else f"{Progress(status).sign} "


def _find_look(measure: Mapping[Hashable, object]) -> str:
    if measure["status"] == Progress.DONE.value:
        return "ks-done"
    return "ks-slack" if measure["slack"] else "ks-tight"


def _span(first: int, last: int, begin: Quarter) -> str:
    return str(begin + first) if first == last else f"{begin + first} tot en met {begin + last}"


# Stands in the quarter that the plan says.
PLANNED = "■"


def write_estimates(
    estimates: pd.DataFrame, begin: Quarter, questionnaire: Questionnaire, today: date
) -> str:
    """Write the estimates of one house, or of all houses together.

    Args:
        estimates: ESTIMATES, one row per subject.
        begin: the quarter that is 0.
        questionnaire: the titles.
        today: marked, where it is near.
    """
    time = _Time.of(begin, max(HORIZON, int(estimates["at_80"].max()) + 1), today)
    rows = "".join(_write_estimate(row, time, questionnaire) for row in estimates.to_dict("records"))
    label = "Schatting per onderwerp en kwartaal; zie de tabel."
    return _write_grid(time, today, label, _write_heads_again(time, today) + rows)


def _write_estimate(row: Mapping[Hashable, int], time: _Time, questionnaire: Questionnaire) -> str:
    subject = name_subject(str(row["subject"]), questionnaire)
    likely, at_80, planned = (row[name] for name in When._fields)
    band = _write_bar(time.column(likely), time.column(at_80 + 1), "ks-band", "")
    mark = _write_bar(time.column(planned), time.column(planned + 1), "ks-planned", PLANNED)
    begin = time.start + time.lead
    said = When(*(begin + quarter for quarter in (likely, at_80, planned)))
    return _write_row(subject, band + mark, f"{subject}: {said}", look="ks-estimate")


# Stand in the quarter of the present plan, and of the one tried.
NOW, THEN = "■", "□"


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
    time = _Time.of(begin, max(HORIZON, last + 1), today)
    written = _write_heads_again(time, today) + "".join(_write_shift(row, time) for row in rows)
    return _write_grid(time, today, "Het plan nu en het plan dan, per kwartaal; zie de tabel.", written)


def _write_shift(row: Shift, time: _Time) -> str:
    places = [(row.present, NOW), (row.tried, THEN)]
    marks = [
        _write_bar(time.column(quarter), time.column(quarter + 1), "ks-planned", sign)
        for quarter, sign in places
        if quarter not in {NOTHING_LEFT, NEVER}
    ]
    first, last = sorted([row.present, row.tried])
    both = len(marks) == len(places)
    way = _write_bar(time.column(first), time.column(last + 1), "ks-band", "") if both else ""
    return _write_row(row.title, way + "".join(marks), look="ks-estimate")
