"""Mutual aid: what neighbours ask for, what they offer, and who helps whom.

A telephone is kept with a match alone, for the other one of the two, until some days after the help (`retention`).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, exists, func, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship, selectinload

from storage.areas import Area
from storage.database import Base, BigId
from storage.messages import OutboxMessage
from storage.people import STAFF, Person

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Role


class AidState(StrEnum):
    """What became of a request: it waits for helpers, has enough of them, or is over."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class MatchState(StrEnum):
    """What became of somebody who wants to help: both have to agree before either learns of the other."""

    OFFERED = "offered"
    AGREED = "agreed"
    DECLINED = "declined"
    QUIT = "quit"
    FAILED = "failed"
    DONE = "done"


class ComplaintState(StrEnum):
    """What staff found about a complaint."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class PointsState(StrEnum):
    """Whether a thank-you has become points."""

    ASKED = "asked"
    SECONDING = "seconding"
    """One has approved, and a second person has to agree."""
    APPROVED = "approved"
    REJECTED = "rejected"


UNDECIDED = (PointsState.ASKED, PointsState.SECONDING)


UNFINISHED = (AidState.OPEN, AidState.TAKEN)
STANDING = (MatchState.OFFERED, MatchState.AGREED)


class AidRequest(Base):
    """One request for help. `what` is what neighbours read, without names and doors; `place` is for the helper alone.

    `start`, `end` and `part` (of the day) say when help is wanted, where that was said; `wanted` how many helpers.
    """

    __tablename__ = "aid_requests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    requester_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(300))
    for_whom: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(200))
    start: Mapped[datetime | None]
    end: Mapped[datetime | None]
    part: Mapped[str | None] = mapped_column(String(16))
    wanted: Mapped[int]
    state: Mapped[AidState] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    helpers_told_at: Mapped[datetime | None]
    staff_told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    area: Mapped[Area] = relationship(foreign_keys=[area_id], lazy="joined")
    requester: Mapped[Person | None] = relationship()
    matches: Mapped[list[AidMatch]] = relationship(back_populates="request", order_by="AidMatch.id")

    @property
    def agreed(self) -> list[AidMatch]:
        """Those with whom it is settled."""
        return [match for match in self.matches if match.state in (MatchState.AGREED, MatchState.DONE)]

    @property
    def waiting(self) -> list[AidMatch]:
        """Those who want to help and have no answer yet."""
        return [match for match in self.matches if match.state is MatchState.OFFERED]


class AidOffer(Base):
    """What somebody can help with, and when; without a time always."""

    __tablename__ = "aid_offers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(300))
    start: Mapped[datetime | None]
    end: Mapped[datetime | None]
    part: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class AidMatch(Base):
    """One person who wants to help with one request, and what came of it.

    `until` is when the help is over. The telephones are those that each gives for the other; what told them is
    remembered to be forgotten with them. A complaint is about the other one than `complaint_by_id`.
    """

    __tablename__ = "aid_matches"
    __table_args__ = (UniqueConstraint("request_id", "helper_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(BigId, ForeignKey("aid_requests.id"), index=True)
    helper_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    state: Mapped[MatchState]
    made_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    until: Mapped[datetime] = mapped_column(index=True)
    helper_phone: Mapped[str | None] = mapped_column(String(80))
    requester_phone: Mapped[str | None] = mapped_column(String(80))
    helper_told_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("outbox.id"))
    requester_told_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("outbox.id"))
    asked_back_at: Mapped[datetime | None]
    thanked_at: Mapped[datetime | None]
    points: Mapped[PointsState | None]
    decided_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    complaint: Mapped[str] = mapped_column(Text, default="")
    complaint_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    complaint_state: Mapped[ComplaintState | None]

    request: Mapped[AidRequest] = relationship(back_populates="matches")
    helper: Mapped[Person | None] = relationship(foreign_keys=[helper_id])
    helper_told: Mapped[OutboxMessage | None] = relationship(foreign_keys=[helper_told_id])
    requester_told: Mapped[OutboxMessage | None] = relationship(foreign_keys=[requester_told_id])


class AidStore:
    """Requests that a person may see, offers that fit, and what is due."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: AidRequest | AidOffer | AidMatch) -> None:
        """Store a new request, offer or match."""
        self._session.add(row)
        self._session.flush()

    def get(self, request_id: int) -> AidRequest:
        """The request with this id; raises NoResultFound if there is none."""
        return self._session.get_one(AidRequest, request_id)

    def lock(self, request: AidRequest) -> AidRequest:
        """The request with its matches as they are now, kept from others until the transaction ends."""
        self._session.execute(select(AidRequest.id).where(AidRequest.id == request.id).with_for_update())
        # `refresh` would leave matches that are known already as they were.
        wanted = select(AidRequest).where(AidRequest.id == request.id).options(selectinload(AidRequest.matches))
        return self._session.scalars(wanted.execution_options(populate_existing=True)).unique().one()

    def near(self, person: Person, now: datetime) -> Sequence[AidRequest]:
        """The requests of others in the community of `person` that wait for helpers, the most urgent first."""
        wanted = select(AidRequest).where(
            AidRequest.community_id.in_(person.area.ancestor_ids),
            AidRequest.state == AidState.OPEN,
            AidRequest.expires_at > now,
            AidRequest.requester_id != person.id,
        )
        return self._session.scalars(wanted.order_by(AidRequest.expires_at, AidRequest.id)).unique().all()

    def called(self, person: Person, number: int) -> AidRequest | None:
        """The request of this number for whoever asked for it, helps, answers for its area, or may help."""
        request = self._session.get(AidRequest, number)
        if request is None:
            return None
        takes_part = request.requester_id == person.id or any(m.helper_id == person.id for m in request.matches)
        may_help = request.state is AidState.OPEN and request.community_id in person.area.ancestor_ids
        return request if takes_part or may_help or person.holds(STAFF, request.area) else None

    def asked_by(self, person: Person, *states: AidState) -> Sequence[AidRequest]:
        """What `person` has asked for, the newest first."""
        wanted = select(AidRequest).where(AidRequest.requester_id == person.id, AidRequest.state.in_(states))
        return self._session.scalars(wanted.order_by(AidRequest.id.desc())).unique().all()

    def helped_by(self, person: Person, *states: MatchState) -> Sequence[AidMatch]:
        """With what `person` helps or wanted to, the newest first."""
        wanted = select(AidMatch).where(AidMatch.helper_id == person.id, AidMatch.state.in_(states))
        return self._session.scalars(wanted.order_by(AidMatch.id.desc())).all()

    def offered_by(self, person: Person, now: datetime) -> Sequence[AidOffer]:
        """The standing offers of `person`."""
        wanted = select(AidOffer).where(AidOffer.person_id == person.id, *_stands(now))
        return self._session.scalars(wanted.order_by(AidOffer.id)).all()

    def offers_near(self, request: AidRequest, now: datetime) -> Sequence[AidOffer]:
        """The standing offers of others in the community of a request; who made them is only written to."""
        wanted = select(AidOffer).where(
            AidOffer.community_id == request.community_id, AidOffer.person_id != request.requester_id, *_stands(now)
        )
        return self._session.scalars(wanted.order_by(AidOffer.id)).all()

    def untaken(self, staff: Person, roles: Collection[Role], now: datetime) -> Sequence[AidRequest]:
        """The open requests without any helper in the areas at which `staff` holds one of `roles`."""
        seats = [grant.area.path for grant in staff.grants if grant.role in roles]
        if not seats:
            return ()
        wanted = (
            select(AidRequest)
            .join(Area, Area.id == AidRequest.area_id)
            .where(or_(*(Area.path.startswith(path) for path in seats)), *_alone(now))
        )
        return self._session.scalars(wanted.order_by(AidRequest.expires_at, AidRequest.id)).unique().all()

    def alone(self, now: datetime) -> Sequence[AidRequest]:
        """The open requests without any helper of which no staff was told yet."""
        wanted = select(AidRequest).where(AidRequest.staff_told_at.is_(None), *_alone(now))
        return self._session.scalars(wanted.order_by(AidRequest.id)).unique().all()

    def untold(self, now: datetime) -> Sequence[AidRequest]:
        """The open requests of which nobody was told yet who could help."""
        wanted = select(AidRequest).where(
            AidRequest.helpers_told_at.is_(None), AidRequest.state == AidState.OPEN, AidRequest.expires_at > now
        )
        return self._session.scalars(wanted.order_by(AidRequest.id)).unique().all()

    def run_out(self, now: datetime) -> Sequence[AidRequest]:
        """The requests that still wait for helpers and whose time is over."""
        wanted = select(AidRequest).where(AidRequest.state == AidState.OPEN, AidRequest.expires_at <= now)
        return self._session.scalars(wanted.order_by(AidRequest.id)).unique().all()

    def over(self, before: datetime) -> Sequence[AidMatch]:
        """What was settled and was to be done before then, and nobody was asked yet whether it was."""
        wanted = select(AidMatch).where(
            AidMatch.state == MatchState.AGREED, AidMatch.asked_back_at.is_(None), AidMatch.until <= before
        )
        return self._session.scalars(wanted.order_by(AidMatch.id)).all()

    def is_complained_of(self, person: Person, since: datetime) -> bool:
        """Whether there is a complaint about `person` since then that staff have not dismissed."""
        request = aliased(AidRequest)
        about = or_(
            (AidMatch.helper_id == person.id) & (AidMatch.complaint_by_id != person.id),
            (request.requester_id == person.id) & (AidMatch.complaint_by_id != person.id),
        )
        wanted = (
            select(AidMatch.id)
            .join(request, request.id == AidMatch.request_id)
            .where(
                about,
                AidMatch.complaint_state.in_((ComplaintState.OPEN, ComplaintState.UPHELD)),
                AidMatch.made_at >= since,
            )
        )
        return self._session.scalars(wanted.limit(1)).first() is not None

    def rewarded(self, helper: Person, requester: Person, since: datetime) -> int:
        """How often since then `helper` was given points, or may be, for helping `requester`."""
        wanted = (
            select(func.count(AidMatch.id))
            .join(AidRequest, AidRequest.id == AidMatch.request_id)
            .where(
                AidMatch.helper_id == helper.id,
                AidRequest.requester_id == requester.id,
                AidMatch.points.in_((*UNDECIDED, PointsState.APPROVED)),
                AidMatch.thanked_at >= since,
            )
        )
        return self._session.scalar(wanted) or 0

    def points_of(self, helper: Person) -> Sequence[AidMatch]:
        """The help of `helper` whose points nobody has decided about, the oldest first."""
        wanted = select(AidMatch).where(AidMatch.helper_id == helper.id, AidMatch.points.in_(UNDECIDED))
        return self._session.scalars(wanted.order_by(AidMatch.id)).all()

    def points_to_decide(self, staff: Person, roles: Collection[Role]) -> Sequence[AidMatch]:
        """The help for which points wait to be approved in the areas at which `staff` holds one of `roles`."""
        wanted = select(AidMatch).where(AidMatch.points == PointsState.ASKED).order_by(AidMatch.id)
        return [match for match in self._session.scalars(wanted) if staff.holds(roles, match.request.area)]

    def forget_phones(self, person: Person) -> None:
        """Forget the telephones that `person` gave for others."""
        for match in self.helped_by(person, *MatchState):
            match.helper_phone = None
        for request in self.asked_by(person, *AidState):
            for match in request.matches:
                match.requester_phone = None
        self._session.flush()


def _stands(now: datetime) -> tuple[Any, ...]:
    return AidOffer.withdrawn_at.is_(None), AidOffer.expires_at > now


def _alone(now: datetime) -> tuple[Any, ...]:
    helped = exists().where(AidMatch.request_id == AidRequest.id, AidMatch.state.in_(STANDING))
    return AidRequest.state == AidState.OPEN, AidRequest.expires_at > now, ~helped
