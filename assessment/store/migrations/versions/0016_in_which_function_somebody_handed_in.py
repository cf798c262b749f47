"""in which function somebody handed in: of what is there, nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    added = sa.Column("handed_in_as", sa.String(), nullable=False, server_default="")
    op.add_column("submissions", added)
