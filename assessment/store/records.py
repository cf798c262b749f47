"""What is kept: all that a database holds, out of it and into it, and records that are older than their term.

A backup is first put in a database for the time being, where it is checked and brought up to date: only what
went well there whole goes to the real database, and a backup of an older version needs no more than its own
migration and those after it.

By its term a version goes only when a newer one stands in its place. What was adopted or frozen, what an
adopted plan rests on, and the newest of every house stay.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Row,
    Table,
    create_engine,
    delete,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from assessment.errors import BackupError
from assessment.model.records import OldRecord, RecordKind
from assessment.model.rounds import SubmissionState
from assessment.model.rules import in_order
from assessment.store.drafts import remove_draft
from assessment.store.engine import Store, open_store
from assessment.store.formulas import remove_formula_version
from assessment.store.tables import (
    AnswerRow,
    Base,
    BaselineRow,
    DeviationRow,
    DraftRecord,
    SubmissionEventRow,
    SubmissionRow,
)
from assessment.store.upgrade import VERSION_TABLE, upgrade

_ROWS_AT_ONCE = 500
# A row with a file may take ten megabytes.
_FILES_AT_ONCE = 8

_OF_THE_MOMENT = {"logins"}
"""Tables that are in no backup: who signs in now does so at this installation."""

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
    return [table for table in Base.metadata.sorted_tables if table.name not in _OF_THE_MOMENT]


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


Rows = Iterable[dict[str, object]]


@contextmanager
def fill_scratch(
    migration: str, tables: Iterable[tuple[str, Rows]], read_file: Callable[[str], bytes]
) -> Iterator[Store]:
    """Make a database as it was at a migration, fill it, bring it up to date; gone when the block ends.

    Args:
        migration: one of `upgrade.list_migrations`.
        tables: every table with its rows, as `dump_tables` gives them.
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
        if tables.tables.keys() - {VERSION_TABLE} - _OF_THE_MOMENT != given.keys():
            raise _unfit()
        for name, rows in given.items():
            _fill_table(connection, tables.tables[name], rows, read_file)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise _unfit()


def _fill_table(connection: Connection, table: Table, rows: Rows, read_file: Callable[[str], bytes]) -> None:
    connection.execute(delete(table))
    typed = (_type_row(table, row, read_file) for row in rows)
    while chunk := list(islice(typed, _at_once(table))):
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


_SETTLED = [state.value for state in SubmissionState if state.is_settled]


def find_old_drafts(session: Session, before: datetime) -> list[OldRecord]:
    """Drafts that nobody changed since a moment."""
    old = select(DraftRecord.draft_id, DraftRecord.changed).where(DraftRecord.changed < before)
    return [OldRecord(RecordKind.DRAFT, *row) for row in session.execute(old.order_by(DraftRecord.draft_id))]


def find_old_versions(session: Session, before: datetime) -> list[OldRecord]:
    """Versions that were handed in before a moment and that nothing rests on any more."""
    newer = aliased(SubmissionRow)
    replaced = exists().where(
        newer.round_id == SubmissionRow.round_id,
        newer.house_id == SubmissionRow.house_id,
        newer.perspective == SubmissionRow.perspective,
        newer.version > SubmissionRow.version,
        ~_had(newer.submission_id, [SubmissionState.WITHDRAWN.value]),
    )
    planned = exists().where(BaselineRow.submission_id == SubmissionRow.submission_id)
    old = (
        select(SubmissionRow.submission_id, SubmissionRow.handed_in)
        .where(SubmissionRow.handed_in < before, replaced, ~planned)
        .where(~_had(SubmissionRow.submission_id, _SETTLED))
        .order_by(SubmissionRow.submission_id)
    )
    return [OldRecord(RecordKind.VERSION, *row) for row in session.execute(old)]


def _had(submission_id: InstrumentedAttribute[str], states: Collection[str]) -> ColumnElement[bool]:
    """Whether a version was ever in one of these states."""
    return exists().where(
        SubmissionEventRow.submission_id == submission_id, SubmissionEventRow.to_state.in_(states)
    )


def remove_records(session: Session, records: Collection[OldRecord]) -> None:
    """Remove records with everything that belongs to them."""
    for record in records:
        _REMOVE[record.kind](session, record.record_id)


def _remove_version(session: Session, submission_id: str) -> None:
    for table in (AnswerRow, DeviationRow, SubmissionEventRow, SubmissionRow):
        session.execute(delete(table).where(table.submission_id == submission_id))


_REMOVE = {
    RecordKind.DRAFT: remove_draft,
    RecordKind.VERSION: _remove_version,
    RecordKind.FORMULA: remove_formula_version,
}
