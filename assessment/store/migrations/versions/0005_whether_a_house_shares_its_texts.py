"""whether a house shares its texts with the country."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("houses", sa.Column("shares_text", sa.Boolean(), server_default=sa.false(), nullable=False))
