"""Rounds for reading: the board of one by unit and name, never by score; and what was done with it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import pandas as pd

from assessment.model.register import Register
from assessment.model.rounds import Board, BoardLine, Progress, RoundEvent, SubmissionState
from assessment.model.scale import Perspective
from assessment.tables.formats import (
    MOMENT,
    NOTHING,
    format_counted,
    format_day,
    format_moment,
    format_part,
    format_with_capital,
)

HEADINGS = {
    Perspective.HOUSE: "Het huis",
    Perspective.POLICE: "De politie",
    Perspective.PARTNERS: "De partners",
}


def list_rounds(register: Register, closings: Mapping[str, RoundEvent]) -> pd.DataFrame:
    """The rounds of a register for reading, the earliest first, and since when each is closed."""
    return pd.DataFrame(
        {
            "Kenmerk": [each.round_id for each in register.rounds],
            "Ronde": [each.title for each in register.rounds],
            "Van": [format_day(each.opens) for each in register.rounds],
            "Tot en met": [format_day(each.closes) for each in register.rounds],
            "Gesloten op": [
                format_day(closings[each.round_id].moment) if each.round_id in closings else ""
                for each in register.rounds
            ],
            "Vragenlijsten": [", ".join(each.frameworks) for each in register.rounds],
            "Aantal huizen": [len(each.house_ids) for each in register.rounds],
        }
    )


def list_board(board: Board, register: Register) -> pd.DataFrame:
    """A board for reading: per house how far each perspective is, and what is still expected."""
    columns = ["Eenheid", "Huis", *(HEADINGS[whose] for whose in board.round.perspectives)]
    rows = [
        [
            register.unit[line.house.unit_id].title,
            line.house.title,
            *(format_progress(board, line.asked[whose]) for whose in board.round.perspectives),
            format_progress(board, line.joint) if line.joint else NOTHING,
            describe_expected(board, line),
        ]
        for line in board.lines
    ]
    return pd.DataFrame(rows, columns=[*columns, "Samen", "Nog verwacht"])


def format_progress(board: Board, progress: Progress) -> str:
    """Show a state with how many questions have an answer: "ingediend, 97 van 103"."""
    return ", ".join([name_state(board, progress), *count_answers(board, progress)])


def name_state(board: Board, progress: Progress) -> str:
    """Name a state; in a round that is closed nobody begins any more."""
    closed = board.closing is not None and progress.state is SubmissionState.NOT_STARTED
    return "niet ingeleverd" if closed else progress.state.dutch


def count_answers(board: Board, progress: Progress) -> list[str]:
    """How many questions have an answer, and how many in a draft that comes after what was handed in."""
    counted = [] if progress.state is SubmissionState.NOT_STARTED else [progress.answered]
    newer = progress.version is not None and progress.concept is not None
    told = [f"{answered} van {board.questions}" for answered in counted]
    return [*told, f"nieuw concept: {progress.concept} van {board.questions}"] if newer else told


def describe_expected(board: Board, line: BoardLine) -> str:
    """Say what is still expected of a house; nothing more in a round that is closed."""
    if board.closing is not None:
        return NOTHING if line.is_adopted else "niet vastgesteld voor de sluiting"
    return "; ".join(line.expected) or NOTHING


def describe_handed_in(board: Board) -> str:
    """Say in a title how many of the questionnaires that are asked were handed in."""
    asked = len(board.lines) * len(board.round.perspectives)
    missing = sum(len(line.missing) for line in board.lines)
    handed_in = format_part(asked - missing, asked, "vragenlijst")
    return f"{format_with_capital(board.round.title)}: {handed_in} ingeleverd"


def describe_deadline(board: Board, now: datetime) -> str:
    """Say until when houses may hand in, or since when the round is closed."""
    if board.closing is not None:
        return f"Deze ronde is gesloten op {format_day(board.closing.moment)} en verandert niet meer"
    closes, days = format_day(board.round.closes), (board.round.closes - now.date()).days
    if days < 0:
        return f"Inleveren kon tot en met {closes}; de ronde is nog open"
    left = f"nog {format_counted(days, 'dag')}" if days else "vandaag is de laatste dag"
    return f"Inleveren kan tot en met {closes}: {left}"


def describe_adopted(board: Board) -> str:
    """Say of how many houses what they handed in is adopted; a single one is called by its name."""
    adopted = sum(line.is_adopted for line in board.lines)
    if len(board.lines) == 1:
        done = "is vastgesteld wat is ingeleverd" if adopted else "is nog niet alles vastgesteld"
        return f"Van {board.lines[0].house.title} {done}."
    return f"Bij {format_part(adopted, len(board.lines), 'huis')} is vastgesteld wat is ingeleverd."


def count_states(board: Board) -> list[tuple[str, str]]:
    """Each state with how many of the questionnaires that are asked are in it; states in order."""
    counted = [(state.dutch, board.count(state)) for state in SubmissionState]
    return [(dutch, str(count)) for dutch, count in counted if count]


def describe_closing(board: Board) -> list[str]:
    """Say what closing a round freezes, and name each house of which nothing, or not all, is adopted."""
    frozen = sum(line.is_adopted for line in board.lines)
    lines = [f"Vastgesteld en straks bevroren: {format_part(frozen, len(board.lines), 'huis')}."]
    left = [line for line in board.lines if not line.is_adopted]
    lines += [f"{line.house.title}: {'; '.join(line.expected)}." for line in left]
    return lines


def list_round_events(events: Iterable[RoundEvent]) -> pd.DataFrame:
    """What was done with a round; on the peildag a deviation must be in force to count."""
    return pd.DataFrame(
        [
            (format_moment(e.moment), e.to_state.dutch, format_day(e.reckoned_on) or NOTHING, e.who, e.reason)
            for e in events
        ],
        columns=[MOMENT, "Toestand", "Peildag", "Door", "Reden"],
    )
