"""The row of an agreed deviation: complete, empty, or what it lacks."""

from contextlib import suppress
from datetime import date, datetime

from assessment.engine.validation.answers import find_cell_faults
from assessment.engine.validation.remarks import tell
from assessment.model.answers import Deviation
from assessment.model.framework import Criterion
from assessment.model.issue import Issue, IssueCode
from assessment.model.sheets import DEVIATION_HEADINGS, SheetRow

_DATE_SHAPES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")


def read_deviation(row: SheetRow, criterion: Criterion) -> Deviation | tuple[Issue, ...]:
    """Read the row of a deviation in which something was filled in; issues where it is not sound."""
    if faults := find_cell_faults(row):
        return faults
    if not criterion.kind.may_deviate:
        return (tell(row, IssueCode.NO_DEVIATION),)
    missing = [heading for field, heading in DEVIATION_HEADINGS.items() if not row.texts[field]]
    if missing:
        return (tell(row, IssueCode.HALF_DEVIATION, missing=" en ".join(missing)),)
    until = _read_date(row.texts["until"])
    if until is None:
        return (tell(row, IssueCode.NO_DATE, "until", given=row.texts["until"]),)
    texts = {field: row.texts[field] for field in ("reason", "agreed_by")}
    return Deviation(criterion_id=row.key, until=until, **texts)


def _read_date(text: str) -> date | None:
    for shape in _DATE_SHAPES:
        with suppress(ValueError):
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no time zone
    return None
