"""Alembic's environment: migrations run on the connection that bot/schema.py hands over."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

import storage.unit_of_work  # noqa: F401  (every table must be known before the metadata is read)
from storage.database import Base, UtcDateTime


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as the plain types that they are, so that old migrations do not need today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
