"""The ledger under real processes: one balance and the last piece are never spent twice, and no limit is passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from handlers import earning
from handlers.turn import Inbound, Turn
from nlu.understanding import Intent, Understanding
from storage.cases import By
from storage.ledger import AccountKind, PointsAccount, PointsEntry
from storage.people import Person
from storage.points import InsufficientPointsError
from storage.shop import OutOfStockError
from storage.unit_of_work import UnitOfWork
from tests.processes import in_processes
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from storage.database import Database

PROCESSES, EACH = 4, 25
"""A hundred in all."""

NOBODY = By(None, NOW, "test")


def settle(database: Database, stock: int, points: int, people: int) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        work.shop.put(tree.community, "洗衣粉", 10, stock)
        for number in range(people):
            buyer = work.people.add(tree.grid, NOW)
            work.points.credit(buyer, points, "期初", f"given:{number}", NOBODY)
        work.commit()


def redeem(database: Database, number: int) -> bool:
    """Buy a piece, as the shop does: the item first, the ledger after it."""
    with UnitOfWork(database) as work:
        people = work.session.scalars(select(Person).order_by(Person.id)).unique().all()
        buyer = people[number % len(people)]
        try:
            taken = work.shop.take(work.shop.offered(buyer)[0], 1)
            entry = work.points.spend(buyer, taken.cost, "兑换", f"redemption:{number}", NOBODY)
        except (OutOfStockError, InsufficientPointsError):
            return False
        work.shop.reserve(taken, buyer, 1, entry, f"{number:06d}", NOBODY)
        work.commit()
        return True


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def check(database: Database) -> int:
    """That the chain is whole and nothing is overdrawn; how much people can spend in all."""
    with UnitOfWork(database, read_only=True) as work:
        assert work.points.first_broken() is None
        assert work.points.overdrawn() == []
        return sum(work.points.balance(person) for person in work.session.scalars(select(Person)).unique())


def test_a_hundred_redemptions_of_one_balance(database: Database) -> None:
    settle(database, stock=500, points=75, people=1)
    assert sum(in_processes(url_of(database), PROCESSES, redeem, EACH)) == 7
    assert check(database) == 5
    with UnitOfWork(database, read_only=True) as work:
        assert [item.stock for item in work.shop.all()] == [493]


def test_a_hundred_redemptions_of_the_last_piece(database: Database) -> None:
    settle(database, stock=1, points=10, people=10)
    assert sum(in_processes(url_of(database), PROCESSES, redeem, EACH)) == 1
    assert check(database) == 90
    with UnitOfWork(database, read_only=True) as work:
        assert [item.stock for item in work.shop.all()] == [0]
        assert len(work.shop.redeemed()) == 1


def earn(database: Database, number: int) -> int:
    with UnitOfWork(database) as work:
        person = work.people.get(1)
        message = Inbound("test", "test", f"{number}", "p:1", "1", "", NOW)
        turn = Turn(
            work,
            NOW,
            f"test:{number}",
            message=message,
            person=person,
            talk=None,  # type: ignore[arg-type]
            understanding=Understanding("", Intent.APPROVE_CHECK_IN, 1.0),
            library=None,  # type: ignore[arg-type]
        )
        given = earning.credit(turn, person, 30, "河道清洁", f"participation:{number}")
        work.commit()
        return given


def test_credits_at_once_do_not_pass_the_limit_of_the_day(database: Database) -> None:
    with UnitOfWork(database) as work:
        work.people.add(plant(work).grid, NOW)
        work.commit()
    limit = earning.on(NOW.date()).day
    given = in_processes(url_of(database), PROCESSES, earn, 3)
    assert sum(given) == limit
    assert check(database) == limit


def mix(database: Database, number: int) -> None:
    """Give, spend, freeze and undo, each in a transaction of its own, on five people."""
    by = By(None, NOW + timedelta(seconds=number), "test")
    with UnitOfWork(database) as work:
        person = work.people.get(number * 7 % 5 + 1)
        work.points.lock(person)
        entry = work.points.credit(person, number % 9 + 1, "河道清洁", f"c:{number}", by)
        work.commit()
    if number % 3 == 0:
        redeem(database, number)
    with UnitOfWork(database) as work:
        fresh = work.points.entry(entry.id)
        held = work.points.freeze(fresh, "异议", f"o:{number}", by) if number % 2 else None
        work.commit()
    with UnitOfWork(database) as work:
        if held is not None:
            work.points.reverse(work.points.entry(held.id), "解冻", by)
        if number % 4 == 1:
            work.points.reverse(work.points.entry(entry.id), "撤销", by)
        work.commit()


def test_everything_at_once_keeps_sums_stock_and_chain(database: Database) -> None:
    settle(database, stock=20, points=30, people=5)
    in_processes(url_of(database), PROCESSES, mix, 8)
    balance = check(database)
    with UnitOfWork(database, read_only=True) as work:
        came, went = (
            func.coalesce(func.sum(PointsEntry.amount).filter(PointsAccount.kind == kind), 0)
            for kind in (AccountKind.ISSUE, AccountKind.SHOP)
        )
        issued = work.session.scalar(select(came).join(PointsEntry.source_account)) or 0
        issued -= work.session.scalar(select(came).join(PointsEntry.target_account)) or 0
        spent = work.session.scalar(select(went).join(PointsEntry.target_account)) or 0
        redeemed = len(work.shop.redeemed())
        assert balance == issued - spent
        assert (redeemed * 10, 20 - redeemed) == (spent, work.shop.all()[0].stock)
        assert all(work.points.held(person) == 0 for person in work.session.scalars(select(Person)).unique())
