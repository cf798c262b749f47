"""The board of a round as HTML that a screen reader can read: per house how far it is, in words, by unit."""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from assessment.model.register import Register
from assessment.model.rounds import Board, BoardLine, Progress
from assessment.tables.rounds import HEADINGS, count_answers, name_state, say_expected
from assessment.tables.shown import NOTHING


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
    told["Nog verwacht"] = escape(say_expected(board, line))
    cells = "".join(f'<td data-what="{heading}"><div>{cell}</div></td>' for heading, cell in told.items())
    return f'<tr><th scope="row" class="ks-house">{escape(line.house.title)}</th>{cells}</tr>'


def _show(board: Board, progress: Progress) -> str:
    chip = f'<span class="ks-state ks-{progress.state.value}">{name_state(board, progress)}</span>'
    counts = (f'<span class="ks-quiet">{told}</span>' for told in count_answers(board, progress))
    return f"{chip}{''.join(counts)}"
