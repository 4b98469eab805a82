"""What volunteers can do and when they have time, and how many of them there are in an area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.areas import Area, AreaKind
from storage.database import Base, BigId
from storage.people import Person, Role, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


class VolunteerProfile(Base):
    """What one volunteer said of their skills and times; the lists hold the names of nlu/data/volunteer_skills.yml."""

    __tablename__ = "volunteer_profiles"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), unique=True)
    skills: Mapped[list[Any]]
    times: Mapped[list[Any]]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Figure:
    """How many volunteers live in an area, how many residents it has as an admin said (or 0), and how many have a home
    there that the bot knows."""

    area: Area
    volunteers: int
    residents: int
    registered: int


class VolunteerProfileStore:
    """Profiles, each for the person whose it is, and figures, which name nobody."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, person: Person) -> VolunteerProfile | None:
        """What `person` said, or None."""
        wanted = select(VolunteerProfile).where(VolunteerProfile.person_id == person.id)
        return self._session.scalars(wanted).first()

    def add(self, person: Person, skills: Sequence[str], times: Sequence[str], now: datetime) -> VolunteerProfile:
        """Add skills and times to what `person` said before."""
        profile = self.of(person)
        if profile is None:
            profile = VolunteerProfile(person_id=person.id, skills=[], times=[], at=now)
            self._session.add(profile)
        profile.skills = [*profile.skills, *(each for each in skills if each not in profile.skills)]
        profile.times = [*profile.times, *(each for each in times if each not in profile.times)]
        profile.at = now
        self._session.flush()
        return profile

    def forget(self, person: Person) -> None:
        """Forget what `person` said."""
        self._session.execute(delete(VolunteerProfile).where(VolunteerProfile.person_id == person.id))

    def figures(self, area: Area) -> list[Figure]:
        """Of an area and of those right below it that are no buildings."""
        below = select(Area).where(Area.parent_id == area.id, Area.kind != AreaKind.BUILDING).order_by(Area.id)
        return [self._figure(each) for each in (area, *self._session.scalars(below).all())]

    def residents(self, area: Area) -> int:
        """How many residents an area has, as an admin said of it or of everything right below it; or 0."""
        if area.residents:
            return area.residents
        below = self._session.scalars(
            select(Area).where(Area.parent_id == area.id, Area.kind != AreaKind.BUILDING)
        ).all()
        counts = [self.residents(each) for each in below]
        return sum(counts) if counts and all(counts) else 0

    def _figure(self, area: Area) -> Figure:
        held = select(RoleGrant.person_id).where(RoleGrant.role == Role.VOLUNTEER)
        volunteers = self._session.scalar(self._people_in(area).where(Person.id.in_(held))) or 0
        registered = self._session.scalar(self._people_in(area).where(Person.home.is_not(None))) or 0
        return Figure(area, volunteers, self.residents(area), registered)

    def _people_in(self, area: Area) -> Select[tuple[int]]:
        living = select(func.count(Person.id)).join(Area, Area.id == Person.area_id)
        return living.where(
            Area.path.startswith(area.path), Person.erased_at.is_(None), Person.merged_into_id.is_(None)
        )
