"""Volunteers: activities, and who took part in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Role


class ParticipationState(StrEnum):
    """The states of domain.md."""

    SIGNED_UP = "signed_up"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    APPROVED = "approved"
    REJECTED = "rejected"
    NO_SHOW = "no_show"


class Activity(Base):
    """Planned volunteer work. `points` is what one turn earns, `code` what a check-in names, `radius_m` in metres."""

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    organiser_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(200))
    location: Mapped[list[Any] | None]
    radius_m: Mapped[int | None]
    start: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[datetime]
    capacity: Mapped[int | None]
    points: Mapped[int]
    code: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="joined")
    participations: Mapped[list[Participation]] = relationship(back_populates="activity", order_by="Participation.id")


class Participation(Base):
    """One volunteer at one activity."""

    __tablename__ = "participations"
    __table_args__ = (UniqueConstraint("activity_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    activity_id: Mapped[int] = mapped_column(BigId, ForeignKey("activities.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    state: Mapped[ParticipationState]
    signed_up_at: Mapped[datetime]
    checked_in_at: Mapped[datetime | None]
    checked_out_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship(back_populates="participations", lazy="joined")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class VolunteerStore:
    """Activities that a person can join, and their own part in them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, activity: Activity) -> Activity:
        """Store a new activity."""
        self._session.add(activity)
        self._session.flush()
        return activity

    def coming(self, person: Person, now: datetime) -> Sequence[Activity]:
        """The activities not yet over in the areas around the home of `person`, the soonest first."""
        wanted = (
            select(Activity)
            .where(Activity.area_id.in_(person.area.ancestor_ids), Activity.end > now)
            .order_by(Activity.start, Activity.id)
        )
        return self._session.scalars(wanted).all()

    def by_code(self, person: Person, code: str, now: datetime) -> Activity | None:
        """The activity around the home of `person` with this check-in code, one that is not over before one that is."""
        wanted = select(Activity).where(Activity.area_id.in_(person.area.ancestor_ids), Activity.code == code)
        found = self._session.scalars(wanted.order_by(Activity.start, Activity.id)).all()
        return next((activity for activity in found if activity.end > now), found[-1] if found else None)

    def lock(self, activity: Activity) -> Activity:
        """The same activity, locked until the transaction ends, so that places are given out once."""
        return self._session.scalars(
            select(Activity).where(Activity.id == activity.id).with_for_update(of=Activity)
        ).one()

    def join(self, activity: Activity, person: Person, now: datetime) -> Participation:
        """Sign `person` up."""
        part = Participation(activity=activity, person=person, state=ParticipationState.SIGNED_UP, signed_up_at=now)
        self._session.add(part)
        self._session.flush()
        return part

    def leave(self, part: Participation) -> None:
        """Take a sign-up back; its place is free again."""
        part.activity.participations.remove(part)
        self._session.delete(part)
        self._session.flush()

    def part_in(self, activity: Activity, person: Person) -> Participation | None:
        """The part of `person` in `activity`, or None."""
        wanted = select(Participation).where(
            Participation.activity_id == activity.id, Participation.person_id == person.id
        )
        return self._session.scalars(wanted).first()

    def part(self, part_id: int) -> Participation | None:
        """The participation with this id, locked until the transaction ends, for whoever settles an objection."""
        wanted = select(Participation).where(Participation.id == part_id).with_for_update(of=Participation)
        return self._session.scalars(wanted).first()

    def parts_of(self, person: Person, *states: ParticipationState) -> Sequence[Participation]:
        """The parts of `person` that are in one of `states`, by the start of their activities."""
        wanted = (
            select(Participation)
            .join(Activity, Activity.id == Participation.activity_id)
            .where(Participation.person_id == person.id, Participation.state.in_(states))
            .order_by(Activity.start, Participation.id)
        )
        return self._session.scalars(wanted).all()

    def open_to_check_in(self, person: Person, now: datetime) -> bool:
        """Whether `person` has signed up for something that is not over."""
        return any(part.activity.end > now for part in self.parts_of(person, ParticipationState.SIGNED_UP))

    def to_approve(self, approver: Person, roles: Collection[Role]) -> Sequence[Participation]:
        """What waits for approval in the areas at which `approver` holds one of `roles`."""
        seats = [grant.area for grant in approver.grants if grant.role in roles]
        wanted = (
            select(Participation)
            .join(Activity, Activity.id == Participation.activity_id)
            .where(Participation.state == ParticipationState.CHECKED_OUT)
            .order_by(Participation.id)
            .with_for_update(of=Participation)
        )
        parts = self._session.scalars(wanted).all()
        return [part for part in parts if any(seat.contains(part.activity.area) for seat in seats)]
