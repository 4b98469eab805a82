"""Households without a telephone: each has a printed card, whose code a grid member says when acting for them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.codes import new_code
from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class Household(Base):
    """One household of an area; `label` is how its door is told apart (2单元301)."""

    __tablename__ = "households"
    __table_args__ = (UniqueConstraint("area_id", "label"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))
    label: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="joined")


class HouseholdStore:
    """Households by their area. Who acts for one finds it by `PeopleStore.by_household_code`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, area: Area, label: str, now: datetime) -> Household:
        """The household of this label, with a code of its own; adding it again changes nothing."""
        wanted = select(Household).where(Household.area_id == area.id, Household.label == label)
        known = self._session.scalars(wanted).first()
        if known is not None:
            return known
        household = Household(code=new_code(), area_id=area.id, area=area, label=label, made_at=now)
        self._session.add(household)
        self._session.flush()
        return household

    def below(self, area: Area) -> Sequence[Household]:
        """The households at or below `area`, by area and label, for whoever prints their cards."""
        wanted = select(Household).join(Area, Area.id == Household.area_id).where(Area.path.startswith(area.path))
        return self._session.scalars(wanted.order_by(Area.path, Household.label)).unique().all()
