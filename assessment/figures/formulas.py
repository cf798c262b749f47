"""Formulas by parties as one table: who puts in what, beside what each party has, and what it brings."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from assessment.figures.signs import write_pill
from assessment.tables.formula_board import BoardCell, BoardRow, FormulaBoard

_ISSUE, _OUTCOME = "Vraagstuk", "Wat levert het op?"
_NOTHING = '<span aria-hidden="true">–</span><span class="ks-hidden">zet niets in</span>'


def write_formula_board(board: FormulaBoard) -> str:
    """Write a board; of several houses, each stands above its rows. On a phone each row becomes a list."""
    heads = "".join(_write_head(name, load) for name, load in board.parties)
    rows = "".join(_write_rows(board))
    return (
        '<span class="ks-quiet ks-narrow">Onder elk vraagstuk staat wie wat inzet.</span>'
        '<div class="ks-scroll" tabindex="0" role="region" aria-label="Wie zet wat in, per vraagstuk">'
        '<table class="ks-rows ks-wide ks-formulas"><caption class="ks-hidden">Wie wat inzet, en wat '
        f'dat oplevert</caption><thead><tr><th scope="col">{_ISSUE}</th>{heads}'
        f'<th scope="col">{_OUTCOME}</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _write_head(name: str, load: BoardCell) -> str:
    return f'<th scope="col">{escape(name)}{_write_told(load)}</th>'


def _write_told(load: BoardCell) -> str:
    told = f'<span class="ks-quiet">{escape(load.told)}</span>' if load.told else ""
    return told + (write_pill(load.verdict, load.figure) if load.verdict else "")


def _write_rows(board: FormulaBoard) -> Iterator[str]:
    names = [name for name, _ in board.parties]
    several = len({row.house for row in board.rows}) > 1
    for house, rows in groupby(board.rows, key=lambda row: row.house):
        if several:
            width = len(names) + 2
            yield f'<tr class="ks-unit"><th scope="rowgroup" colspan="{width}">{escape(house)}</th></tr>'
        yield from (_write_row(row, names) for row in rows)


def _write_row(row: BoardRow, names: Sequence[str]) -> str:
    cells = "".join(map(_write_cell, names, row.cells))
    told = f'<span class="ks-quiet">{escape(row.told)}</span>' if row.told else ""
    nobody = (
        "" if any(cell.figure for cell in row.cells) else '<span class="ks-quiet">niemand zet iets in</span>'
    )
    outcome = _write_cell(_OUTCOME, row.outcome)
    return f'<tr><th scope="row">{escape(row.title)}{told}{nobody}</th>{cells}{outcome}</tr>'


def _write_cell(name: str, cell: BoardCell) -> str:
    if not cell.figure:
        return f'<td data-what="{escape(name)}" class="ks-none"><div>{_NOTHING}</div></td>'
    figure = write_pill(cell.verdict, cell.figure) if cell.verdict else f"<b>{escape(cell.figure)}</b>"
    told = f'<span class="ks-quiet">{escape(cell.told)}</span>' if cell.told else ""
    return f'<td data-what="{escape(name)}"><div>{figure}{told}</div></td>'
