"""The database: the declarative base, column types, the engine with SQLite's pragmas, and sessions."""

from __future__ import annotations

import enum
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    exc,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session

from storage.postgres import Cursor

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 30_000

RESTED = 10.0
"""Seconds after which a pooled connection is asked whether it still stands; asking each time costs a round trip."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        enum.StrEnum: Enum(enum.StrEnum, native_enum=False, length=32, values_callable=_values),
    }

    def __repr__(self) -> str:
        """Only the key: rows hold what people said, and a repr ends up in logs."""
        return f"<{type(self).__name__} {getattr(self, 'id', None)}>"


class Database:
    """One database, SQLite or PostgreSQL, by its URL."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = create_engine(self.url, hide_parameters=True, **self._pool())
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_pragmas)
            event.listen(self.engine, "begin", _begin)
        else:
            event.listen(self.engine, "checkin", _note_rest)
            event.listen(self.engine, "checkout", self._check_rested)
        self._reading = self.engine.execution_options(read_only=True)

    def _pool(self) -> dict[str, Any]:
        if self.is_sqlite:
            return {"connect_args": {"check_same_thread": False}}
        return {"pool_size": 20, "max_overflow": 20, "connect_args": {"cursor_factory": Cursor}}

    def _check_rested(self, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        since = record.info.get(_SINCE)
        if since is None or time.monotonic() - since < RESTED:
            return
        try:
            self.engine.dialect.do_ping(connection)
        except self.engine.dialect.loaded_dbapi.Error as error:
            # The pool takes this for a server that was restarted: it opens this one and all its others anew.
            raise exc.DisconnectionError from error

    def session(self, *, read_only: bool = False) -> Session:
        """A new session. A writing one on SQLite takes the write lock at its start, so that it never fails half way."""
        return Session(self._reading if read_only else self.engine, expire_on_commit=False)

    def is_empty(self, table: type[Base]) -> bool:
        """Whether a table has no row."""
        with self.engine.connect().execution_options(read_only=True) as connection:
            return connection.exec_driver_sql(f'SELECT 1 FROM "{table.__tablename__}" LIMIT 1').first() is None

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


_SINCE = "rests_since"


def _note_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_SINCE] = time.monotonic()


def _set_pragmas(connection: Any, _record: ConnectionPoolEntry) -> None:
    # SQLAlchemy emits BEGIN itself (below); the driver's own, delayed BEGIN would break savepoints.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
