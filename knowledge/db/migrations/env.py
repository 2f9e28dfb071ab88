"""Alembic's entry: runs revisions on the connection it is handed."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import knowledge.db.rows  # noqa: F401 - registers every table
from knowledge.db.base import Row
from knowledge.db.types import Amount, Json, UtcDateTime


def render_type(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our own column types by name, so that a revision reads as the rows do."""
    del autogenerate
    if kind != "type":
        return False
    if item is Json:
        return "Json"
    return f"{type(item).__name__}()" if isinstance(item, Amount | UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    compare_type=True,
    render_item=render_type,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
