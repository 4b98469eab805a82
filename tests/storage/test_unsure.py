"""Unsure messages: kept without their speaker, labelled or dropped, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.retention import DataKind
from storage.unit_of_work import UnitOfWork
from storage.unsure import UnsureMessage, UnsureState
from tests.storage.rows import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database

RANKING = (("check_case", 0.41236), ("add_to_case", 0.34), ("out_of_scope", 0.1))


def keep(database: Database, text: str = "漏水那个，电话139****1111", at: datetime = NOW) -> int:
    with UnitOfWork(database) as work:
        message_id = work.unsure.add(text, RANKING, at).id
        work.commit()
    return message_id


def found(database: Database, message_id: int) -> UnsureMessage | None:
    with UnitOfWork(database, read_only=True) as work:
        return work.unsure.get(message_id)


def test_a_message_waits_with_what_it_may_have_meant(database: Database) -> None:
    message = found(database, keep(database))
    assert message is not None
    assert (message.text, message.state) == ("漏水那个，电话139****1111", UnsureState.WAITING)
    assert message.ranking == [["check_case", 0.4124], ["add_to_case", 0.34], ["out_of_scope", 0.1]]
    assert (message.chosen, message.label, message.heard_at) == (None, None, NOW)


def test_no_column_leads_to_a_person() -> None:
    assert not UnsureMessage.__table__.foreign_keys
    assert {column.name for column in UnsureMessage.__table__.columns} == {
        "id", "text", "ranking", "chosen", "label", "state", "heard_at"
    }  # fmt: skip


def test_a_label_can_be_given_and_replaced(database: Database) -> None:
    first, second = keep(database), keep(database, "漏水的事")
    for label in ("rate_case", "check_case"):
        with UnitOfWork(database) as work:
            message = work.unsure.get(first)
            assert message is not None
            work.unsure.label(message, label)
            work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert [m.id for m in work.unsure.in_state(UnsureState.WAITING)] == [second]
        assert [(m.id, m.label) for m in work.unsure.in_state(UnsureState.LABELLED)] == [(first, "check_case")]


def test_what_is_dropped_says_nothing_any_more_and_still_counts(database: Database) -> None:
    message_id = keep(database)
    with UnitOfWork(database) as work:
        message = work.unsure.get(message_id)
        assert message is not None
        work.unsure.label(message, "check_case")
        work.unsure.drop(message)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert [(m.text, m.label) for m in work.unsure.in_state(UnsureState.DROPPED)] == [("", None)]
        assert not work.unsure.in_state(UnsureState.LABELLED)


def test_what_is_old_is_forgotten(database: Database) -> None:
    old, new = keep(database, at=NOW - timedelta(days=181)), keep(database)
    with UnitOfWork(database) as work:
        work.retention.forget(DataKind.UNSURE, NOW - timedelta(days=180))
        work.commit()
    assert found(database, old) is None
    assert found(database, new) is not None
