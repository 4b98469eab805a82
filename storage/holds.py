"""Legal holds: a case that must be kept as it is although its reporter erased their data."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.cases import Case
from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from storage.people import Person


class LegalHold(Base):
    """Why a case is kept; `kept` is the name, telephone and home of a reporter who erased theirs meanwhile."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    kept: Mapped[dict[str, Any] | None]

    case: Mapped[Case] = relationship()


class HoldStore:
    """Holds that are not lifted. Only whoever runs the bot sets and lifts them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def set(self, case: Case, reason: str, now: datetime) -> LegalHold:
        """Keep `case` from now on; setting it twice changes nothing."""
        known = self._session.scalars(
            select(LegalHold).where(LegalHold.case_id == case.id, LegalHold.lifted_at.is_(None))
        ).first()
        if known is not None:
            return known
        hold = LegalHold(case_id=case.id, case=case, reason=reason[:200], set_at=now)
        self._session.add(hold)
        self._session.flush()
        return hold

    def on_cases_of(self, person: Person) -> Sequence[LegalHold]:
        """The holds on what `person` reported."""
        wanted = (
            select(LegalHold)
            .join(Case, Case.id == LegalHold.case_id)
            .where(LegalHold.lifted_at.is_(None), Case.reporter_id == person.id)
        )
        return self._session.scalars(wanted.order_by(LegalHold.id)).all()

    def on(self, case: Case) -> LegalHold | None:
        """The hold on a case, or None."""
        wanted = select(LegalHold).where(LegalHold.case_id == case.id, LegalHold.lifted_at.is_(None))
        return self._session.scalars(wanted).first()
