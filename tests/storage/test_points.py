"""Points: a ledger that stays whole however many write it, never overspends, and shows every tampering."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.cases import By
from storage.ledger import GENESIS, PointsAccount, PointsEntry
from storage.points import Broken, InsufficientPointsError
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant
from tests.together import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.areas import Area
    from storage.database import Database
    from storage.people import Person

NOBODY = By(None, NOW, "test")
STEPS = ("credit", "spend", "hold", "freeze", "deduct", "reverse")


class Two(NamedTuple):
    """Two people of one community, and one of another."""

    li: Person
    zhang: Person
    elsewhere: Person
    community: Area
    other: Area


@pytest.fixture
def people(database: Database) -> Two:
    with UnitOfWork(database) as work:
        tree = plant(work)
        li, zhang, elsewhere = (work.people.add(home, NOW) for home in (tree.grid, tree.grid, tree.other_community))
        two = Two(li, zhang, elsewhere, tree.community, tree.other_community)
        work.commit()
    return two


def give(database: Database, person: Person, amount: int, source: str, by: Person | None = None) -> None:
    with UnitOfWork(database) as work:
        work.points.credit(person, amount, "河道清洁", source, By(by, NOW, "test"))
        work.commit()


def first_broken(database: Database) -> Broken | None:
    with UnitOfWork(database, read_only=True) as work:
        return work.points.first_broken()


def total(work: UnitOfWork) -> int:
    """What all accounts hold together: nothing, as every entry takes what it gives."""
    came = work.session.scalar(select(func.sum(PointsEntry.amount)).join(PointsEntry.target_account)) or 0
    return came - (work.session.scalar(select(func.sum(PointsEntry.amount)).join(PointsEntry.source_account)) or 0)


def test_an_empty_ledger_is_whole(database: Database, people: Two) -> None:
    assert first_broken(database) is None
    with UnitOfWork(database, read_only=True) as work:
        assert work.points.balance(people.li) == 0
        assert work.points.lines(people.li) == []
        assert work.points.head(people.community) is None
        assert work.points.overdrawn() == []


def test_balances_and_the_last_lines(database: Database, people: Two) -> None:
    give(database, people.li, 5, "participation:1", people.zhang)
    give(database, people.zhang, 7, "participation:2")
    with UnitOfWork(database) as work:
        work.points.spend(people.li, 2, "洗衣粉", "redemption:1", NOBODY)
        work.commit()
    give(database, people.li, 10, "participation:3")
    with UnitOfWork(database, read_only=True) as work:
        assert [work.points.balance(person) for person in people[:3]] == [13, 7, 0]
        assert [line.amount for line in work.points.lines(people.li)] == [10, -2, 5]
        assert [line.amount for line in work.points.lines(people.li, limit=1)] == [10]
        assert total(work) == 0
    assert first_broken(database) is None


def test_each_community_has_a_chain_of_its_own(database: Database, people: Two) -> None:
    for number, person in enumerate((people.li, people.elsewhere, people.zhang)):
        give(database, person, 5, f"participation:{number}")
    with UnitOfWork(database, read_only=True) as work:
        here, there = work.points.head(people.community), work.points.head(people.other)
        assert here is not None
        assert there is not None
        assert (here.position, there.position, there.previous_hash) == (2, 1, GENESIS)
        assert work.points.head(people.community, NOW) is None
    assert first_broken(database) is None


def test_one_source_is_booked_once(database: Database, people: Two) -> None:
    give(database, people.li, 5, "participation:1")
    with pytest.raises(IntegrityError):
        give(database, people.zhang, 5, "participation:1")
    give(database, people.zhang, 5, "participation:2")
    assert first_broken(database) is None


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_and_less_cannot_be_given(database: Database, people: Two, amount: int) -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        give(database, people.li, amount, "participation:1")


def test_nobody_spends_or_freezes_more_than_they_have(database: Database, people: Two) -> None:
    give(database, people.li, 5, "participation:1")
    with UnitOfWork(database) as work:
        for take in (work.points.spend, work.points.hold):
            with pytest.raises(InsufficientPointsError):
                take(people.li, 6, "洗衣粉", "redemption:1", NOBODY)
        held = work.points.hold(people.li, 4, "申诉", "objection:1", NOBODY)
        assert (work.points.balance(people.li), work.points.held(people.li)) == (1, 4)
        with pytest.raises(InsufficientPointsError):
            work.points.spend(people.li, 2, "洗衣粉", "redemption:2", NOBODY)
        work.points.reverse(held, "申诉不成立", NOBODY)
        assert (work.points.balance(people.li), work.points.held(people.li)) == (5, 0)
        work.commit()
    assert first_broken(database) is None


def test_an_entry_is_undone_once_and_shows_that_it_was(database: Database, people: Two) -> None:
    give(database, people.li, 5, "participation:1")
    with UnitOfWork(database) as work:
        work.points.spend(people.li, 4, "洗衣粉", "redemption:1", NOBODY)
        given = work.points.lines(people.li)[-1].entry
        undone = work.points.reverse(given, "签到作废", By(people.zhang, NOW, "test"))
        assert (undone.reverses_id, undone.granted_by_id) == (given.id, people.zhang.id)
        assert work.points.balance(people.li) == -4
        assert work.points.overdrawn() == []
        with pytest.raises(IntegrityError), work.attempt():
            work.points.reverse(given, "签到作废", NOBODY)
        work.commit()
    assert first_broken(database) is None


def test_the_accounts_of_one_human_are_joined(database: Database, people: Two) -> None:
    give(database, people.li, 5, "participation:1")
    give(database, people.elsewhere, 8, "participation:2")
    with UnitOfWork(database) as work:
        work.points.hold(people.li, 2, "申诉", "objection:1", NOBODY)
        work.points.join(people.li, people.elsewhere, "账号合并", NOBODY)
        assert [work.points.balance(person) for person in (people.li, people.elsewhere)] == [0, 11]
        assert [work.points.held(person) for person in (people.li, people.elsewhere)] == [0, 2]
        assert total(work) == 0
        work.commit()
    assert first_broken(database) is None


def test_one_human_with_two_accounts_is_counted_once(database: Database, people: Two) -> None:
    with UnitOfWork(database) as work:
        li, zhang = work.people.get(people.li.id), work.people.get(people.zhang.id)
        work.points.credit(li, 9, "", "s:1", NOBODY)
        work.points.credit(zhang, 4, "", "s:2", NOBODY)
        work.joining.join(li, zhang, NOW, "账号合并")
        li = work.people.get(li.id)
        month = NOW - timedelta(days=1), NOW + timedelta(days=1)
        places = work.points.ranking(people.community, *month)
        assert [(each.place, each.person_id, each.earned) for each in places] == [(1, li.id, 13)]
        assert work.points.earned(li, *month) == 13
        assert [line.amount for line in work.points.record(li, *month)] == [9, 4, 0]
        assert work.points.balance(li) == 13


def test_a_ranking_counts_what_was_earned_and_shares_places(database: Database, people: Two) -> None:
    with UnitOfWork(database) as work:
        tree_area = work.areas.get(people.li.area_id)
        chen, late = (work.people.add(tree_area, NOW) for _ in range(2))
        for number, (person, amount) in enumerate(
            ((people.li, 9), (people.zhang, 9), (chen, 4), (people.elsewhere, 50), (late, 3))
        ):
            by = NOBODY if person is not late else By(None, NOW + timedelta(days=30), "test")
            work.points.credit(person, amount, "", f"s:{number}", by)
        work.points.spend(people.li, 8, "洗衣粉", "redemption:1", NOBODY)
        undone = work.points.credit(chen, 90, "", "s:9", NOBODY)
        work.points.reverse(undone, "更正", NOBODY)
        month = NOW - timedelta(days=1), NOW + timedelta(days=1)
        places = work.points.ranking(people.community, *month)
        assert [(each.place, each.person_id, each.earned) for each in places] == [
            (1, people.li.id, 9),
            (1, people.zhang.id, 9),
            (3, chen.id, 4),
        ]
        county = work.areas.get(people.community.ancestor_ids[-1])
        assert work.points.ranking(county, *month)[0].person_id == people.elsewhere.id
        assert work.points.ranking(people.community, NOW + timedelta(days=1), NOW + timedelta(days=2)) == []
        assert [work.points.earned(person, *month) for person in (people.li, chen, late)] == [9, 4, 0]


def test_an_entry_that_was_not_committed_leaves_no_gap(database: Database, people: Two) -> None:
    with UnitOfWork(database) as work:
        work.points.credit(people.li, 5, "河道清洁", "participation:1", NOBODY)
    with UnitOfWork(database) as work:
        with pytest.raises(ZeroDivisionError), work.attempt():
            work.points.credit(people.li, 5, "河道清洁", "participation:2", NOBODY)
            raise ZeroDivisionError
        assert work.points.credit(people.li, 5, "河道清洁", "participation:3", NOBODY).position == 1
        work.commit()
    assert first_broken(database) is None


def test_the_chains_stay_whole_when_many_write_at_once(database: Database, people: Two) -> None:
    def write(number: int) -> None:
        for turn in range(5):
            give(database, people[:3][number % 3], 1 + turn, f"participation:{number}:{turn}")

    at_once(9, write)
    assert first_broken(database) is None
    with UnitOfWork(database, read_only=True) as work:
        assert [work.points.balance(person) for person in people[:3]] == [45, 45, 45]
        heads = [work.points.head(area) for area in (people.community, people.other)]
        assert [head.position if head else 0 for head in heads] == [30, 15]
        assert work.session.scalar(select(func.count()).select_from(PointsAccount)) == 5


def test_many_who_spend_one_balance_at_once_never_overspend(database: Database, people: Two) -> None:
    give(database, people.li, 7, "participation:1")

    def spend(number: int) -> bool:
        with UnitOfWork(database) as work:
            try:
                work.points.spend(people.li, 2, "洗衣粉", f"redemption:{number}", NOBODY)
            except InsufficientPointsError:
                return False
            work.commit()
            return True

    assert sum(at_once(10, spend)) == 3
    with UnitOfWork(database, read_only=True) as work:
        assert work.points.balance(people.li) == 1
    assert first_broken(database) is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 9)), max_size=14))
def test_any_order_of_entries_keeps_sums_and_chain(
    database: Database, people: Two, steps: list[tuple[str, int]]
) -> None:
    with UnitOfWork(database) as work:
        free = held = 0
        made: list[tuple[PointsEntry, str]] = []
        for number, (what, amount) in enumerate(steps):
            by = By(people.zhang, NOW + timedelta(minutes=number), "test")
            if what == "reverse" and made:
                entry, kind = made.pop(amount % len(made))
                work.points.reverse(entry, "更正", by)
                free += entry.amount if kind in ("spend", "hold", "deduct") else -entry.amount
                held -= entry.amount if kind == "hold" else 0
            elif what == "credit":
                made.append((work.points.credit(people.li, amount, "", f"s:{number}", by), what))
                free += amount
            elif what in ("freeze", "deduct"):
                given = work.points.credit(people.li, amount, "", f"f:{number}", by)
                free += amount
                taking = (
                    work.points.freeze(given, "异议", f"s:{number}", by)
                    if what == "freeze"
                    else work.points.deduct(people.li, amount, "扣分", f"s:{number}", by)
                )
                # What was spent of a credit that was undone since leaves less than it gave, or nothing.
                assert (taking.amount if taking else 0) == max(0, min(amount, free))
                if taking is not None:
                    made.append((taking, "hold" if what == "freeze" else what))
                    free, held = free - taking.amount, held + (taking.amount if what == "freeze" else 0)
            elif what in ("spend", "hold") and free >= amount:
                take = work.points.spend if what == "spend" else work.points.hold
                made.append((take(people.li, amount, "", f"s:{number}", by), what))
                free, held = free - amount, held + (amount if what == "hold" else 0)
            assert (work.points.balance(people.li), work.points.held(people.li)) == (free, held)
        assert total(work) == 0
        assert work.points.first_broken() is None
        assert work.points.overdrawn() == []


def test_any_moment_and_any_reason_can_be_checked_again(database: Database, people: Two) -> None:
    chance = random.Random(20260415)
    with UnitOfWork(database) as work:
        for number in range(40):
            when = NOW + timedelta(microseconds=chance.randrange(10**15))
            reason = "".join(chr(chance.randrange(32, 0x9FFF)) for _ in range(20))
            by = By(people.zhang, when, "test")
            work.points.credit(people.li, chance.randrange(1, 99), reason, f"s:{number}", by, people.elsewhere)
        work.commit()
    assert first_broken(database) is None


def test_the_database_refuses_to_change_and_to_remove(database: Database, people: Two) -> None:
    give(database, people.li, 5, "participation:1")
    for change in (update(PointsEntry).values(amount=5000), delete(PointsEntry)):
        with UnitOfWork(database) as work, pytest.raises(DBAPIError, match="append-only"):
            work.session.execute(change)


def _change(**values: object) -> Callable[[UnitOfWork, Two], None]:
    def change(work: UnitOfWork, _people: Two) -> None:
        work.session.execute(update(PointsEntry).where(PointsEntry.position == 3).values(**values))

    return change


def _give_to_another(work: UnitOfWork, people: Two) -> None:
    zhang = select(PointsAccount.id).where(PointsAccount.person_id == people.zhang.id).scalar_subquery()
    _change(to_id=zhang)(work, people)


def _remove(number: int) -> Callable[[UnitOfWork, Two], None]:
    def remove(work: UnitOfWork, _people: Two) -> None:
        work.session.execute(delete(PointsEntry).where(PointsEntry.position == number))

    return remove


def _change_and_sign_again(work: UnitOfWork, _people: Two) -> None:
    entry = work.session.scalars(select(PointsEntry).where(PointsEntry.position == 3)).one()
    entry.amount = 5000
    entry.hash = entry.digest()


def _remove_and_close_the_gap(work: UnitOfWork, people: Two) -> None:
    _remove(3)(work, people)
    for number in (4, 5):
        work.session.execute(update(PointsEntry).where(PointsEntry.position == number).values(position=number - 1))


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (_change(amount=5000), 3),
        (_change(reason="巡逻"), 3),
        (_change(source="participation:99"), 3),
        (_change(at=NOW + timedelta(microseconds=1)), 3),
        (_change(granted_by_id=None), 3),
        (_change(seconded_by_id=1), 3),
        (_change(hash="0" * 64), 3),
        (_change(previous_hash="1" * 64), 3),
        (_give_to_another, 3),
        (_change_and_sign_again, 4),
        (_remove(1), 2),
        (_remove(3), 4),
        (_remove(5), 5),
        (_remove_and_close_the_gap, 3),
    ],
)
def test_tampering_is_found_where_it_was_done(
    database: Database, people: Two, tamper: Callable[[UnitOfWork, Two], None], broken: int
) -> None:
    give(database, people.zhang, 1, "participation:0", people.elsewhere)
    for number in range(1, 5):
        give(database, people.li, number, f"participation:{number}", people.elsewhere)
    assert first_broken(database) is None
    with UnitOfWork(database) as work:
        # Whoever has the whole database in their hands can take the guards away, and is found out all the same.
        on = "" if database.is_sqlite else " ON points_entries"
        for change in ("update", "delete"):
            work.session.execute(text(f"DROP TRIGGER points_entries_keep_{change}{on}"))
        tamper(work, people)
        found = work.points.first_broken()
    assert found is not None
    assert (found.chain_id, found.position) == (people.community.id, broken)
