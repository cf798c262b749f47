"""A database for the time being, filled from a backup: there it is checked and brought up to date.

Only what went well here whole goes to the real database; a backup of an older version needs no more than
its own migration and those after it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Column, Connection, Engine, MetaData, Table, create_engine, delete, insert
from sqlalchemy.exc import IntegrityError

from assessment.errors import BackupError
from assessment.store.engine import Store, open_store
from assessment.store.upgrade import VERSION_TABLE, upgrade

_ROWS_AT_ONCE = 50

Rows = Iterable[dict[str, object]]


@contextmanager
def fill_scratch(
    migration: str, tables: Iterable[tuple[str, Rows]], read_file: Callable[[str], bytes]
) -> Iterator[Store]:
    """Make a database as it was at a migration, fill it, bring it up to date; gone when the block ends.

    Args:
        migration: one of `upgrade.list_migrations`.
        tables: every table with its rows, as `store.contents` gives them.
        read_file: gives a file by its sha256.

    Raises:
        BackupError: tables, columns, values or what points to what do not fit.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        url = f"sqlite:///{(Path(folder) / 'proef.sqlite').as_posix()}"
        engine = create_engine(url)
        try:
            _fill(engine, migration, dict(tables), read_file)
        except (IntegrityError, ValueError, TypeError, OverflowError) as error:
            raise _unfit() from error
        finally:
            engine.dispose()
        store = open_store(url)
        try:
            yield store
        finally:
            store.engine.dispose()


def _fill(engine: Engine, migration: str, given: dict[str, Rows], read_file: Callable[[str], bytes]) -> None:
    tables = MetaData()
    with engine.begin() as connection:
        upgrade(connection, migration)
    with engine.begin() as connection:
        tables.reflect(connection)
        if tables.tables.keys() - {VERSION_TABLE} != given.keys():
            raise _unfit()
        for name, rows in given.items():
            _fill_table(connection, tables.tables[name], rows, read_file)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise _unfit()


def _fill_table(connection: Connection, table: Table, rows: Rows, read_file: Callable[[str], bytes]) -> None:
    connection.execute(delete(table))
    typed = (_type_row(table, row, read_file) for row in rows)
    while chunk := list(islice(typed, _ROWS_AT_ONCE)):
        connection.execute(insert(table), chunk)


def _type_row(table: Table, row: dict[str, object], read_file: Callable[[str], bytes]) -> dict[str, object]:
    if row.keys() != set(table.columns.keys()):
        raise ValueError(table.name)
    return {column.name: _type_value(column, row[column.name], read_file) for column in table.columns}


def _type_value(column: Column[object], value: object, read_file: Callable[[str], bytes]) -> object:
    """Read a JSON value as the column wants it; no other type will do.

    Raises:
        ValueError: it is of another type.
    """
    wanted = column.type.python_type
    if value is None and column.nullable:
        return None
    if wanted in {date, datetime, bytes} and isinstance(value, str):
        read = {date: date.fromisoformat, datetime: datetime.fromisoformat, bytes: read_file}[wanted]
        return read(value)
    if type(value) is not wanted:
        raise ValueError(column.name)
    return value


def _unfit() -> BackupError:
    return BackupError(
        "De gegevens in deze reservekopie passen niet bij elkaar. Er is niets vervangen. "
        "Neem een andere kopie."
    )
