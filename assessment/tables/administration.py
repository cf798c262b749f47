"""What is administered, for reading: the register, accounts, backups, and how long records are kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from assessment.model.access import Account
from assessment.model.records import OldRecord, RecordKind
from assessment.model.register import House, Register
from assessment.tables.formats import format_day


def list_register(register: Register) -> pd.DataFrame:
    """The houses of a register for reading, by unit and name."""
    houses = register.sort_houses(register.houses)
    return pd.DataFrame(
        {
            "Kenmerk": [house.house_id for house in houses],
            "Huis": [house.title for house in houses],
            "Eenheid": [register.unit[house.unit_id].title for house in houses],
            "Districten": [", ".join(name_districts(house, register)) for house in houses],
            "Basisteams": [", ".join(house.teams) for house in houses],
            "Vanaf": [format_day(house.valid_from) for house in houses],
            "Tot en met": [format_day(house.valid_to) for house in houses],
            "Opgegaan in": [house.merged_into or "" for house in houses],
            "Bron": [house.source for house in houses],
        }
    )


def name_districts(house: House, register: Register) -> list[str]:
    """The names of the districts of a house, the one that is up first."""
    return [register.district[key].title for key in house.districts]


def list_districts(register: Register) -> pd.DataFrame:
    """The districts of a register for reading, by unit and id, with the houses that they cover."""
    rows = [
        (
            each.district_id,
            each.title,
            unit.title,
            ", ".join(house.title for house in register.houses if each.district_id in house.districts),
        )
        for unit in register.units
        for each in register.districts_of(unit.unit_id)
    ]
    return pd.DataFrame(rows, columns=["Kenmerk", "District", "Eenheid", "Huizen"])


def list_account_rows(accounts: Iterable[Account]) -> pd.DataFrame:
    """Each account with its rights, by id."""
    rows = [
        (
            account.account_id,
            account.name,
            ", ".join(map(str, account.grants)) or "–",
            "ja" if account.identity else "nee",
            format_day(account.added),
            format_day(account.ended),
        )
        for account in accounts
    ]
    headings = ["Account", "Naam", "Rechten", "Kan aanmelden", "Sinds", "Beëindigd"]
    return pd.DataFrame(rows, columns=headings, dtype="str")


_HOUSE_WORDS = {
    "title": "naam",
    "unit_id": "eenheid",
    "valid_from": "vanaf",
    "valid_to": "tot en met",
    "merged_into": "opgegaan in",
    "source": "bron",
    "districts": "districten",
    "teams": "basisteams",
}


def describe_house(house: House) -> str:
    """What the register says of a house, in words."""
    said = {word: _format_field(getattr(house, field)) for field, word in _HOUSE_WORDS.items()}
    return ", ".join(f"{word} '{text}'" for word, text in said.items() if text)


def describe_house_change(before: House, after: House) -> str:
    """What changes in a house, in words."""
    pairs = [
        (word, _format_field(getattr(before, f)), _format_field(getattr(after, f)))
        for f, word in _HOUSE_WORDS.items()
    ]
    changed = "; ".join(f"{word} '{old}' wordt '{new}'" for word, old, new in pairs if old != new)
    return f"{after.house_id}: {changed}"


def _format_field(value: str | date | tuple[str, ...] | None) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return format_day(value) if isinstance(value, date) else value or ""


_ENTRIES_SHOWN = {
    "units": "Eenheden",
    "houses": "Huizen",
    "rounds": "Rondes",
    "submissions": "Inleveringen",
    "answers": "Antwoorden",
    "deviations": "Bewust anders",
    "audit": "Regels in het logboek",
}


def list_contents(now: Mapping[str, int], in_file: Mapping[str, int]) -> pd.DataFrame:
    """How many of each kind there are now and in a backup.

    Args:
        now: rows by table, as the store counts them.
        in_file: the same, of the backup.

    Returns:
        A row per kind: Wat, Nu, In het bestand.
    """
    rows = [(dutch, now.get(name, 0), in_file.get(name, 0)) for name, dutch in _ENTRIES_SHOWN.items()]
    return pd.DataFrame(rows, columns=["Wat", "Nu", "In het bestand"])


def describe_contents(rows: Mapping[str, int]) -> str:
    """How many houses, rounds and submissions there are, in words."""
    told = (("houses", "huizen"), ("rounds", "rondes"), ("submissions", "inleveringen"))
    return ", ".join(f"{rows.get(name, 0)} {dutch}" for name, dutch in told)


def list_retention(terms: Mapping[RecordKind, int], old: Sequence[OldRecord]) -> pd.DataFrame:
    """A row per kind of record: how long it is kept, and how many are older."""
    counts = Counter(record.kind for record in old)
    rows = [
        (kind.dutch, f"{months} maanden" if months else "altijd", counts[kind])
        for kind, months in terms.items()
    ]
    rows.append(("vastgestelde en nieuwste versies, plannen, register, logboek", "altijd", 0))
    return pd.DataFrame(rows, columns=["Wat", "Bewaren", "Zoveel ouder"])


def list_old(old: Sequence[OldRecord]) -> pd.DataFrame:
    """A row per record that would go."""
    return pd.DataFrame(
        {
            "Wat": [record.kind.dutch for record in old],
            "Kenmerk": [record.record_id for record in old],
            "Van": [format_day(record.moment) for record in old],
        }
    )
