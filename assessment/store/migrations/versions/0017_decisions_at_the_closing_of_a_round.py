"""what was decided about plans when a round was closed; of rounds closed before, that is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "round_decisions",
        sa.Column("round_id", _TEXT, nullable=False),
        sa.Column("decisions", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_decisions")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.round_id"], name=op.f("fk_round_decisions_round_id")),
    )
