"""The database: SQLite's pragmas, moments in UTC, savepoints, and rows that keep silent about what they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from storage.database import BUSY_TIMEOUT_MS, Database
from storage.lanes import LaneKey
from storage.people import Person
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, TALK, arriving, case, outgoing, plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.database import Base

LANE = LaneKey(TALK.channel, TALK.account)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'pragmas.db'}")
    yield database
    database.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", BUSY_TIMEOUT_MS)],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_every_connection_to_sqlite_has_its_pragmas(
    sqlite: Database, pragma: str, value: str | int, read_only: bool
) -> None:
    with UnitOfWork(sqlite, read_only=read_only) as one, UnitOfWork(sqlite, read_only=True) as another:
        for work in (one, another):
            assert work.session.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_row_cannot_point_at_nothing(database: Database) -> None:
    with UnitOfWork(database) as work, pytest.raises(IntegrityError):
        work.session.add(Person(area_id=4711, created_at=NOW))
        work.session.flush()


def test_a_writer_on_sqlite_has_the_lock_from_its_start_and_the_next_one_waits(database: Database) -> None:
    """Two transactions that both read and then write never fail half way with a locked database."""
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW, name="李秀芬")
        work.commit()
    first_has_read, second_done = Event(), Event()

    def rename_later() -> None:
        first_has_read.wait(10)
        with UnitOfWork(database) as work:
            work.people.get(person.id).home = "桂花苑5栋"
            work.commit()
        second_done.set()

    second = Thread(target=rename_later)
    second.start()
    with UnitOfWork(database) as work:
        known = work.people.get(person.id)
        first_has_read.set()
        if database.is_sqlite:
            assert not second_done.wait(0.1)
        known.phone = "13900001111"
        work.commit()
    second.join(10)
    with UnitOfWork(database, read_only=True) as work:
        known = work.people.get(person.id)
        assert (known.home, known.phone) == ("桂花苑5栋", "13900001111")


def test_readers_go_on_beside_a_writer(database: Database) -> None:
    with UnitOfWork(database) as writer:
        plant(writer)
        with UnitOfWork(database, read_only=True) as reader:
            assert reader.areas.communities() == []
        writer.commit()
    with UnitOfWork(database, read_only=True) as reader:
        assert len(reader.areas.communities()) == 2


def test_moments_come_back_aware_and_in_utc(database: Database) -> None:
    exact = NOW + timedelta(microseconds=123_456)
    with UnitOfWork(database) as work:
        person = work.people.add(plant(work).grid, exact)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        found = work.people.get(person.id).created_at
    assert found == exact
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)
    assert (found.hour, found.minute) == (2, 20)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_moment_is_compared_as_a_moment_whatever_its_zone(database: Database, read_only: bool) -> None:
    with UnitOfWork(database) as work:
        work.messages.queue(outgoing("in:1:1", due_at=NOW))
        work.commit()
    with UnitOfWork(database, read_only=read_only) as work:
        assert work.outbox.has_due(LANE, NOW.astimezone(UTC))
        assert not work.outbox.has_due(LANE, NOW.astimezone(UTC) - timedelta(seconds=1))


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with UnitOfWork(database) as work, pytest.raises(StatementError, match="without a time zone"):
        work.people.add(plant(work).grid, datetime(2026, 4, 15, 10, 20))  # noqa: DTZ001 - the point of the test


def test_a_savepoint_undoes_its_own_part_and_nothing_else(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        before = work.people.add(tree.grid, NOW, name="before")
        with pytest.raises(ZeroDivisionError), work.attempt():
            work.people.add(tree.grid, NOW, name="inside")
            before.name = "changed inside"
            raise ZeroDivisionError
        assert before.name == "before"
        work.people.add(tree.grid, NOW, name="after")
        with work.attempt():
            work.people.add(tree.grid, NOW, name="kept")
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert [p.name for p in work.people.living_in(tree.county)] == ["before", "after", "kept"]


def test_a_violated_constraint_in_a_savepoint_leaves_the_transaction_usable(database: Database) -> None:
    with UnitOfWork(database) as work:
        work.messages.queue(outgoing("in:1:1"))
        with pytest.raises(IntegrityError), work.attempt():
            work.messages.queue(outgoing("in:1:1"))
        work.messages.queue(outgoing("in:1:2"))
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert work.outbox.has_due(LANE, NOW)


def test_what_is_not_committed_is_gone(database: Database) -> None:
    with UnitOfWork(database) as work:
        plant(work)
    with UnitOfWork(database, read_only=True) as work:
        assert work.areas.communities() == []


def test_the_repr_of_a_row_shows_nothing_of_its_content(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW, name="李秀芬", phone="13900001111")
        identity = work.people.add_identity(person, "test", "bot", "sender-of-li", NOW, "p:li")
        message = work.messages.queue(outgoing("in:1:1", text="王家打人"))
        arrived = work.messages.get(work.messages.receive(arriving("m1", text="王家打人")) or 0)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001", text="王家打人", reporter=person))
        rows: list[Base] = [person, identity, message, arrived, report, tree.grid]
        ids = [person.id, identity.id, message.id, arrived.id, report.id, tree.grid.id]
        assert [repr(row) for row in rows] == [f"<{type(r).__name__} {i}>" for r, i in zip(rows, ids, strict=True)]
        assert [str(row) for row in rows] == [repr(row) for row in rows]


def test_an_error_of_the_database_does_not_tell_what_people_said(database: Database) -> None:
    """Such an error ends up in the log, and only numbers are masked there, not stories."""
    with UnitOfWork(database) as work, pytest.raises(IntegrityError) as raised:
        tree = plant(work)
        for _ in range(2):
            work.cases.add(case(tree.grid, tree.community, "20260415-001", text="王家的儿子半夜打人"))
    assert "王家" not in str(raised.value)


def test_a_connection_that_rested_while_the_server_was_restarted_is_opened_anew(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgres_url)
    with UnitOfWork(database) as work:
        first = work.session.scalar(text("SELECT pg_backend_pid()"))
    with UnitOfWork(database) as work:
        assert work.session.scalar(text("SELECT pg_backend_pid()")) == first
    other = Database(postgres_url)
    with UnitOfWork(other) as work:
        work.session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
    other.close()
    monkeypatch.setattr("storage.database.RESTED", 0.0)
    with UnitOfWork(database) as work:
        assert work.session.scalar(text("SELECT pg_backend_pid()")) != first
    database.close()
