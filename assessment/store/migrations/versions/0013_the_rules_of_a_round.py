"""the rules by which a round is scored: those of before for every round that is there."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("rounds", sa.Column("rules", sa.String(), nullable=False, server_default="1"))
