"""Unanswered questions: kept without whoever asked, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.questions import UnansweredQuestion
from storage.retention import DataKind
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW

if TYPE_CHECKING:
    from storage.database import Database


def test_questions_are_kept_in_order_and_the_old_ones_forgotten(database: Database) -> None:
    with UnitOfWork(database) as work:
        work.questions.add("低保标准是多少", NOW - timedelta(days=181))
        work.questions.add("物业费好多", NOW)
        work.questions.add("低保标准", NOW)
        work.commit()
    with UnitOfWork(database) as work:
        assert [question.text for question in work.questions.all()] == ["低保标准是多少", "物业费好多", "低保标准"]
        work.retention.forget(DataKind.QUESTIONS, NOW - timedelta(days=180))
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert [(q.text, q.asked_at) for q in work.questions.all()] == [("物业费好多", NOW), ("低保标准", NOW)]


def test_no_column_leads_to_a_person() -> None:
    assert not UnansweredQuestion.__table__.foreign_keys
    assert {column.name for column in UnansweredQuestion.__table__.columns} == {"id", "text", "asked_at"}
