"""Use cases on the register: open a round, houses and districts taken over from a file, and changed.

Every house has a version: whoever changes one says which version they saw, and overwrites no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from re import sub
from typing import NamedTuple
from unicodedata import normalize

from pydantic import ValidationError
from sqlalchemy.orm import Session

from assessment.errors import ConflictError, RegisterError
from assessment.model.access import Task
from assessment.model.audit import Action, Change, Signature
from assessment.model.register import District, House, Register, Round
from assessment.model.scale import ASKED, Perspective, Rules
from assessment.readers.files import describe_faults
from assessment.readers.tables import HouseLine, Source, read_districts, read_house_lines, read_units
from assessment.service.access import require
from assessment.service.audit_entries import audit_districts, audit_houses, audit_round, audit_units
from assessment.service.installation import Installation
from assessment.service.lookup import find_registered
from assessment.store.audit import append_changes
from assessment.store.plans import remove_capacities
from assessment.store.register import (
    add_houses,
    add_round,
    add_units,
    change_house,
    load_house_versions,
    load_register,
    put_districts,
)
from assessment.store.register import remove_district as remove
from assessment.tables.administration import describe_house, describe_house_change
from assessment.tables.formats import format_day


class Asks(NamedTuple):
    """What a round asks: which frameworks (politie/1.1), of which houses, from whom, by which rules.

    No houses means every house that exists then; no rules those that the frameworks were made for.
    """

    frameworks: tuple[str, ...]
    house_ids: tuple[str, ...] = ()
    rules: Rules | None = None
    perspectives: tuple[Perspective, ...] = ASKED


def open_round(
    installation: Installation,
    named: tuple[str, str],
    days: tuple[date, date],
    asks: Asks,
    now: datetime,
) -> Round:
    """Open a round.

    Args:
        installation: where.
        named: its id and its title.
        days: its first and its last day.
        asks: the frameworks, the houses and the rules.
        now: the moment of opening it.

    Raises:
        NotAllowedError: the visitor may not open rounds.
        RegisterError: the round exists, a house is not known, or a date is off.
        FrameworkError: a framework has no such published version, or was made for other rules.
    """
    require(installation, Task.MANAGE_ROUNDS)
    register = installation.register()
    existing = tuple(house.house_id for house in register.houses if _exists(house, days[0]))
    opened = _make_round(
        {
            "round_id": named[0],
            "title": named[1],
            "opens": days[0],
            "closes": days[1],
            "frameworks": asks.frameworks,
            "house_ids": asks.house_ids or existing,
            "perspectives": asks.perspectives,
        }
    )
    _refuse_unknown(register, opened)
    rules = asks.rules or installation.library.find_rules(opened.frameworks)
    opened = opened.model_copy(update={"rules": rules})
    installation.questionnaire_of(opened)
    with installation.store.writing() as session:
        add_round(session, opened)
        append_changes(session, Signature(installation.who, now), [audit_round(opened)])
    return opened


def make_round_id(title: str) -> str:
    """The id of a round that is called so: "Voorjaar 2027" becomes voorjaar-2027; empty of no letter."""
    plain = normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return sub(r"[^a-z0-9]+", "-", plain).strip("-")


def describe_left_out(register: Register, opened: Round) -> list[str]:
    """Tell of each house of the register that a round for all houses does not ask, why."""
    left_out = [house for house in register.houses if not _exists(house, opened.opens)]
    return [
        f"{house.title} doet niet mee: {_why_left_out(house, opened.opens)}."
        for house in register.sort_houses(left_out)
        if house.house_id not in opened.house_ids
    ]


def _make_round(given: dict[str, object]) -> Round:
    try:
        return Round.model_validate(given)
    except ValidationError as error:
        raise RegisterError("\n".join(describe_faults(error.errors(), None))) from error


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
        return f"het begint op {format_day(house.valid_from)}"
    ended = f"het bestond tot en met {format_day(house.valid_to)}"
    return f"{ended} en ging op in {house.merged_into}" if house.merged_into else ended


def _exists(house: House, day: date) -> bool:
    return (house.valid_from or day) <= day <= (house.valid_to or day)


class HouseRevision(NamedTuple):
    """A house as the register has it, and which version that is."""

    house: House
    version: int


def load_revision(session: Session, house_id: str) -> HouseRevision:
    """A house with its version.

    Raises:
        UnknownHouseError: the register does not know the house.
    """
    house = find_registered(load_register(session), house_id)
    return HouseRevision(house, load_house_versions(session)[house_id])


def edit_house(
    installation: Installation, seen: HouseRevision, changes: Mapping[str, object], now: datetime
) -> HouseRevision:
    """Change what the register says of a house.

    Args:
        installation: where.
        seen: the house as it was seen.
        changes: new values by the name of the field.
        now: the moment.

    Returns:
        The house as it is stored; without a new version where nothing changed.

    Raises:
        NotAllowedError: the visitor may not change the register.
        RegisterError: a value is not sound.
        ConflictError: somebody changed the house meanwhile; the message tells both.
    """
    require(installation, Task.CHANGE_REGISTER)
    if "shares_text" in changes:
        require(installation, Task.SHARE_TEXT, seen.house)
    house = _validate(seen.house, changes)
    with installation.store.writing() as session:
        before, stored = load_register(session), load_revision(session, house.house_id)
        if stored.house == house:
            return stored
        refuse_unfit(before, house.house_id, houses=[house])
        if not change_house(session, house, seen.version):
            raise ConflictError(_describe_conflict(stored, house))
        append_changes(session, Signature(installation.who, now), audit_houses(before, (house,)))
    return HouseRevision(house, seen.version + 1)


def find_changes(installation: Installation, file: Source) -> dict[HouseRevision, str]:
    """What taking a file over would change in houses of which it does not say the version.

    Returns:
        Each house as it is, with what becomes of it in words.
    """
    require(installation, Task.CHANGE_REGISTER)
    with installation.store.reading() as session:
        register, versions = load_register(session), load_house_versions(session)
    return {
        HouseRevision(before, versions[house.house_id]): describe_house_change(before, house)
        for house, seen in _read_lines(file, register)
        if (before := register.house.get(house.house_id)) not in {None, house} and not seen and before
    }


def import_houses(
    installation: Installation, file: Source, now: datetime, seen: Iterable[HouseRevision] = ()
) -> int:
    """Take houses over from a CSV file, all or none; those that are there already are updated.

    Args:
        installation: where.
        file: the file.
        now: the moment.
        seen: houses of which the file does not say the version, as somebody saw them.

    Returns:
        How many houses the file holds.

    Raises:
        NotAllowedError: the visitor may not change the register.
        RegisterError: a line is not sound, or real and invented houses would mix.
        ConflictError: somebody changed a house since the file was made, or since it was seen.
    """
    require(installation, Task.CHANGE_REGISTER)
    versions = {each.house.house_id: each.version for each in seen}
    units = read_units(installation.settings.data / "units.csv")
    with installation.store.writing() as session:
        before = load_register(session)
        lines = _read_lines(file, before)
        houses = tuple(line.house for line in lines)
        _refuse_mixing(before, houses, file)
        refuse_unfit(before.model_copy(update={"units": units}), str(file), houses=houses)
        _refuse_conflicts(session, [(h, seen or versions.get(h.house_id, 0)) for h, seen in lines])
        add_units(session, units)
        add_houses(session, houses)
        changes = [*audit_units(before, units), *audit_houses(before, houses)]
        append_changes(session, Signature(installation.who, now), changes)
    return len(houses)


def _read_lines(file: Source, register: Register) -> list[HouseLine]:
    """The lines of a file; what a house chose itself is not in it, and stays."""
    lines = read_house_lines(file)
    chosen = {house.house_id: house.shares_text for house in register.houses}
    return [
        HouseLine(house.model_copy(update={"shares_text": chosen.get(house.house_id, False)}), seen)
        for house, seen in lines
    ]


def _validate(house: House, changes: Mapping[str, object]) -> House:
    try:
        return House.model_validate(house.model_dump() | dict(changes))
    except ValidationError as error:
        raise RegisterError(
            "\n".join(f"{house.house_id}: {fault}" for fault in describe_faults(error.errors(), None))
        ) from error


def _refuse_mixing(register: Register, houses: Iterable[House], file: Source) -> None:
    merged = register.house | {house.house_id: house for house in houses}
    if len({house.invented for house in merged.values()}) > 1:
        raise RegisterError(f"{file}: echte en verzonnen huizen gaan niet samen in één database.")


def _refuse_conflicts(session: Session, lines: Iterable[tuple[House, int]]) -> None:
    register, versions = load_register(session), load_house_versions(session)
    told = [
        _describe_conflict(HouseRevision(register.house[house.house_id], versions[house.house_id]), house)
        for house, seen in lines
        if seen and versions.get(house.house_id, seen) != seen and register.house[house.house_id] != house
    ]
    if told:
        raise ConflictError("\n".join(told))


def _describe_conflict(stored: HouseRevision, mine: House) -> str:
    return (
        f"{mine.house_id}: intussen veranderd. Versie {stored.version} is {describe_house(stored.house)}; "
        f"van u is {describe_house(mine)}. Er is niets overschreven: kies een van beide en geef versie "
        f"{stored.version} erbij."
    )


def put_district(installation: Installation, given: dict[str, str], now: datetime) -> District:
    """Add a district, or change the one with this id.

    Args:
        installation: where.
        given: district_id, title and unit_id.
        now: the moment.

    Raises:
        NotAllowedError: the visitor may not change the register.
        RegisterError: a value is not sound, the unit is not there, or a house or a unit is called so already.
    """
    require(installation, Task.CHANGE_REGISTER)
    try:
        district = District.model_validate(given)
    except ValidationError as error:
        raise RegisterError("\n".join(describe_faults(error.errors(), None))) from error
    _put(installation, [district], given["district_id"], now)
    return district


def import_districts(installation: Installation, file: Path, now: datetime) -> int:
    """Take districts over from a CSV file, all or none; those that are there already are updated.

    Returns:
        How many districts the file holds.

    Raises:
        NotAllowedError: the visitor may not change the register.
        RegisterError: a line is not sound, or a district does not fit in the register.
    """
    require(installation, Task.CHANGE_REGISTER)
    districts = read_districts(file)
    _put(installation, districts, str(file), now)
    return len(districts)


def remove_district(installation: Installation, district_id: str, now: datetime) -> None:
    """Take a district out of the register.

    Raises:
        NotAllowedError: the visitor may not change the register.
        RegisterError: it is not there, or a house still has it.
    """
    require(installation, Task.CHANGE_REGISTER)
    with installation.store.writing() as session:
        register = load_register(session)
        _refuse_used(register, district_id)
        remove(session, district_id)
        remove_capacities(session, district_id)
        old = register.district[district_id].model_dump(mode="json")
        gone = Change(action=Action.DISTRICT_REMOVED, subject=district_id, old=old, new=None)
        append_changes(session, Signature(installation.who, now), [gone])


def _put(installation: Installation, districts: Iterable[District], where: str, now: datetime) -> None:
    given = tuple(districts)
    with installation.store.writing() as session:
        before = load_register(session)
        refuse_unfit(before, where, districts=given)
        put_districts(session, given)
        append_changes(session, Signature(installation.who, now), audit_districts(before, given))


def refuse_unfit(
    register: Register, where: str, *, districts: Sequence[District] = (), houses: Sequence[House] = ()
) -> None:
    """Refuse districts and houses that do not fit in a register: an unknown unit, a circle of mergers.

    Args:
        register: the register as it is; what is given stands in the place of what has the same id.
        where: what they come from.
        districts: districts that are new or changed.
        houses: houses that are new or changed.

    Raises:
        RegisterError: one line per fault.
    """
    new_districts = {each.district_id for each in districts}
    new_houses = {each.house_id for each in houses}
    kept_districts = (each for each in register.districts if each.district_id not in new_districts)
    kept_houses = (each for each in register.houses if each.house_id not in new_houses)
    try:
        Register(
            units=register.units, districts=(*kept_districts, *districts), houses=(*kept_houses, *houses)
        )
    except ValidationError as error:
        faults = describe_faults(error.errors(), None)
        raise RegisterError("\n".join(f"{where}: {fault}" for fault in faults)) from error


def _refuse_used(register: Register, district_id: str) -> None:
    if district_id not in register.district:
        known = ", ".join(register.district) or "er zijn er geen"
        raise RegisterError(f"District '{district_id}' staat niet in het register. Wel: {known}.")
    using = [house.title for house in register.houses if district_id in house.districts]
    if using:
        raise RegisterError(
            f"District '{district_id}' hoort nog bij: {', '.join(using)}. Haal het daar eerst weg. "
            "Er is niets veranderd."
        )
