"""which recommendations a house took into its plan: none yet."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("plan_lines", sa.Column("taken", sa.Boolean(), nullable=False, server_default=sa.false()))
