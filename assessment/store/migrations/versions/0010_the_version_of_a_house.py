"""the version of a house: whoever changes it says which one they saw."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("houses", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
