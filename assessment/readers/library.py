"""The published frameworks of an installation, each read once in a process: a version is never edited."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Round
from assessment.model.scale import Rules
from assessment.readers.framework import find_published, list_published, read_questionnaire


class Library(NamedTuple):
    """The folder that holds them; small enough to go to another process."""

    folder: Path

    def questionnaire_of(self, asked: Round) -> Questionnaire:
        """The questionnaire that a round asks.

        Raises:
            FrameworkError: a published version is gone, when it is first asked for, or not sound.
        """
        return _read_asked(self.folder, asked.frameworks, asked.rules)

    def find_rules(self, frameworks: tuple[str, ...]) -> Rules:
        """By which rules these frameworks were made to be scored; those of before where none says so.

        Raises:
            FrameworkError: a version is not there or not sound, or they were made for different rules.
        """
        return _read_asked(self.folder, frameworks, None).rules

    def find_questionnaire(self, refs: tuple[str, ...]) -> Questionnaire | None:
        """The questionnaire of these frameworks, or None where one of them was never published here."""
        published = self._published()
        if not set(refs) <= published.keys():
            return None
        return _read_once(tuple(published[ref] for ref in refs))

    def published_ids(self) -> frozenset[str]:
        """The ids of all criteria and questions in any published framework."""
        return _list_ids(tuple(self._published().values()))

    def _published(self) -> dict[str, Path]:
        return {f"{path.parent.name}/{path.stem}": path for path in list_published(self.folder)}


@lru_cache(maxsize=32)
def _read_asked(folder: Path, frameworks: tuple[str, ...], rules: Rules | None) -> Questionnaire:
    refs = (ref.split("/") for ref in frameworks)
    return _read_once(tuple(find_published(folder, name, version) for name, version in refs), rules)


@lru_cache(maxsize=32)
def _read_once(paths: tuple[Path, ...], rules: Rules | None = None) -> Questionnaire:
    return read_questionnaire(paths, rules)


@lru_cache(maxsize=8)
def _list_ids(paths: tuple[Path, ...]) -> frozenset[str]:
    asked = [_read_once((path,)) for path in paths]
    return frozenset(key for each in asked for key in (*each.criterion, *each.question))
