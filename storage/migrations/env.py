"""Alembic's environment: it is run by `storage.database.migrate`, inside the transaction that is open there."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from storage.columns import Sealed, UtcDateTime


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our column types by name, and SQLModel's text as plain text."""
    if kind == "type" and isinstance(item, UtcDateTime | Sealed):
        autogen_context.imports.add("import storage.columns")
        return f"storage.columns.{type(item).__name__}()"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    render_item=render_item,
    # pysqlite's own transaction control is off, so SQLite's DDL is transactional.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
