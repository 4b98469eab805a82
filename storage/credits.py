"""Credits that wait for a second person, and the history of every decision about somebody's points."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from sqlalchemy import ForeignKey, Index, String, and_, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage import append_only
from storage.aid import AidMatch
from storage.areas import Area
from storage.database import Base, BigId
from storage.people import Person
from storage.volunteers import Participation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from storage.cases import By
    from storage.people import Role


class RequestState(StrEnum):
    """A request waits for a second person, who agrees or refuses; nobody who says anything lets it expire."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXPIRED = "expired"


class CreditRequest(Base):
    """Points that one approver wants to give and another one has to agree to.

    Without `participation_id` there is no check-in behind it, and without `aid_match_id` no thanks of a neighbour
    either: it was typed in by hand.
    """

    __tablename__ = "credit_requests"
    __table_args__ = (Index("ix_credit_requests_state_expires_at", "state", "expires_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))
    participation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("participations.id"), index=True)
    aid_match_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("aid_matches.id"))
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    asked_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[RequestState] = mapped_column(default=RequestState.WAITING)
    settled_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    area: Mapped[Area] = relationship(lazy="joined")
    participation: Mapped[Participation | None] = relationship()
    aid_match: Mapped[AidMatch | None] = relationship()


class PointsEventKind(StrEnum):
    """What was decided about somebody's points."""

    APPROVED = "approved"
    REJECTED = "rejected"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXPIRED = "expired"
    DEDUCTED = "deducted"
    OBJECTED = "objected"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    EXPORTED = "exported"


class PointsEvent(Base):
    """One line of the history: who decided what about the points of `person_id`, when, and why.

    `about` names the row that it was about, as ledger entries name their source. Without `actor_id` it was the
    timetable or the operator, or somebody who is named to nobody.
    """

    __tablename__ = "points_history"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[PointsEventKind]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    about: Mapped[str] = mapped_column(String(64), index=True)
    amount: Mapped[int]
    source: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(200))


append_only.keep(cast("Table", PointsEvent.__table__), erasable="note")


class CreditStore:
    """Requests, by those who may decide them, and the history of decisions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(
        self,
        person: Person,
        amount: int,
        reason: str,
        by: By,
        expires_at: datetime,
        behind: Participation | AidMatch | None = None,
    ) -> CreditRequest:
        """Note that the person of `by` wants to give points, and that a second one has to agree until `expires_at`.

        `behind` is what was done for them; without it they are typed in by hand.
        """
        if by.person is None:
            raise ValueError("nobody asks for nobody")
        request = CreditRequest(
            person=person,
            area=person.area,
            participation=behind if isinstance(behind, Participation) else None,
            aid_match=behind if isinstance(behind, AidMatch) else None,
            amount=amount,
            reason=reason[:200],
            asked_by=by.person,
            asked_at=by.at,
            expires_at=expires_at,
        )
        self._session.add(request)
        self._session.flush()
        self.note(PointsEventKind.ASKED, person, amount, f"request:{request.id}", by, reason)
        return request

    def waiting(self, staff: Person, roles: Collection[Role]) -> Sequence[CreditRequest]:
        """What waits for a second person where `staff` holds one of `roles`, but what they asked for; locked."""
        wanted = select(CreditRequest).where(
            CreditRequest.state == RequestState.WAITING, CreditRequest.asked_by_id != staff.id
        )
        ordered = wanted.order_by(CreditRequest.id).with_for_update(of=CreditRequest)
        found = self._session.scalars(ordered.execution_options(populate_existing=True)).unique().all()
        return [request for request in found if staff.holds(roles, request.area)]

    def asked_by(self, staff: Person) -> Sequence[CreditRequest]:
        """What `staff` asked for and nobody has decided."""
        wanted = select(CreditRequest).where(
            CreditRequest.state == RequestState.WAITING, CreditRequest.asked_by_id == staff.id
        )
        return self._session.scalars(wanted.order_by(CreditRequest.id)).unique().all()

    def of_person(self, person: Person) -> Sequence[CreditRequest]:
        """What `person` would be given and a second person has not agreed to, the oldest first."""
        wanted = select(CreditRequest).where(
            CreditRequest.state == RequestState.WAITING, CreditRequest.person_id == person.id
        )
        return self._session.scalars(wanted.order_by(CreditRequest.id)).unique().all()

    def of_participation(self, participation: Participation) -> Sequence[CreditRequest]:
        """Every request for the points of one participation, the oldest first."""
        wanted = select(CreditRequest).where(CreditRequest.participation_id == participation.id)
        return self._session.scalars(wanted.order_by(CreditRequest.id)).unique().all()

    def by_hand(self, person: Person, since: datetime) -> int:
        """How many points were typed in by hand for `person` since then, those that still wait among them."""
        standing = CreditRequest.state.in_((RequestState.WAITING, RequestState.CONFIRMED))
        by_hand = and_(CreditRequest.participation_id.is_(None), CreditRequest.aid_match_id.is_(None))
        total = select(func.coalesce(func.sum(CreditRequest.amount), 0)).where(
            CreditRequest.person_id == person.id, CreditRequest.asked_at >= since, standing, by_hand
        )
        return self._session.scalar(total) or 0

    def refused(self, person: Person, since: datetime) -> int:
        """How many requests for `person` second persons have refused since then."""
        wanted = select(func.count(CreditRequest.id)).where(
            CreditRequest.person_id == person.id,
            CreditRequest.state == RequestState.REFUSED,
            CreditRequest.settled_at >= since,
        )
        return self._session.scalar(wanted) or 0

    def expired(self, now: datetime) -> Sequence[CreditRequest]:
        """What nobody has decided in time, locked, for the duty that says so."""
        wanted = select(CreditRequest).where(
            CreditRequest.state == RequestState.WAITING, CreditRequest.expires_at <= now
        )
        return self._session.scalars(wanted.order_by(CreditRequest.id).with_for_update(of=CreditRequest)).unique().all()

    def settle(self, request: CreditRequest, state: RequestState, by: By, note: str = "") -> None:
        """Note what became of a request."""
        request.state, request.settled_at = state, by.at
        request.settled_by_id = by.person.id if by.person else None
        kind = PointsEventKind(state.value)
        self.note(kind, request.person, request.amount, f"request:{request.id}", by, note or request.reason)

    def note(self, kind: PointsEventKind, person: Person, amount: int, about: str, by: By, note: str = "") -> None:
        """Add a line to the history."""
        self._session.add(
            PointsEvent(
                at=by.at,
                kind=kind,
                person_id=person.id,
                actor_id=by.person.id if by.person else None,
                about=about,
                amount=amount,
                source=by.source,
                note=note[:200],
            )
        )
        self._session.flush()

    def history(self, about: str) -> Sequence[PointsEvent]:
        """Every line about one row, the oldest first, for the operator."""
        wanted = select(PointsEvent).where(PointsEvent.about == about)
        return self._session.scalars(wanted.order_by(PointsEvent.id)).all()
