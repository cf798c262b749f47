"""Use case: texts that remind houses of what is still expected, to copy; no mail is sent."""

from datetime import datetime
from typing import NamedTuple

from assessment.errors import RoundStateError, SettingsError
from assessment.model.board import Board, BoardLine
from assessment.model.register import House
from assessment.model.texts import ReminderTexts
from assessment.readers.yaml_files import read_model
from assessment.service.installation import Installation
from assessment.service.intake.gate import say_closed
from assessment.service.lookup import find_house
from assessment.service.rounds.board import show_board
from assessment.tables.capacity import join_words
from assessment.tables.rounds import say_deadline


class Reminder(NamedTuple):
    """A reminder to one house."""

    house: House
    subject: str
    text: str


def make_reminders(
    installation: Installation, round_id: str | None, now: datetime, house_id: str | None = None
) -> tuple[Reminder, ...]:
    """A reminder for each house of which answers are expected, or for one house.

    Raises:
        NotAllowedError: the visitor may see none of these houses.
        UnknownRoundError, UnknownHouseError: there is no such round, or the house is not in it.
        RoundStateError: the round is closed.
        SettingsError: the text of reminders is not sound.
    """
    board = show_board(installation, round_id, now)
    if board.closing is not None:
        raise RoundStateError(say_closed(board.closing))
    if house_id is not None:
        find_house(installation.register(), board.round, house_id)
    texts = read_model(installation.settings.reports / "reminder.yaml", ReminderTexts, SettingsError)
    late = [line for line in board.lines if line.missing and house_id in {None, line.house.house_id}]
    return tuple(_remind(board, line, texts, now) for line in late)


def _remind(board: Board, line: BoardLine, texts: ReminderTexts, now: datetime) -> Reminder:
    known = {
        "round": board.round.title,
        "house": line.house.title,
        "expected": join_words(line.awaited),
        "deadline": say_deadline(board, now),
    }
    return Reminder(line.house, texts.subject.format_map(known), texts.text.format_map(known))
