"""A database that is ready for use: SQLite by default, PostgreSQL by one setting, at the newest version."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from assessment.errors import StoreError, say_reason

_MIGRATIONS = Path(__file__).with_name("migrations")
_READ_ONLY = "kaderscan_read_only"


@dataclass(frozen=True)
class Store:
    """A database to read from and to write to."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and changes nothing."""
        reader = self.engine.execution_options(**{_READ_ONLY: True})
        with _telling_faults(), Session(reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction: stored whole when the block ends, or not at all."""
        with _telling_faults(), Session(self.engine) as session, session.begin():
            yield session


def open_store(url: str) -> Store:
    """Open a database, make it where it is not there yet, and bring it to the newest version.

    Raises:
        StoreError: the address is not sound, the database cannot be reached, or it is newer than this
            program.
    """
    try:
        engine = create_engine(_ready_url(url))
    except (ArgumentError, ValueError, ModuleNotFoundError) as error:
        raise StoreError(
            "Het adres van de database klopt niet (KADERSCAN_DATABASE_URL; zie: kaderscan settings). "
            "Zo wel: sqlite:///map/naam.sqlite"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with _telling_faults():
            _bring_up_to_date(engine)
    except StoreError:
        engine.dispose()
        raise
    return Store(engine)


def _ready_url(url: str) -> str:
    """Make the folder of an SQLite file, and name the driver of PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        _make_folder(Path(str(parsed.database)).parent)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: kan de map van de database niet maken ({say_reason(error)}).") from error


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    """Leave transactions to us, keep readers and writers apart (WAL), wait for a lock instead of failing."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: with a deferred begin concurrent writers fail at their first change."""
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that this database has not had yet."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError("De database is van een nieuwere versie van Kaderscan. Werk dit programma bij.")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _telling_faults() -> Iterator[None]:
    """Tell what the database says as one Dutch line."""
    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise StoreError(f"De database doet het niet: {reason}. Er is niets bewaard.") from error
