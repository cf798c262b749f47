from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from assessment.errors import StoreError
from assessment.store.engine import open_store
from assessment.store.register import load_register

INSERT_UNIT = text("insert into units values (:unit_id, 0, 'Eenheid', '')")


def address(path: Path) -> str:
    return f"sqlite:///{path.as_posix()}"


def test_a_database_is_made_where_there_is_none_and_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "map" / "nieuw.sqlite"

    for _ in range(2):
        store = open_store(address(path))
        with store.reading() as session:
            assert load_register(session).houses == ()
        store.engine.dispose()


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    store = open_store(address(tmp_path / "proef.sqlite"))
    twice = [{"unit_id": "a"}, {"unit_id": "a"}]

    with pytest.raises(StoreError, match="niets bewaard"), store.writing() as session:
        session.execute(INSERT_UNIT, twice)

    with store.reading() as session:
        assert load_register(session).units == ()
    store.engine.dispose()


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    url = address(tmp_path / "nieuwer.sqlite")
    store = open_store(url)
    with store.writing() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    store.engine.dispose()

    with pytest.raises(StoreError, match="nieuwere versie"):
        open_store(url)


@pytest.mark.parametrize("url", ["geen adres", "onbekend://host/db"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(StoreError, match="adres van de database klopt niet"):
        open_store(url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "brief.sqlite"
    path.write_text("Dit is geen database, maar een brief van enige lengte. " * 20, encoding="utf-8")

    with pytest.raises(StoreError, match="database doet het niet"):
        open_store(address(path))


def test_many_writers_at_once_all_get_their_turn(tmp_path: Path) -> None:
    store = open_store(address(tmp_path / "druk.sqlite"))

    def write(number: int) -> None:
        with store.writing() as session:
            session.execute(INSERT_UNIT, {"unit_id": f"u{number}"})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(80)))

    with store.reading() as session:
        assert len(load_register(session).units) == 80
    store.engine.dispose()
