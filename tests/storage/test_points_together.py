"""Credits, reversals, objections and redemptions in any order: sums, stock and chains stay right."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from storage.cases import By
from storage.ledger import PointsEntry
from storage.objections import ObjectionKind, ObjectionState
from storage.points import InsufficientPointsError
from storage.shop import OutOfStockError, RedemptionState
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from storage.database import Database
    from storage.objections import Objection

STOCK, COST = 4, 3
DOINGS = ("credit", "object", "uphold", "dismiss", "redeem", "take back", "collect", "reverse")

# What is done, by or about which of two people, and a number that chooses how many or which one.
STEP = st.tuples(st.sampled_from(DOINGS), st.integers(0, 1), st.integers(0, 9))


class Books:
    """What two people must have, kept beside the ledger in plain numbers."""

    def __init__(self, work: UnitOfWork) -> None:
        tree = plant(work)
        self.work = work
        self.people = [work.people.add(home, NOW) for home in (tree.grid, tree.other_community)]
        self.items = [work.shop.put(area, "洗衣粉", COST, STOCK) for area in (tree.community, tree.other_community)]
        self.free, self.held, self.taken = [0, 0], [0, 0], [0, 0]
        self.credits: list[Given] = []
        self.number = 0

    def step(self, what: str, which: int, number: int) -> None:
        self.number += 1
        by = By(self.people[1 - which], NOW + timedelta(minutes=self.number), "test")
        mine = [each for each in self.credits if each.which == which]
        standing = [each for each in mine if not self.work.points.is_undone(each.entry)]
        objected = [each for each in standing if self._open(each.entry)]
        untouched = [each for each in standing if not self.work.objections.on(each.entry)]
        match what:
            case "credit":
                entry = self.work.points.credit(self.people[which], number + 1, "志愿活动", f"c:{self.number}", by)
                self.credits.append(Given(entry, which))
                self.free[which] += number + 1
            case "object" if untouched:
                self._object(which, untouched[number % len(untouched)].entry, by)
            case "uphold" | "dismiss" if objected:
                self._settle(which, objected[number % len(objected)].entry, by, upheld=what == "uphold")
            case "reverse" if untouched:
                entry = untouched[number % len(untouched)].entry
                self.work.points.reverse(entry, "更正", by)
                self.free[which] -= entry.amount
            case "redeem":
                self._redeem(which, number % 3 + 1, by)
            case "take back" | "collect":
                self._settle_redemption(which, by, back=what == "take back")

    def _open(self, entry: PointsEntry) -> list[Objection]:
        return [each for each in self.work.objections.on(entry) if each.state is ObjectionState.OPEN]

    def _object(self, which: int, entry: PointsEntry, by: By) -> None:
        person = self.people[which]
        made = self.work.objections.add(ObjectionKind.OBJECTION, entry, self.people[1 - which], person, "没来", by.at)
        made.hold = self.work.points.freeze(entry, "异议", f"objection:{made.id}", by)
        frozen = made.hold.amount if made.hold else 0
        assert frozen == max(0, min(entry.amount, self.free[which]))
        self.free[which] -= frozen
        self.held[which] += frozen

    def _settle(self, which: int, entry: PointsEntry, by: By, *, upheld: bool) -> None:
        [objection] = self._open(entry)
        state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
        self.work.objections.settle(objection, state, "查了", by)
        if objection.hold is not None:
            self.work.points.reverse(objection.hold, "解冻", by)
            self.free[which] += objection.hold.amount
            self.held[which] -= objection.hold.amount
        if upheld:
            self.work.points.reverse(entry, "异议成立", by)
            self.free[which] -= entry.amount

    def _redeem(self, which: int, count: int, by: By) -> None:
        item, person = self.items[which], self.people[which]
        enough = count <= STOCK - self.taken[which], count * COST <= self.free[which]
        try:
            with self.work.attempt():
                item = self.work.shop.take(item, count)
                entry = self.work.points.spend(person, count * COST, "兑换", f"r:{self.number}", by)
                self.work.shop.reserve(item, person, count, entry, f"{self.number:06d}", by)
        except OutOfStockError:
            assert not enough[0]
        except InsufficientPointsError:
            assert enough == (True, False)
        else:
            assert enough == (True, True)
            self.free[which] -= count * COST
            self.taken[which] += count

    def _settle_redemption(self, which: int, by: By, *, back: bool) -> None:
        for waiting in self.work.shop.waiting(self.people[which])[:1]:
            state = RedemptionState.CANCELLED if back else RedemptionState.COLLECTED
            self.work.shop.settle(waiting, state, by)
            if back:
                self.work.points.reverse(waiting.entry, "退", by)
                self.free[which] += waiting.entry.amount
                self.taken[which] -= waiting.count

    def check(self) -> None:
        for which, person in enumerate(self.people):
            assert self.work.points.balance(person) == self.free[which]
            assert self.work.points.held(person) == self.held[which]
            assert self.work.shop.offered(person)[0].stock == STOCK - self.taken[which]
        assert sum(each.count for each in self.work.shop.redeemed()) == sum(self.taken)

    def check_ledger(self) -> None:
        assert self.work.points.first_broken() is None
        assert self.work.points.overdrawn() == []
        came, went = (
            self.work.session.scalar(select(func.sum(PointsEntry.amount)).join(account)) or 0
            for account in (PointsEntry.target_account, PointsEntry.source_account)
        )
        assert came == went


class Given(NamedTuple):
    """A credit, and which of the two it was for."""

    entry: PointsEntry
    which: int


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=6, max_size=25))
def test_any_order_of_all_four_keeps_sums_stock_and_chains(
    database: Database, steps: list[tuple[str, int, int]]
) -> None:
    with UnitOfWork(database) as work:
        books = Books(work)
        for step in steps:
            books.step(*step)
        books.check()
        books.check_ledger()
