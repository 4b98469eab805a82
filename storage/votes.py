"""Votes: ballots, who has voted in one, and what was chosen.

A secret ballot keeps two lists that do not lead to each other. The roll says who has voted and not what; the votes say
what and not who. While the ballot is open, a vote stands under HMAC(key of the ballot, id of its line of the roll), so
that the same person or household finds their own vote again and can change it. When it closes, the votes are written
anew in another order under names drawn at random, and the key is destroyed: from then on nothing in the database leads
from a person to a vote, and a recount still counts the very votes.

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
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.meetings import Meeting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from storage.people import Person, Role


class VotesBy(StrEnum):
    """Who has one vote."""

    PERSON = "person"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Home:
    """One household as the roll of an open ballot keeps it: `name`, and whether another name is one of the same."""

    name: str
    is_same: Callable[[str], bool]


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
    """Somebody who has voted, for a household the one who did so first; when is not kept: it would lead to a vote.

    `household` is which one that was, however its members change, until the ballot closes.
    """

    __tablename__ = "ballot_voters"
    __table_args__ = (UniqueConstraint("ballot_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ballot_id: Mapped[int] = mapped_column(BigId, ForeignKey("ballots.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    household: Mapped[str | None] = mapped_column(Text)


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

    def cast(self, ballot: Ballot, voter: Person, choice: int, home: Home | None = None) -> bool:
        """Record the choice of `voter`, or put it in the place of the one before; False where it was changed.

        With `home` the vote is that of the household. The ballot must be locked and open.
        """
        if ballot.key is None:
            raise ValueError("this ballot is closed: no vote is taken any more")
        line = self._line(ballot, voter, home)
        own = self._session.get(Vote, _token(ballot, line)) if line is not None else None
        if own is not None:
            own.choice = choice
            self._session.flush()
            return False
        line = BallotVoter(ballot_id=ballot.id, person_id=voter.id, household=home.name if home else None)
        self._session.add(line)
        self._session.flush()
        person_id = None if ballot.secret else voter.id
        self._session.add(Vote(id=_token(ballot, line), ballot_id=ballot.id, choice=choice, person_id=person_id))
        self._session.flush()
        return True

    def has_voted(self, ballot: Ballot, voter: Person, home: Home | None = None) -> bool:
        """Whether `voter` or somebody of their household has voted, whatever they chose."""
        return self._line(ballot, voter, home) is not None

    def voters(self, ballot: Ballot) -> Sequence[int]:
        """The ids of those who have voted, in no order that tells anything."""
        wanted = select(BallotVoter.person_id).where(BallotVoter.ballot_id == ballot.id)
        return sorted(person_id for person_id in self._session.scalars(wanted) if person_id is not None)

    def homes(self, ballot: Ballot) -> Sequence[str]:
        """The households that have voted while it is open, to remind the others; shown to nobody."""
        wanted = select(BallotVoter.household).where(BallotVoter.ballot_id == ballot.id)
        return sorted(home for home in self._session.scalars(wanted) if home is not None)

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
        roll = update(BallotVoter).where(BallotVoter.ballot_id == ballot.id).values(household=None)
        self._session.execute(roll.execution_options(synchronize_session="fetch"))
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
        """Of two persons who turn out to be one, let only the vote of the first stand where both voted.

        A ballot that has closed keeps both votes, and its result; which was the second's is forgotten.
        """
        self._session.flush()
        both = select(BallotVoter.ballot_id).where(BallotVoter.person_id == first)
        lines = self._open_lines().where(BallotVoter.person_id == second, BallotVoter.ballot_id.in_(both))
        self._strike(lines)
        closed = select(Ballot.id).where(Ballot.key.is_(None))
        theirs = update(Vote).where(Vote.person_id == second, Vote.ballot_id.in_(both), Vote.ballot_id.in_(closed))
        self._session.execute(theirs.values(person_id=None).execution_options(synchronize_session="fetch"))

    def forget(self, person_ids: Collection[int]) -> None:
        """Take the votes of a person, who is erased, out of the ballots in which they can still be told."""
        self._session.flush()
        self._strike(self._open_lines().where(BallotVoter.person_id.in_(person_ids)))

    def _open_lines(self) -> Select[tuple[Ballot, BallotVoter]]:
        roll = select(Ballot, BallotVoter).join(BallotVoter, BallotVoter.ballot_id == Ballot.id)
        return roll.where(Ballot.key.is_not(None))

    def _strike(self, lines: Select[tuple[Ballot, BallotVoter]]) -> None:
        for ballot, line in self._session.execute(lines).unique().tuples().all():
            vote = self._session.get(Vote, _token(ballot, line))
            if vote is not None:
                self._session.delete(vote)
            self._session.delete(line)
        self._session.flush()

    def _line(self, ballot: Ballot, voter: Person, home: Home | None) -> BallotVoter | None:
        """The line of the roll under which `voter` votes: that of their household, or else their own."""
        roll = select(BallotVoter).where(BallotVoter.ballot_id == ballot.id).order_by(BallotVoter.id)
        if home is not None:
            for line in self._session.scalars(roll.where(BallotVoter.household.is_not(None))):
                if home.is_same(line.household or ""):
                    return line
        return self._session.scalars(roll.where(BallotVoter.person_id == voter.id)).first()


def _token(ballot: Ballot, line: BallotVoter) -> str:
    """Under what the vote of a line of the roll stands while the ballot is open."""
    if ballot.key is None:
        raise ValueError("this ballot is closed: nothing leads from a person to a vote")
    return hmac.new(bytes.fromhex(ballot.key), f"line:{line.id}".encode(), hashlib.sha256).hexdigest()
