"""The migrations of the store: which there are, which a database has had, and running those it has not."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

VERSION_TABLE = "alembic_version"
_MIGRATIONS = Path(__file__).with_name("migrations")


def list_migrations() -> tuple[str, ...]:
    """All migrations that this program knows, the oldest first; the name of a file begins with its number."""
    files = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def find_migration(connection: Connection) -> str | None:
    """The last migration that a database has had, or None when it is new."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - our own name
    return found


def upgrade(connection: Connection, migration: str = "head") -> None:
    """Run the migrations up to this one; who waited here for another finds nothing left to do."""
    from alembic import command  # noqa: PLC0415 - takes a tenth of a second, and is seldom needed
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, migration)
