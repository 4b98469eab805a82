"""Migrations: they lead to exactly the tables of the models, back again, and never touch what they do not know."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

import storage.unit_of_work  # noqa: F401  (every table must be known before the metadata is read)
from bot import schema
from storage.areas import AreaKind
from storage.cases import By
from storage.database import Base, Database
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, case, plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, on both engines."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.close()
        return
    server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
    name = f"gridbot_empty_{uuid.uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    database = Database(server.url.set(database=name))
    yield database
    database.close()
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


def url(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def is_comparable(_thing: object, name: str | None, *_further: object) -> bool:
    """An index over an expression is read back in other words; `make bench` and the tests of searching use it."""
    return name != "ix_cases_pairs"


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_object": is_comparable}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and every column by its type."""
    with database.engine.connect() as connection:
        inspector = inspect(connection)
        rows: dict[str, list[tuple[object, ...]]] = {}
        for table in sorted(inspector.get_table_names()):
            columns = [(column["name"], str(column["type"])) for column in inspector.get_columns(table)]
            found = connection.execute(text(f'SELECT * FROM "{table}"'))
            rows[table] = [*columns, *(tuple(row) for row in found)]
        return rows


def test_a_migrated_database_equals_the_models(empty: Database) -> None:
    schema.upgrade(empty)
    assert differences(empty) == []
    assert tables(empty) == {*Base.metadata.tables, "alembic_version"}


def test_the_comparison_sees_a_difference(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("ALTER TABLE talks ADD COLUMN mood VARCHAR(8)"))
        connection.execute(text("DROP INDEX ix_talks_person_id"))
    assert len(differences(empty)) == 2


def test_migrations_run_down_to_nothing_and_up_again(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        command.downgrade(schema.alembic_config(connection), "base")
        connection.commit()
    assert tables(empty) == {"alembic_version"}
    schema.upgrade(empty)
    assert differences(empty) == []


def test_versions_that_are_there_are_numbered_by_title(empty: Database) -> None:
    rows = [("方案", "2026-01-01"), ("办法", None), ("方案", "2026-02-01"), ("方案", None)]
    with empty.engine.connect() as connection:
        command.upgrade(schema.alembic_config(connection), "0003")
        for title, superseded in rows:
            connection.execute(
                text(
                    "INSERT INTO policy_documents (title, status, text, added_at, superseded_at)"
                    " VALUES (:title, '现行', '', '2026-01-01', :superseded)"
                ),
                {"title": title, "superseded": superseded},
            )
        connection.commit()
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        found = connection.execute(text("SELECT title, version FROM policy_documents ORDER BY id")).all()
    assert [tuple(row) for row in found] == [("方案", 1), ("办法", 1), ("方案", 2), ("方案", 3)]


def test_a_database_that_is_in_use_is_upgraded_with_every_row(empty: Database) -> None:
    with empty.engine.connect() as connection:
        command.upgrade(schema.alembic_config(connection), "0005")
        connection.commit()
    at = "'2026-04-15 02:20:00'"
    rows = (
        "INSERT INTO areas (id, kind, name, code, path, residents) VALUES (1, 'community', '桂花社区', '', '/1/', 9)",
        f"INSERT INTO people (id, name, area_id, subscribed, created_at) VALUES (1, '李秀芬', 1, true, {at})",
        "INSERT INTO cases (id, number, community_id, area_id, kind, category, place, text, anonymous, reporter_id,"
        " assignee_id, state, alarms, photos, created_at, respond_by, due_at) VALUES (1, '20260415-001', 1, 1,"
        f" 'dispute', 'noise', '桂花苑3栋', '打麻将', false, 1, 1, 'accepted', 0, '[]', {at}, {at}, {at})",
        "INSERT INTO case_events (id, case_id, at, actor_id, action, to_state, note)"
        f" VALUES (100, 1, {at}, 1, 'report', 'open', '')",
        f"INSERT INTO case_followers (id, case_id, person_id, since) VALUES (1, 1, 1, {at})",
        "INSERT INTO inbox (id, channel, account, message_id, chat, sender, text, attachments, in_group, addressed,"
        " edited, sent_at, received_at, state, attempts)"
        f" VALUES (1, 'web', 'web', '1', 'p', 'li', '打麻将', '[]', false, true, false, {at}, {at}, 'done', 0)",
    )
    with empty.engine.begin() as connection:
        for row in rows:
            connection.execute(text(row))
    schema.upgrade(empty)
    assert differences(empty) == []
    with UnitOfWork(empty) as work:
        person = work.people.get(1)
        [case_of_old] = work.cases.reported_by(person)
        assert [event.action for event in case_of_old.history] == ["report"]
        assert [follower.person_id for follower in case_of_old.followers] == [1]
        case_of_old.note(By(person, NOW, "test"), "add", "又来了")
        work.commit()
    with UnitOfWork(empty) as work, pytest.raises(DBAPIError, match="append-only"):
        work.session.execute(text("DELETE FROM case_events"))
    with UnitOfWork(empty) as work, pytest.raises(IntegrityError):
        work.session.execute(text("DELETE FROM areas"))


def test_points_that_are_booked_are_booked_again_in_the_chains_of_their_communities(empty: Database) -> None:
    with empty.engine.connect() as connection:
        command.upgrade(schema.alembic_config(connection), "0012")
        connection.commit()
    with UnitOfWork(empty) as work:
        tree = plant(work)
        work.commit()
    people = "INSERT INTO people (id, area_id, subscribed, created_at) VALUES (:id, :area, true, '2026-01-01')"
    entry = (
        "INSERT INTO points_entries (id, person_id, amount, reason, source, at, previous_hash, hash)"
        " VALUES (:id, :person, :amount, '河道清洁', :source, '2026-01-02', :hash, :hash)"
    )
    booked = [(1, 5), (2, 7), (1, -2), (1, 0)]
    with empty.engine.begin() as connection:
        for number, area in ((1, tree.grid), (2, tree.other_community)):
            connection.execute(text(people), {"id": number, "area": area.id})
        for number, (person, amount) in enumerate(booked, start=1):
            values = {"id": number, "person": person, "amount": amount, "source": f"s:{number}", "hash": str(number)}
            connection.execute(text(entry), values)
    schema.upgrade(empty)
    with UnitOfWork(empty) as work:
        assert [work.points.balance(work.people.get(number)) for number in (1, 2)] == [3, 7]
        assert work.points.first_broken() is None
        head = work.points.head(tree.community)
        assert head is not None
        assert head.position == 2
        assert work.points.credit(work.people.get(1), 1, "巡逻", "s:9", By(None, NOW, "test")).position == 3


def test_the_migrated_history_is_append_only_too(empty: Database) -> None:
    schema.upgrade(empty)
    with UnitOfWork(empty) as work:
        tree = plant(work)
        work.cases.add(case(tree.grid, tree.community, "20260415-001")).note(By(None, NOW, "test"), "add", "他又来了")
        work.commit()
    for change in ("UPDATE case_events SET note = 'x'", "DELETE FROM case_events"):
        with UnitOfWork(empty) as work, pytest.raises(DBAPIError, match="append-only"):
            work.session.execute(text(change))


def test_there_is_one_line_of_versions(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        assert schema.current_version(connection) == max(schema.known_versions())


def test_opening_again_keeps_what_is_there(empty: Database) -> None:
    schema.open_at_head(url(empty)).close()
    with UnitOfWork(empty) as work:
        work.areas.add(AreaKind.COUNTY, "仁和县")
        work.commit()
    before = contents(empty)
    schema.open_at_head(url(empty)).close()
    assert contents(empty) == before
    assert "仁和县" in str(before["areas"])


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("ALTER TABLE talks ADD COLUMN mood VARCHAR(8)"))
    before = contents(empty)
    with pytest.raises(schema.SetUpError) as refused:
        schema.open_at_head(url(empty))
    assert "9999" in str(refused.value)
    assert "newer" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert contents(empty) == before


def test_a_migration_that_fails_leaves_nothing_half_done(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE talks (what VARCHAR(8))"))
        connection.execute(text("INSERT INTO talks VALUES ('mine')"))
    before = contents(empty)
    with pytest.raises(schema.SetUpError) as refused:
        schema.open_at_head(url(empty))
    assert "talks" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert contents(empty) == before


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    file = tmp_path / "some" / "where" / "gridbot.db"
    schema.open_at_head(f"sqlite:///{file}").close()
    assert file.exists()


def test_what_is_no_database_is_refused_with_one_sentence_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_bytes("亲爱的邻居".encode() * 1000)
    before = file.read_bytes()
    with pytest.raises(schema.SetUpError, match="cannot be opened") as refused:
        schema.open_at_head(f"sqlite:///{file}")
    assert "\n" not in str(refused.value)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///{file}/gridbot.db",
        "postgresql://root@127.0.0.1:1/gridbot",
        "oracle-of-delphi://somewhere",
        "no url at all",
    ],
)
def test_what_cannot_be_reached_is_refused_with_one_sentence(tmp_path: Path, address: str) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    with pytest.raises(schema.SetUpError, match="cannot be opened") as refused:
        schema.open_at_head(address.format(file=file))
    assert "\n" not in str(refused.value)
