"""Signs and words in rows and columns, as HTML that a screen reader can read.

The heat map and the legend of scores; the board of a round, with in words how far houses are; formulas by
parties.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from assessment.figures.signs import write_chip, write_pill
from assessment.model.framework import Criterion, Theme
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register
from assessment.model.rounds import Board, BoardLine, Progress
from assessment.model.scale import Rules, Verdict
from assessment.tables.administration import HEADINGS, count_answers, describe_expected, name_state
from assessment.tables.formats import NBSP, NOTHING, format_uniformity
from assessment.tables.formula_board import BoardCell, BoardRow, FormulaBoard


class Addresses(NamedTuple):
    """Where the rows and columns of a matrix lead to: houses and criteria by their ids."""

    houses: Mapping[str, str]
    criteria: Mapping[str, str]


_Columns = Sequence[tuple[Theme, Sequence[Criterion]]]
"""The criteria that are shown, under their themes."""


def write_matrix(
    criteria: pd.DataFrame,
    groups: pd.DataFrame,
    register: Register,
    questionnaire: Questionnaire,
    addresses: Addresses,
) -> str:
    """Write houses × criteria as a table of signs, rows by unit and name, columns by theme.

    The page that holds it lets a cell lead to that criterion of that house, by the addresses of its row and
    column.

    Args:
        criteria: CRITERION_SCORES of what is to be shown, in the order to show.
        groups: GROUPS of all houses.
        register: names and units.
        questionnaire: the themes and titles.
        addresses: where to read more.
    """
    keys = zip(criteria["house_id"], criteria["criterion_id"], strict=True)
    verdict_of = dict(zip(keys, criteria["verdict"], strict=True))
    columns = _find_columns(set(criteria["criterion_id"]), questionnaire)
    rows = []
    houses = (register.house[house_id] for house_id in dict.fromkeys(criteria["house_id"]))
    for unit_id, own in groupby(houses, key=lambda house: house.unit_id):
        rows.append(_unit_row(register.unit[unit_id].title, columns))
        rows += [_house_row(house, verdict_of, columns, addresses.houses) for house in own]
    return (
        '<span class="ks-quiet ks-narrow">Schuif de tabel opzij voor de andere criteria.</span>'
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Huizen en criteria">'
        '<table class="ks-matrix"><caption class="ks-hidden">Oordeel per huis en criterium</caption>'
        f"<thead>{_theme_row(columns)}{_criterion_row(columns, addresses.criteria)}</thead>"
        f"<tbody>{''.join(rows)}</tbody>"
        f"<tfoot>{_list_feet(groups, columns, questionnaire.rules)}</tfoot></table></div>"
    )


def _find_columns(shown: Collection[str], questionnaire: Questionnaire) -> _Columns:
    themes = (
        (theme, [each for each in theme.criteria if each.criterion_id in shown])
        for theme in questionnaire.themes
    )
    return [(theme, own) for theme, own in themes if own]


def _list_columns(columns: _Columns) -> Iterator[tuple[Theme, Criterion, str]]:
    """Each criterion under its theme, with the class of its column: the first of a theme stands apart."""
    for theme, own in columns:
        yield from ((theme, each, "" if place else "ks-apart") for place, each in enumerate(own))


def write_themes(questionnaire: Questionnaire) -> str:
    """Write what the code of each theme stands for."""
    items = (f"<li><b>{theme.theme_id}</b>&nbsp;{escape(theme.title)}</li>" for theme in questionnaire.themes)
    return f'<ul class="ks-list ks-legend">{"".join(items)}</ul>'


def write_legend() -> str:
    """Write what each sign means."""
    items = (f"<li>{write_chip(verdict)}{verdict.dutch}</li>" for verdict in Verdict)
    return f'<ul class="ks-list ks-legend">{"".join(items)}</ul>'


def _theme_row(columns: _Columns) -> str:
    cells = "".join(
        f'<th scope="colgroup" colspan="{len(own)}" class="ks-apart" '
        f'title="{escape(theme.title)}">{theme.theme_id}</th>'
        for theme, own in columns
    )
    return f'<tr><td class="ks-name"></td>{cells}</tr>'


def _criterion_row(columns: _Columns, addresses: Mapping[str, str]) -> str:
    """The heads of the columns; they say of themselves where a cell below them leads."""
    cells = "".join(
        f'<th scope="col" class="ks-criterion {apart}" '
        f'data-theme="{theme.theme_id}" data-criterion="{each.criterion_id}">'
        f'<a href="{escape(addresses[each.criterion_id])}" target="_self">{each.criterion_id} '
        f"<span>{escape(each.title)}</span></a></th>"
        for theme, each, apart in _list_columns(columns)
    )
    return f'<tr><th scope="col" class="ks-name">Huis</th>{cells}</tr>'


def _unit_row(title: str, columns: _Columns) -> str:
    width = sum(len(own) for _, own in columns) + 1
    return (
        f'<tr class="ks-unit"><th scope="rowgroup" colspan="{width}"><span>{escape(title)}</span></th></tr>'
    )


def _house_row(
    house: House, verdict_of: Mapping[tuple[str, str], str], columns: _Columns, addresses: Mapping[str, str]
) -> str:
    cells = "".join(
        _cell(verdict_of.get((house.house_id, each.criterion_id)), apart)
        for _, each, apart in _list_columns(columns)
    )
    name = f'<a href="{escape(addresses[house.house_id])}" target="_self">{escape(house.short_title)}</a>'
    return f'<tr><th scope="row" class="ks-name"><span>{name}</span></th>{cells}</tr>'


def _cell(verdict: str | None, apart: str) -> str:
    """A cell in few bytes, for there are thousands: the looks draw its sign and hide its word."""
    if verdict is None:
        return f'<td class="{apart}"></td>'
    looks = f"ks-{verdict} {apart}".rstrip()
    return f'<td class="{looks}"><b>{Verdict(verdict).dutch}</b></td>'


def _list_feet(groups: pd.DataFrame, columns: _Columns, rules: Rules) -> str:
    """How uniform each criterion is, and at how many houses that is known, as bars with their figures."""
    of_criterion = groups.set_index("subject_id").reindex(
        [each.criterion_id for _, each, _ in _list_columns(columns)]
    )
    shares = of_criterion["uniformity"]
    uniform = [(share, format_uniformity(share).removesuffix(f"{NBSP}%")) for share in shares]
    feet = _foot("alle huizen: één gezicht (%)", uniform, columns)
    if rules is Rules.ONE:
        return feet
    known, most = of_criterion["determined"], of_criterion["n"].max()
    determined = [(n / most, NOTHING if pd.isna(n) else f"{n:.0f}") for n in known]
    return feet + _foot("alle huizen: staat vast bij", determined, columns)


def _foot(name: str, told: Sequence[tuple[float, str]], columns: _Columns) -> str:
    cells = "".join(
        f'<td class="{apart}">{_write_bar(share)}{text}</td>'
        for (share, text), (*_, apart) in zip(told, _list_columns(columns), strict=True)
    )
    return f'<tr><th scope="row" class="ks-name">{name}</th>{cells}</tr>'


def _write_bar(share: float) -> str:
    return "" if pd.isna(share) else f'<i style="--share:{share:.0%}"></i>'


def write_board(board: Board, register: Register, addresses: Mapping[str, str] = MappingProxyType({})) -> str:
    """Write the houses of a board under their units, each perspective with its state and completeness.

    Args:
        board: the houses.
        register: the units, with their names.
        addresses: where a house leads to, by its id; nowhere where it has none.
    """
    headings = ["Huis", *(HEADINGS[whose] for whose in board.round.perspectives), "Samen", "Nog verwacht"]
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    rows = "".join(_list_rows(board, register, addresses))
    return (
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Hoever elk huis is">'
        '<table class="ks-rows ks-board"><caption class="ks-hidden">Hoever elk huis is</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        "</table></div>"
    )


def _list_rows(board: Board, register: Register, addresses: Mapping[str, str]) -> Iterator[str]:
    width = len(board.round.perspectives) + 3
    for unit_id, lines in groupby(board.lines, key=lambda line: line.house.unit_id):
        title = escape(register.unit[unit_id].title)
        yield f'<tr class="ks-unit"><th scope="rowgroup" colspan="{width}">{title}</th></tr>'
        yield from (_row(board, line, addresses.get(line.house.house_id)) for line in lines)


def _row(board: Board, line: BoardLine, address: str | None) -> str:
    told = {HEADINGS[whose]: _show(board, line.asked[whose]) for whose in board.round.perspectives}
    told["Samen"] = _show(board, line.joint) if line.joint else NOTHING
    told["Nog verwacht"] = escape(describe_expected(board, line))
    cells = "".join(f'<td data-what="{heading}"><div>{cell}</div></td>' for heading, cell in told.items())
    title = escape(line.house.title)
    named = f'<a href="{escape(address)}" target="_self">{title}</a>' if address else title
    return f'<tr><th scope="row" class="ks-house">{named}</th>{cells}</tr>'


def _show(board: Board, progress: Progress) -> str:
    chip = f'<span class="ks-state ks-{progress.state.value}">{name_state(board, progress)}</span>'
    counts = (f'<span class="ks-quiet">{told}</span>' for told in count_answers(board, progress))
    return f"{chip}{''.join(counts)}"


_ISSUE, _OUTCOME = "Vraagstuk", "Wat levert het op?"
_PUTS_IN_NOTHING = '<span aria-hidden="true">–</span><span class="ks-hidden">zet niets in</span>'


def write_formula_board(board: FormulaBoard, of_loads: str = "") -> str:
    """Write a board; of several houses, each stands above its rows. On a phone each row becomes a list.

    Args:
        board: the formulas and the parties.
        of_loads: what stands under each party, in words; a phone leaves out both.
    """
    heads = "".join(_write_party_head(name, load) for name, load in board.parties)
    rows = "".join(_write_formula_rows(board))
    return (
        f'<span class="ks-quiet ks-broad">{escape(of_loads)}</span>'
        '<span class="ks-quiet ks-narrow">Uren per jaar. Onder elk vraagstuk staat wie wat inzet.</span>'
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Wie zet wat in, per vraagstuk">'
        '<table class="ks-rows ks-wide ks-formulas"><caption class="ks-hidden">Wie wat inzet, en wat '
        f'dat oplevert</caption><thead><tr><th scope="col">{_ISSUE}</th>{heads}'
        f'<th scope="col">{_OUTCOME}</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _write_party_head(name: str, load: BoardCell) -> str:
    return f'<th scope="col">{escape(name)}{_write_load(load)}</th>'


def _write_load(load: BoardCell) -> str:
    told = f'<span class="ks-quiet">{escape(load.told)}</span>' if load.told else ""
    return told + (write_pill(load.verdict, load.figure) if load.verdict else "")


def _write_formula_rows(board: FormulaBoard) -> Iterator[str]:
    names = [name for name, _ in board.parties]
    several = len({row.house for row in board.rows}) > 1
    for house, rows in groupby(board.rows, key=lambda row: row.house):
        if several:
            width = len(names) + 2
            yield f'<tr class="ks-unit"><th scope="rowgroup" colspan="{width}">{escape(house)}</th></tr>'
        yield from (_write_formula(row, names) for row in rows)


def _write_formula(row: BoardRow, names: Sequence[str]) -> str:
    cells = "".join(map(_write_party_cell, names, row.cells))
    told = f'<span class="ks-quiet">{escape(row.told)}</span>' if row.told else ""
    nobody = (
        "" if any(cell.figure for cell in row.cells) else '<span class="ks-quiet">niemand zet iets in</span>'
    )
    outcome = _write_party_cell(_OUTCOME, row.outcome)
    return f'<tr><th scope="row">{escape(row.title)}{told}{nobody}</th>{cells}{outcome}</tr>'


def _write_party_cell(name: str, cell: BoardCell) -> str:
    if not cell.figure:
        return f'<td data-what="{escape(name)}" class="ks-none"><div>{_PUTS_IN_NOTHING}</div></td>'
    figure = write_pill(cell.verdict, cell.figure) if cell.verdict else f"<b>{escape(cell.figure)}</b>"
    told = f'<span class="ks-quiet">{escape(cell.told)}</span>' if cell.told else ""
    return f'<td data-what="{escape(name)}"><div>{figure}{told}</div></td>'
