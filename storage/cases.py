"""Cases: disputes, incidents and emergencies, with the history of every change and those who follow them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, and_, bindparam, func, or_, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Mapped, contains_eager, joinedload, lazyload, mapped_column, object_session, relationship

from storage import append_only
from storage.areas import Area, AreaKind
from storage.database import Base, BigId
from storage.escalations import Escalation
from storage.people import ADMINS, STAFF, Person, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select, Table
    from sqlalchemy.engine.default import DefaultExecutionContext
    from sqlalchemy.orm import Session


class CaseKind(StrEnum):
    """A dispute is between parties, an incident is a thing out of order, an emergency is danger now."""

    DISPUTE = "dispute"
    INCIDENT = "incident"
    EMERGENCY = "emergency"


class CaseState(StrEnum):
    """The states of domain.md."""

    OPEN = "open"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class By(NamedTuple):
    """Whose doing something is, when, and from where: a channel, `timetable` (nobody's doing), `command`."""

    person: Person | None
    at: datetime
    source: str


MOST_CALLED = 100
"""Cases of one short number that are looked at."""

UNFINISHED = (CaseState.OPEN, CaseState.ACCEPTED, CaseState.IN_PROGRESS)


def _reported_at(context: DefaultExecutionContext) -> datetime:
    """A case that says nothing of its clocks is looked at soon."""
    moment: datetime = context.get_current_parameters()["created_at"]  # type: ignore[no-untyped-call]
    return moment


class Case(Base):
    """One report. `number` is unique within a community; `due_at` is when it must be resolved.

    `alarms` counts how often an emergency's alarm was repeated; `urged_at` is when its reporter's urging was last
    passed on, `asked_at` when they were reminded to say whether it is solved. A case that was merged into another is
    closed and has that one's id in `duplicate_of_id`. `deadline_days` are the working days that its area allows, None
    where the category's own hold. While it waits for its reporter since `waiting_since`, `due_at` is what it was then.
    `next_check_at` is when its clocks are to be looked at (of an emergency that nobody has accepted: when the alarm is
    given again), None where none runs.

    `outcome` is what came of it in words, `outcome_code` as statistics count it. Who was offered the case
    (`offered_to`, until `offered_until`) does not answer for it before accepting; until then the assignee does. `unit`
    is the one outside that works on it. `filed_by` reported it for somebody else: for the reporter, or for the person
    called `on_behalf_of`, who is known by that name alone.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        Index("ix_cases_assignee_state", "assignee_id", "state"),
        Index("ix_cases_same", "community_id", "category", "created_at"),
        Index("ix_cases_area_state", "area_id", "state"),
        Index("ix_cases_newest", "created_at", "id"),
        Index("ix_cases_state_kind", "state", "kind"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(16), index=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))
    kind: Mapped[CaseKind]
    category: Mapped[str] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(String(200))
    since: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text)
    anonymous: Mapped[bool]
    reporter_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    unit: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[CaseState] = mapped_column(default=CaseState.OPEN)
    outcome: Mapped[str | None] = mapped_column(Text)
    outcome_code: Mapped[str | None] = mapped_column(String(32))
    offered_to_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    offered_until: Mapped[datetime | None]
    filed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    on_behalf_of: Mapped[str | None] = mapped_column(String(100))
    on_behalf_phone: Mapped[str | None] = mapped_column(String(32))
    rating: Mapped[int | None]
    alarms: Mapped[int] = mapped_column(default=0)
    photos: Mapped[list[Any]]
    location: Mapped[list[Any] | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("cases.id"))
    created_at: Mapped[datetime]
    respond_by: Mapped[datetime]
    due_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    urged_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    deadline_days: Mapped[int | None]
    waiting_since: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None] = mapped_column(default=_reported_at)

    area: Mapped[Area] = relationship(lazy="joined", foreign_keys=[area_id])
    reporter: Mapped[Person | None] = relationship(foreign_keys=[reporter_id])
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    offered_to: Mapped[Person | None] = relationship(foreign_keys=[offered_to_id])
    filed_by: Mapped[Person | None] = relationship(foreign_keys=[filed_by_id])
    history: Mapped[list[CaseEvent]] = relationship(back_populates="case", order_by="CaseEvent.id")
    followers: Mapped[list[CaseFollower]] = relationship(
        back_populates="case", order_by="CaseFollower.id", cascade="all, delete-orphan"
    )
    escalations: Mapped[list[Escalation]] = relationship(order_by="Escalation.id")

    @property
    def short(self) -> str:
        """The part of the number that people say: 007."""
        return self.number.rpartition("-")[2]

    def is_called(self, number: str) -> bool:
        """Whether people mean this case by `number`: 20260412-007, 0412-007, 007."""
        return number == self.short or ("-" in number and self.number.endswith(number))

    def move(self, to: CaseState, by: By, action: str, note: str = "") -> None:
        """Change the state and write the history line of it; clocks stop at the end, and start again after it."""
        self._remember(to, by, action, note)
        self.state = to
        if to in UNFINISHED:
            self.next_check_at = self.next_check_at or by.at
        else:
            self.next_check_at = self.waiting_since = None
        if to is CaseState.RESOLVED:
            self.resolved_at, self.asked_at = by.at, None

    def note(self, by: By, action: str, note: str = "") -> None:
        """Write a history line that changes no state."""
        self._remember(self.state, by, action, note)

    def _remember(self, to: CaseState, by: By, action: str, note: str) -> None:
        line = CaseEvent(
            # From the line's side: appending to a history reads all of it first.
            case=self,
            at=by.at,
            actor_id=by.person.id if by.person else None,
            action=action,
            from_state=self.state,
            to_state=to,
            note=note,
            source=by.source,
        )
        session = object_session(self)
        if session is not None:
            session.add(line)

    def concerns(self, person: Person) -> bool:
        """Whether `person` reported or follows this case."""
        return person.id == self.reporter_id or any(f.person_id == person.id for f in self.followers)


# Nearly all cases have no clock that runs and are offered to nobody: in these indices they are not even mentioned, and
# to write them costs so much less.
_RUNNING, _OFFERED = Case.next_check_at.is_not(None), Case.offered_to_id.is_not(None)
_OFFER_ENDS = Case.offered_until.is_not(None)
Index("ix_cases_next_check_at", Case.next_check_at, sqlite_where=_RUNNING, postgresql_where=_RUNNING)
Index("ix_cases_offered", Case.offered_to_id, Case.offered_until, sqlite_where=_OFFERED, postgresql_where=_OFFERED)
Index("ix_cases_offered_until", Case.offered_until, sqlite_where=_OFFER_ENDS, postgresql_where=_OFFER_ENDS)


class CaseEvent(Base):
    """One line of a case's history; the database refuses to change or remove one."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    action: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[CaseState | None]
    to_state: Mapped[CaseState]
    note: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(16))

    case: Mapped[Case] = relationship(back_populates="history")

    @classmethod
    def first(cls, by: By) -> CaseEvent:
        """The line that every history begins with: somebody reported it."""
        return cls(
            at=by.at,
            actor_id=by.person.id if by.person else None,
            action="report",
            to_state=CaseState.OPEN,
            note="",
            source=by.source,
        )


append_only.keep(cast("Table", CaseEvent.__table__), erasable="note")


class CaseFollower(Base):
    """Somebody who reported the same thing and hears what comes of it.

    Their own words, photos and place stand here, for those who handle the case, and for a case of its own if it turns
    out to be another thing; `anonymous` is as in a case.
    """

    __tablename__ = "case_followers"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    since: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text, default="")
    anonymous: Mapped[bool] = mapped_column(default=False)
    photos: Mapped[list[Any]] = mapped_column(default=list)
    location: Mapped[list[Any] | None]

    case: Mapped[Case] = relationship(back_populates="followers")
    person: Mapped[Person] = relationship()


# What each step of a case's life asks is built once: putting such a statement together costs more than running it.
_TOLD = (lazyload(Person.area), lazyload(Person.grants), joinedload(Person.identities))
_FOLLOWED = select(CaseFollower.case_id).where(CaseFollower.person_id == bindparam("person_id"))
# A union, each side by its own index: `or` between two tables reads every case there is.
_REPORTED_IDS = select(Case.id).where(Case.reporter_id == bindparam("person_id")).union(_FOLLOWED)
_REPORTED = select(Case).where(Case.id.in_(_REPORTED_IDS)).order_by(Case.created_at.desc(), Case.id.desc())
_FIRST_TWO = _REPORTED_IDS.limit(2)
_FINISHED = _REPORTED.where(
    Case.state.in_((CaseState.RESOLVED, CaseState.CLOSED)), Case.number.like(bindparam("number"))
)
_EMERGENCIES = _REPORTED.where(Case.kind == CaseKind.EMERGENCY, Case.created_at >= bindparam("since"))
_LOCKED = (
    select(Case)
    .where(Case.id == bindparam("case_id"))
    # Whoever works on a case tells its reporter, its handler and its followers of it.
    .options(
        joinedload(Case.reporter).options(*_TOLD), joinedload(Case.assignee).options(*_TOLD), joinedload(Case.followers)
    )
    .with_for_update(of=Case)
    .execution_options(populate_existing=True)
)
_ALIKE = (
    select(Case)
    .where(
        Case.community_id == bindparam("community_id"),
        Case.category == bindparam("category"),
        Case.created_at >= bindparam("since"),
        Case.state.in_(UNFINISHED),
        Case.duplicate_of_id.is_(None),
    )
    .order_by(Case.id)
)
_LATEST_NUMBER = (
    select(Case.number)
    .where(Case.community_id == bindparam("community_id"), Case.number.between(bindparam("first"), bindparam("last")))
    # A number of more digits is the later one.
    .order_by(func.length(Case.number).desc(), Case.number.desc())
    .limit(1)
)
_AREA_LOCK = select(Area.id).where(Area.id == bindparam("area_id")).with_for_update(key_share=True)


class CaseStore:
    """Cases, handed out only to those who may see them: the reporter, followers, the assignee, staff of the subtree."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, case: Case) -> Case:
        """Store a new case under the next number of its community and day."""
        self._session.add(case)
        self._session.flush()
        return case

    def next_number(self, community: Area, day: date) -> str:
        """The next free number of this community and day.

        Nobody else files in this community until the transaction ends, and what was filed before is seen from now.
        """
        self._session.execute(_AREA_LOCK, {"area_id": community.id})
        prefix = f"{day:%Y%m%d}-"
        mine = {"community_id": community.id, "first": f"{prefix}0", "last": f"{prefix}9999999"}
        last = self._session.scalar(_LATEST_NUMBER, mine)
        return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:03d}"

    def reported_by(self, person: Person) -> Sequence[Case]:
        """The cases that `person` reported or follows, the newest first."""
        return self._session.scalars(_REPORTED, {"person_id": person.id}).all()

    def finished_of(self, person: Person, number: str = "") -> Sequence[Case]:
        """The resolved and closed cases that `person` reported or follows and calls by `number`, the newest first."""
        called = f"%{number}" if "-" in number or not number else f"%-{number}"
        return self._session.scalars(_FINISHED, {"person_id": person.id, "number": called}).all()

    def emergencies_of(self, person: Person, since: datetime) -> Sequence[Case]:
        """The emergencies that `person` reported or follows and that were reported since then, the newest first."""
        return self._session.scalars(_EMERGENCIES, {"person_id": person.id, "since": since}).all()

    def has_one(self, person: Person) -> bool:
        """Whether `person` has reported or follows one case, and no other."""
        return len(self._session.scalars(_FIRST_TWO, {"person_id": person.id}).all()) == 1

    def workable_by(self, person: Person) -> Sequence[Case]:
        """The unfinished cases that `person` handles or that wait in an area they answer for, what is due first."""
        wanted = _in_reach(_seats(person)).where(Case.state.in_(UNFINISHED)).order_by(Case.due_at, Case.id)
        return self._session.scalars(wanted, _reaching(person)).all()

    def assigned_to(self, person: Person) -> Sequence[Case]:
        """The unfinished cases that `person` handles or that have gone up to them, what is due first."""
        seats = [grant.area_id for grant in person.grants if grant.role in HANDLERS]
        up = select(Escalation.case_id).where(Escalation.area_id.in_(seats), Escalation.vacant.is_(False))
        theirs = select(Case.id).where(Case.assignee_id == person.id, Case.state.in_(UNFINISHED))
        wanted = select(Case).where(Case.id.in_(theirs.union(up)), Case.state.in_(UNFINISHED))
        return self._session.scalars(wanted.order_by(Case.due_at, Case.id)).all()

    def called(self, person: Person, number: str, today: date) -> Sequence[Case]:
        """The cases that `person` may work on as staff and calls by `number` (007, 0412-007), the newest first.

        A short number is one of the last year. The whole numbers that it may stand for are looked up in the index on
        numbers, within the communities of `person`, so that it costs the same however many cases there are. Of very
        many, for those who answer for many communities, MOST_CALLED are found, what is unfinished first.
        """
        seats = [grant.area for grant in person.grants if grant.role in STAFF]
        given: dict[str, Any] = _reaching(person)
        if "-" in number or any(seat.kind in (AreaKind.COUNTY, AreaKind.TOWN) for seat in seats):
            wanted = _of_numbers(len(seats))
            given["numbers"] = _whole_numbers(number, today)
        else:
            # Every community has such a number every day: only one's own are read.
            first = today - timedelta(days=_DAYS_OF_A_YEAR - 1)
            of_a_year = Case.number.between(f"{first:%Y%m%d}-0", f"{today:%Y%m%d}-9999999")
            communities = {area_id for seat in seats for area_id in seat.ancestor_ids}
            here = and_(Case.community_id.in_(communities), of_a_year)
            own = Case.assignee_id == person.id, Case.offered_to_id == person.id
            short = Case.number.endswith(f"-{number}", autoescape=True), of_a_year, or_(*own, here)
            wanted = _first_called(_in_reach(len(seats)).where(*short))
        found = self._session.scalars(wanted, given).all()
        return sorted(found, key=lambda case: (case.created_at, case.id), reverse=True)

    def numbers_near(self, person: Person, number: str) -> Sequence[Case]:
        """The unfinished cases that `person` may work on whose short number is nearest to `number`, at most three."""
        said = int(number.rpartition("-")[2])
        short = sql_cast(func.substr(Case.number, len("YYYYMMDD-") + 1), Integer)
        wanted = _in_reach(_seats(person)).where(Case.state.in_(UNFINISHED))
        nearest = wanted.order_by(func.abs(short - said), Case.id.desc()).limit(3)
        return self._session.scalars(nearest, _reaching(person)).all()

    def reachable(self, person: Person, case_id: int) -> Case | None:
        """The case of this id, or None where there is none that `person` may work on as staff."""
        wanted = _in_reach(_seats(person)).where(Case.id == case_id)
        return self._session.scalars(wanted, _reaching(person)).first()

    def offered(self, person: Person) -> Sequence[Case]:
        """The cases that wait for `person` to accept or return them, what is due first."""
        wanted = select(Case).where(Case.offered_to_id == person.id, Case.state.in_(UNFINISHED))
        return self._session.scalars(wanted.order_by(Case.offered_until, Case.id)).all()

    def offers_over(self, now: datetime) -> Sequence[Case]:
        """The cases that whoever was offered them has not answered in time, locked as `unconfirmed_alarms` are."""
        wanted = select(Case).where(Case.offered_until <= now, Case.state.in_(UNFINISHED))
        return self._session.scalars(wanted.order_by(Case.id).with_for_update(skip_locked=True, of=Case)).all()

    def alike(self, community: Area, category: str, since: datetime) -> Sequence[Case]:
        """The unfinished cases of this community and category reported since then, the oldest first."""
        wanted = {"community_id": community.id, "category": category, "since": since}
        return self._session.scalars(_ALIKE, wanted).all()

    def unconfirmed_alarms(self) -> Sequence[Case]:
        """The emergencies that nobody has accepted and whose alarm goes on, locked.

        On PostgreSQL those of another process are passed over. It reads the index `ix_cases_state_kind`.
        """
        wanted = select(Case).where(
            Case.kind == CaseKind.EMERGENCY, Case.state == CaseState.OPEN, Case.next_check_at.is_not(None)
        )
        return self._session.scalars(wanted.order_by(Case.id).with_for_update(skip_locked=True, of=Case)).all()

    def resolved_before(self, moment: datetime) -> Sequence[Case]:
        """The cases resolved before `moment` that nobody closed or reopened, locked as `unconfirmed_alarms` are."""
        wanted = select(Case).where(Case.state == CaseState.RESOLVED, Case.resolved_at < moment)
        return self._session.scalars(wanted.order_by(Case.id).with_for_update(skip_locked=True, of=Case)).all()

    def unanswered_since(self, moment: datetime) -> Sequence[Case]:
        """The cases resolved before `moment` whose reporter was not reminded to answer, locked like alarms."""
        wanted = select(Case).where(
            Case.state == CaseState.RESOLVED, Case.resolved_at < moment, Case.asked_at.is_(None)
        )
        return self._session.scalars(wanted.order_by(Case.id).with_for_update(skip_locked=True, of=Case)).all()

    def merged_into(self, case: Case, reporter: Person) -> Case | None:
        """The case of `reporter` that was merged into `case`, or None."""
        wanted = select(Case).where(Case.duplicate_of_id == case.id, Case.reporter_id == reporter.id)
        return self._session.scalars(wanted.order_by(Case.id)).first()

    def shows_photo(self, case_id: int, name: str, person: Person) -> bool:
        """Whether `person` handles this case, by its row id, and the photo belongs to it."""
        case = self.reachable(person, case_id)
        if case is None:
            return False
        return name in case.photos or any(name in follower.photos for follower in case.followers)

    def lock(self, case: Case) -> Case:
        """The same case, read again and locked until the transaction ends."""
        return self._session.scalars(_LOCKED, {"case_id": case.id}).unique().one()

    def numbered(self, number: str) -> Sequence[Case]:
        """The cases with this number, whole or its end (007), for the operator of the bot; no chat may reach this."""
        wanted = select(Case).where(or_(Case.number == number, Case.number.endswith(f"-{number}", autoescape=True)))
        return self._session.scalars(wanted.order_by(Case.created_at.desc(), Case.id.desc())).all()

    def count(self) -> int:
        """How many cases there are."""
        return self._session.scalar(select(func.count()).select_from(Case)) or 0


@cache
def _in_reach(seats: int) -> Select[tuple[Case]]:
    """The cases that a person with so many seats as staff may work on; `_reaching` says who that is."""
    own = (Case.assignee_id == bindparam("person_id"), Case.offered_to_id == bindparam("person_id"))
    below = [Area.path.startswith(bindparam(f"seat_{number}")) for number in range(seats)]
    return select(Case).join(Case.area).options(contains_eager(Case.area)).where(or_(*own, *below))


def _seats(person: Person) -> int:
    return sum(grant.role in STAFF for grant in person.grants)


def _reaching(person: Person) -> dict[str, Any]:
    paths = (grant.area.path for grant in person.grants if grant.role in STAFF)
    return {"person_id": person.id, **{f"seat_{number}": path for number, path in enumerate(paths)}}


@cache
def _of_numbers(seats: int) -> Select[tuple[Case]]:
    return _first_called(_in_reach(seats).where(Case.number.in_(bindparam("numbers", expanding=True))))


def _first_called(cases: Select[tuple[Case]]) -> Select[tuple[Case]]:
    newest = Case.created_at.desc(), Case.id.desc()
    return cases.order_by(Case.state.not_in(UNFINISHED), *newest).limit(MOST_CALLED)


def _whole_numbers(number: str, today: date) -> list[str]:
    """The whole numbers that a number may stand for when it is said on `today`, or on any day of the year before."""
    day, _, short = number.rpartition("-")
    if len(day) == len("YYYYMMDD"):
        return [number]
    days = (f"{today - timedelta(days=back):%Y%m%d}" for back in range(_DAYS_OF_A_YEAR))
    return [f"{whole}-{short}" for whole in days if whole.endswith(day)]


_DAYS_OF_A_YEAR = 366


HANDLERS = frozenset({Role.GRID_MEMBER, *ADMINS})
"""Who is told of a new case: the grid member of the place, then whoever answers for it further up."""
