"""The store holds the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from assessment.errors import StoreError
from assessment.model.register import House, Unit
from assessment.settings import HOME
from assessment.store.engine import Store, open_store
from assessment.store.register import add_houses, add_units, load_register
from assessment.store.tables import Base
from assessment.store.upgrade import list_migrations
from tests.databases import Databases

UNIT = Unit(unit_id="u", title="Eenheid", regions=())
INSERT_UNIT = text("insert into units values (:unit_id, 0, 'Eenheid', '')")


@pytest.fixture
def address(databases: Databases) -> Iterator[str]:
    """An empty database, without tables."""
    made = databases.make()
    yield made
    databases.drop(made)


@contextmanager
def opened(address: str) -> Iterator[Store]:
    store = open_store(address)
    try:
        yield store
    finally:
        store.engine.dispose()


def list_units(store: Store) -> list[str]:
    with store.reading() as session:
        return [unit.unit_id for unit in load_register(session).units]


def test_a_database_gets_its_tables_and_opens_again(address: str) -> None:
    for _ in range(2):
        with opened(address) as store, store.reading() as session:
            assert load_register(session).houses == ()


@pytest.mark.sqlite
def test_a_file_is_made_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path.as_posix()}/map/nieuw.sqlite") as store:
        assert list_units(store) == []


def test_the_migrations_make_the_tables_as_they_are_now(address: str) -> None:
    with opened(address) as store, store.reading() as session:
        found = compare_metadata(MigrationContext.configure(session.connection()), Base.metadata)

    assert found == []


def test_processes_that_start_at_once_make_the_tables_once(address: str) -> None:
    def start(_: int) -> int:
        with opened(address) as store, store.reading() as session:
            return len(session.execute(text("select version_num from alembic_version")).all())

    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(start, range(12))) == [1] * 12


def test_text_is_in_the_same_order_on_every_database(address: str) -> None:
    keys = ["a", "b", "a-b", "ab", "a-c", "aa", "z1", "z10", "z2"]
    houses = tuple(House(house_id=key, title=key, unit_id="u", invented=True) for key in keys)

    with opened(address) as store:
        with store.writing() as session:
            add_units(session, (UNIT,))
            add_houses(session, houses)
        with store.reading() as session:
            found = [house.house_id for house in load_register(session).houses]

    assert found == sorted(keys)


@pytest.mark.parametrize(("typed", "kept"), [("a\0b", "ab"), ("\ud800x", "?x"), ("é 🙂 '\"%s", "é 🙂 '\"%s")])
def test_text_that_no_keyboard_types_never_breaks_the_store(address: str, typed: str, kept: str) -> None:
    with opened(address) as store:
        with store.writing() as session:
            add_units(session, (Unit.model_construct(unit_id="u", title=typed, regions=()),))

        with store.reading() as session:
            assert load_register(session).units[0].title == kept


def test_a_write_that_fails_leaves_nothing_behind(address: str) -> None:
    twice = [{"unit_id": "geheim"}, {"unit_id": "geheim"}]

    with opened(address) as store:
        with pytest.raises(StoreError, match="niets bewaard") as refusal, store.writing() as session:
            session.execute(INSERT_UNIT, twice)

        assert list_units(store) == []
    assert "geheim" not in str(refusal.value)


def test_a_block_that_is_left_halfway_stores_nothing(address: str) -> None:
    def give_up(store: Store) -> None:
        with store.writing() as session:
            session.execute(INSERT_UNIT, {"unit_id": "a"})
            raise KeyError

    with opened(address) as store:
        with pytest.raises(KeyError):
            give_up(store)

        assert list_units(store) == []


def test_a_reader_sees_one_moment(address: str) -> None:
    with opened(address) as store, store.reading() as session:
        before = len(load_register(session).units)
        with store.writing() as writer:
            writer.execute(INSERT_UNIT, {"unit_id": "a"})

        assert len(load_register(session).units) == before
        assert list_units(store) == ["a"]


@pytest.mark.postgres
def test_a_reader_cannot_write(address: str) -> None:
    refused = pytest.raises(StoreError, match="kan alleen uit worden gelezen")

    with opened(address) as store, refused, store.reading() as session:
        session.execute(INSERT_UNIT, {"unit_id": "a"})


def test_a_newer_database_is_refused(address: str) -> None:
    with opened(address) as store, store.writing() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))

    with pytest.raises(StoreError, match="nieuwere versie"):
        open_store(address)


@pytest.mark.parametrize("url", ["geen adres", "onbekend://host/db", "mysql://host/db"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(StoreError, match="adres van de database klopt niet"):
        open_store(url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "brief.sqlite"
    path.write_text("Dit is geen database, maar een brief van enige lengte. " * 20, encoding="utf-8")

    with pytest.raises(StoreError, match="database doet het niet: het bestand is geen database"):
        open_store(f"sqlite:///{path.as_posix()}")


def test_many_writers_at_once_all_get_their_turn(address: str) -> None:
    with opened(address) as store:

        def write(number: int) -> None:
            with store.writing() as session:
                session.execute(INSERT_UNIT, {"unit_id": f"u{number}"})

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(write, range(80)))

        assert len(list_units(store)) == 80


def test_what_a_writer_reads_is_still_so_when_it_stores(address: str) -> None:
    """Writers of as many processes each count what is there, and add one with that number."""
    start = Barrier(6)

    def write(_: int) -> None:
        with opened(address) as store:
            start.wait()
            for _ in range(10):
                with store.writing() as session:
                    count = session.scalar(text("select count(*) from units"))
                    session.execute(INSERT_UNIT, {"unit_id": f"u{count:02}"})

    with opened(address) as store, ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(6)))
        assert sorted(list_units(store)) == [f"u{number:02}" for number in range(60)]


@pytest.mark.sqlite
def test_the_migrations_are_those_that_alembic_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(HOME / "assessment" / "store" / "migrations"))
    scripts = ScriptDirectory.from_config(config)

    assert list_migrations() == tuple(each.revision for each in scripts.walk_revisions())[::-1]
    assert list_migrations()[-1] == scripts.get_current_head()


@pytest.mark.sqlite
def test_the_database_and_its_companions_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "nieuw.sqlite"
    for _ in range(2):
        opened = open_store(f"sqlite:///{file.as_posix()}")
        with opened.writing() as session:
            add_units(session, (UNIT,))

        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        opened.engine.dispose()

        assert set(modes) >= {file.name, f"{file.name}-wal"}
        assert set(modes.values()) == {0o600}
        file.chmod(0o644)  # as one of before was
