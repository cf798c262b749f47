"""what people decided about plans, and the plans that were adopted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "plan_lines",
        sa.Column("house_id", _TEXT, nullable=False),
        sa.Column("measure_id", _TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pinned", _TEXT, nullable=True),
        sa.Column("quarters", sa.Integer(), nullable=True),
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("started", sa.Date(), nullable=True),
        sa.Column("done", sa.Date(), nullable=True),
        sa.Column("dropped", _TEXT, nullable=False),
        sa.Column("remark", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["houses.house_id"], name=op.f("fk_plan_lines_house_id")),
        sa.PrimaryKeyConstraint("house_id", "measure_id", name=op.f("pk_plan_lines")),
    )
    op.create_table(
        "baselines",
        sa.Column("baseline_id", _TEXT, nullable=False),
        sa.Column("house_id", _TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("adopted", sa.DateTime(), nullable=False),
        sa.Column("submission_id", _TEXT, nullable=False),
        sa.Column("frameworks", _TEXT, nullable=False),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("begin", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["houses.house_id"], name=op.f("fk_baselines_house_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.submission_id"], name=op.f("fk_baselines_submission_id")
        ),
        sa.PrimaryKeyConstraint("baseline_id", name=op.f("pk_baselines")),
        sa.UniqueConstraint("house_id", "number", name=op.f("uq_baselines_house_id")),
    )
    op.create_table(
        "baseline_measures",
        sa.Column("baseline_id", _TEXT, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("measure_id", _TEXT, nullable=False),
        sa.Column("criterion_id", _TEXT, nullable=False),
        sa.Column("actor", _TEXT, nullable=False),
        sa.Column("first", _TEXT, nullable=True),
        sa.Column("last", _TEXT, nullable=True),
        sa.Column("status", _TEXT, nullable=False),
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("why", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["baselines.baseline_id"], name=op.f("fk_baseline_measures_baseline_id")
        ),
        sa.PrimaryKeyConstraint("baseline_id", "place", name=op.f("pk_baseline_measures")),
    )
