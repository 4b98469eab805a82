"""Role changes: the history of every grant and revocation, and the two ways to make one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.people import PeopleStore, Person, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class RoleChange(Base):
    """One line: who gave or took which role, where, from which side, and why. Lines are never changed.

    Without `actor_id` it was the operator at the command line.
    """

    __tablename__ = "role_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    role: Mapped[Role]
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    granted: Mapped[bool]
    source: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(200))

    area: Mapped[Area] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])


class RoleStore:
    """Grants and revocations, each with its line in the history."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._people = PeopleStore(session)

    def grant(
        self, person: Person, role: Role, area: Area, now: datetime, *, by: Person | None, source: str, reason: str = ""
    ) -> bool:
        """Give `person` a role at `area`; False, with no line, where they hold it there already."""
        if any(grant.role is role and grant.area_id == area.id for grant in person.grants):
            return False
        self._people.grant(person, role, area, now)
        self._note(person, role, area, now, by, source, reason, granted=True)
        return True

    def revoke(
        self, person: Person, role: Role, area: Area, now: datetime, *, by: Person | None, source: str, reason: str = ""
    ) -> bool:
        """Take a role at `area` from `person`; False, with no line, where they do not hold it there."""
        if not self._people.revoke(person, role, area):
            return False
        self._note(person, role, area, now, by, source, reason, granted=False)
        return True

    def history(self, area: Area) -> Sequence[RoleChange]:
        """Every line of `area` and of what lies below it, the oldest first, for whoever runs the bot."""
        wanted = select(RoleChange).join(Area, Area.id == RoleChange.area_id).where(Area.path.startswith(area.path))
        return self._session.scalars(wanted.order_by(RoleChange.id)).unique().all()

    def _note(
        self,
        person: Person,
        role: Role,
        area: Area,
        now: datetime,
        by: Person | None,
        source: str,
        reason: str,
        *,
        granted: bool,
    ) -> None:
        self._session.add(
            RoleChange(
                at=now,
                actor_id=by.id if by is not None else None,
                person_id=person.id,
                role=role,
                area_id=area.id,
                area=area,
                granted=granted,
                source=source,
                reason=reason[:200],
            )
        )
        self._session.flush()
