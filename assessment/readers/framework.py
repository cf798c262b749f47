"""The published frameworks in `questionnaires/`: one folder a framework, one YAML file a version."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from assessment.errors import FrameworkError
from assessment.model.framework import Framework
from assessment.model.questionnaire import Questionnaire
from assessment.model.scale import Rules
from assessment.readers.files import read_bytes, read_model, tell_faults


def read_framework(path: Path) -> Framework:
    """Read and check one framework file.

    Raises:
        FrameworkError: one line per fault, with its place in the file.
        FileAccessError: the file cannot be read.
    """
    return read_model(path, Framework, FrameworkError)


def read_questionnaire(paths: Iterable[Path], rules: Rules | None = None) -> Questionnaire:
    """Read the framework files that a round asks and take them together.

    Args:
        paths: the files, in order.
        rules: by which the answers are scored; None for those that the frameworks were made for, and where
            they do not say for those of before.

    Raises:
        FrameworkError: a file is not sound, or the files contradict each other.
        FileAccessError: a file cannot be read.
    """
    files = tuple(paths)
    digest = sha256(b"".join(read_bytes(path) for path in files)).hexdigest()
    frameworks = tuple(read_framework(path) for path in files)
    made_for = max((each.rules for each in frameworks if each.rules), default=Rules.ONE)
    try:
        return Questionnaire(frameworks=frameworks, sha256=digest, rules=rules or made_for)
    except ValidationError as error:
        raise FrameworkError("\n".join(tell_faults(error.errors(), None))) from error


def find_published(folder: Path, framework_id: str, version: str) -> Path:
    """Find the file of one published version.

    Raises:
        FrameworkError: that version is not there.
    """
    path = folder / framework_id / f"{version}.yaml"
    if not path.is_file():
        there = ", ".join(f"{file.parent.name} {file.stem}" for file in list_published(folder))
        raise FrameworkError(
            f"Vragenlijst '{framework_id}' versie {version} staat niet in {folder.name}/. Wel: {there}."
        )
    return path


def list_published(folder: Path) -> list[Path]:
    """List the files of all published versions, by framework and version."""
    return sorted(folder.glob("*/*.yaml"), key=lambda path: (path.parent.name, _version_key(path)))


def _version_key(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.stem.split(".") if part.isdigit())
