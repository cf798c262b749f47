"""What a process of its own does with one file: read it, find what its round asks, check every row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assessment.engine.validation import Checked, check_rows
from assessment.model.answers import Answer, Deviation
from assessment.model.issue import PERSONAL, Issue
from assessment.model.receipt import ReadRow, RowOutcome
from assessment.model.register import Register
from assessment.model.sheets import Passport
from assessment.readers.library import Library
from assessment.readers.workbook import read_workbook
from assessment.service.file_identity import (
    complete_passport,
    describe_version,
    find_changed,
    find_made_for,
    find_perspective,
    find_round_of,
)


class CheckedAgainst(NamedTuple):
    """What a file is checked against; it goes to another process with every file, so the houses stay out."""

    library: Library
    rounds: Register
    given: Passport


class CheckedFile(NamedTuple):
    """All that is known of a file once it is read: it is shown, handed in and marked from this.

    `asked` is how many questions the round asks.
    """

    passport: Passport
    asked: int
    answers: tuple[Answer, ...]
    deviations: tuple[Deviation, ...]
    issues: tuple[Issue, ...]
    rows: tuple[ReadRow, ...]


def leave_houses_out(register: Register) -> Register:
    """Keep of a register only what the rounds ask."""
    return Register(rounds=tuple(each.model_copy(update={"house_ids": ()}) for each in register.rounds))


def read_file(content: bytes, file_name: str, against: CheckedAgainst) -> CheckedFile:
    """Read a filled questionnaire and check every row against what its round asks.

    Raises:
        NotAWorkbookError, UnsafeFileError: the file cannot be read.
        UnknownHouseError, UnknownRoundError: it does not say for whom, or the round is not there.
        OtherVersionError: it was made for versions that are not known here.
    """
    filled = read_workbook(content, file_name)
    passport = complete_passport(filled.passport, against.given, file_name)
    round_ = find_round_of(against.rounds, passport, file_name)
    find_perspective(round_, passport, file_name)
    questionnaire = against.library.questionnaire_of(round_)
    made_for = find_made_for(against.library, round_, passport, file_name)
    changed = find_changed(made_for, questionnaire)
    checked = check_rows(
        filled.rows, questionnaire, find_other_ids=against.library.published_ids, changed=changed
    )
    versions = describe_version(passport, made_for, questionnaire, changed)
    issues = (*filled.notices, *versions, *checked.issues)
    return _sum_up(passport, len(questionnaire.questions), checked._replace(issues=issues))


def _sum_up(passport: Passport, asked: int, checked: Checked) -> CheckedFile:
    return CheckedFile(
        passport,
        asked,
        tuple(answer for answer in checked.answers if answer.says_something),
        checked.deviations,
        checked.issues,
        tuple(_list_rows(checked)),
    )


def _list_rows(checked: Checked) -> Iterator[ReadRow]:
    """Every row as a receipt lists it."""
    remarks: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in checked.issues:
        if issue.cell:
            remarks[issue.sheet, issue.row].append(issue)
    for each in checked.outcomes:
        yield _list_row(each, remarks.get((each.row.sheet, str(each.row.number)), ()))


def _list_row(outcome: RowOutcome, issues: Iterable[Issue]) -> ReadRow:
    row = outcome.row
    said = " · ".join(filter(None, [*row.texts.values(), row.aside]))
    if any(issue.code in PERSONAL for issue in issues):
        said = "(niet herhaald; zie de cel)"
    remarks = tuple(issue.sentence for issue in issues)
    return ReadRow(row.sheet, row.number, row.part, row.key, said, outcome.row_class, remarks)
