"""Houses of the register, for reading: what one says, and what changes in it."""

from datetime import date

from assessment.model.register import House
from assessment.tables.shown import show_day

_WORDS = {
    "title": "naam",
    "unit_id": "eenheid",
    "valid_from": "vanaf",
    "valid_to": "tot en met",
    "merged_into": "opgegaan in",
    "source": "bron",
}


def say_house(house: House) -> str:
    """What the register says of a house, in words."""
    said = {word: _show(getattr(house, field)) for field, word in _WORDS.items()}
    return ", ".join(f"{word} '{text}'" for word, text in said.items() if text)


def say_house_change(before: House, after: House) -> str:
    """What changes in a house, in words."""
    pairs = [(word, _show(getattr(before, f)), _show(getattr(after, f))) for f, word in _WORDS.items()]
    changed = "; ".join(f"{word} '{old}' wordt '{new}'" for word, old, new in pairs if old != new)
    return f"{after.house_id}: {changed}"


def _show(value: str | date | None) -> str:
    return show_day(value) if isinstance(value, date) else value or ""
