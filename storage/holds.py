"""Legal holds: a case that must be kept as it is, with everything of it, for everyone concerned.

Whoever asks meanwhile to have something erased has asked for the day on which the hold is lifted: their wish is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.cases import Case, CaseEvent, CaseFollower
from storage.database import Base, BigId
from storage.mediations import Mediation, Party
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session


class LegalHold(Base):
    """Why a case is kept, and until when."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()


class HeldWish(Base):
    """What somebody asked to have erased while a hold kept it; the row goes when it is done.

    `parts` are those of `nlu.own_data`, everything where there is none. `kept` is the name, telephone and home that are
    to go, `address` where whoever is erased is told that it was done.
    """

    __tablename__ = "held_wishes"
    __table_args__ = (UniqueConstraint("hold_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hold_id: Mapped[int] = mapped_column(BigId, ForeignKey("legal_holds.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime]
    parts: Mapped[list[Any]]
    kept: Mapped[dict[str, Any]]
    address: Mapped[dict[str, Any] | None]

    hold: Mapped[LegalHold] = relationship()
    person: Mapped[Person] = relationship()


class HoldStore:
    """Holds that are not lifted. Only whoever runs the bot sets and lifts them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def set(self, case: Case, reason: str, now: datetime) -> LegalHold:
        """Keep `case` from now on; setting it twice changes nothing."""
        known = self.on(case)
        if known is not None:
            return known
        hold = LegalHold(case_id=case.id, case=case, reason=reason[:200], set_at=now)
        self._session.add(hold)
        self._session.flush()
        return hold

    def on(self, case: Case) -> LegalHold | None:
        """The hold on a case, or None."""
        wanted = select(LegalHold).where(LegalHold.case_id == case.id, LegalHold.lifted_at.is_(None))
        return self._session.scalars(wanted).first()

    def concerning(self, person: Person) -> Sequence[LegalHold]:
        """The holds on cases in which anything is of `person`.

        They reported or follow it, it was reported for them, they are a party to its mediation, or wrote a line of its
        history.
        """
        ids = select(Person.id).where(or_(Person.id == person.id, Person.merged_into_id == person.id))
        phones = select(Person.phone).where(Person.id.in_(ids), Person.phone.is_not(None))
        follows = select(CaseFollower.case_id).where(CaseFollower.person_id.in_(ids))
        wrote = select(CaseEvent.case_id).where(CaseEvent.actor_id.in_(ids))
        is_party = or_(Party.person_id.in_(ids), Party.phone.in_(phones))
        mediated = select(Mediation.case_id).join(Party, Party.mediation_id == Mediation.id).where(is_party)
        concerned = (
            Case.reporter_id.in_(ids),
            Case.on_behalf_phone.in_(phones),
            *(Case.id.in_(found) for found in (follows, wrote, mediated)),
        )
        wanted = select(LegalHold).join(Case, Case.id == LegalHold.case_id)
        wanted = wanted.where(LegalHold.lifted_at.is_(None), or_(*concerned))
        return self._session.scalars(wanted.order_by(LegalHold.id)).all()

    def keep_wish(
        self,
        hold: LegalHold,
        person: Person,
        now: datetime,
        *,
        parts: Collection[str],
        kept: Mapping[str, str | None],
        address: Mapping[str, str] | None,
    ) -> None:
        """Remember what `person` asks of a case on hold, beside what they asked of it before."""
        known = self._session.scalars(
            select(HeldWish).where(HeldWish.hold_id == hold.id, HeldWish.person_id == person.id)
        ).first()
        told = {name: value for name, value in kept.items() if value is not None}
        if known is None:
            known = HeldWish(hold=hold, person=person, asked_at=now, parts=sorted(parts), kept=told)
            self._session.add(known)
        else:
            known.asked_at, known.kept = now, {**known.kept, **told}
            known.parts = sorted({*known.parts, *parts}) if parts and known.parts else []
        known.address = dict(address) if address is not None else known.address
        self._session.flush()

    def wishes(self, hold: LegalHold) -> Sequence[HeldWish]:
        """What was asked while this hold stood, the oldest first."""
        wanted = select(HeldWish).where(HeldWish.hold_id == hold.id)
        return self._session.scalars(wanted.order_by(HeldWish.id)).all()

    def release(self, hold: LegalHold, now: datetime) -> None:
        """Lift a hold; what was asked meanwhile is to be done then, and forgotten by `done`."""
        hold.lifted_at = now
        self._session.flush()

    def done(self, wish: HeldWish) -> None:
        """Nothing is kept of a wish that was carried out."""
        self._session.delete(wish)
        self._session.flush()
