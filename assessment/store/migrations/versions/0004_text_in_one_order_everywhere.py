"""text in one order everywhere: PostgreSQL would follow the language of its database."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TABLES = ("units", "houses", "rounds", "round_houses", "submissions", "answers", "deviations")
_TRAIL = ("audit", "audit_head")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    inspector = sa.inspect(connection)
    for table in (*_TABLES, *_TRAIL):
        for column in inspector.get_columns(table):
            if isinstance(column["type"], sa.String):
                op.alter_column(table, column["name"], type_=sa.String(collation="C"))
