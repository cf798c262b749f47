"""The bytes of a file, models out of YAML, and the faults in what a file holds, in Dutch with their place."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.reader import ReaderError

from assessment.errors import FileAccessError, UserError, describe_reason

_NUMBER = "moet een getal zijn"
_WHOLE = "moet een heel getal zijn"
_DAY = "moet een datum zijn, bijvoorbeeld 31-12-2027"
_MOMENT = "moet een datum met een tijd zijn (jjjj-mm-ddTuu:mm)"
_TEXT = "moet een tekst zijn (zet een getal tussen aanhalingstekens)"
_BARE_WORD = (
    "moet een tekst zijn: No, Yes, On en Off zonder aanhalingstekens leest YAML niet als tekst; schrijf 'No'"
)
_YES_NO = "moet true of false zijn"
_FIELDS = "moet uit velden met een naam bestaan"
_FAULTS = {
    "missing": "ontbreekt",
    "extra_forbidden": "is geen bekend veld; haal het weg of verbeter de naam",
    "invalid_key": "is geen bekend veld; de naam moet een tekst zijn",
    "none_required": "moet leeg zijn",
    "string_type": _TEXT,
    "string_unicode": "bevat tekens die hier niet kunnen",
    "string_too_short": "mag niet leeg zijn",
    "string_too_long": "mag hoogstens {max_length} tekens hebben",
    "string_pattern_mismatch": "heeft niet de goede vorm ({pattern})",
    "enum": "moet een van deze zijn: {expected}",
    "too_short": "heeft er ten minste {min_length} nodig",
    "too_long": "mag er hoogstens {max_length} hebben",
    "greater_than": "moet groter zijn dan {gt}",
    "greater_than_equal": "moet ten minste {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "finite_number": "moet een eindig getal zijn",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "is een te groot getal",
    "int_from_float": _WHOLE,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "model_type": _FIELDS,
    "model_attributes_type": _FIELDS,
    "dict_type": _FIELDS,
    "is_instance_of": _FIELDS,
    "tuple_type": "moet een lijst zijn",
    "recursion_loop": "verwijst naar zichzelf",
    "value_error": "{error}",
}
_OTHER_FAULT = "is hier niet goed"


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        FileAccessError: the file is not there or may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileAccessError(f"{path}: kan het bestand niet lezen ({describe_reason(error)}).") from error


def describe_faults(faults: Sequence[ErrorDetails], given: object) -> list[str]:
    """Tell each fault in Dutch: place, then what is wrong."""
    return [
        _describe(_place(fault["loc"], given), _fault(fault)) for fault in faults if _is_true(fault, faults)
    ]


def _is_true(fault: ErrorDetails, faults: Iterable[ErrorDetails]) -> bool:
    """Whether a fault is one of its own: a list is not too short because what stands in it is not sound."""
    depth = len(fault["loc"])
    within = (other for other in faults if len(other["loc"]) > depth)
    return fault["type"] != "too_short" or all(other["loc"][:depth] != fault["loc"] for other in within)


def _describe(place: str, fault: str) -> str:
    """Name the place once, also where the fault names it itself."""
    return fault if place and fault.startswith(f"{place}:") else f"{place} {fault.removeprefix(': ')}".strip()


def _fault(fault: ErrorDetails) -> str:
    """Say a fault in Dutch; the library's own words are English, also in a list of what is expected."""
    if fault["type"] == "string_type" and isinstance(fault["input"], bool):
        return _BARE_WORD
    told = dict(fault.get("ctx", {}))
    if "expected" in told:
        told["expected"] = str(told["expected"]).replace(" or ", " of ")
    return _FAULTS.get(fault["type"], _OTHER_FAULT).format(**told)


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
    ids = (value for key, value in given.items() if str(key).endswith("_id"))
    return next((str(value) for value in ids if not isinstance(value, dict)), None)


Model = TypeVar("Model", bound=BaseModel)

_TEXT = "tag:yaml.org,2002:str"


class _DoubleKeysError(yaml.YAMLError):
    """A key occurs twice; its text is Dutch."""


class _StrictLoader(yaml.CSafeLoader):
    """Refuses a key that occurs twice: plain YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002
        texts = {key.value for key, _ in node.value if key.tag == _TEXT}
        if len(texts) < len(node.value):
            self._refuse_doubles(node)
        return dict(super().construct_mapping(node, deep))

    def _refuse_doubles(self, node: yaml.MappingNode) -> None:
        """Look at the keys as what they mean: 1 and 0x1 are one key, 1 and "1" are two."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        doubles = sorted({str(key) for key in keys if keys.count(key) > 1})
        if doubles:
            line = node.start_mark.line + 1
            raise _DoubleKeysError(f"regel {line}: veld komt dubbel voor: {', '.join(doubles)}")


def read_model(path: Path, model: type[Model], refusal: type[UserError]) -> Model:
    """Read one YAML file into a model.

    Args:
        path: the file.
        model: what it should hold.
        refusal: the error to raise when it does not.

    Raises:
        UserError: of the class `refusal`; one line per fault, with its place.
    """
    content = read_bytes(path)
    try:
        given = yaml.load(content, _StrictLoader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise refusal(f"{path}: geen geldige YAML: {_describe_fault(error)}.") from error
    try:
        return model.model_validate(given)
    except ValidationError as error:
        lines = (f"{path}: {fault}" for fault in describe_faults(error.errors(), given))
        raise refusal("\n".join(lines)) from error


def _describe_fault(error: Exception) -> str:
    """Say in Dutch what the library cannot read, with the place where it knows one."""
    match error:
        case _DoubleKeysError():
            return str(error)
        case yaml.MarkedYAMLError(problem_mark=mark) if mark is not None:
            return (
                f"regel {mark.line + 1}, kolom {mark.column + 1} is niet te lezen; let op inspringen, "
                "dubbele punten en aanhalingstekens"
            )
        case ReaderError():
            return "er staan tekens in die niet kunnen; bewaar het bestand als UTF-8"
        case RecursionError():
            return "te veel lagen in elkaar"
        case _:
            return "er staat een datum of getal in dat niet bestaat; zet het tussen aanhalingstekens"
