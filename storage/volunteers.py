"""Volunteers: activities, and who took part in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Role


class ParticipationState(StrEnum):
    """The states of domain.md; whoever waits has no place yet."""

    WAITING = "waiting"
    SIGNED_UP = "signed_up"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    APPROVED = "approved"
    REJECTED = "rejected"
    NO_SHOW = "no_show"


class CheckInBy(StrEnum):
    """How somebody was checked in."""

    CODE = "code"
    LOCATION = "location"
    LIST = "list"
    """By whoever organises it, for those without a telephone."""


class Activity(Base):
    """Planned volunteer work.

    `points` is what one turn earns, `radius_m` in metres. A check-in names the code of the minute, which comes from
    `secret`; `code` is one on paper that stays the same, where an activity has one. `occurrence` is when an activity
    that repeats was to begin by its rule, wherever it was moved since.
    """

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_series_id_occurrence", "series_id", "occurrence", unique=True),)

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
    code: Mapped[str] = mapped_column(String(16), default="")
    created_at: Mapped[datetime]
    secret: Mapped[str | None] = mapped_column(String(32))
    # Without a foreign key: SQLite cannot add one to a table that others point to.
    series_id: Mapped[int | None] = mapped_column(BigId)
    occurrence: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    area: Mapped[Area] = relationship(lazy="joined")
    participations: Mapped[list[Participation]] = relationship(back_populates="activity", order_by="Participation.id")

    @property
    def taken(self) -> list[Participation]:
        """Those who have a place."""
        return [part for part in self.participations if part.state is not ParticipationState.WAITING]

    @property
    def waiting(self) -> list[Participation]:
        """Those who wait for one, the first who came first."""
        return [part for part in self.participations if part.state is ParticipationState.WAITING]

    @property
    def is_full(self) -> bool:
        """Whether every place is given out."""
        return self.capacity is not None and len(self.taken) >= self.capacity


class Participation(Base):
    """One volunteer at one activity; `device` is a hash of the one that checked in, where the channel knows it."""

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
    checked_in_by: Mapped[CheckInBy | None]
    device: Mapped[str | None] = mapped_column(String(32), index=True)
    let_in_by_id: Mapped[int | None] = mapped_column(BigId)

    activity: Mapped[Activity] = relationship(back_populates="participations", lazy="joined")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    marks: Mapped[list[Mark]] = relationship(order_by="Mark.id", cascade="all, delete-orphan")


class Mark(Base):
    """Why a participation is to be looked at before it is approved: the kind, and what its sentence says."""

    __tablename__ = "participation_marks"
    __table_args__ = (UniqueConstraint("participation_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participation_id: Mapped[int] = mapped_column(BigId, ForeignKey("participations.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, Any]]
    at: Mapped[datetime]


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
            .where(Activity.area_id.in_(person.area.ancestor_ids), Activity.end > now, Activity.cancelled_at.is_(None))
            .order_by(Activity.start, Activity.id)
        )
        return self._session.scalars(wanted).all()

    def by_code(self, person: Person, code: str, now: datetime) -> Activity | None:
        """The activity around the home of `person` with this check-in code, one that is not over before one that is."""
        around = Activity.area_id.in_(person.area.ancestor_ids)
        wanted = select(Activity).where(around, Activity.code == code, Activity.cancelled_at.is_(None))
        found = self._session.scalars(wanted.order_by(Activity.start, Activity.id)).all()
        return next((activity for activity in found if activity.end > now), found[-1] if found else None)

    def with_secret(self, person: Person, begun: datetime, ended: datetime) -> Sequence[Activity]:
        """The activities with changing codes, around the home of `person` or joined by them, on between two moments."""
        joined = select(Participation.activity_id).where(Participation.person_id == person.id)
        wanted = select(Activity).where(
            or_(Activity.area_id.in_(person.area.ancestor_ids), Activity.id.in_(joined)),
            Activity.secret.is_not(None),
            Activity.cancelled_at.is_(None),
            Activity.start <= begun,
            Activity.end >= ended,
        )
        return self._session.scalars(wanted.order_by(Activity.start, Activity.id)).all()

    def managed(self, staff: Person, roles: Collection[Role], ended: datetime) -> Sequence[Activity]:
        """The activities that end after `ended` and that `staff` organises or holds one of `roles` above."""
        wanted = select(Activity).where(Activity.end > ended, Activity.cancelled_at.is_(None))
        found = self._session.scalars(wanted.order_by(Activity.start, Activity.id)).all()
        return [each for each in found if each.organiser_id == staff.id or staff.holds(roles, each.area)]

    def starting_before(self, moment: datetime, now: datetime) -> Sequence[Activity]:
        """The activities that begin between `now` and `moment`."""
        wanted = select(Activity).where(Activity.start > now, Activity.start <= moment, Activity.cancelled_at.is_(None))
        return self._session.scalars(wanted.order_by(Activity.start, Activity.id)).all()

    def lock(self, activity: Activity) -> Activity:
        """The same activity as it is now, locked until the transaction ends, so that places are given out once."""
        self._session.expire(activity, ["participations"])
        wanted = select(Activity).where(Activity.id == activity.id).with_for_update(of=Activity)
        return self._session.scalars(wanted.execution_options(populate_existing=True)).one()

    def join(
        self,
        activity: Activity,
        person: Person,
        now: datetime,
        state: ParticipationState = ParticipationState.SIGNED_UP,
    ) -> Participation:
        """Sign `person` up, or let them wait for a place."""
        part = Participation(activity=activity, person=person, state=state, signed_up_at=now, marks=[])
        self._session.add(part)
        self._session.flush()
        return part

    def leave(self, part: Participation) -> None:
        """Take a sign-up back; its place is free again."""
        activity = part.activity
        self._session.delete(part)
        self._session.flush()
        self._session.expire(activity, ["participations"])

    def promote(self, activity: Activity) -> list[Participation]:
        """Give every free place of a locked activity to those who wait, in their order; who got one."""
        promoted = []
        for part in activity.waiting:
            if activity.is_full:
                break
            if not part.person.is_gone:
                part.state = ParticipationState.SIGNED_UP
                promoted.append(part)
        self._session.flush()
        return promoted

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
            .where(
                Participation.person_id == person.id,
                Participation.state.in_(states),
                Activity.cancelled_at.is_(None),
            )
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
