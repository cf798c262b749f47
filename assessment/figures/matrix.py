"""Signs and words in rows and columns, as HTML that a screen reader can read.

The heat map, the strips and the legend of scores; the board of a round, with in words how far houses are.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

import pandas as pd

from assessment.figures.signs import write_chip
from assessment.model.framework import Criterion
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register
from assessment.model.rounds import Board, BoardLine, Progress
from assessment.model.scale import Mark, Rules, Verdict
from assessment.tables.administration import HEADINGS, count_answers, describe_expected, name_state
from assessment.tables.formats import NBSP, NOTHING, format_share


def write_matrix(
    criteria: pd.DataFrame, groups: pd.DataFrame, register: Register, questionnaire: Questionnaire
) -> str:
    """Write houses × criteria as a table of signs, rows by unit and name, columns by theme.

    Args:
        criteria: CRITERION_SCORES of the houses, in the order to show.
        groups: GROUPS of these houses.
        register: names and units.
        questionnaire: the themes and titles.
    """
    verdict_of = dict(
        zip(
            zip(criteria["house_id"], criteria["criterion_id"], strict=True), criteria["verdict"], strict=True
        )
    )
    rows, previous = [], None
    for house_id in dict.fromkeys(criteria["house_id"]):
        house = register.house[house_id]
        if house.unit_id != previous:
            rows.append(_unit_row(register.unit[house.unit_id].title, questionnaire))
            previous = house.unit_id
        rows.append(_house_row(house, verdict_of, questionnaire))
    return (
        '<span class="ks-quiet ks-narrow">Schuif de tabel opzij voor de andere criteria.</span>'
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Huizen en criteria">'
        '<table class="ks-matrix"><caption class="ks-hidden">Oordeel per huis en criterium</caption>'
        f"<thead>{_theme_row(questionnaire)}{_criterion_row(questionnaire)}</thead><tbody>{''.join(rows)}</tbody>"
        f"<tfoot>{_list_feet(groups, questionnaire)}</tfoot></table></div>"
    )


# Which verdict an answer shares its colour with.
_LOOKS = {Mark.UNKNOWN: Verdict.UNDETERMINED, Mark.DESCRIPTIVE: Verdict.NOT_SCORED}


def find_look(mark: Mark) -> Verdict:
    """The verdict in whose colour an answer is shown."""
    return _LOOKS.get(mark) or Verdict(mark.value)


def write_themes(questionnaire: Questionnaire) -> str:
    """Write what the code of each theme stands for."""
    items = (f"<li><b>{theme.theme_id}</b>&nbsp;{escape(theme.title)}</li>" for theme in questionnaire.themes)
    return f'<ul class="ks-list ks-legend">{"".join(items)}</ul>'


def write_legend() -> str:
    """Write what each sign means."""
    items = (f"<li>{write_chip(verdict)}{verdict.dutch}</li>" for verdict in Verdict)
    return f'<ul class="ks-list ks-legend">{"".join(items)}</ul>'


def _theme_row(questionnaire: Questionnaire) -> str:
    cells = "".join(
        f'<th scope="colgroup" colspan="{len(theme.criteria)}" class="ks-apart" '
        f'title="{escape(theme.title)}">{theme.theme_id}</th>'
        for theme in questionnaire.themes
    )
    return f'<tr><td class="ks-name"></td>{cells}</tr>'


def _criterion_row(questionnaire: Questionnaire) -> str:
    cells = "".join(
        f'<th scope="col"{_apart(criterion, questionnaire)} title="{escape(criterion.title)}">'
        f"{criterion.criterion_id.split('-')[1]}</th>"
        for criterion in questionnaire.criteria
    )
    return f'<tr><th scope="col" class="ks-name">Huis</th>{cells}</tr>'


def _unit_row(title: str, questionnaire: Questionnaire) -> str:
    width = len(questionnaire.criteria) + 1
    return f'<tr class="ks-unit"><th scope="rowgroup" colspan="{width}">{escape(title)}</th></tr>'


def _house_row(house: House, verdict_of: dict[tuple[str, str], str], questionnaire: Questionnaire) -> str:
    cells = "".join(
        _cell(criterion, Verdict(verdict_of[house.house_id, criterion.criterion_id]), questionnaire)
        for criterion in questionnaire.criteria
    )
    return f'<tr><th scope="row" class="ks-name"><span>{escape(house.short_title)}</span></th>{cells}</tr>'


def _cell(criterion: Criterion, verdict: Verdict, questionnaire: Questionnaire) -> str:
    """A cell in few bytes, for there are thousands: the looks draw its sign and hide its word."""
    apart = " ks-apart" if _apart(criterion, questionnaire) else ""
    looks = f"ks-{verdict.value}{apart}"
    return f'<td class="{looks}" title="{criterion.criterion_id}"><b>{verdict.dutch}</b></td>'


def _list_feet(groups: pd.DataFrame, questionnaire: Questionnaire) -> str:
    """How uniform each criterion is, as bare figures that fit upright under their column."""
    of_criterion = groups.set_index("subject_id").reindex(list(questionnaire.criterion))
    uniformity = [format_share(share).removesuffix(f"{NBSP}%") for share in of_criterion["uniformity"]]
    feet = _foot("één gezicht (%)", uniformity, questionnaire)
    if questionnaire.rules is Rules.ONE:
        return feet
    determined = [NOTHING if pd.isna(n) else f"{n:.0f}" for n in of_criterion["determined"]]
    return feet + _foot("staat vast bij (huizen)", determined, questionnaire)


def _foot(name: str, texts: Sequence[str], questionnaire: Questionnaire) -> str:
    cells = "".join(
        f"<td{_apart(criterion, questionnaire)}>{text}</td>"
        for criterion, text in zip(questionnaire.criteria, texts, strict=True)
    )
    return f'<tr><th scope="row" class="ks-name">{name}</th>{cells}</tr>'


def _apart(criterion: Criterion, questionnaire: Questionnaire) -> str:
    first = questionnaire.theme_of[criterion.criterion_id].criteria[0]
    return ' class="ks-apart"' if criterion is first else ""


def write_board(board: Board, register: Register) -> str:
    """Write the houses of a board under their units, each perspective with its state and completeness."""
    headings = ["Huis", *(HEADINGS[whose] for whose in board.round.perspectives), "Samen", "Nog verwacht"]
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    return (
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Hoever elk huis is">'
        '<table class="ks-rows ks-board"><caption class="ks-hidden">Hoever elk huis is</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(_list_rows(board, register, len(headings)))}</tbody>"
        "</table></div>"
    )


def _list_rows(board: Board, register: Register, width: int) -> Iterator[str]:
    for unit_id, lines in groupby(board.lines, key=lambda line: line.house.unit_id):
        title = escape(register.unit[unit_id].title)
        yield f'<tr class="ks-unit"><th scope="rowgroup" colspan="{width}">{title}</th></tr>'
        yield from (_row(board, line) for line in lines)


def _row(board: Board, line: BoardLine) -> str:
    told = {HEADINGS[whose]: _show(board, line.asked[whose]) for whose in board.round.perspectives}
    told["Samen"] = _show(board, line.joint) if line.joint else NOTHING
    told["Nog verwacht"] = escape(describe_expected(board, line))
    cells = "".join(f'<td data-what="{heading}"><div>{cell}</div></td>' for heading, cell in told.items())
    return f'<tr><th scope="row" class="ks-house">{escape(line.house.title)}</th>{cells}</tr>'


def _show(board: Board, progress: Progress) -> str:
    chip = f'<span class="ks-state ks-{progress.state.value}">{name_state(board, progress)}</span>'
    counts = (f'<span class="ks-quiet">{told}</span>' for told in count_answers(board, progress))
    return f"{chip}{''.join(counts)}"
