"""A grid of quarters in HTML, with the titles before it: what the Gantt and the band of estimates share."""

from datetime import date
from html import escape
from typing import NamedTuple

from assessment.model.plan import HORIZON, Quarter

_EARLIEST = 4
"""How many quarters before the plan today may lie and still get a column of its own."""

_ROOMY = 18
"""So many quarters have room for their names on a phone; more show their years alone there."""


class Time(NamedTuple):
    """The columns: the plan begins `lead` quarters after the first of them."""

    start: Quarter
    lead: int
    width: int

    @classmethod
    def of(cls, begin: Quarter, quarters: int, today: date) -> "Time":
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


def write_grid(time: Time, today: date, label: str, rows: str) -> str:
    """Put rows in a grid of quarters: every other year shaded, today and the end of three years marked."""
    marks = _find_marks(time, today)
    look = "ks-gantt ks-dense" if time.width > _ROOMY else "ks-gantt"
    return (
        f'<div class="{look}" role="img" style="--ks-quarters:{time.width}" aria-label="{escape(label)}">'
        f"{_write_ground(time, marks)}{_write_heads(time, marks, 'ks-top')}{rows}</div>"
    )


def write_heads_again(time: Time, today: date) -> str:
    """The names of the quarters once more, for paper."""
    return _write_heads(time, _find_marks(time, today), "ks-again")


def write_row(title: str, bars: str, hint: str = "", *, look: str = "") -> str:
    """Write a title with its bars; a look is a class of `look.css`."""
    name = f'<span class="ks-title">{escape(title)}</span>'
    return f'<div class="{f"ks-row {look}".strip()}" title="{escape(hint)}">{name}{bars}</div>'


def write_bar(begins: int, ends: int, look: str, text: str) -> str:
    """A bar between two grid lines; nothing where there is no room between them."""
    return f'<i class="ks-bar {look}" style="grid-column:{begins}/{ends}">{text}</i>' if ends > begins else ""


def _write_ground(time: Time, marks: dict[str, float]) -> str:
    """Shade every other year, and draw a line at each mark."""
    years = "".join(
        f'<i class="ks-year" style="grid-column:{place + 2}"></i>'
        for place in range(time.width)
        if (time.start + place).year % 2
    )
    lines = "".join(f'<i class="ks-mark" style="left:{time.share(place)}"></i>' for place in marks.values())
    return f'<div class="ks-years">{years}</div>{lines}'


def _find_marks(time: Time, today: date) -> dict[str, float]:
    """Today, and the horizon where the plan runs past it: how many quarters after the first each lies."""
    month = (today.month - 1) % 3 + (today.day - 1) / 31
    places = {"vandaag": (Quarter.of(today) - time.start) + month / 3}
    if time.width - time.lead > HORIZON:
        places["na drie jaar"] = time.lead + HORIZON
    return {name: place for name, place in places.items() if 0 <= place <= time.width}


def _write_heads(time: Time, marks: dict[str, float], look: str) -> str:
    """Name the quarters, and above them the marks."""
    quarters = [time.start + place for place in range(time.width)]
    heads = "".join(
        f'<b style="grid-column:{place + 2}">K{quarter.number}'
        f"<span>{quarter.year if quarter.number == 1 else ''}</span></b>"
        for place, quarter in enumerate(quarters)
    )
    names = "".join(f'<i style="left:{time.share(place)}">{name}</i>' for name, place in marks.items())
    return f'<div class="ks-row ks-quarters {look}">{heads}{names}</div>'
