"""A document that leaves the house: what its reader sees, in order. Every kind of file prints just this.

Every text is ready to be read; beside it stands only what a format draws with. So no figure can differ
between two kinds of file.
"""

from dataclasses import dataclass
from datetime import datetime

from assessment.model.scale import Verdict


@dataclass(frozen=True)
class Cell:
    """A cell of a table: a text, on the next line what is told more quietly, and a verdict in its colour.

    `said` is what stands beside the sign of the verdict.
    """

    text: str
    quiet: str = ""
    verdict: Verdict | None = None
    said: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under headings, below a title where there are several tables.

    `widths` are shares of the width, `figures` the columns that stand on the right; `told` says what the
    table is, for who does not see it. Rows are `tall` where somebody is to write in them.
    """

    told: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    figures: tuple[int, ...] = ()
    tall: bool = False


@dataclass(frozen=True)
class Answer:
    """One answer of the first page: a label, the answer in large, what stands beside and under it.

    `low` and `high` are the ends of a bar in [0, 1], none where nothing is drawn; `verdicts` a row of signs.
    """

    label: str
    figure: str
    beside: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True)
class Bar:
    """A measure in a Gantt; `first` and `last` count its quarters from 0, `deep` is in the dark colour."""

    title: str
    when: str
    first: int
    last: int
    deep: bool = False
    sign: str = ""
    note: str = ""


@dataclass(frozen=True)
class Lane:
    """The bars of one actor."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Gantt:
    """Lanes of bars under quarters; `now` is the place of the present quarter, None where it is not drawn."""

    told: str
    quarters: tuple[str, ...]
    now: int | None
    lanes: tuple[Lane, ...]


@dataclass(frozen=True)
class Curve:
    """How many of `of` houses have come where they are to come, after each quarter: `planned` and `sure`.

    `years` is the place of the last quarter of three years, None where it is not shown; `told` says what the
    curve shows, for who does not see it.
    """

    told: str
    quarters: tuple[str, ...]
    planned: tuple[int, ...]
    sure: tuple[int, ...]
    of: int
    years: int | None


@dataclass(frozen=True)
class Part:
    """A part of a document: its title says the finding; what it does not have is empty.

    `first` begins a new page; one that is `joined` stands whole on a page where the part before it, or
    its end, stands too.
    """

    title: str
    lead: str = ""
    answers: tuple[Answer, ...] = ()
    gantt: Gantt | None = None
    curve: Curve | None = None
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    first: bool = False
    joined: bool = False


@dataclass(frozen=True)
class Document:
    """All of a document: what it is of whom, and its parts; `moment` is when it was made.

    What is to stand on one page gets letters down to the share `smallest`, if that is enough; in Word, where
    nothing measures what fits, its letters are the share `in_word`. What is to stand on two has less room
    beside it: it is `narrow`.
    """

    kind: str
    title: str
    of: str
    notice: str
    parts: tuple[Part, ...]
    moment: datetime
    smallest: float = 1.0
    in_word: float = 1.0
    narrow: bool = False

    @property
    def name(self) -> str:
        """What it is called in a list of files."""
        return f"{self.kind} {self.title}"


def name_file(what: str, round_id: str, whose: str = "") -> str:
    """What to call a file that leaves, without what tells its kind: what it is, of which round, of whom."""
    return "_".join(filter(None, [what, round_id, whose]))
