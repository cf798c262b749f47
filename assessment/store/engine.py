"""A database that is ready for use: SQLite by default, PostgreSQL by one setting, at the newest version.

On both, writers take turns and a reader sees one moment, so that a use case holds the same on either.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.orm import Session

from assessment.errors import StoreError, describe_reason
from assessment.store.faults import NOT_CERTAIN, telling_faults
from assessment.store.upgrade import find_migration, list_migrations, upgrade

_READ_ONLY = "kaderscan_read_only"
_ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
# How long a writer waits for its turn.
_PATIENCE_MS = 30_000
# Seconds until a question that got no turn is asked again.
_SHORT_WHILE = 0.02
_OWNER_ONLY = 0o600
# The lock on PostgreSQL that whoever writes takes; it is known in its own database only.
_TURN = 1262568786


@dataclass(frozen=True)
class Store:
    """A database to read from and to write to."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and changes nothing."""
        with telling_faults(), Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction, one writer at a time: stored whole at the end, or not at all."""
        with telling_faults(), Session(self.engine) as session:
            yield session
            session.flush()
            with telling_faults(NOT_CERTAIN):
                session.commit()

    @cached_property
    def _reader(self) -> Engine:
        one_moment = _ONE_MOMENT if self.engine.dialect.name == "postgresql" else {}
        return self.engine.execution_options(**{_READ_ONLY: True}, **one_moment)


class SqliteFile:
    """Keeps the connections of an engine on the file that stands at its address.

    A file can be moved, replaced or gone while the program runs. SQLite itself would go on in a file that
    nobody finds any more, or make an empty one in its place.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # Whether a connection may make the file: only until the database is ready.
        self.may_be_made = True

    def watch(self, engine: Engine) -> None:
        """Look at the file when a connection is made, and whenever it is used again."""
        event.listen(engine, "do_connect", self._refuse_gone)
        event.listen(engine, "connect", self._remember)
        event.listen(engine, "checkout", self._check)

    def keep_private(self) -> None:
        """Let its owner alone read the file: made so before it holds anything, its companions follow it.

        A file of somebody else is theirs to protect.
        """
        made = os.open(self._path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY)
        os.close(made)
        for suffix in ("", "-wal", "-shm"):
            path = self._path.with_name(f"{self._path.name}{suffix}")
            if os.name == "posix" and path.exists() and path.stat().st_uid == os.geteuid():
                path.chmod(_OWNER_ONLY)

    def _refuse_gone(self, *_: object) -> None:
        if not self.may_be_made and not self._path.is_file():
            raise StoreError(
                f"De database doet het niet: {self._path} is er niet meer. Zet het bestand terug, of begin "
                "het programma opnieuw om een lege database te maken. Er is niets bewaard."
            )

    def _remember(self, _connection: object, record: Any) -> None:  # noqa: ANN401 - the library's own type
        record.info["file"] = self._identify()

    def _check(self, _connection: object, record: Any, _proxy: object) -> None:  # noqa: ANN401 - as above
        if record.info["file"] != self._identify():
            raise DisconnectionError("another file stands where this connection found its own")

    def _identify(self) -> tuple[int, int] | None:
        """Which file stands at the address now."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def open_store(url: str) -> Store:
    """Open a database, make it where it is not there yet, and bring it to the newest version.

    Raises:
        StoreError: the address is not sound, the database cannot be reached, or it is newer than this
            program.
    """
    engine = _make_engine(url)
    file = _watch_file(engine)
    store = Store(engine)
    try:
        with telling_faults():
            _bring_up_to_date(store)
    except StoreError:
        engine.dispose()
        raise
    if file is not None:
        file.may_be_made = False
    return store


def _watch_file(engine: Engine) -> SqliteFile | None:
    """Keep an SQLite database on its file; one in memory has none."""
    name = engine.url.database or ""
    if engine.dialect.name != "sqlite" or name in {"", ":memory:"} or name.startswith("file:"):
        return None
    file = SqliteFile(Path(name))
    with suppress(OSError):  # what cannot be made or opened SQLite tells itself
        file.keep_private()
    file.watch(engine)
    return file


def _make_engine(url: str) -> Engine:
    try:
        engine = create_engine(_ready_url(url), pool_pre_ping=True)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "Het adres van de database klopt niet (KADERSCAN_DATABASE_URL; zie: kaderscan settings). "
            "Zo wel: sqlite:///map/naam.sqlite of postgresql://gebruiker:wachtwoord@machine/naam"
        ) from error
    except ImportError as error:
        raise StoreError(
            "Voor deze database ontbreekt een onderdeel. Voor PostgreSQL: pip install -e '.[postgres]'"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgres)
    return engine


def _ready_url(url: str) -> URL:
    """Make the folder of an SQLite file; name the driver of PostgreSQL and how long to knock at its door."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            if parsed.database not in {None, "", ":memory:"}:
                _make_folder(Path(str(parsed.database)).parent)
            return parsed
        case "postgresql":
            query = {"connect_timeout": "10", **parsed.query}
            return parsed.set(drivername="postgresql+psycopg", query=query)
        case other:
            raise ValueError(other)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder}: kan de map van de database niet maken ({describe_reason(error)})."
        ) from error


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    """Leave transactions to us, keep readers and writers apart (WAL), wait for a lock instead of failing."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
    _keep_readers_apart(connection)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_readers_apart(connection: sqlite3.Connection) -> None:
    """Turn a new file to WAL; whoever does so at the same moment gets no turn from SQLite and asks again."""
    until = monotonic() + _PATIENCE_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_SHORT_WHILE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: with a deferred begin concurrent writers fail at their first change."""
    connection.exec_driver_sql("BEGIN" if _only_reads(connection) else "BEGIN IMMEDIATE")


def _begin_postgres(connection: Connection) -> None:
    """Take turns as on SQLite, over all processes: what a writer reads is then still so when it stores.

    A writer whose machine vanished keeps the others waiting for a minute at most.
    """
    if not _only_reads(connection):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {_PATIENCE_MS}; "
            "SET LOCAL idle_in_transaction_session_timeout = 60000; "
            f"SELECT pg_advisory_xact_lock({_TURN})"
        )


def _only_reads(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(_READ_ONLY, False))


def _bring_up_to_date(store: Store) -> None:
    """Run the migrations that this database has not had yet."""
    known = list_migrations()
    with store.reading() as session:
        current = find_migration(session.connection())
    if current == known[-1]:
        return
    if current is not None and current not in known:
        raise StoreError("De database is van een nieuwere versie van Kaderscan. Werk dit programma bij.")
    with store.engine.begin() as connection:
        upgrade(connection)
