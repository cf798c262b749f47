"""The bytes of a file, and the faults in what it holds, told in Dutch with their place."""

from collections.abc import Iterable
from pathlib import Path

from pydantic_core import ErrorDetails

from assessment.errors import FileAccessError, say_reason

_FAULTS = {
    "missing": "ontbreekt",
    "extra_forbidden": "is geen bekend veld; haal het weg of verbeter de naam",
    "string_type": "moet een tekst zijn (zet een getal tussen aanhalingstekens)",
    "string_too_short": "mag niet leeg zijn",
    "enum": "moet een van deze zijn: {expected}",
    "string_pattern_mismatch": "heeft niet de goede vorm ({pattern})",
    "too_short": "heeft er ten minste {min_length} nodig",
    "greater_than": "moet groter zijn dan {gt}",
    "greater_than_equal": "moet ten minste {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "int_parsing": "moet een heel getal zijn",
    "date_from_datetime_parsing": "moet een datum zijn (jjjj-mm-dd)",
    "value_error": "{error}",
}


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        FileAccessError: the file is not there or may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileAccessError(f"{path}: kan het bestand niet lezen ({say_reason(error)}).") from error


def find_separator(line: str) -> str:
    """The separator of a CSV file, by its headings; Dutch Excel saves with a semicolon."""
    return max(",;\t", key=line.count)


def tell_faults(faults: Iterable[ErrorDetails], given: object) -> list[str]:
    """Tell each fault in Dutch: place, then what is wrong."""
    return [f"{_place(fault['loc'], given)} {_fault(fault)}".strip() for fault in faults]


def _fault(fault: ErrorDetails) -> str:
    template = _FAULTS.get(fault["type"], fault["msg"])
    return template.format(**fault.get("ctx", {}))


def _place(steps: tuple[int | str, ...], given: object) -> str:
    """Name the nearest id on the way to a fault, and the way from there."""
    way: list[str] = []
    for step in steps:
        given = _step_into(given, step)
        own_id = _own_id(given)
        way = [own_id] if own_id else [*way, f"nr. {step + 1}" if isinstance(step, int) else step]
    return " › ".join(way)


def _step_into(given: object, step: int | str) -> object:
    if isinstance(given, dict):
        return given.get(step)
    if isinstance(given, list) and isinstance(step, int) and step < len(given):
        return given[step]
    return None


def _own_id(given: object) -> str | None:
    if not isinstance(given, dict):
        return None
    return next((str(value) for key, value in given.items() if str(key).endswith("_id")), None)
