"""The first sheet of a questionnaire: what this is, how it works, and how far the house is."""

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from assessment.model.answers import Answer
from assessment.model.framework import Theme
from assessment.model.questionnaire import Questionnaire
from assessment.model.sheets import Form
from assessment.writers.workbook_styles import Styles, row_height, set_up_page

FIRST_ROW = 3
"""Where the criteria begin on the sheet of a theme, counted from 0."""

_COLUMNS = (9, 56, 15, 15, 15)


def write_introduction(sheet: Worksheet, styles: Styles, form: Form, given: Mapping[str, Answer]) -> None:
    """Write the first sheet: how it works, how far the house is, where the questions come from."""
    for column, width in enumerate(_COLUMNS):
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
        last = len(_COLUMNS) - 1
        self.sheet.merge_range(self.row, 0, self.row, last, text, self.styles[style])
        wanted = height or row_height((text, sum(_COLUMNS)))
        self.sheet.set_row(self.row, wanted)
        self.row += 1


def _write_progress(page: _Page, questionnaire: Questionnaire, given: Mapping[str, Answer]) -> None:
    page.write("Hoe ver bent u?", "section", height=28)
    sheet, styles = page.sheet, page.styles
    sheet.write_row(page.row, 0, ["Blad", "Thema", "Vragen", "Beantwoord", "Nog open"], styles["heading"])
    first = page.row + 1
    for row, theme in enumerate(questionnaire.themes, first):
        asked, answered = count_answered(theme, given)
        sheet.write_url(
            row, 0, f"internal:'{theme.theme_id}'!D{FIRST_ROW + 2}", styles["link"], theme.theme_id
        )
        sheet.write_string(row, 1, theme.title, styles["cell"])
        sheet.write_number(row, 2, asked, styles["number"])
        sheet.write_formula(row, 3, f"={progress_formula(theme)}", styles["number"], answered)
        sheet.write_formula(row, 4, f"=C{row + 1}-D{row + 1}", styles["number"], asked - answered)
    page.row = first + len(questionnaire.themes)
    counts = [count_answered(theme, given) for theme in questionnaire.themes]
    totals = [sum(asked for asked, _ in counts), sum(answered for _, answered in counts)]
    sheet.write_row(page.row, 0, ["", "Alles samen"], styles["criterion"])
    for column, (letter, total) in enumerate(zip("CDE", [*totals, totals[0] - totals[1]], strict=True), 2):
        formula = f"=SUM({letter}{first + 1}:{letter}{page.row})"
        sheet.write_formula(page.row, column, formula, styles["number"], total)
    page.row += 1


def count_answered(theme: Theme, given: Mapping[str, Answer]) -> tuple[int, int]:
    """How many questions with options a theme has, and how many of them are answered."""
    questions = [q for criterion in theme.criteria for q in criterion.questions if not q.is_open]
    return len(questions), sum(
        q.question_id in given and bool(given[q.question_id].option_id) for q in questions
    )


def progress_formula(theme: Theme) -> str:
    """The formula that counts the answers on the sheet of a theme."""
    rows = sum(1 + len(criterion.questions) for criterion in theme.criteria)
    return f"COUNTA('{theme.theme_id}'!$D${FIRST_ROW + 1}:$D${FIRST_ROW + rows})"
