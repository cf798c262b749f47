"""accounts and what they were granted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    text = sa.String(collation="C") if op.get_bind().dialect.name == "postgresql" else sa.String()
    op.create_table(
        "accounts",
        sa.Column("account_id", text, nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("issuer", text, nullable=True),
        sa.Column("subject", text, nullable=True),
        sa.Column("added", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_accounts_issuer")),
    )
    op.create_table(
        "grants",
        sa.Column("account_id", text, nullable=False),
        sa.Column("role", text, nullable=False),
        sa.Column("granted_on", text, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name=op.f("fk_grants_account_id")),
        sa.PrimaryKeyConstraint("account_id", "role", "granted_on", name=op.f("pk_grants")),
    )
