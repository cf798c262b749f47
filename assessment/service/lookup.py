"""How a use case finds a round or a house in the register."""

from datetime import date

from assessment.errors import UnknownHouseError, UnknownRoundError, UnknownUnitError
from assessment.model.access import Task, describe_who_acts
from assessment.model.answers import Whose
from assessment.model.register import House, Register, Round
from assessment.model.scale import Perspective

_WHO_OPENS = describe_who_acts(Task.MANAGE_ROUNDS, "kaderscan round open")


def find_default_round(register: Register, today: date) -> Round:
    """The newest round that has opened; before the first one opens, that one.

    Raises:
        UnknownRoundError: there is no round at all.
    """
    _refuse_no_rounds(register)
    opened = [each for each in register.rounds if each.opens <= today]
    return opened[-1] if opened else register.rounds[0]


def find_round(register: Register, round_id: str) -> Round:
    """Find a round by its id.

    Raises:
        UnknownRoundError: there is no such round, or none at all.
    """
    _refuse_no_rounds(register)
    if round_id not in register.round:
        raise UnknownRoundError(f"Ronde '{round_id}' bestaat niet. Wel: {', '.join(register.round)}.")
    return register.round[round_id]


def find_round_or_newest(register: Register, round_id: str | None, today: date) -> Round:
    """Find a round by its id; without one the newest that has opened.

    Raises:
        UnknownRoundError: there is no such round, or none at all.
    """
    return find_default_round(register, today) if round_id is None else find_round(register, round_id)


def _refuse_no_rounds(register: Register) -> None:
    if not register.rounds:
        raise UnknownRoundError(
            f"Er is nog geen ronde. Open er een. {_WHO_OPENS}. Eerst zien hoe het werkt: kaderscan demo."
        )


def find_registered(register: Register, house_id: str) -> House:
    """Find a house, whatever round it takes part in.

    Raises:
        UnknownHouseError: the register does not know the house.
    """
    if house_id not in register.house:
        raise UnknownHouseError(f"Huis '{house_id}' staat niet in het register. Zie: kaderscan house list.")
    return register.house[house_id]


def refuse_unknown_unit(register: Register, unit_id: str) -> None:
    """Refuse a unit that is not there.

    Raises:
        UnknownUnitError: the register does not know it.
    """
    if unit_id not in register.unit:
        raise UnknownUnitError(f"Eenheid '{unit_id}' bestaat niet. Wel: {', '.join(register.unit)}.")


def find_house(register: Register, round_: Round, house_id: str) -> House:
    """Find a house of a round.

    Raises:
        UnknownHouseError: the register does not know the house.
        UnknownRoundError: the round does not concern the house.
    """
    house = find_registered(register, house_id)
    if house_id not in round_.house_ids:
        others = [each.round_id for each in register.rounds if house_id in each.house_ids]
        remedy = f"Wel aan: {', '.join(others)}" if others else f"Open er een. {_WHO_OPENS}"
        raise UnknownRoundError(f"Huis '{house_id}' doet niet mee aan ronde '{round_.round_id}'. {remedy}.")
    return house


def refuse_not_asked(round_: Round, perspective: Perspective) -> None:
    """Refuse answers that a round does not ask.

    Raises:
        UnknownRoundError: it does not.
    """
    if perspective not in round_.perspectives:
        raise UnknownRoundError(
            f"Ronde '{round_.round_id}' vraagt geen antwoorden van '{perspective.value}'. "
            f"Wel van: {', '.join(round_.perspectives)}."
        )


def find_place(register: Register, whose: Whose) -> tuple[House, Round]:
    """The house and the round of something, once they are known to belong together.

    Raises:
        UnknownHouseError, UnknownRoundError: there is no such house or round, or the round does not ask them.
    """
    round_ = find_round(register, whose.round_id)
    house = find_house(register, round_, whose.house_id)
    refuse_not_asked(round_, whose.perspective)
    return house, round_
