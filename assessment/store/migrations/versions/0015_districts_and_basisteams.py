"""the districts of a unit, and the districts and basisteams of a house; none is known of what is there."""

import sqlalchemy as sa
from alembic import op

from assessment.store.texts import PlainText

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "districts",
        sa.Column("district_id", PlainText(), nullable=False),
        sa.Column("title", PlainText(), nullable=False),
        sa.Column("unit_id", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.unit_id"], name=op.f("fk_districts_unit_id")),
        sa.PrimaryKeyConstraint("district_id", name=op.f("pk_districts")),
    )
    for name in ("districts", "teams"):
        op.add_column("houses", sa.Column(name, PlainText(), nullable=False, server_default=""))
