"""Votes: ballots, who has voted in one, and what was chosen.

A secret ballot keeps two lists that do not lead to each other. The roll says who has voted and not what; the votes say
what and not who. While the ballot is open, a vote stands under HMAC(key of the ballot, id of the person), so that the
same person finds their own vote again and can change it. When it closes, the votes are written anew in another order
under names drawn at random, and the key is destroyed: from then on nothing in the database leads from a person to a
vote, and a recount still counts the very votes.

What this does not do. As long as a ballot is open, whoever reads the database can compute the same HMAC; a copy of the
database that was made while it was open keeps the key. Pages that a database has freed, its journal and its backups may
hold older rows. The platform over which somebody votes sees what they write, and so does whoever reads the process as
it runs. And where everybody chose the same, the tally itself tells. What nobody is shown, on any screen, in any export
or log line, is who chose what.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, delete, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.meetings import Meeting

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Person, Role


class VotesBy(StrEnum):
    """Who has one vote."""

    PERSON = "person"
    HOUSEHOLD = "household"


class Ballot(Base):
    """One question that is voted on; those who live in its area may vote.

    `electorate` is how many persons or households that were when it began, `quorum` how many of them must vote for the
    result to hold. `key` is there only while votes can be given or changed; `tally`, in the order of the options, and
    `turnout` are there only afterwards, and not where the ballot was called off.
    """

    __tablename__ = "ballots"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    meeting_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("meetings.id"), index=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    begun_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    question: Mapped[str] = mapped_column(Text)
    options: Mapped[list[Any]]
    per: Mapped[VotesBy]
    secret: Mapped[bool]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime] = mapped_column(index=True)
    quorum: Mapped[int | None]
    electorate: Mapped[int]
    key: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    tally: Mapped[list[Any] | None]
    turnout: Mapped[int | None]

    area: Mapped[Area] = relationship(lazy="joined")
    meeting: Mapped[Meeting | None] = relationship()

    @property
    def has_quorum(self) -> bool:
        """Whether enough have voted for the result to hold."""
        return self.quorum is None or (self.turnout or 0) >= self.quorum

    @property
    def is_called_off(self) -> bool:
        """Whether it was closed without a result."""
        return self.closed_at is not None and self.tally is None

    def is_open(self, now: datetime) -> bool:
        """Whether one may vote now."""
        return self.closed_at is None and self.opens_at <= now < self.closes_at


class Vote(Base):
    """One choice, the number of an option from 0. `person_id` is set only where the ballot is not secret."""

    __tablename__ = "votes"
    __table_args__ = (UniqueConstraint("ballot_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    ballot_id: Mapped[int] = mapped_column(BigId, ForeignKey("ballots.id"), index=True)
    choice: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)


class BallotVoter(Base):
    """Somebody who has voted, for a household the one who did so first; when is not kept: it would lead to a vote."""

    __tablename__ = "ballot_voters"
    __table_args__ = (UniqueConstraint("ballot_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ballot_id: Mapped[int] = mapped_column(BigId, ForeignKey("ballots.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)


class VoteStore:
    """Ballots by those who may vote. Nothing here says who chose what, but to the machinery of an open ballot."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, ballot: Ballot) -> Ballot:
        """Store a new ballot, with a key of its own."""
        ballot.key = secrets.token_hex(32)
        self._session.add(ballot)
        self._session.flush()
        return ballot

    def get(self, ballot_id: int) -> Ballot | None:
        """The ballot of this number, or None; that there was one, and what came of it, is public in its area."""
        return self._session.get(Ballot, ballot_id)

    def lock(self, ballot: Ballot) -> Ballot:
        """The ballot as it is now, kept from others until the transaction ends."""
        wanted = select(Ballot).where(Ballot.id == ballot.id).with_for_update(of=Ballot)
        return self._session.scalars(wanted.execution_options(populate_existing=True)).one()

    def open_to(self, person: Person, now: datetime) -> Sequence[Ballot]:
        """What `person`, who lives in its area, may vote on now, what closes first before the rest."""
        wanted = select(Ballot).where(Ballot.closed_at.is_(None), Ballot.opens_at <= now, Ballot.closes_at > now)
        found = self._session.scalars(wanted.order_by(Ballot.closes_at, Ballot.id)).unique().all()
        return [ballot for ballot in found if ballot.area.contains(person.area)]

    def concerning(self, person: Person, since: datetime) -> Sequence[Ballot]:
        """The ballots of the areas in which `person` lives or holds a role, closing after `since`, the latest first."""
        wanted = select(Ballot).where(Ballot.closes_at >= since).order_by(Ballot.id.desc())
        return [
            ballot
            for ballot in self._session.scalars(wanted).unique()
            if ballot.area.contains(person.area) or any(grant.area.contains(ballot.area) for grant in person.grants)
        ]

    def managed(self, staff: Person, roles: Collection[Role]) -> Sequence[Ballot]:
        """The ballots that are not closed and over whose area `staff` holds one of `roles`."""
        wanted = select(Ballot).where(Ballot.closed_at.is_(None)).order_by(Ballot.id)
        return [ballot for ballot in self._session.scalars(wanted).unique() if staff.holds(roles, ballot.area)]

    def of_meeting(self, meeting: Meeting) -> Sequence[Ballot]:
        """The ballots of a meeting."""
        wanted = select(Ballot).where(Ballot.meeting_id == meeting.id).order_by(Ballot.id)
        return self._session.scalars(wanted).unique().all()

    def cast(self, ballot: Ballot, household: Collection[Person], voter: Person, choice: int) -> bool:
        """Record the choice of `voter`, or put it in the place of that of their household; False where it was changed.

        `household` are those who have one vote together, `voter` among them. The ballot must be locked and open.
        """
        own = self._own(ballot, household)
        if own is not None:
            own.choice = choice
            self._session.flush()
            return False
        token = _token(ballot, voter.id)
        person_id = None if ballot.secret else voter.id
        self._session.add(Vote(id=token, ballot_id=ballot.id, choice=choice, person_id=person_id))
        self._session.add(BallotVoter(ballot_id=ballot.id, person_id=voter.id))
        self._session.flush()
        return True

    def has_voted(self, ballot: Ballot, household: Collection[Person]) -> bool:
        """Whether one of these has voted, whatever they chose."""
        ids = [person.id for person in household]
        wanted = select(BallotVoter.id).where(BallotVoter.ballot_id == ballot.id, BallotVoter.person_id.in_(ids))
        return self._session.scalars(wanted.limit(1)).first() is not None

    def voters(self, ballot: Ballot) -> Sequence[int]:
        """The ids of those who have voted, in no order that tells anything."""
        wanted = select(BallotVoter.person_id).where(BallotVoter.ballot_id == ballot.id)
        return sorted(person_id for person_id in self._session.scalars(wanted) if person_id is not None)

    def turnout(self, ballot: Ballot) -> int:
        """How many votes were given."""
        return self._session.scalar(select(func.count()).where(Vote.ballot_id == ballot.id)) or 0

    def due(self, now: datetime) -> Sequence[Ballot]:
        """The ballots that are to open or to close by now, or of which people may be reminded."""
        opens = Ballot.opened_at.is_(None) & (Ballot.opens_at <= now)
        wanted = select(Ballot).where(
            Ballot.closed_at.is_(None), or_(opens, Ballot.closes_at <= now, Ballot.reminded_at.is_(None))
        )
        return self._session.scalars(wanted.order_by(Ballot.id).with_for_update(of=Ballot)).unique().all()

    def close(self, ballot: Ballot, now: datetime) -> None:
        """Count the votes, keep the result, and take away what leads from a secret vote to whoever gave it."""
        choices = list(self._session.scalars(select(Vote.choice).where(Vote.ballot_id == ballot.id)))
        ballot.tally = [choices.count(number) for number in range(len(ballot.options))]
        ballot.turnout, ballot.closed_at, ballot.key = len(choices), now, None
        if ballot.secret:
            secrets.SystemRandom().shuffle(choices)
            for vote in [row for row in self._session.identity_map.values() if isinstance(row, Vote)]:
                self._session.expunge(vote)
            mine = delete(Vote).where(Vote.ballot_id == ballot.id)
            self._session.execute(mine.execution_options(synchronize_session=False))
            self._session.add_all(
                Vote(id=secrets.token_hex(32), ballot_id=ballot.id, choice=choice) for choice in choices
            )
        self._session.flush()

    def call_off(self, ballot: Ballot, now: datetime) -> None:
        """Close a ballot without a result, and forget its votes."""
        ballot.closed_at, ballot.key = now, None
        for table in (Vote, BallotVoter):
            mine = delete(table).where(table.ballot_id == ballot.id)
            self._session.execute(mine.execution_options(synchronize_session="fetch"))
        self._session.flush()

    def recount(self, ballot: Ballot) -> list[int]:
        """The votes counted again, in the order of the options."""
        counted = select(Vote.choice, func.count()).where(Vote.ballot_id == ballot.id).group_by(Vote.choice)
        by_choice = dict(self._session.execute(counted).tuples().all())
        return [by_choice.get(number, 0) for number in range(len(ballot.options))]

    def join(self, first: int, second: int) -> None:
        """Of two persons who turn out to be one, let only the vote of the first stand where both voted."""
        self._session.flush()
        for ballot in self._session.scalars(select(Ballot).where(Ballot.key.is_not(None))).unique().all():
            votes = [self._session.get(Vote, _token(ballot, person_id)) for person_id in (first, second)]
            if votes[1] is not None and votes[0] is not None:
                self._session.delete(votes[1])
            elif votes[1] is not None:
                choice, person_id = votes[1].choice, None if ballot.secret else first
                self._session.delete(votes[1])
                self._session.flush()
                self._session.add(
                    Vote(id=_token(ballot, first), ballot_id=ballot.id, choice=choice, person_id=person_id)
                )
        self._session.flush()

    def _own(self, ballot: Ballot, household: Collection[Person]) -> Vote | None:
        tokens = [_token(ballot, person.id) for person in household]
        wanted = select(Vote).where(Vote.ballot_id == ballot.id, Vote.id.in_(tokens))
        return self._session.scalars(wanted).first()


def _token(ballot: Ballot, person_id: int) -> str:
    """Under what the vote of a person stands while the ballot is open."""
    if ballot.key is None:
        raise ValueError("this ballot is closed: nothing leads from a person to a vote")
    return hmac.new(bytes.fromhex(ballot.key), str(person_id).encode(), hashlib.sha256).hexdigest()
