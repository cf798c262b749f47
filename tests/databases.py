"""The databases that tests work on: files of SQLite, and a PostgreSQL of our own that stops when they end."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg

from assessment.store.engine import open_store
from assessment.store.records import replace_contents

_SUPERUSER = "postgres"
_QUICK = "-c fsync=off -c full_page_writes=off -c max_connections=60 -c listen_addresses="
_WHO_MAY_ENTER = "local all gast scram-sha-256\nlocal all all trust\n"
_PACKAGES = Path("/usr/lib/postgresql")


def make_once(path: Path, make: Callable[[Path], None]) -> Path:
    """A file that the first process makes that asks for it; any other waits until it is there whole."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            partial = path.with_suffix(".partial")
            make(partial)
            partial.rename(path)
    return path


def find_postgres() -> str | None:
    """The folder with the programs of the newest PostgreSQL here: Debian keeps them off the path."""
    packed = sorted(_PACKAGES.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    places = os.pathsep.join([*map(str, packed), os.environ.get("PATH", "")])
    found = shutil.which("initdb", path=places)
    return str(Path(found).parent) if found else None


class Databases(Protocol):
    """Where a test gets databases of its own; each is known by its address."""

    def make(self) -> str:
        """Make an empty one."""

    def take_over(self, file: Path) -> str:
        """Make one with what an SQLite file holds, which nobody has open."""

    def copy(self, address: str) -> str:
        """Copy one that nobody has open."""

    def copy_to(self, address: str, folder: Path) -> str:
        """Copy one to another disk."""

    def drop(self, address: str) -> None:
        """Remove one."""


class Files:
    """Databases of SQLite."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.numbers = folder, count()

    def make(self) -> str:
        return f"sqlite:///{(self.folder / f'{next(self.numbers)}.sqlite').as_posix()}"

    def take_over(self, file: Path) -> str:
        return self.copy(f"sqlite:///{file.as_posix()}")

    def copy(self, address: str) -> str:
        made = self.make()
        shutil.copy(_path(address), _path(made))
        return made

    def copy_to(self, address: str, folder: Path) -> str:
        return Files(folder).copy(address)

    def drop(self, address: str) -> None:
        path = _path(address)
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()


def _path(address: str) -> Path:
    return Path(address.removeprefix("sqlite:///"))


class PostgresServer:
    """A PostgreSQL that listens on a socket in a folder of its own only.

    Its databases are in Dutch order, so that a test sees it when the store leaves an order to the database.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kaderscan-"))
        self.data, self.numbers = self.folder / "data", count()
        self.spaces: dict[str, str] = {}
        if os.geteuid() == 0:
            shutil.chown(self.folder, _SUPERUSER)
        language = ["--locale=C", "--encoding=UTF8", "--locale-provider=icu", "--icu-locale=nl"]
        self._do("initdb", "-D", self.data, "-U", _SUPERUSER, "--auth=trust", "--no-sync", *language)
        (self.data / "pg_hba.conf").write_text(_WHO_MAY_ENTER, encoding="utf-8")
        self.start()

    def start(self) -> None:
        log = self.folder / "log"
        self._do("pg_ctl", "start", "-w", "-D", self.data, "-l", log, "-o", f"{_QUICK} -k {self.folder}")

    def stop(self, how: str = "immediate") -> None:
        self._do("pg_ctl", "stop", "-w", "-D", self.data, "-m", how)

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def address(self, name: str) -> str:
        return f"postgresql://{_SUPERUSER}@/{name}?host={self.folder}"

    def make(self) -> str:
        return self._create("template1")

    def take_over(self, file: Path) -> str:
        made = self.make()
        source, target = open_store(f"sqlite:///{file.as_posix()}"), open_store(made)
        with source.reading() as held, target.writing() as session:
            replace_contents(session, held)
        for store in (source, target):
            store.engine.dispose()
        return made

    def copy(self, address: str) -> str:
        return self._create(_name(address))

    def copy_to(self, address: str, folder: Path) -> str:
        shutil.chown(folder, _SUPERUSER)
        space = f"space_{next(self.numbers)}"
        self.execute(f"CREATE TABLESPACE {space} LOCATION '{folder}'")
        copied = self._create(_name(address), f"TABLESPACE {space}")
        self.spaces[copied] = space
        return copied

    def drop(self, address: str) -> None:
        self.execute(f"DROP DATABASE {_name(address)} WITH (FORCE)")
        if space := self.spaces.pop(address, None):
            self.execute(f"DROP TABLESPACE {space}")

    def execute(self, statement: str) -> None:
        """Do something that is about the whole server."""
        with psycopg.connect(host=str(self.folder), user=_SUPERUSER, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _create(self, template: str, where: str = "") -> str:
        name = f"kaderscan_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} {where}")
        return self.address(name)

    def _do(self, program: str, *words: object) -> None:
        as_other = ["runuser", "-u", _SUPERUSER, "--"] if os.geteuid() == 0 else []
        command = [*as_other, str(Path(find_postgres() or "", program)), *map(str, words)]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)


def _name(address: str) -> str:
    return address.partition("@/")[2].partition("?")[0]
