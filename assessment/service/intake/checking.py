"""What is done with one file in a process of its own: read it, find what its round asks, check every row."""

from collections import Counter
from typing import NamedTuple

from assessment.engine.validation import Checked, check_rows
from assessment.model.answers import Answer, Deviation
from assessment.model.issue import Issue
from assessment.model.receipt import RowClass
from assessment.model.register import Register
from assessment.model.sheet import Part, Passport
from assessment.readers.library import Library
from assessment.readers.workbook import read_workbook
from assessment.service.intake.passport import (
    complete_passport,
    find_changed,
    find_made_for,
    find_perspective,
    find_round_of,
    tell_version,
)


class Asked(NamedTuple):
    """What a file is checked against; it goes to another process with every file, so the houses stay out."""

    library: Library
    rounds: Register
    given: Passport


class LookedThrough(NamedTuple):
    """A file with everything that became of its rows, for whom it is, and how many questions are asked."""

    passport: Passport
    asked: int
    checked: Checked


class CheckedFile(NamedTuple):
    """What is kept of a file that was checked: rows are counted, as `Receipt.counts`, not listed."""

    passport: Passport
    asked: int
    answers: tuple[Answer, ...]
    deviations: tuple[Deviation, ...]
    counts: Counter[tuple[Part, RowClass]]
    issues: tuple[Issue, ...]


def leave_houses_out(register: Register) -> Register:
    """Keep of a register only what the rounds ask."""
    return Register(rounds=tuple(each.model_copy(update={"house_ids": ()}) for each in register.rounds))


def check_content(content: bytes, file_name: str, asked: Asked) -> CheckedFile:
    """Read a filled questionnaire and check every row against what its round asks.

    Raises:
        UserError: as `look_through`.
    """
    passport, count, checked = look_through(content, file_name, asked)
    return CheckedFile(
        passport,
        count,
        tuple(answer for answer in checked.answers if answer.says_something),
        checked.deviations,
        Counter((each.row.part, each.row_class) for each in checked.outcomes),
        checked.issues,
    )


def look_through(content: bytes, file_name: str, asked: Asked) -> LookedThrough:
    """Read a filled questionnaire and tell of each row what became of it.

    Raises:
        NotAWorkbookError, UnsafeFileError: the file cannot be read.
        UnknownHouseError, UnknownRoundError: it does not say for whom, or the round is not there.
        OtherVersionError: it was made for versions that are not known here.
    """
    filled = read_workbook(content, file_name)
    passport = complete_passport(filled.passport, asked.given, file_name)
    own_round = find_round_of(asked.rounds, passport, file_name)
    find_perspective(own_round, passport, file_name)
    questionnaire = asked.library.questionnaire_of(own_round)
    made_for = find_made_for(asked.library, own_round, passport, file_name)
    changed = find_changed(made_for, questionnaire)
    checked = check_rows(
        filled.rows, questionnaire, find_other_ids=asked.library.published_ids, changed=changed
    )
    versions = tell_version(passport, made_for, questionnaire, changed)
    issues = (*filled.notices, *versions, *checked.issues)
    return LookedThrough(passport, len(questionnaire.questions), checked._replace(issues=issues))
