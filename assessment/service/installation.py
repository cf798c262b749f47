"""One installation: its settings and store, and how a use case finds a round, a house, a questionnaire."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from assessment.errors import UnknownHouseError, UnknownRoundError
from assessment.model.audit import NOBODY_SIGNED_IN
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import House, Register, Round
from assessment.readers.framework import find_published, list_published, read_questionnaire
from assessment.readers.isolation import ReadingRoom
from assessment.settings import Settings
from assessment.store.engine import Store, open_store
from assessment.store.register import load_register


@dataclass(frozen=True)
class Installation:
    """What every use case works on, and for whom: `who` is what the audit trail says."""

    settings: Settings
    store: Store
    reading_room: ReadingRoom = field(default_factory=ReadingRoom)
    who: str = NOBODY_SIGNED_IN

    def register(self) -> Register:
        """The register as it is now."""
        with self.store.reading() as session:
            return load_register(session)

    def close(self) -> None:
        """Let go of the database and of the processes that read files."""
        self.reading_room.close()
        self.store.engine.dispose()

    def questionnaire_of(self, asked: Round) -> Questionnaire:
        """The questionnaire that a round asks.

        Raises:
            FrameworkError: a published version is gone or not sound.
        """
        folder = self.settings.questionnaires
        refs = (ref.split("/") for ref in asked.frameworks)
        return _read_once(tuple(find_published(folder, name, version) for name, version in refs))

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
        return {
            f"{path.parent.name}/{path.stem}": path for path in list_published(self.settings.questionnaires)
        }


def open_installation(settings: Settings) -> Installation:
    """Open the installation that the settings describe.

    Raises:
        StoreError: the database cannot be used.
    """
    return Installation(settings, open_store(settings.database_url))


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


def _refuse_no_rounds(register: Register) -> None:
    if not register.rounds:
        raise UnknownRoundError(
            "Er is nog geen ronde. Begin met: kaderscan demo, of open er een: kaderscan round open."
        )


def find_house(register: Register, asked: Round, house_id: str) -> House:
    """Find a house of a round.

    Raises:
        UnknownHouseError: the register does not know the house.
        UnknownRoundError: the round does not concern the house.
    """
    if house_id not in register.house:
        raise UnknownHouseError(f"Huis '{house_id}' staat niet in het register. Zie: kaderscan house list.")
    if house_id not in asked.house_ids:
        others = [each.round_id for each in register.rounds if house_id in each.house_ids]
        remedy = f"Wel aan: {', '.join(others)}" if others else "Open er een: kaderscan round open"
        raise UnknownRoundError(f"Huis '{house_id}' doet niet mee aan ronde '{asked.round_id}'. {remedy}.")
    return register.house[house_id]


@lru_cache(maxsize=32)
def _read_once(paths: tuple[Path, ...]) -> Questionnaire:
    """A published version is never edited, so it is read once."""
    return read_questionnaire(paths)


@lru_cache(maxsize=8)
def _list_ids(paths: tuple[Path, ...]) -> frozenset[str]:
    asked = [_read_once((path,)) for path in paths]
    return frozenset(key for each in asked for key in (*each.criterion, *each.question))
