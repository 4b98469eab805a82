"""The shop of a community: what points buy, and who took what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.ledger import PointsEntry
from storage.people import ADMINS, Person, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from storage.cases import By

COUNTER = ADMINS | {Role.GRID_MEMBER}
"""Who hands out what was redeemed."""


class OutOfStockError(Exception):
    """There are fewer pieces than were wanted."""


class RedemptionState(StrEnum):
    """A redemption waits to be picked up, was, or was taken back."""

    RESERVED = "reserved"
    COLLECTED = "collected"
    CANCELLED = "cancelled"


class ShopItem(Base):
    """A thing at a price of `cost` points a piece, of which `stock` pieces are left."""

    __tablename__ = "shop_items"
    __table_args__ = (CheckConstraint("stock >= 0", name="stock"), CheckConstraint("cost > 0", name="cost"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    cost: Mapped[int]
    stock: Mapped[int]

    area: Mapped[Area] = relationship(lazy="joined")


class Redemption(Base):
    """`count` pieces of an item for a person, paid by a ledger entry, handed out against `code`."""

    __tablename__ = "redemptions"
    __table_args__ = (Index("ix_redemptions_code_state", "code", "state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(BigId, ForeignKey("shop_items.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("points_entries.id"))
    count: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))
    state: Mapped[RedemptionState] = mapped_column(default=RedemptionState.RESERVED)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))

    item: Mapped[ShopItem] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    entry: Mapped[PointsEntry] = relationship()


class ShopStore:
    """What the communities around a person offer, and a person's own redemptions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, area: Area, name: str, cost: int, stock: int) -> ShopItem:
        """Offer an item in `area`; one of that name there gets the new price and stock."""
        wanted = select(ShopItem).where(ShopItem.area_id == area.id, ShopItem.name == name).with_for_update(of=ShopItem)
        item = self._session.scalars(wanted).first()
        if item is None:
            item = ShopItem(area_id=area.id, area=area, name=name, cost=cost, stock=stock)
            self._session.add(item)
        item.cost, item.stock = cost, stock
        self._session.flush()
        return item

    def offered(self, person: Person) -> Sequence[ShopItem]:
        """What is offered where `person` lives, the cheapest first; what has run out is among it."""
        wanted = select(ShopItem).where(ShopItem.area_id.in_(person.area.ancestor_ids))
        return self._session.scalars(wanted.order_by(ShopItem.cost, ShopItem.id)).all()

    def all(self) -> Sequence[ShopItem]:
        """Every item, by community."""
        return self._session.scalars(select(ShopItem).order_by(ShopItem.area_id, ShopItem.cost, ShopItem.id)).all()

    def take(self, item: ShopItem, count: int) -> ShopItem:
        """Take pieces out of the stock, locked until the transaction ends; raises OutOfStockError for want of them."""
        wanted = select(ShopItem).where(ShopItem.id == item.id).with_for_update(of=ShopItem)
        locked = self._session.scalars(wanted.execution_options(populate_existing=True)).one()
        if locked.stock < count:
            raise OutOfStockError
        locked.stock -= count
        self._session.flush()
        return locked

    def reserve(self, item: ShopItem, person: Person, count: int, entry: PointsEntry, code: str, by: By) -> Redemption:
        """Note what was paid for by `entry` and waits to be picked up."""
        made = Redemption(item=item, person=person, count=count, entry=entry, code=code, at=by.at)
        self._session.add(made)
        self._session.flush()
        return made

    def waiting(self, person: Person) -> Sequence[Redemption]:
        """What `person` has redeemed and not picked up, the last first; locked until the transaction ends."""
        wanted = select(Redemption).where(
            Redemption.person_id == person.id, Redemption.state == RedemptionState.RESERVED
        )
        return self._session.scalars(wanted.order_by(Redemption.id.desc()).with_for_update(of=Redemption)).all()

    def by_code(self, keeper: Person, code: str) -> Redemption | None:
        """What waits under `code` in the areas where `keeper` hands things out, locked; or None."""
        wanted = select(Redemption).where(Redemption.code == code, Redemption.state == RedemptionState.RESERVED)
        found = self._session.scalars(wanted.with_for_update(of=Redemption)).all()
        return next((each for each in found if keeper.holds(COUNTER, each.person.area)), None)

    def code_is_free(self, code: str) -> bool:
        """Whether nothing waits under `code`."""
        wanted = select(Redemption.id).where(Redemption.code == code, Redemption.state == RedemptionState.RESERVED)
        return self._session.scalars(wanted).first() is None

    def settle(self, redemption: Redemption, state: RedemptionState, by: By) -> None:
        """Note that it was picked up or taken back; what was taken back is in stock again."""
        redemption.state, redemption.settled_at = state, by.at
        redemption.settled_by_id = by.person.id if by.person else None
        if state is RedemptionState.CANCELLED:
            self.take(redemption.item, -redemption.count)

    def redeemed(self) -> Sequence[Redemption]:
        """Everything that was redeemed and not taken back, in order."""
        wanted = select(Redemption).where(Redemption.state != RedemptionState.CANCELLED)
        return self._session.scalars(wanted.order_by(Redemption.id)).all()
