"""What is typed in a draft or a plan, checked before it is kept."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from assessment.engine.validation.check import check_rows, find_persons
from assessment.model.answers import Answer
from assessment.model.decisions import FREE_TEXTS, LONGEST, Progress
from assessment.model.draft import Content, DraftDeviation, ThemeShare
from assessment.model.issue import Issue, IssueCode
from assessment.model.plan import Quarter
from assessment.model.questionnaire import Questionnaire
from assessment.model.sheets import (
    DAYS,
    FIELD_HEADINGS,
    BaseRow,
    CellFault,
    FilledPlan,
    Part,
    PlanRow,
    SheetRow,
)
from assessment.model.wording import fold, read_day

_NOT_YET = {IssueCode.MISSING_ROWS, IssueCode.HALF_DEVIATION}
"""Only at handing in: other rows are in the draft, and a deviation may be half as long as it is one."""


class CheckedEdit(NamedTuple):
    """What was written, an option as its letter, and every remark on it."""

    content: Content
    issues: tuple[Issue, ...]


def check_edit(content: Content, questionnaire: Questionnaire) -> CheckedEdit:
    """Check what somebody wrote in a row of a draft.

    An option may be written in any way in which a sheet may; a deviation may still be half.
    """
    match content:
        case ThemeShare():
            return CheckedEdit(content, _check_share(content, questionnaire))
        case DraftDeviation():
            checked = check_rows([_deviation_row(content)], questionnaire)
            read: Content = content
        case Answer():
            checked = check_rows([_answer_row(content)], questionnaire)
            read = checked.answers[0] if checked.answers else content
    return CheckedEdit(read, tuple(issue for issue in checked.issues if issue.code not in _NOT_YET))


def _answer_row(answer: Answer) -> SheetRow:
    texts = {"answer": answer.option_id or "", "explanation": answer.explanation, "evidence": answer.evidence}
    return SheetRow("", 0, Part.QUESTIONS, answer.question_id, _strip(texts))


def _deviation_row(deviation: DraftDeviation) -> SheetRow:
    until = deviation.until.isoformat() if deviation.until else ""
    texts = {"reason": deviation.reason, "agreed_by": deviation.agreed_by, "until": until}
    return SheetRow("", 0, Part.DEVIATIONS, deviation.criterion_id, _strip(texts))


def _check_share(share: ThemeShare, questionnaire: Questionnaire) -> tuple[Issue, ...]:
    if share.theme_id not in {theme.theme_id for theme in questionnaire.themes}:
        return (Issue(IssueCode.UNKNOWN_ROW, "", "", {"key": share.theme_id}),)
    row = SheetRow("", 0, Part.NOTES, share.theme_id, {"taken_by": share.taken_by})
    return tuple(find_persons(row))


def _strip(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts as a sheet gives them: without spaces around."""
    return {field: text.strip() for field, text in texts.items()}


_PROOF = {Progress.DROPPED: "dropped", Progress.DONE: "done", Progress.BUSY: "started"}
"""The field that makes a measure dropped, done or busy, the strongest first."""
_ASKS = {Progress.DROPPED: "de reden", Progress.DONE: "de datum", Progress.BUSY: "de datum"}


class RowChange(NamedTuple):
    """What changed in the row of one measure: the fields of its line, and the version that was written."""

    measure_id: str
    version: int
    changes: Mapping[str, object]


class ReadChanges(NamedTuple):
    """The rows that changed, and what was not understood: place, fault and remedy in one line each."""

    changes: tuple[RowChange, ...]
    faults: tuple[str, ...]


class _RowError(Exception):
    """A cell that was not understood: which field, and why."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.field = field


def find_changes(filled: FilledPlan) -> ReadChanges:
    """Find what changed in each row; a row with faults gives all of them and no change."""
    changes: list[RowChange] = []
    faults: list[str] = []
    times = Counter(row.measure_id for row in filled.rows)
    for row in filled.rows:
        changed, told = _read_row(row, filled, times[row.measure_id])
        faults += dict.fromkeys(f"{row.place(fault.field)}: {fault}" for fault in told)
        changes += [changed] if changed.changes and not told else []
    return ReadChanges(tuple(changes), tuple(faults))


def _read_row(row: PlanRow, filled: FilledPlan, times: int) -> tuple[RowChange, list[_RowError]]:
    """The fields of the line that a row changes, and all that was not understood in it."""
    try:
        base = _find_base(filled, row, times)
    except _RowError as fault:
        return RowChange(row.measure_id, 0, {}), [fault]
    values: dict[str, object] = {}
    faults: list[_RowError] = []
    for read in _list_steps(row, base):
        try:
            values |= read()
        except _RowError as fault:
            faults.append(fault)
    return RowChange(row.measure_id, base.version, values), faults


def _list_steps(row: PlanRow, base: BaseRow) -> Iterator[Callable[[], dict[str, object]]]:
    """What is to be read of a row, a step for all that may have a fault of its own."""
    changed = [field for field in FIELD_HEADINGS if row.texts[field] != base.texts[field]]
    sound = {field for field in changed if field not in row.faults}
    yield from (partial(_refuse_cell, row, field) for field in changed if field in row.faults)
    yield from (partial(_read_day, row, field) for field in DAYS if field in sound)
    yield lambda: {field: row.texts[field] for field in sorted(FREE_TEXTS & sound)}
    if {"status", *_PROOF.values()} & sound:
        yield partial(_refuse_other_status, row)
    if "begin" in sound:
        yield lambda: {"pinned": _read_quarter(row, "begin")}
    if "end" in sound:
        yield lambda: {"quarters": _count_quarters(row)}


def _find_base(filled: FilledPlan, row: PlanRow, times: int) -> BaseRow:
    if row.measure_id not in filled.base:
        raise _RowError(
            "key", f"'{row.measure_id}' is geen maatregel uit dit plan. Haal de regel weg of herstel het nr."
        )
    if times > 1:
        raise _RowError("key", f"{row.measure_id} staat er vaker in. Houd één regel over.")
    return filled.base[row.measure_id]


def _refuse_cell(row: PlanRow, field: str) -> dict[str, object]:
    if row.faults[field] is not CellFault.TWICE:
        raise _RowError(field, "hier staat een formule of een foutmelding. Vul de cel gewoon in.")
    raise _RowError(
        field, f"onder hetzelfde kopje staat tweemaal iets anders: {row.texts[field]}. Houd één kolom over."
    )


def _read_day(row: PlanRow, field: str) -> dict[str, object]:
    text = row.texts[field]
    day = read_day(text)
    if text and day is None:
        raise _RowError(field, f"'{text}' is geen datum. Schrijf de datum als 31-12-2027.")
    return {field: day}


def _count_quarters(row: PlanRow) -> int | None:
    first, last = _read_quarter(row, "begin"), _read_quarter(row, "end")
    if last is None:
        return None
    if first is None:
        raise _RowError("begin", "vul ook een begin in, want er staat een eind.")
    if not 1 <= last - first + 1 <= LONGEST:
        raise _RowError("end", f"van {first} tot en met {last} is geen duur van 1 tot {LONGEST} kwartalen.")
    return last - first + 1


def _read_quarter(row: PlanRow, field: str) -> Quarter | None:
    if not row.texts[field]:
        return None
    try:
        return Quarter.parse(row.texts[field])
    except ValueError as error:
        raise _RowError(field, f"{error}.") from error


def _refuse_other_status(row: PlanRow) -> dict[str, object]:
    """Change nothing, but refuse a status that the dates and the reason in the same row do not bear out."""
    words = {fold(progress.dutch): progress for progress in Progress}
    status = words.get(fold(row.texts["status"]))
    if status is None:
        known = ", ".join(progress.dutch for progress in Progress)
        raise _RowError("status", f"'{row.texts['status']}' is geen status. Kies uit: {known}.")
    proven = next((each for each, field in _PROOF.items() if row.texts[field]), Progress.PLANNED)
    if status is proven:
        return {}
    if status in _PROOF and not row.texts[_PROOF[status]]:
        heading = FIELD_HEADINGS[_PROOF[status]]
        raise _RowError(_PROOF[status], f"{status.dutch} vraagt {_ASKS[status]}. Vul '{heading}' in.")
    heading = FIELD_HEADINGS[_PROOF[proven]]
    raise _RowError(
        "status",
        f"de status is {status.dutch}, maar '{heading}' is ingevuld. Kies {proven.dutch}, of maak dat leeg.",
    )
