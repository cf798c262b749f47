"""where measures stood in a what-if that was taken over; of those of before, nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "shown_measures",
        sa.Column("house_id", _TEXT, nullable=False),
        sa.Column("measure_id", _TEXT, nullable=False),
        sa.Column("first", _TEXT, nullable=False),
        sa.Column("last", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("house_id", "measure_id", name=op.f("pk_shown_measures")),
        sa.ForeignKeyConstraint(["house_id"], ["houses.house_id"], name=op.f("fk_shown_measures_house_id")),
    )
