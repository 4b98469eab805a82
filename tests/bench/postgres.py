"""A PostgreSQL database of the bench's own, gone afterwards."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from bot.schema import open_at_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Database

POSTGRES = os.environ.get("GRIDBOT_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432/postgres")
"""A database on the server on which the bench makes one of its own."""


@contextmanager
def fresh_database() -> Iterator[Database]:
    """An empty database with all tables."""
    name = f"gridbot_bench_{os.getpid()}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    database = open_at_head(admin.url.set(database=name).render_as_string(hide_password=False))
    try:
        yield database
    finally:
        database.close()
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()
