"""A database that goes away, refuses or is busy: one Dutch line, nothing half, and it works again after."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from sqlalchemy import text

from assessment.errors import StoreError
from assessment.service.installation import Installation
from assessment.store import engine
from assessment.store.engine import open_store
from assessment.store.register import load_register
from tests.conftest import Run
from tests.databases import PostgresServer

SECRET = "hunter2"  # noqa: S105 - invented
NOTHING_STORED = "Er is niets bewaard."
NOT_CERTAIN = "Of het laatste is bewaard, is niet zeker. Doe het opnieuw: dubbel bewaren kan niet."
GONE = "hij is niet te bereiken; probeer het later opnieuw"
BUSY = "hij is bezet; probeer het zo opnieuw"
CROWDED = "er zijn te veel verbindingen; probeer het zo opnieuw"
INSERT_UNIT = text("insert into units values ('proef', 0, 'Eenheid', '')")
END_OTHERS = text(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)
END_AT_COMMIT = """
create function go_away() returns trigger language plpgsql as
    $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
create constraint trigger gone after insert on units deferrable initially deferred
    for each row execute function go_away()
"""


def told(reason: str, consequence: str = NOTHING_STORED) -> str:
    return f"De database doet het niet: {reason}. {consequence}"


def refusal_of(address: str) -> str:
    with pytest.raises(StoreError) as refusal:
        open_store(address)
    return str(refusal.value)


def count_units(installation: Installation) -> int:
    with installation.store.reading() as session:
        return len(load_register(session).units)


@pytest.fixture
def other(installation: Installation) -> Iterator[Installation]:
    """Another process on the same database."""
    opened = Installation(installation.settings, open_store(installation.settings.database_url))
    yield opened
    opened.close()


def test_a_writer_that_waits_too_long_is_told_and_its_turn_comes_again(
    installation: Installation, other: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.store.engine.dispose()
    monkeypatch.setattr(engine, "_PATIENCE_MS", 100)

    with other.store.writing() as holding:
        holding.execute(INSERT_UNIT)
        with pytest.raises(StoreError) as refusal, installation.store.writing() as session:
            session.execute(INSERT_UNIT)
        assert count_units(installation) == 0

    assert str(refusal.value) == told(BUSY)
    assert count_units(installation) == 1
    with installation.store.writing() as session:
        session.execute(text("delete from units"))
    assert count_units(other) == 0


def test_more_sessions_than_connections_are_told(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.store.engine.pool, "_timeout", 0.1)

    with pytest.raises(StoreError) as refusal, ExitStack() as readers:
        list(map(load_register, [readers.enter_context(installation.store.reading()) for _ in range(20)]))

    assert str(refusal.value) == told(CROWDED)
    assert count_units(installation) == 0


@pytest.mark.postgres
def test_a_database_that_stopped_is_told_and_works_again_when_it_is_back(
    installation: Installation, postgres_server: PostgresServer
) -> None:
    assert count_units(installation) == 0
    postgres_server.stop()

    try:
        for _ in range(2):
            with pytest.raises(StoreError) as refusal:
                installation.register()
            assert str(refusal.value) == told(GONE)
    finally:
        postgres_server.start()

    assert count_units(installation) == 0


@pytest.mark.postgres
def test_connections_that_were_cut_while_nobody_used_them_are_made_anew(
    installation: Installation, other: Installation
) -> None:
    assert count_units(installation) == 0

    with other.store.writing() as session:
        assert session.scalars(END_OTHERS).all() == [True]

    assert count_units(installation) == 0


@pytest.mark.postgres
def test_a_connection_that_is_cut_while_writing_leaves_nothing(
    installation: Installation, other: Installation
) -> None:
    def write() -> None:
        with installation.store.writing() as session, other.store.reading() as killer:
            session.execute(INSERT_UNIT)
            killer.execute(END_OTHERS)
            session.execute(INSERT_UNIT)

    with pytest.raises(StoreError) as refusal:
        write()

    assert str(refusal.value) == told(GONE)
    assert count_units(installation) == 0


@pytest.mark.postgres
def test_a_connection_that_is_cut_at_the_very_end_is_told_as_not_certain(installation: Installation) -> None:
    with installation.store.writing() as session:
        session.connection().exec_driver_sql(END_AT_COMMIT)

    with pytest.raises(StoreError) as refusal, installation.store.writing() as session:
        session.execute(INSERT_UNIT)

    assert str(refusal.value) == told(GONE, NOT_CERTAIN)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("role", "reason"),
    [
        ("gast LOGIN PASSWORD 'geheim'", "gebruiker of wachtwoord klopt niet"),
        ("druk LOGIN CONNECTION LIMIT 0", CROWDED),
        (
            "vreemde LOGIN",
            "de gebruiker van de database mag dit niet; maak hem eigenaar van de database",
        ),
    ],
)
def test_a_user_that_is_not_let_in_is_told_why(
    postgres_server: PostgresServer, role: str, reason: str
) -> None:
    name = role.partition(" ")[0]
    address = postgres_server.make()
    postgres_server.execute(f"CREATE ROLE {role}")

    try:
        assert refusal_of(address.replace("postgres@", f"{name}:{SECRET}@")) == told(reason)
    finally:
        postgres_server.drop(address)
        postgres_server.execute(f"DROP ROLE {name}")


@pytest.mark.postgres
def test_a_name_that_is_not_there_is_told(postgres_server: PostgresServer) -> None:
    reason = "er is daar geen database of gebruiker met deze naam"

    assert refusal_of(postgres_server.address("atlantis")) == told(reason)
    assert refusal_of(postgres_server.address("postgres").replace("postgres@", "niemand@")) == told(reason)


@pytest.mark.postgres
def test_nobody_at_the_address_is_told_without_the_password(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("KADERSCAN_DATABASE_URL", f"postgresql://kader:{quote(SECRET)}@127.0.0.1:1/kaderscan")

    ended = run("score")

    assert ended.returncode == 14
    assert ended.stderr == told(GONE) + "\n"
    assert "Connection refused" in caplog.text
    assert SECRET not in ended.stdout + ended.stderr + caplog.text


def test_postgres_without_its_driver_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    assert refusal_of("postgresql://kader@db/kaderscan").endswith("pip install -e '.[postgres]'")
