"""How texts and ids are stored, alike in every database."""

from collections.abc import Callable

from sqlalchemy import Dialect, String, TypeDecorator
from sqlalchemy.types import TypeEngine


class IdText(TypeDecorator[str]):
    """An id of ours, which every database orders alike: by character, whatever its own language is."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """SQLite and Python order by character of themselves."""
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())


class PlainText(IdText):
    """Text as somebody typed it, which every database holds and orders alike.

    A NUL, which nobody types and PostgreSQL refuses, is left out; half a character becomes a question mark.
    """

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002 - as the library calls it
        """What leaves out what some database would refuse, called for every text that is stored."""
        return _leave_out_unstorable


def _leave_out_unstorable(text: str | None) -> str | None:
    if not text or text.isprintable():
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
