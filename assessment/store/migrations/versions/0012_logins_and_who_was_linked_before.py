"""how long a sign-in lasts, and who was linked to an account before; an issuer without a slash at its end."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "logins",
        sa.Column("login_id", _TEXT, nullable=False),
        sa.Column("who", _TEXT, nullable=False),
        sa.Column("begun", sa.DateTime(), nullable=False),
        sa.Column("last_seen", sa.DateTime(), nullable=False),
        sa.Column("ended", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("login_id", name=op.f("pk_logins")),
    )
    op.create_table(
        "former_identities",
        sa.Column("identity_sha256", _TEXT, nullable=False),
        sa.Column("account_id", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("identity_sha256", name=op.f("pk_former_identities")),
    )
    op.execute("UPDATE accounts SET issuer = rtrim(issuer, '/')")
