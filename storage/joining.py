"""Joining: two persons who are one human become one row, with everything that belongs to either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, UniqueConstraint, delete, select, update

from storage.cases import By, Case, CaseFollower
from storage.database import Base
from storage.people import Person
from storage.points import PointsStore
from storage.votes import VoteStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Column, RowMapping
    from sqlalchemy.orm import Session

STAYS = frozenset(
    {
        ("points_accounts", "person_id"),
        ("points_entries", "granted_by_id"),
        ("points_entries", "seconded_by_id"),
        ("points_history", "person_id"),
        ("points_history", "actor_id"),
        ("case_events", "actor_id"),
        ("role_changes", "actor_id"),
        ("role_changes", "person_id"),
        ("binding_codes", "person_id"),
    }
)
"""What is a line of a history stays as it was written; the row that wrote it points to the one that it became."""

_PARTICIPATION = ("no_show", "rejected", "waiting", "signed_up", "checked_in", "checked_out", "approved")


class JoiningStore:
    """Makes one person of two."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._points = PointsStore(session)
        self._votes = VoteStore(session)

    def join(self, first: Person, second: Person, now: datetime, reason: str) -> None:
        """Move everything of `second` to `first`; `second` remains as a row that points to `first`.

        `reason` is what the ledger of points says of the entries that carry the balance over. What a grid member
        confirmed is kept before what nobody did. All of it happens in the open transaction, or none of it.
        """
        self._points.join(second, first, reason, By(None, now, "join"))
        self._votes.join(first.id, second.id)
        self._take_over(first, second)
        self._session.flush()
        for table, column in _columns():
            self._move(table, column, first.id, second.id)
        followed = select(Case.id).where(Case.reporter_id == first.id)
        own = delete(CaseFollower).where(CaseFollower.person_id == first.id, CaseFollower.case_id.in_(followed))
        self._session.execute(own.execution_options(synchronize_session=False))
        before = update(Person).where(Person.merged_into_id == second.id).values(merged_into_id=first.id)
        self._session.execute(before.execution_options(synchronize_session=False))
        second.merged_into_id = first.id
        self._session.flush()
        self._session.expire_all()

    def _take_over(self, first: Person, second: Person) -> None:
        if second.confirmed_at is not None and first.confirmed_at is None:
            better, other = second, first
            first.area, first.area_id = second.area, second.area_id
            first.confirmed_at, first.confirmed_by_id = second.confirmed_at, second.confirmed_by_id
        else:
            better, other = first, second
            if first.home is None and second.home is not None:
                first.area, first.area_id = second.area, second.area_id
        for name in ("name", "phone", "home"):
            setattr(first, name, getattr(better, name) or getattr(other, name))
        second.name = second.phone = second.home = None
        second.confirmed_at = second.confirmed_by_id = None

    def _move(self, table: Table, column: Column[Any], first: int, second: int) -> None:
        for unique in _uniques(table, column):
            others = [each for each in unique.columns if each is not column]
            mine = {_key(row, others): row for row in self._rows(table, column, first)}
            for row in self._rows(table, column, second):
                same = mine.get(_key(row, others))
                if same is not None:
                    self._drop(table, _worse(table, same, row))
        self._session.execute(update(table).where(column == second).values({column.name: first}))

    def _rows(self, table: Table, column: Column[Any], person_id: int) -> list[RowMapping]:
        return list(self._session.execute(select(table).where(column == person_id)).mappings())

    def _drop(self, table: Table, row: RowMapping) -> None:
        self._session.execute(delete(table).where(*(key == row[key.name] for key in table.primary_key)))


def _columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column of every table that names a person and moves."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            names_person = any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys)
            if names_person and (table.name, column.name) not in STAYS:
                yield table, column


def _uniques(table: Table, column: Column[Any]) -> list[UniqueConstraint]:
    found = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    return [each for each in found if column.name in {inner.name for inner in each.columns}]


def _key(row: RowMapping, columns: list[Column[Any]]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in columns)


def _worse(table: Table, first: RowMapping, second: RowMapping) -> RowMapping:
    """The one of two rows about the same thing that is given up: the other has come further."""
    return first if _how_far(table, second) > _how_far(table, first) else second


def _how_far(table: Table, row: RowMapping) -> int:
    match table.name:
        case "participations":
            return _PARTICIPATION.index(row["state"])
        case "recipients":
            return 2 * (row["acknowledged_at"] is not None) + (row["outbox_id"] is not None)
        case "invitations":
            return int(row["answered_at"] is not None)
        case _:
            return 0
