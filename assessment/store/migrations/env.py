"""Runs migrations on the connection that `store.engine` hands over."""

from alembic import context

from assessment.store import formula_tables  # noqa: F401 - they are tables of the same base
from assessment.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
