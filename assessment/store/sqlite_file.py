"""An SQLite database is a file, and a file can be moved, replaced or gone while the program runs.

SQLite itself would go on in a file that nobody finds any more, or make an empty one in its place.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from assessment.errors import StoreError


class SqliteFile:
    """Keeps the connections of an engine on the file that stands at its address."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.may_be_made = True
        """Whether a connection may make the file: only until the database is ready."""

    def watch(self, engine: Engine) -> None:
        """Look at the file when a connection is made, and whenever it is used again."""
        event.listen(engine, "do_connect", self._refuse_gone)
        event.listen(engine, "connect", self._remember)
        event.listen(engine, "checkout", self._check)

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
