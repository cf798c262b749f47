"""The questionnaire to fill in: as a workbook with a sheet per theme, drop-downs and progress, or as CSV.

The CSV is for a house that has no spreadsheet program or fills it in by a script: above the questions stands
for whom it is, below them the criteria that may be met otherwise.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from io import BytesIO, StringIO
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from assessment.model.answers import Answer, Deviation
from assessment.model.draft import DraftDeviation
from assessment.model.formula_sheet import FORMULA_SHEET, list_base
from assessment.model.framework import Criterion, Theme
from assessment.model.question import Question
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Perspective
from assessment.model.sheets import (
    ANSWER_HEADINGS,
    DEVIATION_HEADINGS,
    DEVIATION_SHEET,
    EARLIER_HEADING,
    IDENTITY_SHEET,
    INTRODUCTION_SHEET,
    KEY_HEADING,
    OPTIONS_SHEET,
    WRITE_HERE,
    Earlier,
    Form,
    write_harmless,
)
from assessment.tables.formats import format_part
from assessment.tables.frameworks import list_demands
from assessment.tables.versions import format_earlier
from assessment.writers.formula_sheet import write_formula_sheet
from assessment.writers.workbook_styles import SAFE_OPTIONS, Styles, hide, put, row_height, set_up_page

# Where the criteria begin on the sheet of a theme, counted from 0.
_FIRST_ROW = 3

# As wide as still prints at 8 points on A4.
_THEME_COLUMNS = {KEY_HEADING: 9, "Vraag": 36, "Keuzes": 32, "Antwoord": 26, "Toelichting": 27, "Bewijs": 18}
_BESIDE_EARLIER = dict(zip((*_THEME_COLUMNS, EARLIER_HEADING), (9, 31, 28, 20, 23, 14, 22), strict=True))
_DEVIATION_COLUMNS = {KEY_HEADING: 9, "Criterium": 40, "Reden": 54, "Akkoord van": 30, "Tot en met": 16}
_QUESTION_STYLES = ("cell", "cell", "quiet_cell", "entry", "entry", "entry")
_OPEN_STYLES = ("cell", "cell", "quiet_cell", "quiet_cell", "entry", "entry")
_ANSWER_COLUMN, _EXPLANATION_COLUMN = 3, 4
_HEADING_ROW = _FIRST_ROW - 1


def write_questionnaire(
    form: Form, answers: Iterable[Answer] = (), deviations: Iterable[Deviation | DraftDeviation] = ()
) -> bytes:
    """Write the workbook of a form, empty or with what is already known filled in.

    Returns:
        The bytes of an .xlsx file; the same form and answers give the same bytes.
    """
    given = {answer.question_id: answer for answer in answers}
    stream = BytesIO()
    with Workbook(stream, SAFE_OPTIONS) as book:
        styles = Styles(book)
        book.set_properties(
            {
                "title": f"{form.texts.title} {form.house.title}",
                "subject": form.round.title,
                "created": datetime.combine(form.round.opens, time()),
            }
        )
        introduction = book.add_worksheet(INTRODUCTION_SHEET)
        sheets = {theme.theme_id: book.add_worksheet(theme.theme_id) for theme in form.questionnaire.themes}
        _write_deviations(book.add_worksheet(DEVIATION_SHEET), styles, form, deviations)
        if form.formulas:
            write_formula_sheet(book.add_worksheet(FORMULA_SHEET), styles, form.formulas)
        _write_identity(book.add_worksheet(IDENTITY_SHEET), form)
        lists = _write_options(book, form.questionnaire)
        filled = _Filled(form.perspective, given, lists, form.earlier)
        for theme in form.questionnaire.themes:
            _write_theme(sheets[theme.theme_id], styles, theme, filled)
        _write_introduction(introduction, styles, form, given)
    return stream.getvalue()


class _Filled(NamedTuple):
    """Who fills in, what is known already, the list of options of each question, and what was said before."""

    perspective: Perspective
    given: Mapping[str, Answer]
    lists: Mapping[str, str]
    earlier: Earlier | None = None

    @property
    def columns(self) -> dict[str, int]:
        """The headings of the sheet of a theme, each with its width."""
        return _BESIDE_EARLIER if self.earlier else _THEME_COLUMNS

    def answer_to(self, question: Question) -> Answer:
        """What is known of a question."""
        return self.given.get(question.question_id, Answer(question_id=question.question_id))


def _write_theme(sheet: Worksheet, styles: Styles, theme: Theme, filled: _Filled) -> None:
    _set_up_entry_sheet(sheet, styles, filled.columns, theme.title, "")
    asked, answered = _count_answered(theme, filled.given)
    sheet.write_formula(
        1,
        0,
        f'={_progress_formula(theme)}&" van {asked} vragen beantwoord"',
        styles["quiet"],
        f"{format_part(answered, asked, 'vraag')} beantwoord",
    )
    row = _FIRST_ROW
    for criterion in theme.criteria:
        _write_criterion(sheet, styles, row, criterion, filled)
        for question in criterion.questions:
            row += 1
            _write_question(sheet, styles, row, question, filled)
        row += 1


def _set_up_entry_sheet(
    sheet: Worksheet, styles: Styles, columns: Mapping[str, int], title: str, subtitle: str
) -> None:
    for column, (heading, width) in enumerate(columns.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADING_ROW, column, heading, styles["heading"])
    last = len(columns) - 1
    sheet.merge_range(0, 0, 0, last, title, styles["title"])
    sheet.merge_range(1, 0, 1, last, subtitle, styles["quiet"])
    sheet.set_row(1, row_height((subtitle, sum(columns.values()))))
    sheet.set_row(0, 32)
    sheet.set_row(_HEADING_ROW, 20)
    set_up_page(sheet, columns.values(), first_rows=_FIRST_ROW)
    sheet.protect(options={"format_rows": True, "format_columns": True})


def _write_criterion(
    sheet: Worksheet, styles: Styles, row: int, criterion: Criterion, filled: _Filled
) -> None:
    _, *widths = filled.columns.values()
    title = f"{criterion.title} ({criterion.kind.dutch})"
    rest = "\n".join(f"{name}: {text}" for name, text in list_demands(criterion).items())
    sheet.write_string(row, 0, criterion.criterion_id, styles["criterion"])
    sheet.merge_range(row, 1, row, len(widths), "", styles["criterion"])
    sheet.write_rich_string(
        row, 1, styles["strong"], title, styles["plain"], f"\n{rest}", styles["criterion"]
    )
    sheet.set_row(row, row_height((f"{title}\n{rest}", sum(widths))))


def _write_question(sheet: Worksheet, styles: Styles, row: int, question: Question, filled: _Filled) -> None:
    answer = filled.answer_to(question)
    options = "\n".join(f"{letter}  {option.text}" for letter, option in question.lettered) or WRITE_HERE
    chosen = dict(question.lettered)[answer.option_id].text if answer.option_id else ""
    asked = _describe_question(question, filled.perspective)
    texts = [question.question_id, asked, options, chosen, answer.explanation, answer.evidence]
    look: tuple[str, ...] = _OPEN_STYLES if question.is_open else _QUESTION_STYLES
    if filled.earlier:
        texts, look = [*texts, format_earlier(question, filled.earlier)], (*look, "quiet_cell")
    for column, (content, style) in enumerate(zip(texts, look, strict=True)):
        put(sheet, row, column, content, styles[style])
    sheet.set_row(row, row_height(*zip(texts, filled.columns.values(), strict=True)))
    _guide_entry(sheet, styles, row, question, filled.lists)


def _guide_entry(
    sheet: Worksheet, styles: Styles, row: int, question: Question, lists: Mapping[str, str]
) -> None:
    """Colour the cell to fill in while it is empty, and let an answer be picked from its list."""
    column = _EXPLANATION_COLUMN if question.is_open else _ANSWER_COLUMN
    sheet.conditional_format(row, column, row, column, {"type": "blanks", "format": styles["empty"]})
    if not question.is_open:
        sheet.data_validation(row, column, row, column, _pick_from(lists, question))


def _describe_question(question: Question, perspective: Perspective) -> str:
    proposal = f"Voorstel: {question.proposal}" if question.proposal else None
    return "\n".join(filter(None, [question.text_as_asked(perspective), question.help, proposal]))


def _write_deviations(
    sheet: Worksheet, styles: Styles, form: Form, deviations: Iterable[Deviation | DraftDeviation]
) -> None:
    agreed = {deviation.criterion_id: deviation for deviation in deviations}
    _set_up_entry_sheet(sheet, styles, _DEVIATION_COLUMNS, DEVIATION_SHEET, form.texts.deviation)
    allowed = [criterion for criterion in form.questionnaire.criteria if criterion.kind.may_deviate]
    for row, criterion in enumerate(allowed, _FIRST_ROW):
        deviation = agreed.get(criterion.criterion_id)
        put(sheet, row, 0, criterion.criterion_id, styles["cell"])
        put(sheet, row, 1, criterion.title, styles["cell"])
        put(sheet, row, 2, deviation.reason if deviation else "", styles["entry"])
        put(sheet, row, 3, deviation.agreed_by if deviation else "", styles["entry"])
        if deviation and deviation.until:
            sheet.write_datetime(row, 4, datetime.combine(deviation.until, time()), styles["date_entry"])
        else:
            sheet.write_blank(row, 4, None, styles["date_entry"])
        texts = ("", criterion.title, *((deviation.reason, deviation.agreed_by) if deviation else ()))
        sheet.set_row(row, row_height(*zip(texts, _DEVIATION_COLUMNS.values(), strict=False)))
    for column, field in enumerate(DEVIATION_HEADINGS, 2):
        hint = {"validate": "any", "input_title": DEVIATION_HEADINGS[field]}
        hint["input_message"] = form.texts.deviation_columns[field]
        sheet.data_validation(_FIRST_ROW, column, _HEADING_ROW + len(allowed), column, hint)


def _write_identity(sheet: Worksheet, form: Form) -> None:
    base = list_base(form.formulas) if form.formulas else ()
    hide(sheet, [*map(list, form.identity.items()), *base])


def _write_options(book: Workbook, questionnaire: Questionnaire) -> dict[str, str]:
    """Write each different list of options once, as a named list, and tell which question uses which."""
    sheet = book.add_worksheet(OPTIONS_SHEET)
    sheet.very_hidden()
    sheet.protect()
    names: dict[tuple[str, ...], str] = {}
    for question in questionnaire.choices:
        texts = tuple(option.text for option in question.options)
        if texts not in names:
            column, names[texts] = len(names), f"keuzes_{len(names) + 1}"
            sheet.write_column(0, column, texts)
            letter = xl_col_to_name(column)
            book.define_name(names[texts], f"='{OPTIONS_SHEET}'!${letter}$1:${letter}${len(texts)}")
    return {q.question_id: names[tuple(o.text for o in q.options)] for q in questionnaire.choices}


def _pick_from(lists: Mapping[str, str], question: Question) -> dict[str, object]:
    return {
        "validate": "list",
        "source": f"={lists[question.question_id]}",
        "error_title": "Kies uit de lijst",
        "error_message": f"Dit is geen keuze bij {question.question_id}. Kies een antwoord uit de lijst.",
    }


_INTRODUCTION_COLUMNS = (9, 56, 15, 15, 15)


def _write_introduction(sheet: Worksheet, styles: Styles, form: Form, given: Mapping[str, Answer]) -> None:
    """Write the first sheet: how it works, how far the house is, where the questions come from."""
    for column, width in enumerate(_INTRODUCTION_COLUMNS):
        sheet.set_column(column, column, width)
    set_up_page(sheet)
    sheet.protect()
    page = _Page(sheet, styles)
    page.write(f"{form.texts.title} {form.house.title}", "title", height=32)
    page.write(f"{form.round.title} · ingevuld door {form.perspective.dutch}", "quiet")
    if form.house.invented:
        page.write(form.texts.invented, "notice")
    page.write("Zo werkt het", "section", height=28)
    for number, step in enumerate(form.texts.steps, 1):
        page.write(f"{number}.  {step}", "text")
    page.write("Goed om te weten", "section", height=28)
    for promise in form.texts.promises:
        page.write(f"–  {promise}", "text")
    _write_progress(page, form.questionnaire, given)
    page.write("Waar de vragen vandaan komen", "section", height=28)
    for framework in form.questionnaire.frameworks:
        page.write(f"{framework.title}. {framework.introduction} {framework.proposals}", "text")
    page.write("Woorden", "section", height=28)
    for word, meaning in form.texts.words.items():
        page.write(f"{word}: {meaning}.", "text")


class _Page:
    """Writes lines over the whole width of a sheet, one under the other."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, 0

    def write(self, text: str, style: str, *, height: float | None = None) -> None:
        last = len(_INTRODUCTION_COLUMNS) - 1
        self.sheet.merge_range(self.row, 0, self.row, last, text, self.styles[style])
        wanted = height or row_height((text, sum(_INTRODUCTION_COLUMNS)))
        self.sheet.set_row(self.row, wanted)
        self.row += 1


def _write_progress(page: _Page, questionnaire: Questionnaire, given: Mapping[str, Answer]) -> None:
    page.write("Hoe ver bent u?", "section", height=28)
    sheet, styles = page.sheet, page.styles
    sheet.write_row(page.row, 0, ["Blad", "Thema", "Vragen", "Beantwoord", "Nog open"], styles["heading"])
    first = page.row + 1
    for row, theme in enumerate(questionnaire.themes, first):
        asked, answered = _count_answered(theme, given)
        sheet.write_url(
            row, 0, f"internal:'{theme.theme_id}'!D{_FIRST_ROW + 2}", styles["link"], theme.theme_id
        )
        sheet.write_string(row, 1, theme.title, styles["cell"])
        sheet.write_number(row, 2, asked, styles["number"])
        sheet.write_formula(row, 3, f"={_progress_formula(theme)}", styles["number"], answered)
        sheet.write_formula(row, 4, f"=C{row + 1}-D{row + 1}", styles["number"], asked - answered)
    page.row = first + len(questionnaire.themes)
    counts = [_count_answered(theme, given) for theme in questionnaire.themes]
    totals = [sum(asked for asked, _ in counts), sum(answered for _, answered in counts)]
    sheet.write_row(page.row, 0, ["", "Alles samen"], styles["criterion"])
    for column, (letter, total) in enumerate(zip("CDE", [*totals, totals[0] - totals[1]], strict=True), 2):
        formula = f"=SUM({letter}{first + 1}:{letter}{page.row})"
        sheet.write_formula(page.row, column, formula, styles["number"], total)
    page.row += 1


def _count_answered(theme: Theme, given: Mapping[str, Answer]) -> tuple[int, int]:
    """How many questions with options a theme has, and how many of them are answered."""
    questions = [q for criterion in theme.criteria for q in criterion.questions if not q.is_open]
    return len(questions), sum(
        q.question_id in given and bool(given[q.question_id].option_id) for q in questions
    )


def _progress_formula(theme: Theme) -> str:
    """The formula that counts the answers on the sheet of a theme."""
    rows = sum(1 + len(criterion.questions) for criterion in theme.criteria)
    return f"COUNTA('{theme.theme_id}'!$D${_FIRST_ROW + 1}:$D${_FIRST_ROW + rows})"


def write_questionnaire_csv(form: Form) -> bytes:
    """Write an empty questionnaire as CSV: UTF-8 with a mark, semicolons, as Dutch Excel opens it."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerows([write_harmless(text) for text in row] for row in _list_csv_rows(form))
    return stream.getvalue().encode("utf-8-sig")


def _list_csv_rows(form: Form) -> Iterator[list[str]]:
    yield from ([name, value] for name, value in form.identity.items())
    yield []
    more = [EARLIER_HEADING] if form.earlier else []
    yield [KEY_HEADING, "Vraag", "Keuzes", *ANSWER_HEADINGS.values(), *more]
    for question in form.questionnaire.questions:
        said = [format_earlier(question, form.earlier)] if form.earlier else []
        yield [*_list_question(question, form.perspective), *said]
    yield []
    yield [KEY_HEADING, "Criterium", *DEVIATION_HEADINGS.values()]
    allowed = (each for each in form.questionnaire.criteria if each.kind.may_deviate)
    yield from ([criterion.criterion_id, criterion.title, "", "", ""] for criterion in allowed)


def _list_question(question: Question, perspective: Perspective) -> list[str]:
    options = "; ".join(f"{letter} {option.text}" for letter, option in question.lettered) or WRITE_HERE
    asked = " ".join(filter(None, [question.text_as_asked(perspective), question.help]))
    return [question.question_id, asked, options, "", "", ""]


WRITERS = {".xlsx": write_questionnaire, ".csv": write_questionnaire_csv}
"""What writes a form, by the end of the name of the file."""
