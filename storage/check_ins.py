"""Check-ins: what is known around them, so that whoever approves can tell work from what only looks like it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId
from storage.people import Person
from storage.volunteers import Activity, CheckInBy, Mark, Participation, ParticipationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class TryKind(StrEnum):
    """Why a check-in did not succeed."""

    WRONG_CODE = "wrong_code"
    FAR = "far"
    """The location lay outside the radius. Where it lay is not kept."""


class CheckInTry(Base):
    """One check-in that did not succeed."""

    __tablename__ = "check_in_tries"
    __table_args__ = (Index("ix_check_in_tries_person_id_at", "person_id", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    activity_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("activities.id"))
    kind: Mapped[TryKind]
    at: Mapped[datetime]


class CheckInStore:
    """Tries, marks, and what other check-ins say about one."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, person: Person) -> None:
        """Let nobody else check `person` in or out until the transaction ends, and read anew what they take part in."""
        self._session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
        for row in list(self._session.identity_map.values()):
            if isinstance(row, Participation) and row.person_id == person.id:
                self._session.expire(row)

    def note_try(self, person: Person, activity: Activity | None, kind: TryKind, now: datetime) -> None:
        """Keep that a check-in did not succeed."""
        activity_id = activity.id if activity else None
        self._session.add(CheckInTry(person_id=person.id, activity_id=activity_id, kind=kind, at=now))
        self._session.flush()

    def tries(self, person: Person, kind: TryKind, since: datetime, activity: Activity | None = None) -> int:
        """How many check-ins of `person` have failed like this since then, of one activity or of any."""
        wanted = select(func.count(CheckInTry.id)).where(
            CheckInTry.person_id == person.id, CheckInTry.kind == kind, CheckInTry.at >= since
        )
        if activity is not None:
            wanted = wanted.where(CheckInTry.activity_id == activity.id)
        return self._session.scalar(wanted) or 0

    def forget(self, before: datetime) -> None:
        """Forget the tries and devices of before then; what they were to tell has been told."""
        self._session.execute(delete(CheckInTry).where(CheckInTry.at < before))
        old = Participation.device.is_not(None) & (Participation.checked_in_at < before)
        self._session.execute(update(Participation).where(old).values(device=None))

    def mark(self, part: Participation, kind: str, values: dict[str, Any], now: datetime) -> None:
        """Mark a participation; a second mark of the same kind changes nothing."""
        if all(mark.kind != kind for mark in part.marks):
            part.marks.append(Mark(kind=kind, values=values, at=now))
            self._session.flush()

    def by_code_since(self, activity: Activity, since: datetime) -> Sequence[Participation]:
        """Those who were checked in to an activity by its code since then."""
        wanted = select(Participation).where(
            Participation.activity_id == activity.id,
            Participation.checked_in_by == CheckInBy.CODE,
            Participation.checked_in_at >= since,
        )
        return self._session.scalars(wanted.order_by(Participation.id)).all()

    def with_device(self, part: Participation, device: str, since: datetime) -> Sequence[Participation]:
        """What others than whoever this is were checked in to from the same device since then."""
        wanted = select(Participation).where(
            Participation.device == device,
            Participation.person_id != part.person_id,
            Participation.checked_in_at >= since,
        )
        return self._session.scalars(wanted.order_by(Participation.id)).all()

    def before(self, part: Participation, since: datetime) -> Participation | None:
        """Where the same person was checked in last, before this, since then."""
        wanted = select(Participation).where(
            Participation.person_id == part.person_id,
            Participation.id != part.id,
            Participation.checked_in_at >= since,
        )
        return self._session.scalars(wanted.order_by(Participation.checked_in_at.desc())).first()

    def at_work(self, ended: datetime) -> Sequence[Participation]:
        """Those still checked in to what ended before then; nobody else finds them while the transaction lasts."""
        return self._left(ParticipationState.CHECKED_IN, ended)

    def not_come(self, ended: datetime) -> Sequence[Participation]:
        """Those who signed up, or waited, for what ended before then and was not cancelled."""
        return [
            *self._left(ParticipationState.SIGNED_UP, ended),
            *self._left(ParticipationState.WAITING, ended),
        ]

    def _left(self, state: ParticipationState, ended: datetime) -> Sequence[Participation]:
        wanted = (
            select(Participation)
            .join(Activity, Activity.id == Participation.activity_id)
            .where(Participation.state == state, Activity.end <= ended, Activity.cancelled_at.is_(None))
            .order_by(Participation.id)
            .with_for_update(of=Participation, skip_locked=True)
        )
        return self._session.scalars(wanted).all()
