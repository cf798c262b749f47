"""why remarks on a submission were accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    added = sa.Column("accepted_because", sa.String(), nullable=False, server_default="")
    op.add_column("submissions", added)
