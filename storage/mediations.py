"""Mediations (人民调解): a case with two parties, what each tells the mediator alone, sessions, agreement, visits.

Articles are those of the 人民调解法 of 2010, unless the 若干规定 (the Ministry of Justice's rules of 2002) are named.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, bindparam, false, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from storage import append_only
from storage.areas import Area
from storage.cases import Case
from storage.database import Base, BigId
from storage.people import STAFF, Person, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session


class MediationState(StrEnum):
    """proposed → consented → in_session → agreed, or failed (nothing came of it), or ended (somebody stopped it)."""

    PROPOSED = "proposed"
    CONSENTED = "consented"
    IN_SESSION = "in_session"
    AGREED = "agreed"
    FAILED = "failed"
    ENDED = "ended"


RUNNING = (MediationState.PROPOSED, MediationState.CONSENTED, MediationState.IN_SESSION)


class Side(StrEnum):
    """Who asked for it, and who is asked to come."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"


class VisitResult(StrEnum):
    """What a return visit found of an agreement."""

    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    UNCLEAR = "unclear"


class Mediation(Base):
    """One mediation of a case. `due_at` is a month after its start, or what both parties put it off to.

    `asked_until` is the new end that both are being asked about; `deadline_told_at` is when the mediator was last
    reminded of the end, `court_told_at` when both were reminded of the judicial confirmation.
    """

    __tablename__ = "mediations"
    __table_args__ = (Index("ix_mediations_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    mediator_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    state: Mapped[MediationState] = mapped_column(default=MediationState.PROPOSED)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    extended_until: Mapped[datetime | None]
    asked_until: Mapped[datetime | None]
    deadline_told_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    court_told_at: Mapped[datetime | None]
    court_done_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    mediator: Mapped[Person] = relationship()
    parties: Mapped[list[Party]] = relationship(back_populates="mediation", order_by="Party.id")
    sessions: Mapped[list[MediationSession]] = relationship(order_by="MediationSession.start, MediationSession.id")
    agreements: Mapped[list[Agreement]] = relationship(order_by="Agreement.version")
    visits: Mapped[list[Visit]] = relationship(back_populates="mediation", order_by="Visit.due_at, Visit.id")

    @property
    def is_running(self) -> bool:
        """Whether it has come to no end yet."""
        return self.state in RUNNING

    @property
    def agreement(self) -> Agreement | None:
        """The agreement as it was last written, or None."""
        return self.agreements[-1] if self.agreements else None

    def party(self, side: Side) -> Party | None:
        """The party on a side, or None while it is not known."""
        return next((party for party in self.parties if party.side is side), None)

    def party_of(self, person: Person) -> Party | None:
        """The party that `person` is, or None."""
        return next((party for party in self.parties if party.person_id == person.id), None)

    def next_session(self, now: datetime) -> MediationSession | None:
        """The session that is to come, or None."""
        return next((s for s in self.sessions if s.start > now and s.moved_at is None), None)

    def last_session(self, now: datetime) -> MediationSession | None:
        """The session that began last, or None."""
        return next((s for s in reversed(self.sessions) if s.start <= now and s.moved_at is None), None)


class Party(Base):
    """One side. Whoever has no account is known by what the mediator wrote down; `code` lets them join with one.

    `consent` and `extension` are None until they have answered; `consent_words` are those by which they did, or the
    mediator's note of it.
    """

    __tablename__ = "mediation_parties"
    __table_args__ = (UniqueConstraint("mediation_id", "side"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mediation_id: Mapped[int] = mapped_column(BigId, ForeignKey("mediations.id"))
    side: Mapped[Side]
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    name: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(32))
    home: Mapped[str | None] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(16), unique=True)
    invited_at: Mapped[datetime | None]
    consent: Mapped[bool | None]
    consent_at: Mapped[datetime | None]
    consent_words: Mapped[str] = mapped_column(Text, default="")
    extension: Mapped[bool | None]

    mediation: Mapped[Mediation] = relationship(back_populates="parties")
    person: Mapped[Person | None] = relationship()


class Statement(Base):
    """What a party told in its own words, for the mediator alone; only `MediationStore.statements` hands it out."""

    __tablename__ = "mediation_statements"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    party_id: Mapped[int] = mapped_column(BigId, ForeignKey("mediation_parties.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    party: Mapped[Party] = relationship()


append_only.keep(cast("Table", Statement.__table__), erasable="text")


class MediationSession(Base):
    """One meeting of the parties; `came` are the sides that did, None until that was noted."""

    __tablename__ = "mediation_sessions"
    __table_args__ = (Index("ix_mediation_sessions_start", "start"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mediation_id: Mapped[int] = mapped_column(BigId, ForeignKey("mediations.id"), index=True)
    start: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200))
    came: Mapped[list[Any] | None]
    note: Mapped[str] = mapped_column(Text, default="")
    moved_at: Mapped[datetime | None]
    day_told_at: Mapped[datetime | None]
    hour_told_at: Mapped[datetime | None]

    mediation: Mapped[Mediation] = relationship(overlaps="sessions")


class Agreement(Base):
    """One version of what both are to agree to."""

    __tablename__ = "mediation_agreements"
    __table_args__ = (UniqueConstraint("mediation_id", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mediation_id: Mapped[int] = mapped_column(BigId, ForeignKey("mediations.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]

    answers: Mapped[list[AgreementAnswer]] = relationship(order_by="AgreementAnswer.id")

    def answer_of(self, party: Party) -> AgreementAnswer | None:
        """What a party last said to this version, or None."""
        return next((answer for answer in reversed(self.answers) if answer.party_id == party.id), None)


class AgreementAnswer(Base):
    """A party's yes or no to one version; the words of an objection are for the mediator."""

    __tablename__ = "mediation_agreement_answers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    agreement_id: Mapped[int] = mapped_column(BigId, ForeignKey("mediation_agreements.id"), index=True)
    party_id: Mapped[int] = mapped_column(BigId, ForeignKey("mediation_parties.id"))
    agreed: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Visit(Base):
    """A return visit (回访): whether the agreement is kept (第三十一条). It is open until `visited_at`."""

    __tablename__ = "mediation_visits"
    __table_args__ = (Index("ix_mediation_visits_due_at", "due_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mediation_id: Mapped[int] = mapped_column(BigId, ForeignKey("mediations.id"), index=True)
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    visited_at: Mapped[datetime | None]
    result: Mapped[VisitResult | None]
    note: Mapped[str] = mapped_column(Text, default="")

    mediation: Mapped[Mediation] = relationship(back_populates="visits")


_JOINED = (
    select(Mediation)
    .where(Mediation.id.in_(select(Party.mediation_id).where(Party.person_id == bindparam("person_id"))))
    .order_by(Mediation.started_at.desc(), Mediation.id.desc())
)
_RUNNING_OF = (
    select(Mediation)
    .where(Mediation.case_id == bindparam("case_id"), Mediation.state.in_(RUNNING))
    .order_by(Mediation.id.desc())
    .with_for_update(of=Mediation)
    # Each case is worked in a savepoint of its own: what was changed of its mediation before is written.
    .execution_options(autoflush=False)
)


class MediationStore:
    """Mediations, handed out to their parties, their mediator and those who may work on the case; to nobody else."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, mediation: Mediation) -> Mediation:
        """Store a new mediation with its parties."""
        self._session.add(mediation)
        self._session.flush()
        return mediation

    def joined_by(self, person: Person) -> Sequence[Mediation]:
        """Those in which `person` is a party, the newest first."""
        return self._session.scalars(_JOINED, {"person_id": person.id}).all()

    def led_by(self, person: Person) -> Sequence[Mediation]:
        """Those that `person` mediates, the newest first."""
        wanted = select(Mediation).where(Mediation.mediator_id == person.id)
        return self._session.scalars(wanted.order_by(Mediation.started_at.desc(), Mediation.id.desc())).all()

    def of_case(self, case: Case, person: Person) -> Sequence[Mediation]:
        """The mediations of a case that `person` may see, the oldest first.

        They are a party's own, the mediator's, and those of whoever handles the case or is staff of its area.
        """
        seats = [grant.area.path for grant in person.grants if grant.role in STAFF]
        below = [Area.path.startswith(path) for path in seats]
        mine = select(Party.mediation_id).where(Party.person_id == person.id)
        wanted = (
            select(Mediation)
            .join(Case, Case.id == Mediation.case_id)
            .join(Area, Area.id == Case.area_id)
            .where(
                Mediation.case_id == case.id,
                or_(
                    Mediation.id.in_(mine),
                    Mediation.mediator_id == person.id,
                    Case.assignee_id == person.id,
                    *below,
                ),
            )
        )
        return self._session.scalars(wanted.order_by(Mediation.id)).all()

    def running_of(self, case: Case) -> Mediation | None:
        """The mediation of a case that is under way, locked, for what ends or begins with the case; or None."""
        return self._session.scalars(_RUNNING_OF, {"case_id": case.id}).first()

    def lock(self, mediation: Mediation) -> Mediation:
        """The same mediation, read again and locked until the transaction ends."""
        wanted = select(Mediation).where(Mediation.id == mediation.id).with_for_update(of=Mediation)
        return self._session.scalars(wanted.execution_options(populate_existing=True)).one()

    def invited_with(self, code: str) -> Party | None:
        """The party of a running mediation that this code lets join, or None."""
        wanted = select(Party).join(Mediation).where(Party.code == code, Mediation.state.in_(RUNNING))
        return self._session.scalars(wanted).first()

    def namesakes(self, area: Area, name: str | None, phone: str | None) -> Sequence[Person]:
        """Those who live at or below `area` and bear this name or have this telephone."""
        known = [Person.name == name if name else false(), Person.phone == phone if phone else false()]
        wanted = (
            select(Person).join(Area, Area.id == Person.area_id).where(Area.path.startswith(area.path), or_(*known))
        )
        return self._session.scalars(wanted.order_by(Person.id)).unique().all()

    def tell(self, party: Party, text: str, now: datetime) -> Statement:
        """Keep what a party says for the mediator alone."""
        statement = Statement(party=party, text=text, at=now)
        self._session.add(statement)
        self._session.flush()
        return statement

    def statements(self, mediation: Mediation, person: Person) -> Sequence[Statement]:
        """What the parties told, as far as `person` may read it, the oldest first.

        The mediator reads both sides', a party its own, and nobody else any, whatever their role: 第十五条
        forbids to give a party's private matters away.
        """
        if mediation.mediator_id == person.id:
            return self._statements(mediation)
        return [statement for statement in self._statements(mediation) if statement.party.person_id == person.id]

    def parties_of(self, case: Case) -> Sequence[Party]:
        """The parties to the mediations of a case who are known yet, for whoever makes them forgotten."""
        known = or_(Party.person_id.is_not(None), Party.name.is_not(None), Party.phone.is_not(None))
        wanted = select(Party).join(Mediation).where(Mediation.case_id == case.id, known)
        return self._session.scalars(wanted.order_by(Party.id)).all()

    def archived(self, case: Case) -> Sequence[Mediation]:
        """All mediations of a case for its file (卷宗, 第二十七条), which the operator of the bot writes."""
        return self._session.scalars(select(Mediation).where(Mediation.case_id == case.id).order_by(Mediation.id)).all()

    def archived_statements(self, mediation: Mediation) -> Sequence[Statement]:
        """The statements for the mediator's own archive; no chat may reach this."""
        return self._statements(mediation)

    def sessions_from(self, now: datetime, until: datetime) -> Sequence[MediationSession]:
        """The sessions to come until then, of what is under way; those that another process holds are passed over."""
        wanted = (
            select(MediationSession)
            .join(Mediation, Mediation.id == MediationSession.mediation_id)
            .where(
                MediationSession.start > now,
                MediationSession.start <= until,
                MediationSession.moved_at.is_(None),
                Mediation.state.in_(RUNNING),
            )
        )
        rows = wanted.order_by(MediationSession.id).with_for_update(skip_locked=True, of=MediationSession)
        return self._session.scalars(rows).all()

    def running_until(self, moment: datetime) -> Sequence[Mediation]:
        """Those under way whose time is over before `moment`, locked as `sessions_from` does."""
        wanted = select(Mediation).where(Mediation.state.in_(RUNNING), Mediation.due_at <= moment)
        return self._locked(wanted)

    def leaderless(self) -> Sequence[Mediation]:
        """Those with something left to do whose mediator is no staff of the place any more, locked as above."""
        place, seat = aliased(Area), aliased(Area)
        serves = (
            select(RoleGrant.id)
            .join(seat, seat.id == RoleGrant.area_id)
            .where(
                RoleGrant.person_id == Mediation.mediator_id,
                RoleGrant.role.in_(STAFF),
                place.path.startswith(seat.path),
            )
        )
        watched = select(Visit.mediation_id).where(Visit.visited_at.is_(None))
        unfinished = or_(Mediation.state.in_(RUNNING), Mediation.id.in_(watched))
        wanted = (
            select(Mediation)
            .join(Case, Case.id == Mediation.case_id)
            .join(place, place.id == Case.area_id)
            .where(unfinished, ~serves.exists())
        )
        return self._locked(wanted)

    def agreed_before(self, moment: datetime) -> Sequence[Mediation]:
        """Those agreed on before `moment` of whose judicial confirmation nobody has heard again, locked as above."""
        wanted = select(Mediation).where(
            Mediation.state == MediationState.AGREED,
            Mediation.agreed_at <= moment,
            Mediation.court_told_at.is_(None),
            Mediation.court_done_at.is_(None),
        )
        return self._locked(wanted)

    def visits_due(self, now: datetime) -> Sequence[Visit]:
        """The return visits that are due and of which nobody was told, locked as above."""
        wanted = select(Visit).where(Visit.due_at <= now, Visit.visited_at.is_(None), Visit.told_at.is_(None))
        return self._session.scalars(wanted.order_by(Visit.id).with_for_update(skip_locked=True, of=Visit)).all()

    def _locked(self, wanted: Any) -> Sequence[Mediation]:
        rows = wanted.order_by(Mediation.id).with_for_update(skip_locked=True, of=Mediation)
        found: Sequence[Mediation] = self._session.scalars(rows).all()
        return found

    def _statements(self, mediation: Mediation) -> Sequence[Statement]:
        wanted = select(Statement).join(Party).where(Party.mediation_id == mediation.id)
        return self._session.scalars(wanted.order_by(Statement.id)).all()
