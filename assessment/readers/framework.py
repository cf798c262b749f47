"""The published frameworks in `questionnaires/`: one folder a framework, one file a version, read once."""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from assessment.errors import FrameworkError
from assessment.model.framework import Framework
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Round
from assessment.model.scale import Actor, Rules
from assessment.readers.files import describe_faults, read_bytes, read_model


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
        raise FrameworkError("\n".join(describe_faults(error.errors(), None))) from error


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


class Library(NamedTuple):
    """The folder that holds them; small enough to go to another process."""

    folder: Path

    def questionnaire_of(self, round_: Round) -> Questionnaire:
        """The questionnaire that a round asks.

        Raises:
            FrameworkError: a published version is gone, when it is first asked for, or not sound.
        """
        return _read_asked(self.folder, round_.frameworks, round_.rules)

    def find_rules(self, frameworks: tuple[str, ...]) -> Rules:
        """By which rules these frameworks were made to be scored; those of before where none says so.

        Raises:
            FrameworkError: a version is not there or not sound, or they were made for different rules.
        """
        return _read_asked(self.folder, frameworks, None).rules

    def try_instead(self, round_: Round, ref: str, file: Path) -> Questionnaire:
        """What a round would ask with another file in the place of one of its frameworks, by its rules.

        Where the file was made for other rules, by those.

        Raises:
            FrameworkError: a version is not there or not sound, or they do not go together.
        """
        published = self._published()
        paths = [file if each == ref else published[each] for each in round_.frameworks]
        return read_questionnaire(paths, read_framework(file).rules or round_.rules)

    def find_editions(self) -> dict[str, Framework]:
        """Every published version by its ref, as framework_id/version; by framework, the oldest first.

        Raises:
            FrameworkError: one of them is not sound.
        """
        return {ref: _read_once((path,)).frameworks[0] for ref, path in self._published().items()}

    def find_questionnaire(self, refs: tuple[str, ...]) -> Questionnaire | None:
        """The questionnaire of these frameworks, or None where one of them was never published here."""
        published = self._published()
        if not set(refs) <= published.keys():
            return None
        return _read_once(tuple(published[ref] for ref in refs))

    def actors(self) -> tuple[Actor, ...]:
        """Who can be up for a measure in any published framework."""
        asked = (_read_once((path,)) for path in self._published().values())
        return tuple(dict.fromkeys(actor for each in asked for actor in each.actors))

    def published_ids(self) -> frozenset[str]:
        """The ids of all criteria and questions in any published framework."""
        return _list_ids(tuple(self._published().values()))

    def _published(self) -> dict[str, Path]:
        return {f"{path.parent.name}/{path.stem}": path for path in list_published(self.folder)}


@lru_cache(maxsize=32)
def _read_asked(folder: Path, frameworks: tuple[str, ...], rules: Rules | None) -> Questionnaire:
    refs = (ref.split("/") for ref in frameworks)
    paths = tuple(find_published(folder, name, version) for name, version in refs)
    made = _read_once(paths)
    return made if rules in {None, made.rules} else read_questionnaire(paths, rules)


@lru_cache(maxsize=32)
def _read_once(paths: tuple[Path, ...]) -> Questionnaire:
    return read_questionnaire(paths)


@lru_cache(maxsize=8)
def _list_ids(paths: tuple[Path, ...]) -> frozenset[str]:
    asked = [_read_once((path,)) for path in paths]
    return frozenset(key for each in asked for key in (*each.criterion, *each.question))
