"""What tests share: the trained parser, a database on each engine, and a small town whose people talk to the bot."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

import storage.unit_of_work  # noqa: F401  (every table must be known before the metadata is read)
from bot.app import build_parser
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
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    database.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with all tables, on both engines."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "test.db")
        database = Database(f"sqlite:///{path}")
    else:
        database = Database(request.getfixturevalue("postgres_url"))
        Base.metadata.create_all(database.engine)
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
