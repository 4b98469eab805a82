"""The shop: the last piece and the last points are given out once, however many want them at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.cases import By
from storage.people import Role
from storage.points import InsufficientPointsError
from storage.shop import OutOfStockError, RedemptionState
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant
from tests.together import at_once

if TYPE_CHECKING:
    from storage.database import Database
    from storage.people import Person
    from storage.shop import ShopItem

NOBODY = By(None, NOW, "test")


def settle(database: Database, stock: int, points: int, people: int) -> tuple[ShopItem, list[Person]]:
    with UnitOfWork(database) as work:
        tree = plant(work)
        item = work.shop.put(tree.community, "洗衣粉", 10, stock)
        buyers = [work.people.add(tree.grid, NOW) for _ in range(people)]
        for number, buyer in enumerate(buyers):
            work.points.credit(buyer, points, "期初", f"given:{number}", NOBODY)
        work.commit()
    return item, buyers


def redeem(database: Database, item: ShopItem, buyer: Person, number: int) -> bool:
    with UnitOfWork(database) as work:
        try:
            taken = work.shop.take(item, 1)
            entry = work.points.spend(buyer, taken.cost, "兑换", f"redemption:{number}", NOBODY)
        except (OutOfStockError, InsufficientPointsError):
            return False
        work.shop.reserve(taken, work.people.get(buyer.id), 1, entry, f"{number:06d}", NOBODY)
        work.commit()
        return True


def test_the_last_pieces_go_to_as_many_as_there_are(database: Database) -> None:
    item, buyers = settle(database, stock=3, points=10, people=12)
    assert sum(at_once(12, lambda number: redeem(database, item, buyers[number], number))) == 3
    with UnitOfWork(database, read_only=True) as work:
        assert [each.stock for each in work.shop.all()] == [0]
        assert sum(work.points.balance(buyer) for buyer in buyers) == 90
        assert len(work.shop.redeemed()) == 3
        assert work.points.first_broken() is None


def test_one_balance_is_spent_once(database: Database) -> None:
    item, [buyer] = settle(database, stock=50, points=35, people=1)
    assert sum(at_once(12, lambda number: redeem(database, item, buyer, number))) == 3
    with UnitOfWork(database, read_only=True) as work:
        assert work.points.balance(buyer) == 5
        assert [each.stock for each in work.shop.all()] == [47]


def test_what_is_taken_back_is_in_stock_again_and_found_by_no_code(database: Database) -> None:
    item, [buyer] = settle(database, stock=1, points=10, people=1)
    assert redeem(database, item, buyer, 7)
    with UnitOfWork(database) as work:
        keeper = work.people.add(buyer.area, NOW)
        work.people.grant(keeper, Role.GRID_MEMBER, buyer.area, NOW)
        found = work.shop.by_code(keeper, "000007")
        assert found is not None
        assert not work.shop.code_is_free("000007")
        assert work.shop.by_code(buyer, "000007") is None
        work.shop.settle(found, RedemptionState.CANCELLED, NOBODY)
        assert work.shop.waiting(buyer) == []
        assert work.shop.by_code(keeper, "000007") is None
        assert [each.stock for each in work.shop.all()] == [1]
        assert work.shop.redeemed() == []


def test_what_is_offered_is_that_of_ones_own_community(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        work.shop.put(tree.community, "洗衣粉", 10, 3)
        work.shop.put(tree.community, "垃圾袋", 4, 3)
        work.shop.put(tree.other_community, "抽纸", 1, 3)
        here, there = work.people.add(tree.building, NOW), work.people.add(tree.other_community, NOW)
        assert [item.name for item in work.shop.offered(here)] == ["垃圾袋", "洗衣粉"]
        assert [item.name for item in work.shop.offered(there)] == ["抽纸"]
        with pytest.raises(OutOfStockError):
            work.shop.take(work.shop.offered(here)[0], 4)
