"""YAML files in, as models; every fault is collected and told in Dutch with its place."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.reader import ReaderError

from assessment.errors import UserError
from assessment.readers.files import read_bytes, tell_faults

Model = TypeVar("Model", bound=BaseModel)


class _DoubleKeysError(yaml.YAMLError):
    """A key occurs twice; its text is Dutch."""


class _StrictLoader(yaml.CSafeLoader):
    """Refuses a key that occurs twice: plain YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        doubles = sorted({str(key) for key in keys if keys.count(key) > 1})
        if doubles:
            line = node.start_mark.line + 1
            raise _DoubleKeysError(f"regel {line}: veld komt dubbel voor: {', '.join(doubles)}")
        return dict(super().construct_mapping(node, deep))


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
        raise refusal(f"{path}: geen geldige YAML: {_say_fault(error)}.") from error
    try:
        return model.model_validate(given)
    except ValidationError as error:
        lines = (f"{path}: {fault}" for fault in tell_faults(error.errors(), given))
        raise refusal("\n".join(lines)) from error


def _say_fault(error: Exception) -> str:
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
