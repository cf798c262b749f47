"""The board of a round for machines: stable JSON."""

import json

from assessment.model.rounds import Board, BoardLine, Progress


def write_board(board: Board) -> str:
    """Write how far each house of a round is, by unit and name."""
    closed = None if board.closing is None else board.closing.moment.isoformat()
    facts = {
        "round_id": board.round.round_id,
        "closes": board.round.closes.isoformat(),
        "closed": closed,
        "questions": board.questions,
        "houses": [_write_line(line) for line in board.lines],
    }
    return json.dumps(facts, ensure_ascii=False)


def _write_line(line: BoardLine) -> dict[str, object]:
    return {
        "house_id": line.house.house_id,
        "unit_id": line.house.unit_id,
        "perspectives": {whose.value: _write_progress(each) for whose, each in line.asked.items()},
        "joint": None if line.joint is None else _write_progress(line.joint),
        "expected": list(line.expected),
    }


def _write_progress(progress: Progress) -> dict[str, object]:
    version = None if progress.version is None else progress.version.submission_id
    counted = {"answered": progress.answered, "draft": progress.concept}
    return {"state": progress.state.value, **counted, "submission_id": version}
