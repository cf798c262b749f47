"""All that a database holds, out of it and into it, the same on SQLite and on PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import islice

from sqlalchemy import LargeBinary, Row, Table, delete, func, insert, select
from sqlalchemy.orm import Session

from assessment.model.rules import in_order
from assessment.store.tables import Base

_ROWS_AT_ONCE = 500
_FILES_AT_ONCE = 8
"""A row with a file may take ten megabytes."""

Values = dict[str, object]


def count_rows(session: Session) -> dict[str, int]:
    """How many rows each table has, in an order in which each comes after what it points to."""
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in _list_tables()
    }


def dump_tables(session: Session) -> Iterator[tuple[str, Iterator[Values]]]:
    """Each table with its rows as JSON values: days and moments as ISO 8601, files as their sha256."""
    for table in _list_tables():
        yield table.name, ({name: _as_json(row[name]) for name in row} for row in _load_rows(session, table))


def dump_files(session: Session) -> Iterator[bytes]:
    """Each file that the tables hold; one that was handed in twice comes twice."""
    for table in _list_tables():
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                query = select(column).order_by(*table.primary_key)
                yield from session.scalars(query, execution_options={"yield_per": _FILES_AT_ONCE})


def replace_contents(session: Session, source: Session) -> None:
    """Empty all tables and fill them with what another database holds, in the transaction of the session."""
    tables = _list_tables()
    for table in reversed(tables):
        session.execute(delete(table))
    for table in tables:
        rows = _parents_first(table, _load_rows(source, table))
        while chunk := list(islice(rows, _at_once(table))):
            session.connection().execute(insert(table), chunk)


def _list_tables() -> Sequence[Table]:
    return Base.metadata.sorted_tables


def _load_rows(session: Session, table: Table) -> Iterator[Values]:
    query = select(table).order_by(*table.primary_key)
    found: Iterable[Row[tuple[object, ...]]] = session.execute(
        query, execution_options={"yield_per": _at_once(table)}
    )
    return (dict(row._mapping) for row in found)  # noqa: SLF001 - a public name in spite of its look


def _at_once(table: Table) -> int:
    holds_files = any(isinstance(column.type, LargeBinary) for column in table.columns)
    return _FILES_AT_ONCE if holds_files else _ROWS_AT_ONCE


def _parents_first(table: Table, rows: Iterator[Values]) -> Iterator[Values]:
    """Order the rows of a table that points to itself; others go as they come."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    if not own:
        return rows
    (key,) = table.primary_key.columns.keys()
    by_key = {str(row[key]): row for row in rows}
    needs = {name: [str(row[column]) for column in own if row[column]] for name, row in by_key.items()}
    return (by_key[name] for name in in_order(needs))


def _as_json(value: object) -> object:
    match value:
        case bytes():
            return sha256(value).hexdigest()
        case date():  # a moment is one too
            return value.isoformat()
        case _:
            return value
