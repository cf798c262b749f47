"""Every row of a file in exactly one class, with a remark where something is off; nothing is guessed.

Texts that may say something about a citizen are pointed out, and nothing in them is altered. Source of that:
the elfproef of the burgerservicenummer, https://nl.wikipedia.org/wiki/Burgerservicenummer.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from itertools import chain
from typing import NamedTuple

from assessment.model.answers import Answer, Deviation
from assessment.model.framework import Criterion
from assessment.model.issue import Issue, IssueCode
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.receipt import RowClass, RowOutcome
from assessment.model.scale import Mark
from assessment.model.sheets import (
    ANSWER_HEADINGS,
    ASIDE,
    DEVIATION_HEADINGS,
    KEY_HEADING,
    Attached,
    AttachedKind,
    CellFault,
    Part,
    SheetRow,
)
from assessment.model.wording import fold, read_day, tidy

_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,-])(?:\d{8,9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}[ .]\d{2}[ .]\d{3})(?!\d|[.,-]\d)"
)
_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)31[ -]*(?:\(0\) ?)?[1-9](?:[ -]?\d){8}"
    r"|\(?0[1-9]\d{0,2}\)?[ -]{0,3}\d(?: ?\d){5,8})(?!\d)"
)
_SHOWN = 3
_DIGITS_AT_HOME = 10
_SUSPECT = re.compile(r"@|\d[\d .()-]{6}")
"""What any of them holds; most texts hold neither."""
# Begins only where a run of letters begins: else a long text without an address is searched over and over.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def find_persons(row: SheetRow) -> Iterable[Issue]:
    """Point out what may be a citizen's number, telephone or e-mail address, field by field.

    Only the first letters are repeated: a message must not spread what should not be there.
    """
    if row.part is Part.OWN_TEXT:
        return ()
    if _SUSPECT.search("\n".join((*row.texts.values(), row.aside))) is None:
        return ()
    fields = (*row.texts.items(), (ASIDE, row.aside))
    return [
        Issue(code, row.sheet, row.cell(field), {"given": f"{given[:_SHOWN]}…"})
        for field, text in fields
        for code, given in _find_in(text)
    ]


def find_in_text(text: str) -> tuple[Issue, ...]:
    """Point out the same in one text that stands in no sheet."""
    return tuple(Issue(code, "", "", {"given": f"{given[:_SHOWN]}…"}) for code, given in _find_in(text))


def holds_citizen_number(text: str) -> bool:
    """Whether a text holds what may be a burgerservicenummer."""
    return any(code is IssueCode.CITIZEN_NUMBER for code, _ in _find_in(text))


def _find_in(text: str) -> Iterator[tuple[IssueCode, str]]:
    if "@" in text:
        yield from ((IssueCode.MAIL_ADDRESS, found.group()) for found in _MAIL.finditer(text))
    phones = (found.group() for found in _PHONE.finditer(text))
    yield from ((IssueCode.PHONE_NUMBER, phone) for phone in phones if _is_complete(phone))
    numbers = (found.group() for found in _NUMBER.finditer(text))
    yield from ((IssueCode.CITIZEN_NUMBER, number) for number in numbers if passes_elfproef(number))


def _is_complete(phone: str) -> bool:
    """Whether a number has the ten digits of a Dutch one, or names the country."""
    return phone.startswith(("+", "00")) or sum(map(str.isdigit, phone)) == _DIGITS_AT_HOME


def passes_elfproef(text: str) -> bool:
    """Whether eight or nine digits can be a burgerservicenummer: their weighted sum divides by eleven.

    Nothing but zeros passes the sum and is none.
    """
    digits = [int(letter) for letter in text if letter.isdigit()]
    padded = [0] * (9 - len(digits)) + digits
    total = sum(weight * digit for weight, digit in zip(_WEIGHTS, padded, strict=True))
    return any(padded) and total % 11 == 0


def make_remark(row: SheetRow, code: IssueCode, field: str = "key", **facts: str) -> Issue:
    """Make a remark on one field of a row; `facts` are what its sentence names besides the id of the row."""
    return Issue(code, row.sheet, row.cell(field), {"key": row.key, **facts})


_CLOSE = 0.75
_FAULTS = {
    CellFault.ERROR: IssueCode.ERROR_CELL,
    CellFault.FORMULA: IssueCode.FORMULA_CELL,
    CellFault.MERGED: IssueCode.MERGED_CELL,
    CellFault.TWICE: IssueCode.TWICE_CELL,
}
_OPEN = {Mark.UNKNOWN: RowClass.UNKNOWN, Mark.NOT_APPLICABLE: RowClass.NOT_APPLICABLE}


def read_answer(row: SheetRow, questionnaire: Questionnaire) -> RowOutcome:
    """Read the row of a question that is asked; a choice that is not clear stays empty, with a remark."""
    if questionnaire.question[row.key].is_open:
        return _read_open_text(row)
    faults = find_cell_faults(row) if row.faults else ()
    given = "" if "answer" in row.faults else row.texts["answer"]
    option_id = _find_option(given, questionnaire.option_as_written[row.key])
    answer = Answer(
        question_id=row.key,
        option_id=option_id,
        explanation=_readable(row, "explanation"),
        evidence=_readable(row, "evidence"),
    )
    if given and option_id is None:
        faults = (*faults, _not_an_option(row, questionnaire.question[row.key], given))
    if faults:
        return RowOutcome(row, RowClass.NOT_UNDERSTOOD, faults, answer)
    if option_id is None:
        return RowOutcome(row, RowClass.EMPTY, answer=answer)
    return RowOutcome(row, classify_option(row.key, option_id, questionnaire), answer=answer)


def classify_option(question_id: str, option_id: str, questionnaire: Questionnaire) -> RowClass:
    """The class of a row in which an option was chosen."""
    return _OPEN.get(questionnaire.mark_of[question_id][option_id], RowClass.READ)


def _read_open_text(row: SheetRow) -> RowOutcome:
    """Read what was written at an open question, also where it stands under the heading of the answers."""
    faults = find_cell_faults(row) if row.faults else ()
    texts = dict.fromkeys(filter(None, (_readable(row, "answer"), _readable(row, "explanation"))))
    answer = Answer(row.key, explanation=" ".join(texts), evidence=_readable(row, "evidence"))
    if faults:
        return RowOutcome(row, RowClass.NOT_UNDERSTOOD, faults, answer)
    return RowOutcome(row, RowClass.READ if answer.says_something else RowClass.EMPTY, answer=answer)


def find_cell_faults(row: SheetRow) -> tuple[Issue, ...]:
    """Tell of each field that cannot be read why not."""
    return tuple(
        make_remark(row, _FAULTS[fault], field, given=row.texts[field]) for field, fault in row.faults.items()
    )


_ATTACHED = {AttachedKind.COMMENT: IssueCode.COMMENTS, AttachedKind.LINK: IssueCode.CELL_LINKS}
_CELLS_SHOWN = 20


def describe_attached(attached: Iterable[Attached]) -> Iterator[Issue]:
    """Tell of each sheet where something is attached to cells."""
    cells: dict[tuple[str, AttachedKind], list[str]] = defaultdict(list)
    for each in attached:
        cells[each.sheet, each.kind].append(each.cell)
    for (sheet, kind), places in cells.items():
        more = f" en nog {len(places) - _CELLS_SHOWN}" if len(places) > _CELLS_SHOWN else ""
        yield Issue(_ATTACHED[kind], sheet, "", {"cells": ", ".join(places[:_CELLS_SHOWN]) + more})


def says_something(row: SheetRow) -> bool:
    """Whether anything was filled in, readable or not."""
    return bool(row.faults) or any(row.texts.values())


def _readable(row: SheetRow, field: str) -> str:
    return "" if field in row.faults else row.texts[field]


def _find_option(given: str, as_written: dict[str, str]) -> str | None:
    return as_written.get(tidy(given)) or as_written.get(fold(given))


def _not_an_option(row: SheetRow, question: Question, given: str) -> Issue:
    letters = {option.text: letter for letter, option in question.lettered}
    chosen = _find_close(given, letters)
    facts = {
        "given": given,
        "suggestion": f" Bedoelt u '{chosen}'?" if chosen else "",
        "options": "; ".join(f"'{text}'" for text in letters),
        "chosen": chosen,
        "meant": letters.get(chosen, ""),
    }
    return make_remark(row, IssueCode.UNKNOWN_ANSWER, "answer", **facts)


def _find_close(given: str, texts: Iterable[str]) -> str:
    """The option that is close; none where two are, as naming one would be guessing."""
    folded = {fold(text): text for text in texts}
    close = get_close_matches(fold(given), folded, n=2, cutoff=_CLOSE)
    if not close:
        close = [text for text in folded if fold(given) and text.startswith(fold(given))]
    return folded[close[0]] if len(close) == 1 else ""


def read_deviation(row: SheetRow, criterion: Criterion, today: date | None = None) -> RowOutcome:
    """Read the row of a deviation in which something was filled in; where it is not sound, every fault of it.

    Args:
        row: the row.
        criterion: what it deviates from.
        today: from this day on a deviation that ended is asked about; None where that is not asked.
    """
    if not criterion.kind.may_deviate:
        return RowOutcome(row, RowClass.NOT_UNDERSTOOD, (make_remark(row, IssueCode.NO_DEVIATION),))
    until = read_day(_readable(row, "until"))
    if faults := tuple(_find_faults_of_deviation(row, until)):
        return RowOutcome(row, RowClass.NOT_UNDERSTOOD, faults)
    texts = {field: row.texts[field] for field in ("reason", "agreed_by")}
    deviation = Deviation(criterion_id=row.key, until=until, **texts)
    ended = today is not None and not deviation.in_force(today)
    asked = (make_remark(row, IssueCode.EXPIRED, "until", until=row.texts["until"]),) if ended else ()
    return RowOutcome(row, RowClass.READ, asked, deviation=deviation)


def _find_faults_of_deviation(row: SheetRow, until: date | None) -> Iterator[Issue]:
    yield from find_cell_faults(row)
    missing = [heading for field, heading in DEVIATION_HEADINGS.items() if not row.texts[field]]
    if missing:
        yield make_remark(row, IssueCode.HALF_DEVIATION, missing=" en ".join(missing))
    if until is None and (given := _readable(row, "until")):
        yield make_remark(row, IssueCode.NO_DATE, "until", given=given)


_ID = re.compile(r"[A-Z]{2,5}-\d{1,2}(\.\d{1,2})?")
_SHOWN_KEYS = 4


class Checked(NamedTuple):
    """What a file says once it is checked: what became of each row, and every remark."""

    outcomes: tuple[RowOutcome, ...]
    issues: tuple[Issue, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What was said at each question, also where that is nothing."""
        return tuple(each.answer for each in self.outcomes if each.answer is not None)

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """The agreed deviations that are complete."""
        return tuple(each.deviation for each in self.outcomes if each.deviation is not None)


def check_rows(
    rows: Sequence[SheetRow],
    questionnaire: Questionnaire,
    *,
    find_other_ids: Callable[[], Collection[str]] = tuple,
    changed: Collection[str] = (),
    today: date | None = None,
) -> Checked:
    """Check every row of a file.

    Args:
        rows: all rows that say something, in order.
        questionnaire: what the round asks.
        find_other_ids: gives the ids of questions and criteria in frameworks which the round does not ask;
            only a row with an id that is not asked needs them.
        changed: ids of questions that the round asks otherwise than the file did.
        today: as `read_deviation`.
    """
    checker = _Checker(questionnaire, cache(find_other_ids), frozenset(changed), _find_doubles(rows), today)
    outcomes = tuple(checker.judge(row, place) for place, row in enumerate(rows))
    told = ((*each.issues, *find_persons(each.row)) for each in outcomes)
    missing = _find_missing(rows, questionnaire, changed)
    return Checked(outcomes, (*chain.from_iterable(told), *missing))


class _Checker(NamedTuple):
    questionnaire: Questionnaire
    find_other_ids: Callable[[], Collection[str]]
    changed: frozenset[str]
    doubles: Mapping[int, IssueCode]
    today: date | None

    def judge(self, row: SheetRow, place: int) -> RowOutcome:
        """Put a row in its class."""
        if row.part is Part.OWN_TEXT:
            return RowOutcome(row, RowClass.OWN_TEXT)
        if row.part is Part.NOTES:
            return self._judge_note(row)
        if not row.key:
            return _judge_without_key(row)
        if place in self.doubles:
            return RowOutcome(row, RowClass.DOUBLE, (make_remark(row, self.doubles[place]),))
        return self._judge_question(row) if row.part is Part.QUESTIONS else self._judge_deviation(row)

    def _judge_note(self, row: SheetRow) -> RowOutcome:
        """A question on a sheet that lost its headings is not understood; other own texts are left alone."""
        if row.key not in self.questionnaire.question:
            return RowOutcome(row, RowClass.NOTE)
        headings = " · ".join([KEY_HEADING, *ANSWER_HEADINGS.values()])
        return RowOutcome(
            row, RowClass.NOT_UNDERSTOOD, (make_remark(row, IssueCode.NO_HEADINGS, headings=headings),)
        )

    def _judge_question(self, row: SheetRow) -> RowOutcome:
        if row.key in self.changed:
            return RowOutcome(row, RowClass.OUTSIDE_ROUND, (make_remark(row, IssueCode.CHANGED_QUESTION),))
        if row.key in self.questionnaire.question:
            return read_answer(row, self.questionnaire)
        if row.key in self.questionnaire.criterion:
            return _judge_heading(row, IssueCode.AT_CRITERION)
        return self._judge_stranger(row)

    def _judge_deviation(self, row: SheetRow) -> RowOutcome:
        criterion = self.questionnaire.criterion.get(row.key)
        if criterion is None:
            return self._judge_stranger(row)
        if not says_something(row):
            return RowOutcome(row, RowClass.EMPTY)
        return read_deviation(row, criterion, self.today)

    def _judge_stranger(self, row: SheetRow) -> RowOutcome:
        """A row with an id that the round does not ask."""
        if row.key in self.find_other_ids():
            return RowOutcome(row, RowClass.OUTSIDE_ROUND, (make_remark(row, IssueCode.OUTSIDE_ROUND),))
        if not _ID.fullmatch(row.key) and not says_something(row):
            return RowOutcome(row, RowClass.NOTE)
        return RowOutcome(row, RowClass.UNKNOWN_ID, (make_remark(row, IssueCode.UNKNOWN_ROW),))


def _judge_without_key(row: SheetRow) -> RowOutcome:
    if says_something(row):
        return _judge_heading(row, IssueCode.NO_KEY)
    return RowOutcome(row, RowClass.NOTE)


def _judge_heading(row: SheetRow, code: IssueCode) -> RowOutcome:
    """A row that asks nothing: our own text, unless somebody filled something in."""
    given = [(field, text) for field, text in row.texts.items() if text or field in row.faults]
    if not given:
        return RowOutcome(row, RowClass.OWN_TEXT)
    return RowOutcome(
        row,
        RowClass.NOT_UNDERSTOOD,
        tuple(make_remark(row, code, field, given=text) for field, text in given),
    )


def _find_doubles(rows: Sequence[SheetRow]) -> dict[int, IssueCode]:
    """Tell of each row that repeats another whether it says something else or adds nothing.

    Of rows that say the same, or nothing, the first that says most is read.

    Returns:
        The code by the place of the row.
    """
    same_id: dict[tuple[Part, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.key and row.part in {Part.QUESTIONS, Part.DEVIATIONS}:
            same_id[row.part, row.key].append(place)
    return dict(found for places in same_id.values() if len(places) > 1 for found in _compare(rows, places))


def _compare(rows: Sequence[SheetRow], places: Sequence[int]) -> Iterator[tuple[int, IssueCode]]:
    saying = [place for place in places if says_something(rows[place])]
    said = {(*rows[place].texts.items(), *rows[place].faults.items()) for place in saying}
    if len(said) > 1:
        yield from ((place, IssueCode.DOUBLE_ROW) for place in places)
    else:
        kept = (saying or places)[0]
        yield from ((place, IssueCode.SAME_ROW_AGAIN) for place in places if place != kept)


def _find_missing(
    rows: Iterable[SheetRow], questionnaire: Questionnaire, changed: Collection[str]
) -> Iterator[Issue]:
    """Name the questions that the file does not hold, a line per theme."""
    there = {row.key for row in rows} | set(changed)
    by_theme: dict[str, list[str]] = defaultdict(list)
    for question in questionnaire.questions:
        if question.question_id not in there:
            by_theme[questionnaire.theme_of[question.criterion_id].theme_id].append(question.question_id)
    for theme, keys in by_theme.items():
        shown = ", ".join(keys[:_SHOWN_KEYS]) + (" …" if len(keys) > _SHOWN_KEYS else "")
        facts = {"count": str(len(keys)), "theme": theme, "keys": shown}
        yield Issue(IssueCode.MISSING_ROWS, "", "", facts)
