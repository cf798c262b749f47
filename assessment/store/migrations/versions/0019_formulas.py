"""safety formulas, a row for every version, and what parties have for them in a year."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "formulas",
        sa.Column("house_id", _TEXT, nullable=False),
        sa.Column("formula_id", _TEXT, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", _TEXT, nullable=False),
        sa.Column("changed", sa.DateTime(), nullable=False),
        sa.Column("changed_by", _TEXT, nullable=False),
        sa.Column("content", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("house_id", "formula_id", "version", name=op.f("pk_formulas")),
        sa.ForeignKeyConstraint(["house_id"], ["houses.house_id"], name=op.f("fk_formulas_house_id")),
    )
    op.create_table(
        "party_capacities",
        sa.Column("house_id", _TEXT, nullable=False),
        sa.Column("party_key", _TEXT, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("party", _TEXT, nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("unit", _TEXT, nullable=True),
        sa.Column("changed", sa.DateTime(), nullable=False),
        sa.Column("changed_by", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("house_id", "party_key", "year", name=op.f("pk_party_capacities")),
        sa.ForeignKeyConstraint(["house_id"], ["houses.house_id"], name=op.f("fk_party_capacities_house_id")),
    )
