"""One installation: its settings, its store, and the processes that read files for it."""

from dataclasses import dataclass, field
from functools import partial

from assessment.model.access import OPERATOR, Visitor
from assessment.model.questionnaire import Questionnaire
from assessment.model.register import Register, Round
from assessment.readers.framework import Library
from assessment.readers.isolation import ReaderPool
from assessment.settings import Settings
from assessment.store.engine import Store, open_store
from assessment.store.register import load_register

_LOADED_ONCE = ("assessment.service.reading",)


@dataclass(frozen=True)
class Installation:
    """What every use case works on, and for whom."""

    settings: Settings
    store: Store
    reader_pool: ReaderPool = field(default_factory=partial(ReaderPool, loaded_once=_LOADED_ONCE))
    visitor: Visitor = OPERATOR

    @property
    def who(self) -> str:
        """What the audit trail says."""
        return self.visitor.signature

    @property
    def whose(self) -> str:
        """Whose files are read, so that nobody takes all processes; empty for who works here alone."""
        return "" if self.visitor.operator else self.who

    def register(self) -> Register:
        """The register as it is now."""
        with self.store.reading() as session:
            return load_register(session)

    def close(self) -> None:
        """Let go of the database and of the processes that read files."""
        self.reader_pool.close()
        self.store.engine.dispose()

    @property
    def library(self) -> Library:
        """The published frameworks."""
        return Library(self.settings.questionnaires)

    def questionnaire_of(self, round_: Round) -> Questionnaire:
        """The questionnaire that a round asks.

        Raises:
            FrameworkError: a published version is gone or not sound.
        """
        return self.library.questionnaire_of(round_)


def open_installation(settings: Settings) -> Installation:
    """Open the installation that the settings describe.

    Raises:
        StoreError: the database cannot be used.
    """
    return Installation(settings, open_store(settings.database_url))
