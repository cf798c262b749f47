"""The shape that the progress of a plan has as a sheet: what the writer writes and the reader looks for.

A row is found by its measure and a field by its heading, never by position. A hidden sheet keeps what was
written, so that a change is what somebody changed, whatever became of the plan meanwhile.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from assessment.model.plan import Quarter
from assessment.model.plan_line import PlanLine
from assessment.model.sheet import KEY_HEADING

PROGRESS_SHEET = "Voortgang"
BASE_SHEET = "kaderscan"
"""Hidden: for which plan the file was made, and what each row said."""
BASE_KEY = "regel"
"""In the first column of the hidden sheet, before a row as it was written."""
FORMAT = "1"

FIELD_HEADINGS: Mapping[str, str] = {
    "status": "Status",
    "begin": "Begin",
    "end": "Eind",
    "owner": "Wie",
    "due": "Afspraak voor",
    "started": "Begonnen op",
    "done": "Gereed op",
    "dropped": "Reden van vervallen",
    "remark": "Opmerking",
}
"""The fields that people change in the sheet, with the heading of each."""
TOLD_HEADINGS = ("Maatregel", "Aan zet")
"""What stands there to read only."""
HEADINGS = (KEY_HEADING, *TOLD_HEADINGS, *FIELD_HEADINGS.values())
DAYS = ("due", "started", "done")
Texts: TypeAlias = Mapping[str, str]


class PlanPassport(NamedTuple):
    """For which plan a file was made; a text is empty where the file does not say."""

    format: str = ""
    house_id: str = ""
    round_id: str = ""
    perspective: str = ""
    frameworks: str = ""
    sha256: str = ""
    baseline: str = ""
    """The number of the plan that was adopted last when the file was made; 0 where none was."""


PASSPORT_FIELDS = frozenset(PlanPassport._fields)


class BaseRow(NamedTuple):
    """A row as it was written: the version of its line, and the text in each field."""

    version: int
    texts: Texts


class PlanRow(NamedTuple):
    """A row as it came back: where it stands, which measure it is about, and the text in each field.

    `faults` names the fields that cannot be read, `columns` the letter of the column of each field.
    """

    sheet: str
    number: int
    measure_id: str
    texts: Texts
    columns: Texts
    faults: tuple[str, ...] = ()

    def place(self, field: str) -> str:
        """Where a field stands, for a message."""
        return f"Blad {self.sheet}, cel {self.columns.get(field, 'A')}{self.number}"


class FilledPlan(NamedTuple):
    """All that a file says: for which plan, each row as it was written and as it came back, and own notes."""

    passport: PlanPassport
    base: Mapping[str, BaseRow]
    rows: tuple[PlanRow, ...]
    notes: tuple[str, ...]


def describe_line(line: PlanLine, first: Quarter | None, last: Quarter | None) -> dict[str, str]:
    """What stands in each field of a row; days as 2027-12-31.

    Args:
        line: what was decided.
        first: the first quarter in the plan; None where the measure is not in it.
        last: its last quarter.
    """
    days = {name: getattr(line, name) for name in DAYS}
    texts = {
        "status": line.progress.dutch,
        "begin": "" if first is None else str(first),
        "end": "" if last is None else str(last),
        "owner": line.owner,
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "dropped": line.dropped,
        "remark": line.remark,
    }
    return {field: " ".join(texts[field].split()) for field in FIELD_HEADINGS}
