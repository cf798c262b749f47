"""Use cases on the register: open a round, list."""

from datetime import date, datetime

import pandas as pd
from pydantic import ValidationError

from assessment.errors import RegisterError
from assessment.model.access import Task
from assessment.model.audit import Signature
from assessment.model.register import House, Register, Round
from assessment.readers.files import tell_faults
from assessment.service.access import require
from assessment.service.audit_entries import tell_round
from assessment.service.installation import Installation
from assessment.store.audit import append_changes
from assessment.store.register import add_round, load_closings, load_register
from assessment.tables.content import list_register, list_rounds
from assessment.tables.shown import show_day


def open_round(
    installation: Installation,
    named: tuple[str, str],
    days: tuple[date, date],
    asked: tuple[tuple[str, ...], tuple[str, ...]],
    now: datetime,
) -> Round:
    """Open a round.

    Args:
        installation: where.
        named: its id and its title.
        days: its first and its last day.
        asked: the frameworks (politie/1.0), and the houses; no houses means every house that exists then.
        now: the moment of opening it.

    Raises:
        NotAllowedError: the visitor may not open rounds.
        RegisterError: the round exists, a house is not known, or a date is off.
        FrameworkError: a framework has no such published version.
    """
    require(installation, Task.MANAGE_ROUNDS)
    register = installation.register()
    frameworks, house_ids = asked
    opened = _make_round(
        {
            "round_id": named[0],
            "title": named[1],
            "opens": days[0],
            "closes": days[1],
            "frameworks": frameworks,
            "house_ids": house_ids or tuple(h.house_id for h in register.houses if _exists(h, days[0])),
        }
    )
    _refuse_unknown(register, opened)
    installation.questionnaire_of(opened)
    with installation.store.writing() as session:
        add_round(session, opened)
        append_changes(session, Signature(installation.who, now), [tell_round(opened)])
    return opened


def tell_left_out(installation: Installation, opened: Round) -> list[str]:
    """Tell of each house of the register that a round for all houses does not ask, why."""
    require(installation, Task.SEE_REGISTER)
    register = installation.register()
    left_out = [house for house in register.houses if not _exists(house, opened.opens)]
    return [
        f"{house.title} doet niet mee: {_why_left_out(house, opened.opens)}."
        for house in register.sort_houses(left_out)
        if house.house_id not in opened.house_ids
    ]


def show_houses(installation: Installation) -> pd.DataFrame:
    """The houses of the register, by unit and name, for reading."""
    require(installation, Task.SEE_REGISTER)
    return list_register(installation.register())


def show_rounds(installation: Installation) -> pd.DataFrame:
    """The rounds, for reading."""
    require(installation, Task.SEE_REGISTER)
    with installation.store.reading() as session:
        return list_rounds(load_register(session), load_closings(session))


def _make_round(given: dict[str, object]) -> Round:
    try:
        return Round.model_validate(given)
    except ValidationError as error:
        raise RegisterError("\n".join(tell_faults(error.errors(), None))) from error


def _refuse_unknown(register: Register, opened: Round) -> None:
    if opened.round_id in register.round:
        raise RegisterError(f"Ronde '{opened.round_id}' bestaat al.")
    unknown = [house_id for house_id in opened.house_ids if house_id not in register.house]
    if unknown or not opened.house_ids:
        raise RegisterError(
            f"Deze huizen staan niet in het register: {', '.join(unknown) or 'er zijn er geen'}."
        )


def _why_left_out(house: House, day: date) -> str:
    if house.valid_from and day < house.valid_from:
        return f"het begint op {show_day(house.valid_from)}"
    ended = f"het bestond tot en met {show_day(house.valid_to)}"
    return f"{ended} en ging op in {house.merged_into}" if house.merged_into else ended


def _exists(house: House, day: date) -> bool:
    return (house.valid_from or day) <= day <= (house.valid_to or day)
