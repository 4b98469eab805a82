"""Points: a ledger that stays one unbroken chain however many write it, and shows where somebody laid hand on it."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from storage.points import GENESIS, PointsEntry
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant
from tests.together import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database
    from storage.people import Person


@pytest.fixture
def people(database: Database) -> tuple[Person, Person]:
    with UnitOfWork(database) as work:
        grid = plant(work).grid
        both = work.people.add(grid, NOW), work.people.add(grid, NOW)
        work.commit()
    return both


def book(database: Database, person: Person, amount: int, source: str, granted_by: Person | None = None) -> None:
    with UnitOfWork(database) as work:
        work.points.add(person, amount, "河道清洁", source, granted_by, NOW)
        work.commit()


def first_broken(database: Database) -> int | None:
    with UnitOfWork(database, read_only=True) as work:
        return work.points.first_broken()


def test_an_empty_ledger_is_whole(database: Database) -> None:
    assert first_broken(database) is None


def test_balances_and_the_last_entries(database: Database, people: tuple[Person, Person]) -> None:
    li, zhang = people
    for number, (person, amount) in enumerate([(li, 5), (zhang, 7), (li, -2), (li, 10)]):
        book(database, person, amount, f"participation:{number}", zhang if person is li else None)
    with UnitOfWork(database, read_only=True) as work:
        assert (work.points.balance(li), work.points.balance(zhang)) == (13, 7)
        assert [entry.amount for entry in work.points.entries(li)] == [10, -2, 5]
        assert [entry.amount for entry in work.points.entries(li, limit=1)] == [10]
        assert [entry.previous_hash for entry in work.points.entries(li)][-1] == GENESIS
    assert first_broken(database) is None


def test_one_source_is_booked_once(database: Database, people: tuple[Person, Person]) -> None:
    book(database, people[0], 5, "participation:1")
    with pytest.raises(IntegrityError):
        book(database, people[1], 5, "participation:1")
    book(database, people[1], 5, "participation:2")
    assert first_broken(database) is None


def test_an_entry_that_was_not_committed_leaves_no_gap(database: Database, people: tuple[Person, Person]) -> None:
    with UnitOfWork(database) as work:
        work.points.add(people[0], 5, "河道清洁", "participation:1", None, NOW)
    with UnitOfWork(database) as work:
        with pytest.raises(ZeroDivisionError), work.attempt():
            work.points.add(people[0], 5, "河道清洁", "participation:2", None, NOW)
            raise ZeroDivisionError
        assert work.points.add(people[0], 5, "河道清洁", "participation:3", None, NOW).id == 1
        work.commit()
    assert first_broken(database) is None


def test_the_chain_stays_whole_when_many_write_at_once(database: Database, people: tuple[Person, Person]) -> None:
    def write(number: int) -> None:
        for turn in range(5):
            book(database, people[number % 2], 1 + turn, f"participation:{number}:{turn}")

    at_once(8, write)
    assert first_broken(database) is None
    with UnitOfWork(database, read_only=True) as work:
        ids = [entry.id for person in people for entry in work.points.entries(person, limit=100)]
        assert sorted(ids) == list(range(1, 41))
        assert [work.points.balance(person) for person in people] == [60, 60]


def test_any_moment_and_any_reason_can_be_checked_again(database: Database, people: tuple[Person, Person]) -> None:
    chance = random.Random(20260415)
    with UnitOfWork(database) as work:
        for number in range(40):
            when = NOW + timedelta(microseconds=chance.randrange(10**15))
            reason = "".join(chr(chance.randrange(32, 0x9FFF)) for _ in range(20))
            work.points.add(people[0], chance.randrange(-99, 99), reason, f"s:{number}", people[1], when)
        work.commit()
    assert first_broken(database) is None


def _change(**values: object) -> Callable[[UnitOfWork, Person], None]:
    def change(work: UnitOfWork, _other: Person) -> None:
        work.session.execute(update(PointsEntry).where(PointsEntry.id == 3).values(**values))

    return change


def _give_to_another(work: UnitOfWork, other: Person) -> None:
    _change(person_id=other.id)(work, other)


def _remove(number: int) -> Callable[[UnitOfWork, Person], None]:
    def remove(work: UnitOfWork, _other: Person) -> None:
        work.session.execute(delete(PointsEntry).where(PointsEntry.id == number))

    return remove


def _change_and_sign_again(work: UnitOfWork, _other: Person) -> None:
    entry = work.session.get_one(PointsEntry, 3)
    entry.amount = 5000
    entry.hash = entry.digest()


def _remove_and_close_the_gap(work: UnitOfWork, _other: Person) -> None:
    work.session.execute(delete(PointsEntry).where(PointsEntry.id == 3))
    for number in (4, 5):
        work.session.execute(update(PointsEntry).where(PointsEntry.id == number).values(id=number - 1))


def _put_in_front(work: UnitOfWork, other: Person) -> None:
    entry = PointsEntry(
        id=0, person_id=other.id, amount=9, reason="", source="s", at=NOW, previous_hash="f" * 64, hash=""
    )
    entry.hash = entry.digest()
    work.session.add(entry)


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (_change(amount=5000), 3),
        (_change(reason="巡逻"), 3),
        (_change(source="participation:99"), 3),
        (_change(at=NOW + timedelta(microseconds=1)), 3),
        (_change(granted_by_id=None), 3),
        (_change(hash="0" * 64), 3),
        (_change(previous_hash="1" * 64), 3),
        (_give_to_another, 3),
        (_change_and_sign_again, 4),
        (_remove(1), 2),
        (_remove(3), 4),
        (_remove_and_close_the_gap, 3),
        (_put_in_front, 0),
    ],
)
def test_tampering_is_found_where_it_was_done(
    database: Database,
    people: tuple[Person, Person],
    tamper: Callable[[UnitOfWork, Person], None],
    broken: int,
) -> None:
    for number in range(1, 6):
        book(database, people[0], number, f"participation:{number}", people[1])
    assert first_broken(database) is None
    with UnitOfWork(database) as work:
        tamper(work, people[1])
        work.commit()
    assert first_broken(database) == broken
