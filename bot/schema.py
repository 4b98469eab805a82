"""The schema: brings a database to the newest version with Alembic, and refuses one that is newer than this program."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

import storage
from storage.database import Database
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

MIGRATIONS = Path(storage.__file__).parent / "migrations"


class SetUpError(Exception):
    """Something around the bot keeps it from starting; its text is the sentence for whoever starts it."""


def open_at_head(url: str) -> Database:
    """The database at `url`, upgraded; raises SetUpError where it cannot be opened or is of a newer version."""
    database = None
    try:
        _make_folder(url)
        database = Database(url)
        upgrade(database)
    except (SQLAlchemyError, ImportError, OSError, ValueError) as error:
        if database is not None:
            database.close()
        raise SetUpError(f"The database cannot be opened: {_reason(error)}") from error
    except SetUpError:
        if database is not None:
            database.close()
        raise
    return database


@contextmanager
def at_head(url: str) -> Iterator[UnitOfWork]:
    """One transaction on the database at `url`, upgraded, which is closed again afterwards."""
    database = open_at_head(url)
    try:
        with UnitOfWork(database) as work:
            yield work
    finally:
        database.close()


def upgrade(database: Database) -> None:
    """Bring the database to the newest version."""
    with database.engine.connect() as connection:
        version = current_version(connection)
        if version is not None and version not in known_versions():
            raise SetUpError(
                f"The database is of version {version}, which this program does not know: it was made by a newer "
                "gridbot. Update the program, or point GRIDBOT_DATABASE_URL elsewhere. Nothing was changed."
            )
        connection.rollback()
        with _rows_kept(connection):
            command.upgrade(alembic_config(connection), "head")
            connection.commit()


@contextmanager
def _rows_kept(connection: Connection) -> Iterator[None]:
    """Let a migration rebuild a table of SQLite to which rows of others point; what points nowhere undoes it.

    SQLite drops the old table for that, which is refused while it looks at foreign keys; it must be told so outside of
    any transaction.
    """
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF").close()
    event.listen(connection, "commit", _check_foreign_keys)
    try:
        yield
    finally:
        event.remove(connection, "commit", _check_foreign_keys)
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON").close()


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise SetUpError(f"The database was not brought to the newest version: rows of {broken[0]} point nowhere.")


def current_version(connection: Connection) -> str | None:
    """The version that the database says it is of, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def known_versions() -> set[str]:
    """The versions that this program knows."""
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _make_folder(url: str) -> None:
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def _reason(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return str(original).strip().splitlines()[0] if str(original).strip() else type(original).__name__
