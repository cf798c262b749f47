"""What all tables share: the text that they hold, and names for their constraints."""

from typing import ClassVar

from sqlalchemy import Dialect, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine


class PlainText(TypeDecorator[str]):
    """Text that every database holds and orders alike: by character, whatever its own language is.

    A NUL, which nobody types and PostgreSQL refuses, is left out; half a character becomes a question mark.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """SQLite and Python order by character of themselves."""
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as the library calls it
        """Leave out what some database would refuse."""
        return value and value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can change them on any database."""

    type_annotation_map: ClassVar = {str: PlainText}


Base.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
