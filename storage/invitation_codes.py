"""Invitation codes: whoever says one from a new account lives in its area."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.codes import new_code
from storage.database import Base, BigId

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.people import Person

VALID_FOR = timedelta(days=180)


class InvitationCode(Base):
    """A code for an area that many may use until it expires; without `made_by_id` the operator made it."""

    __tablename__ = "invitation_codes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    uses: Mapped[int] = mapped_column(default=0)

    area: Mapped[Area] = relationship(lazy="joined")


class InvitationCodeStore:
    """Invitation codes by their area and by what people say."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def make(self, area: Area, by: Person | None, now: datetime) -> InvitationCode:
        """A code for `area`: the one that this person made before, while it holds."""
        maker = InvitationCode.made_by_id == by.id if by is not None else InvitationCode.made_by_id.is_(None)
        wanted = select(InvitationCode).where(
            InvitationCode.area_id == area.id, maker, InvitationCode.expires_at > now + VALID_FOR / 2
        )
        known = self._session.scalars(wanted.order_by(InvitationCode.id.desc())).first()
        if known is not None:
            return known
        code = InvitationCode(
            code=new_code(),
            area_id=area.id,
            area=area,
            made_by_id=by.id if by is not None else None,
            made_at=now,
            expires_at=now + VALID_FOR,
        )
        self._session.add(code)
        self._session.flush()
        return code

    def standing(self, code: str, now: datetime) -> InvitationCode | None:
        """The code that is said, if there is one and it has not expired."""
        wanted = select(InvitationCode).where(InvitationCode.code == code, InvitationCode.expires_at > now)
        return self._session.scalars(wanted).first()
