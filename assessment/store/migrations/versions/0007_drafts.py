"""drafts: questionnaires that are being filled in."""

import sqlalchemy as sa
from alembic import op

from assessment.store.texts import PlainText

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("draft_id", PlainText(), nullable=False),
        sa.Column("round_id", PlainText(), nullable=False),
        sa.Column("house_id", PlainText(), nullable=False),
        sa.Column("perspective", PlainText(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("begun", sa.DateTime(), nullable=False),
        sa.Column("begun_by", PlainText(), nullable=False),
        sa.Column("changed", sa.DateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id", "house_id"],
            ["round_houses.round_id", "round_houses.house_id"],
            name=op.f("fk_drafts_round_id"),
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("round_id", "house_id", "perspective", name=op.f("uq_drafts_round_id")),
    )
    _create_rows("draft_answers", "question_id", "option_id", "explanation", "evidence")
    _create_rows("draft_deviations", "criterion_id", "reason", "agreed_by")
    op.add_column("draft_deviations", sa.Column("until", sa.Date()))
    _create_rows("draft_themes", "theme_id", "taken_by")


def _create_rows(table: str, key: str, *texts: str) -> None:
    """A table of rows of a draft; an option may be empty."""
    op.create_table(
        table,
        sa.Column("draft_id", PlainText(), nullable=False),
        sa.Column(key, PlainText(), nullable=False),
        *(sa.Column(text, PlainText(), nullable=text == "option_id") for text in texts),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", PlainText(), nullable=False),
        sa.Column("changed", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.draft_id"], name=op.f(f"fk_{table}_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", key, name=op.f(f"pk_{table}")),
    )
