"""states of rounds and versions."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "submission_events",
        sa.Column("submission_id", _TEXT, nullable=False),
        *_events(),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.submission_id"],
            name=op.f("fk_submission_events_submission_id"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_submission_events")),
    )
    op.create_table(
        "round_events",
        sa.Column("round_id", _TEXT, nullable=False),
        *_events(),
        sa.Column("reckoned_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.round_id"], name=op.f("fk_round_events_round_id")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_round_events")),
    )


def _events() -> list[sa.Column[object]]:
    return [
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.DateTime(), nullable=False),
        sa.Column("who", _TEXT, nullable=False),
        sa.Column("from_state", _TEXT, nullable=False),
        sa.Column("to_state", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
    ]
