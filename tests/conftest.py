"""What tests share: the trained parser, a database on each engine, and a small town whose people talk to the bot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

import storage.unit_of_work  # noqa: F401  (every table must be known before the metadata is read)
from bot.app import build_parser
from bot.rehearsal import replace_file
from bot.settings import Settings
from nlu.policy.library import PolicyLibrary
from storage.database import Base, Database
from tests.town import Town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlu.parser import Parser

# Speed is measured by `make bench`; a busy machine must not fail a property.
settings.register_profile("gridbot", deadline=None)
settings.load_profile("gridbot")

MODELS = Path(__file__).parent.parent / ".pytest_cache" / "models"
POSTGRES = os.environ.get("GRIDBOT_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432/postgres")
"""A database on the server on which the tests make databases of their own."""


@pytest.fixture(scope="session")
def parser() -> Parser:
    return build_parser(Settings(data_dir=MODELS.parent, nlu="embedded"))


@pytest.fixture(scope="session")
def library() -> PolicyLibrary:
    return PolicyLibrary(MODELS)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A fresh PostgreSQL database for this test process; skipped plainly where there is no server."""
    name = f"gridbot_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            # No test ends the server, so nothing is shown by waiting for its disk.
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    except OperationalError as error:
        admin.dispose()
        if os.environ.get("GRIDBOT_REQUIRE_POSTGRES"):
            raise
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {str(error.orig).strip().splitlines()[0]}")
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One SQLite database for all tests of this process; beside it lies `empty.db`, which has the tables alone."""
    folder = tmp_path_factory.mktemp("sqlite")
    empty = Database(f"sqlite:///{folder / 'empty.db'}")
    Base.metadata.create_all(empty.engine)
    empty.close()
    database = Database(f"sqlite:///{folder / 'test.db'}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgresql_database(postgres_url: str) -> Iterator[Database]:
    """One PostgreSQL database for all tests of this process."""
    database = Database(postgres_url)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with all tables, on both engines; the same object each time, since it knows its statements."""
    database: Database = request.getfixturevalue(f"{request.param}_database")
    if database.is_sqlite:
        replace_file(database, Path(str(database.url.database)).with_name("empty.db"))
    else:
        with database.engine.begin() as connection:
            connection.execute(text(_emptying()))
    yield database
    database.close()


def _emptying() -> str:
    """Takes every row out and begins every sequence anew; TRUNCATE makes hundreds of files anew, which is slow."""
    deletes = "".join(f'DELETE FROM "{table.name}"; ' for table in reversed(Base.metadata.sorted_tables))
    switch = (
        "FOR name IN SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal LOOP "
        "EXECUTE 'ALTER TABLE ' || name || ' {} TRIGGER USER'; END LOOP; "
    )
    sequences = (
        "PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;"
    )
    body = f"{switch.format('DISABLE')}{deletes}{switch.format('ENABLE')}{sequences}"
    return f"DO $do$ DECLARE name text; BEGIN {body} END $do$"


@pytest.fixture
def town(database: Database, parser: Parser, library: PolicyLibrary) -> Town:
    return Town(database, parser, library)
