"""Activities that repeat, and the reminders of activities that have gone out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.volunteers import Activity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class ActivitySeries(Base):
    """What each activity of a series is made from; `rrule` is that of iCalendar, counted from `start`."""

    __tablename__ = "activity_series"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))
    organiser_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(200))
    location: Mapped[list[Any] | None]
    radius_m: Mapped[int | None]
    rrule: Mapped[str] = mapped_column(String(100))
    start: Mapped[datetime]
    minutes: Mapped[int]
    capacity: Mapped[int | None]
    points: Mapped[int]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    area: Mapped[Area] = relationship(lazy="joined")


class ActivityReminder(Base):
    """A reminder that has gone out, of an activity that was to begin then; one that is moved is reminded of anew."""

    __tablename__ = "activity_reminders"

    activity_id: Mapped[int] = mapped_column(BigId, ForeignKey("activities.id"), primary_key=True)
    which: Mapped[str] = mapped_column(String(8), primary_key=True)
    start: Mapped[datetime] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class SeriesStore:
    """Series of activities, for the timetable and for whoever answers for one of their activities."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, series: ActivitySeries) -> ActivitySeries:
        """Store a new series."""
        self._session.add(series)
        self._session.flush()
        return series

    def of(self, activity: Activity) -> ActivitySeries | None:
        """The series of an activity, while it goes on."""
        series = self._session.get(ActivitySeries, activity.series_id) if activity.series_id else None
        return series if series is not None and series.ended_at is None else None

    def going_on(self) -> Sequence[ActivitySeries]:
        """The series that have not ended, locked; those that another process plans are left to it."""
        wanted = select(ActivitySeries).where(ActivitySeries.ended_at.is_(None)).order_by(ActivitySeries.id)
        return self._session.scalars(wanted.with_for_update(of=ActivitySeries, skip_locked=True)).all()

    def planned(self, series: ActivitySeries) -> set[datetime]:
        """When the activities of a series that were made already were to begin, the cancelled ones among them."""
        wanted = select(Activity.occurrence).where(Activity.series_id == series.id)
        return {moment for moment in self._session.scalars(wanted) if moment is not None}

    def coming(self, series: ActivitySeries, now: datetime) -> Sequence[Activity]:
        """The activities of a series that are not over and not cancelled."""
        wanted = select(Activity).where(
            Activity.series_id == series.id, Activity.end > now, Activity.cancelled_at.is_(None)
        )
        return self._session.scalars(wanted.order_by(Activity.start)).all()

    def begin_reminder(self, activity: Activity, which: str, now: datetime) -> bool:
        """Note that this reminder goes out in this transaction; False when it has gone out before."""
        self._session.execute(select(Activity.id).where(Activity.id == activity.id).with_for_update())
        key = (activity.id, which, activity.start)
        if self._session.get(ActivityReminder, key) is not None:
            return False
        self._session.add(ActivityReminder(activity_id=activity.id, which=which, start=activity.start, at=now))
        self._session.flush()
        return True
